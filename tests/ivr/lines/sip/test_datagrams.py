"""Sockets of sound: what one sends comes at the other, by compiled code and by Python alike."""

import socket

import numpy as np
import pytest
from ports import own
from rtp import batch

from ivr.lines.sip import preparing
from ivr.lines.sip.datagrams import linux
from ivr.lines.sip.datagrams.addresses import host_of
from ivr.lines.sip.datagrams.sockets import SoundSockets

WAYS = [pytest.param(True, marks=pytest.mark.skipif(not linux.READY, reason="nothing is compiled here")), False]


@pytest.fixture(params=WAYS, ids=["compiled", "python"])
def pair(request):
    """Two sides, IPv4 unless told otherwise: ``pair(socket.AF_INET6, "::1")``."""
    opened = []

    def make(family=socket.AF_INET, host="127.0.0.1", **more):
        for first in (4000, 4200):
            opened.append(SoundSockets(family, host, own(first, 200), compiled=request.param, **more))
        return opened

    yield make
    for one in opened:
        one.close()


def came(side, now=0):
    return [(int(packets.row[n]), bytes(packets.data[n, :packets.length[n]]), host_of(packets.host[n], v6=side.v6),
             int(packets.port[n]), int(packets.at[n]))
            for packets in side.take(now) for n in range(len(packets.row))]


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_packets_then_come_with_their_row_and_where_they_are_from(pair, family, host):
    try:
        one, other = pair(family, host)
        ports = [one.open(slot) for slot in (3, 0)]
        to = other.open(70)
    except OSError:
        pytest.skip("this machine has no IPv6")
    for slot in (3, 0):
        one.direct(slot, (host, to))
    one.send(batch([(3, b"abc"), (0, b"x" * 1472), (3, b"d" * 1600), (9, b"nobody")]))
    assert came(other, 7) == [(70, b"abc", host, ports[0], 7), (70, b"x" * 1472, host, ports[1], 7),
                              (70, b"d" * 1504, host, ports[0], 7)]


def test_more_packets_than_are_taken_at_once_then_none_is_lost_and_none_waits_behind_one_call(pair):
    one, other = pair()
    for slot in range(3):
        one.open(slot)
        one.direct(slot, ("127.0.0.1", other.open(slot)))
    one.send(batch([(slot, bytes([n])) for slot in range(3) for n in range(40)]))
    heard = [[], [], []]
    for tick in range(6):
        for row, data, *_ in came(other):
            heard[row] += data
        if tick == 0:
            assert all(16 <= len(one) <= 32 for one in heard)
    assert heard == [list(range(40))] * 3


def test_a_call_that_is_shut_or_led_nowhere_then_nothing_goes(pair):
    one, other = pair()
    for slot in range(2):
        one.open(slot)
        one.direct(slot, ("127.0.0.1", other.open(slot)))
    one.shut(0)
    one.direct(1, None)
    one.send(batch([(0, b"a"), (1, b"b")]))
    assert came(other) == []
    assert one.open(0)


def test_all_ports_taken_then_none(pair):
    one, _ = pair()
    ports = [one.open(slot) for slot in range(101)]
    opened = [port for port in ports if port is not None]  # others on this machine may have some
    assert ports[-1] is None
    assert opened
    assert all(port % 2 == 0 for port in opened)
    assert len(set(opened)) == len(opened)


@pytest.mark.skipif(not linux.READY, reason="the system does not tell here when a packet came")
def test_packets_when_timed_then_as_far_apart_as_the_system_got_them():
    one, other = (SoundSockets(socket.AF_INET, "127.0.0.1", own(first, 9), timed=True) for first in (4400, 4410))
    one.open(0)
    one.direct(0, ("127.0.0.1", other.open(0)))
    one.send(batch([(0, b"a")] * 3))
    moments = [at for *_, at in came(other, -1)]
    assert min(np.diff(moments)) >= 0
    assert moments[0] > 8000 * 1_700_000_000
    one.close()
    other.close()


def test_what_is_compiled_before_a_call_then_ready():
    preparing.prepare()
    assert preparing.is_ready()
