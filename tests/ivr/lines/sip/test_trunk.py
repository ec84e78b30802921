"""A trunk of telephones on loopback: real sockets, real SIP and RTP, in step and so faster than real time."""

import socket
from contextlib import suppress

import numpy as np
import pytest
from ports import own
from rtp import batch
from softphone import Softphone
from wire import OFFER, header, message

import dtmf
from ivr.clock import RATE
from ivr.engine.exchange import Exchange
from ivr.engine.messages import TransferTo, Welcome
from ivr.lines.sip import telling
from ivr.lines.sip.framing import Framer
from ivr.lines.sip.sockets import Network, NetworkError
from ivr.lines.sip.targets import Listed, Targets
from ivr.lines.sip.trunk import SipTrunk


@pytest.fixture
def house(world):
    """A world with a trunk, and what calls it: ``house(phones=2, welcome=Welcome(), product fields)``."""
    opened = []

    def make(phones=1, ports=own(1_000, 400), welcome=Welcome(), targets=None, **changes):  # noqa: B008
        made = world(**changes)
        network = Network("127.0.0.1", 0, ports)
        made.sip = SipTrunk(network, targets=targets)
        made.exchange = Exchange(made.bridge, [made.sip], reception=lambda _: welcome)
        made.phones = [Softphone() for _ in range(phones)]
        opened.extend([network, *made.phones])
        return made

    yield make
    for one in opened:
        one.close()


def run(house, seconds):
    """Go on for so long, the bridge and the telephones in turn."""
    for _ in range(round(seconds * 50)):
        for phone in house.phones:
            phone.step(house.bridge.now)
        house.exchange.step()
    return house


def calls(house, which=0, **more):
    house.phones[which].dial(house.sip.here, house.bridge.now, **more)
    return run(house, 1)


def likeness(heard, loop):
    """Return how much of what was heard, one round long, is a loop of sound: 1 for all, 0 for nothing of it."""
    heard, loop = heard.astype(float), loop.astype(float)
    best = np.fft.irfft(np.fft.rfft(heard) * np.conj(np.fft.rfft(loop))).max()
    return best / (np.linalg.norm(heard) * np.linalg.norm(loop) + 1)


@pytest.mark.parametrize(("by", "secures"), [("rfc4733", False), ("audio", False), ("rfc4733", True)])
def test_a_caller_who_keys_an_id_then_waits_in_the_lobby_and_hears_music(house, by, secures):
    made = calls(house(), secures=secures)
    phone = made.phones[0]
    assert (phone.end.agreed(phone.call).secrets is not None) == secures
    assert [type(event) for event in phone.told] == [telling.Answered, telling.Agreed]
    for keys in ("1234567#", "#"):
        if by == "audio":
            phone.says = dtmf.encode(keys, RATE)
        else:
            phone.media.press(0, keys)
        run(made, 5)
    run(made, 3)
    assert made.states("ivr")[-1] == "lobby"
    assert [entry.facts["by"] for entry in made.bridge.journal.of("keys-by")] == ["rfc4733"] * (by == "rfc4733")
    assert likeness(phone.sound(since=-100), made.music) > 0.95


def test_a_caller_who_hangs_up_then_the_call_ends_and_its_slot_is_free(house):
    made = calls(house())
    phone = made.phones[0]
    phone.end.end(phone.call, made.bridge.now)
    phone.flush()
    run(made, 0.1)
    assert [entry.facts["by"] for entry in made.bridge.journal.of("hung-up")] == ["caller"]
    assert made.sip.count == 0
    assert not made.bridge.calls


