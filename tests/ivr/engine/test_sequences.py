"""Keys that belong together: of a menu, while something is played, and in place of an entry; time decides."""

import pytest

from ivr.engine.call import Call
from ivr.engine.flow import STAY, Flow, To
from ivr.engine.nodes import Collect, End, Menu, Park, Play, Record
from ivr.engine.requests import Do, KeepRecording, Listen, StopRecording
from ivr.secrecy import Secrecy

KEYS = ("3", "33", "1", "1#", "00", "#")
SILENCE = "."


def walked(node, typed, *ends):
    """Return a call that has typed keys at a node, "." for the time of the next key being over."""
    nodes = {"here": node, **{end: Park(state=end) for end in ends}, "end": End()}
    call = Call(serial=1, caller="anna", row=0, flows={"test": Flow("test", "here", nodes, To("end"))})
    asked = [*call.answered(), *([] if isinstance(node, Play) else call.all_said())]
    for at, key in enumerate(typed):
        asked += call.quiet() if key == SILENCE else call.key(key, 100 + at)
    return call, asked


def exits(*more):
    return {key: To(key) for key in KEYS} | {one: To(one) for one in more}


@pytest.mark.parametrize(("typed", "where"), [
    ("3", "here"), ("3.", "3"), ("33", "33"), ("1#", "1#"), ("1.", "1"), ("#", "#"), ("0", "here"), ("00", "00"),
    ("0.", "wrong"), ("7", "wrong"), (".", "silence")])
def test_menu_when_keys_begin_others_then_time_or_the_next_key_decides(typed, where):
    menu = Menu(state="here", prompts=("menu",), keys={key: key for key in KEYS}, wait=1000, next_=400,
                exits=exits() | {"other": To("wrong"), "silence": To("silence")})
    call, asked = walked(menu, typed, *KEYS, "wrong", "silence")
    assert call.state == where
    assert (Listen(400) in asked) == (typed[0] in "310")


def test_menu_when_another_key_follows_a_whole_one_then_it_is_the_first_one_where_that_led_to():
    menu = Menu(state="here", prompts=("menu",), keys={"3": "on", "33": "end"}, wait=1000,
                exits={"on": To("digits"), "end": To("end"), "other": To("end"), "silence": To("end")})
    digits = Collect(state="digits", prompts=("digits",), lengths=range(1, 5), first=1000, next_=400, exits={
        one: To("end") for one in ("entered", "nothing heard", "wrong", "gave up")})
    nodes = {"here": menu, "digits": digits, "end": End()}
    call = Call(serial=1, caller="anna", row=0, flows={"test": Flow("test", "here", nodes, To("end"))})
    call.answered()
    call.all_said()
    for key in "35":
        call.key(key, 100)
    assert (call.state, call.entry.digits) == ("digits", "5")


@pytest.mark.parametrize(("typed", "done", "where"), [
    ("3", [], "here"), ("3.", ["forward"], "here"), ("33", [], "33"), ("31", ["forward"], "1"),
    ("2", ["hold"], "here"), ("9", [], "here"), ("32", ["forward", "hold"], "here")])
def test_play_when_keys_begin_others_then_it_goes_on_playing_until_one_is_meant(typed, done, where):
    keys = {"3": "forward", "33": "33", "1": "1", "2": "hold"}
    play = Play(state="here", what="it", keys=keys, next_=400, exits={
        "ended": To("end"), "33": To("33"), "1": To("1"), "forward": To(STAY, does=("forward",)),
        "hold": To(STAY, does=("hold",))})
    call, asked = walked(play, typed, "33", "1")
    assert [one.command for one in asked if isinstance(one, Do)] == done
    assert call.state == where


@pytest.mark.parametrize(("typed", "where", "digits"), [
    ("#", "here", ""), ("##", "other", ""), ("#.", "silent", ""), ("*", "back", ""), ("12#", "entered", "12"),
    ("1*", "here", ""), ("0", "here", ""), ("00", "all", ""), ("05#", "entered", "05"), ("0#", "short", "")])
def test_collect_when_keys_stand_for_something_else_then_only_before_the_first_digit(typed, where, digits):
    node = Collect(state="here", label="number", prompts=("number?",), lengths=range(2, 5), first=1000, next_=400,
                   instead={"##": "other", "*": "back", "00": "all"}, exits={
                       "entered": To("entered"), "nothing heard": To("silent"), "wrong": To("short"),
                       "gave up": To("short"), "other": To("other"), "back": To("back"), "all": To("all")})
    call, _ = walked(node, typed, "entered", "silent", "short", "other", "back", "all")
    assert (call.state, call.entry.digits) == (where, digits)


def test_collect_when_a_digit_began_something_else_then_it_came_when_it_was_pressed():
    node = Collect(state="here", prompts=("number?",), lengths=range(2, 5), first=1000, next_=400,
                   instead={"00": "all"}, secrecy=Secrecy.SHOWN, exits={
                       one: To("end") for one in ("entered", "nothing heard", "wrong", "gave up", "all")})
    call, _ = walked(node, "05")
    assert (call.entry.digits, call.entry.times) == ("05", [100, 101])


@pytest.mark.parametrize("keeps", [False, True])
def test_recording_when_its_caller_hangs_up_then_what_there_is_goes_to_the_application_if_it_keeps(keeps):
    node = Record(state="here", longest=1000, silence=100, keeps=keeps, exits={
        "recorded": To("end"), "nothing": To("end")})
    call, _ = walked(node, "")
    asked = call.end()
    assert [type(one) for one in asked if isinstance(one, KeepRecording | StopRecording)] == [
        KeepRecording if keeps else StopRecording]
