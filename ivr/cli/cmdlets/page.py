"""The table of cmdlets for people: in docs/administration.md, and from `ivr cmdlets`."""

from collections.abc import Iterator

from ivr.cli.cmdlets.base import Cmdlet
from ivr.cli.cmdlets.table import CMDLETS
from ivr.cli.faults import UsageError
from ivr.directory.errors import nearest

HEAD = ("| cmdlet, parameter | here | rows |", "|---|---|---|")


def cmdlets(name: str = "", *, markdown: bool = False) -> int:
    """Print what the cmdlets are here."""
    chosen = [one for one in CMDLETS.values() if name.lower() in one.name.lower()]
    if not chosen:
        known = [one.name for one in CMDLETS.values()]
        raise UsageError(f"there is no cmdlet {name!r}{nearest(name, known)}")
    if markdown:
        print("\n".join((*HEAD, *(line for one in chosen for line in rows(one)))))
        return 0
    for one in chosen:
        print(f"{one.name}  =  ivr {' '.join(one.command)}")
        for argument in one.arguments:
            print(f"    -{argument.name:<34}{argument.ours.replace('`', '')}")
    return 0


def rows(cmdlet: Cmdlet) -> Iterator[str]:
    """Give the rows of one cmdlet in Markdown: its own, then one a parameter."""
    yield f"| **{cmdlet.name}** | `ivr {' '.join(cmdlet.command)}` | {cmdlet.source} |"
    for argument in cmdlet.arguments:
        yield f"| -{argument.name} | {argument.ours} | |"
