"""How long somebody in a story goes on as he does: what a step waits for, and what he would hear meanwhile.

A story is the same to the sample however many frames are carried at once. So whatever was taken ahead and does not
come to pass is put back: what was sent, what was heard, and how far it was looked into.
"""

from collections import deque
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, samples
from ivr.engine.line import Patient
from ivr.engine.ports import FOREVER, Frame
from ivr.scenario.hearing import CallerEar
from ivr.scenario.others import Others
from ivr.scenario.progress import EndedStep
from ivr.scenario.references import Recording, Sent
from ivr.scenario.sounds import HoldMusic, Match, MusicSound, PromptSound, Silence, Sound
from ivr.scenario.steps import (
    Hear,
    HearOnly,
    In,
    NotHear,
    PlayStep,
    Press,
    SayStep,
    Step,
    Wait,
    WaitFor,
)
from ivr.scenario.studio import Carriage

Samples = NDArray[np.int16]

LISTEN_EVERY = 5
"""Frames between two looks at what was heard."""
_LOOK = LISTEN_EVERY * FRAME
_SURELY = samples(0.2)
"""How long before it is recognised nothing can be found yet."""


def looks(since: int, now: int) -> bool:
    """Return whether somebody who listens since a moment looks now at what was heard."""
    return (now - since) // FRAME % LISTEN_EVERY == 0


