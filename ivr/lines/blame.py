"""What went wrong in somebody else's code, and in which line of it."""

import asyncio
import re
import sysconfig
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType, TracebackType

import dtmf
from dtmf.errors import LevelError, RateError
from ivr.secrecy import MASK

Line = tuple[str, int]
"""A file as Python names it, and a line in it."""

_OURS = (str(Path(__file__).parents[1]), str(Path(dtmf.__file__).parent))
_PYTHONS = tuple({sysconfig.get_path(one) for one in ("stdlib", "platstdlib")})
_INSTALLED = {"site-packages", "dist-packages"}


def told(error: BaseException, home: Path | None) -> str:
    """Say what went wrong, and where; digits that may be of a PIN are left out.

    Parameters
    ----------
    home : Path or None
        The folder of the code that is to blame, if that is known.
    """
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if not isinstance(error, LevelError | RateError):  # which tell of lengths and rates, and of no key
        what = masked(what)
    where = place(raised(error.__traceback__), home)
    return what.removesuffix(".") + where if where else what


def masked(text: str) -> str:
    """Return the first line of what others have said, without digits that may be of a PIN."""
    return re.sub("[0-9]{4,}", MASK, (text.splitlines() or [""])[0])


def place(lines: Iterable[Line], home: Path | None) -> str:
    """Return ", line 17 of mine.py": the innermost one of their own code; of any other, if there is none.

    Parameters
    ----------
    lines : iterable of Line
        The innermost last.
    """
    known = [one for one in lines if not one[0].startswith(("<", str(Path(__file__).parent)))]
    own = [one for one in known if _is_own(one[0], home)]
    if not known:
        return ""
    name, number = (own or known)[-1]
    return f", line {number} of {Path(name).name}"


def _is_own(name: str, home: Path | None) -> bool:
    path = Path(name)
    if any(path.is_relative_to(one) for one in _OURS):
        return False
    if home is not None:
        return path.is_relative_to(home) and not _INSTALLED & {*path.relative_to(home).parts}
    return not _INSTALLED & {*path.parts} and not any(path.is_relative_to(one) for one in _PYTHONS)


def raised(where: TracebackType | None) -> list[Line]:
    """Return the lines that an error has come through."""
    return [(one.filename, one.lineno or 0) for one in traceback.extract_tb(where)]


def running(frame: FrameType | None) -> list[Line]:
    """Return the lines that are at work in a thread, from its innermost frame."""
    lines = [(one.f_code.co_filename, number) for one, number in traceback.walk_stack(frame)]
    return lines[::-1]


def turning(tasks: Iterable[asyncio.Task[None]]) -> list[Line]:
    """Return the lines at which a task stands that waits for nothing; those of the first, if all wait."""
    first = sorted(tasks, key=lambda task: (_waits(task), len(task.get_name()), task.get_name()))
    return [*_stands(first[0])] if first else []


def _waits(task: asyncio.Task[None]) -> bool:
    return getattr(task, "_fut_waiter", None) is not None


def _stands(task: asyncio.Task[None]) -> Iterator[Line]:
    awaited: object = task.get_coro()
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None)
        if frame is not None:
            yield frame.f_code.co_filename, frame.f_lineno
        awaited = getattr(awaited, "cr_await", None)
