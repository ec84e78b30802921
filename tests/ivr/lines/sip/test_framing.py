"""Messages out of a stream: any cutting is any other; what cannot be framed ends the stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import OFFER, message

from ivr.lines.sip.framing import Framer, Unframed

MESSAGES = [message("INVITE", body=OFFER), message("OPTIONS"),
            message("INFO", body="Signal=1", kind="application/dtmf-relay").replace(b"Content-Length", b"l")]


@given(st.lists(st.sampled_from(MESSAGES), max_size=5), st.lists(st.integers(1, 400), min_size=1))
def test_a_stream_when_it_is_cut_anyhow_then_the_same_messages(sent, cuts):
    stream, framer, got = b"\r\n\r\n" + b"\r\n".join(sent), Framer(), []
    while stream:
        for cut in cuts:
            got += framer.take(stream[:cut])
            stream = stream[cut:]
    assert got == sent


@given(st.lists(st.integers(1, 9), min_size=1))
def test_line_ends_then_a_question_each_two(cuts):
    framer, stream = Framer(), b"\r\n" * 10
    while stream:
        for cut in cuts:
            assert framer.take(stream[:cut]) == []
            stream = stream[cut:]
    assert framer.pings == 5


@pytest.mark.parametrize("stream", [
    b"x" * 20_000, b"OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n", message().replace(b": 0", b": 70000"),
    message().replace(b": 0", b": -1")])
def test_a_stream_without_a_length_then_ended(stream):
    with pytest.raises(Unframed):
        Framer().take(stream)
