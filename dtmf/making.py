"""From digits to samples."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import LevelError
from dtmf.keys import PAUSES_S, amplitude, check_rate, frequencies

_LONGEST_MS = 600_000
"""Milliseconds of a tone or a silence: ten minutes."""

_LEVELS = (-85, 3)
"""dBm0 of a tone: 16 bits hold nothing below, and nothing above."""

_MOST_TWIST = 40

_MOST_SAMPLES = 1 << 29
"""Samples that are made at once: a gigabyte."""


def encode(
    digits: str,
    rate: int = 8000,
    *,
    tone_ms: float = 100,
    gap_ms: float = 100,
    level_dbm0: float = -10.0,
    twist_db: float = 0.0,
    lead_ms: float = 0,
) -> NDArray[np.int16]:
    """Make the tones of `digits`, a gap after each.

    Parameters
    ----------
    digits : str
        Keys, `A` to `D` in capitals; between them `,` is a pause of a second and `w` one of half a second, as in
        numbers that modems dial.
    rate : int
        Samples a second, 4000 to 192000.
    tone_ms, gap_ms, lead_ms : float
        Length of a tone, of the silence after it, and of the silence before the first.
    level_dbm0 : float
        Mean of the levels of the two tones; a full-scale sine is +3.14 dBm0.
    twist_db : float
        The high tone over the low one.

    Returns
    -------
    int16 array [shape=(n,)]

    Raises
    ------
    DigitError
        If a character is not a key.
    LevelError
        If a tone exceeds 16 bits or is lost in them, or a length cannot be made.
    RateError
        If `rate` is outside 4 to 192 kHz.
    """
    check_rate(rate)
    for name, value, (least, most), unit in (
            ("tone", tone_ms, (1, _LONGEST_MS), "ms"), ("gap", gap_ms, (0, _LONGEST_MS), "ms"),
            ("lead", lead_ms, (0, _LONGEST_MS), "ms"), ("level", level_dbm0, _LEVELS, "dBm0"),
            ("twist", twist_db, (-_MOST_TWIST, _MOST_TWIST), "dB")):  # fmt: skip
        if not least <= value <= most:
            raise LevelError(f"a {name} of {value:g} {unit} cannot be made; give {least} to {most} {unit}.",
                             value=value)
    low, high = amplitude(level_dbm0 - twist_db / 2), amplitude(level_dbm0 + twist_db / 2)
    if low + high > 32767:
        raise LevelError(
            f"level {level_dbm0:g} dBm0 with twist {twist_db:g} dB does not fit into 16 bits; "
            f"at this twist {level_dbm0 - 20 * math.log10((low + high) / 32767):.1f} dBm0 is the loudest.",
            value=level_dbm0
        )
    keys = sum(digit not in PAUSES_S for digit in digits)
    length = lead_ms + keys * (tone_ms + gap_ms) + sum(1000 * PAUSES_S.get(digit, 0) for digit in digits)
    if length * rate > 1000 * _MOST_SAMPLES:
        raise LevelError(f"{length / 3.6e6:.1f} h of keys at {rate} Hz cannot be made; give "
                         f"{_MOST_SAMPLES / rate / 3600:.1f} h at the most.", value=round(length))
    pauses = {pause: np.zeros(round(lasting * rate), np.int16) for pause, lasting in PAUSES_S.items()}
    time = np.arange(round(tone_ms * rate / 1000)) * (2 * math.pi / rate)
    gap = np.zeros(round(gap_ms * rate / 1000), np.int16)
    parts = [np.zeros(round(lead_ms * rate / 1000), np.int16)]
    for digit in digits:
        if digit in pauses:
            parts.append(pauses[digit])
            continue
        low_hz, high_hz = frequencies(digit)
        tone = low * np.sin(low_hz * time) + high * np.sin(high_hz * time)
        parts += [np.rint(tone).astype(np.int16), gap]
    return np.concatenate(parts)
