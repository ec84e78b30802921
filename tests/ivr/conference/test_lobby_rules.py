"""Who waits, who is let in, and what becomes of those who are not (A3)."""

import gc

import numpy as np
import pytest
from callers import KeypadLine

from ivr.clock import FRAME, samples
from ivr.directory.meetings import Meeting, key_of
from ivr.questions import Found
from lobby.rooms import Room

PIN = "1234567#*48215#"


def amos(*presses, **more):
    return KeypadLine("amos", [(0.1, PIN), *presses], **more)


def guest(caller="anna", at=0.0, *presses, keys="1234567#1", **more):
    return KeypadLine(caller, [(0.1, keys), *presses], dials_at=samples(at), **more)


def where(played, caller):
    return played.states(caller)[-1]


@pytest.mark.parametrize("product", ["sfb2017", "teams2021", "sfbserver"])
def test_a3_3_start_then_everybody_in_the_lobby_joins_by_itself(world, product):
    played = world(guest(), amos(dials_at=samples(4)), product=product).run(9)
    assert where(played, "anna") == "meeting"
    assert "meeting-started-by-you" in played.prompts("amos")


def test_a3_5_teams_start_then_callers_stay_until_the_organizer_admits_them(world):
    played = world(guest(), amos((7, "*21"), dials_at=samples(4)), product="teams")
    assert where(played.run(10), "anna") == "lobby"
    assert "meeting-opened-by-you" in played.prompts("amos")
    assert where(played.run(4), "anna") == "meeting"
    admitted = played.bridge.journal.of("admitted")[0].at
    assert played.bridge.journal.of("joined", caller="anna")[0].at == admitted


def test_a3_7_teams_with_everyone_bypassing_then_admitted_at_the_start_and_later_ones_directly(world):
    meetings = [Meeting("1234567", "48215", "amos", options={"who_bypasses": "everyone"})]
    played = world(guest(), amos(dials_at=samples(4), hangs_up_after=samples(8)),
                   guest("bela", 16, keys="1234567#"), product="teams", meetings=meetings).run(20)
    assert where(played, "anna") == where(played, "bela") == "meeting"  # even when the organizer has left
    assert not played.bridge.journal.of("lobby", caller="bela")


@pytest.mark.parametrize(("bypass", "state"), [(False, "lobby"), (True, "meeting")])
def test_a3_8_dial_in_bypass_then_newcomers_join_or_wait(world, bypass, state):
    meetings = [Meeting("1234567", "48215", "amos", options={"dial_in_bypass": bypass})]
    played = world(amos(), guest(at=5, keys="1234567#"), product="teams", meetings=meetings).run(9)
    assert where(played, "anna") == state


def test_a3_8_bypass_on_then_one_still_waits_for_the_start(world):
    played = world(guest(), dial_in_bypass=True).run(5)
    assert where(played, "anna") == "lobby"


def test_a3_11_no_lobby_then_who_comes_after_the_start_never_waits(world):
    meetings = [Meeting("1234567", "48215", "amos", options={"who_bypasses": "everyone", "dial_in_bypass": True})]
    played = world(amos(), guest(at=5, keys="1234567#"), product="teams", meetings=meetings).run(9)
    assert not played.bridge.journal.of("lobby")
    assert where(played, "anna") == "meeting"


def test_a3_12_a_meetings_option_changes_then_it_holds_for_the_next_caller(world):
    class Changing:
        def __init__(self):
            self.options, self._answers = {"dial_in_bypass": True}, []

        def find(self, call, conference_id, asker):
            self._answers.append(Found(call, "meeting:7", True, dict(self.options)))

        def started(self, meeting):
            assert meeting == "meeting:7"

        def answers(self):
            answers, self._answers = self._answers, []
            return answers

    directory = Changing()
    played = world(guest("one", keys="1234567#"), guest("two", 4, keys="1234567#"),
                   guest("three", 8, keys="1234567#"), directory=directory).run(7)
    directory.options["dial_in_bypass"] = False
    played.run(6)
    assert (where(played, "two"), where(played, "three")) == ("meeting", "lobby")


def test_a3_13_locked_then_even_who_bypasses_waits_and_is_told(world):
    played = world(amos((4, "*7")), guest(at=7), product="sfbserver").run(14)
    assert where(played, "anna") == "lobby"
    assert "meeting-locked" in played.prompts("anna")


def test_a3_14_locked_then_callers_are_asked_who_they_are_and_the_organizers_pin_opens(world):
    ada = KeypadLine("ada", [(0.1, PIN)], dials_at=samples(7))
    played = world(amos((4, "*7")), ada, product="sfbserver").run(13)
    assert "organizer-question" in played.prompts("ada") or "pin" in played.states("ada")
    assert where(played, "ada") == "meeting"
    assert "organizer-is-in" in played.prompts("ada")


