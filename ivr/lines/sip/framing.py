"""Messages out of a stream of bytes (RFC 3261 18.3): the length says where each ends."""

import re

from ivr.lines.sip.reading import MOST_BYTES

PONG = b"\r\n"
"""The answer to a line end that asks whether anybody is there (RFC 5626 3.5.1)."""

_LENGTH = re.compile(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,7})[ \t]*\r\n", re.IGNORECASE)
_LONGEST_HEAD = 16_384


class Unframed(Exception):
    """A stream in which nobody can tell where the next message begins: it is to be closed."""


class Framer:
    """One stream."""

    def __init__(self) -> None:
        self._data = b""
        self.pings = 0
        """Questions whether anybody is there that are not answered yet."""

    def take(self, data: bytes) -> list[bytes]:
        """Take bytes; return the messages that are whole with them.

        Raises
        ------
        Unframed
            If a message has no length, or is too long.
        """
        self._data += data
        messages = []
        while message := self._next():
            messages.append(message)
        return messages

    def _next(self) -> bytes:
        bare = self._data.lstrip(b"\r\n")
        if len(bare) < len(self._data):
            ends = (len(self._data) - len(bare)) // 2
            self.pings += ends // 2
            self._data = bare or self._data[4 * (ends // 2):]
        end = self._data.find(b"\r\n\r\n", 0, _LONGEST_HEAD)
        if end < 0:
            if len(self._data) > _LONGEST_HEAD:
                raise Unframed
            return b""
        length = _LENGTH.search(self._data, 0, end + 2)
        if not length or int(length[1]) > MOST_BYTES:
            raise Unframed
        whole = end + 4 + int(length[1])
        if len(self._data) < whole:
            return b""
        message, self._data = self._data[:whole], self._data[whole:]
        return message
