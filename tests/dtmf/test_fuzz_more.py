"""Spoilt files of every container, hostile bytes on the pipe and at the other commands, samples of any kind."""

import io
import json
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from sampled import examples

import dtmf
from dtmf.blocks import Reading, arriving
from dtmf.cli import main
from dtmf.explain import near_misses
from dtmf.limits import SETTINGS
from dtmf.transcript import Hearing, facts_of, transcribe

ROOT = Path(__file__).parents[2]
MANY = examples(50)
SEEDS = st.integers(0, 2**32 - 1)
CONTAINERS = (
    ("WAV", "PCM_16"), ("WAV", "FLOAT"), ("WAV", "ULAW"), ("WAV", "IMA_ADPCM"), ("WAV", "MS_ADPCM"),
    ("WAV", "GSM610"), ("WAVEX", "PCM_24"), ("AU", "PCM_16"), ("CAF", "PCM_16"), ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"), ("NIST", "PCM_16"), ("VOC", "PCM_16"), ("IRCAM", "PCM_16"), ("MAT5", "PCM_16"),
    ("RF64", "PCM_16"), ("W64", "PCM_16"), ("AIFF", "PCM_16"),
)  # fmt: skip

LIMITED = """
import json, os, re, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_DATA, (200 << 20, 200 << 20))
from dtmf.cli import main
main(["decode", "-"])  # all that the others need is loaded
for number, words in enumerate(json.loads(sys.argv[1])):
    if not (fork := os.fork()):
        for stream, name in enumerate(("in", "out", "err")):
            os.dup2(os.open(f"{number}.{name}", os.O_RDWR | os.O_CREAT), stream)
        code = main(words)
        sys.stdout.flush()
        megabytes = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
        Path(f"{number}.end").write_text(f"{code} {megabytes}")
        os._exit(0)
    os.waitpid(fork, 0)
"""
"""Private memory beyond the limit is refused by the system, and what was resident is told in MB. A fork each."""


@st.composite
def scars(draw):
    """What is written over a file, and where: mostly into its header."""
    what = st.sampled_from([b"\xff" * 8, bytes(4), b"\x7f\xff\xff\xff"]) | st.binary(min_size=1, max_size=8)
    return draw(st.lists(st.tuples(st.integers(0, 120) | st.integers(0, 6000), what), min_size=1, max_size=5))


@pytest.mark.parametrize(("container", "subtype"), CONTAINERS, ids=[" ".join(one) for one in CONTAINERS])
def test_a_file_whose_bytes_are_spoilt_then_a_plain_error_or_digits_and_no_other_word(
    container, subtype, tmp_path, capfd
):
    whole, path = io.BytesIO(), tmp_path / "spoilt"
    soundfile.write(whole, dtmf.encode("15"), 8000, format=container, subtype=subtype)

    @settings(max_examples=25)
    @given(wounds=scars(), length=st.integers(1, 6000))
    def holds(wounds, length):
        data = bytearray(whole.getvalue()[:length])
        for at, what in wounds:
            data[at : at + len(what)] = what
        path.write_bytes(data)
        try:
            facts = transcribe(path, Hearing("all", Reading()))
        except dtmf.DtmfError as error:
            assert str(path) in str(error)
        else:
            json.dumps(facts, allow_nan=False)

    holds()
    assert capfd.readouterr() == ("", "")


