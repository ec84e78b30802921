"""What files are, by their first bytes."""

from dataclasses import dataclass
from typing import Literal, Protocol

Reader = Literal["wav", "sndfile", "sndfile alone", "av", "none"]


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is.

    Attributes
    ----------
    name : str
        As a sentence calls it.
    reader : str
        Who reads it: "wav" as it comes, "sndfile" libsndfile and PyAV where that fails, "sndfile alone" libsndfile,
        "av" PyAV, "none" nobody.
    """

    name: str
    reader: Reader = "sndfile"


class Beginning(Protocol):
    """A stream whose beginning can be looked at."""

    def peek(self, count: int) -> bytes:
        """Return the first `count` bytes, fewer at the end."""
        ...


_HEAD = 64
"""Bytes that are looked at first: a live pipe has them within 4 ms."""

_RIFF = {b"WAVE": FileKind("WAV", "wav"), b"AVI ": FileKind("AVI", "av")}

_BEGINS: tuple[tuple[bytes, FileKind], ...] = (
    (b"RIFX", FileKind("WAV")), (b"riff\x2e\x91\xcf\x11", FileKind("W64")), (b"fLaC", FileKind("FLAC")),
    (b".snd", FileKind("AU")),
    (b"dns.", FileKind("AU")), (b"FORM", FileKind("AIFF")), (b"caff", FileKind("CAF")), (b"ID3", FileKind("MP3")),
    (b"NIST_1A", FileKind("NIST")), (b"Creative Voice File\x1a", FileKind("VOC")),
    (b"MATLAB 5.0", FileKind("MAT5")),
    *((b"\x64\xa3" + version + b"\0", FileKind("IRCAM")) for version in (b"\1", b"\2", b"\3", b"\4")),
    (b"\x00\x01\xa3\x64", FileKind("IRCAM")), (b" paf", FileKind("PAF")),
    (b"fap ", FileKind("PAF")), (b"PVF1\n", FileKind("PVF")), (b"2BIT", FileKind("AVR")),
    (b"ALawSoundFile**", FileKind("WVE")),
    (b"Extended Instrument:", FileKind("XI")),
    (b"\x1a\x45\xdf\xa3", FileKind("WebM or Matroska", "av")), (b"#!AMR", FileKind("AMR", "av")),
    (b"FLV\x01", FileKind("FLV", "av")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", FileKind("WMA", "av")),
    (b"wvpk", FileKind("WavPack", "av")), (b"MAC ", FileKind("Monkey's Audio", "av")),
    (b"TTA1", FileKind("TTA", "av")),
    (b"\x00\x00\x01\xba", FileKind("an MPEG film", "av")),
    (b"PK\x03\x04", FileKind("a ZIP archive", "none")), (b"\x1f\x8b\x08", FileKind("a gzip archive", "none")),
    (b"BZh", FileKind("a bzip2 archive", "none")), (b"\xfd7zXZ\x00", FileKind("an xz archive", "none")),
    (b"7z\xbc\xaf\x27\x1c", FileKind("a 7z archive", "none")),
    (b"\x28\xb5\x2f\xfd", FileKind("a zstd archive", "none")),
    (b"%PDF", FileKind("a PDF document", "none")), (b"\x89PNG", FileKind("a picture", "none")),
    (b"\xff\xd8\xff", FileKind("a picture", "none")), (b"GIF8", FileKind("a picture", "none")),
    (b"\x7fELF", FileKind("a program", "none")), (b"MThd", FileKind("MIDI, notes without sound", "none")),
    (b"SQLite format 3", FileKind("a database", "none")), (b"\x93NUMPY", FileKind("an array of NumPy", "none")),
    *((head, FileKind("a capture of a network", "none")) for head in (
        b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")),
)  # fmt: skip

_BOXES = (b"ftyp", b"moov", b"mdat", b"wide")
"""What an MP4, an M4A or a 3GP begins with, after a length of four bytes."""

FORMATS = frozenset(
    ".wav .wave .bwf .w64 .rf64 .flac .ogg .oga .opus .spx .mp3 .au .snd .aif .aiff .aifc .caf .voc .amr .awb .aac "
    ".m4a .mp4 .m4b .mov .3gp .3g2 .webm .mka .mkv .wma .asf .wmv .avi .flv".split()
)
"""Endings of files that say themselves what they are, in small letters."""


_FRAMES = 3
"""Frames in a row at the beginning that are no chance."""

_MORE_FRAMES = 5
"""The same anywhere, of frames that are alike: in 2.1 h of sound there was no such row."""


def kind_of(stream: Beginning) -> FileKind | None:
    """Return what a stream is; None if it does not begin like anything known, as samples without a head do."""
    begin = stream.peek(_HEAD)
    if begin[:4] in (b"RF64", b"BW64"):
        return _RIFF[b"WAVE"]
    if begin.startswith(b"RIFF"):
        return _RIFF.get(begin[8:12], FileKind("RIFF")) if len(begin) >= 12 else _RIFF[b"WAVE"]
    if begin.startswith(b"OggS"):
        return FileKind("Speex", "av") if begin[28:36] == b"Speex   " else FileKind("Ogg")
    if begin[4:8] in _BOXES:
        return FileKind("MP4, M4A or 3GP", "av")
    if begin[:1] == b"\x47" and (packets := stream.peek(377))[188:189] == packets[376:] == b"\x47":
        return FileKind("an MPEG stream", "av")
    return next((kind for head, kind in _BEGINS if begin.startswith(head)), None) or _framed(stream, begin)


def _framed(stream: Beginning, begin: bytes) -> FileKind | None:
    """Return what a stream is whose frames each begin with a sync word: one must follow on the other."""
    for length_of, kind in _SYNCED:
        place = frames = 0
        while length := length_of(begin[place : place + 8]):
            place += length
            frames += 1
            begin = stream.peek(place + 8)
            if frames == _FRAMES or (frames > 1 and place >= len(begin)):
                return kind
    return None


def cut_off(data: bytes) -> bool:
    """Tell whether frames begin somewhere within bytes, as in a stream that was joined late."""
    place = data.find(b"\xff")
    while place >= 0:
        for length_of, _ in _SYNCED:
            at = place
            for _ in range(_MORE_FRAMES):
                head = data[at : at + 8]
                length = length_of(head)
                if not length or (head[1], head[2] & 12) != (data[place + 1], data[place + 2] & 12):
                    break
                at += length
            else:
                return True
        place = data.find(b"\xff", place + 1)
    return False


_BITRATES = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""kbit/s by MPEG version (3: 1, 2: 2 and 2.5) and layer bits (3: I, 2: II, 1: III); ISO 11172-3 and 13818-3."""


def _mpeg_length(head: bytes) -> int:
    """Return how long the frame of MPEG audio is whose head this is; 0 if it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer, rate, bitrate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer == 0 or rate == 3 or not 1 <= bitrate <= 14:
        return 0
    hertz = (44100, 48000, 32000)[rate] >> (0 if version == 3 else 1 if version == 2 else 2)
    table = _BITRATES[3, layer] if version == 3 else _BITRATES[2, 3 if layer == 3 else 2]
    bits, padding = table[bitrate - 1] * 1000, head[2] >> 1 & 1
    if layer == 3:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 1 and version != 3 else 144) * bits // hertz + padding


def _adts_length(head: bytes) -> int:
    """Return how long the frame of AAC is whose head this is (ISO 13818-7, ADTS); 0 if it is none."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > 7 else 0


_SYNCED = ((_mpeg_length, FileKind("MP3")), (_adts_length, FileKind("AAC", "av")))
