"""Taking keys out of a caller's sound before anybody else hears it: DTMF clamping.

The ear is sure of a key some 40 ms after it began, and of one of 25 ms never; other receivers read that one too. So
the clamp goes by suspicion, near every window that passed the ear's gate: where two tones of a key may stand that
were not there before, the sound is silent from before the first of it until the pair is over. That has to be known
before the sound goes out, which is therefore `DELAY` late.
"""

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, kept
from dtmf.fit import HISTORY
from dtmf.goertzel import BLOCK, Array
from dtmf.keys import RATE
from dtmf.press import start
from dtmf.suspicion import HOP, PURE, WINDOW, State, fill, gated, look, stands

DELAY = 39 * RATE // 1000
"""Samples by which clamped sound is late: what the shortest key needs (25 ms) to be told from a voice."""

MOST_WINDOWS = 32
"""Windows that are looked through at once at most."""

STATE = np.dtype(
    [
        ("since", np.int64),  # the sound is silent from here
        ("until", np.int64),  # to here; equal where nothing is
        ("key", np.int64),  # whose tones are taken out, counted from 1
        ("done", np.int64),  # the last sample looked at
        ("like", np.int64),  # the key of the run of looks that may become a suspicion, counted from 1
        ("first", np.int64),  # where the first of these looks ended,
        ("last", np.int64),  # and the last
        ("looks", np.int64),
        ("open", np.bool_),  # whether the run is yet to be judged
        ("came", np.float64, (2,)),  # what there was of each tone before the run, in parts of its power
        ("quiet", np.float64),  # the quietest sound before it, in parts of the pair's
        ("strong", np.float64, (2,)),  # the most power of each tone in it
        ("sums", np.float64, (4,)),  # of purity, twist in dB, part off the frequency, unsteadiness
        ("offsets", np.int64, (2,)),
    ],
    align=True,
)
"""The clamp of a channel; all zeros is one on which nothing has been heard. Moments are samples at 8 kHz."""

_LAG = 100
"""Samples after the first look at which a run is judged."""

_BEFORE, _AFTER = 100, 80
"""Samples by which silence is longer than the looks that brought it about."""

_AFTER_KEY = 240
"""The same after a key that the ear knows: what is left of one that fades, or falls to another level, is looked at
for as long."""

_MEMORY = 640
"""Samples of sound between two silences below which it is silent too."""

_RAMP = 40
"""Samples in which sound fades into a silence and out of it."""


@kept
def suspect(samples: NDArray[np.int16], at: int, windows: int, first: int, lanes: NDArray[np.void],
            states: NDArray[np.void], beyond_db: float) -> None:  # fmt: skip
    """Take the clamps of all channels through the windows that `dtmf.follow.follow` has just been through.

    Parameters
    ----------
    samples, at, first, lanes
        As there.
    windows : int
        `MOST_WINDOWS` at most.
    states : array of `STATE` [shape=(channels,)]
    beyond_db : float
        Twist that counts for nothing: `dtmf.suspicion.beyond_db`.
    """
    past = np.zeros(HISTORY)
    even, odd = np.empty(BLOCK), np.empty(BLOCK)
    for channel in range(len(samples)):
        row, lane, state = samples[channel], lanes[channel], states[channel]
        if lane.on and lane.reported:
            # the ear knows this key, and when it is over
            _silence(state, int(start(lane)) - _BEFORE, (first + windows) * BLOCK + _AFTER_KEY)
            state.key = lane.key + 1
            state.open, state.done = False, (first + windows) * BLOCK
            continue
        for step in range(windows):
            now = (first + step + 1) * BLOCK
            passed = (lane.gates >> (windows - 1 - step)) & 3
            if passed or state.open or state.until > now - BLOCK:
                # a window that passes is looked at from where the one before it ended
                for moment in range(max(state.done, now - 2 * BLOCK) + HOP, now + 1, HOP):
                    _step(row, at + (step + 1) * BLOCK - now + moment, moment, state, past, even, odd,
                          beyond_db)
                state.done = now


@compiled
def _step(row: NDArray[np.int16], stop: int, now: int, state: State, past: Array, even: Array,
          odd: Array, beyond_db: float) -> None:  # fmt: skip
    """Look at the 20 ms that end at `stop` of the row, which is sample `now` of the channel."""
    key = gated(row, stop, even, odd)
    if key:
        fill(row, stop, past)
        good, pure = look(past, now, key, state, beyond_db)
        if now <= state.until and ((key == state.key and pure > PURE) or good):
            state.until, state.key = now + _AFTER, key
    if state.open and now >= state.first + _LAG:
        state.open = False
        fill(row, stop, past)
        if stands(past, state):
            _silence(state, state.first - WINDOW - _BEFORE, state.last + _AFTER)
            state.key = state.like


@compiled
def _silence(state: State, since: int, until: int) -> None:
    """Silence a stretch; one that follows closely on another is one with it."""
    if since - state.until > _MEMORY:
        state.since = since
        state.until = until
    else:
        state.since = min(state.since, since) if state.until > state.since else since
        state.until = max(state.until, until)


def silenced(sound: NDArray[np.int16], begin: int, states: NDArray[np.void]) -> NDArray[np.int16]:
    """Return a copy of sound without what is clamped.

    Parameters
    ----------
    sound : int16 array [shape=(channels, n)]
    begin : int
        The moment of its first sample.
    states : array of `STATE` [shape=(channels,)]
    """
    quiet = sound.copy()
    end = begin + sound.shape[1]
    since, until = states["since"], states["until"]
    whole = (since <= begin) & (until >= end)
    quiet[whole] = 0
    edges = np.flatnonzero((since < end + _RAMP) & (until > begin - _RAMP) & (until > since) & ~whole)
    if len(edges):
        time = np.arange(begin, end)
        gain = np.clip(np.maximum(since[edges, None] - time, time - until[edges, None] + 1), 0, _RAMP)
        quiet[edges] = sound[edges] * gain // _RAMP
    return quiet
