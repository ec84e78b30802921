"""Audio in blocks: every encoding, every kind of file, one channel or each, hours without more memory."""

import io
import subprocess
import sys

import numpy as np
import pytest
import soundfile

import dtmf
from dtmf.audiofile import read
from dtmf.blocks import Reading, arriving, opened
from dtmf.pcm import samples_of
from dtmf.transcript import Hearing, transcribe

NAMES = {"s16le": "PCM_16", "mulaw": "ULAW", "alaw": "ALAW", "u8": "PCM_U8", "s8": "PCM_S8", "s24le": "PCM_24",
         "s32le": "PCM_32", "f32le": "FLOAT", "f64le": "DOUBLE", "gsm": "GSM610", "vox": "VOX_ADPCM"}
FLOATS = ("f32le", "f64le")


def raw(path, samples, encoding, rate=8000):
    samples = samples / 32768 if encoding in FLOATS else samples
    soundfile.write(path, samples, rate, format="RAW", subtype=NAMES[encoding])
    return path


def theirs(path, encoding):
    """Return what libsndfile makes of raw samples."""
    samples, _ = soundfile.read(path, dtype="float64" if encoding in FLOATS else "int16", format="RAW",
                                subtype=NAMES[encoding], samplerate=8000, channels=1)
    return np.rint(samples * 32768) if encoding in FLOATS else samples


def digits(path, channel=None, **reading):
    return [facts["digits"] for facts in transcribe(path, Hearing(channel, Reading(**reading)))]


def test_mulaw_and_alaw_then_every_byte_as_libsndfile_reads_it(tmp_path):
    for encoding in ("mulaw", "alaw"):
        path = tmp_path / encoding
        path.write_bytes(bytes(range(256)))
        expected = theirs(path, encoding)
        assert np.array_equal(samples_of(bytes(range(256)), encoding, 1)[:, 0], expected)


@pytest.mark.parametrize("encoding", [name for name in NAMES if name not in ("gsm", "vox")])
def test_raw_samples_then_as_libsndfile_reads_them(tmp_path, encoding):
    noise = np.random.default_rng(3).integers(-32768, 32767, 500).astype(np.int16)
    path = raw(tmp_path / "noise.raw", noise, encoding)
    with opened(path, Reading(encoding)) as source:
        ours = np.concatenate(list(source.blocks()))[:, 0]
    assert np.array_equal(ours, theirs(path, encoding))


@pytest.mark.parametrize("encoding", NAMES)
def test_raw_samples_of_any_encoding_then_their_digits(tmp_path, encoding):
    path = raw(tmp_path / "call.raw", dtmf.encode("159D", level_dbm0=-12), encoding)
    assert digits(path, encoding=encoding) == ["159D"]
    with path.open("rb") as stream, arriving(stream, Reading(encoding)) as source:
        assert np.array_equal(np.concatenate(list(source.blocks())), read_raw(path, encoding))


def read_raw(path, encoding):
    with opened(path, Reading(encoding)) as source:
        return np.concatenate(list(source.blocks()))


def test_raw_samples_of_two_channels_then_each_of_them(tmp_path):
    both = np.stack([dtmf.encode("12", 16000), dtmf.encode("89", 16000)], axis=1)
    path = tmp_path / "both.raw"
    path.write_bytes(both.astype(">i2").tobytes())
    assert digits(path, "all", encoding="s16be", rate=16000, channels=2) == ["12", "89"]


@pytest.mark.parametrize(("ending", "encoding", "rate"), [
    (".gsm", "gsm", 8000), (".vox", "vox", 8000), (".ulaw", "mulaw", 8000), (".ul", "mulaw", 8000),
    (".alaw", "alaw", 8000), (".AL", "alaw", 8000), (".sln", "s16le", 8000), (".sln16", "s16le", 16000),
    (".sln44", "s16le", 44100)])  # fmt: skip
def test_a_file_named_as_telephone_systems_do_then_its_ending_says_how_to_read_it(tmp_path, ending, encoding, rate):
    path = raw(tmp_path / f"call{ending}", dtmf.encode("159D", rate), encoding, rate)
    assert digits(path) == ["159D"]
    samples, told = read(path)
    assert (told, dtmf.digits(dtmf.decode(samples[:, 0], told))) == (rate, "159D")


def test_a_wav_named_like_a_raw_file_then_it_is_read_as_a_wav(tmp_path):
    path = tmp_path / "call.gsm"
    soundfile.write(path, dtmf.encode("159D"), 8000, format="WAV")
    assert digits(path) == ["159D"]


