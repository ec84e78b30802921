"""`ivr campaign`: what is varied, what is kept when it is killed, and what it tells."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from clusters import dask_cluster
from PIL import Image

from ivr.cli.campaign.plan import load
from ivr.cli.campaign.results import Cell, Results
from ivr.cli.campaign.running import check, why
from ivr.cli.faults import UsageError
from ivr.report.matrix import Matrix, Square

ROOT = Path(__file__).parents[4]
STORY = """title: A key that is held
callers:
  anna:
    - wait: ${turn} ms
    - press: {keys: "${key}", tone: "${tone}"}
    - hear: ${heard}
      within: 40 ms
"""
FILE = """title: Held keys
story: story.yaml
vary:
  key: [1, 2]
  heard: [silence, joining]
  tone: [20 ms, 600 ms]
times: 2
"""


@pytest.fixture
def held(tmp_path):
    """A campaign of sixteen runs: silence is heard in some, and a prompt that nobody says in none."""
    (tmp_path / "story.yaml").write_text(STORY, encoding="utf-8")
    (tmp_path / "held.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path / "held.yaml"


def test_campaign_when_it_is_played_then_a_line_a_row_a_page_a_picture_and_a_table(ivr, held, tmp_path):
    code, out, err = ivr("campaign", held, "-j", "1")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line.partition(": ")[0] for line in lines[:4]] == [
        "key 1, heard silence", "key 1, heard joining", "key 2, heard silence", "key 2, heard joining"]
    assert lines[1].endswith("tone 20 ms: 0/2  600 ms: 0/2; less than every other time from 20 ms on")
    assert lines[4].startswith("16 runs at 8 points: look at ")
    left = tmp_path / "held-campaign"
    rows = list(csv.DictReader((left / "matrix.csv").read_text(encoding="utf-8").splitlines()))
    assert [list(row)[:3] for row in rows] == [["key", "heard", "tone"]] * 8
    assert [rows[2][name] for name in ("came true", "runs", "low", "high")] == ["0", "2", "0.0000", "0.6576"]
    assert "hear: joining" in rows[2]["why not"]
    with Image.open(left / "matrix.png") as picture:
        assert picture.size[0] > 300
    page = (left / "campaign.html").read_text(encoding="utf-8")
    assert page.count('class="num square"') == 8
    assert "0 of 2, 0 to 66 %" in page
    before = {path.name: path.read_bytes() for path in left.iterdir()}
    # all is done already: the same is told, and nothing played
    again, out, err = ivr("campaign", held, "--json")
    assert (again, err) == (0, "ivr: 16 of 16 runs are done already.\n")
    assert [json.loads(line)["runs"] for line in out.splitlines()] == [2] * 8
    assert {path.name: path.read_bytes() for path in left.iterdir()} == before


def test_results_when_the_last_line_is_half_of_one_then_that_run_is_played_again(held, tmp_path):
    campaign, path = load(held), tmp_path / "results.jsonl"
    first = Results(campaign, path)
    first.keep([(0, ""), (3, "because of an é")])
    first.close()
    whole = path.read_bytes()
    for cut in range(1, 20):
        path.write_bytes(whole[:-cut])
        second = Results(campaign, path)
        assert second.done == {0: ""}
        second.keep([(3, "because of an é")])
        second.close()
        assert path.read_bytes() == whole


def test_results_when_they_are_of_another_campaign_then_refused_and_kept(held, tmp_path):
    path = tmp_path / "results.jsonl"
    Results(load(held), path).close()
    kept = path.read_bytes()
    held.write_text(FILE.replace("600 ms", "500 ms"), encoding="utf-8")
    with pytest.raises(UsageError, match="another campaign"):
        Results(load(held), path)
    assert path.read_bytes() == kept


def test_results_when_a_line_is_none_then_its_place_is_told(held, tmp_path):
    campaign, path = load(held), tmp_path / "results.jsonl"
    Results(campaign, path).close()
    with path.open("a", encoding="utf-8") as more:
        more.write('{"run": 1}\n')
    with pytest.raises(UsageError, match=r"results\.jsonl:2: this is no result"):
        Results(campaign, path)


def test_points_when_they_are_counted_then_the_last_name_changes_fastest(held):
    campaign = load(held)
    assert [campaign.values(point) for point in range(3)] == [
        ("1", "silence", "20 ms"), ("1", "silence", "600 ms"), ("1", "joining", "20 ms")]
    assert (campaign.points, campaign.runs) == (8, 16)
    assert len({campaign.values(point) for point in range(8)}) == 8


def test_campaign_when_a_pin_is_varied_then_refused_and_not_shown(refused, held):
    story = held.with_name("story.yaml")
    story.write_text("meetings:\n  - {conference id: 1234567, pin: '${key}'}\n" + story.read_text(encoding="utf-8"),
                     encoding="utf-8")
    held.write_text(FILE.replace("[1, 2]", "['48215']"), encoding="utf-8")
    assert "a PIN cannot be varied, for it would stand in the results" in refused("campaign", held)


@pytest.mark.parametrize(("came", "runs", "low", "high"), [
    (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0, 1)])
def test_interval_when_some_came_true_then_as_wilsons(came, runs, low, high):
    """The fourth is Newcombe's own example (1998, table I, method 3)."""
    assert Cell((), came, runs, "").interval == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("shares", "turning"), [
    ([2, 2, 0], "c"), ([2, 0, 0], "b"), ([0, 0, 0], "a"), ([2, 2, 2], ""), ([0, 2, 0], "c"), ([2, 1, 0], "c")])
