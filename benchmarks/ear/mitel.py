"""The Mitel CM7291 test sequence, after the published procedure, as it is commonly described, made anew.

Six tests of its first side: every pulse is 50 ms with pauses of 50 ms where nothing else is said. The second side,
half an hour of speech, is what `talkoff` does with more.
"""

from collections.abc import Callable, Sequence

import numpy as np

import dtmf
from benchmarks.ear import impairments, judging
from benchmarks.ear.rows import Effort, Row, at_least, at_most, heard
from benchmarks.ear.signals import CORNERS, RATE, Floats, Line, to_int16, tone

_LEVEL = -10.0
_GAP = np.zeros(RATE // 20)
_COUNT = RATE // 20

_GUARD_FIRST_MS, _GUARD_LAST_MS, _GUARD_PULSES = 49, 10, 500


def _line(keys: str, tones: Sequence[Floats]) -> Line:
    """Return the tones with pauses of 50 ms."""
    parts = [np.zeros(1000)]
    for one in tones:
        parts += [one, _GAP]
    return Line(to_int16(np.concatenate([*parts, np.zeros(1600)])), keys)


def _decode(_effort: Effort) -> list[Line]:
    """Test 2: all 16 tone pairs, each ten times."""
    rng = np.random.default_rng(31)
    return [_line(key * 10, [tone(key, _COUNT, rng) for _ in range(10)]) for key in dtmf.KEYS]


def _bandwidth(_effort: Effort) -> list[Line]:
    """Test 3: each of the eight tones off by 0 to 4 % in steps of .1 %, upwards and downwards."""
    rng, lines = np.random.default_rng(32), []
    for key in CORNERS:
        for which in (0, 1):
            offs = [sign * step / 10 for sign in (1, -1) for step in range(1, 41)]
            shifts = [(off, 0.0) if which == 0 else (0.0, off) for off in offs]
            lines.append(_line(key * 80, [tone(key, _COUNT, rng, shift=shift) for shift in shifts]))
    return lines


def _twist(which: int) -> Callable[[Effort], list[Line]]:
    """Test 4: one tone of four pairs goes from 0 to -20 dB in steps of .1 dB."""

    def make(_effort: Effort) -> list[Line]:
        rng, lines = np.random.default_rng(33), []
        for key in CORNERS:
            downs = [step / 10 for step in range(1, 201)]
            levels = [(_LEVEL - down, _LEVEL) if which == 0 else (_LEVEL, _LEVEL - down) for down in downs]
            lines.append(_line(key * 200, [tone(key, _COUNT, rng, levels=both) for both in levels]))
        return lines

    return make


def _range(_effort: Effort) -> list[Line]:
    """Test 5: 35 pulses of digit 1, each 1 dB below the one before."""
    rng = np.random.default_rng(34)
    return [_line("1" * 35, [tone("1", _COUNT, rng, levels=(-down, -down)) for down in range(1, 36)])]


def _guard(_effort: Effort) -> list[Line]:
    """Test 6: 500 pulses of digit 1 from 49 down to 10 ms."""
    rng = np.random.default_rng(35)
    lengths = np.linspace(_GUARD_FIRST_MS, _GUARD_LAST_MS, _GUARD_PULSES)
    return [_line("1" * _GUARD_PULSES, [tone("1", round(ms * RATE / 1000), rng) for ms in lengths])]


def _noise(effort: Effort) -> list[Line]:
    """Test 7: 1,000 pulses of digit 1, each at 24, at 18 and at 12 dB of white noise."""
    rng, lines = np.random.default_rng(36), []
    for snr in (24, 18, 12):
        count = effort.of(1000)
        clean = _line("1" * count, [tone("1", _COUNT, rng) for _ in range(count)])
        noise = impairments.noise(len(clean.samples), snr, _LEVEL, rng)
        lines.append(Line(to_int16(clean.samples + noise), clean.digits))
    return lines


def _right(lines: Sequence[Line], said: Sequence[str]) -> list[int]:
    return [judging.common(line.digits, one) for line, one in zip(lines, said, strict=True)]


def _tenths(lines: Sequence[Line], said: Sequence[str]) -> judging.Figures:
    """Return the narrowest and the widest count of steps heard, a tenth each."""
    steps = _right(lines, said)
    return min(steps) / 10, max(steps) / 10


def _least(lines: Sequence[Line], said: Sequence[str]) -> judging.Figures:
    return (min(_right(lines, said)) / 10,)


def _guard_ms(lines: Sequence[Line], said: Sequence[str]) -> judging.Figures:
    step = (_GUARD_FIRST_MS - _GUARD_LAST_MS) / _GUARD_PULSES
    return (_GUARD_FIRST_MS - step * _right(lines, said)[0],)


def _not_heard(lines: Sequence[Line], said: Sequence[str]) -> judging.Figures:
    return tuple(len(line.digits) - right for line, right in zip(lines, _right(lines, said), strict=True))


ROWS = (
    Row("mitel-decode", "Mitel 2: 160 pulses, missed / inserted (%)",
        heard(_decode, judging.missed_inserted, whole=True), (at_most(0), at_most(0))),
    Row("mitel-bandwidth", "Mitel 3: bandwidth, narrowest / widest (%)",
        heard(_bandwidth, _tenths, whole=True), (at_least(3.6), at_most(5))),
    Row("mitel-twist", "Mitel 4: low tone stronger, up to (dB)", heard(_twist(1), _least, whole=True),
        (at_least(9),)),
    Row("mitel-reverse", "Mitel 4: high tone stronger, up to (dB)", heard(_twist(0), _least, whole=True),
        (at_least(6),)),
    Row("mitel-range", "Mitel 5: heard of 35 pulses, 0 to -35 dB",
        heard(_range, lambda lines, said: (float(_right(lines, said)[0]),), whole=True), (at_least(35),), 0),
    Row("mitel-guard", "Mitel 6: guard time (ms)", heard(_guard, _guard_ms, whole=True), (at_most(35),)),
    Row("mitel-noise", "Mitel 7: missed of 1,000 at 24 / 18 / 12 dB", heard(_noise, _not_heard, whole=True),
        (at_most(0), at_most(0), at_most(0)), 0),
)
