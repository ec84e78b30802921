"""Plays stories one after the other or side by side; what is told is the same, in the same order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ivr.cli.saying import BROKEN, FAILED
from ivr.cli.suite import NEEDED
from ivr.cli.suite.choosing import Trial
from ivr.cli.suite.means import Means
from ivr.cli.suite.outward import at_cards
from ivr.cli.suite.trial import apart, get_ready, of_ours, perform, titled
from ivr.report.verdicts import FAILED as WRONG
from ivr.report.verdicts import NOT_RUN, Verdict


def verdicts(trials: Sequence[Trial], means: Means, *, jobs: int = 1) -> Iterator[Verdict]:
    """Play stories, each in a process of `jobs` if those are several.

    Yields
    ------
    Verdict
        In the order of `trials`.
    """
    get_ready(means)
    if jobs == 1 or len(trials) == 1:
        yield from _compared(perform(means, trial) for trial in trials)
    else:
        yield from _compared(_side_by_side(trials, means, jobs))


def _side_by_side(trials: Sequence[Trial], means: Means, jobs: int) -> Iterator[Verdict]:
    from dtmf.archive.processes import Processes  # one after the other does without

    cards = at_cards(trials, means)
    processes = Processes(lambda pool, place: pool.submit(apart, means, trials[place]), jobs, NEEDED,
                          lambda one, other: one in cards and other in cards and cards[one].may_share(cards[other]))
    early: dict[int, Verdict] = {}
    following = 0
    for place, verdict in processes.done(len(trials)):
        early[place] = verdict or lost(trials[place])
        while following in early:
            yield early.pop(following)
            following += 1


def lost(trial: Trial) -> Verdict:
    """Return the verdict on a story that two processes have died of."""
    return Verdict(file=trial.path, row=trial.row, run=trial.run, runs=trial.runs, word=NOT_RUN, code=BROKEN,
                   reason=f"{trial.path} ended the process that played it, twice: look at the memory that is left")


def _compared(played: Iterator[Verdict]) -> Iterator[Verdict]:
    """Tell of a story that is not the same each time."""
    first: dict[tuple[Path, str], Verdict] = {}
    for verdict in played:
        known = first.setdefault((verdict.file, verdict.row), verdict)
        if verdict.digest and verdict.digest != known.digest and not verdict.outside:
            yield replace(verdict, word=WRONG, code=FAILED, differences=[
                *verdict.differences, of_ours(f"the run before, {known.run} of {known.runs}, went otherwise")])
        else:
            yield verdict


def not_played(trials: Sequence[Trial], reason: str, code: int, means: Means) -> list[Verdict]:
    """Return the verdicts on stories that were not played any more, with their titles where they can be read."""
    return [replace(titled(trial, means), word=NOT_RUN, code=code, reason=reason) for trial in trials]
