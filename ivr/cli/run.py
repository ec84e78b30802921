"""`ivr run`: stories, a line each, and reports of all of them."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.cli.faults import UsageError
from ivr.cli.folders import folder
from ivr.cli.kit import check_outputs, write_text
from ivr.cli.saying import BROKEN, FAILED, json_line, tell, tell_json
from ivr.cli.suite.choosing import Selection, chosen
from ivr.cli.suite.means import Means, check_given, words_of
from ivr.cli.suite.playing import not_played, verdicts
from ivr.cli.suite.telling import code_of, facts, summary, tell_verdict
from ivr.report.verdicts import NOT_RUN, SKIPPED, Verdict
from ivr.scenario.grammar import load
from ivr.scenario.profiles import find

if TYPE_CHECKING:  # what most runs do without is loaded by those that need it
    from ivr.cli.coverage import Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWanted:
    """How stories are played, and what is told of them.

    Attributes
    ----------
    jobs : int
        How many are played side by side; 0 for as many as there are processors.
    fail_fast : bool
        Whether the first that fails is the last.
    as_json, github : bool
        What is printed: objects, annotations.
    junit, html, jsonl : Path, optional
        Files about all of them.
    """

    means: Means = field(default_factory=Means)
    choice: Selection = field(default_factory=Selection)
    jobs: int = 1
    fail_fast: bool = False
    as_json: bool = False
    github: bool = False
    coverage: bool = False
    junit: Path | None = None
    html: Path | None = None
    jsonl: Path | None = None


def run(paths: Sequence[Path], wanted: RunWanted) -> int:
    """Play every story that is meant; return the exit code.

    Raises
    ------
    UsageError
        If none is meant, or what is asked for cannot be.
    """
    means = wanted.means
    _check(wanted)
    trials = chosen(paths, wanted.choice, lambda path: load(path, words_of(means)))
    check_given(means, dict.fromkeys(trial.path for trial in trials if not trial.skip))
    if means.product:
        find(means.product)
    if wanted.choice.seed is not None and not wanted.as_json:
        tell(f"shuffled with the seed {wanted.choice.seed}")
    began = time.perf_counter()
    told: list[Verdict] = []
    try:
        for verdict in verdicts(trials, means, jobs=wanted.jobs or os.cpu_count() or 1):
            tell_verdict(verdict, as_json=wanted.as_json, github=wanted.github)
            told.append(verdict)
            if wanted.fail_fast and verdict.code and len(told) < len(trials):
                left = not_played(trials[len(told):], "not played, as one before it has failed", FAILED, means)
                told += left
                if wanted.as_json:
                    for one in left:
                        tell_json(facts(one))
                break
    except KeyboardInterrupt:
        told += not_played(trials[len(told):], "not played: stopped at your wish", BROKEN, means)
        if not wanted.as_json:
            tell(summary(told))
        _write(wanted, told, time.perf_counter() - began)
        raise
    if not wanted.as_json:
        tell(summary(told))
    if wanted.coverage:
        _covered(told, means).tell(as_json=wanted.as_json)
    _write(wanted, told, time.perf_counter() - began)
    return code_of(told)


def _check(wanted: RunWanted) -> None:
    means = wanted.means
    if means.report is not None:
        folder(means.report)
    elif not means.audio and wanted.html is None:
        raise UsageError("--no-audio is for a page: name one with --html, or a folder with --report")
    elif means.keep and wanted.html is None:
        raise UsageError(f"--keep {means.keep} says what --report or --html keep: name one of these too")
    if means.status and not means.twiml:
        raise UsageError("--status-callback is told when calls of --twiml are over: name that too, or write it "
                         "into the file of the application")
    if wanted.github and wanted.as_json:
        raise UsageError("--github and --json both print: choose one; --jsonl writes the objects into a file")
    if wanted.jobs < 0 or means.retries < 0:
        raise UsageError(f"{'--jobs' if wanted.jobs < 0 else '--retry'} cannot be negative")
    check_outputs({"--junit": wanted.junit, "--html": wanted.html, "--jsonl": wanted.jsonl})


def _write(wanted: RunWanted, told: Sequence[Verdict], wall_s: float) -> None:
    """Write the files about all stories, each whole or not at all."""
    if wanted.junit is not None:
        from ivr.report.junit import junit

        write_text(wanted.junit, junit(told))
    if wanted.jsonl is not None:
        write_text(wanted.jsonl, "".join(f"{json_line(facts(one))}\n" for one in told))
    if wanted.html is not None:
        from ivr.report.suite import write_suite

        write_suite(told, wanted.html, wall_s=wall_s)


def _covered(told: Iterable[Verdict], means: Means) -> "Coverage":
    from ivr.cli.coverage import Coverage

    covered = Coverage()
    for verdict in told:
        own = None if verdict.word in (NOT_RUN, SKIPPED) else load(verdict.file, words_of(means)).own
        if own is not None:
            covered.add(own, verdict.taken, verdict.branches)
    return covered
