"""Debian's baresip calls and is called: keys as events and in the audio, and what it hears."""

import shutil
from contextlib import ExitStack

import numpy as np
import pytest
from baresip import Baresip, goes_on, likeness, ports
from softphone import Softphone

import dtmf
from ivr.clock import RATE
from ivr.engine.exchange import Exchange
from ivr.lines.sip import telling
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.sockets import Network, Secured
from ivr.lines.sip.targets import Listed
from ivr.lines.sip.trunk import SipTrunk
from ivr.live.pace import WallClock

pytestmark = [
    pytest.mark.real_time, pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("baresip"), reason="baresip is missing: apt-get install baresip-core")]

VOICE = np.random.default_rng(15).normal(0, 0.1, 60 * RATE).astype(np.float32)
SILENCE = np.zeros(60 * RATE, np.float32)


def test_two_who_wait_and_the_organizer_then_music_and_his_voice_are_in_their_recordings(world, tmp_path):
    made, network = world(), Network("127.0.0.1", 0, ports())
    trunk = SipTrunk(network)
    exchange, pace = Exchange(made.bridge, [trunk]), WallClock(sleep=trunk.wait)
    keyed = np.concatenate([SILENCE[:4 * RATE], dtmf.encode("1234567#", RATE) / 32_768, SILENCE[:2 * RATE],
                            dtmf.encode("#", RATE) / 32_768, SILENCE]).astype(np.float32)

    def step():
        pace.wait()
        exchange.step()

    def until(caller, state):
        goes_on(step, lambda: state in made.states(caller)[-1:])

    with ExitStack() as opened:
        opened.callback(network.close)
        people = {name: Baresip(tmp_path / name, name, says, step)
                  for name, says in (("anna", SILENCE), ("bela", keyed), ("amos", VOICE))}
        for one in people.values():
            opened.callback(one.close)
        for name, one in people.items():
            one.does("dial", f"sip:1000@127.0.0.1:{network.here.port}")
            one.until("CALL_ESTABLISHED")
            if name != "bela":
                one.keys("1234567#")
                until(name, "organizer-question")
            if name == "anna":
                one.keys("#")
            if name == "amos":
                one.keys("*")
                until(name, "pin")
                one.keys("48215#")
            until(name, "meeting" if name == "amos" else "lobby")
            for _ in range(150):
                step()
        for _ in range(150):
            step()
        people["anna"].does("hangup")
        goes_on(step, lambda: len(made.bridge.calls) == 2)
        heard = {name: people[name].heard() for name in ("anna", "bela")}
    journal = made.bridge.journal
    assert [entry.facts["by"] for entry in journal.of("keys-by", caller="anna")] == ["rfc4733"]
    assert not journal.of("keys-by", caller="bela")
    assert ["meeting" in made.states(name) for name in people] == [True] * 3
    music = np.tile(made.music, 2).astype(np.float32) / 32_768
    for sound in heard.values():
        assert likeness(sound, music) > 0.9
        assert likeness(sound, VOICE) > 0.9
    assert "48215" not in journal.text()


WAYS = {"anna": ({"account": ";mediaenc=srtp-mand", "mux": True},
                 "SRTP is Enabled (cryptosuite=AES_CM_128_HMAC_SHA1_80)"),
        "bela": ({"codec": "G722/16000/1", "rate": 16_000}, "Set audio encoder: G722 16000Hz")}


