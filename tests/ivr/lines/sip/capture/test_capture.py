"""What went over the network, as a file: read back by its format's rules, and without any secret."""

import ipaddress
import struct

import numpy as np
import pytest
from farside import FarIvr, rung, story
from ports import own

import dtmf
from ivr.clock import RATE
from ivr.lines.sip.capture.cleaning import cleaned
from ivr.lines.sip.capture.keeping import Capture, Datagram
from ivr.lines.sip.capture.pcap import pcap_of
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.rtp.g711 import DECODED
from ivr.report.redact import keyed

HERE, THERE = Peer("192.0.2.1", 5060), Peer("192.0.2.2", 5062)


def summed(data):
    """Return the sum of RFC 1071 over data that has its own in it: 0xFFFF if that is right."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data[:len(data) // 2 * 2]))
    total += data[-1] << 8 if len(data) % 2 else 0
    return total % 0xFFFF or 0xFFFF


def frames(data):
    """Return seconds, source, to, protocol, payload and TCP's sequence of each packet, its sums checked."""
    assert struct.unpack("<IHHiIII", data[:24]) == (0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, 101)
    found, at = [], 24
    while at < len(data):
        seconds, micros, kept, length = struct.unpack("<IIII", data[at:at + 16])
        assert kept == length
        packet, at = data[at + 16:at + 16 + kept], at + 16 + kept
        version = packet[0] >> 4
        size, protocol = (20, packet[9]) if version == 4 else (40, packet[6])
        source, to = ((packet[12:16], packet[16:20]) if version == 4 else (packet[8:24], packet[24:40]))
        if version == 4:
            assert summed(packet[:20]) == 0xFFFF
            assert struct.unpack("!H", packet[2:4]) == (len(packet),)
        inner = packet[size:]
        pseudo = source + to + struct.pack("!IHBB", len(inner), 0, 0, protocol)
        assert summed(pseudo + inner) == 0xFFFF
        ports, head = struct.unpack("!HH", inner[:4]), 8 if protocol == 17 else 20
        ends = [(str(ipaddress.ip_address(one)), port) for one, port in zip((source, to), ports, strict=True)]
        sequence = None if protocol == 17 else struct.unpack("!I", inner[4:8])[0]
        found.append((seconds + micros / 1e6, *ends, protocol, inner[head:], sequence))
    return found


def test_datagrams_then_written_as_udp_in_the_order_of_time_with_right_sums():
    other = Peer("2001:db8::1", 9), Peer("2001:db8::2", 10)
    read = frames(pcap_of([Datagram(2.5, *other, b"two", True), Datagram(1.25, HERE, THERE, b"one!", True)]))
    assert read == [(1.25, ("192.0.2.1", 5060), ("192.0.2.2", 5062), 17, b"one!", None),
                    (2.5, ("2001:db8::1", 9), ("2001:db8::2", 10), 17, b"two", None)]


def test_messages_of_a_stream_then_written_as_tcp_each_after_the_other():
    a, b = (one._replace(transport="TCP") for one in (HERE, THERE))
    read = frames(pcap_of([Datagram(1, a, b, b"ask", True), Datagram(2, b, a, b"answer", True),
                           Datagram(3, a, b, bytes(70_000), True)]))
    assert [(one[3], len(one[4]), one[5]) for one in read] == [
        (6, 3, 1), (6, 6, 1), (6, 32_768, 4), (6, 32_768, 32_772), (6, 4464, 65_540)]


@pytest.mark.parametrize(("data", "clean"), [
    (b'INVITE x\r\nAuthorization: Digest username="a", response="0fa9", nc=1\r\n\r\n', b'response="0000"'),
    (b"INVITE x\r\n\r\nv=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20\r\n",
     b"inline:AAAAAAAA|2^20"),
    (b"INFO x\r\nContent-Type: application/dtmf-relay\r\nContent-Length: 24\r\n\r\nSignal=7\r\nDuration=160\r\n",
     b"\r\n\r\nSignal=0\r\nDuration=160\r\n"),
    (b"INFO x\r\nc: application/dtmf\r\n\r\n7\r\n", b"\r\n\r\n0\r\n"),
    (b"INFO x\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=#\r\n", b"Signal=#"),
    (b"MESSAGE x\r\nContent-Type: text/plain\r\n\r\n7", b"\r\n\r\n7")])
def test_a_message_then_without_what_is_secret_in_it_and_of_one_length(data, clean):
    [one] = cleaned([Datagram(1, HERE, THERE, data, True)], keyed)
    assert clean in one.data
    assert len(one.data) == len(data)


def test_what_is_more_than_is_kept_then_counted_and_nothing_of_it_is_shown():
    capture = Capture(lambda: 1.0, most=10)
    for data in (b"48215", b"123456", b"7"):
        capture.message(HERE, THERE, data)
    assert ([one.data for one in capture.kept], capture.lost) == ([b"48215", b"7"], 1)
    assert "48215" not in repr(capture.kept)


@pytest.mark.parametrize("way", ["events", "info", "audio"])
def test_a_call_in_which_a_pin_is_keyed_then_in_the_file_only_if_secrets_are_wanted(way):
    far, capture, clock = FarIvr(dtmf.encode("48215", RATE)), None, iter(range(1, 10**6))

    def watch(network):
        nonlocal capture
        network.sound.capture = capture = Capture(lambda: float(next(clock)))

    text = story(["dial", 'press: "48215#"', "hear: {digits: 48215}"], f"dtmf: {way}\n")
    assert rung(text, far, begin=watch).passed
    far.close()
    for data, shown in ((capture.kept, True), (cleaned(capture.kept, keyed), False)):
        found = keys_in(pcap_of(data), far.network.here.port)
        assert found["heard"] == ("48215" if shown else "")
        assert found[way] == ("48215#" if shown else {"events": "00000#", "info": "00000#", "audio": ""}[way])
        assert found["messages"][0].startswith(b"INVITE ")
        assert found["messages"][-1].startswith(b"SIP/2.0 200")


def keys_in(data, port):
    """Return the keys in a file: as events, in INFO, in the sound that went and in what came; and its messages."""
    found = {"events": "", "info": "", "messages": []}
    sound, seen = {True: [], False: []}, set()
    for _, source, to, _, payload, _ in frames(data):
        if port in (source[1], to[1]):
            found["messages"].append(payload)
            if payload.startswith(b"INFO"):
                found["info"] += payload.partition(b"Signal=")[2][:1].decode()
        elif payload[1] & 127 == 101:
            if payload[4:8] not in seen:
                found["events"] += "0123456789*#"[payload[12]]
            seen.add(payload[4:8])
        elif payload[1] & 127 == 0:
            sound[source[1] in own(4_000, 400)].append(DECODED[0][np.frombuffer(payload[12:], np.uint8)])
    quiet = np.zeros(800, np.int16)
    found["audio"], found["heard"] = (dtmf.digits(dtmf.decode(np.concatenate([*one, quiet]), RATE))
                                      for one in (sound[True], sound[False]))
    return found
