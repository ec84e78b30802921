"""When meetings end (A6): by the clock of samples, with a warning, and nobody is left on the line."""

import pytest
from callers import KeypadLine

from ivr.clock import FRAME, samples
from ivr.directory.meetings import Meeting, key_of

PIN = "1234567#*48215#"
SHORT = {"unchanged_limit": samples(30), "pin_limit": samples(40), "no_pin_limit": samples(20),
         "alone_limit": samples(15), "meeting_limit": samples(300), "end_warning": samples(5)}


def amos(**more):
    return KeypadLine("amos", [(0.1, PIN)], **more)


def started_of_amos(later):
    """So many seconds after Amos, who has to press 15 keys, has started the meeting."""
    return 3.6 + later


def guest(caller="anna", at=4.0, keys="1234567#", **more):
    return KeypadLine(caller, [(0.1, keys)], dials_at=samples(at), **more)


def over(played):
    return [(e.at, e.facts.get("because")) for e in played.bridge.journal.of("over")]


def warned(played):
    return [e.at for e in played.bridge.journal.of("ends-soon")]


def started(played):
    return played.bridge.journal.of("started")[0].at


def test_a6_1_with_the_app_then_it_ends_when_nobody_has_come_or_gone_for_so_long(world):
    played = world(guest(at=1), **SHORT)
    played.bridge.join_by_app(key_of("1234567"), "amos", conference_id="1234567")
    played.run(40)
    last = played.bridge.journal.of("joined", caller="anna")[0].at
    assert over(played) == [(last + samples(30), "nobody came or went")]


def test_a6_2_by_phone_with_a_pin_then_so_long_after_the_start(world):
    played = world(amos(), guest(), **SHORT).run(50)
    assert over(played) == [(started(played) + samples(40), "longest meeting by phone")]


def test_a6_3_nobody_used_a_pin_and_anyone_may_start_then_sooner(world):
    played = world(guest(keys="5550000#"), **SHORT).run(30)
    assert over(played) == [(started(played) + samples(20), "longest meeting without a PIN")]


def test_a6_4_a6_5_the_organizer_leaves_then_it_goes_on_and_ends_so_long_after(world):
    played = world(amos(hangs_up_after=samples(10)), guest(), guest("bela"), **SHORT).run(40)
    left = played.bridge.journal.of("left", caller="amos")[0].at
    assert over(played) == [(left + samples(15), "nobody who is known is left")]
    assert played.states("anna")[-1] == "ended"


def test_a6_4_the_app_leaves_then_the_same(world):
    played = world(guest(at=1), **SHORT)
    played.bridge.join_by_app(key_of("1234567"), "amos", conference_id="1234567")
    played.run(10).bridge.leave_by_app(key_of("1234567"), "amos")
    played.run(20)
    left = next(e.at for e in played.bridge.journal.of("left") if e.facts.get("in_app"))
    assert over(played)[0][0] == left + samples(15)


def test_a6_5_the_organizer_comes_back_in_time_then_it_goes_on(world):
    played = world(amos(hangs_up_after=samples(8)), guest(),
                   KeypadLine("amos again", [(0.1, "1234567#")], dials_at=samples(12)), **SHORT).run(15)
    played.bridge.join_by_app(key_of("1234567"), "amos", conference_id="1234567")
    played.run(14)
    assert over(played) == []


def test_a6_6_the_longest_meeting_then_it_ends_whoever_is_in(world):
    played = world(amos(), guest(), **{**SHORT, "meeting_limit": samples(25)}).run(35)
    assert over(played) == [(started(played) + samples(25), "longest meeting")]


def test_a6_a_meeting_that_ends_then_warned_and_told_and_every_call_ends(world):
    played = world(amos(), guest(), guest("bela"), **SHORT).run(50)
    end = over(played)[0][0]
    for caller in ("amos", "anna", "bela"):
        said = {e.facts["prompt"]: e.facts["began_at"] for e in played.bridge.journal.of("prompt", caller=caller)}
        assert 0 <= end - samples(5) - said["meeting-ends-soon"] < FRAME
        assert 0 <= end - said["meeting-ended"] < FRAME
        assert played.states(caller)[-2:] == ["goodbye", "ended"]
    assert all(line.ended_by_bridge and not line.ended_why for line in played.lines)
    assert played.bridge.calls == {}


