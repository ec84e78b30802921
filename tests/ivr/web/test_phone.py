"""Phones' sockets: what goes from them to the bridge and back, in one thread and at no pace."""

import asyncio

import numpy as np
import pytest
from webphone import WebPhone

import dtmf
from ivr.clock import RATE
from ivr.engine.exchange import Exchange
from ivr.lines.web.trunk import WebTrunk
from ivr.web.phone import Phones
from tests.ivr.worlds import MEETINGS, PLAIN, World


class Socket(WebPhone):
    """A socket, of which a page is the other end."""

    def __init__(self, **options):
        super().__init__(**options)
        self.queue, self.closed, self.stuck = asyncio.Queue(), False, False

    def dial(self):
        self.text(self.first())

    def text(self, text):
        self.queue.put_nowait({"type": "websocket.receive", "text": text})

    def bytes(self, data):
        self.queue.put_nowait({"type": "websocket.receive", "bytes": data})

    def lose(self, code):
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})

    async def receive(self):
        return await self.queue.get()

    async def send_text(self, text):
        self.take(text)

    async def send_bytes(self, data):
        while self.stuck:
            await asyncio.sleep(0)
        self.take(data)

    async def close(self):
        self.closed = True


class House:
    """A bridge and its phones, which go on when they are told to."""

    def __init__(self, made):
        self.made, self.trunk = made, WebTrunk()
        made.exchange = Exchange(made.bridge, [self.trunk])
        self.phones, self.serving = Phones(self.trunk), []

    async def call(self, socket, *, dials=True):
        self.serving.append(asyncio.ensure_future(self.phones.serve(socket, "192.0.2.7")))
        if dials:
            socket.dial()
        await self.settle()

    async def settle(self):
        for _ in range(12):
            await asyncio.sleep(0)

    async def run(self, seconds, *sockets):
        for _ in range(round(seconds * 50)):
            for socket in sockets:
                socket.bytes(socket.frame())
            await self.settle()
            self.made.exchange.step()
        await self.settle()


@pytest.fixture
def played():
    """Play a coroutine that is given a house."""
    return lambda act, **changes: asyncio.run(_played(act, House(World([], MEETINGS, **{**PLAIN, **changes}))))


async def _played(act, house):
    try:
        return await act(house)
    finally:
        for one in house.serving:
            one.cancel()
        await asyncio.gather(*house.serving, return_exceptions=True)


def because(house):
    return [entry.facts["because"] for entry in house.made.bridge.journal.of("line-lost")]


def test_a_page_that_keys_an_id_then_the_bridge_hears_it_and_the_page_hears_the_bridge(played):
    async def act(house):
        socket = Socket()
        await house.call(socket)
        socket.says = dtmf.encode("1234567#", RATE)
        await house.run(3, socket)
        assert socket.kinds() == ["answered"]
        assert house.made.bridge.journal.of("entered")[0].facts["digits"] == "1234567"
        assert np.abs(socket.sound()).max() > 1000
        assert len(socket.frames) == 150
        socket.text('{"type": "hang-up"}')
        await house.run(0.1)
        assert socket.closed
        assert house.serving[0].done()
        assert (house.trunk.count, because(house)) == (0, [])

    played(act)


@pytest.mark.parametrize(("code", "told"), [(1001, []), (1006, ["the connection is lost"])])
def test_a_page_that_is_closed_then_it_has_hung_up_and_one_that_is_lost_is_told_of(played, code, told):
    async def act(house):
        socket = Socket()
        await house.call(socket)
        await house.run(0.1, socket)
        socket.lose(code)
        await house.run(0.1)
        assert (house.trunk.count, because(house)) == (0, told)

    played(act)


def test_a_server_that_stops_then_its_calls_are_over(played):
    async def act(house):
        socket = Socket()
        await house.call(socket)
        await house.run(0.1, socket)
        house.serving[0].cancel()
        await house.run(0.1)
        assert (house.trunk.count, because(house)) == (0, ["the connection is lost"])

    played(act)


def test_a_call_that_the_bridge_ends_then_the_page_is_told_and_the_socket_closed(played):
    async def act(house):
        socket = Socket()
        await house.call(socket)
        await house.run(5, socket)
        assert socket.kinds()[-1] == "ended"
        assert socket.closed
        assert house.serving[0].done()

    played(act, first_digit_timeout=RATE // 2, conference_id_tries=1)


@pytest.mark.parametrize("sends", [
    lambda socket: socket.text('{"type": "key", "key": "99"}'),
    lambda socket: socket.text("x" * 600),
    lambda socket: socket.bytes(b"x" * 323),
    lambda socket: [socket.bytes(socket.frame()) for _ in range(400)],
    lambda socket: [socket.text('{"type": "key-up"}') for _ in range(100)],
], ids=["no key", "a long message", "no frame", "too many frames", "too many messages"])
def test_a_page_that_sends_what_none_of_ours_would_then_told_so_and_hung_up_and_others_go_on(played, sends):
    async def act(house):
        bad, good = Socket(caller="bad"), Socket(caller="good")
        await house.call(bad)
        await house.call(good)
        await house.run(0.1, good)
        sends(bad)
        await house.run(0.2, good)
        assert bad.told[-1]["reason"] == "unclear"
        assert bad.closed
        assert because(house) == [bad.told[-1]["why"]]
        assert not good.closed
        assert "99" not in bad.told[-1]["why"]

    played(act)


@pytest.mark.parametrize("sends", [
    lambda socket: socket.bytes(b"x" * 324), lambda socket: socket.text("{}"), lambda socket: socket.lose(1006)])
def test_a_socket_that_does_not_call_then_refused_and_never_a_call(played, sends):
    async def act(house):
        socket = Socket()
        await house.call(socket, dials=False)
        sends(socket)
        await house.run(0.1)
        assert house.serving[0].done()
        assert socket.kinds() == ["refused"]
        assert len(house.made.bridge.journal.entries) == 0

    played(act)


def test_a_page_that_takes_nothing_then_it_misses_the_oldest_and_the_bridge_goes_on(played):
    async def act(house):
        slow, quick = Socket(caller="slow"), Socket(caller="quick")
        await house.call(slow)
        await house.call(quick)
        slow.stuck = True
        await house.run(3, slow, quick)
        slow.stuck = False
        await house.run(0.1, slow, quick)
        assert len(quick.frames) == 155
        assert len(slow.frames) < 60
        assert max(slow.frames) == max(quick.frames)

    played(act)
