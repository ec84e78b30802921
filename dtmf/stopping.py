"""Ctrl-C, and the system's wish to end: neither may be lost, nor come amid what may not be cut in two."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_WISHES = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl-C, what service managers send, and a terminal that has gone."""

_SOON_S = 0.01

_Handler = Callable[[int, FrameType | None], None]


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
        If it was pressed, or the system wished an end; at the end at the latest.
    """
    pressed: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if at_once and _is_deaf(frame):
            _again(number)
            return
        pressed.append(number)
        if at_once:
            raise KeyboardInterrupt

    with _handled(_WISHES, stop):
        yield pressed
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def ended_by_others() -> Iterator[None]:
    """Take the system's wish to end as Ctrl-C: what is half written is taken away. A second one ends at once."""
    def end(number: int, frame: FrameType | None) -> None:
        if _is_deaf(frame):
            _again(number)
            return
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    with _handled(_WISHES[1:], end):
        yield


@contextmanager
def never_lost() -> Iterator[None]:
    """Have Ctrl-C come again where Python can only report it: amid what the interpreter itself calls.

    Each module that is loaded ends in such a call, so that one in some five hundred was lost while a command began.
    """
    before = sys.unraisablehook

    def lost(told: "sys.UnraisableHookArgs") -> None:
        if issubclass(told.exc_type, KeyboardInterrupt):
            _again(signal.SIGINT)
        else:
            before(told)

    sys.unraisablehook = lost
    try:
        yield
    finally:
        sys.unraisablehook = before


@contextmanager
def insisting(number: int) -> Iterator[None]:
    """Have a signal interrupt what waits for data, also where it came just before the wait began.

    Python notes a signal, and handles it between two steps of its own: one that comes behind the last of them and
    before the system waits would be handled when data comes, which may be never. So it is sent again until it is.
    """
    main = threading.main_thread()
    if threading.current_thread() is not main or not hasattr(signal, "pthread_kill"):
        yield
        return
    handler, handled = signal.getsignal(number), threading.Event()

    def hears(number: int, frame: FrameType | None) -> None:
        handled.set()
        if callable(handler):
            handler(number, frame)

    def insists() -> None:
        with os.fdopen(told, "rb", buffering=0) as notes:
            while note := notes.read(1):
                while note[0] == number and not handled.wait(_SOON_S):
                    signal.pthread_kill(main.ident or 0, number)

    told, tells = os.pipe()
    os.set_blocking(tells, False)
    reminder = threading.Thread(target=insists, daemon=True)
    reminder.start()
    with _handled((number,), hears):
        before = signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            handled.set()
            os.close(tells)
            reminder.join()


def _is_deaf(frame: FrameType | None) -> bool:
    """Tell whether Python would only report what is raised here: it clears something away."""
    while frame is not None:
        if frame.f_code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False


def _again(number: int) -> None:
    threading.Timer(_SOON_S, os.kill, (os.getpid(), number)).start()


@contextmanager
def _handled(numbers: tuple[int, ...], handler: _Handler) -> Iterator[None]:
    """Have signals handled, but for those that are ignored, as in the background; only a main thread can."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        heard = [one for one in numbers if signal.getsignal(one) is not signal.SIG_IGN]
        before = {one: signal.signal(one, handler) for one in heard}
    try:
        yield
    finally:
        for one, was in before.items():
            signal.signal(one, was)
