"""Whole numbers, as they are typed."""

import re
from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter, Token

from dtmf.errors import DtmfError

_MOST_DIGITS, _MOST_TOLD = 18, 40


def _whole(_kind: object, tokens: Sequence[Token]) -> int:
    """Read a whole number; left to itself the parser would round 1.5."""
    text = tokens[0].value
    if not re.fullmatch("[+-]?[0-9]+", text):
        raise ValueError(f"{text[:_MOST_TOLD]!r} is no whole number")
    if len(text) > _MOST_DIGITS:
        raise DtmfError(f"{text[:_MOST_TOLD]} is more than any number here: it has {len(text)} digits.")
    return int(text)


WHOLE = Parameter(converter=_whole)

Whole = Annotated[int, WHOLE]
"""A whole number."""

MaybeWhole = Annotated[int | None, WHOLE]
"""A whole number, or nothing."""
