"""Ctrl-C, which must neither be lost nor come amid what may not be cut in two."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopping(*, at_once: bool = True) -> Iterator[list[int]]:
    """Give what holds something once Ctrl-C was pressed, even if the library that was running lost it.

    Parameters
    ----------
    at_once : bool
        Raise where it is pressed; else when all that stands within is done.

    Raises
    ------
    KeyboardInterrupt
        If it was pressed; at the end at the latest.
    """
    pressed: list[int] = []
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # as in the background
    if deaf or threading.current_thread() is not threading.main_thread():
        yield pressed
        return

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        pressed.append(number)
        if at_once:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
