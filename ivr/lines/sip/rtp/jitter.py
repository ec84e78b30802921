"""Putting packets in order and playing them out, a call at a time.

Bytes have their places by their timestamps in a ring a call. The place that is played is behind the newest packet
by a delay, which grows when packets come late (20 to 200 ms) and shrinks where it is quiet, or, where it is never
quiet, a sample at a time: a frame is bent to hold one more. A frame of which anything did not come is told as
missing; nothing is invented, and nothing is played twice. Bytes become samples as
they are played, so that a codec with a memory gets them in order.
"""

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, kept
from ivr.clock import FRAME, samples
from ivr.lines.sip.rtp import g722
from ivr.lines.sip.rtp.batch import Packets
from ivr.lines.sip.rtp.g711 import DECODED, LINEAR
from ivr.lines.sip.rtp.numbering import counted, is_new, signed, spaced, timed
from ivr.lines.sip.rtp.packets import NOISE, SOUND, UNKNOWN, number_at, payload_of
from ivr.lines.sip.rtp.states import Call, Calls

SHORTEST, LONGEST = samples(0.02), samples(0.2)
"""The delay, in samples."""

SIZE = 4096
"""Of a ring."""

_EMPTY = -32_768
"""Stands where nothing has come; a sample so loud is taken as its neighbour."""

_TABLES = len(DECODED)

_QUIET, _FAINT = 250, 2000
"""The loudest sample of a frame in which 20 ms may be left out unheard; the longer that has waited the louder it
may be, up to what is fainter than any key."""

_PATIENCE = 4
"""Windows in which it was never quiet; then frames are bent."""

_NEVER = 1 << 40
"""How early the latest packet came of none."""

_LOST = 10
"""After so many packets in turn that came too late their sender counts anew."""

Samples = NDArray[np.int16]


@kept
def place(packets: Packets, kinds: NDArray[np.int64], calls: Calls, rings: Samples,
          spans: NDArray[np.int64]) -> None:
    """Put what is sound or comfort noise into the rings.

    Parameters
    ----------
    kinds : int64 array [shape=(n,)]
        As `sort` told them; what is no packet is of no known kind afterwards.
    calls : array of `RECEIVED` [shape=(rows,)]
    rings : int16 array [shape=(rows, SIZE)]
    spans : int64 array [shape=(n, 2)]
        Where the payload of each packet begins and ends is written here.
    """
    for at in range(len(kinds)):
        if not SOUND <= kinds[at] <= UNKNOWN:
            continue
        call, data = calls[packets.row[at]], packets.data[at]
        begin, end = payload_of(data, packets.length[at])
        spans[at, 0], spans[at, 1] = begin, end
        if not end:
            kinds[at] = UNKNOWN
            continue
        call.received += 1
        spaced(call, packets.at[at], data[1] >= 128)
        if kinds[at] == UNKNOWN:
            call.unknown += 1
        elif kinds[at] == SOUND or kinds[at] == NOISE:
            ring = rings[packets.row[at]]
            new = _placed(call, ring, data, begin, end if kinds[at] == SOUND else begin)
            if new:
                counted(call, number_at(data, 2, 2), number_at(data, 8, 4))
            if new and kinds[at] == SOUND:
                timed(call, packets.at[at] - number_at(data, 4, 4))
        else:
            counted(call, number_at(data, 2, 2), number_at(data, 8, 4))
            if end - begin > 1 and data[begin + 1] >= 128:
                ended = number_at(data, 4, 4) + 1
                call.repeated += ended == call.ended
                call.ended = ended


@compiled
def _placed(call: Call, ring: Samples, data: NDArray[np.uint8], begin: int, end: int) -> bool:
    """Put a packet into its call's ring; return whether it is new.

    One of nothing says that who sends is silent from there on.
    """
    number, stamp, source = number_at(data, 2, 2), number_at(data, 4, 4), number_at(data, 8, 4)
    length = (end - begin) // 2 if call.codec == LINEAR else end - begin
    where = call.cursor + signed(stamp - call.cursor, 32)
    ahead = where - call.cursor
    if (not call.started or source != call.source or ahead > SIZE - length or ahead < -SIZE
            or call.behind >= _LOST):
        where = stamp
        _restart(call, ring, where, number, source)
    if not is_new(call, number):
        call.doubled += 1
        return False
    if not length:
        if not call.calm:
            call.calm, call.calm_at = True, where
        return True
    if int(data[1]) & 127 != call.payload:
        _change(call, ring, int(data[1]) & 127)
    ahead = where - call.cursor
    call.least = min(call.least, ahead)
    if ahead < 0:
        ahead = _wait(call, where, ahead, length)
    call.most = max(call.most, ahead)
    if ahead + length <= 0:
        call.late += 1
        call.behind += 1
        return True
    call.behind = 0
    skipped = max(-ahead, 0)
    if call.codec == LINEAR:
        for n in range(skipped, length):
            ring[(where + n) % SIZE] = max(signed(number_at(data, begin + 2 * n, 2), 16), _EMPTY + 1)
        return True
    to = (where + skipped) % SIZE
    until = min(to + length - skipped, SIZE)
    middle = begin + skipped + until - to
    ring[to:until] = data[begin + skipped:middle]
    ring[:end - middle] = data[middle:end]
    return True


@compiled
def _change(call: Call, ring: Samples, payload: int) -> None:
    """Go on with another codec, as who sends does."""
    for codec in range(len(call.others)):
        if call.others[codec] == payload:
            call.others[codec], call.others[call.codec] = -1, call.payload
            call.payload, call.codec = payload, codec
    ring[:] = _EMPTY
    call.adaptive[:] = g722.FRESH


