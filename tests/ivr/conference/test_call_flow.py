"""The rows of BEHAVIOUR.md's section A that profile teams2021 has so far, on real audio."""

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.directory.meetings import key_of
from ivr.lines.memory import MemoryLine
from ivr.questions import Found, PinChecked, Unknown

GREETED = 0.5  # the greeting's length here, and every prompt's


def anna(*presses, **more):
    return KeypadLine("anna", presses, **more)


def amos(*presses, **more):
    return KeypadLine("amos", presses, **more)


def test_a1_9_a_caller_who_waits_then_is_greeted_and_asked_for_the_id(world):
    played = world(anna()).run(3)
    assert played.states("anna") == ["greeting", "conference-id"]
    assert played.prompts("anna") == ["welcome", "enter-conference-id"]


@pytest.mark.parametrize(("keys", "wait"), [("1234567#", 2), ("1234567", 7)])
def test_a1_10_a1_11_seven_digits_then_pound_or_silence_ends_the_id(world, keys, wait):
    played = world(anna((0.1, keys))).run(wait)
    assert played.states("anna")[-1] == "organizer-question"
    entered = played.bridge.journal.of("entered", caller="anna")[0]
    assert entered.facts["digits"] == "1234567"


def test_a1_12_an_unknown_id_three_times_then_goodbye(world):
    played = world(anna((0.1, "1111111#"), (2, "2222222#"), (4, "3333333#"))).run(8)
    assert played.refusals("anna") == ["unknown"] * 3
    assert played.prompts("anna")[-1] == "goodbye-no-conference-id"
    assert played.states("anna")[-2:] == ["goodbye", "ended"]
    assert played.bridge.journal.of("hung-up")[0].facts["by"] == "bridge"
    assert played.lines[0].ended_by_bridge
    heard = len(played.lines[0].heard())
    assert len(played.run(1).lines[0].heard()) == heard  # the line is his no more


def test_a1_13_nothing_pressed_then_ten_seconds_a_try_and_three_tries(world):
    played = world(anna()).run(40)
    refused = played.bridge.journal.of("refused")
    assert [entry.facts["reason"] for entry in refused] == ["nothing heard"] * 3
    asked = 2 * GREETED
    assert refused[0].at == samples(asked + 10)
    assert refused[1].at == samples(asked + 10 + 2 * GREETED + 10)
    assert played.states("anna")[-1] == "ended"


def test_a2_1_organizer_with_pin_then_the_meeting_starts(world):
    played = world(amos((0.1, "1234567#*48215#"))).run(4)
    assert played.states("amos")[-2:] == ["checking-pin", "meeting"]
    started = played.bridge.journal.of("started")[0]
    assert (started.facts["meeting"], started.facts["by"]) == ("1234567", "amos")
    assert played.bridge.journal.of("joined")[0].facts["role"] == "organizer"  # A2.10


def test_a2_1_not_the_organizer_then_lobby_and_music(world):
    played = world(anna((0.1, "1234567#1"))).run(4)
    assert played.states("anna")[-1] == "lobby"
    heard = played.lines[0].heard()[samples(3):]
    looped = np.concatenate([played.music] * 4)
    assert any(np.array_equal(heard[:4000], looped[at:at + 4000]) for at in range(0, len(played.music), FRAME))


def test_a2_2_anyone_may_start_then_the_first_caller_does_and_is_not_asked(world):
    played = world(anna((0.1, "5550000#"))).run(3)
    assert played.states("anna") == ["greeting", "conference-id", "finding", "meeting"]
    assert played.bridge.journal.of("joined")[0].facts["role"] == "participant"


@pytest.mark.parametrize("meeting", ["1234567", "5550000"])
def test_a2_3_a2_4_started_then_nobody_is_asked(world, meeting):
    first = amos((0.1, "1234567#*48215#" if meeting == "1234567" else "5550000#"))
    played = world(first, anna((0.1, f"{meeting}#"), dials_at=samples(5))).run(9)
    assert played.states("anna") == ["greeting", "conference-id", "finding", "meeting"]


