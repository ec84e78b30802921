"""`ivr campaign`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dtmf.whole import WHOLE
from ivr.cli.options import Json


def campaign(
    file: Path,
    /,
    *,
    out: Path | None = None,
    jobs: Annotated[int, Parameter(name=("--jobs", "-j")), WHOLE] = 0,
    cluster: str = "",
    json_: Json = False,
) -> int:
    """Play a story under many conditions, and tell from where on it no longer comes true.

    Stopped or killed, it goes on where it was: give the same command again.

    Example: ivr campaign worn-keys.yaml

    Parameters
    ----------
    file
        Which story, and what is varied; docs/testing.md tells how it is written.
    out
        Folder for the results, the page, the picture and the table; beside the file if left out.
    jobs
        So many are played side by side, each in a process; 0 for as many as there are processors.
    cluster
        Address of a Dask scheduler, tcp://host:port, whose workers play them instead; pip install distributed.
    json_
        Print one JSON object a point instead.
    """
    from ivr.cli.campaign.command import run

    return run(file, out, jobs=jobs, cluster=cluster, as_json=json_)
