"""Text in pictures: in fonts that have its letters, and what no font has, or would command something, spelt out."""

import unicodedata
from functools import cache

USUAL = "DejaVu Sans"
"""The font that comes with Matplotlib."""

_NO_LETTERS = ("lastresort", "last resort", "notdef", "tofu")
"""Fonts that have a box for everything."""


def drawn(text: str) -> tuple[str, list[str]]:
    r"""Return text as it can be drawn, and the fonts that have its letters, to be tried in this order.

    Parameters
    ----------
    text : str
        Such as the name of a file. A control sign, and what no font here has, is spelt out, as in \x1b.
    """
    families = [USUAL]
    lacking = {sign for sign in text if _is_letter(sign) and not _has(_usual(), ord(sign))}
    for name, path in _others() if lacking else ():
        if there := {sign for sign in lacking if _has(path, ord(sign))}:
            families.append(name)
            lacking -= there
        if not lacking:
            break
    return "".join(sign if _is_letter(sign) and sign not in lacking else _spelt(sign) for sign in text), families


def width(text: str) -> int:
    """Return how many columns of Latin letters text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] != "C"


def _spelt(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


def _usual() -> str:
    from matplotlib.font_manager import findfont

    return str(findfont(USUAL))


@cache
def _others() -> list[tuple[str, str]]:
    """Return name and file of the other fonts that are installed, upright ones of usual weight."""
    from matplotlib.font_manager import fontManager

    found = {(font.name, font.fname) for font in fontManager.ttflist
             if font.style == "normal" and str(font.weight) in ("400", "normal", "regular")
             and not any(word in font.name.lower() for word in _NO_LETTERS)}
    return sorted(found)


@cache
def _font(path: str) -> object:
    from matplotlib.font_manager import get_font

    try:
        return get_font(path)
    except (OSError, RuntimeError):  # gone, or spoilt
        return None


def _has(path: str, letter: int) -> bool:
    font = _font(path)
    return font is not None and bool(font.get_char_index(letter))  # type: ignore[attr-defined]
