"""What is sent is what comes out: in order, once, with what is lost told; at any ptime and over any network."""

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rtp import sent, take

from ivr.lines.sip.rtp.g711 import DECODED, ENCODED
from ivr.lines.sip.rtp.packets import fields, packet
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.sending import RtpSender

SPOKEN = np.rint(8000 * np.sin(np.arange(160 * 600) ** 1.3 / 50)).astype(np.int16)
FIRST = 4_294_966_000
"""So the timestamp wraps soon."""


def rounded(samples, codec=0):
    """Return samples as G.711 leaves them."""
    return DECODED[codec][ENCODED[codec][np.ascontiguousarray(samples).view(np.uint16)]]


def carried(frames, *, delays=(), row=0, codec=0, ptime_ms=20, ticks=0):
    """Send frames with a delay in ticks a packet, None for lost; return what came and what is missing."""
    sending, receiving = RtpSender(lambda: FIRST), Receiving()
    sending.begin(row, codec, 8 * codec, 101, ptime_ms=ptime_ms)
    receiving.begin(row, codec, 8 * codec, 101)
    fates, way, heard, lost, count = iter(delays), [], [], [], 0
    for tick in range(frames + ticks):
        if tick < frames:
            said = np.zeros((row + 1, 160), np.int16)
            said[row] = SPOKEN[160 * tick:][:160]
            for to, data in sent(sending.packets(said)):
                delay = next(fates, 0)
                count += 1
                if delay is not None:
                    heapq.heappush(way, (tick + delay, count, to, data))
        due = []
        while way and way[0][0] <= tick:
            _, _, to, data = heapq.heappop(way)
            due.append((to, data))
        take(receiving, due)
        out = np.full((row + 1, 160), 99, np.int16)
        missing = receiving.play(out)
        heard.append(out[row].copy())
        lost.append(bool(missing[row]))
    return np.array(heard), np.array(lost), receiving


@pytest.mark.parametrize("codec", range(2))
@pytest.mark.parametrize("ptime_ms", range(10, 61, 10))
def test_a_good_line_then_all_comes_out_in_order(codec, ptime_ms):
    heard, lost, _ = carried(60, codec=codec, ptime_ms=ptime_ms, row=3, ticks=4)
    played = heard[~lost].ravel()
    begin = np.flatnonzero(played)[0]
    said = rounded(SPOKEN[:len(played)], codec)
    first = np.flatnonzero(said)[0]
    length = 160 * 50
    assert np.array_equal(played[begin:begin + length], said[first:first + length])


def test_a_good_line_then_20_ms_of_delay_and_nothing_missing():
    heard, lost, receiving = carried(50)
    assert np.array_equal(heard[1:], rounded(SPOKEN[:49 * 160]).reshape(-1, 160))
    assert lost[1:].sum() == 0
    assert (*(receiving.calls[name][0] for name in ("received", "late", "doubled")),) == (50, 0, 0)


def order(heard):
    """Return which frame of what was said each frame is that came whole; -1 for none."""
    known = {rounded(SPOKEN[160 * n:160 * (n + 1)]).tobytes(): n for n in range(600)}
    return [known.get(frame.tobytes(), -1) for frame in heard]


@given(st.lists(st.one_of(st.just(0), st.none(), st.integers(0, 12)), min_size=60, max_size=150))
@settings(max_examples=20)
def test_any_line_then_frames_in_their_order_none_twice_and_none_made_up(delays):
    heard, lost, receiving = carried(len(delays), delays=delays, ticks=30)
    frames = order(heard[~lost])
    whole = [n for n in frames if n >= 0]
    assert whole == sorted(set(whole))
    assert all(n >= 0 or not frame.any() for n, frame in zip(frames, heard[~lost], strict=True))
    came = [n for n, delay in enumerate(delays) if delay is not None]
    assert receiving.calls["received"][0] == len(came)
    assert len(whole) + int(receiving.calls["late"][0]) >= len(came) - 12


def test_jitter_of_60_ms_then_after_a_while_nothing_is_late():
    drawn = np.random.default_rng(3).integers(0, 4, 500).tolist()
    heard, lost, receiving = carried(500, delays=drawn, ticks=10)
    assert receiving.calls["late"][0] <= 8
    assert lost[100:500].sum() == 0
    assert len(set(order(heard)) - {-1}) >= 480


def test_loss_of_a_packet_then_one_frame_is_missing():
    delays = [0] * 100
    delays[40] = None
    heard, lost, _ = carried(100, delays=delays)
    assert np.flatnonzero(lost[1:]).tolist() == [40]
    assert not heard[41].any()


def test_packets_that_come_twice_then_counted_and_played_once():
    receiving, out = Receiving(), np.zeros((1, 160), np.int16)
    receiving.begin(0, 0, 0, None)
    for n in range(20):
        take(receiving, [(0, packet(0, n, 160 * n, 1, bytes([n]) * 160))] * 2)
        receiving.play(out)
    assert receiving.calls["doubled"][0] == 20
    assert receiving.calls["late"][0] == 0


def test_a_long_delay_then_it_shrinks_where_it_is_quiet():
    receiving, out = Receiving(), np.zeros((1, 160), np.int16)
    receiving.begin(0, 0, 0, None)
    behind = []
    for tick in range(1500):
        due = [] if 50 <= tick < 58 else range(50, 59) if tick == 58 else [tick]
        take(receiving, [(0, packet(0, n, 160 * n, 1, bytes([0xF0 + n % 16]) * 160)) for n in due])
        receiving.play(out)
        quiet = np.flatnonzero(DECODED[0][0xF0:] == out[0, 0])
        behind.append((tick - int(quiet[0])) % 16)
    assert behind[100] == 8
    assert behind[-1] in (1, 2)
    assert receiving.calls["late"][0] == 0


