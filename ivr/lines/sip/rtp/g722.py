"""G.722's lower sub-band, which is all that a line of 8 kHz carries (ITU-T G.722, 3 to 5).

A byte is a sample of 8 kHz: six bits of the band up to 4 kHz and two of the one above it. The lower band's samples
are those of the line but for a factor of 2. What is sent has the byte of a silent upper band; what comes of the
upper band is not looked at. So no filter is needed, and no delay.
"""

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, kept

A, B, D, P, R = 0, 3, 10, 17, 20
"""Where the poles' coefficients, the zeros', the differences, and the two reconstructions stand, newest first."""

S, SZ, NB, DET = 23, 24, 25, 26
"""The prediction, the zeros' part of it, the logarithm of the step, the step."""

SIZE = 27
FRESH = np.zeros(SIZE, np.int64)
FRESH[DET] = 32
"""What is remembered at the beginning."""

_SILENT_ABOVE = 0xC0

_QUANTIZED = np.array([35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940,
                       1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919], np.int64)
_NEGATIVE = np.array([63, 62, *range(31, 3, -1)], np.int64)
_POSITIVE = np.array([61, 60, *range(59, 31, -1)], np.int64)
_COARSE = np.array([0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584,
                    1200, 0], np.int64)
_FINE = np.array([-136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232,
                  -9360, -8576, -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400,
                  -2032, -1688, -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232,
                  9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688,
                  1360, 1040, 728, 432, 136, -432, -136], np.int64)
_STEP_BY = np.array([-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60], np.int64)
"""By how much the step's logarithm grows with each coarse code."""

_LINEAR = np.floor(2048 * 2 ** (np.arange(32) / 32) + 0.5).astype(np.int64)

Samples = NDArray[np.int64]


@compiled
def _limited(value: int) -> int:
    return min(max(value, -32_768), 32_767)


@compiled
def _adapt(state: Samples, code: int) -> None:
    """Learn from a code: the step (3.5) and the predictor (3.6)."""
    coarse = code >> 2
    difference = (state[DET] * _COARSE[coarse]) >> 15
    log = min(max(((state[NB] * 127) >> 7) + _STEP_BY[coarse], 0), 18_432)
    state[NB] = log
    shift = 8 - (log >> 11)
    linear = _LINEAR[(log >> 6) & 31]
    state[DET] = (linear >> shift if shift >= 0 else linear << -shift) << 2

    for at in (P, R):
        state[at + 2], state[at + 1] = state[at + 1], state[at]
    state[R], state[P] = _limited(state[S] + difference), _limited(state[SZ] + difference)
    for at in range(D + 6, D, -1):
        state[at] = state[at - 1]
    state[D] = difference

    same1, same2 = (state[P] < 0) == (state[P + 1] < 0), (state[P] < 0) == (state[P + 2] < 0)
    first = _limited(state[A + 1] << 2)
    turned = min(-first if same1 else first, 32_767)
    second = (turned >> 7) + (128 if same2 else -128) + ((state[A + 2] * 32_512) >> 15)
    second = min(max(second, -12_288), 12_288)
    first = _limited((192 if same1 else -192) + ((state[A + 1] * 32_640) >> 15))
    bound = _limited(15_360 - second)
    state[A + 1], state[A + 2] = min(max(first, -bound), bound), second

    by = 128 if difference else 0
    zeros = 0
    for n in range(1, 7):
        agrees = (state[D + n] < 0) == (difference < 0)
        state[B + n] = _limited((by if agrees else -by) + ((state[B + n] * 32_640) >> 15))
    for n in range(6, 0, -1):
        zeros += (state[B + n] * _limited(2 * state[D + n - 1])) >> 15
    state[SZ] = _limited(zeros)
    poles = ((state[A + 1] * _limited(2 * state[R])) >> 15) + ((state[A + 2] * _limited(2 * state[R + 1])) >> 15)
    state[S] = _limited(_limited(poles) + state[SZ])


@compiled
def decode(state: Samples, byte: int) -> int:
    """Return the sample of a byte."""
    code = byte & 63
    low = state[S] + ((state[DET] * _FINE[code]) >> 15)
    _adapt(state, code)
    return 2 * int(min(max(low, -16_384), 16_383))


@compiled
def encode(state: Samples, sample: int) -> int:
    """Return the byte of a sample."""
    error = _limited((sample >> 1) - state[S])
    size = error if error >= 0 else -(error + 1)
    level = 0
    while level < 29 and size >= (_QUANTIZED[level] * state[DET]) >> 12:
        level += 1
    code = _POSITIVE[level] if error >= 0 else _NEGATIVE[level]
    _adapt(state, code)
    return _SILENT_ABOVE | int(code)


@kept
def pass_through(states: Samples, samples: NDArray[np.int16]) -> None:
    """Put in the place of samples what comes of them, encoded and decoded.

    Parameters
    ----------
    states : int64 array [shape=(2, 27)]
        Of who encodes and who decodes.
    samples : int16 array [shape=(n,)]
    """
    for n in range(len(samples)):
        samples[n] = decode(states[1], encode(states[0], int(samples[n])))
