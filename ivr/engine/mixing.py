"""What callers in meetings hear of each other, and what is said to one of them over it."""

import numpy as np

from ivr.engine.audible import Audible
from ivr.engine.players import Players
from ivr.engine.rooms import Rooms
from ivr.engine.sound import Samples
from lobby.fading import Fader

_SOFTER = 1
"""Gain of a meeting under a prompt, in quarters: 12 dB down."""


class Mixing:
    """The mix of all meetings, and the faders on its way in and out."""

    def __init__(self, rooms: Rooms, players: Players) -> None:
        self._rooms, self._players = rooms, players
        self._audible, self._ducked = Audible(), Fader()

    def forget(self, row: int) -> None:
        """Take a row for a new one."""
        self._ducked.forget(row)

    def add(self, clamped: Samples, spoken: Samples) -> None:
        """Add what is said in meetings to what is played.

        Parameters
        ----------
        clamped : int16 array [shape=(rows, 160)]
            What every caller says, without keys.
        spoken : int16 array [shape=(rows, 160)]
            What every caller is played; changed in place.
        """
        audible = self._audible.frame(clamped, self._rooms.newcomers, self._rooms.muted_rows)
        over = self._players.over_the_meeting
        mix = self._ducked.apply(self._rooms.mix(audible), dict.fromkeys(over, _SOFTER))
        if over:
            rows = sorted(over)
            both = mix[rows].astype(np.int32) + spoken[rows]
            mix[rows] = 0
            spoken[rows] = np.clip(both, -32768, 32767)
        spoken += mix
