"""Kinds of options that several commands have."""

from typing import Annotated

from cyclopts import Parameter

Flag = Annotated[bool, Parameter(negative="")]
"""An option that is given or not, and has no --no-."""

Json = Annotated[bool, Parameter(name="--json", negative="")]
"""A flag of that name, which would hide Python's module."""

Meetings = Annotated[list[str] | None, Parameter(name="--meeting", negative="")]
"""Meetings as ID, ID:PIN or ID:PIN:NAME, one an option."""

Answers = Annotated[list[str] | None, Parameter(
    name="--answers", negative="", help="A number that it has dialled, and somebody answers after 3 s; may be "
    "given several times.")]
Busy = Annotated[list[str] | None, Parameter(
    name="--busy", negative="", help="A number that is busy when it is dialled; likewise.")]
NoAnswer = Annotated[list[str] | None, Parameter(
    name="--no-answer", negative="", help="A number that rings in vain, as others do of which nothing is said.")]
"""Numbers that an IVR of one's own has dialled: who answers them, is busy, or lets them ring, one an option."""

Hosts = Annotated[list[str] | None, Parameter(name="--allow-host", negative="")]
"""Hosts besides this machine whose apps an IVR of one's own may ask, one an option."""