@compiled
def _restart(call: Call, ring: Samples, where: int, number: int, source: int) -> None:
    """Take a packet as the first of its sender."""
    call.started, call.source = True, source
    call.cursor = call.played = where - SHORTEST
    call.most = call.least = SHORTEST
    call.newest, call.seen, call.behind = number, 0, 0
    call.calm, call.calm_at = False, call.cursor
    ring[:] = _EMPTY
    call.adaptive[:] = g722.FRESH


@compiled
def _wait(call: Call, where: int, ahead: int, length: int) -> int:
    """Go back to what comes late, where nothing after it was played and the delay stays short enough."""
    if where >= call.played and call.most - ahead <= LONGEST:
        call.cursor = where
        call.most -= ahead
        call.least = 0
        return 0
    if call.most + length <= LONGEST:
        call.pause = 1
    return ahead


@kept
def play(calls: Calls, rings: Samples, rows: Samples, missing: NDArray[np.bool_], adapts: bool,
         bends: bool) -> None:
    """Write the next 20 ms of all calls into their rows, and where something did not come.

    Parameters
    ----------
    rows : int16 array [shape=(n, 160)]
        Those without a call are left as they are.
    missing : bool array [shape=(n,)]
    adapts : bool
        Whether it is time to ask whether delays may shrink.
    bends : bool
        Whether this frame may be bent.
    """
    memory, long = np.zeros(g722.SIZE, np.int64), np.zeros(FRAME + 1, np.int16)
    for row in range(min(len(rows), len(calls))):
        call = calls[row]
        if call.playing:
            rows[row, :] = 0
            if call.started:
                bent = bends and call.shrink and call.waits >= _PATIENCE
                if not bent or not _bent(call, rings[row], rows[row], long, memory):
                    missing[row] = _played(call, rings[row], rows[row], memory)
                _shrink(call, rings[row], memory, adapts)


@compiled
def _decoded(call: Call, ring: Samples, frame: Samples) -> tuple[int, int, int]:
    """Write what is at the cursor into a frame; return how many samples came, how far they reach, the loudest."""
    came = last = loudest = 0
    for n in range(len(frame)):
        byte = ring[(call.cursor + n) % SIZE]
        if byte == _EMPTY:
            frame[n] = 0
            continue
        if call.codec == LINEAR:
            sample = byte
        elif call.codec < _TABLES:
            sample = DECODED[call.codec, byte]
        else:
            sample = g722.decode(call.adaptive, byte)
        came, last = came + 1, n + 1
        loudest = max(loudest, abs(int(sample)))
        frame[n] = sample
    return came, last, loudest


@compiled
def _emptied(ring: Samples, cursor: int, count: int) -> None:
    begin = cursor % SIZE
    until = min(begin + count, SIZE)
    ring[begin:until] = _EMPTY
    ring[:count - (until - begin)] = _EMPTY


@compiled
def _bent(call: Call, ring: Samples, frame: Samples, long: Samples, memory: NDArray[np.int64]) -> bool:
    """Play a sample more than a frame as one, if all have come: tones are .6 % higher in it, and stay whole."""
    memory[:] = call.adaptive
    came, last, _ = _decoded(call, ring, long)
    if came < len(long):
        call.adaptive[:] = memory
        return False
    for n in range(FRAME):  # cubic: a straight line between samples takes 2 dB of a high tone
        at, part = n, n / FRAME
        before, here, after, then = (float(long[max(at - 1, 0)]), float(long[at]), float(long[at + 1]),
                                     float(long[min(at + 2, FRAME)]))
        bend = 3 * (here - after) + then - before
        slope = 2 * before - 5 * here + 4 * after - then
        value = here + 0.5 * part * (after - before + part * (slope + part * bend))
        frame[n] = min(max(round(value), -32_768), 32_767)
    call.played = call.cursor + last
    call.calm = call.calm and call.played <= call.calm_at
    _emptied(ring, call.cursor, len(long))
    call.cursor += len(long)
    call.most -= 1
    call.least -= 1
    return True


@compiled
def _played(call: Call, ring: Samples, frame: Samples, memory: NDArray[np.int64]) -> bool:
    """Play a frame; return whether something of it did not come."""
    memory[:] = call.adaptive
    came, last, loudest = _decoded(call, ring, frame)
    if call.pause > 0 and loudest < _QUIET:
        frame[:] = 0
        call.adaptive[:] = memory
        call.most += FRAME
        call.pause -= 1
        call.missed += 1
        return True
    if came:
        call.played = call.cursor + last
        call.calm = call.calm and call.played <= call.calm_at
        _emptied(ring, call.cursor, FRAME)
    calm = not came and call.calm and call.cursor >= call.calm_at
    call.cursor += FRAME
    if came < FRAME and not calm:
        call.missed += 1
        return True
    return False


@compiled
def _shrink(call: Call, ring: Samples, memory: NDArray[np.int64], adapts: bool) -> None:
    """Let the delay shrink by a frame where all packets of a while came that much too early."""
    if adapts:
        some = call.least < _NEVER
        call.waits = call.waits + 1 if call.shrink else 0
        call.shrink = some and call.least >= SHORTEST + FRAME
        if some:
            call.most = max(call.least, 0)
        call.least = _NEVER
    if not call.shrink:
        return
    memory[:] = call.adaptive
    _, _, loudest = _decoded(call, ring, np.empty(FRAME, np.int16))
    if loudest < min(_QUIET << min(call.waits, 9), _FAINT) or call.most > LONGEST:
        _emptied(ring, call.cursor, FRAME)
        call.cursor += FRAME
        call.most -= FRAME
        call.least -= FRAME
        call.shrink = False
    else:
        call.adaptive[:] = memory
