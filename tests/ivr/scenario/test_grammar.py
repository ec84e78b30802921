"""What a scenario file may say, and the one sentence about each thing it may not."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sampled import examples

from ivr.conference.profile import PROFILES
from ivr.directory.administration import ADMINISTRATIONS
from ivr.mail.letters import LetterKind
from ivr.scenario.app import OF_PARTICIPANTS
from ivr.scenario.desk.orders import BEGINNING, ORDERS
from ivr.scenario.desk.words import CLAIMS, PIN_STATES, SECTIONS
from ivr.scenario.errors import ScenarioError
from ivr.scenario.expectations import OUTCOMES
from ivr.scenario.grammar import load, parse
from ivr.scenario.including import INCLUDE
from ivr.scenario.slotted import SLOTS
from ivr.scenario.sounding import SOUNDS
from ivr.scenario.steps import Dial, PlayStep
from ivr.scenario.words import STATES, STEPS, TOP
from tests.ivr.scenario.reading import WORDS, expect, steps, story

ROOT = Path(__file__).parents[3]


def complaint(text):
    with pytest.raises(ScenarioError) as caught:
        story(text)
    return str(caught.value)


def meeting(*lines):
    return "callers:\n  anna:\n    - dial\nmeetings:\n  - " + "\n    ".join(lines) + "\n"


def step(*lines):
    return "callers:\n  anna:\n    - dial\n    - " + "\n      ".join(lines) + "\n"


# each sentence begins with "story.yaml", then a line where one is to blame
BAD = {
    "misspelt step": (step("haer: hold-music"), ":4: there is no step 'haer'; did you mean 'hear'?"),
    "misspelt bare step": (step("hangup"), ":4: there is no step 'hangup'; did you mean 'hang up'?"),
    "dial with nothing": (step("dial: {}"), ":4: the step 'dial' stands alone, or takes 'number', which is "
                                            "dialled, and 'from', the caller's own"),
    "dial with another word": (step("dial: {to: +14255550100}"),
                               ":4: the step 'dial' has no 'to'; it takes from, number"),
    "dial what is no number": (step("dial: {number: bela}"), ":4: 'bela' is no phone number: write it with its "
                                                           "country's code, such as +14255550123"),
    "step like no other": (step("xyz: 1"), ":4: there is no step 'xyz'; it takes answered, dial, ended, hang up, "
                                           "hear, hear only, in, line, not hear, play, press, say, voice, wait, "
                                          "wait for"),
    "unknown top key": ("callers:\n  anna:\n    - dial\ntitel: A story\n",
                        ":4: a scenario has no 'titel'; did you mean 'title'?"),
    "unknown top key of a block": ("callers:\n  anna:\n    - dial\nmeeting:\n  - pin: 1234\n",
                                   ":4: a scenario has no 'meeting'; did you mean 'meetings'?"),
    "unknown key of a meeting": (meeting("conference id: 1234567", "organiser: amos"),
                                 ":6: a meeting has no 'organiser'; did you mean 'organizer'?"),
    "unknown key of a step": (step("hear: welcome", "witin: 3 s"),
                              ":5: the step 'hear' has no 'witin'; did you mean 'within'?"),
    "wait with a key": (step("wait: 3 s", "within: 3 s"), ":5: the step 'wait' has no 'within': it stands alone"),
    "another step's word": (step("hear: welcome", "gap: 60 ms"),
                            ":5: the step 'hear' has no 'gap'; it takes at, begins, cut, early, for, level, "
                            "same tick as, times, whole, within"),
    "misspelt step after another": (step("press: 1", "haer: welcome"),
                                    ":5: the step 'press' has no 'haer'; did you mean 'hear'?"),
    "step without its colon": ("callers:\n  anna: [{press: 1, in lobby}]\n",
                               ":2: the step 'in' needs a colon before its value"),
    "sounds in a list": (step("hear: [welcome, joining]"),
                         ":4: one thing is heard after the other: write a step for each; 'hear only' takes lists"),
    "beside a list": ("callers:\n  anna:\n    - press: 1\n    hear: welcome\n",
                      ":4: this is not YAML: this line is indented otherwise than the one that it stands beside"),
    "step twice": (step("press: 1", "press: 2"), ":5: 'press' stands here twice: begin the second one with '- '"),
    "state twice": (step("in: lobby", "in: ended"), ":5: 'in' stands here twice: begin the second one with '- '"),
    "key twice": ("title: One\ntitle: Two\n", ":2: 'title' stands here twice: keep one of them"),
    "caller twice": ("callers:\n  anna:\n    - dial\n  anna:\n    - dial\n",
                     ":4: 'anna' stands here twice: keep one of them"),
    "ID twice": (meeting("conference id: 1234567") + "  - conference id: 1234567\n",
                 ":6: the conference ID 1234567 is already taken by the meeting in line 5: "
                 "give each meeting its own"),
    "ID of 6 digits": (meeting("conference id: 123456"),
                       ":5: '123456' is not a conference ID: one has exactly 7 digits"),
    "ID of other digits": (meeting("conference id: ١٢٣٤٥٦٧"),
                           ":5: '١٢٣٤٥٦٧' is not a conference ID: one has exactly 7 digits"),
    "no ID": (meeting("organizer: amos"), ":5: a meeting needs a 'conference id' of 7 digits"),
    "PIN of 3": (meeting("conference id: 1234567", "pin: 482"),
                 ":6: this PIN has 3 characters: a PIN has 4 to 12 digits and nothing else"),
    "PIN of 13": (meeting("conference id: 1234567", "pin: 4821500000000"),
                  ":6: this PIN has 13 characters: a PIN has 4 to 12 digits and nothing else"),
    "PIN with a letter": (meeting("conference id: 1234567", "pin: 48a15"),
                          ":6: this PIN has 5 characters: a PIN has 4 to 12 digits and nothing else"),
    "a list of PINs": (meeting("conference id: 1234567", "pin: [48215]"),
                       ":6: a PIN is text, not a list or a mapping: write it on one line"),
    "never dials": ("callers:\n  anna:\n    - wait: 3 s\n", ":2: anna never dials: add the step 'dial'"),
    "no callers": ("title: Nobody\n", ":1: a scenario needs 'callers': name at least one and what he does"),
    "callers empty": ("callers:\n", ":1: 'callers' is written as 'key: value' lines, not as ''"),
    "callers none": ("callers: {}\n", ":1: 'callers' is empty: name at least one caller and what he does"),
    "callers a list": ("callers:\n  - anna\n", ":1: 'callers' is written as 'key: value' lines, not as a list"),
    "caller with a path's name": ("callers:\n  ../anna:\n    - dial\n",
                                  ":2: '../anna' cannot be a caller's name: use letters, digits, spaces, - and _, "
                                  "and not 'mails'"),
    "unknown voice": (step("hear: {voice: ana}"), ":4: there is no caller 'ana'; did you mean 'anna'?"),
    "caller without voice": (step("hear: anna"),
                             ":4: 'anna' is a caller: to hear his voice, write {voice: anna}"),
    "unknown prompt": (step("hear: hold-musik"),
                       ":4: there is no prompt or sound 'hold-musik'; did you mean 'hold-music'?"),
    "music whole": (step("hear: hold-music", "whole: yes"), ":5: only a prompt can be heard whole"),
    "music cut": (step("hear: hold-music", "cut: yes"), ":5: 'cut' is said of prompts only"),
    "whole and cut": (step("hear: welcome", "cut: yes", "whole: yes"),
                      ":4: a prompt is heard one way: 'whole', 'begins' or 'cut'"),
    "moment without more": (step("hear: welcome", "at: 3 s"),
                            ":5: '3 s' is no moment: write when and how much it may be off, as in '31.4 s +- "
                            "20 ms'"),
    "music in one tick": (step("hear: hold-music", "same tick as: {caller: anna, hears: joining}"),
                          ":5: 'same tick as' is said of prompts, and this 'hear' is of music: it takes a prompt "
                          "here, as in 'hear: joining'"),
    "voice in one tick": (step("hear: {voice: anna}", "same tick as: {caller: anna, hears: joining}"),
                          ":5: 'same tick as' is said of prompts, and this 'hear' is of a voice: it takes a prompt "
                          "here, as in 'hear: joining'"),
    "in one tick with a voice": (step("hear: welcome", "same tick as: {caller: anna, hears: {voice: anna}}"),
                                 ":5: 'same tick as' is said of a prompt that another caller hears, and not a "
                                 "voice, as in {caller: bela, hears: joining}"),
    "no times": (step("hear: welcome", "times: 0"), ":5: '0' is no number of times: write 1 to 1000"),
    "while and for": (step("not hear: welcome", "for: 3 s", "while: [wait: 3 s]"),
                      ":5: 'while' and 'for' both say how long: keep one of them"),
    "no such event in the journal": (expect("journal: anna promt welcome never"),
                                     ":7: the journal has no 'promt'; did you mean 'prompt'?"),
    "no such prompt in the journal": (expect("journal: anna prompt welcom never"),
                                      ":7: the journal has no prompt 'welcom'; did you mean 'welcome'?"),
    "no such state in the journal": (expect("journal: anna state loby once"),
                                     ":7: the journal has no state 'loby'; did you mean 'lobby'?"),
    "journal of nobody": (expect("journal: ana refused PIN"),
                          ":7: there is no caller 'ana'; did you mean 'anna'?"),
    "journal of nothing": (expect("journal: ana refuses PIN"),
                           ":7: of the journal one expects a caller's name and what stands behind it, as in "
                           "'anna refused PIN wrong 3 times', not 'ana refuses PIN'"),
    "whole maybe": (step("hear: welcome", "whole: maybe"), ":5: 'maybe' is neither 'yes' nor 'no'"),
    "two sounds": (step("hear: {voice: anna, prompt: welcome}"),
                   ":4: what is heard is one thing: 'voice', 'prompt' or 'recording', or 'music', 'speech', "
                   "'digits' or 'codec'"),
    "voice with a language": (step("hear: {voice: anna, language: fr-FR}"),
                              ":4: a voice has no language: only a prompt has"),
    "language not spoken": (step("hear: {prompt: welcome, language: fr-FR}"),
                            ":4: this story's bridge does not speak 'fr-FR': name it under 'languages'; "
                            "it takes en-US"),
    "music in a language": ("languages: en-US, fr-FR\n" + step("hear: {prompt: hold-music, language: fr-FR}"),
                            ":5: only a prompt has a language"),
    "no such language": ("languages: en-US, xx-XX\ncallers: {anna: [dial]}\n",
                         ":1: there is no language 'xx-XX'; it takes de-DE, en-US, es-ES, fr-FR, zh-CN"),
    "six languages": ("languages: aa-AA, bb-BB, cc-CC, dd-DD, ee-EE, ff-FF\ncallers: {anna: [dial]}\n",
                      ":1: 'aa-AA, bb-BB, cc-CC, dd-DD, ee-EE, ff-FF' are 6 languages: a number has one and up to "
                      "four more (A1.4)"),
    "unknown option": ("meetings:\n  - conference id: 1234567\n    options: {dial-in-bypas: yes}\n"
                       "callers: {anna: [dial]}\n",
                       ":3: a meeting has no 'dial-in-bypas'; did you mean 'dial-in-bypass'?"),
    "option of no meeting": ("meetings:\n  - conference id: 1234567\n    options:\n      announce-with: bells\n"
                             "callers: {anna: [dial]}\n",
                             ":4: announce-with: 'bells' cannot stand here: it takes names, tones"),
    "unknown app step": ("callers: {anna: [dial]}\napp:\n  - admt: anna\n",
                         ":3: nothing in the app is called 'admt'; did you mean 'admit'?"),
    "app admits nobody": ("callers: {anna: [dial]}\napp:\n  - admit: ana\n",
                          ":3: there is no caller 'ana'; did you mean 'anna'?"),
    "app joins nothing": ("meetings: [conference id: 1234567]\ncallers: {anna: [dial]}\napp:\n  - join: 1234568\n",
                          ":4: there is no meeting '1234568'; did you mean '1234567'?"),
    "app waits halfway": ("callers: {anna: [dial]}\napp:\n  - wait for: {caller: anna}\n",
                          ":3: 'wait for' takes a caller and where he is to be, or what he hears, as in "
                          "{caller: anna, in: lobby} or {caller: anna, hears: joining}"),
    "waits for himself": (step("wait for: {caller: anna, in: lobby}"),
                          ":4: anna cannot wait for himself: write 'in' or 'hear'"),
    "unknown caller is waited for": (step("wait for: {caller: ana, hears: welcome}"),
                                     ":4: there is no caller 'ana'; did you mean 'anna'?"),
    "unknown sound is waited for": (step("wait for: {caller: anna, hears: welcom}"),
                                    ":4: there is no prompt or sound 'welcom'; did you mean 'welcome'?"),
    "waits twice as long": (step("wait for: {caller: bela, in: lobby, within: 3 s}", "within: 4 s")
                            + "  bela:\n    - dial\n",
                            ":5: 'within' stands both beside the step and in it: keep one of them"),
    "app says too much": ("callers: {anna: [dial]}\napp:\n  - admit: anna\n    by: rita\n",
                          ":4: the step 'admit' has no 'by' in the app"),
    "unknown state": (step("in: loby"), ":4: there is no state 'loby'; did you mean 'lobby'?"),
    "unknown profile": ("profile: teams2012\ncallers:\n  anna:\n    - dial\n",
                        ":1: there is no profile 'teams2012'; did you mean 'teams2021'?"),
    "unknown outcome": (expect("anna: refussed"), ":7: there is no outcome 'refussed'; did you mean 'refused'?"),
    "unknown expectation": (expect("ana: waited"), ":7: there is no caller 'ana'; did you mean 'anna'?"),
    "unknown meeting": (expect("meeting 1234568: not started"),
                        ":7: there is no meeting '1234568' in this scenario; did you mean '1234567'?"),
    "unknown starter": (expect("meeting 1234567: started by ana"),
                        ":7: there is no caller 'ana'; did you mean 'anna'?"),
    "unknown fate": (expect("meeting 1234567: begun"),
                     ":7: of a meeting one expects 'started by NAME' or 'not started', not 'begun'"),
    "mails": (expect("mails: two"), ":7: of letters one expects 'none', a number, 'NAME gets KIND' or "
                                    "'KIND holds no PIN', not 'two'"),
    "bare number": (step("wait: 3"),
                    ":4: '3' is not a length of time: write a number and ms, s, min or h, as in '20 s'"),
    "negative length": (step("wait: -3 s"),
                        ":4: '-3 s' is not a length of time: write a number and ms, s, min or h, as in '20 s'"),
    "unknown unit": (step("hear: welcome", "within: 3 sec"),
                     ":5: '3 sec' is not a length of time: write a number and ms, s, min or h, as in '20 s'"),
    "no end": (step("wait: 25 h"), ":4: '25 h' is longer than a day: a story is over by then"),
    "endless number": (step(f"wait: {'9' * 400} h"),
                       f":4: '{'9' * 400} h' is longer than a day: a story is over by then"),
    "missing recording": (step("play: no-such.wav"),
                          ":4: there is no recording 'no-such.wav' beside the scenario: check the path"),
    "channel of no recording": (step("play: {channel: 1}"),
                                ":4: the step 'play' needs 'file': write which recording"),
    "no channel": (step("play: {file: a.wav, channel: left}"),
                   ":4: 'left' is no channel: write a number from 0, or mix for all of them in one"),
    "endless name": (step(f"play: {'x' * 999}"),
                     f":4: there is no recording '{'x' * 999}' beside the scenario: check the path"),
    "letter that is no key": (step("press: 12E4#"), ":4: 'E' is not a key: there are 0-9, *, # and A-D, and "
                             "the pauses ',' and 'w'"),
    "small letter": (step("press: a"), ":4: 'a' is not a key: there are 0-9, *, # and A-D, and the "
                     "pauses ',' and 'w'"),
    "keys lost to a comment": (step("press: #"),
                               ":4: there are no keys here: those that begin with # or * stand in quotation "
                               'marks, as in press: "#"'),
    "press without keys": (step("press: {tone: 60 ms}"), ":4: the step 'press' needs 'keys': write which"),
    "press told twice": (step("press: {keys: 1}", "tone: 60 ms"),
                         ":5: the step 'press' has no 'tone': it stands alone"),
    "tone too short": (step("press: 1", "tone: 5 ms"),
                       ":5: '5 ms' is no length for a key: it takes 10 ms to 60 s"),
    "level too high": (step("press: 1", "level: 0 dBm0"),
                       ":5: '0 dBm0' is not a level: write dBm0 a tone, from -60 to -3, as in '-10 dBm0'"),
    "dial with a value": (step("dial: now"), ":4: the step 'dial' stands alone, or takes 'number', which "
               "is dialled, and 'from', the caller's own"),
    "hear without a value": (step("hear"), ":4: the step 'hear' needs a value: write it after a colon"),
    "say nothing": (step("say:"), ":4: what is said is empty: write it after the colon"),
    "no steps": ("callers:\n  anna: []\n", ":2: what anna does is a list: begin each line of it with '- '"),
    "steps as text": ("callers:\n  anna: dial\n", ":2: what anna does is a list: begin each line of it with '- '"),
    "hangs up first": ("callers:\n  anna:\n    - hang up\n    - hear: welcome\n",
                       ":3: anna hangs up before he has dialled"),
    "not YAML": ("callers: [anna\n", ":1: this is not YAML: this is not closed, or a comma lacks before line 2"),
    "tab": ("callers:\n\tanna: 1\n",
            ":2: this is not YAML: there is a tab: indent with spaces"),
    "star": (step("press: *"), ":4: this is not YAML: keys that begin with * stand in quotation marks, "
                               'as in press: "*"'),
    "control character": ("title: \0\n", ": this is not YAML: unacceptable character #x0000: "
                                         "special characters are not allowed"),
    "alias": ("title: &a one\nsource: *a\n", ":1: '&' and '*' repeat a part of the file: write it out instead"),
    "alias of itself": ("&a [*a]\n", ":1: '&' and '*' repeat a part of the file: write it out instead"),
    "a list for a key": ("? [a]\n: b\n", ":1: what stands before a colon is a word, not a list or a mapping"),
    "empty": ("", ": the file is empty: a scenario has at least 'callers'"),
    "only a comment": ("# nothing\n", ": the file is empty: a scenario has at least 'callers'"),
    "two documents": ("title: a\n---\ntitle: b\n", ":2: this is not YAML: but found another document"),
    "another file": ("48215 is a PIN. " * 9, ":1: a scenario is written as 'key: value' lines, not as "
                                             "'... is a PIN. ... is a PIN. ... is a PIN. ... is a P...'"),
    "a word": ("dial\n", ":1: a scenario is written as 'key: value' lines, not as 'dial'"),
    "a list": ("- dial\n", ":1: a scenario is written as 'key: value' lines, not as a list"),
    "too deep": ("[" * 3000, ": this is nested too deep: a scenario has lists of steps under callers, no more"),
}


@pytest.mark.parametrize("name", BAD)
def test_scenario_when_it_is_wrong_then_one_sentence_says_where_and_what_to_do(name):
    text, sentence = BAD[name]
    assert complaint(text) == f"story.yaml{sentence}"


@pytest.mark.parametrize("text", [
    meeting("conference id: 1234567", "pin: 482"),
    meeting("conference id: 1234567", "pin: 4821500000000"),
    meeting("conference id: 1234567", "pin: [48215]"),
    step("48215#"),
    step("press 48215#"),
    step("pres: 48215#"),
    step("press: *48215#"),
    step("wait: 3 s", "pres: 48215#"),
])
def test_scenario_when_a_mistake_is_beside_a_pin_then_the_sentence_does_not_hold_it(text):
    assert "482" not in complaint(text)


@pytest.mark.parametrize(("lines", "at"), [
    (["dial", "hang up", "press: 1"], ":8"),
    (["dial", "hang up", "hear: welcome"], ":8"),
    (["dial", "hang up", "hang up"], ":8"),
    (["dial", "hang up", "dial", "dial"], ":9"),
    (["dial", "press: 1", "dial"], ":8"),
    (["dial", "in: ended", "press: 1", "dial"], ":9"),
    (["dial", "dial"], ":7"),
    (["wait: 3 s", "hang up", "dial"], ":7"),
])
def test_steps_when_nobody_is_on_the_line_for_them_then_the_line_is_named(lines, at):
    with pytest.raises(ScenarioError, match=re.escape(f"story.yaml{at}: anna ")):
        steps(*lines)


@pytest.mark.parametrize("between", [[], ["wait: 2 s"], ["wait: 1 s", "line: {noise: white 20 dB}", "voice: m3"]])
@pytest.mark.parametrize("over", ["hang up", "in: ended", "ended"])
def test_steps_when_a_call_is_over_then_another_may_begin_at_once_or_later(over, between):
    assert len([one for one in steps("dial", over, *between, "dial") if isinstance(one, Dial)]) == 2


def test_load_when_there_is_no_scenario_to_read_then_one_sentence_says_why(tmp_path):
    binary, folder, missing = tmp_path / "latin.yaml", tmp_path / "folder", tmp_path / "missing.yaml"
    binary.write_bytes(b"title: caf\xe9\n")
    folder.mkdir()
    for path, why in ((binary, "this is not UTF-8 text: save it as UTF-8"),
                      (folder, "this is a folder: name a scenario file in it"),
                      (missing, "there is no such file")):
        with pytest.raises(ScenarioError) as caught:
            load(path, WORDS)
        assert str(caught.value) == f"{path}: {why}"
        assert (caught.value.path, caught.value.line) == (path, 0)


def test_load_when_a_recording_stands_beside_the_file_then_its_path_is_the_files(tmp_path):
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "a.wav").write_bytes(b"RIFF")
    file = tmp_path / "story.yaml"
    file.write_text("callers:\n  anna:\n    - play: calls/a.wav\n", encoding="utf-8")
    dial, play = load(file, WORDS).callers[0].steps
    assert isinstance(dial, Dial)
    assert play == PlayStep(line=3, said="play: calls/a.wav", path=tmp_path / "calls" / "a.wav")
    for channel in (1, "mix"):
        text = f"callers:\n  anna:\n    - play: {{file: calls/a.wav, channel: {channel}}}\n"
        file.write_text(text, encoding="utf-8")
        said = f"play: {{file: calls/a.wav, channel: {channel}}}"
        step = PlayStep(line=3, said=said, path=tmp_path / "calls" / "a.wav", channel=channel)
        assert load(file, WORDS).callers[0].steps[1] == step


def read_or_refused(text):
    """Whether it is a scenario with callers, or is refused in one line; any other error is let through."""
    try:
        return story(text).callers
    except ScenarioError as error:
        return len(str(error).splitlines()) == 1


_LINES = st.sampled_from([
    "title: x", "meetings:", "  - conference id: 1234567", "    pin: 48215", "callers:", "  anna:", "    - dial",
    "    - hear: welcome", "      within: 3 s", "    - press: \"#\"", "    - press: {keys: 1, tone: 60 ms}",
    "expect:", "  - anna: waited", "  - mails: none", "    - wait: 1 s", "- ", "? a", "  : b", "[", "]", "{", "}",
    "&a *a", "|", "organizers:", "administrator:", "  - amos@contoso.com", "  - reset pin: amos", "  - set: amos",
    "    refused: yes", "settings: {send-mails: no}", "policies: {pin: {tries: 5}}", "administration: um",
    "  - {address: amos@contoso.com, pin: 48215}", "  - wait for: {caller: anna, in: lobby}", "  - enable: a@b.c",
    "    - press: '{pin of amos}#'", "  - mails: amos gets enabled with no PIN", "  - pin of amos: locked",
    "  - conference id 1234567: works", "  - schedule: {organizer: amos, name: x}", "  - organizer: amos",
    "  anna: *a", "!!int 3", "---", "...", "%YAML 1.1", "'", '"', "<<: *a", "\t", "hear:", "    - in: lobby"])


@examples(400)
@given(st.one_of(st.lists(_LINES, max_size=12).map("\n".join), st.text(max_size=60),
                 st.lists(st.one_of(_LINES, st.text(max_size=8)), max_size=9).map("\n".join)))
@example("callers: &a\n  b: *a\n")
@example("callers:\n  ? {a: b}\n  : [dial]\n")
@example("\ud800")
def test_scenario_when_it_is_any_text_then_it_is_read_or_complained_about(text):
    assert read_or_refused(text)


@examples(60)
@given(cut=st.integers(0, 2000), put=st.text(max_size=4), length=st.integers(0, 30))
def test_scenario_when_a_shipped_one_is_damaged_then_it_is_read_or_complained_about(cut, put, length):
    text = (ROOT / "scenarios" / "s0-15-lobby.yaml").read_text(encoding="utf-8")
    assert read_or_refused(text[:cut] + put + text[cut + length:])


def _documented():
    return (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")


def test_manual_when_the_language_has_a_word_then_it_stands_there():
    words = [*TOP, *STEPS, *SOUNDS, *STATES, *OUTCOMES, *WORDS.prompts, *PROFILES, *SECTIONS, *ORDERS, *BEGINNING,
             *SLOTS, *OF_PARTICIPANTS, INCLUDE, *CLAIMS, *PIN_STATES, *ADMINISTRATIONS,
             *(kind.value for kind in LetterKind),
             *dict.fromkeys(option for word in ORDERS.values() for option in word.options)]
    assert len(words) > 300
    manual = _documented()
    assert [word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", manual)] == []


def test_manual_when_it_tells_where_a_call_can_be_then_just_the_states_that_there_are():
    told = _documented().partition("### Where a call can be")[2].partition("This is read from")[0]
    assert sorted(re.findall("`([^`]+)`", told)) == sorted(STATES)


def test_press_when_a_pin_has_pauses_in_it_then_it_is_shown_as_one_without():
    read = parse("meetings:\n  - conference id: 1234567\n    pin: 48215\ncallers:\n  anna:\n"
                 "    - press: '1234567#,,*w4,8w215#'\n    - press: '12,3'\n", Path("story.yaml"), WORDS)
    assert [step.said for step in read.callers[0].steps[1:]] == ["press: 1234567#*****#", "press: 12,3"]