def test_a2_5_started_in_the_app_then_no_pin_and_the_lobby_empties(world):
    played = world(anna((0.1, "1234567#1")), amos((0.1, "1234567#"), dials_at=samples(6)))
    played.run(4).bridge.join_by_app(key_of("1234567"), "amos.marble@contoso.com", conference_id="1234567")
    played.run(5)
    assert played.states("anna")[-1] == "meeting"
    assert "pin" not in played.states("amos")
    assert played.states("amos")[-1] == "meeting"
    assert played.bridge.journal.of("started")[0].facts["in_app"]


def test_a2_8_silence_at_the_organizer_question_then_means_no_after_five_seconds(world):
    played = world(anna((0.1, "1234567#"))).run(9)
    asked = next(e for e in played.bridge.journal.of("prompt") if e.facts["prompt"] == "organizer-question")
    lobby = played.bridge.journal.of("lobby")[0]
    assert lobby.at - asked.at == samples(5)


def test_a2_9_another_organizers_pin_then_wrong(world):
    played = world(amos((0.1, "1234567#*90371#"))).run(4)
    assert played.refusals("amos") == ["wrong"]
    assert played.states("amos")[-1] == "pin"


@pytest.mark.parametrize("pin", ["11111", "111", "1111111111111", "4821", "482150"])
def test_a2_13_a_wrong_pin_three_times_then_the_lobby_as_participant(world, pin):
    played = world(amos((0.1, "1234567#*"), *((3 + 4 * n, pin + "#") for n in range(3)))).run(20)
    assert played.refusals("amos") == ["wrong"] * 3
    assert played.states("amos")[-1] == "lobby"
    assert played.prompts("amos")[-2:] == ["pin-gave-up", "wait-in-lobby"]
    assert not played.bridge.journal.of("started")


def test_a2_13_no_pin_at_all_then_three_times_ten_seconds_and_the_lobby(world):
    played = world(amos((0.1, "1234567#*"))).run(40)
    assert played.refusals("amos") == ["nothing heard"] * 3
    assert played.states("amos")[-1] == "lobby"


def test_a3_1_to_a3_4_the_story_of_s0_15_then_both_join_in_the_tick_of_the_pin(world):
    """S0.15: the last frame of music is the one before the PIN is accepted; all join at the same sample."""
    played = world(anna((0.1, "1234567#1")), KeypadLine("bela", [(0.1, "1234567#1")], dials_at=samples(1)),
                   amos((0.1, "1234567#*48215#"), dials_at=samples(5))).run(12)
    started = played.bridge.journal.of("started")[0]
    joined = played.bridge.journal.of("joined")
    assert [entry.caller for entry in joined] == ["amos", "anna", "bela"]
    assert {entry.at for entry in joined} == {started.at}
    stops = [e for e in played.bridge.journal.of("music") if e.facts["what"] == "stops"]
    assert {entry.at for entry in stops} == {started.at}
    tick = started.at // FRAME * FRAME
    after = played.lines[0].heard()[tick:tick + FRAME]
    looped = np.concatenate([played.music] * 2)
    assert not any(np.array_equal(after, looped[at:at + FRAME]) for at in range(0, len(played.music), FRAME))


@pytest.mark.parametrize("at", [1.8, 2.4, 2.9])
def test_a2_3_a_meeting_that_starts_while_he_is_asked_then_he_joins_at_once(world, at):
    """In the organizer question, and while the PIN is being typed."""
    played = world(anna((0.1, "1234567#"), (1.9, "*"), (2.5, "99")))
    played.run(at).bridge.join_by_app(key_of("1234567"), "amos", conference_id="1234567")
    played.run(1)
    assert played.states("anna")[-1] == "meeting"