def test_a_call_that_the_bridge_ends_then_bye(house):
    made = calls(house(first_digit_timeout=RATE // 2, conference_id_tries=1))
    run(made, 5)
    assert made.bridge.journal.of("hung-up")[0].facts["by"] == "bridge"
    assert made.bridge.journal.of("sound")[0].facts["lost"] == 0
    assert len(made.phones[0].of(telling.Ended)) == 1


def test_a_call_that_is_not_taken_then_its_code_and_no_more_of_it(house):
    made = calls(house(welcome=Welcome(refused=486)))
    assert [event.code for event in made.phones[0].of(telling.CallRefused)] == [486]
    assert made.sip.count == 0


def test_a_call_whose_sound_cannot_be_had_then_the_journal_says_why(house):
    made = house(phones=0)
    source = Network("127.0.0.1", 0, range(0))
    source.send(message("INVITE", body=OFFER.replace("0 8 96", "18"), via="127.0.0.1;rport"), made.sip.here)
    run(made, 0.1)
    source.close()
    [entry] = made.bridge.journal.of("turned-away")
    assert entry.facts == {"code": 488, "because": "it offers no sound that can be had here"}


def test_a_call_that_rings_then_180_and_answered_later(house):
    made = calls(house(welcome=Welcome(rings=2 * RATE)))
    assert [type(event) for event in made.phones[0].told] == [telling.Ringing]
    run(made, 2)
    assert made.phones[0].of(telling.Answered)


def test_a_call_that_is_heard_while_it_rings_then_its_sound_before_the_answer_and_keys_count(house):
    made = calls(house(welcome=Welcome(rings=9 * RATE, early=True)))
    phone = made.phones[0]
    assert [type(event) for event in phone.told] == [telling.Ringing, telling.Agreed]
    phone.media.press(0, "1234567#")
    run(made, 5)
    assert phone.sound().any()
    assert [entry.facts["digits"] for entry in made.bridge.journal.of("entered")] == ["1234567"]
    assert not phone.of(telling.Answered)
    run(made, 4)
    assert [type(event) for event in phone.told][2:] == [telling.Answered]


def test_a_caller_who_gives_up_while_it_rings_then_no_call(house):
    made = calls(house(welcome=Welcome(rings=2 * RATE)))
    phone = made.phones[0]
    phone.end.end(phone.call, made.bridge.now)
    phone.flush()
    run(made, 3)
    assert [entry.event for entry in made.bridge.journal] == ["gave-up"]
    assert made.sip.count == 0


def test_no_port_for_sound_then_503_and_the_call_is_gone(house):
    made = house(phones=2, ports=range(31_500, 31_502))
    calls(made, 0)
    calls(made, 1)
    assert [event.code for event in made.phones[1].of(telling.CallRefused)] == [503]
    assert len(made.bridge.calls) == 1


def test_a_caller_who_holds_and_comes_back_then_told_and_he_hears_nothing_meanwhile(house):
    made = calls(house())
    phone = made.phones[0]
    phone.end.hold(phone.call, made.bridge.now, on=True)
    phone.flush()
    run(made, 1)
    assert made.bridge.journal.of("held")
    assert not phone.sound(since=-40).any()
    phone.end.hold(phone.call, made.bridge.now, on=False)
    phone.flush()
    run(made, 1)
    assert made.bridge.journal.of("resumed")


def test_a_caller_of_whom_nothing_comes_for_a_minute_then_lost(house):
    made = calls(house(first_digit_timeout=100 * RATE))
    phone, made.phones = made.phones[0], []
    run(made, 30)
    assert made.sip.count == 1
    run(made, 32)
    assert [entry.facts["because"] for entry in made.bridge.journal.of("line-lost")] == ["no sound for 60 s"]
    assert made.sip.count == 0
    phone.step(made.bridge.now)
    assert len(phone.of(telling.Ended)) == 1


def test_a_key_in_info_then_it_counts(house):
    made = calls(house())
    phone = made.phones[0]
    leg = phone.end._leg(phone.call)
    for key in "1234567#":
        leg.ask("INFO", lambda *_: None, made.bridge.now, [("Content-Type", "application/dtmf-relay")],
                f"Signal={key}\r\nDuration=100\r\n".encode())
        phone.flush()
        run(made, 0.3)
    assert [entry.facts["digits"] for entry in made.bridge.journal.of("entered")] == ["1234567"]


def test_a_pin_keyed_as_events_then_nowhere_to_be_read(house):
    made = calls(house())
    phone = made.phones[0]
    phone.media.press(0, "1234567#")
    run(made, 5)
    phone.media.press(0, "*")
    run(made, 2)
    phone.media.press(0, "48215#")
    run(made, 4)
    assert made.states("ivr")[-1] == "meeting"
    assert "48215" not in made.bridge.journal.text() + repr(vars(made.sip)) + repr(vars(made.sip.media))


@pytest.mark.parametrize("secures", [False, True])
def test_a_call_that_ends_then_the_journal_says_how_its_sound_came(house, secures):
    made = calls(house(first_digit_timeout=100 * RATE), secures=secures)
    run(made, 16)
    made.phones[0].end.end(made.phones[0].call, made.bridge.now)
    made.phones[0].flush()
    run(made, 0.1)
    [facts] = [entry.facts for entry in made.bridge.journal.of("sound")]
    assert facts["packets"] > 800
    assert (facts["lost"], facts["late"], facts["lost_there_percent"]) == (0, 0, 0)
    assert facts["round_trip_ms"] <= 40
    assert [entry.event for entry in made.bridge.journal][-1] == "hung-up"


def test_sound_from_a_stranger_then_not_heard(house):
    made = calls(house())
    stranger = Network("127.0.0.1", 0, own(2_000, 100))
    port = stranger.open(0)
    target = made.phones[0].end.agreed(made.phones[0].call)
    stranger.sound.direct(0, (target.host, target.port))
    stranger.sound.send(batch([(0, b"\x80\x00" + bytes(170))]))
    run(made, 0.1)
    stranger.close()
    assert port
    assert made.sip.media.strange == 1


def test_sound_for_a_third_host_that_says_nothing_then_it_ends(house):
    made, third = house(first_digit_timeout=100 * RATE), Network("127.0.0.2", 0, own(2_200, 100))
    [phone], made.phones = made.phones, []
    phone.end.invite("sip:1000@127.0.0.1", made.sip.here, "127.0.0.2", third.open(0), 0)
    packets = []
    for _ in range(400):
        phone.flush()
        run(made, 0.02)
        for data, source in phone.network.messages():
            phone.end.receive(data, source, made.bridge.now)
        packets.append(sum(len(one.row) for one in third.sound.take(0)))
    third.close()
    assert 240 <= sum(packets) <= 251
    assert not any(packets[260:])


def test_the_end_of_the_bridge_then_everybody_gets_a_bye(house):
    made = calls(house(phones=1))
    phone = made.phones[0]
    made.sip.close()
    phone.step(made.bridge.now)
    made.exchange.step()
    assert len(phone.of(telling.Ended)) == 1
    assert made.bridge.journal.of("hung-up")
    assert made.sip.over


def test_rubbish_on_both_sockets_then_the_call_goes_on(house):
    made = calls(house())
    noise = np.random.default_rng(5)
    for _ in range(200):
        made.phones[0].network.send(noise.bytes(60), made.sip.here)
        made.phones[0].network.sound.send(batch([(0, b"\x80" + noise.bytes(80))]))
    run(made, 0.5)
    assert made.sip.count == 1


def referred(house):
    """A call whose caller has it go on with a second telephone; return both and that one's call."""
    made = house(phones=2, first_digit_timeout=100 * RATE)
    first, second = made.phones
    here = second.network.here
    made.sip._targets._listed.append(Listed("desk", here.host, here.port, here))
    calls(made)
    first.end.transfer(first.call, f"sip:desk@{here.host}:{here.port}", made.bridge.now)
    run(made, 0.5)
    return made, second.of(telling.Invited)[0].call


def test_a_caller_who_has_the_call_go_on_with_a_second_one_then_that_one_keys_and_hears(house):
    made, call = referred(house)
    first, second = made.phones
    second.call = call
    second.end.answer(call, "127.0.0.1", second.port, made.bridge.now)
    run(made, 1)
    assert [event.code for event in first.of(telling.TransferTold)] == [200]
    second.media.press(0, "1234567#")
    run(made, 8)
    assert [entry.facts["digits"] for entry in made.bridge.journal.of("entered")] == ["1234567"]
    assert len(first.of(telling.Ended)) == 1
    assert second.sound(since=-100).any()
    assert made.sip.count == 1
    second.end.end(call, made.bridge.now)
    run(made, 0.5)
    assert [entry.facts["by"] for entry in made.bridge.journal.of("hung-up")] == ["caller"]


def test_a_second_one_who_does_not_answer_then_the_first_goes_on(house):
    made, call = referred(house)
    first, second = made.phones
    second.end.reject(call, 486, made.bridge.now)
    run(made, 1)
    assert [event.code for event in first.of(telling.TransferTold)] == [486]
    first.media.press(0, "1234567#")
    run(made, 5)
    assert made.bridge.journal.of("entered")


def test_a_second_one_in_the_place_of_a_caller_then_the_call_is_his(house):
    made = calls(house(phones=2, first_digit_timeout=100 * RATE))
    first, second = made.phones
    call_id, ours, theirs = first.end._leg(first.call).dialog.key
    second.call = second.end.invite("sip:1000@127.0.0.1", made.sip.here, "127.0.0.1", second.port, made.bridge.now,
                                    replaces=f"{call_id};to-tag={theirs};from-tag={ours}")
    run(made, 1)
    assert len(first.of(telling.Ended)) == 1
    second.media.press(0, "1234567#")
    run(made, 5)
    assert made.bridge.journal.of("entered")
    assert len(made.bridge.calls) == made.sip.count == 1


@pytest.mark.parametrize(("listed", "expected"), [
    ((), ("cannot", None)), (("1",), ("declined", 403)), (("*",), ("declined", 603))])
def test_an_application_that_hands_a_caller_over_then_he_is_told_if_that_is_listed(house, listed, expected):
    made = calls(house(targets=Targets(Listed(user) for user in listed), first_digit_timeout=100 * RATE))
    made.exchange.ask(next(iter(made.bridge.calls)), TransferTo, to="+14255550199")
    run(made, 0.2)
    assert [(entry.event, entry.facts.get("code")) for entry in made.bridge.journal
            if entry.event in ("cannot", "declined")] == [expected]
    asked = [data for data in made.phones[0].asked if data.startswith(b"REFER ")]  # to who takes none: 603
    assert len(asked) == (listed == ("*",))
    assert all(b"\r\nRefer-To: <sip:+14255550199@127.0.0.1>\r\n" in one for one in asked)


class Stream:
    """A caller by TCP."""

    def __init__(self, house):
        self.house, self.framer, self.heard = house, Framer(), []
        self.socket = socket.create_connection(house.sip.here[:2])
        self.socket.setblocking(False)

    def says(self, *parts):
        """Send bytes, with a tick after each part; return what was answered."""
        begun = len(self.heard)
        for part in parts:
            self.socket.sendall(part)
            for _ in range(3):
                self.house.exchange.step()
        with suppress(BlockingIOError):
            self.heard += [one.decode() for one in self.framer.take(self.socket.recv(99_999))]
        return self.heard[begun:]


def test_a_call_by_tcp_in_segments_then_answered_on_the_connection_and_hung_up_on_it(house):
    made = house(phones=0, first_digit_timeout=RATE // 2, conference_id_tries=1)
    one = Stream(made)
    ask = message(via="192.0.2.9:5060").replace(b"/UDP", b"/TCP")
    assert [answer[:11] for answer in one.says(ask[:50], ask[50:200], ask[200:] + ask.replace(b"x1", b"x2"))] == [
        "SIP/2.0 200"] * 2
    invite = message("INVITE", body=OFFER.replace("192.0.2.9", "127.0.0.1")).replace(b"/UDP", b"/TCP")
    answers = one.says(invite)
    assert [answer[:11] for answer in answers] == ["SIP/2.0 100", "SIP/2.0 200"]
    assert ";transport=tcp>" in header(answers[1], "Contact")
    tag = header(answers[1], "To").partition("tag=")[2]
    one.says(message("ACK", to_tag=tag, branch="z9hG4bKa").replace(b"/UDP", b"/TCP"))
    run(made, 6)
    [bye] = one.says(b"\r\n\r\n")
    assert bye.startswith("BYE sip:ann@192.0.2.9:5060")
    assert header(bye, "Via").startswith("SIP/2.0/TCP 127.0.0.1:")
    one.socket.close()
    run(made, 0.1)


def test_rubbish_by_tcp_then_the_connection_is_closed_and_no_other(house):
    made = house(phones=0)
    one, other = Stream(made), Stream(made)
    one.says(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert one.socket.recv(99) == b""
    assert other.says(message(via="192.0.2.9").replace(b"/UDP", b"/TCP"))
    one.socket.close()
    other.socket.close()
    run(made, 0.1)


def test_an_address_that_is_taken_then_one_sentence():
    one = Network("127.0.0.1", 0, range(0))
    with pytest.raises(NetworkError, match=r"cannot be listened at: Address already in use; name another"):
        Network("127.0.0.1", one.here.port, range(0))
    one.close()
