"""The words of a report in another language than English, which is what the pages are written in.

A text is looked up by its English words, in a file for each language; what is in none stays as it is: names of
prompts and of callers, and what the journal of an IVR of one's own tells.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any

Say = Callable[..., str]
"""Gives an English text in a language, with what fills it; of a text with forms the one that `n` asks for.

What is the same in English and not elsewhere is told apart by what it is a word `of`: "event", "state".
"""

ENGLISH = "en-US"
_ALSO_ONE = ("fr-FR",)
"""Languages in which none is as one (CLDR)."""

IN_SCRIPTS = ("{n} entries", "{n} seconds", "{now} of {total} s", "{shown} of {n} entries", "Pause", "Play",
              "this browser cannot play it", ".")
"""Texts that the page's script says; the last is the sign before decimals."""


@cache
def words(tag: str) -> Mapping[str, Any]:
    """Return a language's texts: English -> text, or -> "one" and "other" -> text."""
    if tag == ENGLISH:
        return {}
    file = resources.files("ivr.report") / "words" / f"{tag}.json"
    found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def saying(tag: str = ENGLISH) -> Say:
    """Return what gives texts in a language.

    Parameters
    ----------
    tag : str
        As "de-DE".
    """
    known = words(tag)

    def say(text: str, of: str = "", **facts: Any) -> str:  # noqa: ANN401  (a fact is any plain value)
        found = known.get(f"{of}: {text}", known.get(text, text))
        if isinstance(found, dict):
            n = facts.get("n")
            found = found["one" if n == 1 or (n == 0 and tag in _ALSO_ONE) else "other"]
        return str(found).format_map(facts) if facts else str(found)

    return say


PLAIN = saying()
"""Gives the English texts themselves."""


def in_scripts(tag: str) -> str:
    """Return what the page's script needs of a language's words, as JSON; empty for English."""
    return json.dumps({text: words(tag)[text] for text in IN_SCRIPTS}, ensure_ascii=False) if words(tag) else ""


def decimal(value: float, digits: int, say: Say) -> str:
    """Return a number with so many decimals, as the language writes it."""
    return f"{value:.{digits}f}".replace(".", say("."))
