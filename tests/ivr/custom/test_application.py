"""An IVR from a file, called by stories: what it says, keeps, asks and connects."""

import numpy as np
import pytest

from dtmf.audiofile import write
from ivr.cli.kit import prompts
from ivr.custom.asking import AppReply
from ivr.custom.voice import OwnVoice
from ivr.engine.diagram import mermaid
from ivr.engine.events import Saying
from ivr.reading import BadFile, YamlNode
from ivr.scenario.own import ways_of
from ivr.scenario.sounding import SoundReader
from ivr.scenario.sounds import RecordedSound
from tests.ivr.custom.conftest import HERE, own

BYE = 'bye: {say: "Goodbye now.", then: hang up}\n'


class Answers:
    """An app in memory: answers at once, or when it is asked for what has come."""

    def __init__(self, *answers, later=False):
        self.answers, self.asked, self.later, self.waiting = list(answers), [], later, []

    def ask(self, outgoing):
        self.asked.append(dict(outgoing.facts))
        reply = AppReply(outgoing.call, outgoing.node, self.answers.pop(0))
        if self.later:
            self.waiting.append(reply)
            return None
        return reply

    def come(self):
        self.waiting, come = [], self.waiting
        return come


def states(result, caller="anna"):
    return [entry.facts["state"] for entry in result.journal.of("state", caller=caller)]


def said(result, caller="anna"):
    return [entry.facts["prompt"] for entry in result.journal.of("prompt", caller=caller)]


def test_own_ivr_when_variables_are_said_then_as_what_the_text_says():
    texts = own('start: a\nlanguages: [en-US, de-DE]\na: {ask: http://127.0.0.1, gives: [when, sum], then: b}\n'
                'b: {say: "On {when as date} at {when as time}, {sum as money}, {sum as number}, {sum as digits}, '
                '{sum}.", then: hang up}\n')
    voice = OwnVoice(texts, prompts(), None)
    filled = {"when": "2026-12-24T14:05", "sum": "12.5"}
    assert list(voice.slots("b")) == ["when", "sum"]
    assert voice.text("b", "en-US", **filled) == (
        "On December 24, 2026 at 2:05 PM 12.50 US dollars 12.5 1 2 . 5 12.5")
    assert "24. Dezember 2026 at 14:05 12,50 Euro 12,5" in voice.text("b", "de-DE", **filled)
    assert "on sunday" in voice.text("b", "en-US", when="on sunday", sum="").lower()


def test_own_ivr_when_a_secret_is_collected_then_it_is_sent_and_nothing_shows_it(tell):
    apps, told = Answers({"exit": "right", "name": "Amos", "more": "x" * 4000}), []
    result = tell('start: pin\npin: {collect: {digits: 4-6, secret: yes, say: "Your PIN, please."}, into: code, '
                  'then: check}\n'
                  'check: {ask: http://127.0.0.1:1/x, send: [code, caller], exits: {right: in, wrong: pin}}\n'
                  'in: {say: "Hello {name}.", then: hang up}\n',
                  '  anna:\n    - dial: {from: "+14255550123"}\n    - hear: pin\n    - press: 40286173#\n'
                  '    - press: 48215#\n    - hear: in\n    - in: ended\n',
                  apps=apps, watch=told.append)
    assert not result.failures, result.failures
    assert [(one["code"], one["caller"], one["node"]) for one in apps.asked] == [("48215", "+14255550123", "check")]
    assert not [event for event in told if "48215" in repr(event)]
    assert [event.slots for event in told if isinstance(event, Saying) and event.prompt == "in"] == [
        {"name": "Amos", "caller": "+14255550123", "called": ""}]
    assert "48215" not in result.journal.text()
    assert "40286173" not in result.journal.json_lines()
    assert states(result) == ["pin", "check", "in", "ended"]


def test_own_ivr_when_digits_need_no_key_at_the_end_then_taken_with_the_last(tell):
    result = tell('start: number\n'
                  'number: {collect: {digits: 3, end: none, say: "Three digits."}, into: x, then: say}\n'
                  'say: {say: "It is {x}.", then: hang up}\n',
                  "  anna:\n    - dial\n    - hear: number\n    - press: 123\n    - hear: say\n    - in: ended\n")
    assert not result.failures
    assert [entry.facts["digits"] for entry in result.journal.of("entered")] == ["123"]


