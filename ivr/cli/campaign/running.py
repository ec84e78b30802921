"""Plays the runs of a campaign, by as many processes as are asked for."""

import contextlib
import io
import os
from collections.abc import Iterator, Sequence

from dtmf.archive.processes import Processes
from ivr.cli.campaign.plan import Campaign
from ivr.cli.suite.means import Means, words_of
from ivr.cli.suite.trial import get_ready, ready
from ivr.reading import BadFile
from ivr.scenario.grammar import parse
from ivr.scenario.player import play

_AT_ONCE = 8
"""Runs that a process is given at a time: what a process that dies of them costs."""

Came = list[tuple[int, str]]


def on_cluster(campaign: Campaign, runs: Sequence[int], address: str) -> Iterator[Came | None]:
    """Play runs by the workers of a Dask cluster, which have the same version of this program and of its voice.

    Yields
    ------
    list of (int, str), or None
        As `played`, one run at a time.

    Raises
    ------
    CannotRun
        If Dask is not installed, the scheduler does not answer or goes away, or there is no worker.
    """
    from dtmf.archive.cluster import done

    for _, came in done(lambda places: (apart, (campaign, [runs[place] for place in places])), len(runs), address):
        yield None if came is None else [came]


def played(campaign: Campaign, runs: Sequence[int], jobs: int) -> Iterator[Came | None]:
    """Play runs by their numbers.

    Yields
    ------
    list of (int, str), or None
        Some runs, each with why it failed; None for some that two processes have died of.
    """
    chunks = [runs[at:at + _AT_ONCE] for at in range(0, len(runs), _AT_ONCE)]
    get_ready(Means())
    if jobs == 1:
        yield from (some(campaign, chunk) for chunk in chunks)
        return
    work = Processes(lambda pool, place: pool.submit(apart, campaign, chunks[place]), jobs,
                     ["ivr.cli.campaign.running"])
    for _, came in work.done(len(chunks)):
        yield came


def apart(campaign: Campaign, runs: Sequence[int]) -> Came:
    """Play some runs in a process of its own."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):  # noqa: PTH123
        get_ready(Means())  # whoever has started us has told of it
    return some(campaign, runs)


def some(campaign: Campaign, runs: Sequence[int]) -> Came:
    """Play some runs; what recordings lack is the same in each, and told by 'ivr run'."""
    with contextlib.redirect_stderr(io.StringIO()):
        return [(run, why(campaign, run)) for run in runs]


def check(campaign: Campaign) -> None:
    """See that the story of every point is one.

    Raises
    ------
    BadFile
        With the values of the first that is none.
    """
    for point in range(campaign.points):
        run = point * campaign.times
        try:
            story = parse(campaign.filled(run), campaign.story, words_of(Means()))
        except BadFile as error:
            raise BadFile(campaign.path, 0, f"with {told(campaign, run)}: {error}") from None
        pins = {meeting.pin for meeting in story.meetings}
        pins |= {one.pin for one in story.desk.organizers} if story.desk is not None else set()
        if pins & set(campaign.values(point)) - {""}:
            raise BadFile(campaign.path, 0, "a PIN cannot be varied, for it would stand in the results: write it "
                          "into the story")


def why(campaign: Campaign, run: int) -> str:
    """Return why the story of a run fails; empty if it comes true."""
    scenario = parse(campaign.filled(run), campaign.story, words_of(Means()))
    sounds, recorded = ready(Means())
    recorded.clear()
    result = play(scenario, sounds)
    return "" if result.passed else str(result.failures[0])


def told(campaign: Campaign, run: int) -> str:
    """Return the values of a run, as in "tone 20 ms, level -30 dBm0"."""
    values = campaign.values(run // campaign.times)
    return ", ".join(f"{name} {value}" for name, value in zip(campaign.vary, values, strict=True))