def test_a6_somebody_joins_after_the_warning_then_it_is_neither_repeated_nor_put_off(world):
    played = world(amos(), guest(at=started_of_amos(37)), **SHORT).run(50)
    begun = started(played)
    assert played.bridge.journal.of("joined", caller="anna")[0].at > begun + samples(35)
    assert warned(played) == [begun + samples(35)]
    assert [at for at, _ in over(played)] == [begun + samples(40)]


def test_a6_1_somebody_joins_after_the_warning_and_puts_the_end_off_then_warned_again(world):
    played = world(guest(at=1), guest("bela", at=28), **SHORT)
    played.bridge.join_by_app(key_of("1234567"), "amos", conference_id="1234567")
    played.run(70)
    first, second = (played.bridge.journal.of("joined", caller=caller)[0].at for caller in ("anna", "bela"))
    assert first + samples(25) < second < first + samples(30)
    assert warned(played) == [first + samples(25), second + samples(25)]
    assert over(played) == [(second + samples(30), "nobody came or went")]


def test_a6_an_end_comes_nearer_than_its_warning_then_it_comes_without(world):
    played = world(amos(hangs_up_after=samples(10)), guest(), **{**SHORT, "alone_limit": samples(4)}).run(20)
    left = played.bridge.journal.of("left", caller="amos")[0].at
    assert warned(played) == []
    assert over(played) == [(left + samples(4), "nobody who is known is left")]


@pytest.mark.parametrize(("limit", "warning", "end"), [
    pytest.param(25, 20, 25, id="sooner"), pytest.param(50, 45, 50, id="later"),
    pytest.param(18, None, 18, id="sooner than its warning"), pytest.param(5, None, None, id="at once"),
])
def test_a6_6_its_longest_time_is_changed_then_it_holds_from_the_next_caller_on(world, limit, warning, end):
    """The next caller need not get in: he waits in the lobby."""
    options = {"meeting_limit": samples(30), "dial_in_bypass": False, "pin_limit": samples(100)}
    meetings = [Meeting("1234567", "48215", "amos", options=options)]
    played = world(amos(), guest(at=started_of_amos(14)), meetings=meetings, product="teams",
                   end_warning=samples(5)).run(10)
    options["meeting_limit"] = samples(limit)
    played.run(50)
    begun = started(played)
    found = played.bridge.journal.of("entered", caller="anna")[0].at
    assert samples(14) < found - begun < samples(17)
    assert warned(played) == ([] if warning is None else [begun + samples(warning)])
    assert over(played) == [(found if end is None else begun + samples(end), "longest meeting")]


def test_a6_it_ends_then_those_who_wait_are_told_too(world):
    played = world(amos(), guest(), product="teams", **SHORT).run(50)
    assert played.states("anna")[-3:] == ["lobby", "goodbye", "ended"]
    assert played.prompts("anna")[-1] == "meeting-ended"


def test_the_organizer_ends_it_in_the_app_then_everyone_is_told_and_the_next_finds_it_not_started(world):
    played = world(amos(), guest(), guest("bela", 12, keys="1234567#1")).run(8)
    played.bridge.end(key_of("1234567"))
    played.run(9)
    assert played.prompts("anna")[-1] == "meeting-ended"
    assert played.states("bela")[-1] == "lobby"


def test_a6_8_somebody_hangs_up_then_the_others_are_told(world):
    played = world(amos(), guest(hangs_up_after=samples(4)), announce_with="names").run(14)
    assert "left" in played.prompts("amos")


@pytest.mark.slow
def test_a6_4_the_real_ninety_minutes_then_in_virtual_time(world):
    meetings = [Meeting("1234567", "48215", "amos")]
    played = world(amos(hangs_up_after=samples(6)), guest(), meetings=meetings).run(6)
    left = played.bridge.journal.of("left", caller="amos") or played.run(2).bridge.journal.of("left", caller="amos")
    played.run(90 * 60 + 10)
    assert over(played) == [(left[0].at + samples(90 * 60), "nobody who is known is left")]
    assert "meeting-ends-soon" in played.prompts("anna")
