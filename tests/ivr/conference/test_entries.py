"""Entries: what each odd one means (see `ivr.engine.entry`), and whose time is running (A1.13, A2.8)."""

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import RATE, samples
from ivr.lines.memory import MemoryLine

LANGUAGES = ("en-US", "fr-FR")


def anna(*presses, **more):
    return KeypadLine("anna", presses, **more)


def holding(*presses, caller="anna", **more):
    """Return a caller who presses each key for so long: (second, keys, milliseconds)."""
    sounds = [(samples(at), dtmf.encode(keys, RATE, tone_ms=tone_ms)) for at, keys, tone_ms in presses]
    says = np.zeros(max(at + len(sound) for at, sound in sounds), np.int16)
    for at, sound in sounds:
        says[at:at + len(sound)] = sound
    return MemoryLine(caller, says, **more)


def entered(played):
    return [(e.facts["entry"], e.facts["digits"]) for e in played.bridge.journal.of("entered")]


def account(played, caller, since):
    return [(e.at - since, e.event, {k: v for k, v in e.facts.items() if not k.endswith("_at")})
            for e in played.bridge.journal if e.caller == caller]


# what an entry means


ODD = {
    "pound alone": ("#", ["nothing heard"], "conference-id"),
    "begun again and ended": ("12*#", ["nothing heard"], "conference-id"),
    "six and pound": ("123456#", ["too short"], "conference-id"),
    "six": ("123456", ["too short"], "conference-id"),
    "seven and pound": ("1234567#", [], "organizer-question"),
    "seven": ("1234567", [], "organizer-question"),
    "seven and star": ("1234567*", [], "pin"),
    "seven, star and the PIN": ("1234567*48215#", [], "meeting"),
    "three, begun again, seven": ("999*1234567#", [], "organizer-question"),
    "eight and pound": ("12345678#", ["too long"], "conference-id"),
    "eight of no meeting and pound": ("99999999#", ["too long"], "conference-id"),
    "eight of no meeting": ("99999999", ["too long"], "conference-id"),
    "eight, begun again, seven": ("12345678*1234567#", [], "organizer-question"),
    "seven of no meeting and star": ("9999999*", ["unknown"], "conference-id"),
    "seven of no meeting, star, seven": ("9999999*1234567#", ["unknown"], "organizer-question"),
    "seven of a PIN, begun again": ("1234567#*9999999*48215#", [], "meeting"),
    "letters": ("1A2B3C4D567#", [], "organizer-question"),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_id_then_its_stated_answer_and_one_try_at_the_most(world, odd):
    keys, refused, state = ODD[odd]
    played = world(anna((0.1, keys)), languages=LANGUAGES).run(6.9)
    assert played.refusals("anna") == refused
    assert played.states("anna")[-1] == state
    assert {entry for entry, _ in entered(played)} <= {"conference ID", "PIN"}
    assert [e.facts["key"] for e in played.bridge.journal.of("key") if e.facts.get("ignored")] == [
        key for key in keys if key in "ABCD"]


def test_an_id_that_star_ended_and_nobody_has_then_told_so_whole_and_no_language_is_offered(world):
    """The star has begun the next entry; it is neither the key for another language nor cuts what is said."""
    played = world(anna((0.1, "9999999*")), languages=LANGUAGES).run(6)
    said = [(e.facts["prompt"], e.facts["interrupted"]) for e in played.bridge.journal.of("prompt")][-3:]
    assert said == [("unknown-conference-id", False), ("enter-conference-id", False), ("language-offer", False)]


@pytest.mark.parametrize(("keys", "state"), [
    pytest.param("123456748215", "organizer-question", id="asked"),
    pytest.param("555000012345", "meeting", id="let in")])
def test_a_known_id_with_more_digits_and_silence_then_taken_and_told_and_the_rest_hidden(world, keys, state):
    played = world(anna((0.1, keys))).run(8.6)
    assert played.states("anna")[-1] == state
    told = {prompt: slots.get("conference_id") for prompt, _, slots in played.voice.said}
    assert told["conference-id-taken"] == keys[:7]
    assert played.prompts("anna")[1] == "conference-id-taken"
    assert entered(played) == [("conference ID", keys[:7]), ("more digits", "****")]
    first, rest = played.bridge.journal.of("entered")
    assert len(first.facts["keys_at"]) == 7
    assert rest.facts["began_at"] - first.facts["keys_at"][6] == samples(0.2)
    assert keys[7:] not in played.bridge.journal.text() + played.bridge.journal.json_lines()


def test_more_than_seven_digits_of_no_meeting_then_nothing_of_them_is_shown(world):
    played = world(anna((0.1, "99999998"), (9, "99999998#"))).run(13)
    assert played.refusals("anna") == ["too long"] * 2
    assert entered(played) == [("conference ID", "****")] * 2
    assert "9999999" not in played.bridge.journal.text()
    assert played.bridge.calls[1].conference_id == ""


def test_a_taken_id_whose_meeting_is_full_then_told_both(world):
    bela = KeypadLine("bela", [(0.1, "5550000#")])
    played = world(bela, anna((0.1, "55500001")), participants=1).run(10)
    said = [(e.facts["prompt"], e.facts["interrupted"]) for e in played.bridge.journal.of("prompt", caller="anna")]
    assert said[-2:] == [("conference-id-taken", False), ("meeting-full", False)]


# whose time is running


SLIPS = {
    "too short": ([(12.2, "1"), (16.9, "#")], "too short"),
    "pound alone": ([(21.6, "#")], "nothing heard"),
    "silence": ([], "nothing heard"),
    "a short PIN": ([(0.1, "1234567#*"), (6.0, "48"), (10.9, "#")], "wrong"),
    "pound alone at the PIN": ([(0.1, "1234567#*"), (15.4, "#")], "nothing heard"),
    "no such language": ([(0.1, "*"), (17.8, "7")], "unknown"),
    "silence in the choice of languages": ([(0.1, "*")], "nothing heard"),
}
"""With prompts of four seconds: each slip happens when the time of its entry is almost over."""


@pytest.mark.parametrize("slip", SLIPS)
def test_one_slip_then_one_try_and_the_question_is_said_whole_before_its_time_begins(world, slip):
    """What was left of the time of the entry before must not cut the question that follows, nor count again."""
    presses, reason = SLIPS[slip]
    played = world(anna(*presses), languages=LANGUAGES)
    played.voice.length = samples(4)
    first, second = played.run(46).bridge.journal.of("refused")[:2]
    assert [(first.facts["reason"], first.facts["try"]), second.facts["try"]] == [(reason, 1), 2]
    asked = [e for e in played.bridge.journal.of("prompt") if first.at < e.at <= second.at]
    assert len(asked) >= 2
    assert not [e.facts["prompt"] for e in asked if e.facts["interrupted"]]
    assert second.at - asked[-1].at == samples(10)


@pytest.mark.parametrize(("presses", "reasons"), [
    ([(0.1, "*777")], ["unknown"] * 3),
    ([(0.1, "*#**")], ["unknown"] * 3),
    ([(0.1, "*"), (14, "*"), (28, "*")], ["nothing heard"] * 3),
    ([(0.1, "*7199#9999999#")], ["unknown", "too short", "unknown"]),
])
def test_keys_that_are_no_language_then_they_cost_the_tries_of_the_id_and_the_call_ends(world, presses, reasons):
    played = world(anna(*presses), languages=LANGUAGES).run(45)
    assert played.refusals("anna") == reasons
    assert played.prompts("anna")[-1] == "goodbye-no-conference-id"
    assert played.lines[0].ended_by_bridge


HELD = {
    "in the ID": ([(1.2, "1", 7000), (8.5, "234567#", 100)], "organizer-question"),
    "in the PIN": ([(0.1, "1234567#*", 100), (2.5, "4", 12000), (14.8, "8215#", 100)], "meeting"),
    "the pound, into the next question": ([(0.1, "1234567", 100), (1.6, "#", 8000), (14.4, "*", 100)], "pin"),
    "the star, into the PIN": ([(0.1, "1234567#", 100), (2.0, "*", 12000), (23.8, "48215#", 100)], "meeting"),
    "a star for the languages": ([(0.1, "*", 15000), (24.9, "2", 100)], "conference-id"),
}


@pytest.mark.parametrize("held", HELD)
def test_a_key_that_is_held_then_nothing_times_out_and_the_time_runs_from_its_end(world, held):
    """Each goes on a little before its time is over, counted from the end of the key."""
    presses, state = HELD[held]
    played = world(holding(*presses), languages=LANGUAGES).run(presses[-1][0] + 1.5)
    assert played.refusals("anna") == []
    assert played.states("anna")[-1] == state


@pytest.mark.parametrize(("presses", "end", "wait"), [
    ([(1.2, "123456", 100), (2.6, "7", 6400)], 9.0, 5),      # the entry goes on no more
    ([(0.1, "1234567", 100), (1.6, "#", 6400)], 8.0, 5),     # the organizer question was over long before
    ([(10.95, "1", 3000), (14.5, "A", 4000)], 13.95, 5),     # a letter is as if never pressed
])
def test_a_key_that_is_held_then_silence_is_counted_from_where_its_tone_ends(world, presses, end, wait):
    played = world(holding(*presses)).run(end + wait - 0.05)
    before = len(played.bridge.journal.entries)
    played.run(0.1)
    over = played.bridge.journal.entries[before]
    assert over.at == pytest.approx(samples(end + wait), abs=samples(0.002))


def test_a_key_that_ends_about_when_the_question_does_then_the_later_of_the_two_counts(world):
    for tone_ms in range(470, 610, 10):
        played = world(holding((0.1, "1234567", 100), (1.6, "#", tone_ms))).run(7.5)
        asked = played.bridge.journal.of("prompt")[-1]
        later = max(asked.at, samples(1.6 + tone_ms / 1000))
        assert asked.facts["prompt"] == "organizer-question"
        assert played.bridge.journal.of("lobby")[0].at - later == pytest.approx(samples(5), abs=samples(0.002))


def test_a_command_whose_first_key_is_held_then_the_time_for_the_next_runs_from_its_end(world):
    played = world(holding((0.1, "5550000#", 100), (4, "*", 6000), (11.8, "6", 100))).run(13)
    assert [e.facts["what"] for e in played.bridge.journal.of("command")] == ["mute"]


def test_a_prompt_that_ends_while_a_command_is_begun_then_its_time_runs_on(world):
    """Amos is told that anna has come, after the first two keys of a command of three."""
    amos = KeypadLine("amos", [(0.1, "1234567#*48215#"), (5.2, "*2")])
    played = world(amos, anna((0.1, "1234567#"), dials_at=samples(4)), announce_with="names",
                   announce_gather=samples(0.1)).run(8)
    unknown, = played.bridge.journal.of("command")
    told, = (e for e in played.bridge.journal.of("prompt", caller="amos") if e.facts["prompt"] == "joined")
    assert not told.facts["interrupted"]
    assert samples(5.6) < told.at < unknown.at == pytest.approx(samples(7.5), abs=samples(0.002))


def test_a_key_held_while_a_name_is_recorded_then_the_recording_waits_for_its_end(world):
    played = world(holding((0.1, "1234567#1", 100), (3.2, "5", 6000)), name_recording=True,
                   announce_with="names").run(10.5)
    assert played.states("anna")[-1] == "recording"
    assert played.run(2).states("anna")[-1] == "lobby"


def test_a_key_that_is_held_with_lost_frames_inside_then_still_one_key_and_no_timeout(world):
    line = holding((1.2, "1", 11000), (12.4, "234567#", 100), lost=frozenset(range(70, 600, 41)))
    played = world(line).run(15)
    assert played.states("anna")[-1] == "organizer-question"


def test_a_line_that_dies_under_a_key_then_the_call_ends_by_itself(world):
    line = holding((1.2, "1", 3000), lost=frozenset(range(100, 10000)))
    assert world(line).run(110).lines[0].ended_by_bridge


def test_a_caller_who_leaves_while_a_key_is_down_then_the_next_on_his_row_has_his_own_time(world):
    bela = KeypadLine("bela", [(1.2, "12"), (8, "1234567")], dials_at=samples(4))
    alone = world(KeypadLine("bela", [(1.2, "12"), (8, "1234567")])).run(16)
    played = world(holding((1.2, "1", 9000), hangs_up_after=samples(3)), bela).run(20)
    assert played.bridge.rows == 1
    assert account(played, "bela", samples(4)) == account(alone, "bela", 0)