def test_a3_15_in_the_lobby_then_neither_the_meeting_nor_another_waiter_is_heard(world):
    """Two wait for one meeting, two talk in another: the waiting hear music to the sample, whoever talks."""
    def talker(caller, keys, seed):
        noise = np.random.default_rng(seed).integers(-4000, 4000, samples(8)).astype(np.int16)
        noise[:samples(2)] = 0
        keyed = dtmf.encode(keys, RATE, lead_ms=100)
        noise[:len(keyed)] = keyed
        return MemoryLine(caller, noise)

    quiet = world(anna((0.1, "1234567#1"))).run(8)
    loud = world(anna((0.1, "1234567#1")), talker("bela", "1234567#1", 1), talker("c", "5550000#", 2),
                 talker("d", "5550000#", 3)).run(8)
    assert np.array_equal(loud.lines[0].heard(), quiet.lines[0].heard())
    assert np.abs(loud.lines[2].heard()[-8000:]).max() > 3000


@pytest.mark.parametrize("after", [0.0, 0.02, 0.3, 0.9, 1.3, 1.72, 1.9, 2.3, 3.0, 3.5, 4.5, 6.0])
def test_a6_8_hang_up_at_any_point_then_clean_and_the_row_serves_the_next(world, after):
    gone = anna((0.1, "1234567#*48215#"), hangs_up_after=samples(after))
    played = world(gone, amos((0.1, "1234567#1"), dials_at=samples(8))).run(13)
    mine = [entry for entry in played.bridge.journal if entry.caller == "anna"]
    assert mine[-1].event == "hung-up"
    assert not played.lines[0].on_the_line
    assert played.states("amos")[-1] == "lobby"
    assert len(played.bridge.calls) == 1


def test_the_last_member_leaves_then_the_next_finds_it_not_started(world):
    played = world(amos((0.1, "1234567#*48215#"), hangs_up_after=samples(5)),
                   anna((0.1, "1234567#1"), dials_at=samples(6))).run(10)
    assert played.bridge.journal.of("over")
    assert played.states("anna")[-1] == "lobby"


INTERRUPTED = {
    "welcome": ([(0.2, "1")], "conference-id"),
    "enter-conference-id": ([(0.7, "1")], "conference-id"),
    "nothing-heard": ([(0.6, "#"), (0.9, "1")], "conference-id"),
    "conference-id-too-short": ([(0.6, "1#"), (1.1, "1")], "conference-id"),
    "conference-id-too-long": ([(0.1, "99999999#"), (2.1, "1")], "conference-id"),
    "unknown-conference-id": ([(0.1, "9999999#"), (1.9, "1")], "conference-id"),
    "organizer-question": ([(0.1, "1234567#"), (1.9, "*")], "pin"),
    "enter-pin": ([(0.1, "1234567#*"), (2.1, "1")], "pin"),
    "wrong-pin": ([(0.1, "1234567#*1111#"), (3.1, "1")], "pin"),
    "wait-in-lobby": ([(0.1, "1234567#1"), (2.1, "1")], "lobby"),
    "pin-gave-up": ([(0.1, "1234567#*1#1#1#"), (3.3, "1")], "lobby"),
    "goodbye-no-conference-id": ([(0.1, "###"), (0.9, "1")], "ended"),
    "first-in-meeting": ([(0.1, "5550000#"), (1.9, "1")], "meeting"),
}


@pytest.mark.parametrize("prompt", INTERRUPTED)
def test_a7_a_key_during_any_prompt_then_stops_it_and_counts(world, prompt):
    presses, state = INTERRUPTED[prompt]
    played = world(anna(*presses)).run(presses[-1][0] + 0.4)
    cut = [e for e in played.bridge.journal.of("prompt") if e.facts["prompt"] == prompt]
    assert cut[-1].facts["interrupted"]
    assert cut[-1].at - samples(presses[-1][0]) <= samples(0.06)
    assert played.states("anna")[-1] == state


