"""What both sides of a media stream have in common: JSON with an event's name, mu-law in base64."""

import base64
import binascii
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.lines.sip.rtp.g711 import DECODED, ENCODED

Samples = NDArray[np.int16]

MOST_CHARACTERS = 1 << 20
"""Of a message: some 98 s of sound."""


class BadMessage(Exception):
    """A message that is none of the protocol; what it says is a sentence, and holds nothing of the message."""


def event_of(text: str | bytes) -> tuple[str, dict[str, Any]]:
    """Return the name of a message's event, and the message.

    Raises
    ------
    BadMessage
        If it is none.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadMessage(f"a message is longer than {MOST_CHARACTERS} characters")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("a message is no JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("event"), str):
        raise BadMessage("a message has no event")
    return message["event"], message


def part_of(message: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the object that a message has under a name.

    Raises
    ------
    BadMessage
        If it has none.
    """
    part = message.get(name)
    if not isinstance(part, dict):
        raise BadMessage(f"a message has no {name!r}")
    return part


def text_of(part: dict[str, Any], name: str) -> str:
    """Return a text of a message; numbers are text too.

    Raises
    ------
    BadMessage
        If there is none.
    """
    value = part.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadMessage(f"a message has no {name!r}")
    return str(value)


def samples_of(part: dict[str, Any]) -> Samples:
    """Return the sound of a message.

    Raises
    ------
    BadMessage
        If it is no base64.
    """
    try:
        data = base64.b64decode(text_of(part, "payload"), validate=True)
    except (binascii.Error, ValueError):
        raise BadMessage("the sound of a message is no base64") from None
    samples: Samples = DECODED[0][np.frombuffer(data, np.uint8)]
    return samples


def payload_of(samples: Samples) -> str:
    """Return sound as a message has it."""
    return base64.b64encode(ENCODED[0][samples.view(np.uint16)].tobytes()).decode()


def written(event: str, **parts: Any) -> str:  # noqa: ANN401  (a part is any JSON)
    """Return a message."""
    return json.dumps({"event": event, **parts}, separators=(",", ":"))
