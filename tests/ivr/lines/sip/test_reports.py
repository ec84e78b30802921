"""Reports over real sockets: beside sound or among it, and only from where it comes."""

from itertools import count

import numpy as np
import pytest
from ports import own

from ivr.lines.sip.agreeing import Agreement
from ivr.lines.sip.media import Media
from ivr.lines.sip.sockets import Network


@pytest.fixture
def sides():
    """Two sides of a call that know where each other is: ``sides(muxed=True, control=9)``."""
    networks = [Network("127.0.0.1", 0, own(first, 90)) for first in (4_500, 4_600)]
    ports = [network.open(0) for network in networks]

    def make(muxed=False, control=0):
        made, numbers = [], count(1)
        for network, port in zip(networks, reversed(ports), strict=True):
            media = Media(network, lambda: 1_000 * next(numbers) % 2**32)
            agreed = Agreement("PCMU", 0, None, 20, "127.0.0.1", port, muxed=muxed, control=control or port + 1)
            media.agree(0, agreed, "127.0.0.1", 0)
            made.append(media)
        return made

    yield make
    for network in networks:
        network.close()


def carried(sides, ticks):
    for tick in range(ticks):
        for side in sides:
            side.take(160 * tick)
            side.receive(np.zeros((1, 160), np.int16))
            side.send(np.zeros((1, 160), np.int16), 160 * tick)


@pytest.mark.parametrize("muxed", [False, True])
def test_reports_then_each_side_knows_what_was_lost_there(sides, muxed):
    made = sides(muxed)
    carried(made, 600)
    for side in made:
        figures = side.figures(0)
        assert (figures.lost_there, figures.lost) == (0, 0)
        assert figures.round_trip_ms <= 40
        assert side.receiving.calls["unknown"][0] == 0


def test_nothing_but_reports_of_one_side_then_his_line_is_not_dead(sides):
    one, other = sides()
    carried([one, other], 50)
    for tick in range(50, 500):
        one._reports.send(160 * tick)
        other.take(160 * tick)
    assert other.silent_since(200 * 160) == []
    assert other.silent_since(500 * 160) == [0]


def test_garbage_at_the_port_of_reports_then_nothing(sides):
    one, other = sides()
    carried([one, other], 200)
    noise = np.random.default_rng(2)
    before = other.figures(0)
    for _ in range(300):
        one._sockets.reports.send(0, noise.bytes(50), ("127.0.0.1", one._ways[0].agreed[1] + 1))
        other.take(200 * 160)
    assert other.figures(0) == before


def test_a_call_that_ends_then_goodbye_is_said_and_its_figures_are_kept(sides):
    one, other = sides()
    carried([one, other], 100)
    one.end(0)
    [last] = [came.data for came in other._sockets.reports.take(0)][-1:]
    assert b"\x81\xcb\x00\x01" in last
    assert one.figures(0).packets == 99