@MANY
@given(
    data=st.binary(min_size=2, max_size=4000), times=st.integers(1, 8),
    rate=st.sampled_from([4000, 8000, 11025, 48000, 96000]), setting=st.sampled_from(list(SETTINGS)),
    step=st.integers(50, 9000),
)  # fmt: skip
def test_any_bytes_as_samples_at_the_detector_then_whatever_is_heard_lies_on_the_line(
    data, times, rate, setting, step
):
    samples = np.frombuffer(data[: len(data) // 2 * 2] * times, np.int16)
    detector = dtmf.Detector(1, rate, setting=setting, near_misses=True)
    for at in range(0, len(samples), step):
        detector.feed(samples[None, at : at + step])
    for event in detector.flush():
        assert 0 <= event.start <= event.at <= len(samples)
    for miss in near_misses(samples, rate, setting=setting):
        assert 0 <= miss.start < min(miss.end, len(samples))


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("rate", [4000, 8000, 11025, 44100, 96000])
@pytest.mark.parametrize("count", [0, 1, 2, 79, 80, 81])
def test_a_few_samples_then_nothing_heard(count, rate, setting):
    samples = np.full(count, -32768, np.int16)
    assert dtmf.decode(samples, rate, setting=setting) == []
    assert near_misses(samples, rate, setting=setting) == []


@MANY
@given(place=st.integers(0, 4000), width=st.integers(1, 4000),
       what=st.sampled_from([np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45]))  # fmt: skip
def test_float32_on_the_pipe_with_what_is_no_number_then_the_keys_beside_it(place, width, what):
    samples = np.concatenate([dtmf.encode("15") / 32768, np.zeros(4000), dtmf.encode("9D") / 32768]).astype("<f4")
    samples[3200 + place : 3200 + min(place + width, 4000)] = what
    reading = Reading(encoding="f32le")
    with arriving(io.BytesIO(samples.tobytes()), reading) as source:
        digits = facts_of(source, Hearing(reading=reading), "-")[0]["digits"]
    assert digits.startswith("15")
    assert digits.endswith("D")


def wav(declared, samples=bytes(1000), *, tag=1, channels=1, rate=8000, bits=16):
    align = channels * bits // 8 & 0xFFFF
    layout = struct.pack("<HHIIHH", tag, channels, rate, rate * align & 0xFFFFFFFF, align, bits)
    return (b"RIFF" + struct.pack("<I", declared + 36 & 0xFFFFFFFF) + b"WAVEfmt \x10\x00\x00\x00" + layout
            + b"data" + struct.pack("<I", declared & 0xFFFFFFFF) + samples)  # fmt: skip


def limited(folder, commands):
    """Run commands in 200 MB, each with what it is piped; return each one's code, megabytes, output and errors."""
    for number, (_, said) in enumerate(commands):
        (folder / f"{number}.in").write_bytes(said)
    subprocess.run([sys.executable, "-c", LIMITED, json.dumps([words for words, _ in commands])], cwd=folder,
                   input=dtmf.encode("1").tobytes(), capture_output=True, check=True,
                   env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)})  # fmt: skip
    ended = []
    for number in range(len(commands)):
        code, megabytes = map(int, (folder / f"{number}.end").read_text().split())
        ended.append((code, megabytes, *((folder / f"{number}.{name}").read_text().splitlines()
                                         for name in ("out", "err"))))
    return ended


REMARK = re.compile("; they are (read|heard) as | is cut off")
NUMBERLESS = np.array([np.nan, np.inf, -np.inf, 3e38], "<f4").tobytes() * 5000
HOSTILE = {
    "10^9 samples in 1 kB": (wav(2_000_000_000), [], 0),
    "10^9 samples of 1024 channels": (wav(2_000_000_000, bytes(4096), channels=1024), ["--channel", "all"], 0),
    "65535 channels": (wav(2_000_000_000, channels=65535), [], 2),
    "a rate of 4 GHz": (wav(1000, rate=0xFFFFFFFF), [], 2),
    "a part of 2 GB in the header": (b"RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\x7f" + bytes(500), [], 2),
    "one sample": (wav(2, b"\x01\x00"), [], 0),
    "floats that are no numbers": (wav(len(NUMBERLESS), NUMBERLESS, tag=3, bits=32), [], 2),
    "noise at an odd rate": (wav(96000, np.random.default_rng(2).bytes(96000), rate=95999), [], 0),
    "noise as nine raw channels": (np.random.default_rng(3).bytes(300_001),
                                   ["--encoding", "f32le", "--channels", "9", "--rate", "96000"], 0),
}  # fmt: skip


def test_hostile_bytes_on_the_pipe_or_explained_then_never_a_traceback_nor_200_megabytes(tmp_path):
    paths = [tmp_path / f"{n}.wav" for n in range(len(HOSTILE) - 1)]
    for path, (data, _, _) in zip(paths, HOSTILE.values(), strict=False):
        path.write_bytes(data)
    piped = [(["decode", "-", "--json", *words], said) for said, words, _ in HOSTILE.values()]
    *ended, explained = limited(tmp_path, [*piped, (["decode", "--explain", "--json", *map(str, paths)], b"")])
    for (name, (_, _, code)), (ends, megabytes, lines, errors) in zip(HOSTILE.items(), ended, strict=True):
        assert (name, ends) == (name, code)
        assert megabytes < 200, name
        told = [json.loads(line) for line in lines]
        assert [(one["file"], "error" in one) for one in told] == [("-", code != 0)] * len(lines), name
        assert lines, name
        assert all(line.startswith("dtmf: -") for line in errors), name
        assert len([line for line in errors if not REMARK.search(line)]) == (code != 0), name
    code, megabytes, lines, errors = explained
    assert code == 2
    assert megabytes < 200
    told = [json.loads(line) for line in lines]
    assert len(told) == len(paths)
    assert all(line.startswith("dtmf: /") for line in errors)
    assert [f"dtmf: {one['error']}" for one in told if "near_misses" not in one] == [
        line for line in errors if not REMARK.search(line)]


def test_a_billion_declared_samples_drawn_then_a_picture_of_those_that_are_there(tmp_path, capfd):
    path, picture = tmp_path / "billion.wav", tmp_path / "billion.png"
    path.write_bytes(wav(2_000_000_000))
    assert main(["plot", str(path), "-o", str(picture)]) == 0
    assert capfd.readouterr().err.splitlines() == [
        f"dtmf: {path} is cut off: its head says 125000.00 s, and 0.06 s are there."]
    assert picture.stat().st_size > 1000
