"""From what the engine gives to what a telephone line wants: rate, level, ends."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

VERSION = "3"
"""Part of the cache's key: changes whenever the same speech would come out as other samples."""

ACTIVE_DBM0 = -16.0
"""Active speech level after P.56; a full-scale sine is +3.14 dBm0."""

_HANGOVER_S, _MARGIN_DB = 0.2, 15.9
"""P.56, method B: pauses up to this long count as speech; speech is what lies so far below its level, or above."""

_AT_ONCE = 512
"""Samples that are smoothed at once: what decays fastest (30 ms at 8 kHz) is still a tenth of itself after them."""

_PEAK = 30000
_EDGE_S = 0.04


def amplitude_of(dbm0: float) -> float:
    """Return the RMS of samples at this level."""
    return float(32768 / np.sqrt(2) * 10 ** ((dbm0 - 3.14) / 20))


def active_level(samples: Samples | NDArray[np.float64], rate: int) -> float:
    """Return the active speech level after ITU-T P.56, method B, in dBm0: pauses over 200 ms do not count.

    Parameters
    ----------
    samples : int16 or float64 array [shape=(n,)]
        In units of int16.
    rate : int
        Samples a second.

    Returns
    -------
    float
        Minus infinity for silence.
    """
    g = np.exp(-1 / (rate * 0.03))
    signal = samples.astype(np.float64)
    envelope = _smoothed(_smoothed(np.abs(signal), g), g)
    energy = float(np.square(signal).sum())
    if not energy:
        return -np.inf
    places = np.arange(len(signal))
    whole_db = 10 * np.log10(energy / len(signal)) - 20 * np.log10(32768)
    margin, level = np.inf, whole_db
    # a decibel a step, from below where it can be: speech is no fainter than it is with all its pauses
    for threshold_db in range(max(int(np.floor(whole_db - _MARGIN_DB)) - 1, -95), 1):
        above = np.where(envelope >= 32768 * 10 ** (threshold_db / 20), places, -len(signal) - rate)
        active = int((places - np.maximum.accumulate(above) <= _HANGOVER_S * rate).sum())
        if not active:
            break
        before, level_before = margin, level
        level = 10 * np.log10(energy / active) - 20 * np.log10(32768)
        margin = level - threshold_db
        if margin <= _MARGIN_DB:
            part = (before - _MARGIN_DB) / (before - margin) if np.isfinite(before) else 1.0
            level = level_before + part * (level - level_before) if np.isfinite(before) else level
            break
    return float(level + 10 * np.log10(2) + 3.14)


def _smoothed(signal: NDArray[np.float64], g: float) -> NDArray[np.float64]:
    """Return y[n] = g y[n - 1] + (1 - g) x[n], block by block; scipy.signal takes half a second to import."""
    blocks = np.zeros((-(-len(signal) // _AT_ONCE), _AT_ONCE))
    blocks.reshape(-1)[:len(signal)] = signal
    powers = g ** np.arange(_AT_ONCE)
    blocks = (1 - g) * powers * np.cumsum(blocks / powers, axis=1)
    last = 0.0
    for block in blocks:
        block += last * g * powers
        last = block[-1]
    return np.asarray(blocks.reshape(-1)[:len(signal)], np.float64)


def for_the_line(speech: Samples, from_rate: int, rate: int) -> Samples:
    """Bring speech to a line's rate and level, trim its ends to 40 ms of silence and let them fade.

    Parameters
    ----------
    speech : int16 array [shape=(n,)]
    from_rate, rate : int
        Samples a second, as given and as wanted.
    """
    import soxr

    signal = np.asarray(soxr.resample(speech.astype(np.float64), from_rate, rate, quality="HQ"), np.float64)
    sounds = np.flatnonzero(np.abs(signal) > 0.01 * np.abs(signal).max(initial=1.0))
    edge = round(_EDGE_S * rate)
    if not sounds.size:
        return np.zeros(edge, np.int16)
    begin, end = sounds[0], sounds[-1] + 1
    signal = np.concatenate([np.zeros(edge), signal, np.zeros(edge)])[begin:end + 2 * edge]
    fade = np.linspace(0.0, 1.0, edge)
    signal[:edge] *= fade
    signal[-edge:] *= fade[::-1]
    return levelled(signal, rate)


def levelled(signal: NDArray[np.float64], rate: int, *, most_gain_db: float = np.inf) -> Samples:
    """Return speech at `ACTIVE_DBM0`, or less where its peaks or `most_gain_db` forbid it."""
    gain_db = min(ACTIVE_DBM0 - active_level(signal, rate), most_gain_db)
    gain = min(10 ** (gain_db / 20), _PEAK / max(float(np.abs(signal).max()), 1.0))
    samples: Samples = np.rint(signal * gain).astype(np.int16)
    return samples
