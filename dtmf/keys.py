"""The keypad of ITU-T Q.23: sixteen keys, each the sum of a low and a high tone."""

from dtmf.errors import DigitError, RateError

KEYS = "123A456B789C*0#D"
"""The keys row by row; the position of a key is 4 * row + column."""

LOW_HZ = (697, 770, 852, 941)
"""The low group, a row each (Q.23 table 1)."""

HIGH_HZ = (1209, 1336, 1477, 1633)
"""The high group, a column each (Q.23 table 1)."""

RATE = 8000
"""Samples a second at which the decoder listens; other rates are brought to this one."""

LOWEST_RATE, HIGHEST_RATE = 4000, 192000

FULL_SCALE = 32768
"""The amplitude, in int16 steps, of the largest sine."""

FULL_SCALE_DBM0 = 3.14
"""The level of a full-scale sine (G.711 table 5, A-law)."""


PAUSES_S = {",": 1.0, "w": 0.5}
"""Signs in a number to dial that are no keys: pauses, and how long they last, in seconds."""


def frequencies(digit: str) -> tuple[int, int]:
    """Return the low and the high frequency of `digit`, in Hz.

    Raises
    ------
    DigitError
        If `digit` is not one of the 16 keys (`A` to `D` in capitals).
    """
    place = KEYS.find(digit) if len(digit) == 1 else -1
    if place < 0:
        raise DigitError(f"{digit!r} is not a key; the keys are 0-9, *, # and A-D, and ',' and 'w' are pauses.",
                         value=digit)
    return LOW_HZ[place // 4], HIGH_HZ[place % 4]


def amplitude(level_dbm0: float) -> float:
    """Return the amplitude, in int16 steps, of a sine at `level_dbm0`."""
    return float(FULL_SCALE * 10 ** ((level_dbm0 - FULL_SCALE_DBM0) / 20))


def check_rate(rate: int) -> int:
    """Return `rate` if it lies in 4 to 192 kHz.

    Raises
    ------
    RateError
        If it does not, or is not a whole number of samples a second.
    """
    if rate != int(rate) or not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise RateError(f"a sample rate of {rate} Hz is outside 4000 to 192000 Hz; resample the audio first.",
                        value=rate)
    return int(rate)
