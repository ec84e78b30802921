"""`ivr draw`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ivr.cli.options import Hosts


def draw(
    file: Path,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    allow_host: Hosts = None,
) -> int:
    """Draw an IVR of your own: its nodes, and where each exit leads.

    Example: ivr draw order-line.yaml -o order-line.png

    Parameters
    ----------
    file
        The file; docs/own-ivr.md tells how one is written.
    output
        The picture: .png or .svg, or a text for Mermaid: .mmd, or .md. If left out that is printed.
    allow_host
        A host besides this machine whose apps may be asked; may be given several times.
    """
    from ivr.cli.own import draw as picture

    return picture(file, output, allow_host or [])
