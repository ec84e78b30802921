"""`ivr schema`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def schema(*, output: Annotated[Path | None, Parameter(name=("--output", "-o"))] = None) -> int:
    """Print the scenario language as a JSON Schema, by which editors complete words and mark slips.

    Example: ivr schema -o call.schema.json

    Parameters
    ----------
    output
        Write it into this file instead.
    """
    import json

    from ivr.cli.kit import check_outputs, write_text
    from ivr.cli.saying import tell
    from ivr.cli.suite.means import Means, words_of
    from ivr.scenario.schema import schema as made

    text = json.dumps(made(words_of(Means())), indent=1)
    if output is None:
        tell(text)
    else:
        check_outputs({"--output": output})
        write_text(output, f"{text}\n")
    return 0
