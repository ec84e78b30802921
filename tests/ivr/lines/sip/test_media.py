"""Which packets are whose: senders with ways of their own, strangers, telephones behind a NAT."""

import struct

import numpy as np
import pytest
from ports import own
from rtp import batch

from ivr.lines.sip.agreeing import Agreement
from ivr.lines.sip.media import Media
from ivr.lines.sip.rtp.packets import packet
from ivr.lines.sip.sockets import Network

HERE = "127.0.0.1"


@pytest.fixture
def line():
    """Our side with calls, and another that sends by hand: ``line(2)``."""
    opened = []

    def make(calls=1, hosts=(HERE,)):
        ours = Network(HERE, 0, own(4_700, 100))
        theirs = [Network(host, 0, own(4_800, 100)) for host in hosts]
        opened.extend([ours, *theirs])
        media = Media(ours, lambda: 1)
        ports = [ours.open(slot) for slot in range(calls)]
        sources = [one.open(0) for one in theirs]

        def send(slot, data, by=0):
            theirs[by].sound.direct(0, (HERE, ports[slot]))
            theirs[by].sound.send(batch([(0, data)]))

        media.others = [one.sound for one in theirs]
        return media, send, sources

    yield make
    for one in opened:
        one.close()


def played(media, calls=1):
    rows = np.zeros((calls, 160), np.int16)
    for _ in range(2):
        missing = media.receive(rows)
    return rows, missing


def test_two_calls_from_one_port_with_one_source_then_each_hears_its_own(line):
    """SIPp's streams."""
    media, send, [port] = line(2)
    for slot in range(2):
        media.agree(slot, Agreement("PCMU", 0, None, 20, HERE, port), HERE, 0)
        send(slot, packet(0, 1, 160, 7, bytes([0x10 + slot]) * 160))
    media.take(0)
    rows, missing = played(media, 2)
    assert rows[0, 0] != rows[1, 0]
    assert not missing.any()
    assert rows.all()


def test_packets_between_keys_of_a_kind_that_was_not_agreed_on_then_counted_and_no_more(line):
    """SIPp fills the time between keys with a payload type of its own, and takes every second number."""
    media, send, [port] = line()
    media.agree(0, Agreement("PCMU", 0, 96, 20, HERE, port), HERE, 0)
    told = []
    for number in range(0, 40, 2):
        key = struct.pack(">BBH", 5, 0x4A | 0x80 * (number >= 30), number * 10)
        send(0, packet(97, number, 1000, 7, b"xxxx") if 10 <= number < 20 else packet(96, number, 1000, 7, key))
        told += media.take(160 * number)
    assert [getattr(event, "key", "") for event in told] == ["5", ""]
    assert media.receiving.calls["unknown"][0] == 5


def test_a_telephone_behind_a_nat_then_heard_and_spoken_to_where_it_is_and_nobody_else_counts(line):
    media, send, [port, other] = line(hosts=(HERE, HERE))
    media.agree(0, Agreement("PCMU", 0, None, 20, "192.0.2.1", 4000), HERE, 0)
    send(0, packet(3, 1, 160, 7, bytes(160)), by=1)  # of no known kind: that tells nothing
    media.take(0)
    send(0, packet(0, 1, 160, 7, bytes(160)))
    media.take(160)
    send(0, packet(0, 2, 320, 7, bytes(160)), by=1)
    media.take(320)
    assert (media.receiving.calls["received"][0], media.strange) == (1, 1)
    media.agree(0, Agreement("PCMU", 0, None, 20, "192.0.2.1", 4000, receives=False), HERE, 480)  # on hold
    for now in range(480, 160 * 400, 160):
        media.send(np.zeros((1, 160), np.int16), now)
        heard = [sum(len(one.row) for one in sound.take(0)) for sound in media.others]
        assert heard == [1, 0]
    assert port != other


def test_a_sender_who_took_more_than_one_codec_then_it_may_change_and_is_heard(line):
    """As Asterisk does, which takes all that it can of an offer."""
    media, send, [port] = line()
    media.agree(0, Agreement("PCMU", 0, 101, 20, HERE, port, others=((8, "PCMA"), (9, "G722"))), HERE, 0)
    heard = []
    for number, payload in enumerate([0] * 5 + [8] * 5 + [9] * 5 + [0] * 5 + [18] * 3):
        send(0, packet(payload, number, 160 * number, 7, b"\x10" * 160))
        media.take(160 * number)
        row = np.zeros((1, 160), np.int16)
        media.receive(row)
        heard.append(int(abs(row[0].astype(int)).max()))
    assert heard[2] == heard[18] != heard[7]
    assert all(heard[n] for n in (4, 7, 9, 12, 14, 17, 19))
    assert media.receiving.calls["unknown"][0] == 3


def test_sound_in_both_ways_by_another_codec_from_now_on_then_heard_by_that(line):
    media, send, [port] = line()
    for codec, payload, byte in (("PCMU", 0, 0x10), ("G722", 9, 0xFF), ("PCMA", 8, 0x10)):
        media.agree(0, Agreement(codec, payload, None, 20, HERE, port), HERE, 0)
        send(0, packet(payload, 1, 160, payload + 7, bytes([byte]) * 160))
        media.take(0)
        rows, _ = played(media)
        assert rows.any() or codec == "G722"
        media.send(rows, 0)
        [came] = list(media.others[0].take(0))
        assert came.data[0, 1] & 127 == payload
