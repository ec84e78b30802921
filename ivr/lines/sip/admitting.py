"""Who may call: those who are spoken for, those with a password, this machine, or all."""

import ipaddress

from sipmessage import Request

from ivr.lines.sip.authenticating import Answer, Doorman
from ivr.lines.sip.callers import Trusts
from ivr.lines.sip.reading import Read


class Admission:
    """Says who may call.

    Parameters
    ----------
    trusts : callable
        Tells of a host whether it speaks for its callers: nobody there is asked who he is.
    asks : Doorman, optional
        Asks all others.
    is_open : bool
        Whether anybody else may; else only this machine itself.
    """

    def __init__(self, trusts: Trusts, asks: Doorman | None = None, *, is_open: bool = False) -> None:
        self._trusts, self._asks, self._is_open = trusts, asks, is_open

    def __call__(self, read: Read, request: Request, source: str, now: int) -> Answer | None:
        """Return what is to be answered; None for one who is let in."""
        if self._trusts(source):
            return None
        if self._asks is not None:
            return self._asks(read, request, source, now)
        if self._is_open or ipaddress.ip_address(source.partition("%")[0]).is_loopback:
            return None
        return 403, ()