def test_turning_when_a_row_falls_then_where_it_stays_below_half(shares, turning):
    row = [Square((name,), came, 2, 0, 1, "") for name, came in zip("abc", shares, strict=True)]
    assert Matrix("", {"x": ("a", "b", "c")}, row).turning(row) == turning


@pytest.mark.parametrize(("old", "new", "why"), [
    ("key:", "kye:", "story.yaml:5: ${key} is not varied; did you mean 'kye'?"),
    ("times: 2", "times: no", "held.yaml:7: 'no' is not how often: write a whole number from 1"),
    ("[1, 2]", "[1, 1]", "held.yaml:4: a value of 'key' stands here twice: keep one of them"),
    ("[1, 2]", "[1, 2, x]", "with key x, heard silence, tone 20 ms: "),
    ("vary:", "vary:\n  noise: [1]", "has no place ${noise}"),
    ("story.yaml", "nowhere.yaml", "nowhere.yaml: there is no such file"),
    ("times: 2", "times: 999999", "these are 7999992 runs: 1000000 at most"),
    ("vary:", "very:", "a campaign has no 'very'; did you mean 'vary'?"),
    ("  key: [1, 2]", "  turn: [1, 2]", "'turn' cannot be varied"),
])
def test_campaign_when_it_cannot_be_meant_then_one_sentence(refused, held, tmp_path, old, new, why):
    held.write_text(FILE.replace(old, new), encoding="utf-8")
    assert why in refused("campaign", held)
    assert not (tmp_path / "held-campaign").exists()


def begun(path, lines):
    """Wait until so many lines are in a file."""
    while not path.exists() or path.read_bytes().count(b"\n") < lines:
        os.sched_yield()


@pytest.mark.slow
def test_campaign_when_it_is_killed_and_given_again_then_the_same_to_the_byte(ivr, held, tmp_path):
    held.write_text(FILE.replace("times: 2", "times: 40"), encoding="utf-8")
    assert ivr("campaign", held, "-j", "1", "--out", tmp_path / "whole")[0] == 0
    killed = tmp_path / "killed"
    with subprocess.Popen([sys.executable, "-m", "ivr.cli", "campaign", str(held), "-j", "2", "--out", str(killed)],
                          cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        begun(killed / "results.jsonl", 20)
        process.send_signal(signal.SIGKILL)
    code, _, err = ivr("campaign", held, "-j", "1", "--out", killed)
    assert code == 0
    assert "of 320 runs are done already" in err
    for name in ("matrix.csv", "matrix.png", "campaign.html"):
        assert (killed / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.slow
def test_campaign_when_a_cluster_plays_it_and_loses_a_worker_then_the_same_as_here(ivr, held, tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'distributed'")
    held.write_text(FILE.replace("times: 2", "times: 20"), encoding="utf-8")
    assert ivr("campaign", held, "-j", "1", "--out", tmp_path / "here")[0] == 0
    there = tmp_path / "there"
    with dask_cluster(tmp_path) as (address, workers, _):
        words = [sys.executable, "-m", "ivr.cli", "campaign", str(held), "--cluster", address, "--out", str(there)]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            begun(there / "results.jsonl", 10)
            workers[0].kill()
            assert process.wait() == 0
    for name in ("matrix.csv", "matrix.png", "campaign.html"):
        assert (there / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_campaign_when_no_cluster_answers_then_code_3(refused, held):
    """Here at once; how patiently one is waited for, archives of recordings test, which ask the same one."""
    assert "no Dask scheduler answers at nonsense://" in refused(
        "campaign", held, "--cluster", "nonsense://", code=3)


def test_campaign_when_lines_are_varied_then_good_ones_get_in_and_the_worst_does_not():
    campaign = load(ROOT / "examples" / "bad-lines" / "bad-lines.yaml")
    assert campaign.runs >= 10_000
    assert [*campaign.vary] == ["noise", "codec", "key", "loss"]
    check(campaign)
    worst = campaign.runs - 1
    assert campaign.values(campaign.points - 1)[-1].startswith("10 % in bursts")
    assert why(campaign, 0) == ""
    assert "in: meeting" in why(campaign, worst)
    assert why(campaign, worst) == why(campaign, worst)
