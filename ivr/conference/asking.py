"""What calls ask of the directory, and answers that are kept from them until their turn."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from ivr.clock import Timers, samples
from ivr.conference.caller import Caller
from ivr.engine.call import ENDED
from ivr.questions import Answer, Asker, Directory, Found, PinChecked, Slowing, TryLater, Unknown

ANSWER = "answer"
"""The kind of timer at which a call is given an answer that was held back."""


class Inquiries:
    """Asks for calls, and hands their answers over when they are to be given.

    Whether it is right or wrong, an answer with a turn is given so long after its question, to the sample.

    Parameters
    ----------
    calls : mapping of serial to Call
    directory : Directory
    timers : Timers
    note : callable
        Writes an entry of a call into the journal.
    """

    def __init__(self, calls: Mapping[int, Caller], directory: Directory, timers: Timers,
                 note: Callable[..., None]) -> None:
        self._calls, self._directory, self._timers, self._note = calls, directory, timers, note
        self._asked_at: dict[int, int] = {}
        self._held: dict[int, Answer] = {}
        self._unknown: Counter[int] = Counter()
        self._open: set[int] = set()

    @property
    def open(self) -> bool:
        """Whether the directory has yet to answer anything."""
        return bool(self._open)

    def find(self, call: Caller, at: int) -> None:
        """Ask which meeting has the ID that was entered."""
        counts = (self._unknown[call.serial] + 1) % call.profile.unknown_tries == 0
        asker = replace(self._asker(call, at, call.profile.slowing_of_ids), counts=counts)
        self._directory.find(call.serial, call.conference_id, asker)
        self._open.add(call.serial)  # once it is asked: of what breaks off before no answer comes

    def check_pin(self, call: Caller, at: int) -> None:
        """Ask whether the PIN that was entered is the organizer's."""
        self._directory.check_pin(call.serial, call.meeting, call.entry.digits,
                                  self._asker(call, at, call.profile.slowing_of_pins))
        self._open.add(call.serial)

    def come(self) -> Iterator[Answer]:
        """Give what the directory has answered to those who still wait for it; each is to be given to `take`."""
        while answers := list(self._directory.answers()):
            for answer in answers:
                self._open.discard(answer.call)
                call = self._calls.get(answer.call)
                if call is None or call.state == ENDED or call.serial not in self._asked_at:
                    self._lost(answer)
                else:
                    self._held[call.serial] = answer
                    yield answer

    def take(self, call: Caller, answer: Answer, at: int) -> tuple[bool, Answer | None]:
        """Return whether a call is to be told something now, and what: None that the answer takes its time."""
        due = self._held_until(call, answer, at)
        if not due:
            return True, answer
        return due - at > _SILENCE and call.state in ASKING, None

    def due(self, call: Caller) -> Answer:
        """Return the answer whose turn has come."""
        return self._held[call.serial]

    def moved(self, call: Caller, answer: Found, at: int) -> None:
        """Take it that a caller is on his way to where the meeting is; one who stays is told to try later."""
        self.given(answer)
        self._held[call.serial] = TryLater(call.serial)
        self._timers.set(call.serial, ANSWER, at + _ON_HIS_WAY)

    def given(self, answer: Answer) -> None:
        """Take it that a call has been given its answer."""
        self._held.pop(answer.call, None)
        match answer:
            case Unknown(call=call):
                self._unknown[call] += 1
            case (Found(turn=turn) | PinChecked(right=True, turn=turn)) if turn:
                self._directory.given(turn)

    def forget(self, call: Caller) -> None:
        """Forget a call that has ended; an answer that it has not heard was a wrong one."""
        self._unknown.pop(call.serial, None)
        self._asked_at.pop(call.serial, None)
        if answer := self._held.pop(call.serial, None):
            self._lost(answer)

    def _asker(self, call: Caller, at: int, slowing: Slowing) -> Asker:
        self._asked_at[call.serial] = at
        return Asker(at, call.phone, call.source, slowing)

    def _held_until(self, call: Caller, answer: Answer, at: int) -> int:
        """Return until when an answer is to wait, and set its timer, or 0; tell of it in the journal."""
        what = "conference ID" if isinstance(answer, Found | Unknown) else "PIN"
        if isinstance(answer, TryLater):
            if answer.because:
                what = "conference ID" if call.state in _AT_THE_ID else "PIN"
                self._note(call, at, "slowed", entry=what, because=", ".join(answer.because), later=True)
            return 0
        if answer.turn is None:
            return 0
        due = self._asked_at[call.serial] + samples(answer.turn.after)
        if answer.turn.because:
            self._note(call, at, "slowed", entry=what, because=", ".join(answer.turn.because),
                       seconds=answer.turn.after)
        if due <= at:
            return 0
        self._timers.set(call.serial, ANSWER, due)
        return due

    def _lost(self, answer: Answer) -> None:
        if not isinstance(answer, TryLater) and answer.turn:
            self._directory.gone(answer.turn)


_AT_THE_ID = frozenset({"finding", "overlong"})
ASKING = _AT_THE_ID | {"checking-pin"}
"""Where a call waits for an answer and for nothing else."""

_ON_HIS_WAY = samples(10)
"""How long somebody takes to another process at most."""

_SILENCE = samples(2)
"""What a caller may wait in silence for an answer."""
