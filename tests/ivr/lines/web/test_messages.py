"""What a phone sends: what is understood, and what is refused in words that hold no key."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.lines.web.allowing import of_frames
from ivr.lines.web.messages import (
    Dialled,
    Gone,
    MessageError,
    PhoneKeyDown,
    PhoneKeyUp,
    read_call,
    read_frame,
    read_message,
)


def test_a_call_then_who_calls_and_what_is_dialled():
    assert read_call('{"type": "call", "caller": " Ann  Baker ", "number": "+14255550100", "codec": "mulaw"}') == (
        Dialled("Ann Baker", "+14255550100", "", "mulaw"))
    assert read_call('{"type": "call"}') == Dialled("A browser")


def test_messages_then_what_they_are():
    assert [read_message(json.dumps(one)) for one in (
        {"type": "key", "key": "#"}, {"type": "key-up"}, {"type": "hang-up"})] == [
            PhoneKeyDown("#"), PhoneKeyUp(), Gone()]
    assert "#" not in repr(PhoneKeyDown("#"))


@pytest.mark.parametrize(("text", "why"), [
    ('{"type": "key", "key": "1"}', "first message"),
    ('{"type": "call", "caller": "a\\u0007b"}', "caller"),
    ('{"type": "call", "caller": "\\ud800"}', "caller"),
    (json.dumps({"type": "call", "caller": "x" * 61}), "caller"),
    ('{"type": "call", "caller": 5}', "caller"),
    ('{"type": "call", "number": "sip:eve@example"}', "number"),
    ('{"type": "call", "phone": "+1 425"}', "phone"),
    ('{"type": "call", "codec": "opus"}', "codec"),
    ("[" * 500, "JSON"),
    ("x" * 513, "512"),
])
def test_a_first_message_that_is_none_then_refused_by_what_is_wrong(text, why):
    with pytest.raises(MessageError, match=why):
        read_call(text)


@pytest.mark.parametrize("key", ["12", "", "E", "٣", 5, None])
def test_a_key_that_is_none_then_refused_without_saying_it(key):
    with pytest.raises(MessageError, match="key") as told:
        read_message(json.dumps({"type": "key", "key": key}))
    assert "12" not in str(told.value)


@pytest.mark.parametrize(("codec", "length"), [("pcm", 324), ("mulaw", 164)])
@given(data=st.binary(max_size=400))
def test_bytes_then_a_frame_or_refused(codec, length, data):
    if len(data) == length:
        assert read_frame(data, codec).data == data[4:]
    else:
        with pytest.raises(MessageError, match=str(length)):
            read_frame(data, codec)


@given(text=st.text(max_size=600) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda some: st.lists(some) | st.dictionaries(
        st.sampled_from(["type", "key", "caller", "codec", "number"]), some), max_leaves=5).map(json.dumps))
def test_any_text_then_understood_or_refused(text):
    for read in (read_call, read_message):
        try:
            read(text)
        except MessageError as error:
            assert str(error)


def test_frames_then_as_many_as_a_phone_sends_and_what_a_network_held_back():
    allowed = of_frames()
    assert all(allowed.take(n / 50) for n in range(500))
    assert sum(allowed.take(10 + n / 50) for n in [300] * 300) == 200
    assert sum(allowed.take(20 + n / 1000) for n in range(10_000)) < 830
