"""Debian's multimon-ng hears no key in what callers are played while they wait and when somebody comes or goes."""

import shutil
import subprocess

import numpy as np
import pytest

import dtmf
from lobby import arrival, departure, hold_music

pytestmark = pytest.mark.skipif(
    not (shutil.which("multimon-ng") and shutil.which("sox")),
    reason="multimon-ng or sox is missing: apt-get install multimon-ng sox",
)


def keys_heard(samples, folder):
    given, raw = folder / "line.raw", folder / "multimon.raw"
    given.write_bytes(samples.astype("<i2").tobytes())
    kind = ["-t", "raw", "-e", "signed", "-b", "16", "-c", "1"]
    subprocess.run(["sox", *kind, "-r", "8000", str(given), *kind, "-r", "22050", str(raw), "pad", "0.2", "1"],
                   check=True, capture_output=True)
    judge = ["multimon-ng", "-q", "-a", "DTMF", "-t", "raw", str(raw)]
    return subprocess.run(judge, check=True, capture_output=True, text=True).stdout


def test_music_and_tones_then_multimon_hears_no_key_but_the_one_pressed(tmp_path):
    gap = np.zeros(4000, np.int16)
    sounds = np.concatenate([hold_music(), gap, arrival(), gap, departure(), gap])
    pressed = np.concatenate([sounds, dtmf.encode("5", 8000)])
    assert keys_heard(pressed, tmp_path).split() == ["DTMF:", "5"]
