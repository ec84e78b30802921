"""The streaming detector: many channels, any chunks, events as soon as they are sure.

Two tiers. A window of 20 ms ends every 10 ms; one exact product gives all channels' tones in it, and a few
array operations let through the windows in which one low and one high tone hold much of the energy. Only for
those does Python run, a channel at a time: `Press` follows the tone, `verify` looks at its samples again.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import ShapeError
from dtmf.follow import KEPT, Finding, Follower, Slab
from dtmf.goertzel import AMPLITUDE, BLOCK, HUM, POWER, ROWS, product
from dtmf.keys import KEYS, RATE, amplitude, check_rate
from dtmf.limits import limits
from dtmf.resample import Resampler


@dataclass(frozen=True, slots=True)
class _Gate:
    """What a window must hold to be followed.

    `least` is the squared amplitude below which a tone is not heard, `share` the part of the energy that the two
    tones must hold, `skew` the least ratio of the weaker tone's power to the stronger one's.
    """

    least: float
    share: float
    skew: float


_GATE = _Gate(amplitude(-46.0) ** 2, 0.34, 0.05)
_LOOSE = _Gate(amplitude(-54.0) ** 2, 0.25, 0.012)

_HUMMING = 0.25
"""Part of a window's energy that makes a hum loud enough to be taken away before the key is looked at."""

_SLAB = 1 << 18
"""Samples, of all channels together, that are taken at once."""

_ASK_AGAIN = 8
"""Slabs for which a line that was not quiet is not asked again."""

_QUIET_PEAK = int(amplitude(-46.0) / 4)
"""Blocks whose peak is below this hold no tone that could be heard."""


@dataclass(frozen=True, slots=True)
class DigitHeard:
    """A key went down: told once, as early as it is convincing."""

    channel: int
    digit: str
    at: int
    start: int


@dataclass(frozen=True, slots=True)
class DigitRefused:
    """Something like a key that did not convince."""

    channel: int
    digit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DigitEnded:
    """The tone of a key that was heard is over."""

    channel: int
    digit: str
    start: int
    end: int
    at: int = 0


Event = DigitHeard | DigitEnded


