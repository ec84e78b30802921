"""Kinds of options that several commands have."""

from typing import Annotated

from cyclopts import Parameter

Flag = Annotated[bool, Parameter(negative="")]
"""An option that is given or not, and has no --no-."""

Json = Annotated[bool, Parameter(name="--json", negative="")]
"""A flag of that name, which would hide Python's module."""

Meetings = Annotated[list[str] | None, Parameter(name="--meeting", negative="")]
"""Meetings as ID, ID:PIN or ID:PIN:NAME, one an option."""

Hosts = Annotated[list[str] | None, Parameter(name="--allow-host", negative="")]
"""Hosts besides this machine whose apps an IVR of one's own may ask, one an option."""

Settings = Annotated[list[str] | None, Parameter(
    name="--set", negative="",
    help="Give a variable of stories a value, as NAME=VALUE; may be given several times.")]
"""Values of variables, one an option."""

Names = Annotated[list[str] | None, Parameter(
    negative="", help="Only those of this name, or of this pattern, such as 'a5-*'; may be given several times.")]
"""Names of stories, or patterns of such, one an option."""

Tags = Annotated[list[str] | None, Parameter(
    negative="", help="Only those that have this tag, or another that is given.")]
"""Tags of stories, one an option."""

Without = Annotated[list[str] | None, Parameter(
    negative="", help="Leave out those that have this tag; may be given several times.")]
"""Tags that no story may have, one an option."""
