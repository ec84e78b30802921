"""What is found on a channel: keys that went down and up, and presses that did not convince."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf import press
from dtmf.compiled import compiled
from dtmf.entire import Entire
from dtmf.goertzel import BLOCK
from dtmf.keys import HIGH_HZ, LOW_HZ
from dtmf.measure import dbm0
from dtmf.press import Lane

FINDING = np.dtype(
    [(name, np.int64) for name in ("kind", "channel", "key", "at")]
    + [(name, np.float64) for name in ("start", "end", "level_dbm0", "twist_db", "low_hz", "high_hz", "snr_db")],
    align=True,
)
"""A key that went down (`DOWN`) or up (`UP`), or did not convince (`REFUSED`); times are samples at 8 kHz since the
detector began; only of one that went up is `end` known, and what it was like."""

DOWN, UP, REFUSED = 0, 1, 2

_HERTZ = np.array([*LOW_HZ, *HIGH_HZ], np.float64)

_LEAST_REST = 1e-6


@compiled
def tell(kind: int, at: int, lane: Lane, findings: NDArray[np.void], count: int) -> None:
    """Tell of the press of a lane."""
    found = findings[count]
    found.kind, found.key, found.at = kind, lane.key, at
    found.start = press.start(lane)
    found.end = max(found.start, press.end(lane))
    found.level_dbm0, found.twist_db = lane.level_dbm0, lane.twist_db
    found.low_hz, found.high_hz, found.snr_db = lane.low_hz, lane.high_hz, lane.snr_db


@compiled
def tell_run(lane: Lane, at: int, findings: NDArray[np.void], count: int) -> None:
    """Tell of a run of windows with one pair that was judged as a whole and is no key."""
    found = findings[count]
    found.kind, found.key, found.at = REFUSED, lane.over - 1, at
    found.start, found.end = lane.over_first * BLOCK - BLOCK // 2, lane.over_last * BLOCK + BLOCK // 2


@compiled
def tell_whole(kind: int, at: int, key: int, whole: Entire, shift: int, findings: NDArray[np.void],
               count: int) -> None:  # fmt: skip
    """Tell of a press that was judged as a whole; its places are `shift` beyond the moments of its channel."""
    found = findings[count]
    found.kind, found.key, found.at = kind, key, at
    found.start, found.end = whole.begin - shift, whole.end - shift
    low_db, high_db = dbm0(whole.powers[0]), dbm0(whole.powers[1])
    found.level_dbm0, found.twist_db = (low_db + high_db) / 2, high_db - low_db
    found.low_hz = (1 + whole.offs[0]) * _HERTZ[key // 4]
    found.high_hz = (1 + whole.offs[1]) * _HERTZ[4 + key % 4]
    found.snr_db = -10 * math.log10(max(2 * whole.rest, _LEAST_REST))
