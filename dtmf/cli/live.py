"""Digits from a pipe, each as soon as it is known."""

import signal
from collections.abc import Iterator
from types import FrameType, TracebackType

from dtmf.blocks import Source, arriving
from dtmf.channels import rows_of
from dtmf.cli.saying import OK, remark, say
from dtmf.cli.showing import differ, show
from dtmf.detector import DigitHeard
from dtmf.explain import Explainer
from dtmf.hint import hint
from dtmf.leading import Leading
from dtmf.listen import ToneEnded, check_source, listen
from dtmf.reader.pipe import Bytes
from dtmf.recording import Tone
from dtmf.stopping import insisting
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


def live(stream: Bytes, hearing: Hearing, *, as_json: bool, alone: bool = True) -> int:
    """Print the digits of a stream as they arrive, or one object at its end; return what the command ends with.

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
    with (_UntilStopped(stream) as stoppable, insisting(signal.SIGINT),
          arriving(stoppable, hearing.reading) as source):  # fmt: skip
        each = hearing.channel == "all"
        if as_json:
            heard = facts_of(source, hearing, "-")
            return max(show(facts, as_object=True, alone=alone, each=each) for facts in heard)
        return _each_key(source, hearing, each=each, alone=alone)


def _each_key(source: Source, hearing: Hearing, *, each: bool, alone: bool) -> int:
    check_source(source, hearing.channel, "-")
    leading = Leading(rows_of(source.channels, hearing.channel), source.rate, differ=each)

    line = "" if alone or each else "-: "
    say(line, end="")
    tones: list[list[Tone]] = [[] for _ in range(rows_of(source.channels, hearing.channel))]
    almost = Explainer(len(tones), source.rate, setting=hearing.setting, longest_break_ms=hearing.longest_break_ms)
    for came, told in _told(source, hearing, tones, almost):
        together = not leading.differ
        keys = leading.flush() if came is None else leading.feed(told, came)
        if together and leading.differ and line:
            say("")  # nothing more is told there
        for key in keys:
            line = f"channel {key.channel}: {key.digit}\n" if leading.differ else key.digit
            say(line, end="")
    if not leading.differ:
        say("")
    if hearing.hint and (said := max(hint(near, hearing.setting) for near in almost.flush(tones))):
        remark(f"-: {said}.")
    return differ("-", leading.keyed) if leading.differ and not each else OK


def _told(
    source: Source, hearing: Hearing, tones: list[list[Tone]], almost: Explainer
) -> Iterator[tuple[int | None, list[DigitHeard]]]:
    """Yield how much has come, and the keys that went down in it; None at the end. `tones` are filled."""
    told_of = 0
    for came, told in listen(source, hearing.channel, "-", setting=hearing.setting,
                             longest_break_ms=hearing.longest_break_ms,
                             beside=almost if hearing.hint else None):  # fmt: skip
        told_of = _remarked(source, told_of)
        for one in told:
            if isinstance(one, ToneEnded):
                tones[one.channel].append(one.tone)
        yield came, [event for event in told if isinstance(event, DigitHeard)]
    yield None, []


def _remarked(source: Source, count: int) -> int:
    """Say what was found beside the digits since `count` sentences were said; return how many are said now."""
    for note in source.notes[count:]:
        remark(note)
    return len(source.notes)