def next_look(since: int, now: int) -> int:
    """Return the next moment after now when he does."""
    return now + (LISTEN_EVERY - (now - since) // FRAME % LISTEN_EVERY) * FRAME


def over_at(step: Step, began: int) -> int | None:
    """Return when a step is over, or given up, if nothing happens; None if that cannot be told."""
    match step:
        case Wait(lasting=lasting) | NotHear(lasting=lasting, stretch="") | HearOnly(lasting=lasting, stretch=""):
            return began + -(-lasting // FRAME) * FRAME
        case Hear(within=within, lasting=lasting):
            return began + -(-(within + lasting) // FRAME) * FRAME
        case WaitFor(within=within) | EndedStep(within=within) | In(within=within):
            return began + -(-within // FRAME) * FRAME
        case _:
            return None


def steady(sound: Sound) -> bool:
    """Return whether what was once found of a sound is found also when more was heard."""
    if isinstance(sound, PromptSound):
        return not sound.slots  # what is said in it is known only once it was said
    return isinstance(sound, HoldMusic | MusicSound | Silence)


class Finds(Protocol):
    """Finds what is listened for in all that was heard."""

    def __call__(self, sound: Sound, since: int, /) -> Match | None:
        """Return where it was heard; None if it was not."""


def heeded(find: Finds, sound: Sound, since: int, base: int, span: tuple[int, int], lasting: int = 0) -> int:
    """Return until when nothing is done about what is heard in a span of time: its end, or a look before.

    Parameters
    ----------
    base : int
        Since when looks are counted.
    span : (int, int)
        What was heard before its end is there.
    lasting : int
        Samples that it has to go on for.
    """
    here, end = span
    first = next_look(base, here)
    if first >= end:
        return end
    if not steady(sound):
        return first
    match = find(sound, since)
    if match is None:
        return end
    at = max(match.at, match.start + lasting) - _SURELY
    return min(end, max(first, base + (at - base) // _LOOK * _LOOK))


class Foresight(Patient):
    """What an actor does many frames at a time: he waits, sends what he has begun to send, and listens."""

    _now: int
    _began: int
    _since: int
    _met: int
    _moved: bool
    _rung: bool
    _step: Step | None
    _outgoing: deque[tuple[Frame, Frame]]
    _line: Carriage | None
    _ear: CallerEar | None
    _sent: Sent | None
    _spoke: Recording | None
    _others: Others
    on_the_line: bool

    def __init__(self) -> None:
        self._moved, self._rung = True, False
        self._taken: tuple[int, list[tuple[Frame, Frame]]] | None = None

    def _find(self, sound: Sound, since: int, /) -> Match | None:
        """Return where a sound was heard."""
        raise NotImplementedError

    def finds(self, sound: Sound, since: int, /) -> Match | None:
        """Return where a sound was heard; None if it was not."""
        return None if self._ear is None else self._ear.find(sound, since)

    @property
    def listens(self) -> bool:
        """Whether it matters to him what he, or anybody, hears meanwhile."""
        return isinstance(self._step, Hear | NotHear | WaitFor)

    @property
    def overhears(self) -> bool:
        """Whether it matters to him what another hears meanwhile."""
        return isinstance(self._step, WaitFor)

    @property
    def outgoing(self) -> int:
        """How many frames he is about to send; then he is silent."""
        return len(self._outgoing)

    def alone(self) -> int:
        """Return for how many samples from this tick's beginning on he is not to be asked, whatever he hears."""
        match self._step:
            case WaitFor() | In() | EndedStep():
                return FRAME  # which others bring about
            case Hear() | NotHear():
                return min(self.until(), self.unheeding())
            case _:
                return self.until()

    def rests(self, owed: Callable[[], None]) -> None:
        """Take it that he is not asked again; whoever looks at what he has sent or heard calls `owed` first."""
        self._owes(owed)

    def wakes(self, now: int) -> None:
        """Take it that it is this moment for him, and that he is asked again."""
        self._now = now
        self._owes(None)

    def _owes(self, owed: Callable[[], None] | None) -> None:
        heard = None if self._ear is None else self._ear.recording
        for kept in (self._sent, self._spoke, heard):
            if kept is not None:
                kept.owed = owed

    def until(self) -> int:
        """Return for how many samples from this tick's beginning on he does nothing new, unless he hears it."""
        step = self._step
        if self._moved or self._rung or self._line is not None:
            return FRAME
        if step is None:
            return FOREVER
        if isinstance(step, Press | PlayStep | SayStep):
            return len(self._outgoing) * FRAME if self.on_the_line else FRAME
        over = over_at(step, self._began)
        if over is None or (isinstance(step, Hear | NotHear | HearOnly) and not self.on_the_line):
            return FRAME
        return over - self._here

    @property
    def _here(self) -> int:
        """When this tick began: his own clock is at its end."""
        return self._now - FRAME

    def passed(self, frames: int) -> None:
        """Take it that so many frames were carried besides the one that he was asked for."""
        self._now += frames * FRAME

    def ahead(self, frames: int) -> Samples:
        """Return his next frames, which stay his to speak."""
        sound = np.zeros((frames, FRAME), np.int16)
        for place, (frame, _) in zip(range(frames), self._outgoing, strict=False):
            sound[place] = frame
        return sound.reshape(-1)

    def would_hear(self, sound: Samples) -> None:
        """Take what he hears if all goes on."""
        self._taken = len(sound), self._goes_out(len(sound) // FRAME)
        if self._ear is not None:
            self._ear.ahead(sound)

    def went_on(self, sound: Samples) -> None:
        """Speak, and hear this, which may be less than he `would_hear`."""
        taken, self._taken = self._taken, None
        if taken is not None and taken[0] == len(sound):
            if self._ear is not None:
                self._ear.settle()
            return
        if taken is not None:
            self._unsaid(*taken)
        self._goes_out(len(sound) // FRAME)
        if self._ear is not None:
            self._ear.hear(sound)

    def heeds(self, frames: int) -> int:
        """Return after how many of these frames he may do something about what he, or others, would hear."""
        step, span = self._step, (self._here, self._here + frames * FRAME)
        match step:
            case Hear(sound=sound, lasting=lasting):
                until = heeded(self._find, sound, self._since, self._began, span, lasting)
            case NotHear(sound=sound):
                until = heeded(self._find, sound, self._began, self._began, span)
            case WaitFor(awaited=awaited) if awaited.sound is not None:
                since = max(self._since, self._met)
                until = heeded(self._others.finds(awaited.caller), awaited.sound, since, since, span)
            case _:
                return frames
        return max(1, (until - span[0]) // FRAME)

    def unheeding(self) -> int:
        """Return for how many samples he does not look at what he, or others, hear."""
        waits = isinstance(self._step, WaitFor)
        return next_look(max(self._since, self._met) if waits else self._began, self._here) - self._here

    def _goes_out(self, frames: int) -> list[tuple[Frame, Frame]]:
        """Send so many frames; return those that were not silence."""
        out = self._outgoing
        spoken = [out.popleft() for _ in range(min(frames, len(out)))] if out else []
        silent = (frames - len(spoken)) * FRAME
        if self._sent is not None and self._spoke is not None:
            if spoken:
                self._spoke.append(np.concatenate([frame for frame, _ in spoken]))
                self._sent.append(np.concatenate([voice for _, voice in spoken]))
            if silent:
                self._spoke.pause(silent)
                self._sent.pause(silent)
        return spoken

    def _unsaid(self, length: int, spoken: list[tuple[Frame, Frame]]) -> None:
        """Put back what was sent, and heard, and does not come to pass."""
        self._outgoing.extendleft(reversed(spoken))
        for kept in (self._sent, self._spoke):
            if kept is not None:
                kept.shorten(length)
        if self._ear is not None:
            self._ear.back()
