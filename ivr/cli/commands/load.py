"""`ivr load`, as it is typed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dtmf.whole import Whole
from ivr.cli.options import Dials, Json

_USUAL = Dials()


def load(
    *words: str,
    calls: Whole = 10,
    rate: str = "10/s",
    for_: Annotated[str, Parameter(name="--for", negative="")] = "30s",
    listen: str = "",
    open_: Annotated[bool, Parameter(name="--open", negative="")] = False,
    dials: Dials = _USUAL,
    csv: Path | None = None,
    json_: Json = False,
) -> int:
    """Ring out many at once, or be rung: one story again and again, with a line of figures a second and a table.

    A machine that cannot keep up with its own calls says so, and ends with 3: the figures would be its own.

    With --listen the story is played by those who are called: who dials in it answers instead.

    Example: ivr load sip:1000@127.0.0.1 story.yaml --calls 100 --rate 10/s --for 60s

    Parameters
    ----------
    words
        Who is called, and the story, as of 'ivr call'.
    calls
        Stories at once; one that ends makes room for another.
    rate
        Stories that begin a second, as in 10/s or 0.5/s; of calls that come, as many are taken.
    for_
        For how long others begin; those that go on then come to their end.
    listen
        Call nobody, but wait at this IP address and port for whoever calls, by UDP and TCP.
    open_
        Let anybody who reaches that address call; any other than this machine's own needs it.
    csv
        Write a row a call into this file.
    json_
        Print one JSON object in the end instead.
    """
    from ivr.cli.call import CallOptions
    from ivr.cli.load import load as ring
    from ivr.cli.taking import ListeningAt

    return ring(list(words), CallOptions(dials=dials, as_json=json_), calls=calls, rate=rate, lasting=for_, csv=csv,
                listening=ListeningAt(where=listen, is_open=open_))
