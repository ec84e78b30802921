"""What there is to record in a language: every stretch of speech that is said alike each time, by name.

A prompt of one piece has the prompt's name. The pieces of one with slots are numbered (`unknown-conference-id-1`),
and a form's name stands before that (`someone-waits.one`). Digits, keys and words of numbers have folders.
"""

import functools
from collections.abc import Mapping

from prompts.catalogue import CONTINUED, load

_KEYS = {"*": "star", "#": "pound"}


def pieces(language: str) -> Mapping[str, str]:
    """Return the words of every piece of a language, by name; what sounds like another piece is left out.

    Returns
    -------
    mapping
        From names such as `welcome`, `digits/7` or `numbers/20` to words, as the voice is given them.
    """
    found: dict[str, str] = {}
    said: set[str] = set()
    for name, text in every(language).items():
        if not (name.partition("/")[1] and spoken_as(text) in said):
            found[name] = text
        said.add(spoken_as(text))
    return found


def spoken_as(text: str) -> str:
    """Return the words of a piece: without what only tells the voice that more follows."""
    return text.removesuffix(CONTINUED)


@functools.cache
def every(language: str) -> Mapping[str, str]:
    """Return the words of all pieces, also of those that sound alike: `numbers/7` says what `digits/7` says."""
    them = load(language)
    found = {}
    for name in them.texts:
        forms = them.forms(name)
        for form, parts in forms.items():
            fixed = [part.text for part in parts if not part.is_slot]
            base = f"{name}.{form}" if len(forms) > 1 else name
            found.update({f"{base}-{i}" if len(fixed) > 1 else base: text for i, text in enumerate(fixed, 1)})
    found["and"] = them.and_
    found.update({f"digits/{digit}": text for digit, text in them.digits.items()})
    found["digits/plus"] = them.plus
    found.update({f"keys/{_KEYS.get(key, key)}": text for key, text in them.keys.items()})
    found.update({f"numbers/{name}": text for name, text in them.numbers.words.items()})
    return found
