"""Parameters as the commands for settings and policies take and show them."""

from collections.abc import Mapping, Sequence

from ivr.cli.desk.kit import Where, as_json
from ivr.cli.faults import UsageError
from ivr.directory.parameters import GROUPS
from ivr.directory.settings import Shown


def changes(values: Mapping[str, str], example: str) -> dict[str, str]:
    """Return what is to be set.

    Raises
    ------
    UsageError
        If there is nothing.
    """
    if not values:
        raise UsageError(f"there is nothing to set: name a parameter, as in '{example}'")
    return dict(values)


def told_parameters(group: str, shown: Shown, where: Where, *, only: Sequence[str] = (),
                    what_if: bool = False) -> None:
    """Print parameters, one a line; those that are not the default's have a mark.

    Raises
    ------
    BadValue
        If `only` names one that is none.
    """
    kind = GROUPS[group]
    names = {kind.parameter(name).name for name in only}
    rows = [row for row in shown if not names or row[0] in names]
    if where.json:
        as_json({name: value for name, value, _ in rows})
        return
    width = max(len(name) for name, _, _ in rows) + 2
    values = max(len(value) for _, value, _ in rows) + 2
    if what_if:
        print("Nothing is changed; this would hold:")
    for name, value, is_set in rows:
        parameter = kind.parameter(name)
        idle = "" if parameter.in_effect else " (kept; calls do not go by it yet)"
        print(f"{'*' if is_set else ' '} {name:<{width}}{value:<{values}}{parameter.about}{idle}")
    if not names and any(is_set for _, _, is_set in rows):
        print("* is set here; the others have their defaults, or what is set for all.")
