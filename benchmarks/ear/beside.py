"""Rows of keys beside other sound: voices, music, a car, other tones; too loud, too close, repeated or coded.

The run chooses the seed, and says which. Sounds of others are halves: limits were set on the first half of every
recording, and are told on the second.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.ear import impairments, judging, speech
from benchmarks.ear.ours import Ours
from benchmarks.ear.rows import Effort, Measure, Prepare, Receiver, Row, at_most, heard, share_of
from benchmarks.ear.signals import (
    FULL_SCALE,
    RATE,
    Floats,
    Line,
    amplitude,
    pulses,
    random_keys,
    sine,
    to_int16,
    tone,
)

_A_LINE = 40
_LEVEL = -10.0

Spoil = Callable[[Floats, Effort, np.random.Generator], Floats]


def _keys(salt: int, spoil: Spoil, *, count: int = 1000, tone_ms: float = 70, gap_ms: float = 70,
          levels: Callable[[np.random.Generator], tuple[float, float]] = lambda _rng: (_LEVEL, _LEVEL)
          ) -> Callable[[Effort], list[Line]]:  # fmt: skip
    """Return what makes random keys and does `spoil` to each line."""

    def make(effort: Effort) -> list[Line]:
        rng = np.random.default_rng((effort.seed, salt))
        lines = []
        for _ in range(-(-effort.of(count) // _A_LINE)):
            keys = random_keys(_A_LINE, rng)
            samples, spans = pulses(keys, rng, tone_ms=tone_ms, gap_ms=gap_ms, jitter_ms=10, levels=levels(rng))
            lines.append(Line(to_int16(spoil(samples, effort, rng)), keys, None, spans))
        return lines

    return make


def _over(sound: Floats, db: float) -> Floats:
    """Return sound so loud that the two tones together are `db` over it where it is active."""
    return np.asarray(sound * (amplitude(_LEVEL - db) / speech.active_rms(sound)), np.float64)


def _piece(sound: Floats, count: int, rng: np.random.Generator) -> Floats:
    at = int(rng.integers(0, len(sound) - count))
    return sound[at : at + count]


def _under_talk(db: float, talkers: int) -> Spoil:
    def spoil(samples: Floats, effort: Effort, rng: np.random.Generator) -> Floats:
        for _ in range(talkers):
            talker = speech.talkers(effort.half)[int(rng.integers(len(speech.talkers(effort.half))))]
            samples = samples + _over(_piece(talker, len(samples), rng), db + 10 * np.log10(talkers))
        return samples

    return spoil


def _under_music(db: float) -> Spoil:
    def spoil(samples: Floats, effort: Effort, rng: np.random.Generator) -> Floats:
        pieces = speech.music(effort.half)
        return samples + _over(_piece(pieces[int(rng.integers(len(pieces)))], len(samples), rng), db)

    return spoil


def _in_a_car(db: float) -> Spoil:
    """Noise whose power falls with the square of its frequency, from 40 Hz on."""

    def spoil(samples: Floats, _effort: Effort, rng: np.random.Generator) -> Floats:
        spectrum = np.fft.rfft(rng.normal(0, 1, len(samples)))
        hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
        noise = np.fft.irfft(np.where(hertz < 40, 0, spectrum / np.maximum(hertz, 40)), len(samples))
        return samples + noise * (amplitude(_LEVEL - db) / float(noise.std()))

    return spoil


def _beside_tones(hertz: tuple[float, ...], db: float, on_off_ms: tuple[float, float] | None = None) -> Spoil:
    """Tones that go on all along, or come and go; each `db` over a tone of the key."""

    def spoil(samples: Floats, _effort: Effort, rng: np.random.Generator) -> Floats:
        tones = [sine(hz, len(samples), _LEVEL + db, rng.uniform(0, 2 * np.pi)) for hz in hertz]
        sound = np.asarray(np.sum(tones, axis=0), np.float64)
        if on_off_ms is not None:
            on, off = (round(ms * RATE / 1000) for ms in on_off_ms)
            sound *= (np.arange(len(samples)) + int(rng.integers(0, on + off))) % (on + off) < on
        return samples + sound

    return spoil


def _clipped(db: float) -> Spoil:
    """Record too loud: the two tones together `db` over what fits."""

    def spoil(samples: Floats, _effort: Effort, _rng: np.random.Generator) -> Floats:
        return samples * (10 ** (db / 20) * FULL_SCALE / (2 * amplitude(_LEVEL)))

    return spoil


def _echoed(late_ms: float, db: float) -> Spoil:
    def spoil(samples: Floats, _effort: Effort, _rng: np.random.Generator) -> Floats:
        return impairments.echo(samples, late_ms, db)

    return spoil


def _in_noise(db: float) -> Spoil:
    def spoil(samples: Floats, _effort: Effort, rng: np.random.Generator) -> Floats:
        return samples + impairments.noise(len(samples), db, _LEVEL, rng)

    return spoil


def _spoken(*codecs: str) -> Spoil:
    """Send a line through codecs of speech, one after the other."""

    def spoil(samples: Floats, _effort: Effort, _rng: np.random.Generator) -> Floats:
        line = to_int16(samples)
        for codec in codecs:
            line = impairments.spoken(line, codec)
        return line.astype(np.float64)

    return spoil


def _alone(samples: Floats, _effort: Effort, _rng: np.random.Generator) -> Floats:
    return samples


def _at(level_dbm0: float) -> Callable[[np.random.Generator], tuple[float, float]]:
    return lambda _rng: (level_dbm0, level_dbm0)


def _twisted(rng: np.random.Generator) -> tuple[float, float]:
    """Return levels of which one, whichever, is 8 to 13 dB weaker."""
    weak = _LEVEL - rng.uniform(8, 13)
    return (_LEVEL, weak) if rng.integers(2) else (weak, _LEVEL)


def _in_a_file(make: Callable[[Effort], list[Line]]) -> Prepare:
    """Return a row's `prepare` where each line is a file, of which ours makes what it makes of files."""

    def prepare(effort: Effort) -> Measure:
        lines = make(effort)

        def measure(receiver: Receiver) -> judging.Figures:
            part = share_of(lines, receiver.share)
            said = receiver.hear_files(part) if isinstance(receiver, Ours) else receiver.hear(part)
            return judging.missed_inserted(part, said)

        return measure

    return prepare