def test_own_ivr_when_an_app_answers_nonsense_then_the_story_says_what_and_the_caller_is_told(tell):
    ivr = ('start: a\na: {ask: http://127.0.0.1:1, exits: {known: b, unknown: b}}\n'
           'b: {say: "Here you are.", then: hang up}\n')
    for answer, sentence in (({"exit": "knwon"}, "did you mean 'known'"), ({}, "has no 'exit'"),
                             ({"exit": "known", "b": "x"}, "which is no variable"),
                             ({"exit": "known", "x": ["y"]}, "neither a text nor a number"),
                             ({"exit": "known", "x": "y" * 5000}, "too much")):
        result = tell(ivr, "  anna:\n    - dial\n    - hear: fault\n    - in: ended\n", apps=Answers(answer))
        assert len(result.failures) == 1, answer
        assert sentence in result.failures[0].instead
        assert "line 2 of line.yaml" in result.failures[0].instead
    # a way that the file gives is taken, and nothing has gone wrong
    result = tell(ivr.replace("}}\nb", "}, failed: b}\nb"), "  anna:\n    - dial\n    - hear: b\n    - in: ended\n",
                  apps=Answers({"exit": "knwon"}))
    assert not result.failures


def test_own_ivr_when_an_answer_comes_later_then_the_caller_waits_and_keys_are_kept(tell):
    apps = Answers({"exit": "known"}, later=True)
    result = tell('start: a\na: {ask: http://127.0.0.1:1, exits: {known: b}}\n'
                  'b: {say: "Press one.", keys: {1: bye}}\n' + BYE,
                  "  anna:\n    - dial\n    - hear: b\n    - press: 1\n    - hear: bye\n    - in: ended\n"
                  "", apps=apps)
    assert not result.failures
    assert [entry.facts["answer"] for entry in result.journal.of("asked")] == ["known"]


def test_own_ivr_when_a_message_is_recorded_then_it_is_kept_and_can_be_heard(tell):
    kept = []
    result = tell('start: a\na: {record: {silence: 1 s}, say: "After the tone.", save: message, then: b, '
                  'nothing: bye}\n'
                  'b: {play: message, keys: {9: bye}, then: bye}\n' + BYE,
                  "  anna:\n    - dial\n    - hear: a\n    - hear: record-tone\n"
                  "    - say: This is my long message\n"
                  "    - hear: {recording: anna}\n"
                  "    - hear: bye\n    - in: ended\n"
                  "  bela:\n    - dial\n    - press: 5\n    - hear: record-tone\n    - hear: bye\n"
                  "    - in: ended\n",
                  keep=lambda name, caller, samples: kept.append((name, caller, samples)))
    assert not result.failures, result.failures
    assert [one[:2] for one in kept] == [("message", "anna")]
    assert states(result) == ["a", "b", "bye", "ended"]
    assert states(result, "bela") == ["a", "bye", "ended"]
    anna = next(take for take in result.takes if take.caller == "anna")
    place = np.correlate(anna.heard.astype(float), kept[0][2][:8000].astype(float), "valid").argmax()
    assert place > result.journal.of("recorded")[0].at - anna.dialled_at - 320


def test_own_ivr_when_a_flow_is_gone_through_twice_then_it_comes_back_by_how_it_ends(tell):
    result = tell('start: first\nfirst: {do: check, exits: {right: second, wrong: bye}}\n'
                  'second: {do: check, exits: {right: bye, wrong: bye}}\n' + BYE +
                  'flows:\n  check:\n    start: ask\n    ask: {say: "One is right.", keys: {1: good, 2: bad}}\n'
                  '    good: {say: "Very good.", then: return right}\n'
                  '    bad: {say: "That is wrong.", then: return wrong}\n',
                  "  anna:\n    - dial\n    - hear: ask\n    - press: 1\n    - hear: good\n    - hear: ask\n"
                  "    - press: 2\n    - hear: bad\n    - hear: bye\n    - in: ended\n")
    assert not result.failures, result.failures
    assert result.taken >= {("first", "right"), ("second", "wrong"), ("ask", "1"), ("ask", "2")}


