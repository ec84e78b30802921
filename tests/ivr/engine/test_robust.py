"""Callers as they come: talking, faxing, stuck keys, all at once. Every call ends; only keys are heard as keys."""

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import RATE, samples
from ivr.directory.meetings import Meeting
from ivr.lines.memory import MemoryLine
from lobby import hold_music
from prompts import Prompts


def tones(*hz, seconds, level=4000):
    at = np.arange(samples(seconds)) / RATE
    return np.rint(sum(level * np.sin(2 * np.pi * f * at) for f in hz)).astype(np.int16)


def cadence(sound, on, off, seconds):
    period = np.concatenate([sound[:samples(on)], np.zeros(samples(off), np.int16)])
    return np.resize(period, samples(seconds))


def speech(seconds):
    """Return prompts in several voices, one after the other, and all of them again where they are not enough."""
    spoken = Prompts()
    texts = [spoken.text(name) for name in spoken.names() if not spoken.slots(name)]
    said, length = [], 0
    for n, text in enumerate(texts):
        if length < samples(seconds):
            said.append(spoken.say(text, voice=spoken.voices[n % 4]))
            length += len(said[-1])
    return np.resize(np.concatenate(said), samples(seconds))


def keys_of(played):
    return played.bridge.journal.of("key", "entered")


SOUNDS = {
    "dial tone": lambda: tones(350, 440, seconds=60),
    "dial tone of Europe": lambda: tones(425, seconds=60),
    "busy tone": lambda: cadence(tones(480, 620, seconds=1), 0.5, 0.5, 60),
    "fax calling": lambda: cadence(tones(1100, seconds=1), 0.5, 3.0, 60),
    "fax answering": lambda: tones(2100, seconds=60),
    "music": lambda: np.resize(hold_music(), samples(72)),
    "silence": lambda: np.zeros(samples(60), np.int16),
    "hiss": lambda: np.random.default_rng(1).normal(0, 300, samples(60)).astype(np.int16),
}


@pytest.mark.parametrize("sound", SOUNDS)
def test_a_line_that_is_no_caller_then_no_key_is_heard_and_the_bridge_ends_the_call(world, sound):
    played = world(MemoryLine("line", SOUNDS[sound]())).run(60)
    assert keys_of(played) == []
    assert played.refusals("line") == ["nothing heard"] * 3
    assert played.lines[0].ended_by_bridge


