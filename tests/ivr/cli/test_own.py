"""`ivr lint`, `ivr draw`, `ivr run --coverage`, `ivr lobby --ivr`: a file of an IVR of one's own."""

import json
import re
import subprocess

import numpy as np
import pytest
from PIL import Image

import dtmf
from dtmf.audiofile import read, write
from ivr.cli.kit import prompts
from ivr.clock import RATE

FILE = """
title: Bicycle shop
start: menu
menu: {say: "Press 1 or 2 now.", keys: {1: first, 2: second}, tries: 2, failed: bye}
first: {say: "You have chosen one.", then: bye}
second: {do: check, exits: {right: menu, wrong: bye}}
bye: {say: "Goodbye and ride safely.", then: hang up}
flows:
  check: {start: ask, ask: {say: "Four is right.", keys: {4: good, "#": bad}, failed: bad},
          good: {say: "Right it is.", then: return right}, bad: {say: "Wrong it is.", then: return wrong}}
"""
STORY = """
title: One is chosen
ivr: ../line.yaml
callers:
  anna: [dial, {hear: menu}, {press: 1}, {hear: first}, {hear: bye}]
"""


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "line.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "one.yaml").write_text(STORY, encoding="utf-8")
    return tmp_path


def test_lint_when_a_file_is_right_or_wrong_then_said_so_and_each_is_looked_at(ivr, shop):
    (shop / "wrong.yaml").write_text(FILE.replace("first, 2", "frist, 2"), encoding="utf-8")
    code, out, err = ivr("lint", shop / "wrong.yaml", shop / "line.yaml")
    assert code == 2
    assert re.fullmatch(r"\S+line.yaml: all right: 7 nodes, 6 prompts, 16 exits\n", out)
    assert re.fullmatch(r"ivr: \S+wrong.yaml:4: there is no node 'frist'; did you mean 'first'\?\n", err)
    assert ivr("lint")[0] == 2
    (shop / "noise.wav").write_text("no sound")
    (shop / "wrong.yaml").write_text('start: a\na: {say: {recording: noise.wav}, then: hang up}\n')
    code, _, err = ivr("lint", shop / "wrong.yaml")
    assert code == 2
    assert "wrong.yaml:2: " in err


def test_lint_when_prompts_sound_alike_then_both_lines_and_what_to_do(ivr, shop):
    (shop / "alike.yaml").write_text("""start: a
a: {say: "Thank you.", then: b}
b: {say: "Thank you. Ride safely.", then: c}
c: {say: "Ride safely.", then: d}
d: {say: "Ride safely.", then: e}
e: {say: "The ticket {caller} is ready.", then: f}
f: {say: "The ticket {called} is gone.", then: g}
g: {say: "So that is all.", then: hang up}
""", encoding="utf-8")
    code, out, err = ivr("lint", shop / "alike.yaml")
    assert (code, err) == (0, "")
    told = [line.partition("alike.yaml:")[2] for line in out.splitlines()[1:]]
    assert told == [
        "2: 'a' and 'b' in line 3 begin with the same words, so a story never hears 'a': begin 'b' otherwise",
        *(f"{one}: {words} so a story that hears the one takes the other for it: use other words if it has to know "
          "which" for one, words in ((4, "'c' and 'd' in line 5 say the same,"),
                                     (6, "'e' and 'f' in line 7 have words in common,")))]
    (shop / "story.yaml").write_text("ivr: alike.yaml\ncallers:\n  anna: [dial, {hear: d}, {hear: c}, {hear: g}]\n",
                                     encoding="utf-8")
    assert ivr("run", shop / "story.yaml")[0] == 0


@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_draw_when_a_picture_is_wanted_then_it_shows_every_node_and_is_the_same_again(ivr, shop, name):
    assert ivr("draw", shop / "line.yaml", "-o", shop / name) == (0, "", "")
    drawn = (shop / name).read_bytes()
    assert ivr("draw", shop / "line.yaml", "-o", shop / name) == (0, "", "")
    assert (shop / name).read_bytes() == drawn
    if name.endswith("svg"):
        text = drawn.decode()
        for word in ("Bicycle shop", "menu", "first", "second", "ask", "good", "bad", "again: unknown", "right"):
            assert word in text
    else:
        with Image.open(shop / name) as image:
            assert min(image.size) > 400
            assert len(image.convert("RGB").getcolors(1 << 20)) > 20


def test_draw_when_mermaid_is_wanted_then_printed_or_written_and_keys_are_no_signs_of_its(ivr, shop):
    code, out, _ = ivr("draw", shop / "line.yaml")
    assert code == 0
    assert out.count("stateDiagram-v2") == 2
    assert "menu --> first: 1" in out
    assert "hang_up: hang up" in out
    assert "ask --> bad: \N{MUSIC SHARP SIGN}, gave up" in out
    assert ivr("draw", shop / "line.yaml", "-o", shop / "line.md")[0] == 0
    assert (shop / "line.md").read_text() == f"```mermaid\n{out}```\n"


