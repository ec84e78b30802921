"""How fast the detector is: `python benchmarks/dtmf_speed.py` (single BLAS thread)."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

import dtmf

FRAME = 160


def speech_like(channels: int, frames: int, seed: int = 1) -> NDArray[np.int16]:
    """Return noise whose loudness sways as speech does; int16 array [shape=(channels, frames * 160)]."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((channels, frames * FRAME + 8)).cumsum(axis=1)
    noise = noise[:, 8:] - noise[:, :-8]
    loud = np.repeat(rng.random((channels, frames)) ** 2, FRAME, axis=1)
    return np.clip(noise * loud * 1500, -32768, 32767).astype(np.int16)


def keys(channels: int, frames: int) -> NDArray[np.int16]:
    """Return every channel pressing keys all the time."""
    line = np.tile(dtmf.encode(dtmf.KEYS), frames * FRAME // 25600 + 1)[: frames * FRAME]
    return np.stack([np.roll(line, 777 * c) for c in range(channels)])


def a_tick(audio: NDArray[np.int16]) -> float:
    """Return the median time of a feed of 20 ms, in seconds."""
    detector = dtmf.Detector(len(audio))
    times = []
    for at in range(0, audio.shape[1], FRAME):
        frame = np.ascontiguousarray(audio[:, at : at + FRAME])
        begun = time.perf_counter()
        detector.feed(frame)
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def a_file(make: Callable[[], NDArray[np.int16]], rate: int) -> float:
    """Return how many times faster than real time a recording is decoded, best of three."""
    audio = make()
    dtmf.decode(audio[:rate], rate)
    best = np.inf
    for _ in range(3):
        begun = time.perf_counter()
        dtmf.decode(audio, rate)
        best = min(best, time.perf_counter() - begun)
    return len(audio) / rate / float(best)


def main() -> None:
    """Print a line a figure."""
    for channels in (1, 10, 100, 1000):
        frames = max(60, min(2000, 100000 // channels))
        sounds = {
            "speech": speech_like(channels, frames),
            "silence": np.zeros((channels, frames * FRAME), np.int16),
            "all dialling": keys(channels, min(frames, 200)),
        }
        few = speech_like(channels, frames)
        few[: max(1, channels // 20)] = keys(max(1, channels // 20), frames)
        sounds["one in 20 dialling"] = few
        for name, audio in sounds.items():
            print(f"feed of 20 ms, {channels:5} channels, {name:20} {a_tick(audio) * 1e6:9.0f} us")
    for rate in (8000, 16000, 44100, 48000):
        tones = a_file(lambda rate=rate: np.tile(dtmf.encode(dtmf.KEYS, rate), 20), rate)
        noise = a_file(lambda rate=rate: speech_like(1, 60 * rate // FRAME)[0], rate)
        print(f"decode at {rate:5} Hz: {noise:7.0f} x real time speech, {tones:6.0f} x dense keys")


if __name__ == "__main__":
    main()
