"""Keys that are typed while something else goes on: read one by one, without waiting for any."""

import os
import sys
from types import TracebackType

try:
    import select
    import termios
    import tty
except ImportError:  # Windows has its own way
    termios = None  # type: ignore[assignment]


class Keyboard:
    """What is typed, a character at a time; from a pipe, what comes through it.

    Use it as a context: the terminal is put back as it was.
    """

    def __enter__(self) -> "Keyboard":
        self._open = True
        self._before = None
        try:
            self._handle = sys.stdin.fileno()
        except (AttributeError, OSError, ValueError):  # there is no standard input
            self._open = False
            return self
        if termios is None or not os.isatty(self._handle):
            return self
        if os.tcgetpgrp(self._handle) != os.getpgrp():  # in the background the terminal is another's
            self._open = False
            return self
        self._before = termios.tcgetattr(self._handle)
        tty.setcbreak(self._handle)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._before is not None:
            termios.tcsetattr(self._handle, termios.TCSADRAIN, self._before)

    def typed(self) -> str:
        """Return what has been typed since the last time; empty if nothing was."""
        if not self._open:
            return ""
        if termios is None:
            return _from_console()
        try:
            if not select.select([self._handle], [], [], 0)[0]:
                return ""
            data = os.read(self._handle, 256)
        except (OSError, ValueError):
            data = b""
        self._open = bool(data)
        return data.decode("ascii", "ignore")


def _from_console() -> str:
    import importlib

    console = importlib.import_module("msvcrt")
    typed = ""
    while console.kbhit():
        typed += console.getwch()
    return typed
