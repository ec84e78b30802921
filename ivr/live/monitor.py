"""What somebody hears who listens in: beside a caller, in the lobby, or in the meeting."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.call import Call
from ivr.engine.ports import Frame
from ivr.live.session import Session
from ivr.live.views import Who

LOBBY, MEETING, NOWHERE = "the lobby", "the meeting", "nowhere"
_ROOMS = {LOBBY: "lobby", MEETING: "meeting"}
_SILENCE: Frame = np.zeros(FRAME, np.int16)


class Monitor:
    """An ear that can be moved.

    In the lobby and in the meeting it is beside the one there who dialled first: it hears what this caller hears,
    and what this caller says but for his keys: they are for the bridge alone.

    Attributes
    ----------
    at : int or str
        `LOBBY`, `MEETING`, `NOWHERE`, the number of a call, or the name of a caller who is led.
    own_voice : callable
        Tells whether what the caller of this name says now is the listener's own voice, which is left out.
    """

    def __init__(self, at: Who = LOBBY) -> None:
        self.at = at
        self.own_voice: Callable[[str], bool] = lambda _: False

    def frame(self, session: Session) -> NDArray[np.int16]:
        """Return what is heard in the tick just done. int16 array [shape=(160,)]."""
        call = self._beside(session)
        if call is None:
            return _SILENCE
        exchange = session.exchange
        if self.own_voice(call.caller):
            alone: NDArray[np.int16] = exchange.spoken[call.row]
            return alone
        both = exchange.bridge.clamped()[call.row].astype(np.int32) + exchange.spoken[call.row]
        heard: NDArray[np.int16] = np.clip(both, -32768, 32767).astype(np.int16)
        return heard

    def _beside(self, session: Session) -> Call | None:
        if isinstance(self.at, str) and self.at in _ROOMS:
            return session.first(_ROOMS[self.at])
        return None if self.at == NOWHERE else session.call(self.at)
