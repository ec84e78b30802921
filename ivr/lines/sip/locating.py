"""Calls of which a proxy says to which meeting they want: those of a meeting that is elsewhere are sent there."""

from typing import Protocol

from ivr.clock import samples
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.telling import Invited
from ivr.lines.sip.writing import host_in

_PATIENCE = samples(2)
"""How long an answer is waited for before a call is taken all the same."""


class Locator(Protocol):
    """Knows at which of several processes a meeting is. Asked with a question; the answer comes in its own time."""

    def seek(self, call: int, conference_id: str, gone: str) -> None:
        """Ask where a meeting is; `gone` is a process that is known to be dead."""

    def found(self) -> list[tuple[int, str]]:
        """Hand over, once, what has been found: calls, and HOST:PORT of their meetings; empty if here, or none."""


class Seeking:
    """Calls whose meeting is sought.

    Parameters
    ----------
    locator : Locator
    endpoint : Endpoint
    """

    def __init__(self, locator: Locator, endpoint: Endpoint) -> None:
        self._locator, self._endpoint = locator, endpoint
        self._waiting: dict[int, tuple[Invited, int]] = {}

    def seek(self, event: Invited, now: int) -> None:
        """Look for the meeting of somebody who calls."""
        self._waiting[event.call] = event, now
        self._locator.seek(event.call, event.conference_id, event.gone)

    def forget(self, call: int) -> None:
        """Take it that somebody has given up."""
        self._waiting.pop(call, None)

    def here(self, now: int) -> list[Invited]:
        """Return those who are to be taken here; others are sent to where their meeting is."""
        taken = []
        for call, home in self._locator.found():
            event, _ = self._waiting.pop(call, (None, 0))
            if event is None:
                continue
            if home:
                self._endpoint.redirect(call, f"sip:{event.number}@{home}", now)
            else:
                taken.append(event)
        late = [call for call, (_, since) in self._waiting.items() if now - since > _PATIENCE]
        return taken + [self._waiting.pop(call)[0] for call in late]


def home_at(host: str, port: int) -> str:
    """Return by which name others reach a process."""
    return f"{host_in(host)}:{port}"
