"""Events: what happens, told as it happens, by the part where it does, to whoever watches.

Where nobody watches nothing is made. What may be a PIN does not leave: not its digits, nor how its keys sounded.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from dtmf import DigitEnded, DigitHeard
from ivr.clock import RATE
from ivr.journal import Entry, Journal
from ivr.secrecy import HIDDEN, Secrecy, mask_key

_KEPT = 64
"""Keys of a call that are remembered until it turns out that they may be shown: more than an entry has."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The journal has a new entry."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class KeyDown:
    """The decoder is sure of a key.

    Attributes
    ----------
    key : str
        `HIDDEN` where it may be a digit of a PIN.
    open : bool
        Whether a `KeyShown` may follow: it is hidden only until it turns out to be what was asked for.
    """

    at: int
    call: int
    caller: str
    key: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """How a key sounded.

    Attributes
    ----------
    level_dbm0 : float
        Mean of its two tones; NaN if there was too little.
    twist_db : float
        The high tone over the low one; NaN if there was too little.
    lasted_ms : float
    """

    level_dbm0: float
    twist_db: float
    lasted_ms: float


@dataclass(frozen=True, slots=True)
class KeyUp:
    """A key's tone is over.

    Attributes
    ----------
    down_at : int
        When its `KeyDown` was.
    measure : Measure, optional
        None where the key is hidden.
    """

    at: int
    call: int
    caller: str
    key: str
    down_at: int
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key that was hidden has turned out to be what was asked for.

    Attributes
    ----------
    measure : Measure, optional
        None while its tone still sounds: then a `KeyUp` brings it.
    """

    at: int
    call: int
    caller: str
    key: str
    down_at: int
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """The bridge begins to say a prompt to a caller; that it is over is an entry of the journal.

    Attributes
    ----------
    prompt, language : str
    slots : mapping of str to value
        What fills it.
    """

    at: int
    call: int
    caller: str
    prompt: str
    language: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lost:
    """Told to a single one who watches: so many events before the next one he was too slow for."""

    count: int


Told = Noted | KeyDown | KeyUp | KeyShown | Saying | Lost
"""An event, as it leaves the core."""

Consumer = Callable[[Told], None]
"""Takes events within the tick, at once and without raising anything: into a queue."""


class Caller(Protocol):
    """Whose event it is: a call."""

    serial: int
    caller: str
    dialled_at: int


class Prompt(Protocol):
    """What is said: a prompt, its language, and what fills it."""

    @property
    def prompt(self) -> str:
        """Its name."""

    @property
    def language(self) -> str:
        """Empty for the first one."""

    @property
    def slots(self) -> Mapping[str, Any]:
        """By name."""


@dataclass(slots=True)
class _Press:
    """A key of which nothing but that it was pressed has left."""

    start: int
    at: int
    shown: bool
    up: KeyUp | None = None


class Events:
    """Where what happens leaves the core.

    Parameters
    ----------
    journal : Journal
        Its entries are events too, while somebody watches.
    secrecy_of : callable
        Tells how secret a key is that a call presses now.
    """

    def __init__(self, journal: Journal, secrecy_of: Callable[[Any], Secrecy]) -> None:
        self._journal, self._secrecy_of = journal, secrecy_of
        self._consumers: tuple[Consumer, ...] = ()
        self._pressed: dict[int, deque[_Press]] = {}

    @property
    def wanted(self) -> bool:
        """Whether anybody watches: else nothing need be told."""
        return bool(self._consumers)

    def has(self, consumer: Consumer) -> bool:
        """Whether somebody is told already."""
        return consumer in self._consumers

    def add(self, consumer: Consumer) -> None:
        """Tell somebody what happens from now on."""
        if not self._consumers:
            self._journal.add(self)
        self._consumers = (*self._consumers, consumer)

    def remove(self, consumer: Consumer) -> None:
        """Tell somebody nothing any more."""
        self._consumers = tuple(one for one in self._consumers if one != consumer)
        if not self._consumers:
            self._journal.remove(self)
            self._pressed.clear()

    def keyed(self, call: Caller, told: DigitHeard | DigitEnded, at: int) -> None:
        """Tell what the ear has told of a call, before the call itself takes it."""
        if not self._consumers:
            return
        if isinstance(told, DigitHeard):
            self._down(call, told, at)
        else:
            self._up(call, told)

    def saying(self, call: Caller, said: Prompt, at: int) -> None:
        """Tell that a prompt begins."""
        if self._consumers:
            slots = {name: readable(value) for name, value in said.slots.items()}
            self._tell(Saying(at, call.serial, call.caller, said.prompt, said.language, slots))

    def write(self, entry: Entry) -> None:
        """Tell an entry of the journal, and which keys it shows."""
        self._tell(Noted(entry))
        if entry.event in ("entered", "key"):
            self._turned_out(entry)
        elif entry.event == "hung-up":
            self._pressed.pop(entry.call, None)

    def _down(self, call: Caller, told: DigitHeard, at: int) -> None:
        secrecy = self._secrecy_of(call)
        key = mask_key(secrecy, told.digit) if told.digit.isdigit() else told.digit
        pressed = self._pressed.setdefault(call.serial, deque(maxlen=_KEPT))
        is_open = key == HIDDEN and secrecy is Secrecy.SHOWN_IF_VALID
        if is_open or key != HIDDEN:
            pressed.append(_Press(told.start, at, key != HIDDEN))
        self._tell(KeyDown(at, call.serial, call.caller, key, is_open))

    def _up(self, call: Caller, told: DigitEnded) -> None:
        pressed = self._pressed.get(call.serial, deque())
        press = next((one for one in reversed(pressed) if one.start == told.start), None)
        at = call.dialled_at + told.end
        measure = Measure(told.level_dbm0, told.twist_db, (told.end - told.start) * 1000 / RATE)
        if press is None:
            self._tell(KeyUp(at, call.serial, call.caller, HIDDEN, at))
            return
        up = KeyUp(at, call.serial, call.caller, told.digit, press.at, measure)
        if press.shown:
            pressed.remove(press)
        else:
            press.up = up
        self._tell(up if press.shown else replace(up, key=HIDDEN, measure=None))

    def _turned_out(self, entry: Entry) -> None:
        """Tell the keys that an entry shows."""
        facts = entry.facts
        moments, keys = (facts.get("keys_at", ()), facts["digits"]) if entry.event == "entered" else (
            (entry.at,), (facts["key"],))
        shown = dict(zip(moments, keys, strict=False))
        pressed = self._pressed.get(entry.call, ())
        for press in [one for one in pressed if not one.shown and shown.get(one.at, HIDDEN) != HIDDEN]:
            press.shown = True
            self._tell(KeyShown(entry.at, entry.call, entry.caller, shown[press.at], press.at,
                                press.up.measure if press.up else None))
            if press.up is not None:
                self._pressed[entry.call].remove(press)

    def _tell(self, event: Told) -> None:
        for consumer in self._consumers:
            consumer(event)


def readable(value: Any) -> Any:  # noqa: ANN401  (what fills a slot is any plain value)
    """Return what fills a slot, without sound: a name that is a recording has no words."""
    if isinstance(value, np.ndarray):
        return "(a recorded name)"
    return [readable(one) for one in value] if isinstance(value, list | tuple) else value
