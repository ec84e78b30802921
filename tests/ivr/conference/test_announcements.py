"""Comings and goings are told: with names or tones, gathered, to those whom they concern (A4)."""

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.directory.meetings import Meeting, key_of
from ivr.lines.memory import MemoryLine
from lobby import arrival

NAMES = {"announce_with": "names"}
AMOS = [(0.1, "1234567#*48215#")]
KEYS = dtmf.encode("5550000#", RATE)


def guest(caller, at=0.0, **more):
    return KeypadLine(caller, [(0.1, "1234567#")], dials_at=samples(at), **more)


def said(played, *prompts):
    return [(p, s) for p, _, s in played.voice.said if p in prompts]


def test_a4_1_on_then_told_and_off_then_nobody_is(world):
    on = world(KeypadLine("amos", AMOS), guest("anna", 4, hangs_up_after=samples(4)), **NAMES).run(12)
    assert [p for p in on.prompts("amos") if p in ("joined", "left")] == ["joined", "left"]
    off = world(KeypadLine("amos", AMOS), guest("anna", 4, hangs_up_after=samples(4)), announcements=False, **NAMES)
    assert not [p for p in off.run(12).prompts("amos") if p in ("joined", "left")]


@pytest.mark.parametrize(("product", "told"), [("teams2021", True), ("teams", True), ("sfb2017", True),
                                               ("sfbserver", False)])
def test_a4_1_c7_by_product_then_on_online_and_off_on_a_server(world, product, told):
    meetings = [Meeting("1234567", "48215", "amos", options={"dial_in_bypass": True})]
    played = world(KeypadLine("amos", AMOS), guest("anna", 4), product=product, meetings=meetings, **NAMES).run(10)
    assert ("joined" in played.prompts("amos")) == told


def test_a4_2_tones_then_a_tone_and_no_word(world):
    played = world(KeypadLine("amos", AMOS), guest("anna", 4)).run(10)
    assert "joined" not in played.prompts("amos")
    joined = played.bridge.journal.of("joined", caller="anna")[0].at // FRAME * FRAME
    tone = arrival()
    assert np.array_equal(played.lines[0].heard()[joined + FRAME:joined + FRAME + len(tone)], tone)
    assert not said(played, "joined")


def test_what_is_said_to_one_in_a_meeting_then_the_meeting_is_12_db_softer_under_it(world):
    noise = np.random.default_rng(1).integers(-4000, 4000, samples(9)).astype(np.int16)
    noise[:samples(4)] = 0
    noise[samples(0.1):samples(0.1) + len(KEYS)] = KEYS
    played = world(MemoryLine("bela", noise), KeypadLine("anna", [(0.1, "5550000#"), (5, "*5")])).run(8)
    told, = (e for e in played.bridge.journal.of("prompt", caller="anna") if e.facts["prompt"] == "hand-raised")
    begin, end = told.facts["began_at"], told.at // FRAME * FRAME
    heard = played.lines[1].heard().astype(int)
    prompt, = played.voice.clips("hand-raised", "en-US")
    under = heard[begin + FRAME:end - FRAME] - prompt[FRAME:end - begin - FRAME]
    assert np.std(under) == pytest.approx(np.std(heard[begin - samples(0.5):begin]) / 4, rel=0.05)
    assert np.std(heard[end + samples(0.2):]) == pytest.approx(4 * np.std(under), rel=0.05)


def test_a4_9_switched_by_key_then_from_then_on(world):
    played = world(KeypadLine("amos", [*AMOS, (3.5, "*23"), (12, "*23")]), guest("anna", 5), guest("bela", 15),
                   **NAMES).run(22)
    assert len(said(played, "joined")) == 1
    assert played.bridge.journal.of("announced")[0].at > samples(15)


def test_a4_9_of_one_meeting_then_not_of_another(world):
    meetings = [Meeting("1234567", "48215", "amos", options={"announcements": False}),
                Meeting("7654321", "48215", "amos")]
    played = world(KeypadLine("a", AMOS), guest("b", 4), KeypadLine("c", [(0.1, "7654321#*48215#")]),
                   KeypadLine("d", [(0.1, "7654321#")], dials_at=samples(4)), meetings=meetings, **NAMES).run(10)
    assert "joined" not in played.prompts("a")
    assert "joined" in played.prompts("c")


def test_a4_8_the_quirk_then_silent_as_soon_as_the_app_is_in(world):
    played = world(KeypadLine("amos", AMOS), guest("anna", 7), announce_only_by_phone=True, **NAMES).run(5)
    played.bridge.join_by_app(key_of("1234567"), "rita", conference_id="1234567")
    played.run(9)
    assert not said(played, "joined")


