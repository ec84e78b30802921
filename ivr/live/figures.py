"""How a live bridge keeps up, as lines of figures in a file: for who puts a load on it, or watches it for days."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from dtmf.audiofile import unwritten
from ivr.clock import FRAME, samples, seconds
from ivr.engine.bridge import Bridge
from ivr.live.pace import WallClock

_EVERY = samples(5)
_STATM = Path("/proc/self/statm")


class FigureLines:
    """Writes a line every 5 s, and one in the end.

    Parameters
    ----------
    file : text file
    bridge : Bridge
    pace : WallClock
    delay_ms : callable
        Gives by how much the sound of calls is held back at most, so that packets that come late are heard.
    processor_s : callable
        Gives the time that this process has had of processors, in seconds.

    Attributes
    ----------
    trouble : str
        Why the last line could not be written; empty if it was.
    """

    def __init__(self, file: TextIO, bridge: Bridge, pace: WallClock, *, delay_ms: Callable[[], float],
                 processor_s: Callable[[], float]) -> None:
        self._file, self._bridge, self._pace = file, bridge, pace
        self._delay_ms, self._processor_s = delay_ms, processor_s
        self._most = 0
        self.trouble = ""

    def tick(self) -> None:
        """Take it that a tick is over."""
        self._most = max(self._most, len(self._bridge.calls))
        if self._bridge.now % _EVERY == 0:
            self.write()

    def write(self) -> None:
        """Write how it stands now."""
        try:
            self._file.write(json.dumps(self._figures()) + "\n")
            self._file.flush()
            self.trouble = ""
        except OSError as error:
            self.trouble = f"{self._file.name} cannot be written: {error.strerror or error}"

    def _figures(self) -> dict[str, Any]:
        now = self._bridge.now
        worst_ms = round(1000 * self._pace.worst_s, 1)
        return {"at": round(seconds(now), 2), "calls": len(self._bridge.calls), "most": self._most,
                "ticks": now // FRAME, "late_ticks": self._pace.late, "worst_ms": worst_ms,
                "processor_s": round(self._processor_s(), 2), "memory_kb": _memory_kb(),
                "delay_ms": round(self._delay_ms(), 1)}


def _memory_kb() -> int | None:
    """Return what of this process is in memory; None where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    return None


@contextmanager
def figure_lines(path: Path | None, bridge: Bridge, pace: WallClock, *, delay_ms: Callable[[], float],
                 processor_s: Callable[[], float]) -> Iterator[FigureLines | None]:
    """Give what writes them, in place of what is in the file; None without one. The last line comes in the end.

    Parameters as of `FigureLines`.

    Raises
    ------
    dtmf.AudioError
        If the file cannot be written.
    """
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="ascii")
    except OSError as error:
        raise unwritten(path, error) from None
    lines = FigureLines(file, bridge, pace, delay_ms=delay_ms, processor_s=processor_s)
    try:
        yield lines
    finally:
        lines.write()
        with suppress(OSError):
            file.close()
