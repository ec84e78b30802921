"""Names as they are spelt on a keypad (E.161, F1.15)."""

import unicodedata
from collections.abc import Iterator

_KEYS = {letter: key for key, letters in {
    "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz"}.items()
    for letter in letters}


def keyed(text: str) -> str:
    """Return the keys that spell a text: letters without their accents, digits for themselves, nothing else."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("æ", "ae").replace("ø", "o"))
    return "".join(_KEYS.get(c, c if c.isascii() and c.isdigit() else "") for c in plain)


def spellings(name: str, address: str, by: str) -> Iterator[str]:
    """Give the keys by which somebody is found.

    Parameters
    ----------
    by : str
        "last-first", "first-last" or "address", which is the part before the @.
    """
    if by == "address":
        yield keyed(address.partition("@")[0])
        return
    words = name.split()
    if by == "last-first" and len(words) > 1:
        yield keyed("".join([*words[-1:], *words[:-1]]))
        yield keyed("".join([*words[1:], words[0]]))  # a last name of several words, as in van der Berg
    elif words:
        yield keyed("".join(words))
