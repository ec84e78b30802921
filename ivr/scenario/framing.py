"""What a caller sends, as frames."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

import dtmf
from ivr.clock import FRAME, RATE

Samples = NDArray[np.int16]

_SHORT = 1 << 18
"""Bytes of a sound that may be kept: many press the same keys."""
_ROUND_A_KEY = 80  # samples either side of a tone's measured edges


def frames(samples: Samples) -> Samples:
    """Return samples as whole frames: int16 array [shape=(n, 160)]."""
    count = -(-len(samples) // FRAME)
    return np.concatenate([samples, np.zeros(count * FRAME - len(samples), np.int16)]).reshape(-1, FRAME)


@lru_cache(32)
def key_tones(keys: str, tone_ms: float, gap_ms: float, level_dbm0: float) -> Samples:
    """Return what pressing keys sounds like, which many callers may share. int16 array [shape=(n,)], read-only."""
    tones = dtmf.encode(keys, RATE, tone_ms=tone_ms, gap_ms=gap_ms, level_dbm0=level_dbm0)
    tones.setflags(write=False)
    return tones


def voice_and_keys(samples: Samples) -> tuple[Samples, list[int]]:
    """Return what of it is a voice, and where keys begin: hold music is made of tones as well, but is no key."""
    content = samples.tobytes()
    return _known(content) if len(content) <= _SHORT else _parted(content)


def _parted(content: bytes) -> tuple[Samples, list[int]]:
    samples = np.frombuffer(content, np.int16)
    voice, begins = samples.copy(), []
    for tone in dtmf.decode(samples, RATE):
        voice[max(0, tone.start - _ROUND_A_KEY):tone.end + _ROUND_A_KEY] = 0
        begins.append(tone.start)
    return voice, begins


_known = lru_cache(32)(_parted)
