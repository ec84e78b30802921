"""Where something sounds in a recording."""

import numpy as np

from ivr.clock import RATE
from ivr.scenario.correlate import Samples, power_of

_PAUSE_S, _SHORTEST_S = 0.3, 0.6
_SPEAKING = -40.0
_SOUNDS_DBM0 = -50.0


def stretches(said: Samples, rate: int, *, ended: bool, pause_s: float = _PAUSE_S,
              shortest_s: float = _SHORTEST_S) -> list[tuple[int, int]]:
    """Return where somebody speaks, from begin to end, between pauses; none that goes on still."""
    frame = rate // 50
    powers = np.square(said[:len(said) // frame * frame].reshape(-1, frame).astype(np.float64)).mean(axis=1)
    loud = np.flatnonzero(powers >= power_of(_SPEAKING))
    if not loud.size:
        return []
    found = np.split(loud, np.flatnonzero(np.diff(loud) > round(pause_s * 50)) + 1)
    return [(int(one[0]) * frame, int(one[-1] + 1) * frame) for one in found
            if len(one) >= shortest_s * 50 and (ended or len(powers) - int(one[-1]) > pause_s * 50)]


def sounding(clip: Samples) -> Samples:
    """Return a recording from its first sound to its last."""
    frame = RATE // 50
    if len(clip) < frame:
        return clip
    powers = np.square(clip[:len(clip) // frame * frame].reshape(-1, frame).astype(np.float64)).mean(axis=1)
    loud = np.flatnonzero(powers >= max(power_of(_SOUNDS_DBM0), powers.max() / 1e4))
    return clip[loud[0] * frame:(loud[-1] + 1) * frame] if loud.size else clip
