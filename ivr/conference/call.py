"""One caller: from keys and answers to steps of the table, and from steps to requests for the bridge.

Nothing is done here; every method returns the requests in the order in which they are to be done.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.conference.commands import Command, Typed, meaning
from ivr.conference.entry import BEGIN_AGAIN, LETTERS, TERMINATOR, Entry, conference_id_ended, pin_ended
from ivr.conference.profile import Profile
from ivr.conference.secrecy import secrecy_at
from ivr.conference.table import TABLE, Do, Event, Say, State
from ivr.secrecy import MASK, Secrecy, mask, mask_key

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Note:
    """Write an entry into the journal."""

    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One prompt, what fills its slots, and its language."""

    prompt: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say these prompts one after the other.

    Attributes
    ----------
    cuts : bool
        Whether what is being said is cut first, or goes on to its end.
    """

    parts: tuple[Said, ...]
    cuts: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """Stop the prompt that is being said: a key was pressed."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Tell the call `quiet` after so many samples without a key; None: do not."""

    wait: int | None


@dataclass(frozen=True, slots=True)
class EndName:
    """End the recording of the name, and tell the call `named` what came of it."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """Do what a command in the meeting asks for; None is no command at all."""

    command: Command | None


Request = Note | Speak | Cut | Listen | EndName | Commanded | Do

_ID, _PIN, _LANGUAGE, _MORE = "conference ID", "PIN", "language", "more digits"
_BUSY = frozenset({State.FINDING, State.OVERLONG, State.CHECKING_PIN, State.ENTERING})
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
    profile : Profile
        The bridge's, then that of the meeting which the call has reached.
    number, phone, source : str
        The number that was dialled, the caller's own, and the address it comes from, where the line knows them.
    languages : tuple of str
        The languages of the number that was dialled, the primary one first (A1.4).
    language : str
        The one that is spoken to the caller.
    authenticated : bool
        Whether the organizer's PIN was given in this call (A2.10).
    display_name : str
        The organizer's, once his PIN was right (A4.5).
    conference_id : str
        The last ID entered in full: the meeting the call has reached, or asks for; else empty.
    meeting : str
        The key of the meeting the call has reached (`ivr.questions.Found`); else empty.
    name : int16 array [shape=(n,)] or None
        The caller's recorded name (A4.7).
    """

    serial: int
    caller: str
    row: int
    profile: Profile
    dialled_at: int = 0
    number: str = ""
    phone: str = ""
    source: str = ""
    languages: tuple[str, ...] = ("",)
    language: str = ""
    state: State = State.IDLE
    conference_id: str = field(default="", repr=False)  # it may be the beginning of a PIN
    meeting: str = ""
    entry: Entry = field(default_factory=Entry)
    ahead: deque[tuple[str, int]] = field(default_factory=deque, repr=False)
    authenticated: bool = False
    display_name: str = ""
    name: Samples | None = field(default=None, repr=False)
    name_asked: bool = False
    failures: dict[str, int] = field(default_factory=lambda: {_ID: 0, _PIN: 0})
    _command: str | None = field(default=None, repr=False)
    _ended_by: tuple[str, int] | None = None

    @property
    def keys(self) -> Mapping[Command, str]:
        """The keys that mean something in the meeting: the operator's only if there is one (A5, C13)."""
        keys = self.profile.keys
        return keys if self.profile.operator else {c: own for c, own in keys.items() if c is not Command.OPERATOR}

    @property
    def wants_name(self) -> bool:
        """Whether the caller has yet to be asked for his name (A4.4, A4.5)."""
        return self.profile.asks_names and not self.authenticated and not self.name_asked

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
        spoken = tuple(said for r in step.requests for said in self._said(r))
        cuts = next((r.cuts for r in step.requests if isinstance(r, Say)), True)
        # a question that is asked again is a new one: the time of the entry before must not run on into it
        if self.state is not before or (spoken and cuts):
            requests.append(Listen(None))
        # the room's answer to somebody who comes takes no time, so that state is passed in silence
        if self.state is not before and self.state is not State.ENTERING:
            requests.append(Note("state", {"state": self.state.value}))
        if event is Event.NAME_WANTED:
            self.name_asked = True
        told = False
        for request in step.requests:
            if not isinstance(request, Say) and request not in _SPOKEN:
                requests.append(self._listen() if request is Do.LISTEN else request)
            elif not told:
                requests.append(Speak(spoken, cuts))
                told = True
        if before in _BUSY and self.state not in _BUSY:
            requests += self._typed_ahead()
        return requests

    def _said(self, request: Do | Say) -> list[Said]:
        slots = {"conference_id": self.conference_id, "keys": self.profile.language_key}
        match request:
            case Say(prompt=prompt):
                return [Said(prompt, slots, self.language)]
            case Do.ASK_ID:
                offer = ["language-offer"] if len(self.languages) > 1 else []
                return [Said(prompt, slots, self.language) for prompt in ("enter-conference-id", *offer)]
            case Do.OFFER_LANGUAGES:
                return [Said("this-language", {"key": str(n)}, one) for n, one in enumerate(self.languages, 1)]
            case _:
                return []

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
            case State.CONFERENCE_ID | State.PIN:
                return [Cut(), *self._collect(key, at)]
            case State.LANGUAGE:
                return [Cut(), *self._choose(key)]
            case State.ORGANIZER_QUESTION:
                yes = key == self.profile.organizer_key
                # another key may be a PIN's, given too early
                return [Cut(), self._noted(key, valid=yes), *self.fire(Event.YES if yes else Event.NO)]
            case State.FINDING | State.OVERLONG | State.CHECKING_PIN | State.ENTERING:
                self.ahead.append((key, at))
                return []
            case State.NAME:
                ended = key == TERMINATOR
                return [Cut(), self._noted(key, valid=ended),
                        *self.fire(Event.NAMELESS if ended else Event.KEYED)]
            case State.RECORDING:
                return [EndName()] if key == TERMINATOR else [self._noted(key, ignored=True)]
            case State.LOBBY:
                # it may be a PIN that comes too late, so nobody is told which key it was
                return [Cut(), self._noted(key, ignored=True), *self.fire(Event.KEYED)]
            case State.MEETING:
                return [Cut(), *self._commanding(key)]
            case State.GOODBYE:
                return [Cut(), *self.fire(Event.KEYED)]
            case _:
                return []

    def quiet(self) -> list[Request]:
        """Take it that the time to press a key is over."""
        match self.state:
            case State.ORGANIZER_QUESTION:
                return self.fire(Event.NO)
            case State.LANGUAGE:
                return self._fail(Event.NOTHING_HEARD)
            case State.MEETING:
                return self._command_over()
            case _:  # nowhere else but at the conference ID and the PIN is there a time
                return self._over(silence=True)

    def answered(self, event: Event) -> list[Request]:
        """Take the directory's answer to the entry that stands."""
        ender, self._ended_by = self._ended_by, None
        if event is Event.UNKNOWN and self.state is State.OVERLONG:
            self.conference_id = ""  # it was none, and may be the beginning of a PIN
            return self._ended(Event.TOO_LONG)
        of_pin = event in (Event.RIGHT_PIN, Event.WRONG_PIN)
        noted: list[Request] = [self._entered(_PIN)] if of_pin else self._id_entered()
        if event is Event.WRONG_PIN and self.state is not State.CHECKING_PIN:
            self.entry.clear()
            return noted  # the meeting has begun meanwhile, and nobody is asked any more
        if event in (Event.UNKNOWN, Event.WRONG_PIN):
            return [*noted, *self._fail(event)]
        self.entry.clear()
        if ender:
            self.ahead.appendleft(ender)
        self.authenticated = self.authenticated or event is Event.RIGHT_PIN
        return [*noted, *self.fire(event)]

    def put_off(self) -> list[Request]:
        """Take it that the entry that stands is not answered now, neither as right nor as wrong."""
        match self.state:
            case State.FINDING:
                noted = self._id_entered()
            case State.OVERLONG:  # nobody knows whether it begins with an ID
                noted, self.conference_id = [self._entered(_ID)], ""
            case _:
                noted = [self._entered(_PIN)]
        self.entry.clear()
        self._ended_by = None
        # the meeting may have begun meanwhile, and then nobody is asked any more
        return [*noted, *(self.fire(Event.TRY_LATER) if self.state in _BUSY else [])]

    def named(self, name: Samples | None) -> list[Request]:
        """Take the name that was recorded; None if nothing was said (A4.6)."""
        self.name = name
        return [Note("name", {"recorded": name is not None}),
                *self.fire(Event.NAMELESS if name is None else Event.NAMED)]

    def _listen(self) -> Listen:
        if self.state is State.ORGANIZER_QUESTION:
            return Listen(self.profile.organizer_timeout)
        return Listen(self.profile.inter_digit_timeout if self.entry.digits
                      else self.profile.first_digit_timeout)

    def _collect(self, key: str, at: int) -> list[Request]:
        at_id = self.state is State.CONFERENCE_ID
        if at_id and not self.entry.digits and key == self.profile.language_key and len(self.languages) > 1:
            return [self._noted(key, valid=True), *self.fire(Event.OTHER_LANGUAGE)]
        if key == TERMINATOR:
            return self._over(silence=False)
        if at_id and key == BEGIN_AGAIN and len(self.entry.digits) == self.profile.conference_id_digits:
            self._ended_by = key, at
            return self._ended(Event.ENTERED)
        self.entry.add(key, at)
        return [self._listen()]

    def _choose(self, key: str) -> list[Request]:
        number = int(key) if key.isdigit() else 0
        if not 1 <= number <= len(self.languages):
            # it may be the beginning of a PIN or an ID, so it is not shown
            return [self._noted(key, ignored=True), *self._fail(Event.NO_LANGUAGE)]
        self.language = self.languages[number - 1]
        return [self._noted(key, valid=True), Note("language", {"language": self.language}),
                *self.fire(Event.CHOSEN)]

    def _commanding(self, key: str) -> list[Request]:
        """Collect a command; which keys they were is not noted, for they may be a PIN that comes too late."""
        if self._command is None or key == self.profile.command_key:
            begins = key == self.profile.command_key
            self._command = "" if begins else None
            return [self._noted(key, ignored=not begins),
                    Listen(self.profile.key_timeout if begins else None)]
        self._command += key
        meant = meaning(self._command, self.keys, over=False) if key.isdigit() else Typed.NOTHING
        noted = self._noted(key)
        if meant is Typed.MORE:
            return [noted, Listen(self.profile.key_timeout)]
        return [noted, *self._means(meant)]

    def _command_over(self) -> list[Request]:
        return self._means(meaning(self._command, self.keys, over=True) if self._command else Typed.NOTHING)

    def _means(self, meant: Command | Typed) -> list[Request]:
        self._command = None
        return [Listen(None), Commanded(meant if isinstance(meant, Command) else None)]

    def _over(self, *, silence: bool) -> list[Request]:
        """End the entry that stands."""
        digits = self.entry.digits
        if self.state is State.PIN:
            return self._ended(pin_ended(digits, self.profile.pin_digits))
        return self._ended(conference_id_ended(digits, self.profile.conference_id_digits, silence=silence))

    def _ended(self, event: Event) -> list[Request]:
        what = _PIN if self.state is State.PIN else _ID
        if event in (Event.ENTERED, Event.OVERFULL):
            if what is _ID:
                self.conference_id = self.entry.digits[:self.profile.conference_id_digits]
            return self.fire(event)
        # an entry of another length may be a PIN given to the wrong question, so it is never shown
        noted: list[Request] = [self._entered(what)] if self.entry.digits else []
        return noted + self._fail(event)

    def _fail(self, event: Event) -> list[Request]:
        what = _PIN if self.state in _OF_PIN else _ID
        self.entry.clear()
        self.failures[what] += 1
        tries = self.profile.pin_tries if what is _PIN else self.profile.conference_id_tries
        noted = Note("refused", {"entry": _LANGUAGE if self.state is State.LANGUAGE else what,
                                 "reason": _REASON[event], "try": self.failures[what]})
        return [noted, *self.fire(event if self.failures[what] < tries else Event.GAVE_UP)]

    def _id_entered(self) -> list[Request]:
        """Note the conference ID; of what was typed beyond it only that it was, for it may be a PIN."""
        shown = self._entered(_ID, self.conference_id)
        known = len(self.conference_id)
        return [shown, self._entered(_MORE, begin=known)] if len(self.entry.digits) > known else [shown]

    def _noted(self, key: str, *, valid: bool = False, ignored: bool = False) -> Note:
        shown = mask_key(secrecy_at(self.state.value), key, valid=valid)
        return Note("key", {"key": shown, "ignored": True} if ignored else {"key": shown})

    def _entered(self, what: str, asked_for: str = "", *, begin: int = 0) -> Note:
        """Note an entry; of its digits those that are what was asked for, if any are."""
        times = self.entry.times[begin:]
        secrecy = Secrecy.HIDDEN if what == _PIN else Secrecy.SHOWN_IF_VALID
        digits = mask(secrecy, asked_for, valid=bool(asked_for))
        facts: dict[str, Any] = {"entry": what, "digits": digits}
        if times:
            facts["began_at"] = times[0]
            if digits != MASK:
                facts["keys_at"] = tuple(times[:len(digits)])
        return Note("entered", facts)

    def _typed_ahead(self) -> list[Request]:
        requests: list[Request] = []
        while self.ahead and self.state not in _BUSY:
            requests += self.key(*self.ahead.popleft())
        return requests


_SPOKEN = (Do.ASK_ID, Do.OFFER_LANGUAGES)

_REASON = {
    Event.NOTHING_HEARD: "nothing heard",
    Event.TOO_SHORT: "too short",
    Event.TOO_LONG: "too long",
    Event.UNKNOWN: "unknown",
    Event.WRONG_PIN: "wrong",
    Event.NO_LANGUAGE: "unknown",
}

