"""The carrier's side of a media stream: it has the call, and rings an application that speaks into it.

Documented by Twilio as the WebSocket messages of bidirectional Media Streams.
"""

from collections import deque
from collections.abc import Mapping

import numpy as np

from ivr.clock import FRAME, RATE
from ivr.lines.streams.messages import Samples, event_of, part_of, payload_of, samples_of, text_of, written

MOST_WAITING = 300 * RATE
"""Samples that wait to be played: of more the latest are lost."""


class Carrier:
    """One stream, from `start` to `stop`.

    Parameters
    ----------
    stream, call : str
        By which it and its call are known, as in "MZ..." and "CA...".
    parameters : mapping of str to str
        What the application is told of the call.

    Attributes
    ----------
    lost : int
        Samples that were too many to wait.
    """

    def __init__(self, stream: str, call: str, parameters: Mapping[str, str]) -> None:
        self._stream, self._call, self._parameters = stream, call, parameters
        self._sent = self._chunks = 0
        self._waiting: deque[Samples | str] = deque()
        self._samples = 0
        self.lost = 0

    @property
    def waiting(self) -> int:
        """Samples that wait to be played."""
        return self._samples

    def begin(self) -> list[str]:
        """Return the messages with which a stream begins."""
        return [written("connected", protocol="Call", version="1.0.0"), self._numbered("start", start={
            "accountSid": "AC" + self._call[2:], "streamSid": self._stream, "callSid": self._call,
            "tracks": ["inbound"], "customParameters": dict(self._parameters),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": RATE, "channels": 1}})]

    def media(self, samples: Samples) -> str:
        """Return what the call says. int16 array [shape=(n,)]."""
        self._chunks += 1
        return self._numbered("media", media={
            "track": "inbound", "chunk": str(self._chunks), "timestamp": str((self._chunks - 1) * 20),
            "payload": payload_of(samples)})

    def digit(self, key: str) -> str:
        """Return a key of the call that came beside its sound."""
        return self._numbered("dtmf", dtmf={"track": "inbound_track", "digit": key})

    def stop(self) -> str:
        """Return the message with which a stream ends."""
        return self._numbered("stop", stop={"accountSid": "AC" + self._call[2:], "callSid": self._call})

    def received(self, text: str | bytes) -> list[str]:
        """Take what the application says; return what it is told at once.

        Raises
        ------
        BadMessage
            If it is no message; the stream goes on as before.
        """
        event, message = event_of(text)
        match event:
            case "media":
                samples = samples_of(part_of(message, "media"))
                room = max(MOST_WAITING - self._samples, 0)
                self.lost += max(len(samples) - room, 0)
                self._waiting.append(samples[:room])
                self._samples += min(len(samples), room)
            case "mark":
                self._waiting.append(text_of(part_of(message, "mark"), "name"))
            case "clear":
                marks = [one for one in self._waiting if isinstance(one, str)]
                self._waiting.clear()
                self._samples = 0
                return [self._mark(name) for name in marks]
        return []  # others may come that a later version knows

    def frame(self) -> tuple[Samples, list[str]]:
        """Return the next 20 ms of what the application says, and the marks that it has come by."""
        frame, at, told = np.zeros(FRAME, np.int16), 0, []
        while self._waiting:
            one = self._waiting[0]
            if isinstance(one, str):
                told.append(self._mark(one))
                self._waiting.popleft()
                continue
            if at == FRAME:
                break
            taken = one[:FRAME - at]
            frame[at:at + len(taken)] = taken
            at += len(taken)
            if len(taken) == len(one):
                self._waiting.popleft()
            else:
                self._waiting[0] = one[len(taken):]
        self._samples -= at
        return frame, told

    def _mark(self, name: str) -> str:
        return self._numbered("mark", mark={"name": name})

    def _numbered(self, event: str, **parts: object) -> str:
        self._sent += 1
        return written(event, sequenceNumber=str(self._sent), streamSid=self._stream, **parts)
