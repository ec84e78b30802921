"""`ivr list`, as it is typed."""

from pathlib import Path

from ivr.cli.options import Json, Names, Tags, Without


def list_(*paths: Path, json_: Json = False, only: Names = None, tag: Tags = None, skip_tag: Without = None) -> int:
    """List scenarios, with their tags, without playing them.

    Example: ivr list scenarios/ --tag lobby

    Parameters
    ----------
    paths
        Scenario files, or folders that hold some.
    json_
        Print one JSON object a scenario instead.
    """
    from ivr.cli.suite.choosing import Selection
    from ivr.cli.suite.listing import listed

    return listed(paths, Selection(only=only or (), tags=tag or (), without=skip_tag or ()), as_json=json_)
