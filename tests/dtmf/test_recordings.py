"""Recordings that others made: what multimon-ng reads must be read, speech and music left alone."""

import csv
import os
from pathlib import Path

import pytest

import dtmf
from dtmf.audiofile import read
from dtmf.channels import picked

FOLDER = Path(os.environ.get("IVR_RECORDINGS", Path(__file__).parents[3] / "shared" / "recordings"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (FOLDER / "MANIFEST.csv").is_file(),
        reason="no recordings here: set IVR_RECORDINGS to a folder with a MANIFEST.csv",
    ),
]

FALSE_DIGITS = 0
"""Keys reported in 1.9 hours of speech, music and call tones, at most."""

BROKEN_TONES_READ = 0.95
"""Of the keys in 90 files of 40 ms tones that a burst interrupts: part that is read, at least."""


def common(sent, read_as):
    """Return how many keys of `sent` stand in `read_as` in the same order."""
    best = [0] * (len(read_as) + 1)
    for key in sent:
        before = 0
        for place, other in enumerate(read_as, 1):
            before, best[place] = (
                best[place],
                before + 1 if key == other else max(best[place], best[place - 1]),
            )
    return best[-1]


def rows(group):
    """Return the manifest's rows of `group`: keys to be read, broken tones, or nothing to be heard."""
    if not (FOLDER / "MANIFEST.csv").is_file():
        return []
    with (FOLDER / "MANIFEST.csv").open(newline="") as lines:
        every = [row for row in csv.DictReader(lines) if not row["path"].endswith(".pcap")]
    broken = {row["path"] for row in every if Path(row["path"]).name.startswith("-")}
    return [
        row
        for row in every
        if group == ("silent" if row["set"] != "dtmf" else "broken" if row["path"] in broken else "keys")
    ]


def digits(row):
    samples, rate = read(FOLDER / row["path"])
    channel = int(row["channel"]) if row["channel"] else "mix"
    return dtmf.digits(dtmf.decode(picked(samples, channel)[0], rate))


@pytest.mark.parametrize("row", rows("keys"), ids=lambda row: f"{row['path']}-{row['channel']}")
def test_a_recording_then_its_keys_and_no_others(row):
    assert digits(row) == row["digits"]


def test_broken_tones_then_as_many_keys_as_before():
    table = [(row["digits"], digits(row)) for row in rows("broken")]
    sent = sum(len(keys) for keys, _ in table)
    assert sent > 0
    assert sum(common(keys, heard) for keys, heard in table) / sent >= BROKEN_TONES_READ
    # A key that nobody pressed is worse than one that was missed.
    assert sum(len(heard) - common(keys, heard) for keys, heard in table) == 0


def test_speech_music_and_call_tones_then_hardly_a_key():
    false = {row["path"]: heard for row in rows("silent") if (heard := digits(row))}
    assert sum(map(len, false.values())) <= FALSE_DIGITS, false
