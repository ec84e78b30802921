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

Names = Annotated[list[str] | None, Parameter(negative="")]
"""Names of stories, or patterns of such, one an option."""

Tags = Annotated[list[str] | None, Parameter(negative="")]
"""Tags of stories, one an option."""