def test_those_with_encrypted_sound_or_g722_then_their_keys_count_and_they_hear_music(world, tmp_path):
    made, network = world(), Network("127.0.0.1", 0, ports(), timed=True)
    trunk = SipTrunk(network)
    exchange, pace = Exchange(made.bridge, [trunk]), WallClock(sleep=trunk.wait)

    def step():
        pace.wait()
        exchange.step()

    def keyed(rate):
        silence = np.zeros(2 * rate, np.float32)
        id_, enter = (dtmf.encode(keys, rate) / 32_768 for keys in ("1234567#", "#"))
        return np.concatenate([silence, id_, silence, enter, np.tile(silence, 60)]).astype(np.float32)

    with ExitStack() as opened:
        opened.callback(network.close)
        people = {name: Baresip(tmp_path / name, name, keyed(more.get("rate", RATE)), step, **more)
                  for name, (more, _) in WAYS.items()}
        for one in people.values():
            opened.callback(one.close)
            one.does("dial", f"sip:1000@127.0.0.1:{network.here.port}")
        for name in people:
            goes_on(step, lambda name=name: made.states(name)[-1:] == ["lobby"])
        for _ in range(200):
            step()
        goes_on(step, lambda: all(trunk.media.figures(row).lost_there is not None for row in range(2)))
        for one in people.values():
            one.does("hangup")
        goes_on(step, lambda: not made.bridge.calls)
        heard = {name: one.heard()[::WAYS[name][0].get("rate", RATE) // RATE] for name, one in people.items()}
    for name, (_, line) in WAYS.items():
        assert line in (tmp_path / name / "log").read_text()
        assert likeness(heard[name], np.tile(made.music, 2).astype(np.float32) / 32_768) > 0.9
        [facts] = [entry.facts for entry in made.bridge.journal.of("sound", caller=name)]
        assert facts["packets"] > 300
        assert facts["lost_there_percent"] < 5


def test_one_by_tls_who_hands_the_call_over_then_the_other_one_keys_and_hears(world, tmp_path, identity):
    made = world(first_digit_timeout=60 * RATE)
    network = Network("127.0.0.1", 0, ports(), secured=Secured("127.0.0.1", 0, *identity))
    trunk = SipTrunk(network)
    exchange, pace = Exchange(made.bridge, [trunk]), WallClock(sleep=trunk.wait)

    def step():
        pace.wait()
        exchange.step()

    with ExitStack() as opened:
        opened.callback(network.close)
        anna = Baresip(tmp_path / "anna", "anna", SILENCE, step, account=";mwi=no")
        opened.callback(anna.close)
        desk = Baresip(tmp_path / "desk", "desk", SILENCE, step, account=";answermode=auto")
        opened.callback(desk.close)
        trunk._targets._listed.append(Listed("desk", "127.0.0.1", desk.port, Peer("127.0.0.1", desk.port)))
        anna.does("dial", f"sip:1000@127.0.0.1:{network.secure.port};transport=tls")
        anna.until("CALL_ESTABLISHED")
        anna.does("transfer", f"sip:desk@127.0.0.1:{desk.port}")
        desk.until("CALL_ESTABLISHED")
        desk.keys("1234567#")
        goes_on(step, lambda: made.states("anna")[-1:] == ["organizer-question"])
        desk.keys("#")
        goes_on(step, lambda: made.states("anna")[-1:] == ["lobby"])
        for _ in range(150):
            step()
        anna.close()
        assert len(made.bridge.calls) == 1
        desk.does("hangup")
        goes_on(step, lambda: not made.bridge.calls)
        heard = desk.heard()
    assert likeness(heard, np.tile(made.music, 2).astype(np.float32) / 32_768) > 0.9


def test_one_that_we_call_then_hears_our_keys_and_we_its_keys_and_sound(tmp_path):
    phone, pace, now = Softphone(ports=ports(), number="one"), WallClock(), 0

    def step():
        nonlocal now
        pace.wait()
        now += 160
        phone.step(now)

    with ExitStack() as opened:
        opened.callback(phone.close)
        other = Baresip(tmp_path / "one", "one", VOICE, step, account=";answermode=auto")
        opened.callback(other.close)
        phone.dial(Peer("127.0.0.1", other.port), now)
        other.until("CALL_ESTABLISHED")
        assert phone.of(telling.Answered)
        phone.media.press(0, "159D*")
        keys = ""
        while len(keys) < 5:
            keys += other.until("CALL_DTMF_START")["param"]
        other.keys("1234")
        for _ in range(50):
            step()
        other.does("hangup")
        goes_on(step, lambda: phone.of(telling.Ended))
    assert keys == "159D*"
    assert phone.keys.startswith("1234"[:3])
    assert likeness(phone.sound().astype(np.float32) / 32_768, VOICE) > 0.9
