"""Plays one story, in whatever process, and leaves behind what is asked for."""

import contextlib
import functools
import hashlib
import io
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dtmf.errors import NoRoom
from ivr.cli.faults import code_of
from ivr.cli.kit import outside, prompts, stage
from ivr.cli.saying import FAILED as WRONG
from ivr.cli.saying import OK
from ivr.cli.suite import journals
from ivr.cli.suite.choosing import Trial
from ivr.cli.suite.means import Means, words_of
from ivr.cli.suite.outward import rung_out
from ivr.clock import RATE, seconds
from ivr.live.pace import WallClock
from ivr.reading import BadFile
from ivr.report.verdicts import FAILED, FLAKY, NOT_RUN, PASSED, SKIPPED, Verdict
from ivr.scenario.grammar import load
from ivr.scenario.leading import is_live
from ivr.scenario.player import Result, Samples, play
from ivr.scenario.profiles import find
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario


@dataclass(slots=True)
class _Played:
    """One go at a story."""

    result: Result
    wall_s: float
    recorded: list[tuple[str, str, Samples]]
    differences: list[str]
    changed: list[str]
    digest: str

    @property
    def passed(self) -> bool:
        return self.result.passed and not self.differences


@functools.cache
def ready(means: Means) -> tuple[Stage, list[tuple[str, str, Samples]]]:
    """Return the sounds of a run, and where what callers record there is gathered."""
    recorded: list[tuple[str, str, Samples]] = []
    return replace(outside(stage(means.voice_pack), means.hosts), token=os.environ.get("IVR_TWIML_TOKEN", ""),
                   shelf=lambda *one: _shelf()(*one), keep=lambda *one: recorded.append(one)), recorded


@functools.cache
def _shelf() -> Callable[[str, Samples], str]:
    from ivr.live.shelf import RecordingShelf

    return RecordingShelf()


def get_ready(means: Means) -> None:
    """Have everything there that stories need, and say what is wrong with it."""
    words_of(means)
    ready(means)


