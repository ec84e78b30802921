"""A name that a caller has recorded, made fit to be played to others (A4.4 to A4.7)."""

import numpy as np
from numpy.typing import NDArray

from prompts.level import Samples, amplitude_of, levelled

_FRAME_S = 0.02
_ABOVE_FLOOR_DB = 9.0
"""Speech swings more than this above the quietest tenth of a recording; steady noise stays within 2 dB of it."""
_QUIETEST_DBM0 = -54.0
"""What is fainter than this is not taken for a voice."""
_SHORTEST_S, _WITHIN_S = 0.12, 0.5
"""A name of one syllable sounds at least so long, within so long; a knock does not."""
_PAUSE_S = 0.7
"""A longer pause parts the name from something else: a cough, a hand on the receiver."""
_BEFORE_S, _AFTER_S = 0.08, 0.12
"""Soft beginnings and ends lie below the threshold."""
_FADE_S = 0.02
_MOST_GAIN_DB = 30.0
_HUM_HZ, _EDGE_S = 180.0, 0.1
_TONAL = 0.9
"""Share of a frame's power at one pitch, for a tone; a voice spreads it over its overtones."""


def name_from(recording: Samples, rate: int = 8000) -> Samples | None:
    """Return the name in a recording: without the silence around it, at the prompts' level, its ends faded.

    Parameters
    ----------
    recording : int16 array [shape=(n,)]
        What the caller said after the tone, without the key that ended it.
    rate : int
        Samples a second.

    Returns
    -------
    int16 array [shape=(m,)], or None
        None if nobody speaks in it: silence, hum, noise, a knock, tones.
    """
    frame = round(_FRAME_S * rate)
    if len(recording) < frame * round(_SHORTEST_S / _FRAME_S):
        return None
    signal = _without_hum(recording, rate)
    powers = np.square(signal[:len(signal) // frame * frame].reshape(-1, frame)).mean(axis=1)
    floor = np.quantile(powers, 0.1)
    least = max(floor * 10 ** (_ABOVE_FLOOR_DB / 10), amplitude_of(_QUIETEST_DBM0) ** 2)
    span = _longest(powers, least)
    if span is None or _is_tone(signal, frame, span, powers >= least):
        return None
    begin = max(span[0] * frame - round(_BEFORE_S * rate), 0)
    end = min(span[1] * frame + round(_AFTER_S * rate), len(signal))
    said = signal[begin:end]
    edge = round(_FADE_S * rate)
    fade = np.square(np.sin(np.linspace(0.0, np.pi / 2, edge)))
    said[:edge] *= fade
    said[-edge:] *= fade[::-1]
    return levelled(said, rate, most_gain_db=_MOST_GAIN_DB)


def _without_hum(recording: Samples, rate: int) -> NDArray[np.float64]:
    """Take out the mains and its overtones to 200 Hz; a telephone carries a voice without them.

    What a Butterworth filter of the fourth order does that goes over the signal and back, in one multiplication.
    """
    signal = recording - recording.mean()
    edge = min(round(_EDGE_S * rate), len(signal) - 1)
    # mirrored at its ends, so that it does not begin with a step
    around = np.concatenate([2 * signal[0] - signal[edge:0:-1], signal, 2 * signal[-1] - signal[-2:-edge - 2:-1]])
    bends = np.tan(np.pi * np.fft.rfftfreq(len(around), 1 / rate) / rate)
    kept = bends**8 / (bends**8 + np.tan(np.pi * _HUM_HZ / rate) ** 8)
    return np.asarray(np.fft.irfft(np.fft.rfft(around) * kept, len(around))[edge:edge + len(signal)], np.float64)


def _longest(powers: NDArray[np.float64], least: float) -> tuple[int, int] | None:
    """Return first and last frame of the stretch, without long pauses, that sounds most; None if none is a name."""
    loud = np.flatnonzero(powers >= least)
    if not loud.size:
        return None
    breaks = np.flatnonzero(np.diff(loud) > round(_PAUSE_S / _FRAME_S)) + 1
    stretches = [s for s in np.split(loud, breaks) if _is_spoken(s)]
    if not stretches:
        return None
    return int(stretches[0][0]), int(stretches[-1][-1]) + 1


def _is_spoken(loud: NDArray[np.int_]) -> bool:
    needed, within = round(_SHORTEST_S / _FRAME_S), round(_WITHIN_S / _FRAME_S)
    return len(loud) >= needed and bool((loud[needed - 1:] - loud[:len(loud) - needed + 1] < within).any())


def _is_tone(signal: NDArray[np.float64], frame: int, span: tuple[int, int], loud: NDArray[np.bool_]) -> bool:
    """Return whether what sounds is one or two steady pitches: a key, a busy line."""
    frames = signal[span[0] * frame:span[1] * frame].reshape(-1, frame)[loud[span[0]:span[1]]]
    spectrum = np.square(np.abs(np.fft.rfft(frames * np.hanning(frame), 4 * frame, axis=1)))
    mean = spectrum.mean(axis=0)
    share = 0.0
    for _ in range(2):
        peak = int(mean.argmax())
        near = slice(max(peak - 8, 0), peak + 9)
        share += float(mean[near].sum())
        mean[near] = 0.0
    return share >= _TONAL * (share + float(mean.sum()))
