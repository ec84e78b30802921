"""How a command ends that others end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def ended_by_others() -> Iterator[None]:
    """Take a wish of the system to end as one of the user: calls are told."""
    before: Callable[..., object] | int | None = None

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    with suppress(ValueError):  # another thread than the main one cannot
        before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
