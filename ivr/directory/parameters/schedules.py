"""What an auto attendant's keys do, and when it is open (F5), as an administrator types it."""

import re
from collections.abc import Callable

from ivr.directory.errors import nearest
from ivr.directory.parameters.texts import TextParameter

_ACTION = (r"(?:extension:[0-9]{1,20}|message:[0-9]{1,20}|attendant(?::[\w-]{1,64})?|operator|location|hours"
           r"|file:[^;]{1,255})")
KEY = re.compile(rf"(?P<key>[0-9]|timeout)=(?P<action>{_ACTION})(?: \((?P<label>[^;()]{{1,60}})\))?")
"""A key, what it does, and in brackets what callers are told it is for."""

_DOES = ("extension", "message", "attendant", "operator", "location", "hours", "file")
_QUOTED = 60

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(DAYS)
SPAN = re.compile(rf"(?P<first>{_DAY})(?:-(?P<last>{_DAY}))? "
                  r"(?P<begin>(?:[01][0-9]|2[0-3]):[0-5][0-9])-(?P<end>(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)")
"""Days of the week, and from when to when; the last moment is no more within."""

HOLIDAY = re.compile(r"(?P<first>[0-9]{4}-[01][0-9]-[0-3][0-9])(?:\.\.(?P<last>[0-9]{4}-[01][0-9]-[0-3][0-9]))?")
"""A day, or from one to another, both included."""


def parts(text: str) -> list[str]:
    """Return what stands between semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _all(pattern: re.Pattern[str], value: str) -> bool:
    return not _wrong(pattern, value)


def _wrong(pattern: re.Pattern[str], value: str) -> str:
    """Return the first part that does not fit; empty if all do."""
    return next((part for part in parts(value) if not pattern.fullmatch(part)), "")


def _hint(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def hint(value: str) -> str:
        wrong = _wrong(pattern, value)
        return f"; {wrong[:_QUOTED]!r} is none" if wrong and wrong != value else ""
    return hint


def _key_hint(value: str) -> str:
    wrong = _wrong(KEY, value)
    key, _, does = wrong.partition("=")
    word = re.split(r"[: ]", does)[0]
    if wrong and does and word not in _DOES:
        return f"; {word[:_QUOTED]!r} is nothing that a key does{nearest(word, _DOES)}"
    if wrong and not re.fullmatch("[0-9]|timeout", key):
        return f"; {key[:_QUOTED]!r} is no key{nearest(key, ['timeout'])}"
    return _hint(KEY)(value)


def _keys_differ(value: str) -> bool:
    keys = [part.partition("=")[0] for part in parts(value)]
    return len(set(keys)) == len(keys)


KEY_MAP = TextParameter(
    "keys such as '1=extension:36697 (sales); 2=message:40022 (service); timeout=operator', each once, or 'none'",
    lambda value: len(value) <= 2000 and _all(KEY, value) and _keys_differ(value), hint=_key_hint)

HOURS = TextParameter("hours such as 'mon-fri 08:00-17:00; sat 09:00-12:00', or 'none'",
                      lambda value: len(value) <= 500 and _all(SPAN, value), hint=_hint(SPAN))

HOLIDAYS = TextParameter("days such as '2021-12-24..2021-12-26; 2022-01-01', or 'none'",
                         lambda value: len(value) <= 2000 and _all(HOLIDAY, value), hint=_hint(HOLIDAY))
