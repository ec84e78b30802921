"""What is said of a line, and stories of callers who have bad ones."""

import re
from pathlib import Path

import pytest

from ivr.cli.kit import stage
from ivr.scenario.badline import LINE, NONE, DropOuts, LineEcho, LineLoss, LineNoise, LineWay, StoryLine
from ivr.scenario.errors import ScenarioError
from ivr.scenario.player import play
from ivr.scenario.schema import schema
from tests.ivr.scenario.reading import WORDS, steps, story

ROOT = Path(__file__).parents[3]


def line(text):
    return steps(f"line: {text}", "dial")[0].way


@pytest.mark.parametrize(("text", "way"), [
    ("{noise: car 20 dB}", LineWay(noise=LineNoise("car", -36.0))),
    ("{noise: white -30 dBm0, loss: 2 %}", LineWay(noise=LineNoise("white", -30.0), loss=LineLoss(.02))),
    ("{loss: 2 % in bursts of 80 ms}", LineWay(loss=LineLoss(.02, 4.0))),
    ("{echo: 150 ms at -20 dB, level: -3 dB}", LineWay(echo=LineEcho(1200, -20.0), level=-3.0)),
    ("{twist: 6 dB, clipping: 12dB}", LineWay(twist=6.0, clipping=12.0)),
    ("{codec: GSM, jitter: 60 ms, drift: -200 ppm}", LineWay(codec="GSM", jitter=480, drift=-200.0)),
    ("{drop-outs: 50 ms every 2 s}", LineWay(drop_outs=DropOuts(400, 16000))),
    ("{noise: none, loss: 0 %, codec: none}", LineWay()),
])
def test_line_when_it_is_written_then_read(text, way):
    assert line(text) == StoryLine(way)


def test_line_when_what_is_heard_is_written_too_then_the_other_way():
    bad = LineWay(codec="GSM")
    assert line("{codec: GSM, hears: same, seed: 3}") == StoryLine(bad, bad, "3")
    assert line("{codec: GSM, hears: {level: -6 dB}}") == StoryLine(bad, LineWay(level=-6.0))
    assert line("none") == StoryLine()


WRONG = {
    "misspelt noise": ("{noise: pinc 20 dB}", "'pinc 20 dB' is no noise of a line, which is written as in "
                                              "'noise: car 20 dB', or 'none'; did you mean 'pink'?"),
    "unknown codec": ("{codec: GMS}", "'GMS' is no codec of a line, which is written as in 'codec: GSM', or "
                                      "'none'; did you mean 'GSM'?"),
    "no unit": ("{loss: 2}", "'2' is not all of a line's loss: write how much as well, as in 'loss: 2 %'"),
    "no level": ("{noise: car}", "'car' is not all of a line's noise: write how much as well, as in "
                                 "'noise: car 20 dB'"),
    "no more": ("{echo: 150 ms}", "'150 ms' is not all of a line's echo: write how much as well, as in "
                                  "'echo: 150 ms at -20 dB'"),
    "no word": ("GSM", "'GSM' is no line: write what happens on it, as in {codec: GSM, loss: 1 %}, or 'none'"),
    "too much": ("{loss: 120 %}", "'120 %' is no loss of a line: it takes 0 to 100 %"),
    "too early": ("{echo: 5 ms at -20 dB}", "'5 ms at -20 dB' is no echo of a line: it takes 20 to 2000 ms"),
    "longer than a turn": ("{drop-outs: 3 s every 2 s}", "'3 s every 2 s' is no drop-outs of a line: they "
                                                         "last longer than what they are in"),
    "misspelt word": ("{noize: car 20 dB}", "'line' has no 'noize'; did you mean 'noise'?"),
    "misspelt other way": ("{hears: {lost: 2 %}}", "'hears' has no 'lost'; did you mean 'loss'?"),
    "another word for it": ("{hears: likewise}", "'hears' takes 'same', or words of its own, as in {loss: 2 %}"),
}