def apart(means: Means, trial: Trial) -> Verdict:
    """Play a story in a process of its own, which says nothing."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):  # noqa: PTH123
        get_ready(means)  # whoever has started us has told of it
    return perform(means, trial)


def perform(means: Means, trial: Trial) -> Verdict:
    """Play a story; return how it went."""
    remarks = io.StringIO()
    with contextlib.redirect_stderr(remarks):
        verdict = _performed(means, trial)
    return replace(verdict, remarks=remarks.getvalue())


def titled(trial: Trial, means: Means) -> Verdict:
    """Return what stands in the file of a story that is not played, as far as it can be read."""
    plain = Verdict(file=trial.path, row=trial.row, run=trial.run, runs=trial.runs)
    try:
        return plain if trial.skip else _described(plain, load(trial.path, words_of(means), trial.row))
    except BadFile:
        return plain


def _described(plain: Verdict, scenario: Scenario) -> Verdict:
    return replace(plain, title=scenario.title, source=scenario.source, tags=scenario.tags,
                   outside=scenario.asks_outside)


def _performed(means: Means, trial: Trial) -> Verdict:
    plain = Verdict(file=trial.path, row=trial.row, run=trial.run, runs=trial.runs)
    if trial.skip:
        return replace(plain, word=SKIPPED, reason=trial.skip)
    try:
        scenario = load(trial.path, words_of(means), trial.row)
        plain = _described(plain, scenario)
        if scenario.skip:
            return replace(plain, word=SKIPPED, reason=scenario.skip)
        if means.product:
            scenario = replace(scenario, product=replace(find(means.product),
                                                         languages=scenario.product.languages))
        tried = [_played(means, scenario)]
        while not tried[-1].passed and len(tried) <= means.retries:
            tried.append(_played(means, scenario))
        verdict, told = _judged(means, plain, tried)
        return _kept(means, trial, replace(verdict, taken=told.result.taken,
                                            branches=told.result.branches), told)
    except Exception as error:
        code = code_of(error)
        if code is None or isinstance(error, NoRoom):  # on a full disk no other story leaves anything either
            raise
        # a recording that is no audio is found out only when it is played
        where = "" if isinstance(error, BadFile) else f"{trial.path}: "
        line = error.line if isinstance(error, BadFile) and error.path == trial.path else 0
        return replace(plain, word=NOT_RUN, code=code, reason=f"{where}{error}", line=line)


def _played(means: Means, scenario: Scenario) -> _Played:
    sounds, recorded = ready(means)
    recorded.clear()
    began = time.perf_counter()
    result = rung_out(scenario, sounds) if scenario.target else play(scenario, sounds, wait=_waits(scenario))
    wall_s = time.perf_counter() - began
    engine, lines = prompts(means.voice_pack).engine, list[str]()
    if scenario.target:
        pass  # nobody knows how long another IVR takes
    elif means.update and result.passed and not means.product:
        journals.update(result, engine)
    elif not means.product:
        # of a story that failed the page alone tells: it stopped early, so much must differ
        lines = journals.changed(result, engine)
    return _Played(result, wall_s, [*recorded], journals.differs(result, lines) if result.passed else [], lines,
                   _digest(result) if means.compared else "")


def _waits(scenario: Scenario) -> Callable[[], None] | None:
    """Return what waits for each tick: for those who live by the clock, that clock."""
    return WallClock().wait if is_live(one.agent for one in scenario.callers) else None


def _digest(result: Result) -> str:
    whole = hashlib.sha256(result.journal.text().encode())
    for take in result.takes:
        whole.update(take.heard.tobytes())
    return whole.hexdigest()


def _judged(means: Means, plain: Verdict, tried: Sequence[_Played]) -> tuple[Verdict, _Played]:
    """Return the verdict, and which go it tells of: the first that failed, if one has."""
    told, last = tried[0], tried[-1]
    word = PASSED if told.passed else FLAKY if last.passed else FAILED
    forgiven = word == FLAKY and plain.outside and means.flaky_allowed
    verdict = replace(plain, word=word, code=OK if word == PASSED or forgiven else WRONG,
                      seconds=seconds(told.result.ended_at), wall_s=sum(one.wall_s for one in tried),
                      missed=told.result.failures, differences=told.differences, digest=told.digest)
    others = {one.digest for one in tried} - {told.digest}
    if others and not plain.outside:
        return replace(verdict, reason=of_ours("played again it went otherwise")), told
    if word == FLAKY:
        return replace(verdict, reason=f"it failed, and came true when it was played again, try {len(tried)}"), told
    return verdict, told


def of_ours(what: str) -> str:
    """Return the sentence about a story that is not the same each time, though nothing outside can have changed."""
    return f"{what}, to the sample, though nothing outside was asked: that is a fault of ours, please tell us"


def _kept(means: Means, trial: Trial, verdict: Verdict, told: _Played) -> Verdict:
    """Leave behind what is asked for."""
    engine = prompts(means.voice_pack).engine
    verdict = replace(verdict, notes=(*journals.not_compared(told.result, engine), *told.result.measured))
    failed = verdict.word != PASSED
    left = means.report is not None and (means.keep != "failed" or failed)
    return _written(means, trial, verdict, told) if means.page or left else verdict


def _written(means: Means, trial: Trial, verdict: Verdict, told: _Played) -> Verdict:
    # what only pages and folders need is loaded for them
    from dtmf.audiofile import write
    from ivr.cli.leaving import leave
    from ivr.report.page import part
    from ivr.report.runs import shown

    failed = verdict.word != PASSED
    differences = journals.masked(told.changed, told.result.scenario.own)
    if means.page:
        sound = means.audio and (failed or means.keep == "all")
        verdict = replace(verdict, page=part(
            shown(told.result, wall_s=told.wall_s, differences=differences), audio=sound))
    if means.report is None or (means.keep == "failed" and not failed):
        return verdict
    where = means.report / trial.folder
    leave(told.result, where, wall_s=told.wall_s, differences=differences, audio=means.audio)
    for number, (name, caller, samples) in enumerate(told.recorded, 1):
        write(where / f"{caller}-{name}-{number}.wav", samples, RATE)
    return replace(verdict, left=where)
