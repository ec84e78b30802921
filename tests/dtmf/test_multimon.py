"""Debian's multimon-ng as the judge of what `dtmf encode` writes."""

import re
import shutil
import subprocess

import pytest

import dtmf
from dtmf.cli import main

pytestmark = pytest.mark.skipif(
    not (shutil.which("multimon-ng") and shutil.which("sox")),
    reason="multimon-ng or sox is missing: apt-get install multimon-ng sox",
)


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
@pytest.mark.parametrize(
    "options", [[], ["--tone-ms", "60", "--gap-ms", "60", "--level", "-18", "--twist", "2"]]
)
def test_what_encode_writes_is_read_alike_by_multimon_and_by_us(tmp_path, capsys, rate, options):
    path, raw = tmp_path / "keys.wav", tmp_path / "keys.raw"
    digits = "0123456789*#ABCD" + "5550"
    assert main(["encode", digits, "-o", str(path), "--rate", str(rate), *options]) == 0
    # multimon-ng takes raw audio at 22050 Hz; a second of silence lets it finish.
    convert = [
        "sox",
        str(path),
        "-r",
        "22050",
        "-e",
        "signed",
        "-b",
        "16",
        "-c",
        "1",
        str(raw),
        "pad",
        "0.2",
        "1",
    ]
    subprocess.run(convert, check=True, capture_output=True)
    judge = ["multimon-ng", "-q", "-a", "DTMF", "-t", "raw", str(raw)]
    said = subprocess.run(judge, check=True, capture_output=True, text=True).stdout
    assert "".join(re.findall(r"^DTMF: (.)", said, re.MULTILINE)) == digits
    assert main(["decode", str(path)]) == 0
    assert capsys.readouterr().out == f"{digits}\n"
    assert set(digits) == set(dtmf.KEYS)