def test_somebody_with_the_app_comes_and_goes_then_told_too(world):
    played = world(KeypadLine("amos", AMOS), **NAMES).run(5)
    played.bridge.join_by_app(key_of("1234567"), "rita@contoso.com", conference_id="1234567")
    played.run(5).bridge.leave_by_app(key_of("1234567"), "rita@contoso.com")
    played.run(5)
    assert said(played, "joined", "left") == [("joined", {"names": ["an app user"]}),
                                              ("left", {"names": ["an app user"]})]


@pytest.mark.parametrize(("callers", "prompt"), [(1, "joined"), (3, "joined"), (4, "many-joined"),
                                                 (60, "many-joined")])
def test_several_join_at_once_then_one_sentence(world, callers, prompt):
    lines = [KeypadLine(f"c{n}", [(0.1, "1234567#1")]) for n in range(callers)]
    played = world(*lines, KeypadLine("amos", AMOS, dials_at=samples(4)), **NAMES).run(12)
    told = [(p, s) for p, s in said(played, "joined", "many-joined")]
    assert [p for p, _ in told] == [prompt]
    assert told[0][1].get("count", callers) == callers
    assert played.prompts("amos")[-1] == prompt
    assert played.prompts("c0")[-1] == "joining"  # who came is not told that he came


def test_they_join_over_a_minute_then_not_a_minute_of_talk(world):
    lines = [guest(f"c{n}", 5 + 0.5 * n) for n in range(40)]
    played = world(KeypadLine("amos", AMOS), *lines, **NAMES).run(40)
    sentences = [e for e in played.bridge.journal.of("prompt", caller="amos") if "joined" in e.facts["prompt"]]
    assert len(sentences) <= 16


def test_everyone_goes_at_once_then_the_one_who_stays_hears_one_sentence(world):
    lines = [guest(f"c{n}", 4) for n in range(8)]
    played = world(KeypadLine("amos", AMOS), *lines, **NAMES).run(10)
    for line in lines:
        line.hang_up()
    played.run(4)
    assert said(played, "left", "many-left") == [("many-left", {"count": 8})]


def test_a_meeting_that_is_over_within_a_breath_then_the_next_one_is_not_told_of_those_who_were_in_it(world):
    """Who still waits when it is over is let in when it starts again: he alone is told of, in his own time."""
    meetings = [Meeting("1234567", "48215", "amos")]
    leaving = {"hangs_up_after": samples(7)}
    played = world(KeypadLine("amos", AMOS, **leaving), guest("bela", **leaving), guest("caro", 4),
                   KeypadLine("amos again", AMOS, dials_at=samples(8)), meetings=meetings, product="teams",
                   announce_gather=samples(9), **NAMES)
    played.run(6.5).bridge.admit(played.serial("bela"))
    played.run(5.5).bridge.admit(played.serial("caro"))
    played.run(10)
    assert [e.at // samples(1) for e in played.bridge.journal.of("over")] == [7]
    again = played.bridge.journal.of("started")[1].at  # then he hears who waits, and with that who came
    assert [e.at for e in played.bridge.journal.of("announced")] == [again + samples(9)]
    assert said(played, "joined", "left", "many-joined") == [("joined", {"names": ["a caller"]})]


def test_somebody_who_comes_and_goes_within_a_breath_then_not_told_at_all(world):
    played = world(KeypadLine("amos", AMOS), guest("anna", 5, hangs_up_after=samples(2.5)), **NAMES).run(12)
    assert played.bridge.journal.of("joined", caller="anna")
    assert not said(played, "joined", "left")


def test_music_then_stops_in_the_very_tick_in_which_the_meeting_starts(world):
    played = world(*(KeypadLine(f"c{n}", [(0.1, "1234567#1")]) for n in range(5)),
                   KeypadLine("amos", AMOS, dials_at=samples(5)), **NAMES).run(12)
    tick = played.bridge.journal.of("started")[0].at // FRAME * FRAME
    looped = np.concatenate([played.music] * 8)
    for line in played.lines[:5]:
        before, after = line.heard()[tick - FRAME:tick], line.heard()[tick:tick + FRAME]
        where = [at for at in range(0, len(played.music), FRAME) if np.array_equal(looped[at:at + FRAME], before)]
        assert where
        assert not any(np.array_equal(looped[at + FRAME:at + 2 * FRAME], after) for at in where)
