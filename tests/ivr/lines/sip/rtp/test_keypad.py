"""Keys as events: told at the first packet, once, whatever is lost, doubled or odd about the sender."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.lines.sip.rtp.keypad import KEYS, Dialler, Keypad


def press(key, stamp, sequence, *, updates=5, ends=3, step=1, length=160, reserved=0):
    """Return the packets of one press: (sequence, stamp, payload)."""
    payloads = [struct.pack(">BBH", KEYS.index(key), 10 | reserved, (n + 1) * length & 0xFFFF)
                for n in range(updates)]
    payloads += [struct.pack(">BBH", KEYS.index(key), 0x8A | reserved, updates * length & 0xFFFF)] * ends
    return [(sequence + n * step, stamp, payload) for n, payload in enumerate(payloads)]


def told(packets, *, every=160, source=7, pad=None, start=0):
    """Return what a keypad tells of packets that come one after the other."""
    pad = pad or Keypad()
    heard = []
    for n, (sequence, stamp, payload) in enumerate(packets):
        if pad.silent(start + n * every):
            heard.append("")
        heard += pad.take(sequence & 0xFFFF, stamp & 0xFFFFFFFF, source, payload, start + n * every)
    return heard


def test_a_press_then_told_at_its_first_packet_and_over_at_its_first_end():
    packets = press("5", 1000, 65_533)
    assert told(packets[:1]) == ["5"]
    assert told(packets[:6]) == ["5", ""]
    assert told(packets) == ["5", ""]


def test_two_presses_of_one_key_then_two():
    assert told(press("5", 1000, 1) + press("5", 2000, 9)) == ["5", "", "5", ""]


@given(st.sets(st.integers(0, 7), max_size=7), st.sets(st.integers(8, 15), max_size=7), st.randoms())
def test_packets_lost_and_doubled_then_each_key_once(first, second, drawn):
    packets = press("5", 1000, 1) + press("6", 2000, 9)
    rest = [one for n, one in enumerate(packets) if n not in first | second for _ in range(drawn.randint(1, 2))]
    heard = told(rest)
    assert [key for key in heard if key] == ["5", "6"]
    assert heard[:-1].count("") >= 1


@given(st.randoms())
def test_packets_that_overtake_each_other_then_each_key_once(drawn):
    packets = press("5", 1000, 1) + press("6", 2000, 9) + press("6", 3000, 17)
    order = sorted(range(len(packets)), key=lambda n: n + drawn.uniform(0, 3))
    assert [key for key in told([packets[n] for n in order], every=80) if key] == ["5", "6", "6"]


def test_all_ends_lost_then_over_after_a_while():
    pad = Keypad()
    assert told(press("5", 1000, 1, ends=0), pad=pad) == ["5"]
    assert not pad.silent(4 * 160 + 2400)
    assert pad.silent(4 * 160 + 2401)
    assert not pad.silent(10_000)


def test_the_ends_alone_then_a_key():
    assert told(press("5", 1000, 1, updates=0)) == ["5", ""]


def test_a_sender_whose_presses_all_begin_at_one_timestamp_then_each_counts():
    """SIPp: a clock of 1 kHz, every second sequence number, the reserved bit, one timestamp."""
    packets = [one for n, key in enumerate("1123#")
               for one in press(key, 5000, 1 + 20 * n, step=2, length=20, reserved=0x40)]
    assert [key for key in told(packets) if key] == list("1123#")


def test_a_sender_that_counts_anew_with_each_press_then_each_counts():
    pad = Keypad()
    assert told(press("5", 5000, 1), pad=pad) == ["5", ""]
    assert told(press("5", 5000, 1), pad=pad, start=8000) == ["5", ""]


def test_another_source_then_a_new_press():
    pad = Keypad()
    told(press("5", 5000, 100), pad=pad)
    assert told(press("5", 4000, 1), pad=pad, source=8, start=1500) == ["5", ""]


def test_a_press_longer_than_a_packet_can_tell_then_one():
    long = [*press("5", 1000, 1, updates=409, ends=0)[:-1], (410, 1000, struct.pack(">BBH", 5, 10, 0xFFFF))]
    assert told([*long, *press("5", 1000 + 0xFFFF, 411)]) == ["5", ""]


@pytest.mark.parametrize("payload", [b"", b"\x05\x0a", b"\x10\x0a\x00\xa0", b"\xff" * 4])
def test_what_is_no_key_then_nothing(payload):
    assert told([(1, 1000, payload)]) == []


def test_a_key_when_shown_then_not_in_words():
    pad = Keypad()
    told(press("7", 1000, 1)[:2], pad=pad)
    dialler = Dialler()
    dialler.press("7")
    assert "7" not in repr(pad).replace("_source=7", "")
    assert "'7'" not in repr(dialler)


def test_keys_that_we_press_then_a_keypad_hears_them():
    dialler, pad, heard, sequence, frames = Dialler(), Keypad(), [], 0, 0
    dialler.press("1#1")
    for tick in range(40):
        packets = dialler.frame(1000 + 160 * tick)
        frames += bool(packets)
        for stamp, marker, payload in packets:
            assert marker == (struct.unpack(">BBH", payload)[2] == 160)
            sequence += 1
            heard += pad.take(sequence, stamp, 1, payload, 160 * tick)
    assert heard == ["1", "", "#", "", "1", ""]
    assert frames == 15
    assert not np.any(dialler.frame(0))
