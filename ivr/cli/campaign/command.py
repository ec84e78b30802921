"""`ivr campaign`: plays, goes on where it was stopped, and tells."""

import os
from pathlib import Path

from ivr.cli.campaign.plan import Campaign, load
from ivr.cli.campaign.results import Results
from ivr.cli.campaign.running import check, on_cluster, played
from ivr.cli.faults import UsageError
from ivr.cli.folders import folder
from ivr.cli.kit import write_text
from ivr.cli.saying import BROKEN, OK, complain, remark, tell, tell_json
from ivr.report.matrix import Matrix, Square, draw, table, write_matrix


def run(path: Path, out: Path | None, *, jobs: int, cluster: str, as_json: bool) -> int:
    """Play a campaign; return the exit code.

    Raises
    ------
    BadFile, UsageError
        If it cannot be meant.
    """
    if jobs < 0:
        raise UsageError("--jobs cannot be negative")
    campaign = load(path)
    check(campaign)
    where = folder(out or path.parent / f"{path.stem}-campaign")
    results = Results(campaign, where / "results.jsonl")
    try:
        missing = _play(campaign, results, jobs or os.cpu_count() or 1, cluster)
    finally:
        matrix = _matrix(campaign, results)
        results.close()
        write_text(where / "matrix.csv", table(matrix))
        draw(matrix, where / "matrix.png")
        write_matrix(matrix, where / "campaign.html")
    _tell(campaign, matrix, where, as_json=as_json)
    if missing:
        return complain(f"{missing} runs were not played, as their process died, twice: give the command again",
                        BROKEN)
    return OK


def _play(campaign: Campaign, results: Results, jobs: int, cluster: str) -> int:
    """Play what is left; return how many runs were lost."""
    left = [run for run in range(campaign.runs) if run not in results.done]
    if results.done:
        remark(f"{len(results.done)} of {campaign.runs} runs are done already")
    for came in on_cluster(campaign, left, cluster) if cluster else played(campaign, left, jobs):
        if came is not None:
            results.keep(came)
    return campaign.runs - len(results.done)


def _matrix(campaign: Campaign, results: Results) -> Matrix:
    return Matrix(campaign.title, campaign.vary, [
        Square(one.values, one.came, one.runs, *one.interval, one.why) for one in results.cells()])


def _tell(campaign: Campaign, matrix: Matrix, where: Path, *, as_json: bool) -> None:
    last = [*campaign.vary][-1]
    if as_json:
        for one in matrix.squares:
            tell_json({**dict(zip(campaign.vary, one.values, strict=True)), "came": one.came, "runs": one.runs,
                       "low": round(one.low, 4), "high": round(one.high, 4), "why": one.why})
        return
    for told, row in matrix.rows:
        shares = "  ".join(f"{one.values[-1]}: {one.came}/{one.runs}" for one in row)
        turning = matrix.turning(row)
        tell(f"{told + ': ' if told else ''}{last} {shares}" + (
            f"; less than every other time from {turning} on" if turning else ""))
    tell(f"{campaign.runs} runs at {len(matrix.squares)} points: look at {where / 'campaign.html'}; "
         "matrix.csv and matrix.png lie beside it.")
