"""Ten callers wait ten simulated minutes in one lobby: WAV files in, WAV files out, on one core.

Run: python benchmarks/waiting.py [--minutes 10] [--callers 10]. Target: under 3 s for ten callers and ten minutes.
Every caller plays a WAV file of 8 kHz: keys of the conference ID, then a room's noise at -45 dBm0 for the whole
time, so the decoder has something to listen to. Reading and writing the files is within the time.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import dtmf
from dtmf.audiofile import write
from ivr.cli.kit import stage
from ivr.clock import FRAME, RATE, samples
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryTrunk
from ivr.lines.wav import wav_line

TARGET_S = 3.0


def main() -> int:
    """Run the benchmark; exit code 1 if the target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--callers", type=int, default=10)
    chosen = options.parse_args()
    length = samples(60 * chosen.minutes)
    sounds = stage()
    with tempfile.TemporaryDirectory() as folder:
        random = np.random.default_rng(7)
        paths = []
        for n in range(chosen.callers):
            says = np.rint(random.normal(0, 90, length)).astype(np.int16)
            keys = dtmf.encode("1234567#", RATE, lead_ms=3000 + 100 * n)
            says[:len(keys)] += keys
            paths.append(Path(folder) / f"{n}.wav")
            write(paths[-1], says, RATE)
        began = time.perf_counter()
        lines = [wav_line(path, path.stem) for path in paths]
        bridge = ConferenceBridge(directory=Meetings([Meeting("1234567", "48215", "amos")]), voice=sounds.voice,
                                  music=sounds.music, tones=sounds.tones, profile=profile("teams2021"))
        exchange = Exchange(bridge, [MemoryTrunk(lines)])
        while bridge.now < length:
            exchange.step((length - bridge.now) // FRAME)
        ticked = time.perf_counter() - began
        for line, path in zip(lines, paths, strict=True):
            write(path.with_suffix(".heard.wav"), line.heard(), RATE)
        took = time.perf_counter() - began
    waiting = sum(call.state == "lobby" for call in bridge.calls.values())
    print(f"{chosen.callers} callers, {chosen.minutes:g} simulated minutes, {waiting} in the lobby at the end: "
          f"{took:.2f} s ({60 * chosen.minutes / took:.0f} times real time), {ticked:.2f} s of it reading and "
          f"ticking; target {TARGET_S:g} s")
    whole = chosen.callers == 10 and chosen.minutes == 10
    return 1 if waiting != chosen.callers or (whole and took > TARGET_S) else 0


if __name__ == "__main__":
    sys.exit(main())
