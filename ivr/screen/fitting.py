"""Text in a number of columns: a wide sign, as in Chinese, takes two, and no word is cut."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

MORE = "..."
_CONSOLE = Console()


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """Return text in lines, all but the first of them set in by `hang` columns.

    A word is broken only if it is longer than a line.
    """
    if cell_len(text) <= width:
        return [text]
    hang = hang if hang < width // 2 else 0
    lines = Text(text[hang:]).wrap(_CONSOLE, max(1, width - hang))
    return [f"{text[:hang] if not n else ' ' * hang}{line.plain.rstrip()}" for n, line in enumerate(lines)]


def fitted(text: str, width: int) -> str:
    """Return text as wide as `width`; of what has no room the last words are left out, and dots say so."""
    if width <= len(MORE):
        return set_cell_size(text, max(0, width))
    if cell_len(text) > width:
        text = f"{wrapped(text, width - len(MORE))[0]}{MORE}"
    return set_cell_size(text, width)


def clipped(lines: Sequence[str], most: int, width: int) -> list[str]:
    """Return just so many lines: what is left out is told of by dots, what lacks is empty."""
    if len(lines) > most:
        lines = [*lines[:most - 1], fitted(f"{lines[most - 1]} {'_' * width}", width).rstrip()]
    return [*lines, *[""] * (most - len(lines))]
