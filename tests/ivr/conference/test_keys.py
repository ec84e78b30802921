"""Keys in a meeting (A5): what they do, for whom, and that only the bridge hears them."""

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import RATE, samples
from ivr.conference.commands import Command
from ivr.conference.fields import KeyMap
from ivr.directory.meetings import key_of
from ivr.lines.memory import MemoryLine

ORGANIZER = "1234567#*48215#"


def amos(*presses):
    return KeypadLine("amos", [(0.1, ORGANIZER), *presses])


def anna(*presses):
    return KeypadLine("anna", [(0.1, "1234567#"), *presses], dials_at=samples(4))


def commands(played, caller):
    done = played.bridge.journal.of("command", caller=caller)
    return [(e.facts["what"], bool(e.facts.get("refused"))) for e in done]


def talker(caller, keys, seed, length=12):
    noise = np.random.default_rng(seed).integers(-4000, 4000, samples(length)).astype(np.int16)
    noise[:samples(3)] = 0
    keyed = dtmf.encode(keys, RATE, lead_ms=100)
    noise[:len(keyed)] = keyed
    return MemoryLine(caller, noise)


@pytest.mark.parametrize(("product", "keys", "command", "prompt"), [
    pytest.param("teams", "*1", "help", "help", id="A5 teams *1"),
    pytest.param("teams", "*5", "hand", "hand-raised", id="A5 teams *5"),
    pytest.param("teams", "*6", "mute", "muted", id="A5 teams *6"),
    pytest.param("teams", "*21", "admit-all", "nobody-waits", id="A5 teams *21"),
    pytest.param("teams", "*22", "mute-all", "everyone-muted", id="A5 teams *22"),
    pytest.param("teams", "*23", "announcements", "announcements-off", id="A5 teams *23"),
    pytest.param("sfb2017", "*1", "help", "help", id="A5 sfb2017 *1"),
    pytest.param("sfb2017", "*6", "mute", "muted", id="A5 sfb2017 *6"),
    pytest.param("sfbserver", "*1", "help", "help", id="A5 server *1"),
    pytest.param("sfbserver", "*3", "roll-call", "people-here", id="A5 server *3"),
    pytest.param("sfbserver", "*4", "mute-all", "everyone-muted", id="A5 server *4"),
    pytest.param("sfbserver", "*6", "mute", "muted", id="A5 server *6"),
    pytest.param("sfbserver", "*7", "lock", "meeting-is-locked", id="A5 server *7"),
    pytest.param("sfbserver", "*8", "admit-all", "everyone-admitted", id="A5 C14 server *8"),
    pytest.param("sfbserver", "*9", "announcements", "announcements-on", id="A5 C7 server *9"),
])
def test_a5_each_key_of_a_product_then_its_command_and_an_answer(world, product, keys, command, prompt):
    played = world(amos((4, keys)), product=product).run(8)
    assert commands(played, "amos") == [(command, False)]
    assert prompt in played.prompts("amos")


@pytest.mark.parametrize("keys", ["*2", "*7", "*0", "*9", "*24", "*#", "*"])
def test_a5_keys_that_are_no_command_then_said_so_privately(world, keys):
    played = world(amos((4, keys)), anna(), product="teams2021").run(10)
    assert commands(played, "amos") == [("unknown", False)]
    assert played.prompts("amos")[-2:] == ["unknown-command", "help-help"]
    assert "unknown-command" not in played.prompts("anna")


def test_a5_two_key_prefix_alone_then_unknown_only_after_the_time_for_another_digit(world):
    played = world(amos((4, "*2"))).run(9)
    said = played.bridge.journal.of("command")[0].at
    released = samples(4.3)  # two keys of 100 ms, and a pause between
    assert said - released == pytest.approx(samples(2), abs=samples(0.002))


