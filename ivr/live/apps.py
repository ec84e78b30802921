"""Carries the questions of an IVR of one's own to somebody's app, over HTTP.

`ivr.live.reaching` says which are asked at all.
"""

import http.client
import json
from collections.abc import Callable, Collection, Iterator

from ivr.custom.asking import AppReply, Outgoing
from ivr.live.aside import Aside, waited
from ivr.live.reaching import Refused, reach, shown, why_not

PATIENCE_S = 15.0
"""How long an app may take, on the clock on the wall."""

_MOST_BYTES = 65_536
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}


class AppTooSlow(Exception):
    """An app has not answered in time, while the clock of the simulation stood still."""

    exit_code = 3


class WaitingForApps:
    """Asks, and waits for the answer: the clock of the simulation stands still meanwhile.

    Parameters
    ----------
    hosts : collection of str
        Those besides this machine that may be asked.
    patience_s : float
        How long an answer may take.
    """

    def __init__(self, hosts: Collection[str] = (), *, patience_s: float = PATIENCE_S) -> None:
        self._hosts, self._patience_s = frozenset(host.lower() for host in hosts), patience_s

    def ask(self, outgoing: Outgoing) -> AppReply:
        """Return the answer.

        Raises
        ------
        AppTooSlow
            If none has come in time.
        """
        # that the time is over is for whoever waits to say, so the socket's limit comes later
        reply = waited(lambda: _asked(outgoing, self._hosts, self._patience_s + 1), self._patience_s)
        if reply is None:
            raise AppTooSlow(f"{shown(outgoing.url)} has not answered the node {outgoing.node!r} within "
                             f"{self._patience_s:g} s: is the app at work?")
        return reply

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
        self._prepare = prepare
        self._hosts, self._patience_s = frozenset(host.lower() for host in hosts), patience_s
        self._aside: Aside[AppReply] = Aside()

    def ask(self, outgoing: Outgoing) -> None:
        """Ask; the answer comes later."""
        def act() -> AppReply:
            reply = _asked(outgoing, self._hosts, self._patience_s + 1)
            self._prepare(reply)
            return reply
        self._aside.do(act, self._patience_s,
                       AppReply(outgoing.call, outgoing.node,
                                failure=f"it has not answered within {self._patience_s:g} s"))

    def come(self) -> Iterator[AppReply]:
        """Hand over what has come since the last time."""
        return self._aside.come()


def _asked(outgoing: Outgoing, hosts: Collection[str], patience_s: float) -> AppReply:
    failure, facts = "", {}
    try:
        facts = json.loads(reach(
            outgoing.url, hosts, method="POST", body=json.dumps(dict(outgoing.facts)).encode(), headers=_HEADERS,
            most=_MOST_BYTES, patience_s=patience_s).body)
        if not isinstance(facts, dict):
            failure, facts = "its answer is no JSON object", {}
    except Refused as error:
        failure = str(error)
    except (ValueError, RecursionError):
        failure = "its answer is no JSON"
    except (OSError, http.client.HTTPException) as error:
        failure = why_not(error)
    return AppReply(outgoing.call, outgoing.node, facts, failure)
