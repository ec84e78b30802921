"""Where a trunk is plugged in: its calls, its block of samples, and where they are in the bridge's arrays."""

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.call import Call
from ivr.engine.messages import Arrived, Command, Extra
from ivr.engine.ports import Heeding, Trunk

Samples = NDArray[np.int16]
_Places = slice | NDArray[np.intp]

_NONE = slice(0, 0)


class Plug:
    """One trunk.

    Parameters
    ----------
    trunk : Trunk

    Attributes
    ----------
    calls : dict of slot to Call
        Those on the bridge.
    open : dict of slot to Arrived
        Those whose calls are not on the bridge: they ring, here or there, or are refused in this step.
    commands : list of Command
        What it is to be asked in this step.
    """

    def __init__(self, trunk: Trunk) -> None:
        self.trunk = trunk
        self.calls: dict[int, Call] = {}
        self.open: dict[int, Arrived] = {}
        self.commands: list[Command] = []
        self._held: set[int] = set()
        self._block = np.zeros((0, FRAME), np.int16)
        self._count = 0
        self._slots: _Places = _NONE
        self._rows: _Places = _NONE
        self._still: NDArray[np.intp] | None = None
        self._straight = False
        self._changed = False

    @property
    def busy(self) -> bool:
        """Whether there is anything to be carried."""
        return bool(self.calls or self.open or self.commands)

    def can(self, command: type[Extra]) -> bool:
        """Tell whether the trunk can do this."""
        return command in self.trunk.can

    def begin(self, slot: int, event: Arrived) -> None:
        """Take it that somebody is in a slot; nothing is carried for him yet."""
        self.open[slot] = event
        self._changed = True

    def connect(self, slot: int, call: Call) -> None:
        """Carry a call from now on."""
        self.open.pop(slot, None)
        self.calls[slot] = call
        self._changed = True

    def leave(self, slot: int) -> None:
        """Take it that nobody is in a slot any more whose call was not carried."""
        self.open.pop(slot, None)
        self._gone(slot)

    def disconnect(self, slot: int) -> Call:
        """Carry a call no more."""
        self._held.discard(slot)
        self._gone(slot)
        return self.calls.pop(slot)

    def hold(self, slot: int, *, on: bool) -> bool:
        """Let a call that is held hear and say nothing; return whether that is new."""
        if (slot in self._held) == on:
            return False
        (self._held.add if on else self._held.remove)(slot)
        self._changed = True
        return True

    def _gone(self, slot: int) -> None:
        """Ask nothing of one who is not there any more: his slot may be another's."""
        self.commands = [command for command in self.commands if command.slot != slot]
        self._changed = True

    def arrange(self) -> None:
        """Find out where everybody is, if anybody has come or gone."""
        if not self._changed:
            return
        self._changed = False
        slots, rows = list(self.calls), [call.row for call in self.calls.values()]
        self._count = max(*slots, *self.open, -1, -1) + 1
        if self._count > len(self._block):
            self._block = np.zeros((max(self._count, 2 * len(self._block)), FRAME), np.int16)
        self._slots, self._rows = _places(slots), _places(rows)
        self._still = np.array([slot for slot in slots if slot in self._held], np.intp) if self._held else None
        self._straight = (isinstance(self._slots, slice) and self._slots == slice(0, self._count)
                          and isinstance(self._rows, slice) and self._still is None)

    def receive(self, now: int, heard: Samples, missing: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """Put what came of its calls into the bridge's array, and mark what did not come.

        Parameters
        ----------
        heard : int16 array [shape=(rows, k * 160)]
        missing : bool array [shape=(rows, k)] or None
            That of the trunks before; None if all has come.

        Returns
        -------
        bool array [shape=(rows, k)] or None
        """
        block = heard[self._rows] if self._straight else self._room(heard.shape[1])
        lost = self.trunk.receive(now, block)
        if self._still is not None:
            block[self._still] = 0
            if lost is not None:
                lost = lost.copy()
                lost[self._still] = False  # he is silent, and nothing is lost
        if not self._straight:
            heard[self._rows] = block[self._slots]
        if lost is not None and lost.any():
            missing = np.zeros((len(heard), lost.shape[1]), np.bool_) if missing is None else missing
            missing[self._rows] = lost[self._slots]
            heard.reshape(*missing.shape, FRAME)[missing] = 0
        return missing

    def send(self, now: int, spoken: Samples) -> None:
        """Hand over what its calls hear, and what is asked of it. int16 array [shape=(rows, k * 160)]."""
        block = self._heard(spoken)
        commands, self.commands = self.commands, []
        self.trunk.send(now, block, commands)

    def heeds(self, now: int, spoken: Samples) -> int:
        """Return after how many frames somebody may do something about what he would hear."""
        if not isinstance(self.trunk, Heeding):
            return int(spoken.shape[1]) // FRAME
        return self.trunk.heeds(now, self._heard(spoken))

    def unheeding(self, now: int) -> int:
        """Return for how many samples nobody looks at what he hears."""
        return self.trunk.unheeding(now) if isinstance(self.trunk, Heeding) else FRAME

    def _heard(self, spoken: Samples) -> Samples:
        """Return what its calls hear. int16 array [shape=(slots, k * 160)]."""
        if self._straight:
            block = spoken[self._rows]
        else:
            block = self._room(spoken.shape[1])
            block[:] = 0
            block[self._slots] = spoken[self._rows]
            if self._still is not None:
                block[self._still] = 0
        return block

    def _room(self, length: int) -> Samples:
        """Return the trunk's own block: for a single frame always the same."""
        return self._block[:self._count] if length == FRAME else np.zeros((self._count, length), np.int16)


def _places(places: list[int]) -> _Places:
    """Return places as what to index with; a slice is the quicker."""
    first = places[0] if places else 0
    if places == list(range(first, first + len(places))):
        return slice(first, first + len(places))
    return np.array(places, np.intp)