@pytest.mark.slow  # every prompt of German is spoken
def test_own_ivr_when_languages_are_offered_then_each_in_itself_and_prompts_in_the_one_chosen(tell):
    result = tell('start: a\nlanguages: en-US, de-DE\na: {choose: language, then: b}\n'
                  'b: {say: {en-US: "Good day to you.", de-DE: "Guten Tag allerseits."}, then: hang up}\n',
                  "  anna:\n    - dial\n    - hear: this-language\n    - press: 2\n"
                  "    - hear: {prompt: b, language: de-DE}\n    - in: ended\n")
    assert not result.failures, result.failures


def test_own_ivr_when_time_is_to_pass_then_music_and_then_on(tell):
    result = tell('start: a\na: {wait: 6 s, music: yes, say: "One moment.", then: bye}\n' + BYE,
                  "  anna:\n    - dial\n    - hear: a\n    - hear: hold-music\n    - hear: bye\n    - in: ended\n")
    assert not result.failures
    at = {entry.facts["state"]: entry.at for entry in result.journal.of("state")}
    assert at["bye"] - at["a"] == pytest.approx(6 * 8000, abs=160)


def test_own_ivr_when_it_goes_round_without_a_pause_then_the_caller_is_let_go_and_the_story_says_where(tell):
    result = tell('start: a\na: {ask: http://127.0.0.1:1, then: b}\nb: {say: "{x}", then: a}\n',
                  "  anna:\n    - dial\n    - hear: fault\n    - in: ended\n", apps=Answers(*[{"x": ""}] * 100))
    assert "goes round in a circle" in result.failures[0].instead
    assert states(result)[-2:] == ["fault", "ended"]


# transfers and conferences


def test_own_ivr_when_somebody_is_dialled_then_both_speak_until_one_hangs_up(tell):
    ivr = 'start: a\na: {transfer: "+14255550199", busy: b, no answer: c, then: bye, ring: 4 s}\n' + BYE + (
        'b: {say: "The line is busy.", then: hang up}\nc: {say: "Nobody is there.", then: hang up}\n')
    result = tell(ivr, '  anna:\n    - dial\n    - hear: {voice: rita}\n    - say: Good morning Rita\n'
                  '    - hear: bye\n    - in: ended\n'
                  '  rita:\n    - answers: "+14255550199"\n    - say: Hello, this is Rita\n'
                  '    - hear: {voice: anna}\n'
                  '    - hang up\n')
    assert not result.failures, result.failures
    for word, prompt in (("busy", "b"), ("no answer", "c")):
        result = tell(ivr, f'  anna:\n    - dial\n    - hear: {prompt}\n    - in: ended\n'
                      f'  rita:\n    - {word}: "+14255550199"\n')
        assert not result.failures, (word, result.failures)
    # where nobody has the number it rings until it is given up
    result = tell(ivr, "  anna:\n    - dial\n    - hear: hold-music\n    - hear: c\n")
    assert not result.failures
    # who hangs up while it rings is forgotten there, and the number can be dialled again
    result = tell(ivr, '  anna:\n    - dial\n    - wait: 1 s\n    - hang up\n'
                  '  bela:\n    - wait: 2 s\n    - dial\n    - hear: {voice: rita}\n    - hang up\n'
                  '  rita:\n    - wait: 3 s\n    - answers: "+14255550199"\n    - say: Hello, this is Rita\n'
                  '    - in: ended\n')
    assert not result.failures, result.failures
    assert not result.journal.of("came-to-room", caller="anna")