def test_a5_three_digits_then_found_at_the_last_and_a_shorter_one_after_the_time(world):
    keys = KeyMap().checked({Command.HELP: "1", Command.MUTE: "12", Command.HAND: "123"})
    played = world(amos((4, "*123"), (6, "*12"), (10, "*1")), keys=keys).run(14)
    assert [what for what, _ in commands(played, "amos")] == ["hand", "mute", "help"]


@pytest.mark.parametrize("keys", ["*21", "*22", "*23"])
def test_a5_an_organizers_key_pressed_by_another_then_refused(world, keys):
    played = world(amos(), anna((4, keys))).run(12)
    assert commands(played, "anna")[0][1]
    assert played.prompts("anna")[-1] == "organizer-only"


def test_a5_c13_the_operators_key_then_transferred_only_where_there_is_a_number(world):
    played = world(amos((4, "*0")), product="sfbserver", operator="+14255550199").run(8)
    assert played.bridge.journal.of("transferred")[0].facts["to"] == "+14255550199"
    assert played.prompts("amos")[-1] == "transferring"
    assert played.lines[0].ended_by_bridge
    without = world(amos((4, "*0")), product="sfbserver").run(8)
    assert commands(without, "amos") == [("unknown", False)]


def test_a5_another_command_key_then_star_means_nothing(world):
    played = world(amos((4, "*6"), (6, "#6")), command_key="#").run(9)
    assert commands(played, "amos") == [("mute", False)]


def test_a5_help_then_spoken_from_the_keys_that_are_assigned_and_his(world):
    played = world(amos((4, "*1")), anna((4, "*1"))).run(16)
    said = [(n, s.get("keys")) for n, _, s in played.voice.said if n.startswith("help-")]
    assert ("help-admit-all", "*21") in said
    assert not {"help-lock", "help-roll-call", "help-operator"} & {n for n, _ in said}
    assert not [p for p in played.prompts("anna") if p in ("help-admit-all", "help-mute-all")]
    assert "help-admit-all" in played.prompts("amos")


def test_a5_a_disabled_command_then_neither_works_nor_is_told(world):
    keys = {Command.HELP: "1", Command.HAND: "5"}
    played = world(amos((4, "*6"), (7, "*1")), keys=keys).run(12)
    assert commands(played, "amos")[0] == ("unknown", False)
    assert "help-mute" not in played.prompts("amos")


def test_a5_muted_then_nobody_hears_him_until_he_unmutes(world):
    bela = talker("bela", "5550000#", 1, 14)
    edda = KeypadLine("edda", [(0.1, "5550000#")])
    loud = world(edda, bela).run(12).lines[0].heard()
    says = bela.says.copy()
    says[samples(5):samples(5) + 3200] = dtmf.encode("*6", RATE)[:3200]
    muted = world(KeypadLine("edda", [(0.1, "5550000#")]), MemoryLine("bela", says)).run(12).lines[0].heard()
    assert np.abs(loud[samples(7):].astype(int)).max() > 3000
    assert not muted[samples(7):].any()
    says[samples(8):samples(8) + 3200] = dtmf.encode("*6", RATE)[:3200]
    again = world(KeypadLine("edda", [(0.1, "5550000#")]), MemoryLine("bela", says)).run(12).lines[0].heard()
    assert np.abs(again[samples(10):].astype(int)).max() > 3000


def test_a5_mute_all_then_everyone_but_the_organizer_and_releasing_unmutes_nobody(world):
    """On a server nobody can unmute himself meanwhile; where it is over they hear how to."""
    played = world(amos((6, "*4"), (10, "*4")), anna((4, "*6"), (8, "*6")), product="sfbserver").run(16)
    said = played.prompts("anna")
    assert said.count("muted-by-organizer") == 2  # when it is done, and when she tries in vain
    assert "may-unmute" in said
    assert said[-1] == "unmuted"
    assert played.prompts("amos")[-2:] == ["everyone-muted", "everyone-may-speak"]


