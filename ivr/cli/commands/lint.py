"""`ivr lint`, as it is typed."""

from pathlib import Path

from ivr.cli.options import Hosts, Settings


def lint(*files: Path, allow_host: Hosts = None, set_: Settings = None) -> int:
    """Look for what is wrong in scenarios and in files of IVRs of your own: the line, the word, the nearest one.

    Example: ivr lint scenarios/ order-line.yaml

    Parameters
    ----------
    files
        The files, or folders that hold some; docs/scenarios.md and docs/own-ivr.md tell how they are written.
    allow_host
        A host besides this machine whose apps may be asked; may be given several times.
    """
    from ivr.cli.linting import lint as look
    from ivr.cli.suite.means import settings

    return look(files, allow_host or [], settings(set_ or ()))
