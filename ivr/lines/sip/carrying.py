"""Messages between an endpoint, which has no socket, and the sockets, which know no calls."""

from collections.abc import Callable

from ivr.clock import FRAME
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.sockets import Network

_SHUT_S = 0.02
_SHUT_TRIES = 50


class Signalling:
    """Carries what comes to an endpoint, and what it has to send.

    Parameters
    ----------
    network : Network
    endpoint : Endpoint
    """

    def __init__(self, network: Network, endpoint: Endpoint) -> None:
        self._network, self._endpoint = network, endpoint

    def take(self, now: int) -> None:
        """Give the endpoint what has come, and the time."""
        for data, source in self._network.messages():
            self._endpoint.receive(data, source, now)
        self._endpoint.advance(now)

    def flush(self) -> None:
        """Send what it has to send."""
        for data, to in self._endpoint.outgoing():
            self._network.send(data, to)

    def finish(self, now: int, step: Callable[[int], None]) -> None:
        """Wait a moment for answers to what was sent last; `step` is told each time that something may have come.

        Parameters
        ----------
        now : int
            The time, which goes on meanwhile.
        """
        for count in range(1, _SHUT_TRIES + 1):
            if not self._endpoint.asks:
                return
            self._network.wait(_SHUT_S)
            step(now + count * FRAME)