@pytest.mark.parametrize(("holds", "unmutes_herself", "at_muting", "at_release"), [
    pytest.param(False, False, ["muted-by-organizer", "may-unmute"], ["may-unmute"], id="may unmute, does not"),
    pytest.param(False, True, ["muted-by-organizer", "may-unmute", "unmuted"], [], id="may unmute, and does"),
    pytest.param(True, False, ["muted-by-organizer"], ["may-unmute"], id="may not"),
    pytest.param(True, True, ["muted-by-organizer"] * 2, ["may-unmute"], id="may not, and tries"),
])
def test_a5_mute_all_then_told_how_to_unmute_whoever_is_muted_and_may(
        world, holds, unmutes_herself, at_muting, at_release):
    played = world(amos((7, "*22"), (11, "*22")), anna(*[(5, "*6")] * unmutes_herself), mute_all_holds=holds)
    assert played.run(11).prompts("anna")[-len(at_muting) - 1:] == ["joining", *at_muting]
    before = len(played.prompts("anna"))
    assert played.run(3).prompts("anna")[before:] == at_release
    assert not set(at_muting) & set(played.prompts("amos"))


def test_a5_roll_call_then_names_or_how_many_there_are_where_nobody_or_more_than_20_others_are(world):
    played = world(amos((4, "*3"), (6, "*3"), (8, "*3")), product="sfbserver")
    for others in (0, 20, 1):
        for _ in range(others):
            played.bridge.join_by_app(key_of("1234567"), "rita", conference_id="1234567")
        played.run(2 if others else 5.5)
    told = [(n, s.get("count") or len(s["names"])) for n, _, s in played.voice.said
            if n in ("people-here", "roll-call")]
    assert told == [("people-here", 1), ("roll-call", 20), ("people-here", 22)]


def test_a5_muted_and_let_speak_again_with_the_app_then_told_but_not_the_organizer(world):
    played = world(amos(), anna()).run(6.5)
    played.bridge.mute_all(key_of("1234567"))
    played.run(1.5).bridge.mute_all(key_of("1234567"), muted=False)
    assert played.run(1).prompts("anna")[-3:] == ["muted-by-organizer", "may-unmute", "may-unmute"]
    assert not {"muted-by-organizer", "may-unmute"} & set(played.prompts("amos"))


def test_a5_hand_then_up_and_down_again(world):
    played = world(amos((4, "*5"), (6, "*5"))).run(8)
    assert played.prompts("amos")[-2:] == ["hand-raised", "hand-lowered"]


def test_a4_10_lock_then_everyone_on_the_phone_is_told(world):
    played = world(amos((6, "*7"), (9, "*7")), anna(), product="sfbserver").run(12)
    assert played.prompts("anna")[-2:] == ["meeting-is-locked", "meeting-is-unlocked"]
    done = [(e.event, e.call, e.facts["meeting"]) for e in played.bridge.journal if "locked" in e.event]
    assert done == [("locked", 0, "1234567"), ("unlocked", 0, "1234567")]  # whoever did it, it is of them all


def test_a4_10_a_recording_begins_and_stops_then_they_are_told(world):
    played = world(amos(), anna()).run(7)
    played.bridge.record(key_of("1234567"))
    played.run(2).bridge.record(key_of("1234567"), on=False)
    played.run(2)
    for caller in ("amos", "anna"):
        assert played.prompts(caller)[-2:] == ["recording-on", "recording-off"]
    told = [(e.facts["what"], e.facts["meeting"]) for e in played.bridge.journal.of("recording")]
    assert told == [("starts", "1234567"), ("stops", "1234567")]


def test_a_pin_typed_into_a_meeting_then_not_a_digit_of_it_in_the_journal(world):
    played = world(amos((4, "*48215#"), (8, "48215#"))).run(12)
    assert "48215" not in played.bridge.journal.text() + played.bridge.journal.json_lines()
    assert {e.facts["key"] for e in played.bridge.journal.of("key")} <= {"•", "*"}
