"""Calls that come as streams, as phones of a trunk of frames: what a protocol says becomes the trunk's messages."""

import re
from collections.abc import Callable
from itertools import count
from typing import Protocol

import numpy as np

from ivr.clock import FRAME
from ivr.lines.sip.rtp.g711 import DECODED, ENCODED
from ivr.lines.streams import audiosocket
from ivr.lines.streams.applications import Begun, Keyed, Marked, StreamedCall, StreamOver, StreamSound
from ivr.lines.streams.messages import BadMessage, Samples
from ivr.lines.web.messages import Codec, Dialled, Gone, Message, PhoneKeyDown, PhoneKeyUp, PhoneSound, Unclear
from ivr.lines.web.trunk import Wire

_NUMBERED = re.compile(r"\+?[0-9*#]{1,32}")
_LONGEST_NAME = 60
_NUMBER_BYTES = 4

Out = Callable[[str | bytes | None], None]
"""Sends a message, or keeps it until it can be sent; None is the end."""


class Takes(Protocol):
    """The trunk."""

    def take(self, wire: Wire, message: Message) -> None:
        """Take what a phone sends."""


class _Wire:
    """One call.

    Parameters
    ----------
    trunk : Takes
    source : str
        The address that it comes from.
    out : Out
    """

    def __init__(self, trunk: Takes, source: str, out: Out) -> None:
        self.source = source
        self._trunk, self._out = trunk, out
        self._rest = np.zeros(0, np.int16)
        self._numbers = count()
        self._over = False

    def send(self, message: bytes | str, *, last: bool = False) -> None:
        """Send a frame, or what else the trunk tells; after the last one the call is over."""
        raise NotImplementedError

    @property
    def over(self) -> bool:
        """Whether the call is over."""
        return self._over

    def gone(self, why: str = "") -> None:
        """Take it that the connection is over."""
        if not self._over:
            self._over = True
            self._trunk.take(self, Gone(why))

    def _refuse(self, why: str, *, begun: bool) -> None:
        """Take it that no protocol's message came: the call is over, or there never is one."""
        if begun:
            self.gone(why)
        elif not self._over:
            self._over = True
            self._trunk.take(self, Unclear(why))

    def _said(self, samples: Samples, codec: Codec) -> None:
        sound = np.concatenate([self._rest, samples])
        whole = len(sound) // FRAME * FRAME
        self._rest = sound[whole:]
        for frame in sound[:whole].reshape(-1, FRAME):
            data = ENCODED[0][frame.view(np.uint16)] if codec == "mulaw" else frame.astype("<i2", copy=False)
            self._trunk.take(self, PhoneSound(next(self._numbers), data.tobytes()))

    def _keyed(self, key: str) -> None:
        self._trunk.take(self, PhoneKeyDown(key))
        self._trunk.take(self, PhoneKeyUp())


class MediaStreamWire(_Wire):
    """A call of a carrier's media stream."""

    def __init__(self, trunk: Takes, source: str, out: Out) -> None:
        super().__init__(trunk, source, out)
        self._call = StreamedCall()

    @property
    def begun(self) -> bool:
        """Whether the call has come."""
        return bool(self._call.stream)

    def received(self, message: str | bytes) -> None:
        """Take a message.

        Raises
        ------
        BadMessage
            If it is none: the call is over.
        """
        try:
            told = self._call.received(message)
        except BadMessage as error:
            self._refuse(str(error), begun=self.begun)
            raise
        match told:
            case Begun(call=call, parameters=given):
                phone = _number(given.get("from", ""))
                name = _name(given.get("caller", ""), phone or f"stream {call[:10]}".strip())
                self._trunk.take(self, Dialled(name, _number(given.get("to", "")), phone, "mulaw"))
            case StreamSound(samples):
                self._said(samples, "mulaw")
            case Keyed(key):
                self._keyed(key)
            case StreamOver():
                self.gone()
            case Marked() | None:
                pass

    def send(self, message: bytes | str, *, last: bool = False) -> None:
        """Send a frame; what else the trunk tells has no place in the protocol."""
        if isinstance(message, bytes):
            self._out(self._call.media(DECODED[0][np.frombuffer(message[_NUMBER_BYTES:], np.uint8)]))
        if last:
            self._over = True
            self._out(None)


class AudioSocketWire(_Wire):
    """A call of Asterisk's AudioSocket."""

    def __init__(self, trunk: Takes, source: str, out: Out) -> None:
        super().__init__(trunk, source, out)
        self._call = audiosocket.AudioSocket()

    @property
    def begun(self) -> bool:
        """Whether the call has come."""
        return bool(self._call.uuid)

    def received(self, data: bytes) -> None:
        """Take bytes.

        Raises
        ------
        BadMessage
            If they are none of the protocol: the call is over.
        """
        try:
            for told in self._call.received(data):
                self._take(told)
        except BadMessage as error:
            self._refuse(str(error), begun=self.begun)
            raise

    def _take(self, told: audiosocket.Told) -> None:
        match told:
            case audiosocket.Named(uuid):
                self._trunk.take(self, Dialled(f"asterisk {uuid[:8]}"))
            case StreamSound(samples):
                self._said(samples, "pcm")
            case Keyed(key):
                self._keyed(key)
            case StreamOver():
                self.gone()

    def send(self, message: bytes | str, *, last: bool = False) -> None:
        """Send a frame, and in the end that it is over."""
        if isinstance(message, bytes):
            self._out(audiosocket.sound(np.frombuffer(message[_NUMBER_BYTES:], "<i2").astype(np.int16)))
        if last:
            self._over = True
            self._out(audiosocket.hang_up())
            self._out(None)


def _number(text: str) -> str:
    return text if _NUMBERED.fullmatch(text) else ""


def _name(text: str, otherwise: str) -> str:
    name = " ".join(text.split())
    return name if 0 < len(name) <= _LONGEST_NAME and name.isprintable() else otherwise or "A stream"
