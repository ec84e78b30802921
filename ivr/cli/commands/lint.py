"""`ivr lint`, as it is typed."""

from pathlib import Path

from ivr.cli.options import Hosts


def lint(*files: Path, allow_host: Hosts = None) -> int:
    """Look for what is wrong in files of IVRs of your own: the line, the word, and the nearest that there is.

    Example: ivr lint order-line.yaml

    Parameters
    ----------
    files
        The files; docs/own-ivr.md tells how one is written.
    allow_host
        A host besides this machine whose apps may be asked; may be given several times.
    """
    from ivr.cli.own import lint as look

    return look(files, allow_host or [])
