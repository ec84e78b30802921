"""Rows of recordings made by others with known digits, and of our own digits at many sample rates."""

import csv
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import soxr

import dtmf
from benchmarks.ear.judging import Figures, common
from benchmarks.ear.ours import Ours
from benchmarks.ear.rows import Effort, Measure, Receiver, Row, at_least, at_most
from benchmarks.ear.signals import RATE, Line, Samples
from benchmarks.ear.speech import recordings
from dtmf.audiofile import read
from dtmf.channels import picked

_TRUSTED = ("A", "B")
"""Confidence of a truth that its author stated, or that was implied and checked."""

_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000)


@dataclass(frozen=True, slots=True)
class Recording:
    """A file with its truth."""

    path: str
    source: str
    digits: str
    samples: Samples
    rate: int


def _trusted() -> list[Recording]:
    """Return the files with a truth to be trusted; captures with digits out of band have no sound to hear."""
    folder, found = recordings(), []
    with (folder / "MANIFEST.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["set"] == "dtmf" and row["confidence"] in _TRUSTED]
    for row in rows:
        if not row["path"].endswith(".pcap"):
            samples, rate = read(folder / row["path"])
            channel = int(row["channel"]) if row["channel"] else "mix"
            found.append(Recording(row["path"], row["source"], row["digits"],
                                   picked(samples, channel)[0], rate))
    return found


def _said(receiver: Receiver, files: list[Recording]) -> list[str]:
    """Return what a receiver makes of the files: ours at their own rates, peers after a good resampler."""
    if isinstance(receiver, Ours):
        return [dtmf.digits(receiver.tones(file.samples, file.rate)) for file in files]
    return receiver.hear([
        Line(file.samples if file.rate == RATE else soxr.resample(file.samples, file.rate, RATE)) for file in files
    ])


def _by_source(files: list[Recording], said: list[str]) -> dict[str, list[bool]]:
    """Return for each source which of its files are right."""
    sources: dict[str, list[bool]] = defaultdict(list)
    for file, one in zip(files, said, strict=True):
        sources[file.source].append(one == file.digits)
    return sources


def wrong(receiver: Receiver) -> list[str]:
    """Return a line for each source, and one for each recording that is not read right."""
    files = _trusted()
    said = _said(receiver, files)
    return [
        *(f"{source}: {sum(right)} of {len(right)}" for source, right in _by_source(files, said).items()),
        *(f"{file.path}: {file.digits!r} heard as {one!r}"
          for file, one in zip(files, said, strict=True) if one != file.digits),
    ]


def _recordings(_effort: Effort) -> Measure:
    files = _trusted()

    def measure(receiver: Receiver) -> Figures:
        said = _said(receiver, files)
        sources = _by_source(files, said)
        every = [ok for source in sources.values() for ok in source]
        keys = sum(len(file.digits) for file in files)
        right = sum(common(file.digits, one) for file, one in zip(files, said, strict=True))
        a_source = float(np.mean([np.mean(source) for source in sources.values()]))
        return 100 * a_source, 100 * float(np.mean(every)), 100 * right / keys

    return measure


def _rates(_effort: Effort) -> Measure:
    def measure(receiver: Receiver) -> Figures | None:
        if not isinstance(receiver, Ours):
            return None
        made = [(rate, dtmf.encode(dtmf.KEYS, rate, tone_ms=50, gap_ms=50, lead_ms=31)) for rate in _RATES]
        said = [dtmf.digits(receiver.tones(samples, rate)) for rate, samples in made]
        return (float(sum(one != dtmf.KEYS for one in said)),)

    return measure


ROWS = (
    Row("recordings", "recordings right: mean of sources / files / keys (%)", _recordings,
        (at_least(100), at_least(100), at_least(100))),
    Row("rates", f"sample rates of {len(_RATES)} from 8 to 96 kHz not read right", _rates, (at_most(0),), 0),
)
