"""Calls as streams: both sides of a media stream, and AudioSocket, from messages to messages."""

import json
import uuid
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dtmf
from ivr.clock import FRAME, RATE
from ivr.engine.exchange import Exchange
from ivr.lines.streams import audiosocket
from ivr.lines.streams.applications import Begun, Keyed, Marked, StreamedCall, StreamOver, StreamSound
from ivr.lines.streams.audiosocket import AudioSocket, Named
from ivr.lines.streams.carrier import MOST_WAITING, Carrier
from ivr.lines.streams.messages import BadMessage, payload_of
from ivr.lines.streams.wires import AudioSocketWire, MediaStreamWire
from ivr.lines.web.trunk import WebTrunk

KEYS = dtmf.encode("1234567#", RATE)


def carrier(**parameters):
    return Carrier("MZ1", "CA1", parameters)


@pytest.fixture
def house(world):
    made = world()
    made.trunk = WebTrunk()
    made.exchange = Exchange(made.bridge, [made.trunk])
    return made


def framed(samples):
    return samples[:len(samples) // FRAME * FRAME].reshape(-1, FRAME)


# a carrier rings us


@pytest.mark.parametrize("beside", [False, True])
def test_stream_when_a_carrier_rings_then_the_caller_keys_an_id_and_hears_music(house, beside):
    heard, out = [], []
    wire = MediaStreamWire(house.trunk, "192.0.2.7", out.append)
    line = carrier(**{"from": "+14255550199", "to": "+14255550100"})
    for message in line.begin():
        wire.received(message)
    says = [*np.zeros((100, FRAME), np.int16), *(framed(np.zeros_like(KEYS)) if beside else framed(KEYS)),
            *np.zeros((700, FRAME), np.int16)]
    for number, frame in enumerate(says):
        wire.received(line.media(frame))
        if beside and 100 <= number < 108:
            wire.received(line.digit("1234567#"[number - 100]))
        house.exchange.step()
        while out:
            assert line.received(out.pop(0)) == []
            heard.append(line.frame()[0])
    assert house.bridge.journal.of("dialled")[0].caller == "+14255550199"
    assert house.states("+14255550199")[-1] == "lobby"
    loop = np.concatenate(heard)[-RATE:].astype(float)
    music = np.tile(house.music, 2).astype(float)
    found = np.correlate(music, loop[:RATE], "valid").max() / (np.linalg.norm(loop) * np.linalg.norm(music[:RATE]))
    assert found > 0.9
    wire.received(line.stop())
    house.exchange.step()
    assert house.bridge.journal.of("hung-up")


def test_stream_when_the_bridge_ends_the_call_then_the_socket_is_closed(house):
    out = []
    wire = MediaStreamWire(house.trunk, "192.0.2.7", out.append)
    line = carrier(caller="Anna")
    for message in line.begin():
        wire.received(message)
    house.exchange.step()
    house.trunk.close()
    assert out[-1] is None
    wire.gone()  # which the socket tells too
    house.exchange.step()
    assert house.bridge.journal.of("hung-up")


@pytest.mark.parametrize("message", [
    "", "{", "[]", "3", '{"event": 3}', '{"event": "media"}', '{"event": "start"}',
    '{"event": "start", "start": {}}',
    '{"event": "start", "start": {"streamSid": "MZ1", "mediaFormat": {"encoding": "audio/l16"}}}',
    '{"event": "start", "start": {"streamSid": "MZ1", "customParameters": 3}}', b"\xff\xfe", "[" * 100_000,
    '{"event": "dtmf", "dtmf": {"digit": "1"}}',
])
def test_stream_when_a_first_message_is_none_then_it_is_refused_in_one_sentence(message):
    with pytest.raises(BadMessage) as told:
        StreamedCall().received(message)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("message", [
    '{"event": "media", "media": {"payload": "*"}}', '{"event": "media", "media": {"payload": 3.5}}',
    '{"event": "dtmf", "dtmf": {"digit": "48215"}}', '{"event": "dtmf", "dtmf": {}}', '{"event": "mark"}',
    '{"event": "start", "start": {"streamSid": "MZ2"}}',
])
def test_stream_when_a_later_message_is_none_then_it_is_refused_without_a_word_of_it(message):
    call = StreamedCall()
    for one in carrier().begin():
        call.received(one)
    with pytest.raises(BadMessage) as told:
        call.received(message)
    assert "48215" not in str(told.value)


# we ring an application


def test_application_when_it_speaks_faster_than_it_is_heard_then_all_comes_in_its_time_with_its_marks():
    line, call = carrier(), StreamedCall()
    told = [call.received(message) for message in line.begin()]
    assert told[1] == Begun("MZ1", "CA1", {})
    says = np.random.default_rng(1).integers(-8000, 8000, 1000).astype(np.int16)
    assert line.received(call.media(says)) == []
    assert line.received(call.mark("one")) == []
    assert line.waiting == 1000
    heard, marks = [], []
    for _ in range(8):
        frame, messages = line.frame()
        heard.append(frame)
        marks += [(len(heard), call.received(one)) for one in messages]
    once = call.received(line.media(says)).samples  # what mu-law makes of it
    np.testing.assert_array_equal(np.concatenate(heard)[:1000], once)
    assert not np.concatenate(heard)[1000:].any()
    assert marks == [(7, Marked("one"))]


def test_application_when_it_clears_then_what_waits_is_not_said_and_its_marks_come_back():
    line, call = carrier(), StreamedCall()
    for message in line.begin():
        call.received(message)
    for message in (call.media(KEYS), call.mark("a"), call.media(KEYS), call.mark("b")):
        line.received(message)
    assert [call.received(one) for one in line.received(call.clear())] == [Marked("a"), Marked("b")]
    assert not line.frame()[0].any()
    assert line.waiting == 0


def test_application_when_it_sends_more_than_can_wait_then_the_rest_is_lost_and_counted():
    line = carrier()
    payload = payload_of(np.zeros(RATE * 60, np.int16))
    for _ in range(6):
        line.received(json.dumps({"event": "media", "media": {"payload": payload}}))
    assert (line.waiting, line.lost) == (MOST_WAITING, 60 * RATE)


def test_messages_of_a_carrier_then_they_are_numbered_from_one_and_say_when():
    line = carrier()
    told = [json.loads(one) for one in (*line.begin(), line.media(KEYS[:160]), line.media(KEYS[:160]), line.stop())]
    assert [one["event"] for one in told] == ["connected", "start", "media", "media", "stop"]
    assert [int(one["sequenceNumber"]) for one in told[1:]] == [1, 2, 3, 4]
    assert [(one["media"]["chunk"], one["media"]["timestamp"]) for one in told[2:4]] == [("1", "0"), ("2", "20")]
    assert {one["streamSid"] for one in told[1:]} == {"MZ1"}


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(
        st.sampled_from(["event", "media", "payload", "mark", "name", "start", "dtmf", "digit", "streamSid"]),
        one | st.sampled_from(["media", "mark", "clear", "start", "stop", "dtmf"]), max_size=4),
    max_leaves=8).map(json.dumps)))
