"""Many channels, any chunks: samples in, and what was found in them as rows of an array.

`Detector` and `decode` make of it what their users see.
"""

import copy
import math

import numpy as np
from numpy.typing import NDArray

from dtmf.clamp import DELAY, MOST_WINDOWS, STATE, silenced, suspect
from dtmf.errors import RateError, ShapeError
from dtmf.finding import FINDING
from dtmf.follow import KEPT, follow
from dtmf.gate import Gate
from dtmf.goertzel import BLOCK
from dtmf.keys import RATE, amplitude, check_rate
from dtmf.lane import LANE
from dtmf.limits import LEAST_DBM0, limits
from dtmf.resample import Resampler
from dtmf.suspicion import LEAST, beyond_db

_GATE = Gate(amplitude(LEAST_DBM0) ** 2, amplitude(LEAST_DBM0) ** 2, 0.34, 0.05, all_told=False)
_LOOSE = Gate(amplitude(-62.0) ** 2, amplitude(-62.0) ** 2, 0.25, 0.012, all_told=True)

_SKEWED_DB = 0.8
"""What a window's twist may be judged too high."""

_SLAB = 1 << 18
"""Samples, of all channels together, that are taken at once."""

_SPARE = 3456
"""Least samples that fit in behind those that are kept, so that these are seldom moved to the front."""

_TOGETHER = 512
"""Windows, of all channels together, whose findings must have room at once; of one channel, as many as come."""

_IN_A_WINDOW = 6
"""Most that is found in a window of a channel: a key that ends, one judged as a whole, and another that begins."""

Findings = NDArray[np.void]
"""Rows of `dtmf.finding.FINDING`; times are whole samples of the caller's since the channel began."""


