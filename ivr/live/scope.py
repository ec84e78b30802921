"""What may be seen of how a caller sounds, as it comes: what may be of a PIN stays here.

Of each moment one of three things leaves, a quarter of a second late, when it is known what stood there: the sound
itself, where keys are shown; what others may hear, which is without keys (`dtmf.clamp`), where they are shown only
if they turn out to be what was asked for; nothing at all where they are hidden. Once a key is shown, its sound is.
"""

import enum
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.clamp import DELAY
from ivr.clock import FRAME, samples
from ivr.engine.events import KeyDown, KeyShown, KeyUp, Measure, Told
from ivr.engine.exchange import Exchange
from ivr.secrecy import HIDDEN, Secrecy

LATE = samples(0.26) // FRAME * FRAME
"""Samples by which it is late."""

_KEPT = samples(20) // FRAME
"""Frames that are kept for keys that are shown later."""

_HIDES, _NEAR = samples(0.12) // FRAME, samples(0.2) // FRAME
"""Frames around a hidden place of which nothing leaves; frames that have to be shown around one that is."""

_BEFORE, _AFTER = samples(0.06), samples(0.04)
"""Samples from the onset of a key until the ear is sure of it, and that it sounds on, generously."""

_MOST = 2000
"""Pieces that wait for somebody who has fallen asleep."""

_MOST_HIDDEN = 64
"""Hidden keys that are remembered, which is more than an entry has."""

_STRICT = (Secrecy.SHOWN, Secrecy.SHOWN_IF_VALID, Secrecy.HIDDEN)


class StretchKind(enum.Enum):
    """What a stretch is."""

    SOUND = "sound"
    WITHOUT_KEYS = "without keys"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class ScopeStretch:
    """So much of what a caller sends.

    Attributes
    ----------
    at : int
        The sample on the bridge's clock at which it begins; of a key that is shown later it is an earlier one.
    sound : int16 array [shape=(n,)]
        Zeros where it is hidden.
    """

    at: int
    sound: NDArray[np.int16]
    kind: StretchKind


@dataclass(frozen=True, slots=True)
class HeardKey:
    """A key that is shown, and how it sounded."""

    key: str
    began_at: int
    ended_at: int
    measure: Measure


@dataclass(slots=True)
class _Frame:
    at: int
    raw: NDArray[np.int16]
    secrecy: Secrecy
    kind: StretchKind | None = None
    shown: bool = False