class Detector:
    """Hears keys on many channels at once.

    The events are the same bit for bit however the samples are cut into chunks, and whoever else is on the
    other channels.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second of what comes in, 4000 to 96000. All times are samples at this rate since the
        detector, or the channel's `reset`, began.
    setting : str
        "default", "wide" or "strict": see `dtmf.limits.SETTINGS`.
    near_misses : bool
        Follow what is almost a key too, quieter and more hidden than keys are, and keep it in `refused`. What is a
        key and what is none stays the same but at the very edge of what is heard.

    Attributes
    ----------
    refused : list of DigitRefused
        In the order in which they were over.

    Raises
    ------
    RateError
        If `rate` is outside 8 to 96 kHz.
    UnknownSetting
        If there is no such setting.
    """

    def __init__(
        self, channels: int, rate: int = RATE, *, setting: str = "default", near_misses: bool = False
    ) -> None:
        self.rate = check_rate(rate)
        self._limits = limits(setting)
        self._near_misses = near_misses
        self._gate = _LOOSE if near_misses else _GATE
        self.refused: list[DigitRefused] = []
        self._clear(channels)

    def _clear(self, channels: int) -> None:
        self.channels = channels
        self._resampler = None if self.rate == RATE else Resampler(channels, self.rate)
        self._came = 0
        self._heard = 0
        """Samples at 8 kHz that have been put into the buffer."""
        self._done = 0
        """Blocks that have been judged."""
        self._slab = max(4, _SLAB // BLOCK // max(1, channels)) * BLOCK
        self._buffer = np.zeros((channels, KEPT + 2 * self._slab), np.int16)
        self._fill = KEPT
        self._carry: NDArray[np.float64] | None = None
        self._past = np.zeros((8, channels, 2))
        self._follower = Follower(self._limits, near_misses=self._near_misses)
        self._loud = 0
        self._origin = [0] * channels

    def feed(self, samples: NDArray[np.int16], missing: NDArray[np.bool_] | None = None) -> list[Event]:
        """Take the next samples of every channel and return what was heard.

        Parameters
        ----------
        samples : int16 array [shape=(channels, n)]
        missing : bool array [shape=(channels,)], optional
            Channels whose samples did not come: time passes there, and what is in `samples` is not looked at.

        Returns
        -------
        list of DigitHeard and DigitEnded
            Ordered by (at, channel).

        Raises
        ------
        ShapeError
            If an array is not of the shape or type above.
        """
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
        events: list[Event] = []
        done, count = 0, samples.shape[1]
        while done < count:
            part = samples[:, done : done + self._slab]
            self._append(part)
            done += part.shape[1]
            self._run(events)
        if len(events) > 1:
            events.sort(key=lambda e: (e.at, e.channel, isinstance(e, DigitHeard)))
        return events

    def reset(self, channel: int) -> None:
        """Forget what was on `channel` and begin its time at 0: a new call uses it."""
        self._buffer[channel, : self._fill] = 0
        if self._carry is not None:
            self._carry[:, channel] = 0
        self._past[:, channel] = 0
        self._follower.forget(channel)
        if self._resampler is not None:
            self._resampler.reset(channel)
        self._origin[channel] = self._came

    def resize(self, channels: int) -> None:
        """Have room for `channels` channels, at least as many as now.

        States are kept; the time of a new channel begins at 0.

        Raises
        ------
        ShapeError
            If `channels` is less than there are.
        """
        more = channels - self.channels
        if more < 0:
            raise ShapeError(
                f"{channels} channels are fewer than the {self.channels} there are; reset the spare ones."
            )
        wide = ((0, more), (0, 0))
        self._buffer = np.pad(self._buffer, wide)
        self._past = np.pad(self._past, ((0, 0), *wide))
        if self._carry is not None:
            self._carry = np.pad(self._carry, wide[::-1])
        if self._resampler is not None:
            self._resampler.resize(channels)
        self._origin += [self._came] * more
        self.channels = channels

    def flush(self) -> list[Event]:
        """End the input: close the tones that are on. The detector is then as new."""
        came, origin = self._came, list(self._origin)
        events = self.feed(np.zeros((self.channels, math.ceil(0.08 * self.rate)), np.int16))
        self._clear(self.channels)
        ended: list[Event] = []
        for event in events:
            last = came - origin[event.channel]
            if isinstance(event, DigitHeard):
                ended.append(DigitHeard(event.channel, event.digit, min(event.at, last), event.start))
            else:
                ended.append(replace(event, end=min(event.end, last), at=min(event.at, last)))
        return ended

    def _note_missing(self, samples: NDArray[np.int16], missing: NDArray[np.bool_]) -> NDArray[np.int16]:
        samples = np.where(missing[:, None], np.int16(0), samples)
        begin, end = self._came, self._came + samples.shape[1]
        if self._resampler is not None:
            begin, end = self._resampler.touched(begin, end)
        if end > begin:
            for channel in np.flatnonzero(missing).tolist():
                self._follower.lose(channel, begin, end)
        return samples

    def _append(self, samples: NDArray[np.int16]) -> None:
        count = samples.shape[1]
        if self._fill + count > self._buffer.shape[1]:
            keep = KEPT
            self._buffer[:, :keep] = self._buffer[:, self._fill - keep : self._fill].copy()
            self._fill = keep
        self._buffer[:, self._fill : self._fill + count] = samples
        self._fill += count
        self._heard += count

    def _run(self, events: list[Event]) -> None:
        blocks = self._heard // BLOCK - self._done
        if not blocks:
            return
        at = self._fill - (self._heard - self._done * BLOCK)
        view = self._buffer[:, at - BLOCK : at + blocks * BLOCK]
        if self._quiet(view):
            # What later windows need of these blocks is made again then.
            self._carry = None
        else:
            self._listen(view[:, BLOCK:], at, events)
        self._done += blocks
        self._follower.done(self._done)

    def _quiet(self, view: NDArray[np.int16]) -> bool:
        """Tell whether no window that ends in `view` can hold a key; `view` begins a block earlier."""
        if self._follower.presses or self._loud:
            # Where there was sound there will be sound: it is cheaper to ask only now and then.
            self._loud = max(0, self._loud - 1)
            return False
        quiet = int(view.max()) < _QUIET_PEAK and int(view.min()) > -_QUIET_PEAK
        self._loud = 0 if quiet else _ASK_AGAIN
        return quiet

    def _look_back(self, at: int) -> NDArray[np.float64]:
        """Make again what the blocks before position `at` of the buffer give to the windows to come."""
        before = self._buffer[:, at - 3 * BLOCK : at].astype(np.float64).reshape(-1, BLOCK)
        tones, energies = product(before)
        tones = tones.reshape(2 * ROWS, self.channels, 3)
        carry = np.concatenate([tones[ROWS:, :, -1], energies[1:].reshape(1, self.channels, 3)[:, :, -1]])
        window = tones[:16, :, 1:] + tones[ROWS : ROWS + 16, :, :-1]
        window *= window
        self._past = window[:8] + window[8:]
        return carry

    def _listen(self, view: NDArray[np.int16], at: int, events: list[Event]) -> None:
        channels, blocks, gate = self.channels, view.shape[1] // BLOCK, self._gate
        tones, energies = product(view.astype(np.float64).reshape(-1, BLOCK))
        tones = tones.reshape(2 * ROWS, channels, blocks)
        energies = energies.reshape(2, channels, blocks)
        if self._carry is None:
            self._carry = self._look_back(at)
        window = tones[:ROWS]
        window[:, :, 1:] += tones[ROWS:, :, :-1]
        window[:, :, 0] += self._carry[:ROWS]
        energy = energies[0]
        energy[:, 1:] += energies[1, :, :-1]
        energy[:, 0] += self._carry[ROWS]
        self._carry = np.concatenate([tones[ROWS:, :, -1], energies[1:, :, -1]])
        window *= window
        power = window[:8]
        power += window[8:16]
        groups = power.reshape(2, 4, channels, blocks)
        loudest = np.maximum(groups[:, :2], groups[:, 2:])
        loudest = np.maximum(loudest[:, 0], loudest[:, 1])
        both = loudest[0] + loudest[1]
        least = np.minimum(loudest[0], loudest[1])
        passed = least > gate.least / AMPLITUDE**2
        # The weaker over the stronger tone, written with their sum.
        passed &= least > gate.skew / (1 + gate.skew) * both
        gated: dict[int, list[tuple[int, int]]] = {}
        if passed.any():
            hum = HUM * np.add.reduce(window[16:], axis=0)
            passed &= both > (gate.share * POWER / AMPLITUDE**2) * (energy - hum)
            rows, steps = passed.nonzero()
            columns = power[:, rows, steps]
            found = columns[:4].argmax(axis=0) * 4 + columns[4:].argmax(axis=0)
            found += len(KEYS) * (hum[rows, steps] > _HUMMING * energy[rows, steps])
            for row, step, key in zip(rows.tolist(), steps.tolist(), found.tolist(), strict=True):
                gated.setdefault(row, []).append((step, key))
        if gated or self._follower.presses:
            slab = Slab(power, self._past, self._done, self._buffer, at)
            findings = self._follower.follow(slab, gated)
            events += [self._event(finding) for finding in findings if not finding.refused]
            self.refused += [self._refusal(finding) for finding in findings if finding.refused]
        if blocks > 1:
            self._past = power[:, :, -2:].copy()
        else:
            self._past = np.concatenate([self._past[:, :, 1:], power], axis=2)

    def _event(self, found: Finding) -> Event:
        """Return a finding in the caller's samples since the channel began."""
        origin = self._origin[found.channel]
        needed = found.at if self._resampler is None else self._resampler.needed(found.at)
        start = self._time(found.start, origin)
        if found.end is None:
            return DigitHeard(found.channel, KEYS[found.key], needed - origin, start)
        return DigitEnded(found.channel, KEYS[found.key], start, self._time(found.end, origin), needed - origin)

    def _refusal(self, found: Finding) -> DigitRefused:
        origin = self._origin[found.channel]
        return DigitRefused(found.channel, KEYS[found.key], self._time(found.start, origin),
                            self._time(found.end or found.start, origin))

    def _time(self, sample: float, origin: int) -> int:
        return max(0, math.floor(sample * self.rate / RATE + 0.5) - origin)