def test_packets_of_many_calls_that_waited_then_taken_together_each_in_its_order():
    receiving, out = Receiving(), np.zeros((50, 160), np.int16)
    for row in range(50):
        receiving.begin(row, 0, 0, None)
    came = [(row, packet(0, n, 160 * n, row, bytes([10 + n]) * 160)) for row in range(50) for n in range(5)]
    take(receiving, came)
    for n in range(-1, 5):
        receiving.play(out)
        assert (out == (DECODED[0][10 + n] if n >= 0 else 0)).all()


def test_a_sender_that_begins_anew_then_heard_at_once():
    receiving, out = Receiving(), np.zeros((1, 160), np.int16)
    receiving.begin(0, 0, 0, None)
    for source, stamp in ((1, 5000), (2, 900), (2, 3_000_000_000)):
        for n in range(10):
            take(receiving, [(0, packet(0, n, stamp + 160 * n, source, bytes([10]) * 160))])
            missing = receiving.play(out)
        assert out.all()
        assert not missing[0]


def test_silence_of_a_minute_that_was_not_sent_then_what_comes_after_it_is_heard():
    receiving, out = Receiving(), np.zeros((1, 160), np.int16)
    receiving.begin(0, 0, 0, None)
    for tick in range(3200):
        if tick < 50 or tick >= 3100:
            take(receiving, [(0, packet(0, tick if tick < 50 else tick - 3050, 160 * tick, 1, bytes([10]) * 160))])
        receiving.play(out)
        if tick > 3120:
            assert out.all()


@pytest.mark.parametrize("told", [True, False])
def test_a_sender_that_is_silent_for_a_while_then_nothing_is_missing_where_he_said_so(told):
    """Comfort noise is not made up, and what comes after it is heard from its first packet on."""
    receiving, out, missed = Receiving(), np.zeros((1, 160), np.int16), []
    receiving.begin(0, 0, 0, 101)
    for tick in range(300):
        if not 100 <= tick < 250:
            take(receiving, [(0, packet(0, tick if tick < 100 else tick - 148, 160 * tick, 1, bytes([10]) * 160))])
        elif told and tick in (100, 200):
            take(receiving, [(0, packet(13, tick // 100 + 99, 160 * tick, 1, bytes([60])))])
        missed.append(bool(receiving.play(out)[0]))
        assert bool(out.any()) == (0 < tick <= 100 or tick > 250)
    assert sum(missed[1:]) == (0 if told else 150)


def test_rubbish_then_dropped_and_counted():
    drawn = np.random.default_rng(9)
    receiving, out = Receiving(), np.zeros((2, 160), np.int16)
    receiving.begin(1, 0, 0, 101)
    for n in range(2000):
        data = drawn.bytes(int(drawn.integers(0, 400)))
        take(receiving, [(int(drawn.integers(0, 4)), (b"\x80" + data) if n % 2 else data)])
        receiving.play(out)
    assert receiving.calls["unknown"][1] > 100


@pytest.mark.parametrize(("data", "payload"), [
    (b"\x82\x00\x00\x01" + bytes(8) + bytes(8) + b"abc", b"abc"),
    (b"\x90\x00\x00\x01" + bytes(8) + b"\xbe\xde\x00\x01" + bytes(4) + b"abc", b"abc"),
    (b"\xa0\x00\x00\x01" + bytes(8) + b"abc\x00\x02", b"abc"),
    (b"\xa0\x00\x00\x01" + bytes(8) + b"abc\x00", None),
    (b"\xa0\x00\x00\x01" + bytes(8) + b"abc\xff", None),
    (b"\x90\x00\x00\x01" + bytes(8) + b"\xbe\xde\xff\xff", None),
    (b"\x40\x00\x00\x01" + bytes(8) + b"abc", None), (b"\x80\x00\x00\x01" + bytes(8), None), (b"", None)])
def test_a_packet_then_without_what_only_some_have(data, payload):
    receiving = Receiving()
    receiving.begin(0, 0, 8, 0)
    assert [key.payload for key in take(receiving, [(0, data)])] == ([payload] if payload else [])


def test_what_we_send_then_marked_at_its_beginning_and_after_a_hold_on_one_clock():
    sending, frame = RtpSender(lambda: FIRST), np.zeros((1, 160), np.int16)
    sending.begin(0, 0, 0, 96)
    seen = []
    for tick in range(12):
        if tick in (4, 8):
            sending.begin(0, 0, 0, 96, sends=tick == 8)
        seen += [(tick, data[1] >> 7, fields(data)) for _, data in sent(sending.packets(frame))]
    assert [tick for tick, marker, _ in seen if marker] == [0, 8]
    assert [tick for tick, _, _ in seen] == [0, 1, 2, 3, 8, 9, 10, 11]
    assert all(stamp == (FIRST + 160 * tick) % 2**32 for tick, _, (_, _, stamp, _) in seen)
    numbers = [number for _, _, (_, number, _, _) in seen]
    assert numbers == list(range(numbers[0], numbers[0] + 8))


def test_keys_that_we_send_then_events_in_place_of_sound():
    sending, receiving = RtpSender(lambda: FIRST), Receiving()
    sending.begin(0, 0, 0, 96)
    receiving.begin(0, 0, 0, 96)
    sending.press(0, "5")
    came = [take(receiving, sent(sending.packets(np.zeros((1, 160), np.int16)))) for _ in range(12)]
    assert [len(one) for one in came] == [1, 1, 1, 1, 3, 0, 0, 0, 0, 0, 0, 0]
    assert not sending.press(1, "5")