@pytest.mark.parametrize("name", WRONG)
def test_line_when_it_is_wrong_then_one_sentence_says_what_to_do_and_editors_mark_it(name):
    import jsonschema
    import yaml

    text, sentence = WRONG[name]
    with pytest.raises(ScenarioError) as error:
        line(text)
    assert str(error.value) == f"story.yaml:6: {sentence}"
    if not name.startswith(("too", "longer")):  # how much is too much no pattern says
        told = yaml.safe_load(f"callers:\n  anna:\n    - line: {text}\n    - dial\n")
        assert list(jsonschema.Draft7Validator(schema(WORDS)).iter_errors(told))


@pytest.mark.parametrize("word", LINE)
def test_word_of_a_line_then_in_the_manual_with_its_example_which_reader_and_editors_take(word):
    rule = LINE[word]
    assert re.fullmatch(rule.form, rule.example)
    assert getattr(line(f"{{{word}: {rule.example}}}").says, rule.field)
    assert line(f"{{{word}: {NONE}}}") == StoryLine()
    manual = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{word}: {re.escape(rule.example)}`", manual, re.M)


MEETING = "meetings:\n  - {conference id: 1234567, anyone may start: yes, options: {name-recording: no}}\n"
GETS_IN = "    - press: 1234567#\n    - in: meeting\n      within: 5 s\n"


def told(callers):
    result = play(story(f"{MEETING}callers:\n{callers}"), stage())
    return [str(failure) for failure in result.failures], result


@pytest.mark.parametrize(("text", "comes"), [
    ("{noise: white 20 dB, codec: GSM}", True), ("{noise: white 0 dB, level: -30 dB}", False),
    ("{loss: 1 %}", True), ("{loss: 40 % in bursts of 100 ms}", False),
    ("{twist: 3 dB}", True), ("{twist: 16 dB}", False),
    ("{level: -20 dB}", True), ("{level: -45 dB}", False),
])
def test_story_when_a_line_is_bad_then_the_caller_gets_in_unless_it_is_too_bad(text, comes):
    failures, _ = told(f"  anna:\n    - line: {text}\n{GETS_IN}")
    assert (failures == []) is comes


def test_story_when_somebody_else_calls_too_then_a_bad_line_does_the_same():
    anna = f"  anna:\n    - line: {{noise: pink 25 dB, loss: 2 %}}\n{GETS_IN}    - wait: 1 s\n"
    alone, both = (told(anna + more)[1] for more in ("", f"  zoe:\n    - line: {{noise: pink 25 dB}}\n{GETS_IN}"))
    annas, others = ([str(e) for e in one.journal.of("key", "entered", "joined", "prompt", "state", caller="anna")]
                     for one in (alone, both))
    assert annas == others
    assert (alone.takes[0].spoke == both.takes[0].spoke[:len(alone.takes[0].spoke)]).all()


def test_story_when_a_caller_hears_badly_then_what_he_hears_is_judged_only_where_it_says_so():
    bad = "  anna:\n    - line: {hears: {loss: 30 %, level: -14 dB}}\n    - hear: enter-conference-id\n"
    assert told(f"{bad}    - wait: 6 s\n")[0] == []
    failures, _ = told(f"{bad}      whole: yes\n      within: 5 s\n")
    assert len(failures) == 1


def test_callers_when_they_are_like_another_then_with_lines_of_their_own():
    text = ("callers:\n  anna:\n    - line: {codec: GSM}\n    - dial\n  bela: {like: anna}\n"
            "  2 more: {like: anna, every: 1 s, line: {loss: 2 %, seed: '${n}'}}\n")
    lines = {caller.name: [step.way for step in caller.steps if hasattr(step, "way")]
             for caller in story(text).callers}
    assert lines == {"anna": [StoryLine(LineWay(codec="GSM"))], "bela": [StoryLine(LineWay(codec="GSM"))],
                     "more 1": [StoryLine(LineWay(loss=LineLoss(.02)), seed="1")],
                     "more 2": [StoryLine(LineWay(loss=LineLoss(.02)), seed="2")]}
