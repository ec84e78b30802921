"""A bridge's questions in parts, by how long each part may take; and a directory that answers them at once."""

import abc
import enum
from collections.abc import Generator
from dataclasses import replace

from ivr.directory.checks import Checks
from ivr.directory.guessing import Delay
from ivr.questions import NOBODY, Answer, Asker, Found, TryLater, Turn, Unknown


class Way(enum.Enum):
    """By which way a part of a question goes, so that what is quick never stands behind what is slow."""

    FIND = "a look-up: a fraction of a millisecond"
    TURN = "is this check, or look-up, to take its turn: the same, or a write"
    TELL = "a small write, for which nobody waits"
    HASH = "a hash: 50 ms of a core"


Parts = Generator[Way, None, Answer | None]
"""A question: says of each part which way it goes, and returns the answer; None where none is due.

What comes before the first way is done by whoever asks.
"""


class Questions:
    """What a bridge asks and tells, each in parts.

    Parameters
    ----------
    checks : Checks
    here : str
        By which name others reach this process, where several share the directory; else empty.
    """

    def __init__(self, checks: Checks, here: str = "") -> None:
        self._checks, self._here = checks, here

    def find(self, call: int, conference_id: str, asker: Asker) -> Parts:
        """Ask which meeting has this ID."""
        asked_at, turn = self._checks.now(), None
        yield Way.FIND
        if self._checks.slows_id(asker):
            yield Way.TURN
            entered = self._checks.enter_id(asker)
            if isinstance(entered, Delay):
                return TryLater(call, entered.because)
            turn = entered.turn(asked_at)
        place = self._checks.find(conference_id)
        if place is not None:
            home = self._checks.homes.take(place.meeting, self._here) if self._here else ""
            elsewhere = home if home != self._here else ""
            return Found(call, place.meeting, place.anyone_may_start, place.options, turn, elsewhere)
        if turn is None and asker.slowing.limit and asker.counts and (asker.phone or asker.source):
            yield Way.TELL
            self._checks.enter_id(asker)
        return Unknown(call, turn)

    def check_pin(self, call: int, meeting: str, pin: str, asker: Asker) -> Parts:
        """Ask whether this is its organizer's PIN."""
        asked_at, turn = self._checks.now(), None
        yield Way.TURN
        if self._checks.slows_pin(meeting, asker):
            entered = self._checks.enter_pin(meeting, asker)
            if isinstance(entered, Delay):
                return TryLater(call, entered.because)
            turn = entered.turn(asked_at)
        yield Way.HASH
        return replace(self._checks.check_pin(meeting, pin, asker, turn, asked_at), call=call)

    def started(self, meeting: str) -> Parts:
        """Tell that this meeting has been started."""
        yield Way.TELL
        self._checks.started(meeting)
        return None

    def given(self, turn: Turn) -> Parts:
        """Tell that a right answer has been given."""
        yield Way.TELL
        self._checks.take_back(turn)
        return None

    def gone(self, turn: Turn) -> Parts:
        """Tell that nobody waits for an answer any more."""
        yield Way.TELL
        self._checks.leave(turn)
        return None


class Asking(abc.ABC):
    """A bridge's directory, but for how questions are carried out.

    Parameters
    ----------
    checks : Checks
    here : str
        As of `Questions`.
    """

    def __init__(self, checks: Checks, here: str = "") -> None:
        self._questions = Questions(checks, here)

    def find(self, call: int, conference_id: str, asker: Asker = NOBODY) -> None:
        """Ask which meeting has this ID."""
        self._ask(self._questions.find(call, conference_id, asker), Unknown(call))

    def check_pin(self, call: int, meeting: str, pin: str, asker: Asker = NOBODY) -> None:
        """Ask whether this is its organizer's PIN."""
        self._ask(self._questions.check_pin(call, meeting, pin, asker), TryLater(call))

    def started(self, meeting: str) -> None:
        """Tell that this meeting has been started."""
        self._ask(self._questions.started(meeting))

    def given(self, turn: Turn) -> None:
        """Tell that a right answer has been given."""
        self._ask(self._questions.given(turn))

    def gone(self, turn: Turn) -> None:
        """Tell that nobody waits for an answer any more."""
        self._ask(self._questions.gone(turn))

    @abc.abstractmethod
    def answers(self) -> list[Answer]:
        """Hand over, once, the answers that have come."""

    @abc.abstractmethod
    def _ask(self, parts: Parts, failed: Answer | None = None) -> None:
        """Carry a question out; `failed` is the answer when the database cannot give one."""


class AtOnce(Asking):
    """The bridge's directory for a virtual run: the answer is there in the tick in which it was asked for."""

    def __init__(self, checks: Checks, here: str = "") -> None:
        super().__init__(checks, here)
        self._answers: list[Answer] = []

    def answers(self) -> list[Answer]:
        """Hand over, once, the answers that have come."""
        answers, self._answers = self._answers, []
        return answers

    def _ask(self, parts: Parts, failed: Answer | None = None) -> None:  # noqa: ARG002
        try:
            while True:
                next(parts)
        except StopIteration as over:
            if over.value is not None:
                self._answers.append(over.value)
