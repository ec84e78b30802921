"""What comes: packets of all calls, put in order and played out, 20 ms a tick.

Samples have their places by their timestamps in a ring a call. The place that is played is behind the newest
packet by a delay, which grows when packets come late (20 to 200 ms) and shrinks where it is quiet. A frame of which
anything did not come is told as missing; nothing is invented, and nothing is played twice.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, samples
from ivr.lines.sip.rtp.g711 import DECODED
from ivr.lines.sip.rtp.packets import HEADER, plain

SHORTEST, LONGEST = samples(0.02), samples(0.2)
"""The delay, in samples."""

_SIZE = 4096
_WINDOW = 150
"""Ticks after which it is asked whether the delay may shrink."""

_QUIET = 250
"""The loudest sample of a frame in which 20 ms may be left out unheard."""

_SPAN = 64
_NEVER = 1 << 40
"""How early the latest packet came of none."""

_LOST = 10
"""After so many packets in turn that came too late their sender counts anew."""

Samples = NDArray[np.int16]
Event = tuple[int, int, int, int, bytes]
"""A packet of a key: row, sequence number, timestamp, source, payload."""


class Receiving:
    """The receiving side of all calls.

    Attributes
    ----------
    received, late, doubled, unknown, missed : int64 array [shape=(rows,)]
        Packets that came, that came too late to be played, that came twice, and of no known kind; frames of which
        something did not come.
    """

    def __init__(self) -> None:
        self._rows = 0
        self._playing = np.zeros(0, np.bool_)
        self._started = np.zeros(0, np.bool_)
        self._payload, self._events, self._codec = (np.full(0, -1) for _ in range(3))
        self._source, self._cursor, self._played, self._most, self._least, self._newest = (
            np.zeros(0, np.int64) for _ in range(6))
        self._seen = np.zeros(0, np.uint64)
        self._shrink, self._pause = np.zeros(0, np.bool_), np.zeros(0, np.int64)
        self._behind = np.zeros(0, np.int64)
        self.received, self.late, self.doubled, self.unknown, self.missed = (
            np.zeros(0, np.int64) for _ in range(5))
        self._ring, self._have = np.zeros((0, _SIZE), np.int16), np.zeros((0, _SIZE), np.bool_)
        self._ticks = 0

    def begin(self, row: int, codec: int, payload: int, events: int | None) -> None:
        """Have a call in a row from now on, or other payload types in it."""
        while self._rows <= row:
            self._grow(max(8, 2 * self._rows))
        fresh = not self._playing[row]
        self._codec[row], self._payload[row] = codec, payload
        self._events[row] = -1 if events is None else events
        self._playing[row] = True
        if fresh:
            self._started[row] = self._shrink[row] = False
            self._pause[row] = 0
            self._have[row] = False
            for counted in (self.received, self.late, self.doubled, self.unknown, self.missed):
                counted[row] = 0

    def end(self, row: int) -> None:
        """Have no call in a row any more."""
        self._playing[row] = False

    def _grow(self, rows: int) -> None:
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                bigger = np.zeros((rows, *value.shape[1:]), value.dtype)
                bigger[:len(value)] = value
                setattr(self, name, bigger)
        self._rows = rows

    def take(self, came: Iterable[tuple[int, bytes]]) -> list[Event]:
        """Take packets, each with its row; return those of keys, in their order."""
        keys: list[Event] = []
        known = [one for one in came if one[0] < self._rows and self._playing[one[0]]]
        for rows, packets in batches(known):
            keys += self._batch(rows, packets)
        return keys

    def _batch(self, rows: NDArray[np.intp], packets: NDArray[np.uint8]) -> list[Event]:
        """Take packets of one length, one a row."""
        kind = packets[:, 1] & 127
        number = packets[:, 2].astype(np.int64) << 8 | packets[:, 3]
        stamp, source = (packets[:, at:at + 4].copy().view(">u4")[:, 0].astype(np.int64) for at in (4, 8))
        self.received[rows] += 1
        keyed = kind == self._events[rows]
        keys = [(int(rows[n]), int(number[n]), int(stamp[n]), int(source[n]), packets[n, HEADER:].tobytes())
                for n in np.flatnonzero(keyed)]
        voiced = (kind == self._payload[rows]) & ~keyed
        self.unknown[rows[~voiced & ~keyed]] += 1
        if voiced.any():
            self._voice(rows[voiced], number[voiced], stamp[voiced], source[voiced], packets[voiced, HEADER:])
        return keys

    def _voice(self, rows: NDArray[np.intp], number: NDArray[np.int64], stamp: NDArray[np.int64],
               source: NDArray[np.int64], payload: NDArray[np.uint8]) -> None:
        length = payload.shape[1]
        begin = ~self._started[rows] | (source != self._source[rows])
        where = self._cursor[rows] + _signed(stamp - self._cursor[rows], 32)
        ahead = where - self._cursor[rows]
        begin |= (ahead > _SIZE - length) | (ahead < -_SIZE) | (self._behind[rows] >= _LOST)
        fresh = rows[begin]
        where[begin] = stamp[begin]
        self._started[fresh], self._source[fresh] = True, source[begin]
        self._cursor[fresh] = self._played[fresh] = where[begin] - SHORTEST
        self._most[fresh] = self._least[fresh] = SHORTEST
        self._newest[fresh], self._seen[fresh], self._behind[fresh] = number[begin], 0, 0
        self._have[fresh] = False
        new = self._new(rows, number)
        self.doubled[rows[~new]] += 1
        rows, where, payload = rows[new], where[new], payload[new]
        ahead = where - self._cursor[rows]
        self._least[rows] = np.minimum(self._least[rows], ahead)
        self._wait(rows, where, ahead, length)
        ahead = where - self._cursor[rows]
        self._most[rows] = np.maximum(self._most[rows], ahead)
        gone = ahead + length <= 0
        self.late[rows[gone]] += 1
        self._behind[rows] = np.where(gone, self._behind[rows] + 1, 0)
        places = where[:, None] + np.arange(length)
        fits = (places >= self._cursor[rows][:, None]) & (places < self._cursor[rows][:, None] + _SIZE)
        row = np.broadcast_to(rows[:, None], places.shape)[fits]
        at = places[fits] % _SIZE
        self._ring[row, at] = DECODED[self._codec[rows][:, None], payload][fits]
        self._have[row, at] = True

    def _new(self, rows: NDArray[np.intp], number: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which packets have not come before, of the last 64 of each call."""
        step = _signed(number - self._newest[rows], 16)
        apart = abs(step) >= _SPAN
        up, seen = np.clip(step, 0, _SPAN - 1).astype(np.uint64), self._seen[rows]
        back = np.uint64(1) << np.clip(-step, 0, _SPAN - 1).astype(np.uint64)
        doubled: NDArray[np.bool_] = (step <= 0) & ~apart & (seen & back != 0)
        seen = np.where(step > 0, seen << up | np.uint64(1), seen | back)
        self._seen[rows] = np.where(apart, np.uint64(1), seen)
        self._newest[rows] = np.where((step > 0) | apart, number, self._newest[rows])
        return ~doubled

    def _wait(self, rows: NDArray[np.intp], where: NDArray[np.int64], ahead: NDArray[np.int64],
              length: int) -> None:
        """Go back to what comes late, where nothing after it was played and the delay stays short enough."""
        back = (ahead < 0) & (where >= self._played[rows]) & (self._most[rows] - ahead <= LONGEST)
        self._cursor[rows[back]] = where[back]
        self._most[rows[back]] -= ahead[back]
        self._least[rows[back]] = 0
        overtaken = (ahead < 0) & ~back & (self._most[rows] + length <= LONGEST)
        self._pause[rows[overtaken]] = 1

    def play(self, rows: Samples) -> NDArray[np.bool_]:
        """Write the next 20 ms of all calls into their rows; return where something did not come.

        Parameters
        ----------
        rows : int16 array [shape=(n, 160)]
            Those without a call are left as they are.

        Returns
        -------
        bool array [shape=(n,)]
        """
        missing = np.zeros(len(rows), np.bool_)
        here = np.flatnonzero(self._playing[:len(rows)])
        rows[here] = 0
        on = here[self._started[here]]
        places = (self._cursor[on][:, None] + np.arange(FRAME)) % _SIZE
        have = self._have[on[:, None], places]
        frame = np.where(have, self._ring[on[:, None], places], 0)
        quiet = abs(frame.astype(np.int32)).max(axis=1, initial=0) < _QUIET
        held = (self._pause[on] > 0) & quiet
        rows[on[~held]] = frame[~held]
        missing[on] = ~have.all(axis=1) | held
        self.missed[on[missing[on]]] += 1
        self._have[on[~held][:, None], places[~held]] = False
        some = have.any(axis=1) & ~held
        last = FRAME - np.argmax(have[:, ::-1], axis=1)
        self._played[on[some]] = (self._cursor[on] + last)[some]
        self._cursor[on[~held]] += FRAME
        self._most[on[held]] += FRAME
        self._pause[on[held]] -= 1
        self._adapt(on)
        return missing

    def _adapt(self, on: NDArray[np.intp]) -> None:
        """Let the delay shrink by a frame where all packets of a while came that much too early."""
        self._ticks += 1
        if self._ticks % _WINDOW == 0:
            least = self._least[on]
            some = least < _NEVER
            self._shrink[on] = some & (least >= SHORTEST + FRAME)
            self._most[on] = np.where(some, np.maximum(least, 0), self._most[on])
            self._least[on] = _NEVER
        skips = on[self._shrink[on]]
        if not len(skips):
            return
        places = (self._cursor[skips][:, None] + np.arange(FRAME)) % _SIZE
        next_ = np.where(self._have[skips[:, None], places], self._ring[skips[:, None], places], 0)
        unheard = (abs(next_.astype(np.int32)).max(axis=1) < _QUIET) | (self._most[skips] > LONGEST)
        skips, places = skips[unheard], places[unheard]
        self._have[skips[:, None], places] = False
        for moved, by in ((self._cursor, FRAME), (self._most, -FRAME), (self._least, -FRAME)):
            moved[skips] += by
        self._shrink[skips] = False


def _signed(number: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """Return numbers that wrap as the nearest to 0."""
    half = 1 << bits - 1
    return (number + half & (1 << bits) - 1) - half


def batches(came: Iterable[tuple[int, bytes]]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint8]]]:
    """Give packets of one length together, those of a row in their order, never two of them at once.

    After a late tick there are many of each row, one after the other: the first of all rows go together, and so on.
    """
    rounds: list[dict[int, list[tuple[int, bytes]]]] = []
    count: dict[int, int] = {}
    for row, data in came:
        packet = plain(data)
        if packet is None:
            continue
        number = count[row] = count.get(row, -1) + 1
        if number == len(rounds):
            rounds.append({})
        rounds[number].setdefault(len(packet), []).append((row, packet))
    for one in rounds:
        yield from _stacked(one.values())


def _stacked(groups: Iterable[Sequence[tuple[int, bytes]]]
             ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint8]]]:  # fmt: skip
    for group in groups:
        rows = np.array([row for row, _ in group], np.intp)
        yield rows, np.frombuffer(b"".join(data for _, data in group), np.uint8).reshape(len(group), -1)
