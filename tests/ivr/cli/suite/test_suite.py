"""`ivr run` with many stories: chosen, shuffled, repeated, side by side, and told to whoever asks."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from dtmf.archive.processes import Processes
from ivr.cli.suite.choosing import Selection, Trial, chosen, found
from ivr.cli.suite.means import Means
from ivr.cli.suite.outward import at_cards
from ivr.cli.suite.playing import lost, not_played
from ivr.cli.suite.telling import annotations, code_of
from ivr.cli.suite.watching import seen, watched
from ivr.reading import BadFile
from ivr.report.verdicts import FAILED, FLAKY, NOT_RUN, SKIPPED, Verdict
from ivr.scenario.failure import Failure
from ivr.scenario.target import CardTarget

ROOT = Path(__file__).parents[4]
QUICK = "title: {}\ntags: {}\ncallers:\n  anna:\n    - dial\n    - wait: 40 ms\n"
SLIP = "callers:\n  anna:\n    - haer: welcome\n"
FAILS = QUICK.format("It fails", "lobby") + "    - hear: joining\n      within: 40 ms\n"


@pytest.fixture
def stories(tmp_path):
    """Three stories: one that comes true, one that fails, one with a slip; and one that is skipped."""
    folder = tmp_path / "calls"
    folder.mkdir()
    (folder / "a-good.yaml").write_text(QUICK.format("It comes true", "smoke, lobby"), encoding="utf-8")
    (folder / "b-bad.yaml").write_text(SLIP, encoding="utf-8")
    (folder / "c-fails.call.yaml").write_text(FAILS, encoding="utf-8")
    (folder / "d-later.yaml").write_text("skip: the operator is on holiday\n" + QUICK.format("Later", "[later]"),
                                         encoding="utf-8")
    return folder


def without_times(text):
    return [line.partition(" s in ")[0] for line in text.splitlines()]


@pytest.mark.slow
def test_run_when_several_are_played_side_by_side_then_all_is_told_as_one_after_the_other(ivr, stories, tmp_path):
    told = {}
    for jobs in (1, 2):
        out = tmp_path / f"out-{jobs}"
        code, printed, complained = ivr("run", stories, "-j", jobs, "--report", out, "--junit", tmp_path / "j.xml",
                                        "--jsonl", tmp_path / f"{jobs}.jsonl")
        files = {path.relative_to(out): path.stat().st_size for path in out.rglob("*.wav")}
        told[jobs] = code, without_times(printed), complained, files
    assert told[1] == told[2]
    assert told[1][0] == 2
    assert told[1][1] == [
        f"pass  {stories}/a-good.yaml  0.1", f"FAIL  {stories}/c-fails.call.yaml  0.1",
        "      line 7: anna: 'hear: joining' at 0.1 s: heard silence instead",
        f"skip  {stories}/d-later.yaml  Later: the operator is on holiday",
        "1 passed, 1 failed, 1 skipped, 1 not run"]
    assert told[1][2] == f"ivr: {stories}/b-bad.yaml:3: there is no step 'haer'; did you mean 'hear'?\n"
    words = [[json.loads(line)["verdict"] for line in (tmp_path / f"{jobs}.jsonl").read_text().splitlines()]
             for jobs in (1, 2)]
    assert words == [["passed", "not run", "failed", "skipped"]] * 2


def test_run_when_the_first_that_fails_is_to_be_the_last_then_the_rest_is_told_too(ivr, stories, tmp_path):
    jsonl = tmp_path / "all.jsonl"
    code, out, _ = ivr("run", stories, "--only", "[acd]-*", "--fail-fast", "--jsonl", jsonl)
    assert (code, out.splitlines()[-1]) == (1, "1 passed, 1 failed, 1 not run")
    told = [json.loads(line)["verdict"] for line in jsonl.read_text().splitlines()]
    assert told == ["passed", "failed", "not run"]


def test_run_when_stories_are_repeated_in_another_order_then_each_time_is_told(ivr, stories):
    code, out, _ = ivr("run", stories / "a-good.yaml", stories / "c-fails.call.yaml", "--repeat", 2, "--shuffle", 5,
                       "--json")
    told = [json.loads(line) for line in out.splitlines()]
    order = [("a-good", 1), ("a-good", 2), ("c-fails.call", 1), ("c-fails.call", 2)]
    random.Random(5).shuffle(order)  # noqa: S311 - an order
    assert [(Path(one["file"]).stem, one["run"]) for one in told] == order
    assert (code, {one["runs"] for one in told}) == (1, {2})


def test_run_when_one_that_fails_is_played_again_then_it_fails_again_alike(ivr, stories):
    code, out, _ = ivr("run", stories / "c-fails.call.yaml", "--retry", 1, "--allow-flaky")
    assert code == 1
    assert "a fault of ours" not in out
    assert out.splitlines()[-1] == "0 passed, 1 failed"


def test_run_when_all_are_skipped_then_that_is_no_success(ivr, stories):
    assert ivr("run", stories / "d-later.yaml")[0] == 3


@pytest.mark.parametrize(("words", "why"), [
    (["--only", "a-godd"], "--only a-godd: no story here is called so; did you mean 'a-good'?"),
    (["--tag", "lobbi"], "--tag lobbi: no story here has this tag; did you mean 'lobby'?"),
    (["--only", "a-good", "--skip-tag", "smoke"], "no story is left to play: --skip-tag leaves out all of them."),
    (["--repeat", "0"], "--repeat 0 plays nothing: it takes 1 or more."),
    (["--keep", "all"], "--keep all says what --report or --html keep: name one of these too."),
    (["--json", "--github"], "--github and --json both print: choose one; --jsonl writes the objects into a file."),
    (["--html", "no/where.html"], "no/where.html cannot be written: the folder no is not there, or not yours"),
])
def test_run_when_nothing_is_left_or_can_be_told_then_nothing_is_played(refused, stories, words, why):
    assert refused("run", stories, *words).startswith(why)


def test_chosen_when_asked_for_then_names_patterns_tags_and_those_that_cannot_be_read(stories):
    def load(path):
        from ivr.cli.suite.means import Means, words_of
        from ivr.scenario.grammar import load

        return load(path, words_of(Means()))

    def names(**choice):
        return [trial.folder for trial in chosen([stories], Selection(**choice), load)]

    assert names() == ["a-good", "b-bad", "c-fails.call", "d-later"]
    assert names(only=["c-fails"]) == names(only=["c-f*.yaml"]) == names(only=["*/c-*"]) == ["c-fails.call"]
    # what cannot be read has tags that nobody knows: it is not left out in silence
    assert names(tags=["smoke", "later"]) == ["a-good", "b-bad", "d-later"]
    assert names(without=["lobby"]) == ["b-bad", "d-later"]
    assert names(only=["a-good"], repeat=2) == ["a-good", "a-good-2"]
    assert sorted(names(seed=1)) == sorted(names())


def test_list_when_asked_then_titles_and_tags_and_what_is_wrong(ivr, stories):
    code, out, err = ivr("list", stories)
    assert code == 2
    assert out.splitlines()[0] == f"{stories}/a-good.yaml  It comes true  [smoke, lobby]"
    assert out.splitlines()[2].endswith("Later  [later]  (skipped: the operator is on holiday)")
    assert "b-bad.yaml:3: " in err
    code, out, _ = ivr("list", stories, "--tag", "smoke", "--only", "a-*", "--json")
    assert json.loads(out) == {"file": f"{stories}/a-good.yaml", "title": "It comes true", "row": "", "source": "",
                               "tags": ["smoke", "lobby"], "skip": "", "callers": ["anna"]}


def test_lint_when_stories_are_looked_at_then_as_files_of_ones_own_are(ivr, stories):
    code, out, err = ivr("lint", stories)
    assert code == 2
    assert out.splitlines()[0] == f"{stories}/a-good.yaml: all right: 1 caller, 2 steps"
    assert "b-bad.yaml:3: there is no step 'haer'" in err


def test_a_folder_when_it_holds_a_campaign_then_its_story_is_looked_at_with_its_values_and_neither_is_played(
        ivr, tmp_path):
    story, campaign = tmp_path / "gets-in.yaml", tmp_path / "campaign.yaml"
    story.write_text("callers:\n  anna:\n    - dial\n    - wait: ${how long}\n", encoding="utf-8")
    campaign.write_text("story: gets-in.yaml\nvary: {how long: [1 s, 2 s]}\n", encoding="utf-8")
    for path in (tmp_path, story):
        code, out, err = ivr("lint", path)
        assert (code, err) == (0, "")
        assert f"{story}: all right: played by {campaign}: 2 points, 2 runs" in out
    code, out, _ = ivr("run", tmp_path)
    assert (code, out.splitlines()[-1]) == (3, "0 passed, 0 failed, 2 skipped")
    assert f"'ivr campaign {campaign}'" in out.splitlines()[1]
    assert ivr("list", tmp_path)[0] == 0
    assert "this is a campaign, and no story" in ivr("run", campaign)[2]
    story.write_text("callers:\n  anna:\n    - dial\n    - wait: ${how much}\n", encoding="utf-8")
    assert (ivr("lint", tmp_path)[0], "${how much} is not varied" in ivr("lint", story)[2]) == (2, True)


@pytest.mark.parametrize(("text", "said"), [
    ("", "the file is empty: a scenario has at least 'callers'"), ("- a\n", "not as a list"),
    ("some text\n", "not as 'some text'"), (None, "there is no such file")])
def test_a_file_in_a_folder_when_nothing_can_be_of_it_then_lint_and_run_say_the_same(ivr, tmp_path, text, said):
    path = tmp_path / "a.yaml"
    if text is None:
        path.symlink_to("nowhere")
    else:
        path.write_text(text, encoding="utf-8")
    told = [ivr(command, tmp_path) for command in ("lint", "run")]
    assert {(code, err) for code, _, err in told} == {(2, told[0][2])}
    assert said in told[0][2]


def test_files_when_they_are_named_twice_or_are_folders_then_each_once_and_told(tmp_path, capsys):
    path = tmp_path / "a.yaml"
    path.write_text("callers:\n", encoding="utf-8")
    (tmp_path / "d.yaml").mkdir()
    assert found([tmp_path, path, tmp_path / ".." / tmp_path.name / "a.yaml"]) == [path]
    assert "d.yaml is a folder, and no scenario" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--junit", "--jsonl", "--html"])
def test_a_report_when_it_is_to_go_to_standard_output_then_refused(ivr, stories, option):
    code, _, err = ivr("run", stories, option, "-")
    assert (code, f"{option} - names no file" in err) == (2, True)


@pytest.mark.parametrize(("line", "why"), [
    ("tags: 1st", ":1: '1st' cannot be a tag: use letters, digits, - and _, and a letter first"),
    ("tags: a, not", ":1: 'not' cannot be a tag: it means something else to pytest"),
    ("tags: a,, b", ":1: '' cannot be a tag"), ("skip: ''", ":1: the reason to skip it is empty"),
])
def test_story_when_its_tags_or_its_reason_are_off_then_refused(ivr, stories, line, why):
    path = stories / "e.yaml"
    path.write_text(f"{line}\ncallers:\n  anna:\n    - dial\n", encoding="utf-8")
    code, _, err = ivr("lint", path)
    assert code == 2
    assert f"{path}{why}" in err


# what is told

MISSED = Failure(11, "anna", "hear: wrong-pin", 8000, "heard 50 %, then\nnothing")
FILE = Path("a, b: c.yaml")


@pytest.mark.parametrize(("verdict", "told"), [
    (Verdict(file=FILE, title="50 %: it, fails", word=FAILED, code=1, missed=[MISSED], differences=["it's off"]), [
        "::error file=a%2C b%3A c.yaml,line=11,title=50 %25%3A it%2C fails::line 11: anna: 'hear: wrong-pin' "
        "at 1.0 s: heard 50 %25, then%0Anothing",
        "::error file=a%2C b%3A c.yaml,title=50 %25%3A it%2C fails::it's off"]),
    (Verdict(file=FILE, word=NOT_RUN, code=2, reason="no \x1b[31m step\r", line=4), [
        r"::error file=a%2C b%3A c.yaml,line=4,title=Not run::no \x1b[31m step%0D"]),
    (Verdict(file=FILE, title="T", word=FLAKY, code=1, missed=[MISSED], reason="played again"), [
        "::warning file=a%2C b%3A c.yaml,line=11,title=Flaky%3A T::played again%0Aline 11: anna: 'hear: wrong-pin' "
        "at 1.0 s: heard 50 %25, then%0Anothing"]),
    (Verdict(file=FILE), []), (Verdict(file=FILE, word=SKIPPED), []),
], ids=["failed", "not run", "flaky", "passed", "skipped"])  # fmt: skip
def test_annotations_when_told_to_github_then_escaped_and_at_their_lines(verdict, told):
    assert annotations(verdict) == told


def test_annotations_when_the_checkout_is_elsewhere_then_paths_are_from_its_root(monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    one, = annotations(Verdict(file=tmp_path / "calls" / "a.yaml", word=NOT_RUN, reason="why"))
    assert one == "::error file=calls/a.yaml,title=Not run::why"


@pytest.mark.parametrize(("told", "code"), [
    ([Verdict(file=FILE)], 0), ([Verdict(file=FILE), Verdict(file=FILE, word=SKIPPED)], 0),
    ([Verdict(file=FILE, word=SKIPPED)], 3), ([Verdict(file=FILE), Verdict(file=FILE, word=FLAKY, code=1)], 1),
    ([Verdict(file=FILE, word=FAILED, code=1), Verdict(file=FILE, word=NOT_RUN, code=2)], 2),
    ([Verdict(file=FILE, word=FAILED, code=1), lost(Trial(FILE, "a"))], 3),
])
def test_code_when_verdicts_come_together_then_the_worst_and_never_0_where_nothing_was_played(told, code):
    assert code_of(told) == code


# what ends it, and what begins it again


def test_processes_when_one_dies_of_its_piece_then_that_one_is_lost_and_all_others_are_done():
    processes = Processes(lambda pool, place: pool.submit(*((os._exit, 9) if place == 1 else (abs, -place))), 2, [])
    assert dict(processes.done(4)) == {0: 0, 1: None, 2: 2, 3: 3}


def test_processes_when_pieces_clash_then_one_after_the_other_and_others_go_on_meanwhile():
    handed, first = [], Future()

    def submit(_, place):
        handed.append(place)
        done = first if place == 0 else Future()
        if place:
            done.set_result(place)
        if place == 4:
            first.set_result(0)
        return done

    assert len(dict(Processes(submit, 2, [], lambda one, other: max(one, other) < 3).done(5))) == 5
    assert handed == [0, 3, 4, 1, 2]


def test_stories_at_sound_cards_then_known_by_their_devices_and_apart_only_where_both_differ_for_sure(stories):
    for name, target in (("1", "soundcard"), ("2", "{soundcard: {microphone: USB, speaker: A}}"), ("3", "sip:a@b")):
        (stories / f"{name}.yaml").write_text(f"target: {target}\ncallers:\n  anna: [hear: speech]\n", "utf-8")
    trials = [Trial(path, path.stem) for path in sorted(stories.iterdir())]
    assert [(trials[place].path.stem, card.microphone) for place, card in at_cards(trials, Means()).items()] == [
        ("1", ""), ("2", "USB")]
    usb = CardTarget("USB", "HDMI")
    others = CardTarget(), usb, CardTarget("usb audio", "Line"), CardTarget("3", "Line"), CardTarget("Mic", "Line")
    assert [usb.may_share(other) for other in others] == [True, True, True, True, False]


def test_stories_that_are_not_played_then_told_by_their_titles_where_they_can_be_read(stories):
    left = [Trial(stories / name, name) for name in ("a-good.yaml", "b-bad.yaml")]
    assert [(one.name, one.word) for one in not_played(left, "stopped", 3, Means())] == [
        ("It comes true", NOT_RUN), ("b-bad", NOT_RUN)]


@pytest.mark.slow
def test_run_when_ctrl_c_is_pressed_then_all_ends_and_what_was_not_played_is_told(stories, tmp_path):
    for name in "efghij":
        shutil.copy(ROOT / "scenarios" / "s0-15-lobby.yaml", stories / f"{name}.yaml")
    jsonl = tmp_path / "all.jsonl"
    words = [sys.executable, "-m", "ivr.cli", "run", str(stories), "-j", "2", "--jsonl", str(jsonl)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline().startswith("pass  ")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert re.fullmatch(r"[1-9] passed, 0 failed, [0-9] not run", out.splitlines()[-1])
    assert (process.returncode, err.splitlines()[-1]) == (3, "ivr: stopped at your wish.")
    told = [json.loads(line) for line in jsonl.read_text().splitlines()]
    assert len(told) == 10
    assert (told[0]["verdict"], told[-1]["verdict"], told[-1]["reason"]) == (
        "passed", "not run", "not played: stopped at your wish")


def test_watched_when_files_change_then_played_again_and_what_is_wrong_is_told_and_waited_for(capsys):
    codes = iter([0, BadFile(Path("a.yaml"), 3, "there is no step"), 1])

    def play():
        code = next(codes)
        if isinstance(code, Exception):
            raise code
        return code

    def changed():
        yield from ("a.yaml", "b.wav")
        raise KeyboardInterrupt

    assert watched(play, changed()) == 1
    assert capsys.readouterr().err == ("ivr: a.yaml has changed.\nivr: a.yaml:3: there is no step.\n"
                                       "ivr: b.wav has changed.\n")


def test_seen_when_a_run_writes_its_own_files_then_those_are_no_change(stories):
    before = seen([stories])
    for name in ("a-good.journal", ".hidden", "out/report.html"):
        (stories / name).parent.mkdir(exist_ok=True)
        (stories / name).write_text("new", encoding="utf-8")
    assert seen([stories], frozenset({(stories / "out").resolve()})) == before
    (stories / "a-good.yaml").write_text(SLIP, encoding="utf-8")
    assert {path.name for path, _ in seen([stories]).items() ^ before.items()} == {"a-good.yaml", "report.html"}
