"""Digits from a pipe, each as soon as it is known."""

import signal
from types import FrameType, TracebackType

from dtmf.blocks import Source, arriving
from dtmf.cli.saying import remark, say
from dtmf.cli.showing import show
from dtmf.detector import DigitHeard
from dtmf.listen import listen
from dtmf.reader.pipe import Bytes
from dtmf.transcript import Hearing, facts_of


class _UntilStopped:
    """A stream that ends where the user presses Ctrl-C: what came until then counts, and is heard to its end."""

    def __init__(self, stream: Bytes) -> None:
        self._stream = stream
        self._reading = self._stopped = False

    def __enter__(self) -> "_UntilStopped":
        self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature of a handler
        self._stopped = True
        if self._reading:
            raise KeyboardInterrupt

    def read1(self, size: int = -1, /) -> bytes:
        self._reading = True
        try:
            return b"" if self._stopped else self._stream.read1(size)
        except KeyboardInterrupt:
            return b""
        finally:
            self._reading = False


def live(stream: Bytes, hearing: Hearing, *, as_json: bool, alone: bool = True) -> None:
    """Print the digits of a stream as they arrive, or one object at its end.

    Parameters
    ----------
    stream : binary stream with `read1`
    hearing : Hearing
    as_json : bool
        Print the documented object when the stream has ended.
    alone : bool
        Whether nothing else is decoded; else a line says what it is of.

    Raises
    ------
    AudioError
        If it cannot be heard.
    """
    with _UntilStopped(stream) as stoppable, arriving(stoppable, hearing.reading) as source:
        if as_json:
            for facts in facts_of(source, hearing, "-"):
                show(facts, as_object=True, alone=alone)
            return
        told_of = 0
        each = hearing.channel == "all"
        if not alone and not each:
            say("-: ", end="")
        for _, told in listen(source, hearing.channel, "-", setting=hearing.setting):
            told_of = _remarked(source, told_of)
            for event in told:
                if isinstance(event, DigitHeard):
                    say(f"channel {event.channel}: {event.digit}\n" if each else event.digit, end="")
        if not each:
            say("")


def _remarked(source: Source, count: int) -> int:
    """Say what was found beside the digits since `count` sentences were said; return how many are said now."""
    for note in source.notes[count:]:
        remark(note)
    return len(source.notes)