@pytest.mark.parametrize("seconds", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_a_caller_who_only_talks_for_minutes_then_not_one_key(world, seconds):
    """He talks in a meeting, for before one nobody lets him talk that long."""
    keys = dtmf.encode("5550000#", RATE, lead_ms=100)
    says = np.concatenate([keys, np.zeros(samples(2), np.int16), speech(seconds)])
    played = world(MemoryLine("talker", says), KeypadLine("other", [(0.1, "5550000#")])).run(seconds + 20)
    joined = played.bridge.journal.of("joined", caller="talker")[0].at
    assert [e for e in keys_of(played) if e.at > joined] == []
    assert played.states("talker")[-1] == "meeting"


def test_a_caller_who_only_talks_to_the_questions_then_asked_three_times_and_let_go(world):
    """A2.14: keys alone answer; whatever is said is no digit of an ID or a PIN."""
    played = world(MemoryLine("talker", speech(60))).run(60)
    assert keys_of(played) == []
    assert played.lines[0].ended_by_bridge


@pytest.mark.parametrize("key", "1*#5")
def test_a_stuck_key_then_one_press_and_the_call_ends_by_itself(world, key):
    stuck = dtmf.encode(key, RATE, tone_ms=110_000, lead_ms=100)
    played = world(MemoryLine("stuck", stuck)).run(110)
    presses = sum(e.event == "entered" for e in played.bridge.journal) + len(played.bridge.journal.of("key"))
    assert presses <= 1
    assert played.lines[0].ended_by_bridge


def test_a_stuck_key_in_a_meeting_then_one_press_and_the_others_never_hear_it(world):
    says = np.concatenate([dtmf.encode("5550000#", RATE, lead_ms=100), np.zeros(samples(2), np.int16),
                           dtmf.encode("5", RATE, tone_ms=60_000)])
    played = world(MemoryLine("stuck", says), KeypadLine("other", [(0.1, "5550000#")])).run(66)
    heard = played.lines[1].heard()[samples(4):samples(63)]
    assert np.count_nonzero(np.abs(heard.astype(int)) > 200) <= samples(0.06)
    assert len(played.bridge.journal.of("key")) == 1


def test_thirty_keys_a_second_then_the_call_goes_its_way_and_ends(world):
    rng = np.random.default_rng(2)
    wild = "".join(rng.choice(list("0123456789*#"), 900))
    for tone_ms, gap_ms in ((17, 16.3), (20, 13.3), (25, 8.3)):
        played = world(MemoryLine("wild", dtmf.encode(wild, RATE, tone_ms=tone_ms, gap_ms=gap_ms))).run(100)
        assert played.lines[0].ended_by_bridge
        assert played.states("wild")[-1] == "ended"


def test_every_key_one_after_the_other_at_ten_a_second_then_the_call_ends(world):
    for seed in range(4):
        keys = "".join(np.random.default_rng(seed).permutation(list("0123456789*#ABCD" * 20)))
        played = world(MemoryLine("wild", dtmf.encode(keys, RATE, tone_ms=50, gap_ms=50))).run(90)
        assert played.states("wild")[-1] in ("ended", "lobby")


def test_two_callers_press_the_same_keys_at_once_then_each_counts_for_itself(world):
    played = world(KeypadLine("amos", [(0.1, "1234567#*48215#")]),
                   KeypadLine("rita", [(0.1, "7654321#*90371#")])).run(5)
    started = {e.facts["by"]: e.facts["meeting"] for e in played.bridge.journal.of("started")}
    assert started == {"amos": "1234567", "rita": "7654321"}


def test_two_organizers_pins_in_one_tick_then_one_starts_it_and_the_other_is_asked_no_more(world):
    """A2.3: once it has started nobody is asked, so the second PIN is not looked at."""
    pin = [(0.1, "1234567#*48215#")]
    played = world(KeypadLine("one", pin), KeypadLine("two", pin)).run(6)
    assert [e.facts["by"] for e in played.bridge.journal.of("started")] == ["one"]
    assert [e.facts["role"] for e in played.bridge.journal.of("joined")] == ["organizer", "participant"]
    assert "*" not in played.bridge.journal.of("key", caller="two")[-1].facts["key"]


def test_250_callers_in_one_meeting_then_all_are_in_and_all_go_in_one_tick(world):
    lines = [KeypadLine(f"c{n}", [(0.1, "1234567#1")], hangs_up_after=samples(20)) for n in range(249)]
    amos = KeypadLine("amos", [(0.1, "1234567#*48215#")], dials_at=samples(5))
    played = world(*lines, amos, announce_with="names").run(12)
    joined = played.bridge.journal.of("joined")
    assert len(joined) == 250
    assert len({e.at for e in joined}) == 1  # all in the tick of the PIN
    amos.hang_up()
    played.run(1)
    played.run(9)
    assert played.bridge.calls == {}
    left = played.bridge.journal.of("left")
    assert len(left) == 250
    assert len(played.bridge.journal.of("over")) == 1


def test_fifty_meetings_at_once_then_nobody_is_in_anothers(world):
    meetings = [Meeting(f"{2000000 + n}", "48215", f"o{n}") for n in range(50)]
    lines = []
    for n, meeting in enumerate(meetings):
        lines.append(KeypadLine(f"o{n}", [(0.1, f"{meeting.conference_id}#*48215#")], dials_at=samples(3)))
        lines += [KeypadLine(f"g{n}.{k}", [(0.1, f"{meeting.conference_id}#1")]) for k in range(3)]
    played = world(*lines, meetings=meetings, announce_with="names").run(12)
    assert len(played.bridge.journal.of("started")) == 50
    for entry in played.bridge.journal.of("joined"):
        number = int(entry.caller[1:].split(".")[0])
        assert entry.facts["meeting"] == meetings[number].conference_id


def test_everyone_hangs_up_in_one_tick_wherever_he_is_then_the_bridge_is_as_new(world):
    presses = ["", "1", "1234567#", "1234567#*", "1234567#*48", "1234567#1", "5550000#", "9999999#", "*2", "99#"]
    lines = [KeypadLine(f"c{n}", [(0.1, keys)], hangs_up_after=samples(3.5)) for n, keys in enumerate(presses * 5)]
    played = world(*lines, name_recording=True, announce_with="names", languages=("en-US", "fr-FR")).run(5)
    assert played.bridge.calls == {}
    assert all(played.states(line.caller)[-1] == "ended" for line in lines)
    again = KeypadLine("again", [(0.1, "1234567#*48215#")])
    played.trunk.add(again)
    played.run(5)
    assert played.states("again")[-1] == "meeting"
