"""Encrypted sound: what is offered and taken, keys that nobody reads, packets that nobody forges."""

import base64

import numpy as np
import pytest
from rtp import batch, sent
from wire import OFFER, Caller, code, header, message

from ivr.lines.sip.agreeing import Local, Unacceptable
from ivr.lines.sip.rtp.packets import packet
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.sdes import SUITES, Secrets, read
from ivr.lines.sip.securing import Securing
from ivr.lines.sip.telling import Agreed

KEY, OTHER = bytes(range(30)), bytes(range(30, 60))
INLINE = "inline:" + base64.b64encode(KEY).decode()
SECURE = OFFER.replace("RTP/AVP", "RTP/SAVP")


def agreed(caller):
    """Return what was agreed on, one after the other."""
    return [event.media for event in caller.end.events() if isinstance(event, Agreed)]


def offer(*lines, plain=False):
    return (OFFER if plain else SECURE) + "".join(f"a=crypto:{line}\r\n" for line in lines)


def caller(**more):
    return Caller(keys=lambda count: OTHER[:count], **more)


@pytest.mark.parametrize("suite", SUITES)
def test_an_offer_of_srtp_then_answered_by_its_tag_with_our_key(suite):
    one = caller()
    answer = one.calls(body=offer(f"7 F8_128_HMAC_SHA1_80 {INLINE}", f"4 {suite} {INLINE}|2^31",
                                  f"5 {SUITES[0]} {INLINE}"))
    assert "m=audio 20000 RTP/SAVP 0 96" in answer
    assert f"a=crypto:4 {suite} inline:{base64.b64encode(OTHER).decode()}\r\n" in answer
    [media] = agreed(one)
    assert media.secrets == Secrets(suite, OTHER, KEY)
    assert not any(key in repr(media) for key in (INLINE, repr(KEY), repr(OTHER), "secrets=b"))


@pytest.mark.parametrize("line", [
    f"x {SUITES[0]} {INLINE}", f"1 AES_CM_256_HMAC_SHA1_80 {INLINE}", f"1 {SUITES[0]} {INLINE}AA", f"1 {SUITES[0]}",
    f"1 {SUITES[0]} {INLINE}|2^20|1:4", f"1 {SUITES[0]} {INLINE};{INLINE}",
    f"1 {SUITES[0]} {INLINE} UNENCRYPTED_SRTP", f"1 {SUITES[0]} {INLINE} KDR=1", f"1 {SUITES[0]} inline:====", ""])
def test_an_offer_of_srtp_that_we_cannot_do_then_refused(line):
    assert read([line]) == []
    answer = caller().say(message("INVITE", body=offer(line)))[-1]
    assert code(answer) == 488
    assert "SDES" in header(answer, "Warning")


def test_a_wish_about_replays_then_passed_over():
    assert [one.key for one in read([f"1 {SUITES[0]} {INLINE} WSH=128"])] == [KEY]


def test_srtp_where_it_is_not_installed_then_refused():
    one = Caller()
    answer = one.say(message("INVITE", body=offer(f"1 {SUITES[0]} {INLINE}")))[-1]
    assert code(answer) == 488
    assert "SDES" not in header(answer, "Warning")
    assert [(event.code, "[srtp]" in event.why) for event in one.end.events()] == [(488, True)]


def test_a_key_beside_plain_rtp_then_answered_plainly():
    one = caller()
    answer = one.calls(body=offer(f"1 {SUITES[0]} {INLINE}", plain=True))
    assert "RTP/AVP 0" in answer
    assert "crypto" not in answer
    assert agreed(one)[0].secrets is None


def test_srtp_beside_plain_rtp_then_the_first_is_taken():
    answer = caller().calls(body=offer(f"1 {SUITES[0]} {INLINE}") + OFFER[OFFER.index("m="):])
    assert "RTP/SAVP 0 96" in answer
    assert "m=audio 0 RTP/AVP 0 8 96" in answer


def test_our_side_when_shown_then_no_key():
    local = Local("192.0.2.2", 4000, 1, draw=lambda count: OTHER[:count], secures=True)
    for said in (local.offer(), local.answer(offer(f"1 {SUITES[0]} {INLINE}").encode())):
        assert base64.b64encode(OTHER).decode() in str(said)
    assert not any(key in repr(local) for key in (base64.b64encode(OTHER).decode(), repr(OTHER)))