def _pairs(gap_ms: float) -> Callable[[Effort], list[Line]]:
    """Return what makes keys of 70 ms of which every third comes twice, so closely."""

    def make(effort: Effort) -> list[Line]:
        rng, gap = np.random.default_rng((effort.seed, 3)), np.zeros(round(gap_ms * RATE / 1000))
        lines = []
        for _ in range(effort.of(600) // _A_LINE):
            pieces, keys = [np.zeros(800 + int(rng.integers(0, 160)))], ""
            for place, key in enumerate(random_keys(_A_LINE, rng)):
                both = [tone(key, 560, rng), *([gap, tone(key, 560, rng)] if place % 3 == 0 else [])]
                pieces += [*both, np.zeros(560)]
                keys += key * (2 if place % 3 == 0 else 1)
            lines.append(Line(to_int16(np.concatenate(pieces)), keys))
        return lines

    return make


def _row(name: str, title: str, spoil: Spoil, missed: float, inserted: float = 0.0, *,
         setting: str | None = None, **made: object) -> Row:  # fmt: skip
    salt = int.from_bytes(name.encode()[:8], "big") + len(name)
    return Row(f"beside-{name}", f"{title}: missed / inserted (%)",
               heard(_keys(salt, spoil, **made), judging.missed_inserted),  # type: ignore[arg-type]
               (at_most(missed), at_most(inserted)), 2, setting)


ROWS = (
    *(_row(f"talker-{db}", f"one talker {db} dB under both tones", _under_talk(db, 1), most, 0.1)
      for db, most in ((12, 0.3), (6, 2.5), (3, 8))),
    *(_row(f"talkers-{db}", f"two talkers {db} dB under", _under_talk(db, 2), most, 0.1)
      for db, most in ((6, 2), (3, 8))),
    *(_row(f"music-{db}", f"music {db} dB under", _under_music(db), most, 0.1) for db, most in ((6, 2), (3, 5))),
    *(_row(f"car-{db}", f"car noise {db} dB under", _in_a_car(db), most) for db, most in ((6, 0.2), (0, 1))),
    *(_row(f"tone-{hz}-{-db}", f"a steady tone of {hz} Hz at {db} dB", _beside_tones((hz,), db), 1, count=400)
      for db in (-6, -8) for hz in (620, 1000, 1400, 2100, 3000)),
    _row("stutter", "stutter dial tone, 350 + 440 Hz, at 0 dB", _beside_tones((350, 440), 0, (100, 100)), 1),
    _row("busy", "busy tone, 480 + 620 Hz, at -6 dB", _beside_tones((480, 620), -6, (500, 500)), 1),
    _row("busy-425", "busy tone of 425 Hz at 0 dB", _beside_tones((425,), 0, (480, 480)), 1),
    _row("australia", "Australian dial tone, 400 + 425 + 450 Hz, at 0 dB", _beside_tones((400, 425, 450), 0), 1),
    _row("ced", "answer tone of 2100 Hz at -6 dB", _beside_tones((2100,), -6, (3000, 500)), 1),
    _row("guard", "guard tone of 1800 Hz at -6 dB", _beside_tones((1800,), -6, (1000, 300)), 1),
    _row("cng", "calling tone of 1100 Hz at -6 dB", _beside_tones((1100,), -6, (500, 3000)), 1),
    *(_row(f"hum-{hz}", f"hum of {hz} Hz as loud as a tone", _beside_tones((hz,), 0), 0) for hz in (100, 120)),
    *(_row(f"clipped-{db}", f"clipped, {db} dB too loud", _clipped(db), most, count=600)
      for db, most in ((12, 1), (13, 1), (14, 2), (20, 10))),
    *(_row(f"close-{gap}", f"keys of 50 ms, {gap} ms between", _alone, 1, tone_ms=50, gap_ms=gap - 5, count=500)
      for gap in (10, 13, 16)),
    _row("close-5", "keys of 50 ms, 5 to 15 ms between", _alone, 1, tone_ms=50, gap_ms=5),
    *(_row(f"echo-{late}-{-db}", f"echo {late} ms late at {db} dB, keys 60/60 ms", _echoed(late, db), 1,
           tone_ms=60, gap_ms=60) for late in (40, 60) for db in (-6, -10)),
    _row("echo-210", "line echo 210 ms late at -10 dB", _echoed(210, -10), 1),
    _row("noise-minus-3", "white noise at -3 dB, keys 100/100 ms", _in_noise(-3), 0.2, tone_ms=100, gap_ms=100,
         count=10000),
    Row("beside-file-quiet-55", "a file with keys at -55 dBm0: missed / inserted (%)",
        _in_a_file(_keys(5, _alone, levels=_at(-55.0))), (at_most(0), at_most(0)), 2),
    Row("beside-file-pairs-20", "a file with equal keys 20 ms apart: missed / inserted (%)",
        _in_a_file(_pairs(20)), (at_most(1), at_most(0)), 2),
    *(_row(name, f"through {' then '.join(codecs)}", _spoken(*codecs), most, count=4000)
      for name, codecs, most in (
          ("gsm", ("GSM 06.10",), 0.1), ("amr-gsm", ("AMR 12.2", "GSM 06.10"), 0.1),
          ("opus-8k", ("Opus 8k",), 0.2), ("opus-6k", ("Opus 6k",), 2), ("amr-4.75", ("AMR 4.75",), 10))),
    *(_row(name, f"8 to 13 dB of twist either way, {what}, setting wide", spoil, 0, setting="wide",
           count=4000, levels=_twisted)
      for name, what, spoil in (("twist-clean", "clean", _alone),
                                ("twist-noise", "noise 20 dB under the stronger tone", _in_noise(20)))),
    _row("quiet-48", "keys at -48 dBm0", _alone, 0, levels=_at(-48.0)),
)
