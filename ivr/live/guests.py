"""Callers whom a presenter adds to a bridge at work: they act, are led by hand, or are a recording."""

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from ivr.engine.containing import place_of
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.engine.ports import Signal
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.cast import Cast
from ivr.live.extras import Extras
from ivr.live.parts import PARTS, CastPart
from ivr.live.puppet import Puppet
from ivr.scenario.actor import Actor

Samples = NDArray[np.int16]

MOST = 50
"""Guests that there may be at once."""


class GuestError(Exception):
    """What a guest is to do cannot be meant."""

    exit_code = 2


class NoGuest(GuestError):
    """There is none of this name."""


class NoPlace(GuestError):
    """A guest cannot be added as things stand: the name is taken, or there are too many."""


class Guest(Puppet):
    """A caller who goes for good when his call is over."""

    def __init__(self, caller: str) -> None:
        super().__init__(caller)
        self.gone = False

    def signal(self) -> Signal | None:
        """Return what he does at the start of this tick."""
        if self.gone and not self.on_the_line:
            return Signal.GONE
        signal = super().signal()
        self.gone = self.gone or signal is Signal.HANG_UP
        return signal

    def hung_up(self) -> None:
        """Take it that the bridge has ended the call."""
        super().hung_up()
        self.gone = True


class Guests:
    """The guests of one exchange; its session takes `step` for its step.

    Its methods belong into the session's thread, but for `prepare` and `ready`.

    Parameters
    ----------
    exchange : Exchange
    say : callable
        Gives the samples of a text in a caller's voice: by text and his name. It may take its time.

    Attributes
    ----------
    fault : str
        One sentence about a fault of ours in what they do; empty if there was none.
    extras : Extras
        Callers of stories among them.
    """

    def __init__(self, exchange: Exchange, say: Callable[[str, str], Samples]) -> None:
        self._exchange, self._say = exchange, say
        self._spoken: dict[str, Samples] = {}
        self._cast = self._nobody()
        self._guests: dict[str, Guest] = {}
        self._parts = cycle(PARTS)
        self.fault = ""
        self.extras = Extras(exchange)

    def step(self) -> None:
        """Let everybody do what is due, then carry out a tick of the exchange."""
        if self._guests:
            try:
                self._act()
            except Exception as error:  # calls of others are on the line: guests are let go instead
                self.fault = f"the callers that were added have gone: {type(error).__name__} at {place_of(error)}"
                for guest in self._guests.values():
                    guest.hang_up()
                self._guests.clear()
                self._cast = self._nobody()
        self._exchange.step()
        if self.extras:
            self.extras.follow()

    def _act(self) -> None:
        self._cast.act()
        for name in [name for name, guest in self._guests.items() if guest.gone and not guest.on_the_line]:
            del self._guests[name]
            self._cast.remove(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Who there is."""
        return (*self._guests, *self.extras.names)

    def prepare(self, name: str, *, organizer: bool, talks: bool) -> CastPart:
        """Return what a guest will do, with all spoken that he will say: which takes longer than a tick."""
        like = next(self._parts)
        part = replace(like, name=name, arrives_s=0, organizer=organizer, waiting=like.waiting if talks else (),
                       talking=like.talking if talks else ())
        for text in (*part.waiting, *part.talking):
            self.ready(text, like.name)
        return part

    def ready(self, text: str, name: str) -> Samples:
        """Return a text in the voice of somebody of this name; the first to say it has said it for all."""
        if text not in self._spoken:
            self._spoken[text] = self._say(text, name)
        return self._spoken[text]

    def add(self, part: CastPart, *, conference_id: str, pin: str, by_hand: bool) -> None:
        """Let somebody dial at the next tick.

        Raises
        ------
        NoPlace
            If there are too many, or there is one of this name.
        """
        self._check(part.name)
        guest = self._guests[part.name] = Guest(part.name)
        self._cast.add(part, guest, conference_id=conference_id, pin=pin, by_hand=by_hand)
        self._exchange.attach(Handsets([guest]))
        guest.dial()

    def play(self, name: str, samples: Samples) -> None:
        """Let somebody dial who says this, keys and all, and hangs up at its end.

        Raises
        ------
        NoPlace
            If there are too many, or there is one of this name.
        """
        self._check(name)
        line = MemoryLine(name, samples, dials_at=self._exchange.bridge.now, hangs_up_after=len(samples),
                          keeps=False)
        self._exchange.attach(MemoryTrunk([line]))

    def join(self, actor: Actor) -> None:
        """Let a caller of a story do his steps.

        Raises
        ------
        NoPlace
            If there is one of this name.
        """
        self._check(actor.caller)
        self.extras.add(actor)

    def press(self, name: str, keys: str) -> None:
        """Press keys as a guest, who is led by hand from now on."""
        self._guest(name)
        self._cast.press(name, keys)

    def speak(self, name: str, samples: Samples) -> None:
        """Say something as a guest, who is led by hand from now on."""
        guest = self._guest(name)
        self._cast.hold(name, by_hand=True)
        guest.play(samples)

    def next(self, name: str) -> None:
        """Let a guest do what comes next where he is."""
        self._guest(name)
        self._cast.next(name)

    def hold(self, name: str, *, by_hand: bool) -> None:
        """Lead a guest by hand, or let him act by himself."""
        self._guest(name)
        self._cast.hold(name, by_hand=by_hand)

    def hang_up(self, name: str) -> None:
        """Let a guest hang up."""
        self._guest(name)
        self._cast.hang_up(name)

    def _nobody(self) -> Cast:
        return Cast((), (), self._exchange, conference_id="", pin="", say=lambda text, _: self._spoken[text])

    def _guest(self, name: str) -> Guest:
        if name not in self._guests:
            raise NoGuest(f"there is no guest {name}")
        return self._guests[name]

    def _check(self, name: str) -> None:
        there = {call.caller for call in self._exchange.bridge.calls.values()} | {*self.names}
        if name in there:
            raise NoPlace(f"{name} is there already: take another name")
        if len(self.names) >= MOST:
            raise NoPlace(f"there are {MOST} guests already, and no more are taken")