@pytest.mark.parametrize("rate", [8000, 11025, 44100])
def test_a_caller_on_each_side_then_each_channel_as_if_alone(tmp_path, rate):
    left, right = dtmf.encode("1234567#", rate, tone_ms=60), dtmf.encode("*0A9D", rate, tone_ms=96)
    length = max(len(left), len(right))
    both = np.stack([np.pad(side, (0, length - len(side))) for side in (left, right)], axis=1)
    path = tmp_path / "both.wav"
    soundfile.write(path, both, rate)
    facts = transcribe(path, Hearing("all"))
    assert [(one["channel"], one["digits"]) for one in facts] == [(0, "1234567#"), (1, "*0A9D")]
    for number, one in enumerate(facts):
        alone = transcribe(path, Hearing(number))[0]
        assert one | {"channel": number} == {"channel": number, **alone}


@pytest.mark.parametrize(("spoil", "why"), [
    (lambda x: x + 2000, "a DC offset"),
    (lambda x: np.clip(6 * x, -32768, 32767), "clipped by 15 dB"),
    (lambda x: (x // 256) * 256, "8 bit"),
    (lambda x: np.clip(x, -12000, 32767), "clipped on one side"),
], ids=["offset", "clipped", "8-bit", "one-sided"])  # fmt: skip
@pytest.mark.parametrize("rate", [8000, 22050, 48000])
def test_a_bad_recording_at_any_rate_then_all_keys(tmp_path, spoil, why, rate):
    samples = spoil(dtmf.encode(dtmf.KEYS, rate, tone_ms=80, gap_ms=80, level_dbm0=-7).astype(np.int64))
    path = tmp_path / "call.wav"
    soundfile.write(path, samples.astype(np.int16), rate)
    assert digits(path) == [dtmf.KEYS], why


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"])
@pytest.mark.parametrize("kind", ["WAV", "WAVEX"])
def test_a_wav_that_arrives_then_the_samples_of_the_file(subtype, kind):
    data, floats = io.BytesIO(), subtype in ("FLOAT", "DOUBLE")
    both = np.stack([dtmf.encode("12#"), dtmf.encode("45D")], axis=1)
    soundfile.write(data, both / 32768 if floats else both, 8000, format=kind, subtype=subtype)
    expected, _ = soundfile.read(io.BytesIO(data.getvalue()), dtype="float64" if floats else "int16")
    with arriving(io.BytesIO(data.getvalue())) as source:
        assert (source.rate, source.channels) == (8000, 2)
        ours = np.concatenate(list(source.blocks()))
    assert np.array_equal(ours, np.rint(expected * 32768) if floats else expected)


@pytest.mark.parametrize("size", [0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_a_wav_begun_before_its_length_was_known_then_all_that_comes(size):
    data = io.BytesIO()
    soundfile.write(data, dtmf.encode("159D"), 8000, format="WAV")
    whole = data.getvalue()
    at = whole.index(b"data") + 4
    with arriving(io.BytesIO(whole[:at] + size.to_bytes(4, "little") + whole[at + 4 :])) as source:
        assert sum(map(len, source.blocks())) == (len(whole) - at - 4) // 2


@pytest.mark.parametrize(("reading", "says"), [
    ({"encoding": "mp9"}, "the encoding 'mp9' is not known; use one of s16le"),
    ({"rate": 200}, "200 Hz is outside"),
    ({"channels": 0}, "0 channels"),
    ({"channels": 5000}, "5000 channels"),
])  # fmt: skip
def test_reading_when_it_cannot_be_meant_then_one_sentence(reading, says):
    with pytest.raises(dtmf.DtmfError, match=says):
        Reading(**reading)


MEASURE = """
import re, sys
from pathlib import Path
from dtmf.transcript import Hearing, transcribe
for path in sys.argv[1:]:
    digits = transcribe(path, Hearing())[0]["digits"]
    print(digits, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def hours(path, seconds, rate):
    """Write a recording of silence, on a disk a few kilobytes, with keys near its beginning, middle and end."""
    keys = dtmf.encode("159D", rate, tone_ms=70, gap_ms=70).astype("<i2").tobytes()
    soundfile.write(path, np.zeros(1, np.int16), rate)
    header = path.read_bytes()[:44]
    size = seconds * rate * 2
    with path.open("wb") as file:
        file.write(header[:4] + (36 + size).to_bytes(4, "little") + header[8:40] + size.to_bytes(4, "little"))
        file.truncate(44 + size)
        for second in (1, seconds // 2, seconds - 2):
            file.seek(44 + second * rate * 2)
            file.write(keys)
    return path


@pytest.mark.parametrize("rate", [8000, pytest.param(16000, marks=pytest.mark.slow)])
def test_a_file_of_two_hours_then_no_more_memory_than_one_of_a_minute(tmp_path, rate):
    paths = [hours(tmp_path / f"{seconds}.wav", seconds, rate) for seconds in (60, 7200)]
    done = subprocess.run([sys.executable, "-c", MEASURE, *paths], capture_output=True, text=True, check=True)
    (first, little), (second, much) = (line.split() for line in done.stdout.splitlines())
    assert (first, second) == ("159D" * 3, "159D" * 3)
    assert (int(much) - int(little)) / 1024 < 50