class Scope:
    """What may be seen of one call; filled in the session's thread, emptied by another one.

    Parameters
    ----------
    call : int
        Its number.
    """

    def __init__(self, call: int) -> None:
        self.call = call
        self.over = False
        self._pieces: deque[ScopeStretch | HeardKey] = deque(maxlen=_MOST)
        self._frames: deque[_Frame] = deque(maxlen=_KEPT)
        self._clamped: deque[NDArray[np.int16]] = deque(maxlen=_KEPT)
        self._secrecy = Secrecy.SHOWN
        self._waiting = 0
        self._hidden: dict[int, tuple[int, float]] = {}

    def took(self, at: int, raw: NDArray[np.int16], clamped: NDArray[np.int16], secrecy: Secrecy) -> None:
        """Take a frame.

        Parameters
        ----------
        at : int
            The sample at which it began.
        raw, clamped : int16 array [shape=(160,)]
            What came, and what others may hear, which is `dtmf.clamp.DELAY` samples late.
        secrecy : Secrecy
            Of keys, when it is over.
        """
        stricter = max(secrecy, self._secrecy, key=_STRICT.index)
        self._secrecy = secrecy
        self._frames.append(_Frame(at, raw.copy(), stricter))
        self._clamped.append(clamped.copy())
        self._waiting = min(self._waiting + 1, len(self._frames))
        while self._waiting > LATE // FRAME:
            self._leave(len(self._frames) - self._waiting)
            self._waiting -= 1

    def told(self, event: Told) -> None:
        """Take an event of this call."""
        match event:
            case KeyDown(key=key, at=at) if key == HIDDEN:
                self._hidden[at] = at - _BEFORE, math.inf
                if len(self._hidden) > _MOST_HIDDEN:
                    del self._hidden[next(iter(self._hidden))]
            case KeyUp(key=key, at=at) if key == HIDDEN:
                self._hidden = {down_at: (began, min(ended, at + _AFTER))
                                for down_at, (began, ended) in self._hidden.items()}
            case KeyUp(key=key, at=at, down_at=down_at, measure=measure) if measure is not None:
                self._shown(key, down_at, measure)
            case KeyShown(key=key, down_at=down_at, measure=measure) if measure is not None:
                self._shown(key, down_at, measure)

    def taken(self) -> list[ScopeStretch | HeardKey]:
        """Return what has come since the last time."""
        return [self._pieces.popleft() for _ in range(len(self._pieces))]

    def _leave(self, place: int) -> None:
        """Let a frame go, as far as it may."""
        frames = self._frames
        frame = frames[place]
        near = [frames[n].secrecy for n in range(max(0, place - _NEAR), min(len(frames), place + _NEAR + 1))]
        hides = [frames[n].secrecy for n in range(max(0, place - _HIDES), min(len(frames), place + _HIDES + 1))]
        frame.kind = StretchKind.WITHOUT_KEYS
        if Secrecy.HIDDEN in hides or self._is_hidden(frame.at):
            frame.kind = StretchKind.HIDDEN
        elif frame.shown or (place >= _NEAR and set(near) == {Secrecy.SHOWN}):
            frame.kind = StretchKind.SOUND
        sound = (self._raw([frame]) if frame.kind is StretchKind.SOUND else self._without_keys(place)
                 if frame.kind is StretchKind.WITHOUT_KEYS else np.zeros(FRAME, np.int16))
        self._pieces.append(ScopeStretch(frame.at, sound, frame.kind))

    def _without_keys(self, place: int) -> NDArray[np.int16]:
        """Return what others hear of a frame, in its place in time."""
        frames, within = divmod(DELAY, FRAME)
        both = np.concatenate([self._clamped[place + frames], self._clamped[place + frames + 1]])
        return both[within:within + FRAME]

    def _is_hidden(self, at: int) -> bool:
        return any(began < at + FRAME and at < ended for began, ended in self._hidden.values())

    def _shown(self, key: str, down_at: int, measure: Measure) -> None:
        """Show a key, and its sound where nothing but keys is hidden."""
        began = down_at - _BEFORE
        ended = down_at + samples(measure.lasted_ms / 1000)
        frames = [frame for frame in self._frames if frame.at < ended and began < frame.at + FRAME]
        self._hidden.pop(down_at, None)
        if frames and not any(frame.secrecy is Secrecy.HIDDEN for frame in frames):
            self._pieces.append(HeardKey(key, began, ended, measure))
            for frame in frames:
                frame.shown = True
            if gone := [frame for frame in frames if frame.kind is not None]:
                self._pieces.append(ScopeStretch(gone[0].at, self._raw(gone), StretchKind.SOUND))

    def _raw(self, frames: Sequence[_Frame]) -> NDArray[np.int16]:
        """Return what came in frames that follow each other, but for keys beside it that are hidden."""
        sound, at = np.concatenate([frame.raw for frame in frames]), frames[0].at
        for began, ended in self._hidden.values():
            sound[max(0, began - at):max(0, int(min(ended - at, len(sound))))] = 0
        return sound


class Scopes:
    """The scopes of a session, in its own thread; where nobody looks they cost nothing."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._open: dict[int, Scope] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def open(self, scope: Scope) -> None:
        """Fill a scope from now on."""
        self._open[scope.call] = scope

    def close(self, scope: Scope) -> None:
        """Fill it no more."""
        if self._open.get(scope.call) is scope:
            del self._open[scope.call]

    def follow(self) -> None:
        """Take it that a tick is over."""
        bridge = self._exchange.bridge
        clamped = bridge.clamped()
        for scope in [*self._open.values()]:
            call = bridge.calls.get(scope.call)
            if call is None:
                scope.over = True
                del self._open[scope.call]
            elif call.row < len(self._exchange.heard):
                scope.took(bridge.now - FRAME, self._exchange.heard[call.row], clamped[call.row], call.secrecy())

    def told(self, event: Told) -> None:
        """Take an event."""
        scope = self._open.get(getattr(event, "call", 0))
        if scope is not None:
            scope.told(event)
