"""Rows of keys on bad lines: noise, dial tones, a third tone, lost packets, echo, speech, files of few bits."""

from collections.abc import Callable

import numpy as np

from benchmarks.ear import impairments, judging, speech
from benchmarks.ear.rows import Effort, Limit, Prepare, Row, at_most, heard
from benchmarks.ear.signals import CORNERS, FULL_SCALE, Floats, Line, amplitude, pulses, random_keys, to_int16

_A_LINE = 50
"""Digits of a line: each line begins at another alignment."""

_MARGIN = 80
"""Samples at both ends of a tone where nothing is lost: a loss there makes it shorter, not two."""

Spoil = Callable[[Floats, np.ndarray, np.random.Generator], Floats]


def noisy(count: int, tone_ms: float, snr_db: float) -> Callable[[Effort], list[Line]]:
    """Return what makes `count` random keys in white noise, gaps as long as tones."""
    return spoilt(count, tone_ms, lambda samples, _spans, rng: samples + impairments.noise(
        len(samples), snr_db, -10, rng))


def spoilt(count: int, tone_ms: float, spoil: Spoil) -> Callable[[Effort], list[Line]]:
    """Return what makes `count` random keys and does `spoil` to each line."""

    def make(effort: Effort) -> list[Line]:
        rng = np.random.default_rng(20)
        lines = []
        for _ in range(effort.of(count) // _A_LINE):
            keys = random_keys(_A_LINE, rng)
            samples, spans = pulses(keys, rng, tone_ms=tone_ms, gap_ms=tone_ms)
            lines.append(Line(to_int16(spoil(samples, spans, rng)), keys, None, spans))
        return lines

    return make


def _dial(hertz: tuple[float, ...]) -> Callable[[Effort], list[Line]]:
    """Tones at ever lower levels over a dial tone; the value is what a tone has over one tone of the dial tone."""

    def make(effort: Effort) -> list[Line]:
        rng = np.random.default_rng(21)
        lines = []
        for value in effort.steps(-18, 14, 1):
            for key in CORNERS:
                keys, level = key * effort.pulses, -22.0
                samples, spans = pulses(
                    keys, rng, tone_ms=50, gap_ms=50, jitter_ms=13, levels=(level, level)
                )
                samples += impairments.dial_tone(hertz, len(samples), level - value, rng)
                lines.append(Line(to_int16(samples), keys, value, spans))
        return lines

    return make


def _third(samples: Floats, spans: np.ndarray, rng: np.random.Generator) -> Floats:
    """Add a third tone 4 dB below each of the two, as long as the key, anywhere from 300 to 3400 Hz.

    One in 25 falls on one of the two tones themselves, and is none: hence the few that may be accepted.
    """
    for start, end in spans:
        hertz = rng.uniform(300, 3400)
        samples[start:end] += impairments.dial_tone((hertz,), end - start, -14, rng)
    return samples


def _loss(repeat: bool) -> Spoil:
    """Lose 20 ms of every tone, 10 ms or more from its ends."""

    def spoil(samples: Floats, spans: np.ndarray, rng: np.random.Generator) -> Floats:
        for start, end in spans:
            at = int(rng.integers(start + _MARGIN, end - _MARGIN - impairments.FRAME + 1))
            impairments.lose(samples, at, repeat=repeat)
        return samples

    return spoil


def _echo(samples: Floats, _spans: np.ndarray, _rng: np.random.Generator) -> Floats:
    return impairments.echo(samples, 20, -10)


def _under(snr_db: float, source: str) -> Prepare:
    """Keys over speech without pauses; the SNR is the power of one tone over that of the speech on the line."""

    def spoil(samples: Floats, _spans: np.ndarray, rng: np.random.Generator) -> Floats:
        talk = speech.running(source)
        at = int(rng.integers(0, len(talk) - len(samples)))
        piece = talk[at : at + len(samples)]
        return samples + piece * (speech.rms_of_tone(-10 - snr_db) / float(piece.std()))

    return heard(spoilt(5000, 100, spoil), judging.missed)


def _coded(code: str, levels: tuple[float, ...]) -> Callable[[Effort], list[Line]]:
    """Keys of 50/50 ms at several levels, through a file of few bits."""

    def make(effort: Effort) -> list[Line]:
        rng, lines = np.random.default_rng(25), []
        for level in levels * max(1, effort.pulses // 4):
            keys = random_keys(_A_LINE, rng)
            samples, spans = pulses(keys, rng, tone_ms=50, gap_ms=50, jitter_ms=13, levels=(level, level))
            lines.append(Line(impairments.coded(to_int16(samples), code), keys, None, spans))
        return lines

    return make


def _offset(samples: Floats, _spans: np.ndarray, _rng: np.random.Generator) -> Floats:
    """Shift the whole line by an eighth of full scale: nearly one tone's RMS."""
    return samples + FULL_SCALE / 8


def _clipped(samples: Floats, _spans: np.ndarray, _rng: np.random.Generator) -> Floats:
    """Record too loud: the two tones together 6 dB over what fits."""
    return samples * (2 * FULL_SCALE / (2 * amplitude(-10)))


def _noise(name: str, tone_ms: float, snr_db: float, bound: float, inserted: float = 0) -> Row:
    title = f"10,000 digits {tone_ms:g}/{tone_ms:g} ms at {snr_db:g} dB: missed / inserted (%)"
    limits = (at_most(bound), at_most(inserted))
    return Row(name, title, heard(noisy(10000, tone_ms, snr_db), judging.missed_inserted), limits, 2)


def _loss_row(name: str, title: str, repeat: bool) -> Row:
    prepare = heard(spoilt(5000, 100, _loss(repeat)), judging.missed_inserted)
    return Row(name, title, prepare, (at_most(0.2), at_most(0.2)), 2)


def _dial_row(name: str, title: str, hertz: tuple[float, ...]) -> Row:
    return Row(name, title, heard(_dial(hertz), judging.accept_down), (at_most(-12),), 0)


def _plain(name: str, what: str, make: Callable[[Effort], list[Line]]) -> Row:
    return Row(name, f"{what}: missed / inserted (%)", heard(make, judging.missed_inserted), _two(0, 0), 2)


def _two(bound: float, other: float) -> tuple[Limit, Limit]:
    return at_most(bound), at_most(other)


ROWS = (
    _noise("noise-6", 50, 6, 0.05),
    _noise("noise-3", 50, 3, 0.05),
    _noise("noise-0", 50, 0, 0.6),
    _noise("noise-100-0", 100, 0, 0),
    _noise("noise-100-minus-3", 100, -3, 0.3),
    _dial_row("dial-350-440", "lowest tone over a dial tone of 350 + 440 Hz (dB)", (350, 440)),
    _dial_row("dial-425", "lowest tone over a dial tone of 425 Hz (dB)", (425,)),
    Row("third-tone", "third tone at -4 dB: still accepted (%)", heard(spoilt(500, 80, _third), judging.reported),
        (at_most(5),)),
    _loss_row("loss-zeros", "20 ms lost in a digit, zeros: missed / doubled (%)", repeat=False),
    _loss_row("loss-repeat", "20 ms lost, the last repeated: missed / doubled (%)", repeat=True),
    Row("echo", "echo 20 ms late, -10 dB: missed / inserted (%)",
        heard(spoilt(5000, 50, _echo), judging.missed_inserted), _two(0.2, 0), 2),
    Row("speech-12", "speech 12 dB under the digit: missed (%)", _under(12, "recordings"), (at_most(0.3),), 2),
    Row("speech-6", "speech 6 dB under the digit: missed (%)", _under(6, "recordings"), (at_most(8),), 2),
    Row("voices-12", "the same with synthetic voices, 12 dB: missed (%)", _under(12, "voices"), (at_most(0.3),), 2),
    Row("voices-6", "the same with synthetic voices, 6 dB: missed (%)", _under(6, "voices"), (at_most(8),), 2),
    _plain("mu-law", "mu-law at -10, -25, -35 dBm0", _coded("ULAW", (-10, -25, -35))),
    _plain("a-law", "A-law at -10, -25, -35 dBm0", _coded("ALAW", (-10, -25, -35))),
    _plain("gsm", "GSM 06.10 at -10, -25 dBm0", _coded("GSM610", (-10, -25))),
    _plain("8-bit", "8 bits linear at -10, -20 dBm0", _coded("PCM_U8", (-10, -20))),
    _plain("clipped", "clipped, 6 dB too loud", spoilt(1000, 50, _clipped)),
    _plain("dc", "DC of an eighth of full scale", spoilt(1000, 50, _offset)),
)
