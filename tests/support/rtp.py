"""Packets by hand: what stands between a sender and a receiving side without a network."""

import hashlib

import numpy as np

from ivr.lines.sip.rtp.batch import put, room_for, taken_from
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.sending import RtpSender


def batch(came):
    """Return packets of [(row, bytes), ...]."""
    packets = room_for(len(came))
    for place, (row, data) in enumerate(came):
        put(packets, place, row, data)
    return packets


def take(receiving, came, now=0, at=0):
    """Have a receiving side take [(row, bytes), ...] that came at a moment; return the packets of keys."""
    packets = batch(list(came))
    packets.at[:] = at
    return receiving.take(packets, receiving.sort(packets, now))


def sent(packets):
    """Return packets as [(row, bytes), ...]."""
    return [(int(row), taken_from(packets, place)) for place, row in enumerate(packets.row)]


def digest(ticks=15):
    """Return a digest of all that a sending and a receiving side do over a bad line, with each codec."""
    drawn, all_of_it = np.random.default_rng(6), hashlib.sha256()
    sending, receiving, way = RtpSender(lambda: int(drawn.integers(2**32))), Receiving(), []
    for row in range(3):
        sending.begin(row, row, (0, 8, 9)[row], 101, ptime_ms=(20, 30, 10)[row])
        receiving.begin(row, row, (0, 8, 9)[row], 101)
    sending.press(1, "5")
    for tick in range(ticks):
        said = np.rint(8000 * np.sin((np.arange(160) + 160 * tick) ** 1.2 / 30)).astype(np.int16)
        way += [(tick + drawn.integers(3), row, data) for row, data in sent(sending.packets(np.tile(said, (3, 1))))
                if drawn.random() > 0.1]
        due, way = [one for one in way if one[0] <= tick], [one for one in way if one[0] > tick]
        keys = take(receiving, [(row, data) for _, row, data in due] + [(0, drawn.bytes(40))], tick, 160 * tick)
        rows = np.zeros((3, 160), np.int16)
        missing = receiving.play(rows)
        all_of_it.update(repr(keys).encode() + rows.tobytes() + missing.tobytes())
    all_of_it.update(repr(receiving.calls[:3].tolist()).encode() + repr(sending.calls[:3].tolist()).encode())
    return all_of_it.hexdigest()