@pytest.mark.parametrize(("lasting", "warning", "warned_after"), [
    pytest.param(20, 5, 15, id="warned"),
    pytest.param(20, 0, None, id="no warning"),
    pytest.param(20, 20, None, id="a warning as long as the wait is none"),
    pytest.param(20, 25, None, id="nor is a longer one"),
    pytest.param(0, 0, None, id="for ever"),
    pytest.param(0, 5, None, id="for ever, so there is nothing to warn of"),
])
def test_a3_14_nobody_lets_him_in_then_a_warning_if_there_is_room_for_it_and_the_end(
        world, lasting, warning, warned_after):
    played = world(guest(), lobby_timeout=samples(lasting), lobby_warning=samples(warning)).run(30)
    journal = played.bridge.journal
    waited = journal.of("lobby")[0].at
    assert [e.at - waited for e in journal.of("lobby-over")] == ([samples(lasting)] if lasting else [])
    said = [(e.facts["began_at"] - waited) for e in journal.of("prompt") if e.facts["prompt"] == "lobby-ends-soon"]
    assert len(said) == (warned_after is not None)
    assert all(abs(began - samples(warned_after)) <= FRAME for began in said)
    assert played.lines[0].ended_by_bridge == bool(lasting)
    music = [e.facts["what"] for e in journal.of("music")]  # it makes way for the warning
    assert music == ["starts", "stops"] * len(said) + ["starts"] + ["stops"] * bool(lasting)


def test_a3_17_somebody_waits_then_the_organizer_alone_is_told_and_how_to_let_him_in(world):
    played = world(amos(), guest("bela", 5), guest("anna", 5), product="teams").run(12)
    assert played.prompts("amos")[-2:] == ["someone-waits", "help-admit-all"]
    counts = [s["count"] for n, _, s in played.voice.said if n == "someone-waits"]
    assert counts == [2]  # both in one sentence


def test_a3_17_a_product_that_tells_of_nobody_who_waits_then_not_with_what_else_is_told(world):
    played = world(amos(), guest("bela", 4), product="sfb2017", dial_in_bypass=False, announce_with="names")
    played.run(6.5)
    assert where(played, "bela") == "lobby"
    played.bridge.join_by_app(key_of("1234567"), "rita", conference_id="1234567")
    assert played.run(3).prompts("amos")[-1] == "joined"


def test_a3_18_one_is_admitted_and_one_denied_then_so_it_is(world):
    played = world(amos(), guest("anna", 5), guest("bela", 5), product="teams").run(9)
    played.bridge.admit(played.serial("anna"))
    played.bridge.deny(played.serial("bela"))
    played.run(3)
    assert where(played, "anna") == "meeting"
    assert played.states("bela")[-2:] == ["goodbye", "ended"]
    assert played.prompts("bela")[-1] == "not-admitted"
    assert [(e.caller, e.facts["meeting"]) for e in played.bridge.journal.of("denied")] == [("bela", "1234567")]
    assert [e.facts["by"] for e in played.bridge.journal.of("hung-up")] == ["bridge"]


def test_a3_18_admit_before_the_start_or_of_nobody_then_nothing(world):
    played = world(guest()).run(4)
    played.bridge.admit(played.serial("anna"))
    played.bridge.admit(1000)
    played.bridge.admit_all(key_of("1234567"))
    played.bridge.lock(key_of("7654321"))
    assert where(played.run(1), "anna") == "lobby"


def test_a3_19_a_servers_admit_all_then_later_ones_skip_the_lobby(world):
    meetings = [Meeting("1234567", "48215", "amos", options={"dial_in_bypass": False})]
    played = world(amos((8, "*8")), guest("anna", 4), guest("bela", 12), product="sfbserver",
                   meetings=meetings).run(17)
    assert where(played, "anna") == where(played, "bela") == "meeting"
    assert [e.caller for e in played.bridge.journal.of("lobby")] == ["anna"]


def test_a3_19_not_on_a_server_then_later_ones_wait_again(world):
    played = world(amos((8, "*21")), guest("anna", 4), guest("bela", 12), product="teams").run(17)
    assert (where(played, "anna"), where(played, "bela")) == ("meeting", "lobby")


def test_a3_20_server_nobody_known_is_in_then_a_newcomer_waits_until_somebody_is(world):
    played = world(amos(hangs_up_after=samples(9)), guest("anna", 4), guest("bela", 11),
                   KeypadLine("amos again", [(0.1, PIN)], dials_at=samples(18)), product="sfbserver")
    assert where(played.run(17), "bela") == "lobby"
    assert where(played.run(6), "bela") == "meeting"


