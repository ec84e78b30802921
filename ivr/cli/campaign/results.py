"""What came of the runs of a campaign: a line each in a file that a killed run can be gone on with."""

import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ivr.cli.campaign.plan import Campaign
from ivr.cli.faults import UsageError

_Z = 1.959964
"""Of 95 %, two-sided."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one point.

    Attributes
    ----------
    values : tuple of str
    came, runs : int
        How often the story came true, of how often it was played.
    why : str
        Why it did not, the first time.
    """

    values: tuple[str, ...]
    came: int
    runs: int
    why: str

    @property
    def share(self) -> float:
        """The part of runs that came true."""
        return self.came / self.runs if self.runs else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Where that part lies with 95 % confidence (Wilson, 1927)."""
        if not self.runs:
            return 0.0, 1.0
        n, p, z = self.runs, self.share, _Z
        middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


class Results:
    """The file of results; what is in it already was done before.

    Parameters
    ----------
    campaign : Campaign
    path : Path

    Raises
    ------
    UsageError
        If the file is of another campaign.
    """

    def __init__(self, campaign: Campaign, path: Path) -> None:
        self._campaign, self._path = campaign, path
        self.done: dict[int, str] = {}
        head = json.dumps({"campaign": campaign.digest, "runs": campaign.runs})
        lines = path.read_bytes().split(b"\n") if path.exists() else [b""]
        if len(lines) > 1:
            if lines[0] != head.encode():
                raise UsageError(f"{path} holds the results of another campaign, or of this one before it was "
                                 "changed: name another folder with --out, or move it away")
            # the last line may be half of one: whoever wrote it was killed
            for number, line in enumerate(lines[1:-1], 2):
                try:
                    one = json.loads(line)
                    self.done[int(one["run"])] = str(one["why"])
                except (ValueError, TypeError, KeyError):
                    raise UsageError(f"{path}:{number}: this is no result of a run: take the line out, and the run "
                                     "is played again") from None
            os.truncate(path, len(b"\n".join(lines[:-1])) + 1)
        elif path.exists():
            os.truncate(path, 0)  # not even its first line was written whole
        self._file = path.open("ab")
        if not self._file.tell():
            self._write([head])

    def keep(self, came: Iterable[tuple[int, str]]) -> None:
        """Keep what came of some runs: their numbers, and why they failed, empty for those that came true."""
        came = [*came]
        self.done |= dict(came)
        self._write([json.dumps({"run": run, "why": why}, ensure_ascii=False) for run, why in came])

    def close(self) -> None:
        """Be done with the file."""
        self._file.close()

    def cells(self) -> list[Cell]:
        """Return what came of every point, in the order of the campaign."""
        times = self._campaign.times
        told = []
        for point in range(self._campaign.points):
            whys = [self.done[run] for run in range(point * times, (point + 1) * times) if run in self.done]
            told.append(Cell(self._campaign.values(point), whys.count(""), len(whys), next(filter(None, whys), "")))
        return told

    def _write(self, lines: Iterable[str]) -> None:
        self._file.write("".join(f"{line}\n" for line in lines).encode())
        self._file.flush()
        os.fsync(self._file.fileno())
