"""One reader for files and pipes, by content: what is known, what is refused, and what is said about the rest."""

import io
import json
import struct
import subprocess
import sys

import av
import numpy as np
import pytest
import soundfile

import dtmf
from dtmf.blocks import Reading, arriving, opened
from dtmf.transcript import Hearing, facts_of, transcribe

KEYS = "159D#"
ASSUMED = "does not say what it is, and is read as s16le at 8000 Hz"


def sound(rate=8000):
    return dtmf.encode(KEYS, rate, tone_ms=80, gap_ms=80)


def heard(data, folder, name="call", **reading):
    """Return the digits of bytes as a file and as a pipe, or why there are none, and what was said of them."""
    path = folder / name
    path.write_bytes(data)
    hearing, found = Hearing(reading=Reading(**reading)), []
    for source, called in ((opened(path, hearing.reading), str(path)),
                           (arriving(io.BytesIO(data), hearing.reading), "-")):
        try:
            with source as opening:
                facts = facts_of(opening, hearing, called)[0]
            found.append((facts["digits"], [note.removeprefix(called) for note in facts.get("notes", [])]))
        except dtmf.AudioError as error:
            found.append(str(error).removeprefix(called))
    return found


def libsndfile(container, subtype=None, rate=8000):
    data = io.BytesIO()
    soundfile.write(data, sound(rate), rate, format=container, subtype=subtype)
    return data.getvalue()


