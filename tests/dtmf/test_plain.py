"""The ear as plain Python, for a debugger, coverage and mutants: what it hears is what the compiled one hears."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dtmf
from dtmf.clamp import DELAY

FRAME = 160
AS_PYTHON = """
import dtmf
print("ready:", dtmf.is_ready())
dtmf.prepare()
print("prepared:", dtmf.is_ready())
from conftest import line_of
from test_plain import heard
for name, found in heard(line_of).items():
    print(f"{name}: {found}")
"""


def hummed(samples):
    """Return a line with a dial tone under it."""
    time = np.arange(len(samples)) / 8000
    hum = 3000 * (np.sin(2 * np.pi * 350 * time) + np.sin(2 * np.pi * 440 * time))
    return samples + np.rint(hum).astype(np.int16)


def spoilt(sent, amplitude, at=0.5):
    """Return a line with 8 ms of noise of this amplitude in the place of some of its first key."""
    samples, (begin, end) = sent.samples.copy(), sent.spans[0]
    begin += round((end - begin - 64) * at)
    samples[begin:begin + 64] = np.random.default_rng(1).normal(0, amplitude, 64)
    return samples


def swelling(sent):
    """Return a line whose first key is a twentieth as loud in its first 25 ms."""
    samples, (begin, _) = sent.samples.copy(), sent.spans[0]
    samples[:begin + 200] //= 20
    return samples


def echoing(samples):
    """Return a line with an echo a fifth of a second late."""
    return samples + np.concatenate([np.zeros(1600, np.int16), samples[:-1600] // 6])


def beside(samples, hertz, size):
    """Return a line with a tone that goes on all along."""
    return samples + np.rint(size * np.sin(2 * np.pi * hertz / 8000 * np.arange(len(samples)))).astype(np.int16)


def decoded(sent, setting="default"):
    return dtmf.decode(sent.samples, sent.rate, setting=setting)


def streamed(*lines, near_misses=False, missing=None):
    """Return what a detector tells of lines, frame by frame, and what others may hear of them."""
    length = max(map(len, lines)) // FRAME * FRAME
    sound = np.zeros((len(lines), length + FRAME * -(-DELAY // FRAME)), np.int16)
    for row, line in zip(sound, lines, strict=True):
        row[:min(length, len(line))] = line[:length]
    detector = dtmf.Detector(len(lines), clamp=True, near_misses=near_misses)
    told, came = [], []
    for place, frame in enumerate(np.split(sound, sound.shape[1] // FRAME, axis=1)):
        told += detector.feed(frame, np.array([place == missing] * len(lines)))
        came.append(detector.clamped(FRAME))
    return told + detector.flush(), detector.refused, np.concatenate(came, axis=1).tolist()


def heard(line):
    """Return what is heard of a few lines, each of another way through the ear; times and levels to the bit."""
    clean, short = line("1D", tone_ms=70), line("5", tone_ms=45)
    noise = np.random.default_rng(2).normal(0, 600, 4000).astype(np.int16)
    return {
        "clean": decoded(clean),
        "in noise": decoded(line("8*", tone_ms=80, snr_db=2)),
        "in noise, nothing less": decoded(line("0", tone_ms=80, snr_db=2), "strict"),
        "off and twisted": decoded(line("3", off=(1.8, -1.8), twist=6), "wide"),
        "a third tone": decoded(line("6", third=(600, -12.0))),
        "beside a louder hum": dtmf.decode(beside(line("2", tone_ms=60).samples, 120, 6000), 8000),
        "from 16000": decoded(line("7#", rate=16000, tone_ms=50)),
        "from 11025": decoded(line("A", rate=11025, tone_ms=50)),
        "a burst within": dtmf.decode(spoilt(short, 6000), 8000),
        "a break within": dtmf.decode(spoilt(short, 1, at=0.3), 8000),
        "swelling": dtmf.decode(swelling(clean), 8000),
        "through a codec": decoded(line("1D", tone_ms=70, swell=1.2)),
        "in a room": dtmf.decode(echoing(line("1").samples), 8000),
        "under a dial tone": dtmf.decode(hummed(line("4", level=-12).samples), 8000),
        "under a dial tone, in noise": dtmf.decode(hummed(line("C", tone_ms=90, snr_db=4).samples), 8000),
        "clamped": streamed(clean.samples, line("2", tone_ms=25, level=-20, snr_db=4).samples,
                            line("#", tone_ms=23).samples),
        "lost": streamed(line("9", tone_ms=90).samples, noise, missing=7),
        "near misses": streamed(line("B", off=(2.6, 2.6)).samples, near_misses=True),
    }


@pytest.fixture(scope="module")
def plain():
    """What a Python says that compiles nothing, a line each; its warnings are errors."""
    path = os.pathsep.join(map(str, (Path(dtmf.__file__).parents[1], Path(__file__).parent)))
    done = subprocess.run([sys.executable, "-W", "error", "-c", AS_PYTHON], capture_output=True, text=True,
                          check=False, env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path})
    assert not done.stderr
    return done.stdout.splitlines()


def test_a_few_lines_heard_as_python_then_as_by_the_compiled_ear_to_the_bit(line, plain):
    assert plain[2:] == [f"{name}: {found}" for name, found in heard(line).items()]


def test_as_python_then_nothing_has_to_be_compiled(plain):
    assert plain[:2] == ["ready: True", "prepared: True"]
