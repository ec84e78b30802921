"""From the onset of a key at the microphone to the end of the prompt in the speaker, through a whole live call.

``ivr phone`` runs with its default settings, on a PulseAudio of our own; keys are played into the card, and both
sides of it are recorded on one clock. Also: what a live call costs of a processor, and what a check of the card
finds.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import correlate

import dtmf
from benchmarks.private_card import RATE, NoCard, both_sides, play, private_card, recorded
from prompts import Prompts

CALLS, KEYS_A_CALL = 8, 2
LARGEST_MEDIAN_MS, LARGEST_SHARE, LARGEST_DELAY_MS = 120.0, 0.10, 400.0
_LOUD = 400
_CALL = ["phone", "--plain", "--input", "mic", "--output", "spk", "--meeting", "1234567:48215:Amos"]


def until(process: "subprocess.Popen[str]", words: str) -> None:
    """Read what a call tells until these words come."""
    assert process.stdout is not None
    while words not in (line := process.stdout.readline()):
        if not line:
            raise NoCard(f"the call ended before {words!r}: {process.stderr.read() if process.stderr else ''}")


def delays(environment: dict[str, str], folder: Path, rng: np.random.Generator) -> list[float]:
    """Make a call, press keys into its prompts, and return milliseconds from a key's onset to the prompt's end."""
    path = folder / "both.raw"
    with recorded(environment, path), subprocess.Popen(
            [sys.executable, "-m", "ivr.cli", *_CALL], env=environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for key in range(KEYS_A_CALL):
            until(process, "is told")
            play(environment, dtmf.encode("12"[key], RATE, lead_ms=float(rng.uniform(300, 1100)), gap_ms=700))
        process.communicate("q", timeout=60)
    sides = both_sides(path)
    return [ms for onset in _onsets(sides[:, 0]) if (ms := _stop(sides[:, 1], onset)) is not None]


def _onsets(caller: NDArray[np.int16]) -> list[int]:
    loud = np.flatnonzero(np.abs(caller.astype(np.int32)) > _LOUD)
    return [int(at) for at, before in zip(loud, np.r_[-RATE, loud[:-1]], strict=True) if at - before > RATE // 2]


def _stop(bridge: NDArray[np.int16], onset: int) -> float | None:
    """Return the milliseconds after which a prompt is gone for certain.

    What was said so far is found in the prompt as it is; the first moment at which that goes on loudly, and the
    speaker does not, is later than the cut by no more than a pause in the words.
    """
    said = soxr.resample(bridge[onset - RATE // 4:onset].astype(np.float64), RATE, 8000)
    best: tuple[float, NDArray[np.float64]] = (0.0, np.zeros(0))
    for name in SPOKEN:
        clip = SPOKEN[name]
        fit = correlate(clip, said, "valid", "fft")
        power = np.sqrt(np.convolve(clip**2, np.ones(len(said)), "valid") * (said**2).sum()) + 1
        at = int(np.argmax(fit / power))
        best = max(best, (float(fit[at] / power[at]), clip[at + len(said):]), key=lambda pair: pair[0])
    likeness, rest = best
    if likeness < 0.8 or len(rest) < 4000:
        return None  # pressed into a pause, or a prompt that was ending by itself
    goes_on = np.abs(soxr.resample(rest, 8000, RATE))
    heard = np.abs(bridge[onset:onset + len(goes_on)].astype(np.int32))
    silent = len(heard) - int(np.argmax(heard[::-1] > 40)) if (heard > 40).any() else 0
    missed = np.flatnonzero(goes_on[silent:len(heard)] > _LOUD)
    return 1000 * (silent + int(missed[0])) / RATE if len(missed) else None


def checked(environment: dict[str, str]) -> tuple[int, float]:
    """Return how many of 16 keys a check hears on a speaker that is the microphone, and milliseconds between."""
    done = subprocess.run([sys.executable, "-m", "ivr.cli", "phone", "--check", "--input", "both_in", "--output",
                           "both_out", "--json"], env=environment, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    return int(found["heard"]["default"]), float(found["delay_ms"])


SPOKEN: dict[str, NDArray[np.float64]] = {}


def cost(environment: dict[str, str], seconds: float = 20.0) -> float:
    """Return the part of a processor that a call takes while prompts are said and keys are pressed."""
    import threading

    def used(pid: int) -> float:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    with subprocess.Popen([sys.executable, "-m", "ivr.cli", *_CALL], env=environment, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        until(process, "is told")
        before = used(process.pid)
        assert process.stdin is not None
        process.stdin.write("1234567#")
        process.stdin.flush()
        threading.Event().wait(seconds)
        after = used(process.pid)
        process.communicate("q", timeout=60)
    return (after - before) / seconds


def main() -> int:
    """Measure, print, and return 1 if a figure is missed."""
    rng = np.random.default_rng(11)
    voice = Prompts("en-US")
    for name in voice.names():
        if not voice.slots(name):
            SPOKEN[name] = np.concatenate(voice.clips(name)).astype(np.float64)
    try:
        with tempfile.TemporaryDirectory() as name, private_card() as card:
            environment = {**os.environ, **card, "OPENBLAS_NUM_THREADS": "1",
                           "IVR_DATABASE": str(Path(name) / "nobodys.db")}
            found = [ms for _ in range(CALLS) for ms in delays(environment, Path(name), rng)]
            share = cost(environment)
            keys, delay_ms = checked(environment)
    except NoCard as error:
        print(f"not measured: {error}")
        return 0
    median = float(np.median(found))
    print(f"key onset to prompt stopped: median {median:.0f} ms, {min(found):.0f} to {max(found):.0f} ms, "
          f"{len(found)} keys (at most {LARGEST_MEDIAN_MS:.0f} ms)")
    print(f"a live call takes {100 * share:.1f} % of a core (at most {100 * LARGEST_SHARE:.0f} %)")
    print(f"a check hears {keys} of 16 keys, {delay_ms:.0f} ms late (at most {LARGEST_DELAY_MS:.0f} ms)")
    return int(median > LARGEST_MEDIAN_MS or share > LARGEST_SHARE or keys < 16 or delay_ms > LARGEST_DELAY_MS)


if __name__ == "__main__":
    sys.exit(main())