def test_own_ivr_when_a_conference_waits_for_its_host_then_music_and_it_ends_with_him(tell):
    ivr = ('start: a\na: {say: "One for the host.", keys: {1: host, 2: guest, 3: listener}}\n'
           'host: {conference: room-1, start-on-enter: yes, end-on-exit: yes, then: bye}\n'
           'guest: {conference: room-1, start-on-enter: no, wait-music: yes, beep: yes, then: bye}\n'
           'listener: {conference: room-1, mute: yes, then: bye, say: "You listen."}\n' + BYE)
    result = tell(ivr, '  anna:\n    - dial\n    - press: 2\n    - hear: hold-music\n    - hear: {voice: host}\n'
                  '    - say: This is Anna speaking\n    - not hear: {voice: carl}\n      for: 4 s\n'
                  '    - hear: bye\n'
                  '  host:\n    - wait: 8 s\n    - dial\n    - press: 1\n    - wait: 1 s\n'
                  '    - say: Welcome to you all\n'
                  '    - hear: {voice: anna}\n    - wait: 8 s\n    - hang up\n'
                  '  carl:\n    - wait: 12 s\n    - dial\n    - press: 3\n    - wait: 1 s\n'
                  '    - say: Nobody can hear me\n    - hear: bye\n')
    assert not result.failures, result.failures
    rooms = [(entry.caller, entry.event) for entry in result.journal.of("came-to-room", "left-room")]
    assert rooms[:3] == [("host", "came-to-room"), ("anna", "came-to-room"), ("carl", "came-to-room")]


def test_own_ivr_when_a_call_breaks_off_in_a_conference_then_the_others_go_on(tell):
    ivr = ('start: a\na: {conference: room, then: b}\nb: {ask: http://127.0.0.1:1, then: a}\n')
    result = tell(ivr, '  anna:\n    - dial\n    - wait: 3 s\n    - say: I am still here\n    - wait: 1 s\n'
                  '  bela:\n    - dial\n    - wait: 1 s\n    - hang up\n'
                  '  carl:\n    - dial\n    - hear: {voice: anna}\n')
    assert not result.failures, result.failures


def test_own_ivr_when_a_recording_is_played_then_heard_by_the_node_or_by_the_file(tell, tmp_path):
    write(tmp_path / "hello.wav", prompts().say("Welcome to the bicycle shop."), 8000)
    result = tell('start: a\na: {play: hello.wav, then: b}\nb: {play: hello.wav, then: bye}\n' + BYE,
                  "  anna:\n    - dial\n    - hear: a\n    - hear: hello.wav\n    - hear: bye\n")
    assert not result.failures, result.failures


@pytest.mark.parametrize(("rooms", "never"), [
    ("a: {conference: r}\n", {"together", "over"}), ("a: {conference: r, end-on-exit: yes}\n", {"together"}),
    ("a: {conference: r, start-on-enter: no, then: b}\nb: {conference: r, start-on-enter: no, end-on-exit: yes}\n",
     {"together"})])
def test_exits_of_a_conference_when_no_call_can_take_them_then_neither_counted_nor_drawn(rooms, never):
    line = own("start: a\n" + rooms)
    assert {exit_ for _, name, exit_ in ways_of(line) if name == "a"} == {"together", "over"} - never
    assert ("over" in mermaid(line.flows[0], never=line.never)) is ("over" not in never)


def test_a_recording_that_nobody_made_when_an_own_ivr_is_called_then_told_how_it_is_heard():
    line = own('start: a\na: {say: "Hello.", then: hang up}\n')
    said = YamlNode(HERE, 1, {"recording": YamlNode(HERE, 1, "zed", BadFile)}, BadFile)
    with pytest.raises(BadFile, match=r"there is no caller 'zed': .* heard by the node's name"):
        SoundReader(HERE.parent, line, ("anna",), ("a",), ("en-US",), ()).sound(said)


def test_what_a_caller_recorded_when_a_name_ends_like_sound_then_it_is_a_file():
    callers = SoundReader(HERE.parent, None, ("anna", "anna.wav"), (), ("en-US",), ())
    fields = [YamlNode(HERE, 1, {"recording": YamlNode(HERE, 1, name, BadFile)}, BadFile)
              for name in ("anna", "anna.wav")]
    assert callers.sound(fields[0]) == (RecordedSound("anna"), "{recording: anna}")
    with pytest.raises(BadFile, match="no such recording"):
        callers.sound(fields[1])
