"""What others can hear of a caller's keys, and what that costs: speech that is lost, lateness, processor time.

Run: python benchmarks/key_leaks.py. Every key is sent 20 times in each row through the clamp that stands before the
mix; "left" are keys of which more than 1 dB stands over what is there without them; "ours" and "multimon" what our
decoder at its widest and multimon-ng, if it is installed, still find. Targets: none from 25 ms on (ten of the 9,600
are a miss); under 200 ms of an hour of speech lost (recordings in IVR_RECORDINGS, which are not part of the
project); a meeting under 60 ms late.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from numpy.typing import NDArray

import dtmf
from dtmf.audiofile import read
from dtmf.channels import picked
from dtmf.clamp import DELAY
from dtmf.goertzel import goertzel
from dtmf.keys import KEYS, amplitude

Samples = NDArray[np.int16]
RATE, FRAME = 8000, 160
MIXER = FRAME
"""The mixer looks a frame ahead."""


def clamped(sound: Samples) -> Samples:
    """Return sound as others may hear it, put back to its place."""
    detector = dtmf.Detector(1, clamp=True)
    more = DELAY + FRAME - (len(sound) + DELAY) % FRAME
    came = []
    for frame in np.append(sound, np.zeros(more, np.int16)).reshape(-1, 1, FRAME):
        detector.feed(frame)
        came.append(detector.clamped(FRAME)[0])
    return np.concatenate(came)[DELAY:DELAY + len(sound)]


def typed(ms: float, level: float, under: Samples | None, snr_db: float | None, seed: int
          ) -> tuple[Samples, Samples, list[tuple[str, int, int]]]:  # fmt: skip
    """Return keys on a line, the line without them, and where they are."""
    rng = np.random.default_rng(seed)
    keys = "".join(rng.permutation(list(KEYS * 20)))
    length, places, at = int(ms * 8), [], 800
    for key in keys:
        places.append((key, at, at + length))
        at += length + int(rng.integers(200, 1200))
    rest = np.zeros(at + 800)
    if under is not None:
        rest += np.resize(under, len(rest))
    if snr_db is not None:
        rest += rng.normal(0, amplitude(level - snr_db) / np.sqrt(2), len(rest))
    both, moments = rest.copy(), np.arange(length) / RATE
    for key, begin, end in places:
        for hertz in dtmf.frequencies(key):
            turned = 2 * np.pi * (hertz * (1 + rng.uniform(-0.015, 0.015)) * moments + rng.uniform())
            both[begin:end] += amplitude(level) * np.sin(turned)
    whole = [np.clip(np.rint(one), -32768, 32767).astype(np.int16) for one in (both, rest)]
    return whole[0], whole[1], places


def multimon(sound: Samples) -> str:
    """Return what multimon-ng reads; a dash where it is not installed."""
    if not (shutil.which("multimon-ng") and shutil.which("sox")):
        return "-"
    with tempfile.TemporaryDirectory() as folder:
        given, raw = Path(folder) / "given.raw", Path(folder) / "raw.raw"
        sound.tofile(given)
        kind = ["-t", "raw", "-e", "signed", "-b", "16", "-c", "1"]
        convert = ["sox", "-D", *kind, "-r", str(RATE), given, *kind, "-r", "22050", raw]
        subprocess.run([*convert, "gain", "-4", "pad", "0", "1"], check=True)
        judge = ["multimon-ng", "-q", "-a", "DTMF", "-t", "raw", raw]
        said = subprocess.run(judge, check=True, capture_output=True, text=True).stdout
    return str(len(re.findall(r"^DTMF:", said, re.MULTILINE)))


def power(sound: Samples, key: str) -> float:
    """Return how much of a key's two tones there is."""
    return sum(abs(goertzel(sound.astype(float), hertz)) ** 2 for hertz in dtmf.frequencies(key))


def row(name: str, ms: float, level: float, under: Samples | None = None, snr_db: float | None = None) -> int:
    """Print a row; return how many keys are left."""
    sent, without, places = typed(ms, level, under, snr_db, round(ms - level))
    came = clamped(sent)
    left = sum(power(came[begin:end], key) > 10 ** 0.1 * power(without[begin:end], key)
               for key, begin, end in places)  # fmt: skip
    ours = len(dtmf.decode(came, RATE, setting="wide"))
    print(f"{name:34} {ms:6.0f} {level:6.0f} {left:6} of {len(places)} {ours:6} {multimon(came):>9}"
          f"   (unclamped: {len(dtmf.decode(sent, RATE, setting='wide'))}, {multimon(sent)})")  # fmt: skip
    return left


def speech(folder: Path) -> list[tuple[str, Samples]]:
    """Return the recordings of speech and music at 8 kHz that are in a folder."""
    found = []
    for path in sorted((folder / "talkoff").glob("*.flac")):
        samples, rate = read(path)
        if rate == RATE:
            found.append((path.name, picked(samples, "mix")[0]))
    return found


def main() -> int:
    """Measure; return 1 where a target is missed."""
    missed = 0
    print(f"a meeting is {(DELAY + MIXER) / 8:.0f} ms late (target < 60): {DELAY / 8:.0f} for the clamp, "
          f"{MIXER / 8:.0f} for the mix")
    print(f"{'':34} {'ms':>6} {'dBm0':>6} {'left':>13} {'ours':>6} {'multimon':>9}")
    for ms in (25, 30, 40, 100, 400):
        for level in (-3, -20, -36):
            missed += row("keys in silence", ms, level)
            missed += row("keys in noise, 2 dB", ms, level, snr_db=2)
    folder = Path(os.environ.get("IVR_RECORDINGS", "recordings"))
    recordings = speech(folder)
    lost = hours = 0.0
    for name, sound in recordings:
        gone = np.count_nonzero(clamped(sound) != sound) / 8
        print(f"{name:34} {len(sound) / RATE / 3600:6.2f} h: {gone:5.0f} ms lost")
        if name.startswith("speech"):
            lost, hours = lost + gone, hours + len(sound) / RATE / 3600
    if hours:
        print(f"speech lost: {lost / hours:.0f} ms an hour of {hours:.1f} hours (target 200)")
        missed += 10 * (lost / hours > 200)
        voice = np.concatenate([sound for name, sound in recordings if name.startswith("speech")])[:RATE * 600]
        loud = np.sqrt(np.square(voice[np.abs(voice) > 200].astype(float)).mean())
        for db in (12, 6, 3):
            row(f"keys over his own speech, {db} dB", 100, -10, voice * (amplitude(-10 - db) / np.sqrt(2) / loud))
    else:
        print("speech lost: no recordings here, set IVR_RECORDINGS")
    times = {}
    frames = np.random.default_rng(1).normal(0, 900, (50, 1000, FRAME)).astype(np.int16)
    for clamp in (False, True):
        detector = dtmf.Detector(1000, clamp=clamp)
        began = time.process_time()
        for frame in frames:
            detector.feed(frame)
            if clamp:
                detector.clamped(FRAME)
        times[clamp] = (time.process_time() - began) / len(frames) * 1e3
    print(f"1,000 lines: {times[False]:.2f} ms of a processor a tick without the clamp, {times[True]:.2f} with it")
    return int(missed > 9)


if __name__ == "__main__":
    sys.exit(main())
