"""Hostile bytes as headers and as samples: a plain error or digits, never a traceback, never much memory."""

import io
import json
import struct
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from sampled import examples

import dtmf
from dtmf.blocks import Reading, arriving
from dtmf.pcm import ENCODINGS
from dtmf.transcript import Hearing, facts_of, transcribe

TAGS = [1, 2, 3, 6, 7, 0x11, 0x31, 0x50, 0x55, 0xFFFE]
U16, U32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
MAGIC = [b"", b"RIFF", b"RIFX", b"RF64", b".snd", b"FORM", b"caff", b"OggS", b"fLaC", b"ID3"]
NO_NUMBERS = [np.nan, np.inf, -np.inf, 1e300]
MANY = examples(120)


@st.composite
def wavs(draw):
    """A WAV that is nearly right: any part of its header may be a lie, and its samples are anything."""
    bits = draw(st.sampled_from([0, 4, 8, 16, 24, 32, 64]) | U16)
    channels = draw(st.sampled_from([1, 2, 0, 3, 1024, 65535]))
    rate = draw(st.sampled_from([8000, 44100, 96000, 0, 1, 3999, 192001, 0xFFFFFFFF]) | U32)
    align = draw(st.just(channels * bits // 8 & 0xFFFF) | U16)
    layout = struct.pack("<HHIIHH", draw(st.sampled_from(TAGS) | U16), channels, rate, rate * align & 0xFFFFFFFF,
                         align, bits) + draw(st.binary(max_size=30))  # fmt: skip
    samples = draw(st.binary(max_size=600)) * draw(st.sampled_from([1, 1, 40]))
    size = draw(st.sampled_from([len(samples), 2_000_000_000, 0xFFFFFFFF, 0]) | U32)
    between = draw(st.sampled_from([b"", b"LIST\x04\x00\x00\x00abcd", b"fact\xff\xff\xff\x7f"]))
    head = b"RIFF" + struct.pack("<I", draw(U32)) + b"WAVEfmt " + struct.pack("<I", len(layout)) + layout
    return head + between + b"data" + struct.pack("<I", size) + samples


def hear(data, folder, **reading):
    """Hear bytes as a file and as a pipe; nothing but a plain error may come of it."""
    path = folder / "hostile.wav"
    path.write_bytes(data)
    try:
        for facts in transcribe(path, Hearing("all", Reading(**reading))):
            json.loads(json.dumps(facts, allow_nan=False))
    except dtmf.DtmfError as error:
        assert str(path) in str(error)
    try:
        with arriving(io.BytesIO(data), Reading(**reading)) as source:
            facts_of(source, Hearing(), "-")
    except dtmf.DtmfError as error:
        assert str(error).startswith("-")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@MANY
@given(data=wavs())
def test_a_wav_whose_header_lies_then_a_plain_error_or_digits(folder, data):
    hear(data, folder)


@MANY
@given(data=st.binary(max_size=400), magic=st.sampled_from(MAGIC))
def test_any_bytes_then_a_plain_error_or_digits(folder, data, magic):
    hear(magic + data, folder)


@MANY
@given(data=st.binary(min_size=1, max_size=400), encoding=st.sampled_from(ENCODINGS), channels=st.integers(1, 9))
def test_any_bytes_as_raw_samples_then_a_plain_error_or_digits(folder, data, encoding, channels):
    hear(data * 20, folder, encoding=encoding, channels=channels)


@examples(40)
@given(place=st.integers(0, 4000), width=st.integers(1, 4000), what=st.sampled_from(NO_NUMBERS))
def test_a_float_file_with_what_is_no_number_then_the_keys_beside_it(folder, place, width, what):
    samples = np.concatenate([dtmf.encode("15") / 32768, np.zeros(4000), dtmf.encode("9D") / 32768])
    samples[3200 + place : 3200 + min(place + width, 4000)] = what
    path = folder / "floats.wav"
    soundfile.write(path, samples, 8000, subtype="DOUBLE")
    digits = transcribe(path, Hearing())[0]["digits"]
    assert digits.startswith("15")
    assert digits.endswith("D")


LIMITED = """
import re, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_DATA, (200 << 20, 200 << 20))
from dtmf.cli import main
code = main(["decode", "--json", *sys.argv[1:]])
print(code, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
"""Private memory beyond the limit is refused by the system, and what was resident is told in MB."""


def wav(declared, samples=bytes(1000), *, tag=1, channels=1, rate=8000, bits=16):
    align = channels * bits // 8 & 0xFFFF
    layout = struct.pack("<HHIIHH", tag, channels, rate, rate * align & 0xFFFFFFFF, align, bits)
    return (b"RIFF" + struct.pack("<I", declared + 36 & 0xFFFFFFFF) + b"WAVEfmt \x10\x00\x00\x00" + layout
            + b"data" + struct.pack("<I", declared & 0xFFFFFFFF) + samples)  # fmt: skip


def flac(declared):
    """Return a FLAC that says how many samples it holds; 36 bits, from the 18th byte on (RFC 9639, 8.2)."""
    data = io.BytesIO()
    soundfile.write(data, np.zeros(400, np.int16), 8000, format="FLAC")
    whole = bytearray(data.getvalue())
    whole[21] = whole[21] & 0xF0 | declared >> 32
    whole[22:26] = (declared & 0xFFFFFFFF).to_bytes(4, "big")
    return bytes(whole)


def test_hostile_files_then_never_a_traceback_nor_200_megabytes(tmp_path):
    rng = np.random.default_rng(11)
    hostile = {
        "billion.wav": wav(2_000_000_000),
        "billion-of-1024-channels.wav": wav(2_000_000_000, channels=1024, samples=bytes(4096)),
        "billion-of-65535-channels.wav": wav(2_000_000_000, channels=65535, samples=bytes(4096)),
        "doubles-of-1024-channels.wav": wav(0xFFFFFFF0, channels=1024, bits=64, tag=3, samples=bytes(1 << 20)),
        "billion.au": b".snd" + struct.pack(">IIIII", 24, 2_000_000_000, 3, 8000, 1) + bytes(1000),
        "billion.flac": flac(1_000_000_000),
        "odd-rate.wav": wav(96000, samples=rng.bytes(96000), rate=95999),
        "one.wav": wav(2, samples=b"\x01\x00"),
        "half.wav": wav(2, samples=b"\x01"),
        "rate.wav": wav(1000, rate=0xFFFFFFFF),
        **{f"noise-{n}.wav": wav(1 << 20, samples=rng.bytes(1 << 20), bits=bits, tag=tag, channels=channels)
           for n, (bits, tag, channels) in enumerate(
               [(8, 1, 1), (16, 1, 8), (32, 3, 1), (64, 3, 300), (8, 7, 1024)])},
        **{f"noise.{kind}": head + rng.bytes(5000) for kind, head in (
            ("mp3", b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f"), ("ogg", b"OggS"), ("caf", b"caff\x00\x01\x00\x00"),
            ("aiff", b"FORM\x7f\xff\xff\xffAIFF"), ("gsm", b""), ("vox", b""), ("sln", b""), ("w64", b"riff"))},
    }  # fmt: skip
    for name, data in hostile.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", LIMITED, "--channel", "all", *(str(tmp_path / name) for name in hostile)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"OPENBLAS_NUM_THREADS": "1"})
    *facts, last = done.stdout.splitlines()
    code, megabytes = map(int, last.split())
    assert code == 2
    assert megabytes < 200
    remarks = "; they are read as", "; they are heard as", " is cut off"
    errors = [line for line in done.stderr.splitlines() if not any(one in line for one in remarks)]
    assert [line for line in errors if not line.startswith("dtmf: /")] == []
    told = [json.loads(line) for line in facts]
    assert [f"dtmf: {one['error']}" for one in told if "error" in one] == errors
    heard = {one["file"] for one in told if "error" not in one}
    assert len(heard) + len(errors) == len(hostile)
    assert {str(tmp_path / name) for name in ("billion.wav", "one.wav", "noise-0.wav", "odd-rate.wav")} <= heard
