"""One caller: from keys and answers to steps of the table, and from steps to requests for the bridge.

Nothing is done here; every method returns the requests in the order in which they are to be done.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.call.entry import LETTERS, TERMINATOR, Entry, conference_id_ended, pin_ended
from ivr.call.profile import Profile
from ivr.call.table import TABLE, Do, Event, Say, State
from ivr.journal import MASK


@dataclass(frozen=True, slots=True)
class Note:
    """Write an entry into the journal."""

    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speak:
    """Say these prompts one after the other; what is being said is cut first."""

    prompts: tuple[str, ...]
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cut:
    """Stop the prompt that is being said: a key was pressed."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Tell the call `quiet` after so many samples without a key; None: do not."""

    wait: int | None


Request = Note | Speak | Cut | Listen | Do

_FAILURES = frozenset({Event.NOTHING_HEARD, Event.TOO_SHORT, Event.TOO_LONG, Event.UNKNOWN, Event.WRONG_PIN})
_ID, _PIN = "conference ID", "PIN"
_BUSY = frozenset({State.FINDING, State.PEEKING, State.CHECKING_PIN})
_OF_PIN = frozenset({State.PIN, State.CHECKING_PIN})


@dataclass(slots=True)
class Call:
    """The state of one call.

    Attributes
    ----------
    serial : int
        Number of the call in the order of dialling, from 1.
    caller : str
        The name its line gave.
    row : int
        Its row in the bridge's arrays.
    authenticated : bool
        Whether the organizer's PIN was given in this call (A2.10).
    conference_id : str
        The last ID entered in full: the meeting the call has reached, or asks for; else empty.
    """

    serial: int
    caller: str
    row: int
    profile: Profile
    dialled_at: int = 0
    state: State = State.IDLE
    conference_id: str = ""
    entry: Entry = field(default_factory=Entry)
    ahead: deque[tuple[str, int]] = field(default_factory=deque, repr=False)
    authenticated: bool = False
    failures: dict[str, int] = field(default_factory=lambda: {_ID: 0, _PIN: 0})

    def fire(self, event: Event) -> list[Request]:
        """Take one step of the table.

        Raises
        ------
        KeyError
            If the pair is listed as impossible: a fault of ours.
        """
        before = self.state
        step = TABLE[before, event]
        self.state = step.state
        requests: list[Request] = []
        if self.state is not before:
            requests += [Listen(None), Note("state", {"state": self.state.value})]
        prompts = tuple(r.prompt for r in step.requests if isinstance(r, Say))
        spoken = False
        for request in step.requests:
            if not isinstance(request, Say):
                requests.append(self._listen() if request is Do.LISTEN else request)
            elif not spoken:
                requests.append(Speak(prompts, {"conference_id": self.conference_id}))
                spoken = True
        if before in _BUSY and self.state not in _BUSY:
            requests += self._typed_ahead()
        return requests

    def key(self, key: str, at: int) -> list[Request]:
        """Take a key that the decoder heard.

        Parameters
        ----------
        key : str
            One of the 16 keys.
        at : int
            Sample at which it was heard.
        """
        if key in LETTERS:
            return [Note("key", {"key": key, "ignored": True})]
        match self.state:
            case State.GREETING:
                return [Cut(), *self.fire(Event.KEYED), *self._collect(key, at)]
            case State.CONFERENCE_ID | State.PIN | State.OVERLONG:
                return [Cut(), *self._collect(key, at)]
            case State.ORGANIZER_QUESTION:
                answer = Event.YES if key == "*" else Event.NO
                shown = key if key == "*" else "•"  # another key may be a PIN's, given too early
                return [Cut(), Note("key", {"key": shown}), *self.fire(answer)]
            case State.FINDING | State.PEEKING | State.CHECKING_PIN:
                self.ahead.append((key, at))
                return []
            case State.LOBBY | State.MEETING:
                # it may be a PIN that comes too late, so nobody is told which key it was
                return [Cut(), Note("key", {"key": "•", "ignored": True}), *self.fire(Event.KEYED)]
            case State.GOODBYE:
                return [Cut(), *self.fire(Event.KEYED)]
            case _:
                return []

    def quiet(self) -> list[Request]:
        """Take it that the time to press a key is over."""
        match self.state:
            case State.ORGANIZER_QUESTION:
                return self.fire(Event.NO)
            case State.OVERLONG:
                return self._ended(Event.TOO_LONG)
            case State.CONFERENCE_ID:
                return self._ended(conference_id_ended(self.entry.digits, self.profile.conference_id_digits))
            case State.PIN:
                return self._ended(pin_ended(self.entry.digits, self.profile.pin_digits))
            case _:
                return []

    def answered(self, event: Event) -> list[Request]:
        """Take the directory's answer to the entry that stands."""
        if event is Event.UNKNOWN and self.state is State.PEEKING:
            return self.fire(event)
        of_pin = event in (Event.RIGHT_PIN, Event.WRONG_PIN)
        noted = self._entered(_PIN, MASK) if of_pin else self._entered(_ID, self.entry.digits)
        if event in _FAILURES and self.state is not State.MEETING:
            return [noted, *self._fail(event)]
        self.entry.clear()
        self.authenticated = self.authenticated or event is Event.RIGHT_PIN
        return [noted, *self.fire(event)]

    def _listen(self) -> Listen:
        if self.state is State.ORGANIZER_QUESTION:
            return Listen(self.profile.organizer_timeout)
        return Listen(self.profile.inter_digit_timeout if self.entry.digits
                      else self.profile.first_digit_timeout)

    def _collect(self, key: str, at: int) -> list[Request]:
        if key == TERMINATOR:
            return self.quiet()
        if self.state is State.CONFERENCE_ID and len(self.entry.digits) == self.profile.conference_id_digits:
            self.ahead.append((key, at))
            self.conference_id = self.entry.digits
            return self.fire(Event.OVERFULL)
        if self.state is not State.OVERLONG:
            self.entry.add(key, at)
        return [self._listen()]

    def _ended(self, event: Event) -> list[Request]:
        what = _PIN if self.state is State.PIN else _ID
        if event is Event.ENTERED:
            if what is _ID:
                self.conference_id = self.entry.digits
            return self.fire(event)
        # an entry of another length may be a PIN given to the wrong question, so it is never shown
        noted: list[Request] = [self._entered(what, MASK)] if self.entry.digits else []
        return noted + self._fail(event)

    def _fail(self, event: Event) -> list[Request]:
        what = _PIN if self.state in _OF_PIN else _ID
        self.entry.clear()
        self.failures[what] += 1
        tries = self.profile.pin_tries if what is _PIN else self.profile.conference_id_tries
        noted = Note("refused", {"entry": what, "reason": _REASON[event], "try": self.failures[what]})
        return [noted, *self.fire(event if self.failures[what] < tries else Event.GAVE_UP)]

    def _entered(self, what: str, digits: str) -> Note:
        times = self.entry.times
        facts: dict[str, Any] = {"entry": what, "digits": digits}
        if times:
            facts["began_at"] = times[0]
            if digits != MASK:
                facts["keys_at"] = tuple(times)
        return Note("entered", facts)

    def _typed_ahead(self) -> list[Request]:
        requests: list[Request] = []
        while self.ahead and self.state not in _BUSY:
            requests += self.key(*self.ahead.popleft())
        return requests


_REASON = {
    Event.NOTHING_HEARD: "nothing heard",
    Event.TOO_SHORT: "too short",
    Event.TOO_LONG: "too long",
    Event.UNKNOWN: "unknown",
    Event.WRONG_PIN: "wrong",
}

