"""The streaming detector: many channels, any chunks, events as soon as they are sure.

Two tiers. A window of 20 ms ends every 10 ms; one exact product gives all channels' tones in it, and a few array
operations let through the windows in which one low and one high tone hold much of the energy. Only for those does
Python run, a channel at a time: `Press` follows the tone, `verify` looks at its samples again.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import ShapeError
from dtmf.goertzel import AMPLITUDE, BLOCK, POWER, product
from dtmf.keys import KEYS, RATE, amplitude, check_rate
from dtmf.press import Press
from dtmf.resample import Resampler
from dtmf.verify import HISTORY, MOST_LOOKS, convinces

_LEAST = amplitude(-46.0) ** 2
"""Squared amplitude below which a tone is not heard."""

_SHARE = 0.34
"""Part of a window's energy that the two tones must hold."""

_SKEW = 0.05
"""Least ratio of the weaker tone's power to the stronger one's (13 dB) in a window."""

_LONG_ENOUGH = 29 * RATE // 1000
_SLAB = 1 << 18

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

    The events are the same bit for bit however the samples are cut into chunks, and whoever else is on the other
    channels.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second of what comes in, 8000 to 96000. All times are samples at this rate since the detector, or
        the channel's `reset`, began.

    Raises
    ------
    RateError
        If `rate` is outside 8 to 96 kHz.
    """

    def __init__(self, channels: int, rate: int = RATE) -> None:
        self.rate = check_rate(rate)
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
        self._buffer = np.zeros((channels, HISTORY + BLOCK + 2 * self._slab), np.int16)
        self._fill = HISTORY
        self._carry: NDArray[np.float64] | None = None
        self._past = np.zeros((8, channels, 2))
        self._presses: dict[int, Press] = {}
        self._codes: dict[int, tuple[int, int]] = {}
        self._lost: dict[int, list[tuple[int, int]]] = {}
        self._origin = [0] * channels
        self._origin_8k = [0] * channels

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
                f"samples are {samples.dtype} of shape {samples.shape}; give int16 of shape ({self.channels}, n)."
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
        self._presses.pop(channel, None)
        self._codes.pop(channel, None)
        self._lost.pop(channel, None)
        if self._resampler is not None:
            self._resampler.reset(channel)
        self._origin[channel] = self._came
        self._origin_8k[channel] = self._came * RATE // self.rate

    def resize(self, channels: int) -> None:
        """Have room for `channels` channels, at least as many as now; states are kept, new ones begin at time 0.

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
        self._origin_8k += [self._came * RATE // self.rate] * more
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
                ended.append(
                    DigitEnded(
                        event.channel, event.digit, event.start, min(event.end, last), min(event.at, last)
                    )
                )
        return ended

    def _note_missing(self, samples: NDArray[np.int16], missing: NDArray[np.bool_]) -> NDArray[np.int16]:
        samples = np.where(missing[:, None], np.int16(0), samples)
        begin, end = self._came, self._came + samples.shape[1]
        if self._resampler is not None:
            begin, end = self._resampler.touched(begin, end)
        if end > begin:
            for channel in np.flatnonzero(missing).tolist():
                self._lost.setdefault(channel, []).append((begin // BLOCK, -(-end // BLOCK)))
        return samples

    def _append(self, samples: NDArray[np.int16]) -> None:
        count = samples.shape[1]
        if self._fill + count > self._buffer.shape[1]:
            keep = HISTORY + BLOCK
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
        view = self._buffer[:, at : at + blocks * BLOCK]
        if not self._presses and int(view.max()) < _QUIET_PEAK and int(view.min()) > -_QUIET_PEAK:
            # No window in here can be loud enough; what the last block gives the next window is made when needed.
            self._carry = None
            self._past[:] = 0
        else:
            self._listen(view, at, events)
        self._done += blocks
        if self._lost:
            self._lost = {
                channel: kept
                for channel, ranges in self._lost.items()
                if (kept := [r for r in ranges if r[1] >= self._done])
            }

    def _listen(self, view: NDArray[np.int16], at: int, events: list[Event]) -> None:
        channels, blocks = self.channels, view.shape[1] // BLOCK
        tones, energies = product(view.astype(np.float64).reshape(-1, BLOCK))
        tones = tones.reshape(32, channels, blocks)
        energies = energies.reshape(2, channels, blocks)
        if self._carry is None:
            before = self._buffer[:, at - BLOCK : at].astype(np.float64)
            first, energy = product(before)
            self._carry = np.concatenate([first[16:], energy[1:]])
        window = tones[:16]
        window[:, :, 1:] += tones[16:, :, :-1]
        window[:, :, 0] += self._carry[:16]
        energy = energies[0]
        energy[:, 1:] += energies[1, :, :-1]
        energy[:, 0] += self._carry[16]
        self._carry = np.concatenate([tones[16:, :, -1], energies[1:, :, -1]])
        window *= window
        power = window[:8]
        power += window[8:]
        low = power[:4].max(axis=0)
        high = power[4:].max(axis=0)
        least = np.minimum(low, high)
        most = np.maximum(low, high)
        passed = least > _LEAST / AMPLITUDE**2
        passed &= least > _SKEW * most
        low += high
        passed &= low > (_SHARE * POWER / AMPLITUDE**2) * energy
        # _past is what presses look back at; it must follow even where nothing passed.
        busy = set(self._presses)
        if passed.any():
            busy.update(np.flatnonzero(passed.any(axis=1)).tolist())
        for channel in sorted(busy):
            self._follow(channel, power, passed[channel], at, events)
        if blocks > 1:
            self._past = power[:, :, -2:].copy()
        else:
            self._past = np.concatenate([self._past[:, :, 1:], power], axis=2)

    def _follow(
        self,
        channel: int,
        power: NDArray[np.float64],
        passed: NDArray[np.bool_],
        at: int,
        events: list[Event],
    ) -> None:
        """Take one channel through its windows, stopping only where something may be going on."""
        blocks = len(passed)
        gated = np.flatnonzero(passed).tolist()
        lost = self._lost.get(channel)
        place = 0
        step = 0
        while True:
            if channel not in self._presses:
                while place < len(gated) and gated[place] < step:
                    place += 1
                if place == len(gated):
                    return
                step = gated[place]
            if step >= blocks:
                return
            block = self._done + step
            missed = lost is not None and any(a <= block < b + 1 for a, b in lost)
            code = -1
            if passed[step]:
                column = power[:, channel, step]
                code = int(column[:4].argmax()) * 4 + int(column[4:].argmax())
            self._window(channel, power, step, block, code, missed, at, events)
            step += 1

    def _strength(self, channel: int, power: NDArray[np.float64], step: int, key: int) -> float:
        """Return the amplitude of a key's two tones in a window of this slab, or one of the two before it."""
        row, column = key // 4, 4 + key % 4
        if step >= 0:
            first, second = power[row, channel, step], power[column, channel, step]
        else:
            first, second = self._past[row, channel, step], self._past[column, channel, step]
        return (math.sqrt(first) + math.sqrt(second)) * AMPLITUDE

    def _window(
        self,
        channel: int,
        power: NDArray[np.float64],
        step: int,
        block: int,
        code: int,
        missed: bool,
        at: int,
        events: list[Event],
    ) -> None:
        press = self._presses.get(channel)
        then, last = self._codes.get(channel, (-2, -1))
        self._codes[channel] = (block, code)
        if press is not None:
            if missed:
                press.miss()
                return
            strength = self._strength(channel, power, step, press.key)
            press.step(strength)
            other = code >= 0 and code != press.key
            if other and ((code == last and then == block - 1) or strength < 0.3 * press.plateau):
                self._end(channel, press, block, events)
                press = None
            elif press.ended:
                self._end(channel, press, block, events)
                rise = press.next_climb()
                press = None
                if code >= 0:
                    press = self._presses[channel] = Press(code, block, rise)
        if press is None:
            if code < 0:
                return
            climb = [self._strength(channel, power, step - i, code) for i in (2, 1, 0)]
            # A rise has one foot: what was louder before the window before was another sound.
            climb[1] = min(climb[1], climb[2])
            climb[0] = min(climb[0], climb[1])
            press = self._presses[channel] = Press(code, block, climb)
        if not press.reported and code == press.key:
            self._look(channel, press, step, block, at, events)

    def _look(self, channel: int, press: Press, step: int, block: int, at: int, events: list[Event]) -> None:
        now = (block + 1) * BLOCK
        end = min(now, int(press.end)) if press.dip or press.last < 0.9 * press.plateau else now
        start = press.start
        span = int(end - start)
        if span < _LONG_ENOUGH or press.looks >= MOST_LOOKS:
            return
        press.looks += 1
        stop = at + (step + 1) * BLOCK - (now - end)
        past = self._buffer[channel, stop - HISTORY : stop] if stop >= HISTORY else None
        if past is None:
            short = self._buffer[channel, :stop]
            past = np.concatenate([np.zeros(HISTORY - stop, np.int16), short])
        if convinces(past.astype(np.float64), press.key, span):
            press.reported = True
            press.begun = start
            events.append(
                DigitHeard(channel, KEYS[press.key], self._at(channel, now), self._time(channel, start))
            )

    def _end(self, channel: int, press: Press, block: int, events: list[Event]) -> None:
        del self._presses[channel]
        if press.reported:
            start, end = self._time(channel, press.start), self._time(channel, press.end)
            now = self._at(channel, (block + 1) * BLOCK)
            events.append(DigitEnded(channel, KEYS[press.key], start, max(start, end), now))

    def _time(self, channel: int, sample: float) -> int:
        """Return a moment at 8 kHz as the caller's sample, since the channel began."""
        return max(0, math.floor(sample * self.rate / RATE + 0.5) - self._origin[channel])

    def _at(self, channel: int, sample: int) -> int:
        """Return how many of the caller's samples had to come before sample `sample` at 8 kHz was there."""
        needed = sample if self._resampler is None else self._resampler.needed(sample)
        return needed - self._origin[channel]