def test_a_key_during_an_error_prompt_then_is_the_first_of_the_next_entry(world):
    played = world(anna((0.1, "9999999#"), (1.9, "1234567#"))).run(5)
    assert "unknown-conference-id" in played.prompts("anna")
    assert played.states("anna")[-1] == "organizer-question"


def test_a_key_in_the_meeting_then_the_others_do_not_hear_it(world):
    played = world(anna((0.1, "5550000#"), (4, "123456789*0#")),
                   KeypadLine("bela", [(0.1, "5550000#")])).run(8)
    assert dtmf.decode(played.lines[1].heard(), RATE) == []
    ignored = played.bridge.journal.of("key", caller="anna")
    assert {entry.facts["key"] for entry in ignored} == {"•"}
    assert len(ignored) == 12


@pytest.mark.parametrize(("frames", "gap_ms"), [(1, 100), (2, 60)])
def test_frames_that_never_came_within_a_key_then_neither_lost_nor_doubled(world, frames, gap_ms):
    keys = dtmf.encode("1234567#", RATE, lead_ms=100, tone_ms=120, gap_ms=gap_ms)
    for lost in range(7, 40, 3):
        played = world(MemoryLine("anna", keys, lost=frozenset(range(lost, lost + frames)))).run(2.2)
        assert played.bridge.journal.of("entered")[0].facts["digits"] == "1234567"


class Slow:
    """A directory that answers half a second late, counted in polls."""

    def __init__(self, polls=50):
        self._polls, self._thinking = polls, []

    def find(self, call, conference_id, asker):
        known = conference_id == "1234567"
        self._thinking.append([self._polls, Found(call, key_of(conference_id), False) if known else Unknown(call)])

    def check_pin(self, call, meeting, pin, asker):
        assert meeting == key_of("1234567")
        self._thinking.append([self._polls, PinChecked(call, pin == "48215", "amos")])

    def started(self, meeting):
        assert meeting == key_of("1234567")

    def answers(self):
        for thought in self._thinking:
            thought[0] -= 1
        ready = [answer for left, answer in self._thinking if left <= 0]
        self._thinking = [thought for thought in self._thinking if thought[0] > 0]
        return ready


@pytest.mark.parametrize("keys", ["1234567#*48215#", "1234567*48215#"], ids=["pound", "star alone"])
def test_a_slow_directory_then_keys_typed_ahead_are_kept_and_masked(world, keys):
    played = world(amos((0.1, keys)), directory=Slow()).run(8)
    assert played.states("amos")[-1] == "meeting"
    assert "48215" not in played.bridge.journal.text() + played.bridge.journal.json_lines()


def test_hundreds_of_keys_typed_ahead_then_all_are_taken(world):
    keys = dtmf.encode("1234567#" + 400 * "1", RATE, tone_ms=50, gap_ms=50)
    played = world(MemoryLine("anna", keys), directory=Slow(10_000))
    played.run(40)
    while played.states("anna")[-1] != "lobby":
        played.run(1)
    assert len([e for e in played.bridge.journal.of("key") if e.at > samples(40)]) == 400


def test_a_slow_answer_about_what_is_too_long_for_an_id_then_keys_typed_meanwhile_are_kept(world):
    """The silence after the eighth digit is over at 6.6 s; the star comes while the directory thinks."""
    played = world(amos((0.1, "12345678"), (6.7, "*")), directory=Slow()).run(9)
    assert played.states("amos")[-3:] == ["overlong", "organizer-question", "pin"]


