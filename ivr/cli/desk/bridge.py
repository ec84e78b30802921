"""`ivr bridge`: the bridge that the numbers belong to."""

from ivr.cli.desk.kit import Where, as_json, noun, opened, shown
from ivr.cli.faults import UsageError

app = noun("bridge")

_HERE = Where()


@app.command
def show(bridge: str = "", /, *, where: Where = _HERE) -> int:
    """Show the bridge.

    Example: ivr bridge show

    Parameters
    ----------
    bridge
        Its name or ID, to be sure that it is this one.
    """
    with opened(where) as desk:
        (as_json if where.json else shown)(desk.numbers.bridge(bridge))
    return 0


@app.command(name="set")
def set_(bridge: str = "", /, *, name: str = "", default_service_number: str = "", where: Where = _HERE) -> int:
    """Rename the bridge, or give it another default number; organizers keep theirs.

    Example: ivr bridge set --name 'Contoso bridge'

    Parameters
    ----------
    bridge
        Its name or ID, to be sure that it is this one.
    name
        A new name.
    default_service_number
        One of its numbers, for organizers enabled from now on.
    """
    if not (name or default_service_number):
        raise UsageError("there is nothing to set: add --name or --default-service-number")
    with opened(where, founds=True) as desk:
        changed = desk.numbers.set_bridge(bridge, name=name, default_number=default_service_number)
        (as_json if where.json else shown)(changed)
    return 0