def test_plain_sound_as_an_answer_to_an_offer_of_srtp_then_the_call_is_none():
    local = Local("192.0.2.2", 4000, 1, draw=lambda count: OTHER[:count], secures=True)
    local.offer()
    with pytest.raises(Unacceptable):
        local.taken(OFFER.encode())
    assert local.taken(offer(f"1 {SUITES[0]} {INLINE}").encode()).secrets == Secrets(SUITES[0], OTHER, KEY)


def test_a_hold_of_an_encrypted_call_then_our_key_stays_and_theirs_may_change():
    one = caller()
    one.calls(body=offer(f"1 {SUITES[0]} {INLINE}"))
    one.acks()
    held = offer(f"1 {SUITES[0]} {INLINE[:10]}B{INLINE[11:]}").replace("sendrecv", "sendonly")
    again = one.asks("INVITE", 2, body=held)
    assert base64.b64encode(OTHER).decode() in again
    assert [media.secrets.theirs == KEY for media in agreed(one)] == [True, False]


class Pair:
    """Two sides with each other's key."""

    def __init__(self, suite=SUITES[0]):
        self.one, self.other = Securing(), Securing()
        self.one.begin(0, Secrets(suite, KEY, OTHER))
        self.other.begin(0, Secrets(suite, OTHER, KEY))
        self.receiving = Receiving()
        self.receiving.begin(0, 0, 0, None)

    def over(self, *packets, forge=None):
        """Return what comes of packets, as lengths and what is counted."""
        packets = batch([(0, one) for one in packets])
        self.one.close(packets)
        for place in range(len(packets.row)):
            if forge is not None:
                packets.data[place, forge] ^= 1
        self.other.open(packets, self.receiving.calls)
        return sent(packets)


@pytest.mark.parametrize(("suite", "longer"), [(SUITES[0], 10), (SUITES[1], 4)])
def test_packets_then_encrypted_on_the_way_and_whole_at_its_end(suite, longer):
    pair, plain = Pair(suite), packet(0, 5, 0, 9, bytes(160))
    packets = batch([(0, plain), (1, plain)])
    pair.one.close(packets)
    [(_, first), (_, second)] = sent(packets)
    assert len(first) == 172 + longer
    assert first[12:172] != bytes(160)
    assert second == plain
    assert pair.over(packet(0, 6, 160, 9, bytes(160))) == [(0, packet(0, 6, 160, 9, bytes(160)))]


@pytest.mark.parametrize("byte", [3, 9, 50, 175])
def test_a_packet_of_which_anything_was_changed_then_nothing_and_counted(byte):
    pair = Pair()
    assert pair.over(packet(0, 1, 0, 9, bytes(160)), forge=byte) == [(0, b"")]
    assert pair.receiving.calls["forged"][0] == 1


def test_packets_that_come_again_plain_or_too_short_then_nothing():
    pair = Pair()
    packets = batch([(0, packet(0, 1, 0, 9, bytes(160)))])
    pair.one.close(packets)
    again = batch([*sent(packets) * 2, (0, packet(0, 2, 0, 9, bytes(160))), (0, b""), (0, b"\x80" * 12)])
    pair.other.open(again, pair.receiving.calls)
    assert again.length.tolist() == [172, 0, 0, 0, 0]
    assert (pair.receiving.calls["doubled"][0], pair.receiving.calls["forged"][0]) == (1, 3)


def test_keys_that_are_agreed_on_again_then_the_count_goes_on_and_another_key_counts_anew():
    pair = Pair()
    packets = batch([(0, packet(0, 1, 0, 9, bytes(160)))])
    pair.one.close(packets)
    for theirs, length in ((KEY, 172), (KEY, 0), (OTHER, 0), (KEY, 172)):
        pair.other.begin(0, Secrets(SUITES[0], OTHER, theirs))
        came = batch(sent(packets))
        pair.other.open(came, pair.receiving.calls)
        assert came.length[0] == length
    pair.other.begin(0, None)
    came = batch(sent(packets))
    pair.other.open(came, pair.receiving.calls)
    assert came.length[0] == 182


def test_a_sender_that_begins_anew_for_ever_then_few_are_remembered():
    pair = Pair()
    for source in range(100):
        assert pair.over(packet(0, 1, 0, source, b"x" * 160))[0][1]
    assert len(pair.other._calls[0].receives._sources) <= 8
    assert np.all(pair.receiving.calls["forged"] == 0)
