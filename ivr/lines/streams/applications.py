"""The application's side of a media stream: calls of a carrier come as messages, and sound goes back to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ivr.clock import RATE
from ivr.lines.streams.messages import (
    BadMessage,
    Samples,
    event_of,
    part_of,
    payload_of,
    samples_of,
    text_of,
    written,
)

_KEYS = "0123456789*#ABCD"
_MOST_PARAMETERS, _MOST_TEXT = 100, 500


@dataclass(frozen=True, slots=True)
class Begun:
    """A call comes.

    Attributes
    ----------
    stream, call : str
        By which the carrier knows it.
    parameters : mapping of str to str
        What was said of it.
    """

    stream: str
    call: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StreamSound:
    """What the caller says. int16 array [shape=(n,)]."""

    samples: Samples


@dataclass(frozen=True, slots=True)
class Keyed:
    """A key that came beside the sound."""

    key: str = field(repr=False)  # it may be one of a PIN's


@dataclass(frozen=True, slots=True)
class Marked:
    """What was sent before a mark has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class StreamOver:
    """The call is over."""


Told = Begun | StreamSound | Keyed | Marked | StreamOver


class StreamedCall:
    """One call of a carrier.

    Attributes
    ----------
    stream : str
        By which the carrier knows it; empty until it has begun.
    """

    def __init__(self) -> None:
        self.stream = ""
        self._marks = 0

    def received(self, text: str | bytes) -> Told | None:
        """Return what a message of the carrier tells; None for one that tells nothing here.

        Raises
        ------
        BadMessage
            If it is no message, or comes out of order.
        """
        event, message = event_of(text)
        match event:
            case "connected":
                return None
            case "start":
                return self._begins(message)
            case _ if not self.stream:
                raise BadMessage(f"{event[:20]!r} came before 'start'")
            case "media":
                part = part_of(message, "media")
                if part.get("track", "inbound") != "inbound":
                    return None  # what the caller hears
                return StreamSound(samples_of(part))
            case "dtmf":
                key = text_of(part_of(message, "dtmf"), "digit")
                if len(key) != 1 or key not in _KEYS:
                    raise BadMessage("a key is none of the 16")
                return Keyed(key)
            case "mark":
                return Marked(text_of(part_of(message, "mark"), "name"))
            case "stop":
                return StreamOver()
        return None

    def _begins(self, message: dict[str, object]) -> Begun:
        if self.stream:
            raise BadMessage("a stream has begun already")
        start = part_of(message, "start")
        shape = start.get("mediaFormat", {})
        if not isinstance(shape, dict) or shape.get("encoding", "audio/x-mulaw") != "audio/x-mulaw" or \
                shape.get("sampleRate", RATE) not in (RATE, str(RATE)) or shape.get("channels", 1) not in (1, "1"):
            raise BadMessage("its sound is no mu-law of one channel at 8,000 samples a second")
        given = start.get("customParameters", {})
        if not isinstance(given, dict) or len(given) > _MOST_PARAMETERS:
            raise BadMessage("its 'customParameters' are none")
        told = {str(name)[:_MOST_TEXT]: str(value)[:_MOST_TEXT] for name, value in given.items()}
        self.stream = text_of(start if "streamSid" in start else message, "streamSid")[:_MOST_TEXT]
        return Begun(self.stream, str(start.get("callSid", ""))[:_MOST_TEXT], told)

    def media(self, samples: Samples) -> str:
        """Return what is said to the caller. int16 array [shape=(n,)]."""
        return written("media", streamSid=self.stream, media={"payload": payload_of(np.ascontiguousarray(samples))})

    def mark(self, name: str) -> str:
        """Return a mark, which comes back once all before it has been played."""
        return written("mark", streamSid=self.stream, mark={"name": name})

    def clear(self) -> str:
        """Return the message by which what waits to be played is left out."""
        return written("clear", streamSid=self.stream)
