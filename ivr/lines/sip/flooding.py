"""Who sends too much: refused first, then not answered at all, so that running calls do not feel it."""

from dataclasses import dataclass

from ivr.clock import RATE

CALLS, MESSAGES = 200, 2000
"""How many calls and messages a second one host may begin and send."""

_MOST_HOSTS = 4096


@dataclass(slots=True)
class _Bucket:
    """What a host may still do, filled up with time.

    Attributes
    ----------
    calls, messages : float
    at : int
        The sample at which that was so.
    """

    calls: float
    messages: float
    at: int


class FloodGate:
    """Judges what comes, by the host it comes from, before it is read.

    A second's worth may come at once. Whoever begins more calls is refused as many again, then unheard.

    Parameters
    ----------
    calls, messages : int
        A second, of one host.
    """

    def __init__(self, calls: int = CALLS, messages: int = MESSAGES) -> None:
        self._calls, self._messages = calls, messages
        self._hosts: dict[str, _Bucket] = {}

    def __call__(self, host: str, data: bytes, now: int) -> str:
        """Return what is to become of a message: "take", "refuse" or "drop"."""
        bucket = self._hosts.get(host)
        if bucket is None:
            if len(self._hosts) >= _MOST_HOSTS:
                self._forget(now)
            bucket = self._hosts[host] = _Bucket(self._calls, self._messages, now)
        past, bucket.at = (now - bucket.at) / RATE, now
        bucket.calls = min(bucket.calls + past * self._calls, self._calls)
        bucket.messages = min(bucket.messages + past * self._messages, self._messages)
        if bucket.messages < 1:
            return "drop"
        bucket.messages -= 1
        if not data.startswith(b"INVITE "):
            return "take"
        if bucket.calls <= -self._calls:
            return "drop"
        bucket.calls -= 1
        return "take" if bucket.calls >= 0 else "refuse"

    def _forget(self, now: int) -> None:
        """Forget hosts of which nothing has come for a second; all, if none is so."""
        self._hosts = {host: bucket for host, bucket in self._hosts.items() if now - bucket.at < RATE}
        if len(self._hosts) >= _MOST_HOSTS:
            self._hosts.clear()
