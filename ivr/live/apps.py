"""Carries the questions of an IVR of one's own to somebody's app, over HTTP.

`ivr.live.reaching` says which are asked at all.
"""

import http.client
import json
from collections.abc import Callable, Collection, Iterator

from ivr.custom.asking import AppReply, Outgoing
from ivr.live.aside import PATIENCE_S, Background, Patience
from ivr.live.reaching import NotReached, reach, shown, why_not

_MOST_BYTES = 65_536
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}


class WaitingForApps:
    """Asks, and waits for the answer: the clock of the simulation stands still meanwhile."""

    def __init__(self, hosts: Collection[str] = (), *, patience_s: float = PATIENCE_S) -> None:
        self._patience = Patience(hosts, patience_s=patience_s)

    def ask(self, outgoing: Outgoing) -> AppReply:
        """Return the answer.

        Raises
        ------
        AppTooSlow
            If none has come in time.
        """
        return self._patience.waited(lambda: _asked(outgoing, self._patience),
                                     f"{shown(outgoing.url)} has not answered the node {outgoing.node!r}")

    def come(self) -> Iterator[AppReply]:
        """Have nothing: who asks has waited."""
        return iter(())


class AskingApps:
    """Asks in threads of its own, and hands the answers over as they come: for calls that go on meanwhile.

    Parameters
    ----------
    prepare : callable
        Given each answer in its thread, before it is handed over.
    """

    def __init__(self, hosts: Collection[str] = (), *, patience_s: float = PATIENCE_S,
                 prepare: Callable[[AppReply], None] = lambda _: None) -> None:
        self._patience, self._aside = Patience(hosts, patience_s=patience_s), Background[AppReply](prepare)

    def ask(self, outgoing: Outgoing) -> None:
        """Ask; the answer comes later."""
        self._aside.do(lambda: _asked(outgoing, self._patience), self._patience.seconds,
                       AppReply(outgoing.call, outgoing.node, failure=self._patience.failure))

    def come(self) -> Iterator[AppReply]:
        """Hand over what has come since the last time."""
        return self._aside.come()


def _asked(outgoing: Outgoing, patience: Patience) -> AppReply:
    failure, facts = "", {}
    try:
        body = json.dumps(dict(outgoing.facts)).encode()
        facts = json.loads(reach(outgoing.url, patience.hosts, method="POST", body=body, headers=_HEADERS,
                                 most=_MOST_BYTES, patience_s=patience.sockets_s).body)
        if not isinstance(facts, dict):
            failure, facts = "its answer is no JSON object", {}
    except NotReached as error:
        failure = str(error)
    except (ValueError, RecursionError):
        failure = "its answer is no JSON"
    except (OSError, http.client.HTTPException) as error:
        failure = why_not(error)
    return AppReply(outgoing.call, outgoing.node, facts, failure)
