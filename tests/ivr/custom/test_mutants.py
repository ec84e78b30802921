"""Whatever file is taken, whatever is keyed: no call breaks off for a fault of ours, and every call ends."""

import random

import numpy as np
import pytest

import dtmf
from ivr.clock import RATE, samples
from ivr.custom.application import own_ivr
from ivr.custom.asking import AppReply
from ivr.custom.voice import OwnVoice
from ivr.engine.bridge import Bridge
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.reading import BadFile
from lobby import arrival, beep, departure
from tests.ivr.custom.conftest import own
from tests.ivr.custom.test_wrong_files import mutant
from tests.ivr.worlds import ShortVoice, World

ALL = """
start: menu
languages: [en-US, de-DE]
menu: {say: "Choose.", keys: {1: pin, 2: leave, 3: person, 4: room, 5: speak, 6: later, 7: inner, 8: heard,
       9: ask}}
pin: {collect: {digits: 2-4, secret: yes, say: "Your PIN."}, into: code, then: ask, tries: 1, failed: bye}
ask: {ask: http://127.0.0.1:1, send: [code, number], gives: [number, day], exits: {yes: told, no: menu},
      failed: bye}
told: {say: "{number as number} on {day as date}, {caller}.", then: three-digits}
three-digits: {collect: {digits: 3, end: none, confirm: "{number}?", say: "Three."}, into: number, then: told}
leave: {record: {longest: 2 s, silence: 1 s}, say: "Speak.", save: message, then: heard, nothing: menu}
heard: {play: message, keys: {1: menu}, then: menu}
person: {transfer: "100", busy: menu, no answer: leave, ring: 2 s, then: menu}
room: {conference: one, start-on-enter: no, beep: yes, then: bye}
speak: {conference: one, end-on-exit: yes, mute: yes, say: "Hello.", then: bye}
later: {wait: 2 s, music: yes, then: menu}
inner: {do: check, exits: {right: menu, wrong: language}}
language: {choose: language, then: menu, failed: bye}
bye: {say: "Goodbye.", then: hang up}
flows: {check: {start: one, one: {say: "One?", keys: {1: two}, other key: three, silence: three},
        two: {say: "Right.", then: return right}, three: {say: "Wrong.", then: return wrong}}}
"""


class Speech(ShortVoice):
    """Says whatever it is given in short."""

    def say(self, text, *, language=""):
        return np.full(800, 100, np.int16)

    def digit(self, digit, language="", /, *, last=True):
        return np.full(400, 50, np.int16)


class Whims:
    """Answers by chance: with what is right, with what is not, or not at all."""

    def __init__(self, chance):
        self.chance = chance

    def ask(self, outgoing):
        facts = self.chance.choice(({"exit": "yes", "number": "12", "day": "2026-02-30"}, {"exit": "no"},
                                    {"exit": 1}, {"exit": "known", "day": "Monday"},
                                    {"exit": "yes", "code": "1"}, {}))
        return AppReply(outgoing.call, outgoing.node, facts, self.chance.choice(("", "", "it is down")))

    def come(self):
        return ()


def call(text, seed):
    """Let three callers press keys and speak by chance; return the bridge after a minute."""
    chance = random.Random(seed)  # noqa: S311
    file = own(text)
    lines = []
    for n in range(3):
        parts = [np.zeros(samples(n), np.int16)]
        for _ in range(12):
            parts.append(dtmf.encode(chance.choice("1234567890*#1234"), RATE))
            parts.append(chance.choice((0, 1)) * np.random.default_rng(seed).integers(
                -4000, 4000, samples(chance.choice((0.2, 1.0, 2.5)))).astype(np.int16))
        lines.append(MemoryLine(f"caller {n}", np.concatenate(parts), hangs_up_after=samples(50), keeps=False,
                                phone=chance.choice(("", "+14255550123"))))
    rita = MemoryLine("rita", np.zeros(0, np.int16), answers_after=samples(chance.choice((0, 1, 3))),
                      declines=chance.choice((0, 0, 486)), hangs_up_after=samples(3))
    voice = OwnVoice(file, Speech(), None)
    bridge = Bridge(application=own_ivr(file, apps=Whims(chance)), voice=voice, music=World.music,
                    tones={"arrival": arrival(), "departure": departure(), "record": beep()})
    exchange = Exchange(bridge, [MemoryTrunk(lines, callees={"100": rita, "+14255550199": rita})])
    while bridge.now < samples(55):
        exchange.step()
    return bridge


@pytest.mark.parametrize("seed", range(12))
def test_own_ivr_with_all_nodes_when_anything_is_keyed_then_no_fault_and_nothing_is_left(seed):
    bridge = call(ALL, seed)
    assert bridge.journal.of("fault") == []
    assert not bridge.calls
    assert not bridge.application._callers
    assert not bridge.application._together._of


def test_own_ivr_when_its_file_is_a_mutant_then_no_fault_whatever_is_keyed():
    called = 0
    for seed in range(400):
        text = mutant(random.Random(seed))  # noqa: S311
        try:
            own(text)
        except BadFile:
            continue
        called += 1
        if called <= 8:
            bridge = call(text, seed)
            assert bridge.journal.of("fault") == [], seed
            assert not bridge.calls, seed
    assert called >= 8
