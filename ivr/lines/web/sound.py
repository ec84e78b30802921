"""The sound of a trunk's phones: what came of each, put in its place, and 20 ms of it a tick.

The jitter buffer is that of telephones (`ivr.lines.sip.rtp`): a frame becomes a packet with its number.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE
from ivr.lines.sip.rtp import jitter
from ivr.lines.sip.rtp.batch import first, put, room_for
from ivr.lines.sip.rtp.g711 import CODECS, LINEAR
from ivr.lines.sip.rtp.keypad import newer
from ivr.lines.sip.rtp.packets import packet
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.reporting import Figures, facts_of
from ivr.lines.web.messages import Codec, PhoneSound

HELD_BACK = jitter.LONGEST - jitter.SHORTEST
"""How late a frame may be and is played, in samples: of what a network has held back for longer only the newest."""

_AHEAD = jitter.SIZE - 4 * FRAME
"""How early one may be and has a place. Others wait: it is the bridge that is late, and catches up."""

_FIRST, _MOST = 2, 200
"""Frames with which a call may begin, of those that come together; that wait."""

_MASK = 0xFFFF_FFFF
_CODEC = {"pcm": LINEAR, "mulaw": CODECS.index("PCMU")}
_PAYLOAD = 0


class WebSound:
    """The receiving side of all phones."""

    def __init__(self) -> None:
        self._receiving = Receiving()
        self._came: dict[int, list[PhoneSound]] = {}
        self._codecs: dict[int, Codec] = {}
        self._dropped: dict[int, int] = {}
        self._packets = room_for(64)

    def begin(self, slot: int, codec: Codec) -> None:
        """Have a phone in a slot from now on."""
        self._codecs[slot], self._dropped[slot] = codec, 0
        self._receiving.begin(slot, _CODEC[codec], _PAYLOAD, None)

    def end(self, slot: int) -> None:
        """Have none there any more; its figures stay until another has the slot."""
        self._came.pop(slot, None)
        self._receiving.end(slot)

    def take(self, slot: int, sound: PhoneSound) -> None:
        """Take a frame, to be put in its place as the next are played."""
        self._came.setdefault(slot, []).append(sound)

    def play(self, rows: NDArray[np.int16], now: int) -> NDArray[np.bool_]:
        """Write the next 20 ms of all phones into their rows; return where nothing came, which is silence.

        Parameters
        ----------
        rows : int16 array [shape=(slots, 160)]

        Returns
        -------
        bool array [shape=(slots,)]
        """
        if self._came:
            self._place(now)
        return self._receiving.play(rows)

    def figures(self, slot: int) -> Mapping[str, Any]:
        """Return how a phone's sound has come, as facts of a journal."""
        if slot not in self._dropped:
            return {}
        call, dropped = self._receiving.calls[slot], self._dropped[slot]
        sent = int(call["expected_before"] + call["top"] - call["base"] + 1) if call["counted"] else 0
        lost = sent - int(call["counted_before"] + call["counted"]) - dropped
        return facts_of(Figures(int(call["received"]) + dropped, max(lost, 0), int(call["late"]) + dropped,
                                1000 * float(call["jitter"]) / RATE))

    def _due(self, slot: int, sounds: list[PhoneSound]) -> list[PhoneSound]:
        """Take those of a phone's frames that are to have their places now."""
        call, due = self._receiving.calls[slot], []
        most = _MOST if call["started"] else _FIRST
        dropped, cursor = max(len(sounds) - most, 0), int(call["cursor"]) & _MASK
        del sounds[:dropped]
        while sounds:
            ahead = newer(sounds[0].number * FRAME & _MASK, cursor, 32) if call["started"] else 0
            if _AHEAD < ahead <= _MOST * FRAME:
                break
            sound = sounds.pop(0)
            if ahead < -HELD_BACK:
                dropped += 1
            else:
                due.append(sound)
        self._dropped[slot] += dropped
        return due

    def _place(self, now: int) -> None:
        came = [(slot, sound) for slot, sounds in self._came.items() for sound in self._due(slot, sounds)]
        self._came = {slot: sounds for slot, sounds in self._came.items() if sounds}
        if len(came) > len(self._packets.length):
            self._packets = room_for(2 * len(came))
        for place, (slot, (number, data)) in enumerate(came):
            if self._codecs[slot] == "pcm":
                data = np.frombuffer(data, "<i2").byteswap().tobytes()
            put(self._packets, place, slot, packet(_PAYLOAD, number, number * FRAME, 0, data))
        packets = first(self._packets, len(came))
        packets.at[:] = now
        self._receiving.take(packets, self._receiving.sort(packets, now))