def test_message_when_it_is_anything_then_both_sides_take_it_or_refuse_it(message):
    call = StreamedCall()
    for one in carrier().begin():
        call.received(one)
    for take in (call.received, carrier().received):
        try:
            take(message)
        except BadMessage as error:
            assert len(str(error)) < 200


# AudioSocket


ASKED = uuid.UUID(int=7)


def packet(kind, payload=b""):
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(0, 700), max_size=12))
def test_audiosocket_when_it_comes_in_any_pieces_then_it_tells_the_same(cuts):
    sound = np.arange(300, dtype=np.int16)
    whole = (packet(1, ASKED.bytes) + packet(0x10, sound.tobytes()) + packet(3, b"7") + packet(0x10, b"")
             + audiosocket.hang_up())
    socket, told = AudioSocket(), []
    for begin, end in pairwise([0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]):
        told += socket.received(whole[begin:end])
    assert told[0] == Named(str(ASKED))
    np.testing.assert_array_equal(told[1].samples, sound)
    assert (told[2], len(told[3].samples), told[4]) == (Keyed("7"), 0, StreamOver())


@pytest.mark.parametrize(("kind", "rate"), [(0x11, 12_000), (0x12, 16_000), (0x16, 48_000)])
def test_audiosocket_when_its_sound_is_of_another_rate_then_keys_in_it_are_heard(kind, rate):
    socket = AudioSocket()
    socket.received(packet(1, ASKED.bytes))
    sound = dtmf.encode("159#", rate)
    told = [one.samples for n in range(0, len(sound), rate // 50)
            for one in socket.received(packet(kind, sound[n:n + rate // 50].tobytes()))
            if isinstance(one, StreamSound)]
    told += [one.samples for one in socket.received(packet(kind, np.zeros(rate // 10, np.int16).tobytes()))]
    assert "".join(key.digit for key in dtmf.decode(np.concatenate(told), RATE)) == "159#"


@pytest.mark.parametrize("data", [
    packet(0x10, b"\0\0"), packet(1, b"short"), packet(1, ASKED.bytes) + packet(1, ASKED.bytes),
    packet(1, ASKED.bytes) + packet(3, b"48215"), packet(1, ASKED.bytes) + packet(3, b"x"),
    packet(1, ASKED.bytes) + packet(0x10, b"\0"), packet(1, ASKED.bytes) + packet(0x77), b"GET / HTTP/1.1\r\n\r\n",
    packet(0xFF, b"\1"),
])
def test_audiosocket_when_it_is_none_then_the_connection_is_refused(data):
    with pytest.raises(BadMessage) as told:
        AudioSocket().received(data + bytes(100_000))
    assert "48215" not in str(told.value)


def test_audiosocket_when_asterisk_rings_then_the_caller_keys_an_id_and_waits(house):
    out = []
    wire = AudioSocketWire(house.trunk, "192.0.2.7", out.append)
    wire.received(packet(1, ASKED.bytes))
    for frame in [*np.zeros((100, FRAME), np.int16), *framed(KEYS), *np.zeros((100, FRAME), np.int16)]:
        wire.received(packet(0x10, frame.tobytes()))
        house.exchange.step()
    caller = f"asterisk {str(ASKED)[:8]}"
    assert "organizer-question" in house.states(caller)
    assert {(one[0], len(one)) for one in out} == {(0x10, 3 + 2 * FRAME)}
    house.trunk.close()
    assert out[-2:] == [audiosocket.hang_up(), None]
