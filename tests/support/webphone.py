"""A phone as a browser is one: its frames and messages as bytes, whoever carries them."""

import json
import struct
from pathlib import Path

import numpy as np
from fastapi import FastAPI

from ivr.clock import FRAME
from ivr.lines.sip.rtp.g711 import DECODED, ENCODED
from ivr.report.parts import components
from ivr.web.files import KeptFiles, sheets
from ivr.web.pages import HERE, pages_router
from ivr.web.phone import Phones, phone_router


def page_of(trunk):
    """Return what answers with the page of a phone, whose calls a trunk takes, and with nothing else."""
    app = FastAPI()
    app.include_router(phone_router(Phones(trunk)))
    app.include_router(pages_router(office=False))
    app.mount("/components", KeptFiles(Path(str(components()))))
    app.mount("/static", KeptFiles(HERE / "static", sheets()))
    return app


class WebPhone:
    """What a page with a phone says and hears.

    Attributes
    ----------
    says : int16 array [shape=(n,)]
        What it says next; silence after it.
    told : list of dict
        The messages that came to it.
    frames : dict of number to int16 array [shape=(160,)]
        The sound that came to it.
    """

    def __init__(self, caller="ivr", codec="pcm", **more):
        self.call = {"type": "call", "caller": caller, "codec": codec, **more}
        self.codec, self.says = codec, np.zeros(0, np.int16)
        self.told, self.frames, self.number = [], {}, 0

    def first(self):
        """Return the first message."""
        return json.dumps(self.call)

    def frame(self):
        """Return the next 20 ms."""
        said = np.zeros(FRAME, np.int16)
        said[:len(self.says[:FRAME])] = self.says[:FRAME]
        self.says, self.number = self.says[FRAME:], self.number + 1
        data = said.astype("<i2") if self.codec == "pcm" else ENCODED[0][said.view(np.uint16)]
        return struct.pack("<I", self.number & 0xFFFF_FFFF) + data.tobytes()

    def take(self, message):
        """Take what comes to it."""
        if isinstance(message, str):
            self.told.append(json.loads(message))
            return
        number, data = struct.unpack_from("<I", message)[0], message[4:]
        self.frames[number] = (np.frombuffer(data, "<i2") if self.codec == "pcm"
                               else DECODED[0][np.frombuffer(data, np.uint8)])

    def kinds(self):
        """Return which messages came to it."""
        return [message["type"] for message in self.told]

    def sound(self, since=0):
        """Return what came to it, from the frame `since` on."""
        frames = list(self.frames.values())[since:]
        return np.concatenate(frames) if frames else np.zeros(0, np.int16)
