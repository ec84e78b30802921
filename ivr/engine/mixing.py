"""The mix: what callers who are together in a room hear of each other, and what is said to one of them over it.

One place has the mixer, and the faders on the way in and out of it. A room is a number here; who is let into
it, and who is muted, is an application's to say.
"""

from collections.abc import Mapping, Set

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.audible import Audible
from ivr.engine.outside import OutsideVoices
from ivr.engine.sound import Samples
from lobby.fading import Fader
from lobby.mixing import Mixer

_SOFTER = 1
"""Gain of a room under a prompt, in quarters: 12 dB down."""


class Mixing:
    """The mix of all rooms.

    Parameters
    ----------
    rows : int
        Rows of the bridge's arrays.
    tones : mapping of name to int16 array [shape=(n,)]
        What can be played to everyone in a room.

    Attributes
    ----------
    outside : OutsideVoices
        Those who are in rooms without a call.
    """

    def __init__(self, rows: int, tones: Mapping[str, Samples]) -> None:
        self._mixer = Mixer(rows, FRAME)
        self._audible, self._faded, self._ducked = Audible(), Fader(), Fader()
        self._inside: set[int] = set()
        self._newcomers: set[int] = set()
        self._muted: set[int] = set()
        self._tones = tones
        self._playing: dict[int, tuple[Samples, int]] = {}
        self.outside = OutsideVoices()

    @property
    def active(self) -> bool:
        """Whether anybody is in a room, or speaks there without a call, though nobody may hear it."""
        return self._mixer.active or self.outside.speaking

    def resize(self, rows: int) -> None:
        """Have `rows` rows; nobody is in those that go."""
        for part in (self._mixer, self._audible, self._faded, self._ducked):
            part.resize(rows)

    def forget(self, row: int) -> None:
        """Take a row for a new one."""
        self._ducked.forget(row)

    def enter(self, row: int, room: int) -> None:
        """Let a row hear a room and be heard there."""
        self._mixer.move(row, room)
        self._inside.add(row)
        self._newcomers.add(row)

    def exit(self, row: int) -> None:
        """Let a row hear and be heard no more."""
        self._mixer.move(row, -1)
        self._inside.discard(row)
        self._newcomers.discard(row)
        self._muted.discard(row)

    def mute(self, row: int, *, muted: bool) -> None:
        """Let a row be heard by nobody, or be heard again."""
        (self._muted.add if muted else self._muted.discard)(row)

    def sound(self, room: int, name: str) -> None:
        """Play a tone to everyone in a room; several who come at once are told with one."""
        if room not in self._playing:
            self._playing[room] = (self._tones[name], 0)

    def add(self, clamped: Samples, spoken: Samples, speaking: Set[int]) -> None:
        """Add what is said in rooms to what is played.

        Parameters
        ----------
        clamped : int16 array [shape=(rows, 160)]
            What every caller says, without keys.
        spoken : int16 array [shape=(rows, 160)]
            What every caller is played; changed in place.
        speaking : set of rows
            To whom a prompt is said: the room is softer under it.
        """
        audible = self._audible.frame(clamped, self._newcomers, self._muted)
        over = sorted(speaking & self._inside)
        mix = self._ducked.apply(self._mix(audible), dict.fromkeys(over, _SOFTER))
        if over:
            both = mix[over].astype(np.int32) + spoken[over]
            mix[over] = 0
            spoken[over] = np.clip(both, -32768, 32767)
        spoken += mix

    def _mix(self, audible: NDArray[np.int16]) -> Samples:
        mixed = self._mixer.mix(audible, self._extra())
        # the first frame is silence: who comes in the middle of a word hears it fade in
        faded = self._faded.apply(mixed, dict.fromkeys(self._newcomers, 0))
        self._newcomers.clear()
        return faded

    def _extra(self) -> Mapping[int, Samples | NDArray[np.int32]] | None:
        """Return what is heard in rooms besides their rows: tones, and those who are there without a call."""
        tones = self._tone_frames() if self._playing else {}
        if not self.outside.speaking:
            return tones or None
        said = self.outside.frames(self._mixer.rooms)
        return {**tones, **{room: frame + tones[room] if room in tones else frame for room, frame in said.items()}}

    def _tone_frames(self) -> dict[int, Samples]:
        frames = {}
        for room, (tone, at) in list(self._playing.items()):
            if room in self._mixer.rooms:
                frame = tone[at:at + FRAME]
                frames[room] = np.append(frame, np.zeros(FRAME - len(frame), np.int16))
            if at + FRAME < len(tone):
                self._playing[room] = (tone, at + FRAME)
            else:
                del self._playing[room]
        return frames
