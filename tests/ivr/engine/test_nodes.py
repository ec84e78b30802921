"""Each kind of node against what its table says, for keys and silences as they come by chance."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.call import Call
from ivr.engine.flow import STAY, Flow, FlowError, To
from ivr.engine.keys import CallerCommands
from ivr.engine.nodes import Ask, Collect, End, Language, Menu, Park, Play, Record, Return, Say, Sub
from ivr.engine.requests import (
    Cut,
    Do,
    EndRecording,
    Listen,
    Music,
    Note,
    PlayBack,
    Question,
    Speak,
    StartRecording,
    StopRecording,
)
from ivr.secrecy import Secrecy

KEYS = st.lists(st.sampled_from("0123456789*#"), max_size=14).map("".join)
FIRST, NEXT = 80000, 40000


class Caller(Call):
    """A call that commands can be given in."""

    def keys(self):
        return CallerCommands("*", {"help": "1", "mute": "6", "admit": "21", "mute all": "22"}, NEXT)


def at(node, exits=(), on=(), languages=("en-US",), flows=(), **more):
    """Return a call at a node whose exits lead to nodes of the same names, and what was asked on the way."""
    kind, facts = node
    ways = {**{one: To(one) for one in exits}, **more}
    nodes = {"here": kind(exits=ways, on={one: To(one) for one in on}, **facts)}
    others = {to.node for to in ways.values()} | set(on)
    nodes |= {one: Park(state=one) for one in others - {"here", STAY}}
    flow = Flow("test", "here", {**nodes, "end": End()}, To("end"), outside=frozenset(on),
                impossible={event: frozenset({*nodes, "end"} - {"here"}) for event in on})
    call = Caller(serial=1, caller="anna", row=0, languages=languages, flows={"test": flow, **dict(flows)})
    return call, call.answered()


def kinds(requests, kind):
    return [one for one in requests if isinstance(one, kind)]


# digits


def collecting(secrecy=Secrecy.SHOWN_IF_VALID, **facts):
    return Collect, {"state": "here", "label": "number", "prompts": ("number?",), "lengths": range(4, 6),
                     "tries": 1, "first": FIRST, "next_": NEXT, "secrecy": secrecy, **facts}


OUTCOMES = ("entered", "nothing heard", "too short", "too long", "gave up")


def read_out(typed, *, ends_with_star, overfull):
    """What the table of `Collect` says: the digits of the entry, and what it is, None while it goes on."""
    digits = ""
    for n, key in enumerate(typed):
        if key == "*":
            if ends_with_star and len(digits) in (4, 5):
                return digits, "entered", typed[n + 1:]
            digits = ""
        elif key == "#":
            return digits, ("nothing heard", "too short", "entered", "too long")[
                (len(digits) > 0) + (len(digits) > 3) + (len(digits) > 5)], typed[n + 1:]
        else:
            digits += key
    what = ("nothing heard", "too short", "entered", "overfull" if overfull else "too long")[
        (len(digits) > 0) + (len(digits) > 3) + (len(digits) > 5)]
    return digits, what, ""


@given(KEYS, st.booleans(), st.booleans(), st.booleans())
def test_collect_when_anything_is_typed_then_what_the_table_says(typed, star, overfull, over):
    node = collecting(ends_with_begin_again=star)
    call, _ = at(node, (*OUTCOMES, *(("overfull",) if overfull else ())))
    digits, what, _ = read_out(typed, ends_with_star=star, overfull=overfull)
    requests = call.all_said() if over else []
    for n, key in enumerate(typed):
        if call.state != "here":
            break
        requests += call.key(key, n)
    if call.state == "here":
        requests += call.quiet()
    assert call.state == (what if what in ("entered", "overfull") else "gave up")
    refused = [note.facts for note in kinds(requests, Note) if note.event == "refused"]
    assert refused == ([] if what in ("entered", "overfull") else [{"entry": "number", "reason": what, "try": 1}])
    if what in ("entered", "overfull"):
        assert call.entry.digits == digits
    # nothing that may be a secret is in what is noted
    assert {note.facts.get("digits", "****") for note in kinds(requests, Note)} <= {"****"}


@given(st.integers(1, 5), st.data())
def test_collect_when_it_fails_then_asked_again_with_the_reason_as_often_as_there_are_tries(tries, data):
    again = {one: To("here", (one,)) for one in ("nothing heard", "too short", "too long")}
    call, asked = at(collecting(tries=tries), ("entered", "gave up"), **again)
    assert [[one.prompt for one in speak.parts] for speak in kinds(asked, Speak)] == [["number?"]]
    for n in range(1, tries + 1):
        typed = data.draw(st.sampled_from(("#", "12#", "123456#")))
        requests = [one for key in typed for one in call.key(key, 0)]
        spoken = [[one.prompt for one in speak.parts] for speak in kinds(requests, Speak)]
        if n < tries:
            assert len(spoken) == 1
            assert spoken[0][1:] == ["number?"]
            assert call.state == "here"
            # the question is said whole before its time begins
            assert kinds(requests, Listen)[-1] == Listen(None)
            assert call.all_said() == [Listen(FIRST)]
    assert call.state == "gave up"


@given(st.text("0123456789", min_size=4, max_size=5), st.sampled_from(("1", "2", "*", "#", None)))
def test_collect_when_it_is_confirmed_then_read_out_and_taken_or_asked_for_anew(digits, answer):
    call, _ = at(collecting(confirm="right?", tries=3), OUTCOMES)
    requests = [one for key in f"{digits}#" for one in call.key(key, 0)]
    said = kinds(requests, Speak)[-1].parts[0]
    assert (said.prompt, said.slots["digits"], call.state) == ("right?", digits, "here")
    requests = call.quiet() if answer is None else call.key(answer, 0)
    assert call.state == ("entered" if answer == "1" else "here")
    if answer != "1":
        assert call.entry.digits == ""
        assert [one.prompt for one in kinds(requests, Speak)[-1].parts] == ["number?"]
        for _ in range(2):  # nobody goes on so for ever
            for key in f"{digits}#*":
                call.key(key, 0)
        assert call.state == "gave up"


def test_collect_when_a_secret_was_to_be_read_out_then_refused():
    with pytest.raises(FlowError, match=r"^what is keyed at the node 'here' is secret, so it is not read out"):
        at(collecting(Secrecy.HIDDEN, confirm="right?"), OUTCOMES)


@given(KEYS)
def test_collect_when_its_question_is_said_whole_then_keys_wait_for_its_end_and_none_is_lost(typed):
    one, _ = at(collecting(barge_in=False), OUTCOMES)
    for n, key in enumerate(typed):
        assert one.key(key, n) == []
    one.all_said()
    other, _ = at(collecting(), OUTCOMES)
    for n, key in enumerate(typed):
        other.key(key, n)
    assert (one.state, one.entry) == (other.state, other.entry)


def test_collect_when_several_languages_then_offered_and_their_key_first_leads_there():
    node = collecting(language_key="*", offer="language?")
    call, asked = at(node, (*OUTCOMES, "other language"), languages=("en-US", "fr-FR"))
    assert [one.prompt for one in kinds(asked, Speak)[0].parts] == ["number?", "language?"]
    call.key("7", 0)
    call.key("*", 0)
    assert call.state == "here"  # it began again
    call.key("*", 0)
    assert call.state == "other language"
    call, asked = at(node, (*OUTCOMES, "other language"))
    call.key("*", 0)
    assert (call.state, len(kinds(asked, Speak)[0].parts)) == ("here", 1)


# one key


@given(st.sampled_from("0123456789*#"), st.booleans(), st.booleans())
def test_menu_when_a_key_comes_then_its_exit_or_other_or_a_failure(key, other, secret):
    node = Menu, {"state": "here", "label": "choice", "prompts": ("which?",), "keys": {"1": "one", "#": "hash"},
                  "wait": NEXT, "tries": 1, "secrecy": Secrecy.HIDDEN if secret else Secrecy.SHOWN_IF_VALID}
    exits = ("one", "hash", *(("other", "silence") if other else ("unknown", "nothing heard", "gave up")))
    call, _ = at(node, exits)
    assert call.all_said() == [Listen(NEXT)]
    noted = [note.facts for note in kinds(call.key(key, 0), Note) if note.event == "key"]
    assert call.state == {"1": "one", "#": "hash"}.get(key, "other" if other else "gave up")
    assert noted[0]["key"] == (key if key in "1#" and not secret else "•")
    call, _ = at(node, exits)
    call.quiet()
    assert call.state == ("silence" if other else "gave up")


@given(st.integers(1, 5), st.sampled_from("0123456789*#"))
def test_language_when_a_key_comes_then_the_language_of_that_number(count, key):
    languages = ("en-US", "fr-FR", "de-DE", "es-ES", "zh-CN")[:count]
    node = Language, {"state": "here", "label": "language", "prompt": "this-language", "wait": NEXT, "tries": 1}
    call, asked = at(node, ("chosen", "unknown", "nothing heard", "gave up"), languages=languages)
    assert [(one.language, one.slots["key"]) for one in kinds(asked, Speak)[0].parts] == [
        (one, str(n)) for n, one in enumerate(languages, 1)]
    call.key(key, 0)
    wanted = key.isdigit() and 1 <= int(key) <= count
    assert call.state == ("chosen" if wanted else "gave up")
    assert call.language == (languages[int(key) - 1] if wanted else "")


# what the application knows


@given(KEYS, KEYS, st.booleans())
def test_ask_when_keys_come_meanwhile_then_all_reach_the_next_question_in_order(before, after, ends):
    nodes = {
        "here": Ask(state=None, question="which?", answers=frozenset({"so"}), exits={"so": To("next")}),
        "next": Collect(state="next", label="number", prompts=("number?",), lengths=range(4, 6), first=FIRST,
                        next_=NEXT, tries=1, exits={one: To(one) for one in OUTCOMES}),
        **{one: Park(state=one) for one in OUTCOMES}, "end": End()}
    flow = Flow("test", "here", nodes, To("end", ("sorry",)))
    call, plain = (Caller(serial=1, caller="anna", row=0, flows={"test": flow}) for _ in range(2))
    assert kinds(call.answered(), Question) == [Question("which?")]
    assert not [one for n, key in enumerate(before) for one in call.key(key, n)]
    call.answer("which?", "so")
    plain.answered()
    plain.answer("which?", "so")
    for n, key in enumerate(before):
        plain.key(key, n)
    for one in (call, plain):
        for n, key in enumerate(after):
            one.key(key, 100 + n)
        if ends:
            one.quiet()
    assert (call.state, call.entry, call.ahead) == (plain.state, plain.entry, plain.ahead)


def test_ask_when_the_call_has_moved_on_then_its_answer_is_an_event_or_only_noted():
    node = Ask, {"state": "here", "question": "PIN?", "of": "PIN", "answers": frozenset({"right", "wrong"}),
                 "refusals": frozenset({"wrong"})}
    for answer, state in (("right", "right"), ("wrong", "opened")):
        flow = Flow("test", "here", {
            "here": node[0](exits={one: To(one) for one in ("right", "wrong", "gave up")},
                            on={"opened": To("opened")}, **node[1]),
            "opened": Park(state="opened", on={"right": To("right")}),
            **{one: Park(state=one) for one in ("right", "wrong", "gave up")}, "end": End()},
            To("end"), outside=frozenset({"opened", "right"}), impossible={
                "opened": frozenset({"opened", "right", "wrong", "gave up", "end"}),
                "right": frozenset({"here", "right", "wrong", "gave up", "end"})})
        call = Caller(serial=1, caller="anna", row=0, flows={"test": flow})
        call.entry.add("4", 5)
        call.answered()
        call.told("opened")
        requests = call.answer("PIN?", answer)
        assert call.state == state
        assert [note.facts["digits"] for note in kinds(requests, Note) if note.event == "entered"] == ["****"]


# sound


@given(st.sampled_from("0123456789*#"))
def test_say_when_a_key_comes_then_cut_and_handed_on(key):
    call, asked = at((Say, {"state": "here", "prompts": ("hello",)}), keyed=To("keyed"), ended=To("ended"))
    assert [one.prompt for one in kinds(asked, Speak)[0].parts] == ["hello"]
    assert isinstance(call.key(key, 0)[0], Cut)
    assert call.state == "keyed"
    call, _ = at((Say, {"state": "here", "prompts": ("hello",)}), ("keyed", "ended"))
    call.all_said()
    assert call.state == "ended"


@given(KEYS)
def test_record_when_keys_come_then_the_first_hash_ends_it_and_no_other_is_told(typed):
    node = Record, {"state": "here", "longest": FIRST, "silence": NEXT}
    call, _ = at(node, ("recorded", "nothing"))
    requests = [one for n, key in enumerate(typed) for one in call.key(key, n)]
    assert len(kinds(requests, EndRecording)) == typed.count("#")
    assert not [note for note in kinds(requests, Note) if re.search("[0-9*]", note.facts["key"])]
    assert StopRecording() in call.leave_by("recorded")


@given(KEYS)
def test_play_when_keys_come_then_those_that_mean_something_do_it(typed):
    node = Play, {"state": "here", "what": "message", "keys": {"1": "again", "3": "faster", "9": "out"}}
    call, asked = at(node, ("ended", "out"), again=To("here"), faster=To(STAY, does=("faster",)))
    assert kinds(asked, PlayBack) == [PlayBack("message")]
    requests = [one for n, key in enumerate(typed) for one in call.key(key, n) if call.state == "here"]
    until = typed.partition("9")[0]
    assert kinds(requests, Do).count(Do("faster")) == until.count("3")
    assert call.state == ("out" if "9" in typed else "here")


# where the application has the call


def commands_of(typed):
    """The commands among keys that follow each other quickly; empty is one that is none."""
    found, command = [], None
    for key in typed:
        if key == "*":
            command = ""
        elif command is not None:
            command += key
            known = {"1": "help", "6": "mute", "21": "admit", "22": "mute all"}
            if command != "2":
                found.append(known.get(command, ""))
                command = None
    return found, command


@given(KEYS)
def test_park_when_commands_are_keyed_then_the_application_gets_them_and_nobody_the_keys(typed):
    call, _ = at((Park, {"state": "here", "commands": True}))
    requests = [one for n, key in enumerate(typed) for one in call.key(key, n)]
    found, rest = commands_of(typed)
    assert [one.command for one in kinds(requests, Do)] == found
    assert {note.facts["key"] for note in kinds(requests, Note)} <= {"•"}
    over = call.quiet()
    assert [one.command for one in kinds(over, Do)] == [""], rest


@given(KEYS)
def test_park_when_it_has_no_commands_then_keys_cut_and_do_nothing(typed):
    call, _ = at((Park, {"state": "here", "music": True}))
    requests = [one for n, key in enumerate(typed) for one in call.key(key, n)]
    assert len(kinds(requests, Cut)) == len(typed)
    assert kinds(requests, Do) == []


# flows within flows


@given(st.integers(1, 6), st.sampled_from(("in", "out")))
def test_sub_when_flows_are_nested_then_each_comes_back_by_how_the_inner_one_ended(depth, how):
    flows = {}
    for level in range(depth, 0, -1):
        inner = {"here": Sub(state=None, flow=f"level {level}", ends=frozenset({"in", "out"}),
                             exits={"in": To("in"), "out": To("out")})} if level < depth else {
            "here": Menu(state=f"level {level}", prompts=("which?",), keys={"1": "in"}, wait=NEXT,
                         exits={"in": To("in"), "other": To("out"), "silence": To("out")})}
        flows[f"level {level - 1}" if level > 1 else "test"] = Flow(
            f"level {level - 1}" if level > 1 else "test", "here",
            {**inner, "in": Return(state=None, how="in") if level > 1 else Park(state="in"),
             "out": Return(state=None, how="out") if level > 1 else Park(state="out"), "end": End()}, To("end"))
    call = Caller(serial=1, caller="anna", row=0, flows=dict(reversed(flows.items())))
    call.answered()
    assert call.state == f"level {depth}"
    call.key("1" if how == "in" else "2", 0)
    assert (call.state, call.stack) == (how, [])


@given(KEYS)
def test_sub_when_keys_are_typed_ahead_of_it_then_all_reach_the_flow_within(typed):
    inner = Flow("inner", "digits", {
        "digits": Collect(state="digits", label="number", prompts=("number?",), lengths=range(30, 31), first=FIRST,
                          next_=NEXT, begin_again="", terminator="", exits={one: To("out") for one in OUTCOMES}),
        "out": Return(state=None, how="out"), "end": End()}, To("end"))
    outer = Flow("test", "here", {
        "here": Ask(state=None, question="which?", answers=frozenset({"so"}), exits={"so": To("sub")}),
        "sub": Sub(state=None, flow="inner", ends=frozenset({"out"}), exits={"out": To("over")}),
        "over": Park(state="over"), "end": End()}, To("end"))
    call = Caller(serial=1, caller="anna", row=0, flows={"test": outer, "inner": inner})
    call.answered()
    for n, key in enumerate(typed):
        call.key(key, n)
    call.answer("which?", "so")
    assert (call.state, call.entry.digits, list(call.ahead)) == ("digits", typed, [])


@given(KEYS, st.integers(1, 5))
def test_collect_when_it_is_complete_with_its_last_digit_then_taken_at_once(typed, longest):
    call, _ = at(collecting(complete=True, terminator="", begin_again="", lengths=range(longest, longest + 1)),
                 OUTCOMES)
    digits = [key for key in typed if key.isdigit()]
    for key in digits:
        if call.state == "here":
            call.key(key, 0)
    assert call.state == ("entered" if len(digits) >= longest else "here")
    assert call.entry.digits == "".join(digits[:longest])


@pytest.mark.parametrize("key", ["", "#", "5"])
def test_record_when_it_says_something_first_then_the_tone_comes_after_it_or_after_a_key(key):
    call, asked = at((Record, {"state": "here", "longest": FIRST, "silence": NEXT, "prompts": ("after the tone",)}),
                     ("recorded", "nothing"))
    assert [one.prompt for speak in kinds(asked, Speak) for one in speak.parts] == ["after the tone"]
    assert not kinds(asked, StartRecording)
    begun = call.key(key, 0) if key else call.all_said()
    if key:
        call.telling = False  # as the bridge does when it cuts
    assert kinds(begun, StartRecording) == [StartRecording(FIRST, NEXT)]
    assert kinds(call.key("#", 1), EndRecording) == [EndRecording()]


def test_park_when_a_call_comes_then_told_what_is_said_and_the_application_what_to_do():
    _, asked = at((Park, {"state": "here", "prompts": ("one moment",), "music": True, "does": ("begin",)}))
    kept = [one for one in asked if isinstance(one, Speak | Music | Do)]
    assert [type(one) for one in kept] == [Speak, Music, Do]
    assert kept[-1] == Do("begin")
