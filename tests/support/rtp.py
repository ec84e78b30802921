"""Packets by hand: what stands between a sender and a receiving side without a network."""

from ivr.lines.sip.rtp.batch import put, room_for, taken_from


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
