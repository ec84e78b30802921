"""How loud something was, and whether it was cut off."""

import numpy as np

from ivr.clock import RATE
from ivr.scenario.correlate import Floats, Samples
from prompts.level import active_level

_FULL = 32000
"""What only samples that are cut off reach: speech here stays 3 dB below it."""
_FLAT, _TOUCHES = 0.995, 500
"""Samples that come so near to the loudest count as being there; one in so many is too many."""
_FEWEST = 24
_AUDIBLE = 1000
"""Softer than this nothing is looked at: a step of a codec is too much of it."""


def cut_off(samples: Samples) -> str:
    """Say that samples were cut off; nothing if they were not.

    What is cut off stays at one height: at full scale, or below, where it was made softer afterwards.
    """
    if not len(samples):
        return ""
    sizes = np.abs(samples.astype(np.int32))
    if np.count_nonzero(sizes >= _FULL) > len(samples) // _TOUCHES:
        return "it was cut off at full scale: too loud"
    most = int(sizes.max())
    there = np.count_nonzero(sizes >= _FLAT * most)
    return "it was cut off" if most >= _AUDIBLE and there > max(len(samples) // _TOUCHES, _FEWEST) else ""


def level_of(samples: Samples | Floats) -> float:
    """Return the active level of samples, in dBm0 (ITU-T P.56): pauses do not count. Minus 100 for silence."""
    return max(float(active_level(samples, RATE)), -100.0)


def gain_of(heard: Floats, sent: Floats) -> float:
    """Return by how many dB something that was sent is louder in what was heard, whatever else is in there."""
    energy = float(sent @ sent)
    return 20 * float(np.log10(max(float(heard @ sent) / energy, 1e-5))) if energy else -100.0


def not_at(level: float, wanted: tuple[float, float]) -> str:
    """Say how loud it was, if that is not what was wanted, give or take."""
    return "" if abs(level - wanted[0]) <= wanted[1] else f"it was at {level:.1f} dBm0"
