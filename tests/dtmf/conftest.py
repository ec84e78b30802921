"""Lines with keys on them, made from published conditions: what the property tests send."""

import io
from dataclasses import dataclass

import numpy as np
import pytest
import soundfile

import dtmf
from dtmf.keys import amplitude


@dataclass(frozen=True)
class Sent:
    """int16 samples [shape=(n,)], their rate, the keys, and each key's first sample and the first after it."""

    samples: np.ndarray
    rate: int
    keys: str
    spans: list


def line_of(
    keys, *, rate=8000, tone_ms=60.0, gap_ms=60.0, jitter_ms=0.0, lead_ms=100.0, level=-10.0, twist=0.0,
    off=(0.0, 0.0), snr_db=None, dc=0, code=None, third=None, swell=0.0, seed=0,
):  # fmt: skip
    """Return a line with `keys` on it, and a fifth of a second of silence after them.

    The stronger tone has `level` dBm0, and the high one `twist` dB more than the low one. Both are `off` by so many
    per cent. Each gap is longer by up to `jitter_ms`. `snr_db` is the weaker tone over white noise in 0 to 4 kHz;
    `code` a WAV subtype that the line goes through; `third` a frequency and a level of a tone under each key. The
    high tone is less by the part `swell` every 20 ms.
    """
    rng = np.random.default_rng(seed)
    levels = (level - max(twist, 0.0), level + min(twist, 0.0))
    count, gap, most = (round(ms * rate / 1000) for ms in (tone_ms, gap_ms, jitter_ms))
    time = np.arange(count) / rate
    parts, spans, at = [np.zeros(round(lead_ms * rate / 1000))], [], round(lead_ms * rate / 1000)
    for key in keys:
        tones = list(zip(dtmf.frequencies(key), levels, off, strict=True))
        if third:
            tones.append((*third, 0.0))
        sines = [amplitude(dbm0) * np.sin(2 * np.pi * hertz * (1 + shift / 100) * time + rng.uniform(0, 2 * np.pi))
                 for hertz, dbm0, shift in tones]
        sines[1] *= 1 - swell * np.abs((time / 0.01 + 1) % 2 - 1)
        spans.append((at, at + count))
        parts += [np.sum(sines, axis=0), np.zeros(gap + int(rng.integers(0, most + 1)))]
        at += count + len(parts[-1])
    sound = np.concatenate([*parts, np.zeros(rate // 5)]) + dc
    if snr_db is not None:
        sound += rng.normal(0, amplitude(min(levels) - snr_db) * np.sqrt(rate / 16000), len(sound))
    samples = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    return Sent(samples if code is None else coded(samples, rate, code), rate, keys, spans)


def coded(samples, rate, code):
    """Return the samples as they come back from a WAV of this subtype."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype=code)
    file.seek(0)
    return soundfile.read(file, dtype="int16")[0]


@pytest.fixture(scope="session")
def line():
    """Makes lines: ``line("12", level=-20)`` is a `Sent`."""
    return line_of