def ffmpeg(container, codec, rate=16000, bits=64000):
    data = io.BytesIO()
    with av.open(data, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = bits
        frame = av.AudioFrame.from_ndarray(sound(rate)[None], "s16", "mono")
        frame.sample_rate = rate
        for one in (frame, None):
            for packet in stream.encode(one):
                out.mux(packet)
    return data.getvalue()


def ogg_flac():
    """Return FLAC in Ogg, put there as it is."""
    data = io.BytesIO()
    with av.open(io.BytesIO(libsndfile("FLAC"))) as read, av.open(data, "w", format="ogg") as out:
        stream = out.add_stream_from_template(read.streams.audio[0])
        for packet in read.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    return data.getvalue()


def wav(*parts, begin=b"RIFF", encoding=(1, 16), rate=8000):
    """Return a WAV of chunks, each a name, what it says its length is, and its bytes; a `fmt ` is filled in."""
    tag, bits = encoding
    layout = struct.pack("<HHIIHH", tag, 1, rate, rate * bits // 8, bits // 8, bits)
    chunks = [name + struct.pack("<I", size) + (data or layout) for name, size, data in parts]
    return begin + b"\xff\xff\xff\xffWAVE" + b"".join(chunks)


FMT = (b"fmt ", 16, b"")
LIST = (b"LIST", 10, b"INFOISFT\0\0")


def wavs():
    data = sound().astype("<i2").tobytes()
    half = len(data) // 4 * 2
    ds64 = (b"ds64", 28, struct.pack("<QQQI", 0, len(data), 0, 0))
    nothing = (b"ds64", 28, bytes(28))
    floats = sound().astype("<f4")
    return {
        "length 0": wav(FMT, (b"data", 0, data)),
        "length ffffffff": wav(FMT, (b"data", 0xFFFFFFFF, data)),
        "two data chunks": wav(FMT, (b"data", half, data[:half]), LIST, (b"data", len(data) - half, data[half:])),
        "an empty data chunk before": wav(FMT, (b"data", 0, b""), LIST, (b"data", len(data), data)),
        "JUNK and LIST before the format": wav((b"JUNK", 28, bytes(28)), LIST, FMT, (b"data", len(data), data)),
        "3 MB of a picture before the samples": wav(
            FMT, (b"id3 ", 3 << 20, bytes(3 << 20)), (b"data", len(data), data)),
        "RF64": wav(ds64, FMT, (b"data", 0xFFFFFFFF, data), LIST, begin=b"RF64"),
        "RF64 of length 0": wav(nothing, FMT, (b"data", 0xFFFFFFFF, data), begin=b"RF64"),
        "BW64": wav(ds64, FMT, (b"data", 0xFFFFFFFF, data), begin=b"BW64"),
        "mu-law": libsndfile("WAV", "ULAW"), "A-law": libsndfile("WAV", "ALAW"), "GSM": libsndfile("WAV", "GSM610"),
        "ADPCM": libsndfile("WAV", "IMA_ADPCM"), "24 bits": libsndfile("WAVEX", "PCM_24"),
        "doubles": wav(FMT, (b"data", 0, (floats / 32768).astype("<f8").tobytes()), encoding=(3, 64)),
        "G.722": ffmpeg("wav", "g722"), "G.726": ffmpeg("wav", "g726", 8000),
    }  # fmt: skip


FILES = {
    **{f"WAV, {name}": data for name, data in wavs().items()},
    **{kind: libsndfile(kind) for kind in ("FLAC", "AU", "AIFF", "CAF", "W64", "VOC", "NIST", "AVR", "PVF")},
    "AU of unknown length": (b := libsndfile("AU", "PCM_16"))[:8] + b"\xff\xff\xff\xff" + b[12:],
    "Ogg with Vorbis": libsndfile("OGG", "VORBIS", 16000), "Ogg with Opus": libsndfile("OGG", "OPUS", 16000),
    "Ogg with FLAC": ogg_flac(),
    "MP3": (mp3 := ffmpeg("mp3", "libmp3lame", 8000)),
    "MP3 without a tag": (bare := libsndfile("MP3", rate=44100)),
    "MP3 with a picture": b"ID3\x03\0\0\0\x10\0\0" + bytes(1 << 18) + bare,
}  # fmt: skip

EXTRA = {
    "M4A": ffmpeg("ipod", "aac"), "AAC": ffmpeg("adts", "aac"), "WebM": ffmpeg("webm", "libopus", 48000),
    "AMR": ffmpeg("amr", "libopencore_amrnb", 8000, 12200), "3GP": ffmpeg("3gp", "libopencore_amrnb", 8000, 12200),
    "WMA": ffmpeg("asf", "wmav2", bits=48000), "Matroska": ffmpeg("matroska", "pcm_s16le", 8000),
    "QuickTime": ffmpeg("mov", "alac"), "AVI": ffmpeg("avi", "pcm_s16le", 8000), "WavPack": ffmpeg("wv", "wavpack"),
    "MPEG-TS": ffmpeg("mpegts", "mp2", 48000), "WAV with G.722": FILES["WAV, G.722"],
}  # fmt: skip


@pytest.mark.parametrize("data", (FILES | EXTRA).values(), ids=FILES | EXTRA)
def test_a_file_of_any_format_whatever_its_name_then_its_keys_as_file_and_as_pipe(tmp_path, data):
    assert heard(data, tmp_path) == [(KEYS, [])] * 2
    assert heard(data, tmp_path, "call.wav") == [(KEYS, [])] * 2


CUT = {"a length beyond the end": wav(FMT, (b"data", 2_000_000_000, FILES["WAV, length 0"][44:])),
       **{kind: (data := (FILES | EXTRA)[kind])[:-len(data) // 4] for kind in (
           "WAV, two data chunks", "WAV, GSM", "FLAC", "AU", "AIFF", "CAF", "W64", "MP3", "WebM")}}  # fmt: skip


@pytest.mark.parametrize("data", CUT.values(), ids=CUT)
def test_a_file_that_is_cut_off_then_what_is_there_counts_and_a_sentence_says_so(tmp_path, data):
    for keys, notes in heard(data, tmp_path):
        assert keys in (KEYS, KEYS[:5], KEYS[:4], KEYS[:3])
        assert [note[:11] for note in notes] == [" is cut off"]


HEADLESS = {"g722": ffmpeg("g722", "g722"), "g726": ffmpeg("g726le", "g726le", 8000, 32000)}


@pytest.mark.parametrize("encoding", HEADLESS)
def test_what_telephones_write_without_a_head_then_its_ending_or_the_option_says_it(tmp_path, encoding):
    path = tmp_path / f"call.{encoding}"
    path.write_bytes(HEADLESS[encoding])
    assert transcribe(path, Hearing())[0]["digits"] == KEYS
    assert heard(HEADLESS[encoding], tmp_path, encoding=encoding) == [(KEYS, [])] * 2


def crc(data):
    """Return the check of an Ogg page (RFC 3533, 6)."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x104C11DB7 if value >> 31 else 0)
    return value


def page(packet, number, granule, flags=0):
    head = b"OggS\0" + bytes([flags]) + struct.pack("<qII", granule, 7, number)
    tail = bytes([1, len(packet)]) + packet
    return head + struct.pack("<I", crc(head + bytes(4) + tail)) + tail


def speex(frames):
    """Return silence in Speex: nobody here can write more of it."""
    about = b"Speex   " + bytes(20) + struct.pack("<13i", 1, 80, 8000, 0, 4, 1, -1, 160, 0, 1, 0, 0, 0)
    silent = b"\x03\xff"  # no bits but the mode, and that it is over
    return page(about, 0, 0, 2) + page(bytes(8), 1, 0) + b"".join(
        page(silent, 2 + n, 160 * (n + 1), 4 * (n == frames - 1)) for n in range(frames))  # fmt: skip


@pytest.mark.parametrize(("data", "encoding"), [(speex(25), None), (bytes(250), "g729")], ids=["Speex", "G.729"])
def test_speech_codecs_that_only_decode_then_as_long_as_they_are(data, encoding):
    with arriving(io.BytesIO(data), Reading(encoding)) as source:
        samples = np.concatenate(list(source.blocks()))
    assert (source.rate, samples.shape[0] / {None: 160, "g729": 80}[encoding]) == (8000, 25)


BARE = """
import sys
sys.modules["av"] = None  # as if it were not installed
from dtmf.cli import main
codes = [main(["decode", *sys.argv[1:]])]
sys.exit(max([*codes, main(["decode", "-"])]))
"""


def test_an_extra_that_is_not_installed_then_one_sentence_a_file_says_what_to_install(tmp_path):
    names = []
    for number, (name, data) in enumerate({**EXTRA, "Speex": speex(25), "g722": HEADLESS["g722"]}.items()):
        names.append(tmp_path / f"{number}.{name if name == 'g722' else 'bin'}")
        names[-1].write_bytes(data)
    command = [sys.executable, "-c", BARE, *names]
    done = subprocess.run(command, input=EXTRA["AAC"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    *lines, piped = done.stderr.decode().splitlines()
    assert [line.split(" is ")[0] for line in lines] == [f"dtmf: {name}" for name in names]
    assert piped.startswith("dtmf: - is AAC, which needs an extra: install PyAV")
    assert all(line.endswith("install PyAV with 'pip install av'.") for line in lines)


@pytest.mark.parametrize("name", ["call.raw", "call", "call.dat"])
def test_samples_without_a_head_then_16_bit_at_8_khz_and_said_so(tmp_path, name):
    told = heard(sound().tobytes(), tmp_path, name)
    assert [digits for digits, _ in told] == [KEYS] * 2
    assert all(note.strip().startswith(ASSUMED) for _, (note,) in told)
    assert heard(sound().tobytes(), tmp_path, name, encoding="s16le") == [(KEYS, [])] * 2
    assert heard(sound(16000).tobytes(), tmp_path, name, rate=16000) == [(KEYS, [])] * 2


def no_samples():
    noise, keys = np.random.default_rng(5), sound().astype(np.int64)
    hissing = np.clip(keys + noise.normal(0, 300, len(keys)), -32768, 32767).astype(np.int16)
    raw = {kind: io.BytesIO() for kind in ("GSM610", "ULAW", "ALAW", "FLOAT")}
    for kind, data in raw.items():
        soundfile.write(data, hissing, 8000, format="RAW", subtype=kind)
    return {
        **{kind: data.getvalue() for kind, data in raw.items()},
        "big-endian": hissing.astype(">i2").tobytes(),
        "G.722": HEADLESS["g722"],
        "the middle of an MP3": mp3[len(mp3) // 3 + 1 :],
        "bytes by chance": noise.bytes(20000),
    }


@pytest.mark.parametrize("data", no_samples().values(), ids=no_samples())
def test_bytes_that_are_compressed_or_of_another_encoding_then_refused(tmp_path, data):
    told = heard(data, tmp_path)
    assert told == [told[0]] * 2
    assert "it is no s16le: its bytes are compressed, or of another encoding; say --encoding" in told[0]


@pytest.mark.parametrize(("data", "says"), [
    ("1234567# was typed here, äöü.\n".encode() * 9, "is text"), (b"x,y\r\n1,2\r\n", "is text"),
    ("会议号码是多少?".encode() * 9, "is text"), ("nine of them".encode("utf-16"), "is text"),
    ("viele Gr\xfc\xdfe an alle".encode("latin-1") * 9, "is text"),
    (b"PK\x03\x04" + bytes(99), "is a ZIP archive, not audio"), (b"%PDF-1.7\n" + bytes(99), "is a PDF document"),
    (b"\xd4\xc3\xb2\xa1\x02\0\x04\0" + bytes(99), "is a capture of a network"),
    (b"\x7fELF\x02\x01" + bytes(999), "is a program"),
    (b"fLaC" + bytes(50), "begins like FLAC, but cannot be read; record it again"),
    (b"\0\0\0\x18ftypM4A " + bytes(99), "begins like MP4, M4A or 3GP, but cannot be read"),
])  # fmt: skip
def test_bytes_that_are_no_audio_then_refused_as_what_they_are(tmp_path, data, says):
    told = heard(data, tmp_path)
    assert told == [told[0]] * 2
    assert says in told[0]


def test_a_wav_that_says_its_rate_then_no_other_can_be_said(tmp_path):
    (file, pipe) = heard(wavs()["length 0"], tmp_path, rate=16000)
    assert file == pipe
    assert "says itself how it is to be read; leave out --rate" in file


QUIET = np.zeros(9000)


@pytest.mark.parametrize(("scaled", "bits"), [
    (sound().astype(float), 16), (np.concatenate([QUIET, sound()]) * 256.0, 24), (sound() * 65536.0, 32),
    (sound() * 0.731, 16),
], ids=["16 bits", "24 bits after a silence", "32 bits", "no whole numbers"])  # fmt: skip
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
@pytest.mark.parametrize("container", ["WAV", "CAF"])
def test_floats_of_whole_number_scale_then_scaled_and_said_so(tmp_path, scaled, bits, subtype, container):
    data = io.BytesIO()
    soundfile.write(data, scaled, 8000, format=container, subtype=subtype)
    for digits, (note,) in heard(data.getvalue(), tmp_path):
        assert digits == KEYS
        assert note.endswith(f"instead of -1 to 1; they are read as {bits} bits.")


@pytest.mark.parametrize("spoil", [
    lambda x: x * 4, lambda x: np.where(np.arange(len(x)) % 977, x, 5000), lambda x: np.clip(x * 3, -1, 1),
    lambda x: x / 30,
], ids=["amplified", "with clicks", "clipped", "soft"])  # fmt: skip
def test_floats_of_1_whatever_was_done_to_them_then_taken_as_they_are(tmp_path, spoil):
    data = io.BytesIO()
    soundfile.write(data, spoil(sound() / 32768), 8000, format="WAV", subtype="FLOAT")
    assert heard(data.getvalue(), tmp_path) == [(KEYS, [])] * 2


@pytest.mark.parametrize("what", [np.nan, -np.inf, 1e30])
def test_floats_that_are_no_samples_then_silent_and_said_so_or_refused_where_all_are(tmp_path, what):
    some, every = "holds 7 samples that are no numbers", "each of its 6400 samples is no number"
    for container, step, found in (("WAV", 977, some), ("CAF", 1, every)):
        data = io.BytesIO()
        spoilt = np.where(np.arange(6400) % step, sound() / 32768, what)
        soundfile.write(data, spoilt, 8000, format=container, subtype="FLOAT")
        for said in heard(data.getvalue(), tmp_path):
            assert found in (said if step == 1 else said[1][0])


def test_192_khz_then_its_keys_and_no_rate_beyond(tmp_path):
    assert heard(libsndfile("WAV", "PCM_16", 192000), tmp_path) == [(KEYS, [])] * 2
    beyond = wav(FMT, (b"data", 0, bytes(500)), rate=192001)
    assert "192001 Hz is outside 4000 to 192000 Hz" in heard(beyond, tmp_path)[0]


def test_decode_file_then_the_tones_of_the_file_or_of_a_channel(tmp_path):
    path = tmp_path / "both.flac"
    soundfile.write(path, np.stack([sound(16000), sound(16000)[::-1] // 2], 1), 16000)
    tones = dtmf.decode_file(path, channel=0)
    assert tones == dtmf.decode(sound(16000), 16000)
    assert dtmf.digits(dtmf.decode_file(path, channel=1)) == KEYS[::-1]
    with pytest.raises(dtmf.AudioError, match="has no channel 2"):
        dtmf.decode_file(path, channel=2)


@pytest.mark.parametrize("name", EXTRA)
def test_a_spoilt_file_of_a_telephone_then_a_plain_error_or_digits_and_no_other_word(tmp_path, capfd, name):
    rng, path = np.random.default_rng(11), tmp_path / "spoilt"
    for _ in range(40):
        data = bytearray(EXTRA[name][: rng.integers(1, len(EXTRA[name]) + 1)])
        for at in rng.integers(0, min(len(data), int(rng.choice([120, 9000]))), 4):
            wound = rng.bytes(4) if rng.random() < 0.5 else b"\xff" * 8
            data[at : at + len(wound)] = wound
        path.write_bytes(data)
        try:
            json.dumps(transcribe(path, Hearing("all")), allow_nan=False)
        except dtmf.DtmfError as error:
            assert str(path) in str(error)
    assert capfd.readouterr() == ("", "")


def test_an_mp3_of_several_blocks_then_read_in_one_go_and_no_library_complains(tmp_path, capfd):
    at = np.arange(30 * 8000) / 8000
    hiss = np.random.default_rng(1).standard_normal(len(at)) * (np.sin(2 * np.pi * 1.3 * at) > 0)
    beeps = np.sin(2 * np.pi * 440 * at) * (np.sin(2 * np.pi * 0.7 * at) > 0)
    soundfile.write(tmp_path / "call.mp3", (3000 * beeps + 200 * hiss).astype(np.int16), 8000)
    with opened(tmp_path / "call.mp3") as source:
        assert sum(len(block) for block in source.blocks()) == len(at)
    assert capfd.readouterr().err == ""