def test_a3_2_a2_6_server_where_anyone_may_start_then_the_pin_is_asked_all_the_same_and_not_needed(world):
    played = world(guest("anna", keys="5550000#1")).run(4)
    assert "organizer-question" not in played.states("anna")
    played = world(guest("anna", keys="5550000#1"), product="sfbserver").run(4)
    assert "organizer-question" in played.states("anna")
    assert where(played, "anna") == "meeting"


def test_a2_7_server_no_organizer_is_in_then_the_next_is_asked(world):
    played = world(guest("anna", keys="5550000#1"), guest("bela", 5, keys="5550000#*13579#"),
                   product="sfbserver").run(11)
    assert played.bridge.journal.of("joined", caller="bela")[0].facts["role"] == "organizer"


def test_a3_15_admitted_one_by_one_then_who_still_waits_hears_nothing_of_them(world):
    alone = world(amos(), guest("anna", 5), product="teams").run(14)
    beside = world(amos(), guest("anna", 5), guest("bela", 5), product="teams").run(9)
    beside.bridge.admit(beside.serial("bela"))
    beside.run(5)
    assert np.array_equal(alone.lines[1].heard(), beside.lines[1].heard())


def test_a3_the_last_member_leaves_others_waiting_then_they_join_when_it_starts_again(world):
    played = world(amos(hangs_up_after=samples(9)), guest("anna", 4),
                   KeypadLine("amos again", [(0.1, PIN)], dials_at=samples(12)), start_admits="everyone",
                   dial_in_bypass=False).run(11)
    assert where(played, "anna") == "lobby"
    assert played.bridge.journal.of("over")
    assert where(played.run(6), "anna") == "meeting"


def test_a_meeting_that_starts_again_while_somebody_is_on_his_way_to_it_then_it_is_as_new(world):
    """Neither open to everyone nor muted, whatever it was before."""
    meetings = [Meeting("1234567", "48215", "amos", options={"dial_in_bypass": False})]
    played = world(amos((4, "*8"), (5, "*4"), hangs_up_after=samples(8)), guest("caro", 5.5, keys="1234567#"),
                   guest("anna", 9, (7, "*6"), keys="1234567#"), product="sfbserver", meetings=meetings,
                   name_recording=True).run(8.5)
    assert (where(played, "caro"), len(played.bridge.journal.of("over"))) == ("recording", 1)
    played.bridge.join_by_app(key_of("1234567"), "rita", conference_id="1234567")
    assert where(played.run(6), "anna") == "lobby"
    played.bridge.admit(played.serial("anna"))
    assert played.run(3).prompts("anna")[-1] == "muted"  # by herself


def test_a2_3_the_only_one_who_waits_leaves_then_who_is_still_asked_is_let_in_when_it_starts(world):
    """A room in which nobody is, but to which somebody is on his way, is the same room when it starts."""
    played = world(guest(keys="1234567#"), guest("bela", hangs_up_after=samples(3))).run(4)
    assert (where(played, "anna"), where(played, "bela")) == ("organizer-question", "ended")
    played.bridge.join_by_app(key_of("1234567"), "amos", conference_id="1234567")
    played.run(0.1)
    started, = played.bridge.journal.of("started")
    assert [e.at for e in played.bridge.journal.of("joined", caller="anna")] == [started.at]


def test_meetings_that_nobody_is_in_or_comes_to_then_nothing_of_them_is_kept(world):
    """Whatever it was: started and over, waited for in vain, ended in the app, given up at the PIN."""
    others = rooms()
    lines = [amos(hangs_up_after=samples(6)), guest("anna", keys="7654321#1", hangs_up_after=samples(6)),
             guest("bela", keys="5550000#", hangs_up_after=samples(9)),
             guest("caro", keys="7654321#*90", hangs_up_after=samples(5))]
    played = world(*lines).run(5)
    assert len(rooms(others)) == 3
    played.bridge.end(key_of("5550000"))
    played.run(5)
    assert played.bridge.calls == {}
    assert rooms(others) == []


def rooms(others=()):
    """Return the rooms that there are in memory, but for those of other tests."""
    gc.collect()
    theirs = {id(room) for room in others}
    return [one for one in gc.get_objects() if isinstance(one, Room) and id(one) not in theirs]


def test_a6_7_a_meeting_is_full_then_one_more_is_sent_away(world):
    played = world(*(guest(f"c{n}", keys="5550000#") for n in range(4)), participants=3).run(6)
    states = [where(played, f"c{n}") for n in range(4)]
    assert states == ["meeting"] * 3 + ["ended"]
    assert played.prompts("c3")[-1] == "meeting-full"
