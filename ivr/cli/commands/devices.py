"""`ivr devices`, as it is typed."""

from ivr.cli.options import Json


def devices(*, json_: Json = False) -> int:
    """List the sound devices: number, name, system, rate, and what each can be.

    Example: ivr devices --json

    Parameters
    ----------
    json_
        Print one JSON object a device.
    """
    from ivr.cli.devices import show

    return show(as_json=json_)
