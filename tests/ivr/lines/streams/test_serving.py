"""The sockets of streams: who gets in, and that a call goes both ways."""

import json
import socket
import uuid

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from ivr.clock import FRAME
from ivr.engine.exchange import Exchange
from ivr.lines.sip.sockets import NetworkError
from ivr.lines.streams.agents import StreamAgent
from ivr.lines.streams.carrier import Carrier
from ivr.lines.streams.serving import StreamServer
from ivr.lines.web.trunk import WebTrunk

TOKEN = "f" * 32
HERE = ("127.0.0.1", 0)
LIMIT_S = 60
"""For what hangs."""


@pytest.fixture
def house(world):
    made = world()
    made.trunk = WebTrunk()
    made.exchange = Exchange(made.bridge, [made.trunk])
    made.server = StreamServer(made.trunk, media=HERE, audiosocket=HERE, token=TOKEN)
    made.url = "ws://{}:{}/".format(*made.server.media)
    yield made
    made.trunk.close()
    made.server.close()


def step_until(made, so):
    while not so():
        made.exchange.step()


def ringing(made):
    """Connect as somebody who does not read all that comes, which is faster here than sound is."""
    return connect(made.url + TOKEN, max_queue=None, open_timeout=LIMIT_S, ping_interval=None, close_timeout=1)


def events(made, name):
    return made.bridge.journal.of(name)


def test_media_stream_when_it_comes_by_its_token_then_it_is_a_call_until_it_stops(house):
    line = Carrier("MZ1", "CA1", {"caller": "Anna"})
    with ringing(house) as link:
        for message in line.begin():
            link.send(message)
        step_until(house, lambda: events(house, "dialled"))
        house.exchange.step()
        assert json.loads(link.recv(LIMIT_S))["event"] == "media"
        link.send(line.stop())
        step_until(house, lambda: events(house, "hung-up"))
    assert [one.caller for one in events(house, "dialled")] == ["Anna"]


@pytest.mark.parametrize(("path", "options", "code"), [
    ("", {}, 404), ("x" * 32, {}, 404), (TOKEN, {"origin": "http://127.0.0.1"}, 403)])
def test_media_stream_when_it_has_no_token_or_is_a_browsers_then_it_is_refused(house, path, options, code):
    with pytest.raises(InvalidStatus) as refused:
        connect(house.url + path, open_timeout=LIMIT_S, **options)
    assert refused.value.response.status_code == code


@pytest.mark.parametrize("message", ["nothing", b"\0\1", '{"event": "media", "media": {"payload": ""}}'])
def test_media_stream_when_it_says_what_none_says_then_it_is_closed_and_no_call(house, message):
    with ringing(house) as link:
        link.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            link.recv(LIMIT_S)
    assert closed.value.rcvd.code == 1008
    assert " " in closed.value.rcvd.reason  # a sentence
    step_until(house, lambda: events(house, "turned-away"))
    assert not events(house, "dialled")


def test_audiosocket_when_it_begins_with_no_id_then_closed_and_told_of(house):
    with socket.create_connection(house.server.audiosocket, LIMIT_S) as link:
        link.sendall(b"\x10\0\2\0\0")
        assert link.recv(1) == b""
    step_until(house, lambda: events(house, "turned-away"))
    away = events(house, "turned-away")[0]
    assert (away.caller, away.facts["code"]) == ("127.0.0.1", 400)
    assert away.facts["because"] == "a connection begins with the UUID of its call"


def test_audiosocket_when_asterisk_rings_then_it_hears_the_bridge_and_its_end(house):
    link = socket.create_connection(house.server.audiosocket, LIMIT_S)
    with link:
        link.sendall(b"\1\0\x10" + uuid.UUID(int=5).bytes + b"\x10\1\x40" + bytes(2 * FRAME))
        step_until(house, lambda: events(house, "dialled"))
        house.exchange.step()
        assert link.recv(3, socket.MSG_WAITALL) == b"\x10\1\x40"
        house.trunk.close()
        came = b""
        while data := link.recv(65_536):
            came += data
        assert came.endswith(b"\0\0\0")
    assert events(house, "dialled")[0].caller == "asterisk 00000000"


def test_audiosocket_when_the_caller_hangs_up_then_its_connection_is_closed(house):
    with socket.create_connection(house.server.audiosocket, LIMIT_S) as link:
        link.sendall(b"\1\0\x10" + uuid.UUID(int=5).bytes)
        step_until(house, lambda: events(house, "dialled"))
        link.sendall(b"\0\0\0")
        while link.recv(65_536):
            pass
    step_until(house, lambda: events(house, "hung-up"))


def test_address_when_it_is_taken_then_one_sentence_says_so(house):
    with pytest.raises(NetworkError, match="cannot be listened at"):
        StreamServer(WebTrunk(), media=house.server.media)


def test_agent_at_a_url_when_it_speaks_then_that_is_heard_in_its_time(house):
    """Our own server is the application that is rung: what it says is the bridge's welcome."""
    agent = StreamAgent(house.url + TOKEN)
    agent.begin("bot", "", "+14255550199")
    agent.hear(np.zeros(FRAME, np.int16))
    step_until(house, lambda: events(house, "dialled"))
    for _ in range(100):
        house.exchange.step()

    def loud():
        agent.step(0)
        return np.abs(agent.speak().astype(int)).max() > 1000

    assert any(loud() for _ in range(4_000_000))
    assert events(house, "dialled")[0].caller == "bot"
    agent.close()
    step_until(house, lambda: events(house, "hung-up"))
    assert agent.fault == ""