def test_a_slow_answer_after_the_meeting_began_then_he_becomes_organizer(world):
    played = world(amos((0.1, "1234567#*48215#")), directory=Slow(), pin_limit=samples(9))
    while played.states("amos")[-1:] != ["checking-pin"]:
        played.run(0.02)
    played.bridge.join_by_app(key_of("1234567"), "rita", conference_id="1234567")
    played.run(3)
    assert played.states("amos")[-1] == "meeting"
    assert played.bridge.journal.of("promoted")[0].caller == "amos"
    # without the app in it the meeting is one with a PIN (A6.2)
    played.bridge.leave_by_app(key_of("1234567"), "rita")
    played.run(7)
    assert [e.facts["because"] for e in played.bridge.journal.of("over")] == ["longest meeting by phone"]


def test_a_slow_answer_to_somebody_who_has_gone_then_is_dropped(world):
    played = world(amos((0.1, "1234567#"), hangs_up_after=samples(1.9)), directory=Slow()).run(5)
    assert played.states("amos")[-1] == "ended"


@pytest.mark.parametrize("presses", [
    [(0.1, "1234567#*48215#")],                      # right
    [(0.1, "48215#")],                               # at the wrong question
    [(0.1, "1234567#48215#")],                       # the star forgotten
    [(0.1, "1234567#1"), (3, "*48215#")],            # too late, in the lobby
    [(0.1, "1234567#*4821548215#")],                 # twice in one breath
    [(0.1, "5550000#"), (3, "48215#")],              # in a meeting
    [(0.1, "1234567*48215#")],                       # the pound forgotten
])
def test_a_pin_typed_anywhere_then_never_in_the_journal(world, presses):
    played = world(amos(*presses)).run(9)
    written = played.bridge.journal.text() + played.bridge.journal.json_lines()
    assert "48215" not in written
    assert not any("4" in str(e.facts.get("key", "")) for e in played.bridge.journal)


def test_many_callers_then_the_bridge_grows_and_forgets_them(world):
    lines = [KeypadLine(f"c{n}", [(0.1, "99#")], dials_at=samples(0.1 * n), hangs_up_after=samples(2))
             for n in range(40)]
    played = world(*lines).run(8)
    assert played.bridge.calls == {}
    assert played.bridge.rows == 32
    assert len(played.bridge.journal.of("dialled")) == 40


@pytest.mark.parametrize("dials_at", [0, 160, 8000, 80000])
def test_a_key_then_told_at_the_same_sample_of_the_call_whenever_it_began(world, dials_at):
    played = world(anna((0.133, "1234567#"), dials_at=dials_at)).run(2.5 + dials_at / 8000)
    entered = played.bridge.journal.of("entered")[0]
    first = world(anna((0.133, "1234567#"))).run(2.5).bridge.journal.of("entered")[0]
    assert entered.at - dials_at == first.at
    assert entered.facts["began_at"] - dials_at == first.facts["began_at"]
    assert samples(0.133) + 160 < first.facts["began_at"] < samples(0.133) + 480


@pytest.mark.parametrize("first", [0.1, 0.11])
@pytest.mark.parametrize("step", range(0, 60, 5))
def test_a_key_in_the_very_tick_of_a_timeout_then_one_is_first_and_neither_half_done(world, first, step):
    """The key before the time-out: the entry goes on. After it: the key begins the next entry."""
    played = world(anna((first, "9"), (first + 4.99 + step / 2000, "1234567#"))).run(9)
    if played.refusals("anna") == ["too short"]:
        assert played.states("anna")[-1] == "organizer-question"
    else:
        assert played.refusals("anna") == ["too long"]


def test_a_meeting_that_starts_in_the_tick_in_which_a_prompt_ends_then_joining_is_said_whole(world):
    for late in range(0, 400, 20):
        played = world(amos((0.1, "1234567#*48215#"), dials_at=samples(1) + late * 8),
                       anna((0.1, "1234567#1")), KeypadLine("bela", [(0.13, "1234567#")])).run(5)
        joining = [e for e in played.bridge.journal.of("prompt") if e.facts["prompt"] == "joining"]
        assert [e.at - e.facts["began_at"] for e in joining] == [samples(0.5)] * 2
