"""Names: asked of those without a PIN, recorded, and used (A4.4 to A4.7)."""

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import RATE, samples
from ivr.directory.meetings import key_of
from ivr.lines.memory import MemoryLine

ASKED = {"name_recording": True, "announce_with": "names"}


def spoken(seconds=0.6, seed=3):
    """Return noise that swells and fades as syllables do: a name, as far as anything here can tell."""
    n = samples(seconds)
    noise = np.random.default_rng(seed).normal(0, 4000, n) * np.abs(np.sin(np.arange(n) * 2 * np.pi * 2.5 / RATE))
    return np.rint(np.clip(noise, -20000, 20000)).astype(np.int16)


def says(caller, *parts, dials_at=0.0, length=0.0):
    """Return a caller who plays keys (text) and sounds (arrays) at given seconds."""
    sounds = [(at, dtmf.encode(part, RATE) if isinstance(part, str) else part) for at, part in parts]
    total = max([samples(length), *(samples(at) + len(sound) for at, sound in sounds)])
    line = np.zeros(total, np.int16)
    for at, sound in sounds:
        line[samples(at):samples(at) + len(sound)] = sound
    return MemoryLine(caller, line, dials_at=samples(dials_at))


def names(played):
    return [(e.caller, e.facts["recorded"]) for e in played.bridge.journal.of("name")]


def recorded(played, caller):
    return next(call.name for call in played.bridge.calls.values() if call.caller == caller)


# keys of the ID and of "no" are over 1.9 s after dialling; then the prompt of half a second, then the tone
TONE_OVER = 2.8


def test_a4_4_without_a_pin_then_asked_and_the_tone_and_then_recorded(world):
    played = world(says("anna", (0.1, "1234567#1"), (TONE_OVER, spoken())), **ASKED).run(8)
    assert played.states("anna")[-3:] == ["name", "recording", "lobby"]
    assert names(played) == [("anna", True)]
    assert played.prompts("anna")[-2:] == ["record-name", "wait-in-lobby"]


def test_a4_5_the_organizer_with_his_pin_then_never_asked(world):
    played = world(KeypadLine("amos", [(0.1, "1234567#*48215#")]), **ASKED).run(5)
    assert "name" not in played.states("amos")
    assert played.states("amos")[-1] == "meeting"


@pytest.mark.parametrize(("ended", "longest"), [("pound", 1.2), ("silence", 3.2), ("time", 5.1)])
def test_a4_6_the_recording_then_ends_with_pound_with_two_seconds_of_silence_or_after_five(world, ended, longest):
    parts = {"pound": [(TONE_OVER, spoken()), (TONE_OVER + 0.8, "#")], "silence": [(TONE_OVER, spoken())],
             "time": [(TONE_OVER, spoken(9.0))]}[ended]
    played = world(says("anna", (0.1, "1234567#1"), *parts), **ASKED).run(12)
    at = {e.facts["state"]: e.at for e in played.bridge.journal.of("state")}
    lasted = (at["lobby"] - at["recording"]) / RATE
    assert lasted == pytest.approx(longest, abs=0.45)
    assert names(played) == [("anna", True)]


def test_a4_6_nothing_said_then_said_so_and_he_comes_in_without(world):
    played = world(says("anna", (0.1, "1234567#1")), **ASKED).run(8)
    assert names(played) == [("anna", False)]
    assert played.prompts("anna")[-2:] == ["name-not-heard", "wait-in-lobby"]


def test_a4_6_the_key_that_ends_it_then_not_in_the_name(world):
    played = world(says("anna", (0.1, "5550000#"), (2.6, spoken()), (3.4, "#")), **ASKED).run(6)
    name = recorded(played, "anna")
    assert name is not None
    assert dtmf.decode(np.concatenate([name, np.zeros(800, np.int16)]), RATE) == []


def test_a4_6_pound_while_he_is_asked_then_no_name_and_any_other_key_the_tone_at_once(world):
    played = world(says("anna", (0.1, "1234567#1"), (2.1, "#")), **ASKED).run(4)
    assert "recording" not in played.states("anna")
    assert played.states("anna")[-1] == "lobby"
    played = world(says("anna", (0.1, "1234567#1"), (2.1, "5")), **ASKED).run(2.5)
    assert played.states("anna")[-1] == "recording"


@pytest.mark.parametrize(("product", "changes", "asked"), [
    pytest.param("teams2021", {}, True, id="A4.4 on"),
    pytest.param("teams2021", {"name_recording": False}, False, id="A4.4 off by setting"),
    pytest.param("teams2021", {"announce_with": "tones"}, False, id="A4.4 Teams only with names"),
    pytest.param("sfb2017", {"announce_with": "tones"}, True, id="A4.4 Skype for Business always"),
])
def test_a4_4_by_product_and_setting_then_asked_or_not(world, product, changes, asked):
    played = world(says("anna", (0.1, "1234567#1")), product=product, **{**ASKED, **changes}).run(6)
    assert ("name" in played.states("anna")) == asked


def test_a4_7_the_name_then_played_at_entry_at_exit_and_in_the_roll_call(world):
    anna = says("anna", (0.1, "1234567#"), (2.6, spoken()), (3.4, "#"), dials_at=5, length=9)
    played = world(KeypadLine("amos", [(0.1, "1234567#*48215#"), (12, "*3")]), anna, product="sfbserver",
                   **{**ASKED, "announcements": True, "pin_asked": frozenset({"not started"})}).run(15)
    name = recorded(played, "anna")
    played.lines[1].hang_up()
    played.run(4)
    told = {prompt: slots["names"] for prompt, _, slots in played.voice.said if "names" in slots}
    assert set(told) == {"joined", "roll-call", "left"}
    for said in told.values():
        assert np.array_equal(said[0], name)


def test_a4_2_no_name_then_the_number_is_spoken_and_without_one_a_caller(world):
    for phone, called in (("+14255550123", "+14255550123"), ("", "a caller")):
        anna = says("anna", (0.1, "1234567#"), dials_at=5)
        anna.phone = phone
        played = world(KeypadLine("amos", [(0.1, "1234567#*48215#")]), anna, **ASKED).run(14)
        assert [s["names"] for p, _, s in played.voice.said if p == "joined"] == [[called]]


def test_the_meeting_starts_while_a_name_is_recorded_then_it_is_recorded_to_its_end_and_he_joins(world):
    anna = says("anna", (0.1, "1234567#1"), (TONE_OVER, spoken()))
    played = world(anna, **ASKED).run(3)
    played.bridge.join_by_app(key_of("1234567"), "amos", conference_id="1234567")
    played.run(5)
    assert played.states("anna")[-2:] == ["recording", "meeting"]
    assert not played.bridge.journal.of("lobby")


@pytest.mark.parametrize("after", [2.2, 2.5, 3.0, 4.0, 5.0])
def test_hang_up_while_a_name_is_asked_for_or_recorded_then_clean(world, after):
    played = world(KeypadLine("anna", [(0.1, "1234567#1")], hangs_up_after=samples(after)),
                   KeypadLine("bela", [(0.1, "1234567#1")], dials_at=samples(6)), **ASKED).run(14)
    assert played.states("anna")[-1] == "ended"
    assert played.states("bela")[-1] == "lobby"