class Ear:
    """What is behind a `Detector`, with the same parameters and errors.

    `least_dbm0` is the level from which on a tone is heard, if it is not `LEAST_DBM0`.
    """

    def __init__(self, channels: int, rate: int, setting: str, *, near_misses: bool, clamp: bool = False,
                 longest_break_ms: float = 0, least_dbm0: float | None = None) -> None:  # fmt: skip
        self.rate = check_rate(rate)
        if clamp and rate != RATE:
            raise RateError(f"keys are clamped at {RATE} samples a second, not at {rate}: convert the sound first",
                            value=rate)
        self._clamp, self._longest_break_ms = clamp, longest_break_ms
        chosen = limits(setting)
        self._bounds = chosen.bounds(longest_break_ms)
        self._gate = _LOOSE if near_misses else _GATE
        if least_dbm0 is not None:
            self._gate = self._gate._replace(least=amplitude(least_dbm0) ** 2, near=amplitude(least_dbm0) ** 2)
        self._beyond_db = beyond_db(chosen.low_over_high_db, chosen.high_over_low_db)
        most_db = max(chosen.low_over_high_db, chosen.high_over_low_db) + _SKEWED_DB
        self._gate = self._gate._replace(skew=min(self._gate.skew, 10 ** (-most_db / 10)))
        if clamp:
            self._gate = self._gate._replace(near=LEAST)
        self._clear(channels)

    def _clear(self, channels: int) -> None:
        self.channels = channels
        self._resampler = None if self.rate == RATE else Resampler(channels, self.rate)
        self._came = 0
        self._heard = 0
        """Samples at 8 kHz that have been put into the buffer."""
        self._done = 0
        """Blocks that have been judged."""
        self._slab, self._buffer = _room(channels, MOST_WINDOWS if self._clamp else _SLAB)
        self._fill = KEPT
        self._lanes = np.zeros(channels, LANE)
        self._clamps = np.zeros(channels if self._clamp else 0, STATE)
        self._findings = np.zeros(0, FINDING)
        self._origin = np.zeros(channels, np.int64)

    def feed(self, samples: NDArray[np.int16], missing: NDArray[np.bool_] | None = None) -> Findings:
        """Take the next samples; the rows are in the order of their `at` and channel."""
        if samples.ndim != 2 or len(samples) != self.channels or samples.dtype != np.int16:
            raise ShapeError(
                f"samples are {samples.dtype} of shape {samples.shape}; "
                f"give int16 of shape ({self.channels}, n)."
            )
        if missing is not None and missing.any():
            samples = self._note_missing(samples, missing)
        self._came += samples.shape[1]
        if self._resampler is not None:
            samples = self._resampler.feed(samples)
        found = []
        for begin in range(0, samples.shape[1], self._slab):
            self._append(samples[:, begin : begin + self._slab])
            part = self._run()
            if len(part):
                found.append(self._in_callers_time(part))
        return np.concatenate(found) if found else self._findings[:0]

    def skim(self, samples: NDArray[np.int16], frame: int) -> int:
        """Take whole frames up to the first in which something is found; return how many samples were taken."""
        kept = self._buffer[:, self._fill - KEPT : self._fill].copy()
        counts, lanes, clamps = (self._came, self._heard, self._done), self._lanes.copy(), self._clamps.copy()
        resampler = copy.deepcopy(self._resampler)
        found = self.feed(samples)
        if not len(found):
            return len(samples[0])
        first = int((found["at"] + self._origin[found["channel"]]).min()) - counts[0]
        (self._came, self._heard, self._done), self._lanes, self._clamps = counts, lanes, clamps
        self._resampler = resampler
        self._buffer[:, :KEPT], self._fill = kept, KEPT
        before = max(0, (first - 1) // frame * frame)
        self.feed(samples[:, :before])
        return before

    def reset(self, channel: int) -> None:
        """Forget what was on `channel` and begin its time at 0."""
        self._buffer[channel, : self._fill] = 0
        self._lanes[channel] = np.zeros((), LANE)
        if self._clamp:
            self._clamps[channel] = np.zeros((), STATE)
        if self._resampler is not None:
            self._resampler.reset(channel)
        self._origin[channel] = self._came

    def resize(self, channels: int) -> None:
        """Have `channels` channels; the time of a new one begins at 0."""
        more = max(0, channels - self.channels)
        # what one channel may take is too much for each of many
        kept = self._buffer[:channels, self._fill - KEPT : self._fill]
        self._slab, self._buffer = _room(channels, MOST_WINDOWS if self._clamp else _SLAB)
        self._buffer[: len(kept), :KEPT] = kept
        self._fill = KEPT
        self._lanes = np.concatenate([self._lanes[:channels], np.zeros(more, LANE)])
        if self._clamp:
            self._clamps = np.concatenate([self._clamps[:channels], np.zeros(more, STATE)])
        if self._resampler is not None:
            self._resampler.resize(channels)
        self._origin = np.concatenate([self._origin[:channels], np.full(more, self._came)])
        self.channels = channels

    def flush(self) -> Findings:
        """End the input: close the tones that are on. The ear is then as new."""
        last = self._came - self._origin
        rest = math.ceil((0.08 + self._longest_break_ms / 1000) * self.rate)
        found = self.feed(np.zeros((self.channels, rest), np.int16))
        self._clear(self.channels)
        for name in ("at", "end"):
            found[name] = np.minimum(found[name], last[found["channel"]])
        return found

    def clamped(self, count: int) -> NDArray[np.int16]:
        """Return `count` samples of every channel up to `DELAY` samples ago, without keys."""
        end = self._fill - DELAY
        return silenced(self._buffer[:, end - count : end], self._heard - DELAY - count, self._clamps)

    def _note_missing(self, samples: NDArray[np.int16], missing: NDArray[np.bool_]) -> NDArray[np.int16]:
        samples = np.where(missing[:, None], np.int16(0), samples)
        begin, end = self._came, self._came + samples.shape[1]
        if self._resampler is not None:
            begin, end = self._resampler.touched(begin, end)
        if end > begin:
            first, last = begin // BLOCK, -(-end // BLOCK)
            for channel in np.flatnonzero(missing).tolist():
                lost = self._lanes["lost"][channel]
                # Of what was lost before, only the last stretch can still lie in a window to come.
                if lost[1, 1] < first:
                    lost[0] = lost[1]
                    lost[1, 0] = first
                lost[1, 1] = last
        return samples

    def _append(self, samples: NDArray[np.int16]) -> None:
        count = samples.shape[1]
        if self._fill + count > self._buffer.shape[1]:
            self._buffer[:, :KEPT] = self._buffer[:, self._fill - KEPT : self._fill].copy()
            self._fill = KEPT
        self._buffer[:, self._fill : self._fill + count] = samples
        self._fill += count
        self._heard += count

    def _run(self) -> Findings:
        windows = self._heard // BLOCK - self._done
        at = self._fill - (self._heard - self._done * BLOCK)
        together = max(1, _TOGETHER // max(1, windows))
        most = _IN_A_WINDOW * windows * min(together, self.channels)
        if most > len(self._findings):
            self._findings = np.zeros(most, FINDING)
        found = []
        for begin in range(0, self.channels, together):
            some = slice(begin, begin + together)
            # the very arrays of the call before are not looked at anew
            buffer, lanes = ((self._buffer, self._lanes) if together >= self.channels else
                             (self._buffer[some], self._lanes[some]))
            count = follow(buffer, at, windows, self._done, lanes, self._gate, self._bounds, self._findings)
            if count:
                found.append(self._findings[:count].copy())
                found[-1]["channel"] += begin
        if self._clamp:
            suspect(self._buffer, at, windows, self._done, self._lanes, self._clamps,
                    self._beyond_db)
        self._done += windows
        return np.concatenate(found) if found else self._findings[:0]

    def _in_callers_time(self, found: Findings) -> Findings:
        origin = self._origin[found["channel"]]
        if self._resampler is not None:
            found["at"] = self._resampler.needed(found["at"])
        found["at"] -= origin
        for name in ("start", "end"):
            found[name] = np.maximum(0, np.floor(found[name] * (self.rate / RATE) + 0.5) - origin)
        if self.channels > 1:
            found = found[np.lexsort((found["kind"], found["start"], found["channel"], found["at"]))]
        return found


def _room(channels: int, most: int) -> tuple[int, NDArray[np.int16]]:
    """Return how many samples of each channel are taken at once, and room for them behind those that are kept.

    `most` is how many windows that may be.
    """
    slab = max(4, min(most, _SLAB // BLOCK // max(1, channels))) * BLOCK
    return slab, np.zeros((channels, KEPT + max(2 * slab, _SPARE)), np.int16)
