"""What a phone in a browser and its trunk tell each other: frames of sound as bytes, all else as JSON.

A frame is its number, a 32-bit little-endian integer that counts every 20 ms and wraps, and 160 samples at 8 kHz:
16-bit little-endian integers, or bytes of mu-law. A number that is left out is 20 ms that did not come. docs/web.md
has the form for those who write another phone.
"""

import json
import re
import struct
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from ivr.clock import FRAME
from ivr.engine.ports import Frame
from ivr.errors import Valued
from ivr.lines.sip.rtp.g711 import ENCODED

Codec = Literal["pcm", "mulaw"]
CODECS: tuple[Codec, ...] = ("pcm", "mulaw")
"""16-bit samples; G.711's bytes."""

KEYS = "0123456789*#ABCD"

LONGEST_TEXT = 512
"""Bytes of a message that a phone may send."""

_NUMBER = struct.Struct("<I")
_BYTES = {"pcm": 2 * FRAME, "mulaw": FRAME}
_NUMBERED = re.compile(r"\+?[0-9*#]{0,32}")
_LONGEST_NAME = 60


class MessageError(Valued):
    """A phone sent what none of ours would; it says what, in words that a page may show."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """A phone calls: its first message.

    Attributes
    ----------
    caller : str
        The name that stands in the journal.
    number, phone : str
        What is dialled, and the caller's own number; may be empty.
    codec : "pcm" or "mulaw"
        Of its frames, and of ours to it.
    """

    caller: str
    number: str = ""
    phone: str = ""
    codec: Codec = "pcm"


@dataclass(frozen=True, slots=True)
class PhoneKeyDown:
    """A key goes down, beside the audio."""

    key: str = field(repr=False)  # it may be one of a PIN's


@dataclass(frozen=True, slots=True)
class PhoneKeyUp:
    """The key that was down is up."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Who connects begins with what is no call: he is not taken.

    Attributes
    ----------
    why : str
        A sentence, without what he has said.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A phone hangs up, or is lost.

    Attributes
    ----------
    why : str
        Empty for who just hangs up.
    """

    why: str = ""


class PhoneSound(NamedTuple):
    """20 ms of a phone's sound.

    Attributes
    ----------
    number : int
    data : bytes
        The frame without its number.
    """

    number: int
    data: bytes


Message = Dialled | PhoneKeyDown | PhoneKeyUp | Gone | PhoneSound | Unclear


def read_frame(data: bytes, codec: Codec) -> PhoneSound:
    """Return the frame that bytes are.

    Raises
    ------
    MessageError
        If they are not as many as a frame has.
    """
    if len(data) != _NUMBER.size + _BYTES[codec]:
        raise MessageError(f"a frame has {_NUMBER.size + _BYTES[codec]} bytes ({codec}), and not {len(data)}")
    return PhoneSound(_NUMBER.unpack_from(data)[0], data[_NUMBER.size:])


def write_frame(number: int, frame: Frame, codec: Codec) -> bytes:
    """Return a frame as it goes to a phone. int16 array [shape=(160,)]."""
    coded = ENCODED[0][frame.view(np.uint16)] if codec == "mulaw" else frame.astype("<i2", copy=False)
    return _NUMBER.pack(number & 0xFFFF_FFFF) + bytes(coded.tobytes())


def read_call(text: str) -> Dialled:
    """Return a phone's first message.

    Raises
    ------
    MessageError
        If it is another one, or dials what nobody can.
    """
    found = _read(text)
    if found.get("type") != "call":
        raise MessageError('the first message has to be {"type": "call"}')
    caller = " ".join(_text(found, "caller", "A browser").split())
    if not 0 < len(caller) <= _LONGEST_NAME or not caller.isprintable():
        raise MessageError(f'"caller" has to be a name of up to {_LONGEST_NAME} characters')
    number, phone = _text(found, "number"), _text(found, "phone")
    for name, value in (("number", number), ("phone", phone)):
        if not _NUMBERED.fullmatch(value):
            raise MessageError(f'"{name}" has to be a telephone number, as "+14255550100"')
    codec = _text(found, "codec", "pcm")
    if codec not in CODECS:
        raise MessageError(f'"codec" is one of {", ".join(CODECS)}')
    return Dialled(caller, number, phone, codec)


def read_message(text: str) -> Message:
    """Return a message of a call that goes on.

    Raises
    ------
    MessageError
        If there is no such message. It does not say which key it had: it may be one of a PIN's.
    """
    found = _read(text)
    match found.get("type"):
        case "key":
            key = found.get("key")
            if not isinstance(key, str) or len(key) != 1 or key not in KEYS:
                raise MessageError('"key" is one of 0 to 9, *, # and A to D')
            return PhoneKeyDown(key)
        case "key-up":
            return PhoneKeyUp()
        case "hang-up":
            return Gone()
    raise MessageError('messages of a call are "key", "key-up" and "hang-up"')


def written(kind: str, **more: str | float) -> str:
    """Return a message to a phone."""
    return json.dumps({"type": kind, **more}, ensure_ascii=False)


def _read(text: str) -> dict[str, Any]:
    if len(text) > LONGEST_TEXT:
        raise MessageError(f"a message has up to {LONGEST_TEXT} characters, and not {len(text)}")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise MessageError("a message has to be an object of JSON") from None
    return found


def _text(found: dict[str, Any], name: str, default: str = "") -> str:
    value = found.get(name, default)
    if not isinstance(value, str):
        raise MessageError(f'"{name}" has to be text')
    return value or default
