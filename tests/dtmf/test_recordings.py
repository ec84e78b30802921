"""Recordings that others made: every one that multimon-ng reads must be read, speech and music must be left alone."""

import csv
import os
from pathlib import Path

import pytest

import dtmf
from dtmf.audiofile import channel_of, read

FOLDER = Path(os.environ.get("IVR_RECORDINGS", Path(__file__).parents[3] / "shared" / "recordings"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (FOLDER / "MANIFEST.csv").is_file(),
        reason=f"no recordings in {FOLDER}: set IVR_RECORDINGS to the folder that holds MANIFEST.csv",
    ),
]

FALSE_DIGITS = 1
"""Keys reported in 1.8 hours of speech, music and call tones, at most."""

BROKEN_TONES_READ = 0
"""Of the 90 files with tones of 40 ms that a burst interrupts: whole files read, at least."""


def rows(group):
    """Return the manifest's rows of `group`: keys to be read, broken tones, or nothing to be heard."""
    if not (FOLDER / "MANIFEST.csv").is_file():
        return []
    with (FOLDER / "MANIFEST.csv").open(newline="") as lines:
        every = [row for row in csv.DictReader(lines) if not row["path"].endswith(".pcap")]
    # One file is at 4 kHz, which no telephone line is.
    every = [row for row in every if int(row["rate"]) >= 8000]
    broken = {row["path"] for row in every if Path(row["path"]).name.startswith("-")}
    return [
        row
        for row in every
        if group == ("silent" if row["set"] != "dtmf" else "broken" if row["path"] in broken else "keys")
    ]


def digits(row):
    samples, rate = read(FOLDER / row["path"])
    channel = int(row["channel"]) if row["channel"] else None
    return dtmf.digits(dtmf.decode(channel_of(samples, channel, row["path"]), rate))


@pytest.mark.parametrize("row", rows("keys"), ids=lambda row: f"{row['path']}-{row['channel']}")
def test_a_recording_then_its_keys_and_no_others(row):
    assert digits(row) == row["digits"]


def test_broken_tones_then_as_many_files_as_before():
    table = rows("broken")
    read_right = sum(digits(row) == row["digits"] for row in table)
    assert len(table) > 0
    assert read_right >= BROKEN_TONES_READ


def test_speech_music_and_call_tones_then_hardly_a_key():
    false = {row["path"]: heard for row in rows("silent") if (heard := digits(row))}
    assert sum(map(len, false.values())) <= FALSE_DIGITS, false
