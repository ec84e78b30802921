"""Kinds of options that several commands have."""

from dataclasses import dataclass
from pathlib import Path
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

Trust = Annotated[list[str] | None, Parameter(name="--trust", negative="")]
"""Networks whose hosts speak for their callers, one an option."""

TransferTo = Annotated[list[str] | None, Parameter(name="--transfer-to", negative="")]
"""To whom calls may be handed over, one an option."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    """How calls go out, and as whose.

    Attributes
    ----------
    from_ : str
        Who calls: a number or name, NAME@DOMAIN, or "Ann Lee <sip:ann@example.com>".
    auth : str
        The user name for who asks for a password; the password is in --password-file, or in IVR_SIP_PASSWORD.
    password_file : Path, optional
        A file with the password, that nobody else can read.
    dtmf : str
        How keys go: events (RFC 4733), info or audio. If left out, as the story says, or as the other side takes.
    srtp : bool
        Encrypt the sound, with keys in SDP, which only TLS keeps secret.
    sip_ca : Path, optional
        PEM file of certificates that are trusted besides the system's, of whom is called by TLS.
    local : str
        The address and port to call from, as in 192.0.2.5:5080; if left out, that which reaches the target.
    rtp_ports : str
        The UDP ports for sound, first and last; each call takes an even one.
    """

    from_: str = ""
    auth: str = ""
    password_file: Path | None = None
    dtmf: str = ""
    srtp: Flag = False
    sip_ca: Path | None = None
    local: str = ""
    rtp_ports: str = "30000-39999"
