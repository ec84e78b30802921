"""Raw samples, as bytes without a header: the encodings that are known, and what each is as int16."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import AudioError
from dtmf.keys import RATE

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Raw:
    """How samples without a header are to be read."""

    encoding: str = "s16le"
    rate: int = RATE
    channels: int = 1


def to_int16(samples: NDArray[np.floating]) -> Samples:
    """Scale floats of +-1 to int16; what is louder is clipped, what is no number is 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.rint(np.float64(32768) * samples)
    whole = np.nan_to_num(whole, nan=0.0, posinf=32767, neginf=-32768)
    clipped: Samples = np.clip(whole, -32768, 32767).astype(np.int16)
    return clipped


@cache
def _mulaw() -> Samples:
    """Return the 256 values of mu-law (G.711 table 2a), on the int16 scale."""
    code = ~np.arange(256) & 0xFF
    size = ((((code & 15) << 3) + 0x84) << (code >> 4 & 7)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.int16)


@cache
def _alaw() -> Samples:
    """Return the 256 values of A-law (G.711 table 1a), on the int16 scale."""
    code = np.arange(256) ^ 0x55
    step = code >> 4 & 7
    size = ((code & 15) << 4) + 8
    size = np.where(step, (size + 0x100) << np.maximum(step - 1, 0), size)
    return np.where(code & 0x80, size, -size).astype(np.int16)


def _whole(kind: str, shift: int = 0) -> Callable[[bytes], Samples]:
    return lambda data: (np.frombuffer(data, kind) >> shift).astype(np.int16)


def _u8(data: bytes) -> Samples:
    return (np.frombuffer(data, np.uint8).astype(np.int16) - 128) << 8


def _s8(data: bytes) -> Samples:
    return np.frombuffer(data, np.int8).astype(np.int16) << 8


def _s24le(data: bytes) -> Samples:
    upper = np.frombuffer(data, np.uint8).reshape(-1, 3)[:, 1:]
    return np.ascontiguousarray(upper).view("<i2")[:, 0].astype(np.int16)


_READERS: dict[str, tuple[int, Callable[[bytes], Samples]]] = {
    "s16le": (2, _whole("<i2")),
    "s16be": (2, _whole(">i2")),
    "mulaw": (1, lambda data: _mulaw()[np.frombuffer(data, np.uint8)]),
    "alaw": (1, lambda data: _alaw()[np.frombuffer(data, np.uint8)]),
    "u8": (1, _u8),
    "s8": (1, _s8),
    "s24le": (3, _s24le),
    "s32le": (4, _whole("<i4", 16)),
}

FLOATS = {"f32le": "<f4", "f64le": "<f8"}
"""Encodings in floats, by numpy's names."""

_WIDTHS = {name: width for name, (width, _) in _READERS.items()} | {"f32le": 4, "f64le": 8}

PACKED = {"gsm": "GSM610", "vox": "VOX_ADPCM"}
"""Encodings whose bytes are no single samples, by libsndfile's names; read when all has come."""


class Codec(NamedTuple):
    """An encoding by FFmpeg's names: the format, its options, and the rate that comes out."""

    format: str
    options: dict[str, str]
    rate: int = RATE


CODECS = {
    "g722": Codec("g722", {}, 16000), "g729": Codec("g729", {}),
    **{f"g726{name}": Codec("g726le", {"code_size": str(bits)})
       for name, bits in (("", 4), ("-16", 2), ("-24", 3), ("-32", 4), ("-40", 5))},
}  # fmt: skip
"""Encodings that PyAV decodes; G.726 as RFC 3551 packs it, at 32 kbit/s if nothing is said."""

ENCODINGS = (*_WIDTHS, *PACKED, *CODECS)

_SIGNED_LINEAR = {"": 8000, "44": 44100} | {str(rate): 1000 * rate for rate in (12, 16, 24, 32, 48, 96)}

ENDINGS = {
    ".gsm": Raw("gsm"), ".vox": Raw("vox"), **{f".{name}": Raw(name, codec.rate) for name, codec in CODECS.items()},
    **dict.fromkeys((".ulaw", ".mulaw", ".ul", ".pcmu"), Raw("mulaw")),
    **dict.fromkeys((".alaw", ".al", ".pcma"), Raw("alaw")),
    **{f".sln{name}": Raw("s16le", rate) for name, rate in _SIGNED_LINEAR.items()},
}  # fmt: skip
"""Endings by which telephone systems name files without a header."""


def width(encoding: str) -> int:
    """Return how many bytes a sample has.

    Raises
    ------
    AudioError
        If `encoding` is not one whose samples can be told apart.
    """
    if encoding not in _WIDTHS:
        raise AudioError(f"the encoding '{encoding}' is not known here; use one of {', '.join(_WIDTHS)}.",
                         value=encoding)
    return _WIDTHS[encoding]


def samples_of(data: bytes, encoding: str, channels: int) -> Samples:
    """Return whole frames of bytes as samples, int16 array [shape=(n, channels)]; floats are +-1."""
    if encoding in FLOATS:
        return to_int16(floats_of(data, encoding, channels))
    return _READERS[encoding][1](data).reshape(-1, channels)


def floats_of(data: bytes, encoding: str, channels: int) -> NDArray[np.floating]:
    """Return whole frames of bytes as the floats they are, array [shape=(n, channels)]."""
    floats: NDArray[np.floating] = np.frombuffer(data, FLOATS[encoding]).reshape(-1, channels)
    return floats
