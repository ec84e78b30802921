"""The page of many stories: verdicts first, escaped, small, and a story a click away."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from ivr.clock import RATE
from ivr.journal import Entry
from ivr.report import Story, Track
from ivr.report.page import part
from ivr.report.suite import render_suite
from ivr.report.verdicts import FAILED, FLAKY, NOT_RUN, SKIPPED, Verdict
from ivr.scenario.failure import Failure

MISSED = Failure(11, "anna", "hear: <b>wrong-pin", 8000, "heard silence instead")


def told(caller, *, audio):
    heard = np.random.default_rng(1).integers(-300, 300, 4 * RATE).astype(np.int16)
    entries = [Entry(0, 1, caller, "dialled", {}), Entry(0, 1, caller, "state", {"state": "greeting"})]
    tracks = [Track(caller, heard, 0 * heard, 0)]
    return part(Story(f"What {caller} hears", "", entries, tracks, 4 * RATE, 0.1), audio=audio)


VERDICTS = [
    Verdict(file=Path("a.yaml"), title="All is well", tags=("smoke",), seconds=4, page=told("bela", audio=False)),
    Verdict(file=Path("b.yaml"), title="</script><script>alert(1)</script>", word=FAILED, code=1, missed=[MISSED],
            seconds=4, page=told("anna", audio=True)),
    Verdict(file=Path("c.yaml"), title="Later", word=SKIPPED, reason="on holiday"),
    Verdict(file=Path("d.yaml"), word=NOT_RUN, code=2, reason="d.yaml:4: there is no step"),
    Verdict(file=Path("e.yaml"), title="Now and then", word=FLAKY, code=1, missed=[MISSED], reason="it failed"),
]


def test_page_when_some_failed_then_those_stand_first_with_what_was_wrong_and_nothing_is_fetched_or_run():
    text = render_suite(VERDICTS, wall_s=2.0)
    assert "<title>FAILED: 1 failed, 1 flaky, 1 not run, of 5</title>" in text
    words = re.findall(r'data-word="([a-z ]+)" data-told', text)
    assert words == ["failed", "not run", "flaky", "passed", "skipped"]
    said = "line 11: anna: &#39;hear: &lt;b&gt;wrong-pin&#39; at 1.0 s: heard silence instead"
    assert text.count(f'<p class="wrong">{said}</p>') == 2
    assert "<script>alert" not in text
    assert not re.search(r'(?:src|href)="(?!#|data:)', text)


def test_page_when_all_came_true_then_said_so():
    assert "<title>1 story passed, 1 skipped</title>" in render_suite([VERDICTS[0], VERDICTS[2]], wall_s=1.0)


def test_page_when_seventy_stories_came_true_then_far_below_5_mb():
    assert len(render_suite(VERDICTS[:1] * 70, wall_s=1.0)) < 1e6


@pytest.mark.slow
@pytest.mark.real_time
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize(("part", "shown"), [("", "Suite report"), ("#story-1", "What anna hears")])
def test_page_when_a_story_is_chosen_then_its_lanes_are_there_and_the_console_is_silent(tmp_path, part, shown):
    (tmp_path / "suite.html").write_text(render_suite(VERDICTS, wall_s=1.0), encoding="utf-8")
    run = subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom",
                          "--enable-logging=stderr", "--virtual-time-budget=4000",
                          f"--user-data-dir={tmp_path / 'profile'}", (tmp_path / "suite.html").as_uri() + part],
                         capture_output=True, text=True, check=True)
    assert "CONSOLE" not in run.stderr
    assert shown in run.stdout
    assert ("0.0 of 4.0 s" in run.stdout) is bool(part)
    assert ('<div id="all" hidden="">' in run.stdout) is bool(part)