@pytest.mark.parametrize(("words", "said"), [
    (("line.yaml", "-o", "a.gif"), "no picture that can be drawn"),
    (("line.yaml", "-o", "line.yaml"), "no picture"),
    (("none.yaml",), "no such file"), (("line.yaml", "-o", "none/a.png"), "cannot be written")])
def test_draw_when_it_cannot_then_one_sentence(refused, shop, words, said):
    assert said in refused("draw", *(word if word == "-o" else shop / word for word in words))


def test_run_when_coverage_is_wanted_then_the_exits_that_no_story_takes(ivr, shop):
    code, out, _ = ivr("run", shop / "stories", "--coverage")
    assert code == 0
    told = out.splitlines()[2:]
    assert told[0].endswith("line.yaml: 2 of 16 exits taken; no story takes:")
    assert "      line 4: menu: 2" in told
    assert "      line 6: second: wrong" in told
    assert not [line for line in told if "menu: 1" in line or ": first:" in line]
    _, out, _ = ivr("run", shop / "stories", "--coverage", "--json")
    covered = json.loads(out.splitlines()[-1])
    assert (covered["exits"], covered["taken"], len(covered["never"])) == (16, 2, 14)
    assert {"line": 4, "node": "menu", "exit": "2"} in covered["never"]


def test_run_when_a_story_names_a_wrong_file_or_what_is_not_in_it_then_the_line_is_named(ivr, shop):
    story = shop / "stories" / "one.yaml"
    for words, said in ((("../line.yaml", "../none.yaml"), "none.yaml: there is no such file"),
                        (("hear: first", "hear: frist"), "did you mean 'first'"),
                        (("press: 1", "in: firts"), "did you mean 'first'"),
                        (("callers:", "profile: teams\ncallers:"), "has no 'profile'"),
                        (("dial,", '{answers: "+14255550199"},'), "never dials")):
        story.write_text(STORY.replace(*words), encoding="utf-8")
        code, _, err = ivr("run", story)
        assert code == 2, words
        assert said in err
        assert err.count("\n") == 1


def test_lobby_when_an_own_ivr_is_called_then_each_caller_waits_for_a_hand(served, shop):
    done = subprocess.run([served / "ivr", "lobby", "--ivr", shop / "line.yaml", "--plain", "--speed", "1000"],
                          input="\nq", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("Bicycle shop", "anna, whom you lead", "late ticks"):
        assert words in done.stdout
    assert "meeting" not in done.stdout


def test_own_ivr_when_meetings_are_named_too_then_refused(refused, shop):
    assert "which has no meetings" in refused("lobby", "--ivr", shop / "line.yaml", "--meeting", "1234567:48215:A")
    assert "which has no meetings" in refused("phone", "--ivr", shop / "line.yaml", "--meeting", "1234567")
    assert "name one with --ivr" in refused("phone", "--save", shop)
    write(shop / "call.wav", np.zeros(800, np.int16), RATE)
    assert "leave out --profile" in refused("answer", shop / "call.wav", "--ivr", shop / "line.yaml", "--profile",
                                            "teams")


def test_answer_when_a_recording_calls_an_own_ivr_then_what_it_hears_and_what_it_leaves(ivr, tmp_path):
    (tmp_path / "line.yaml").write_text(
        'start: menu\nmenu: {say: "Press 1 now.", keys: {1: leave}}\n'
        'leave: {record: {silence: 1 s}, say: "After the tone, {called}.", save: message, then: bye}\n'
        'bye: {say: "Goodbye and ride safely.", then: hang up}\n', encoding="utf-8")
    voice = prompts().say("This is what I have to say to you.", voice=prompts().voices[1])
    write(tmp_path / "call.wav", np.concatenate([np.zeros(8000, np.int16), dtmf.encode("1", RATE),
                                                 np.zeros(11_000, np.int16), voice]), RATE)
    words = ("answer", tmp_path / "call.wav", "--ivr", tmp_path / "line.yaml", "-o", tmp_path / "heard.wav",
             "--save", tmp_path / "kept")
    code, out, err = ivr(*words)
    assert (code, err) == (0, "")
    assert 'has heard "Goodbye and ride safely."' in out
    assert 'has heard "After the tone, ..."' in out
    assert "call.wav: ended after bye; keys 1;" in out
    kept, rate = read(tmp_path / "kept" / "message-caller-1.wav")
    assert rate == RATE
    assert len(voice) < len(kept) < len(voice) + 3 * RATE
    code, out, _ = ivr(*words, "--json")
    assert json.loads(out)["outcome"] == "ended after bye"
    assert len(list((tmp_path / "kept").iterdir())) == 2
