"""How long callers have for their next key. While a key is down nobody's time runs; it begins anew at its end."""

from ivr.clock import Timers, samples
from ivr.engine.entry import LETTERS

ENTRY = "entry"
"""Kind of the timer of a call that is due when no key has come in time."""

STUCK = samples(60)
"""A key that is down for longer holds up nothing: it is stuck, or the line died under it, and every call ends."""


class Waiting:
    """The time of all calls that are asked for a key; a call is its serial number.

    Parameters
    ----------
    timers : Timers
        Where it is kept when a call's time is over: owner is the call, kind `ENTRY`.
    """

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._asked: dict[int, tuple[int, int]] = {}
        self._down: dict[int, int] = {}

    def ask(self, call: int, wait: int | None, at: int) -> None:
        """Give a call `wait` samples from `at` on, in the place of what it had; None: ask it for nothing."""
        if wait is None:
            self._asked.pop(call, None)
            self._timers.cancel(call, ENTRY)
        else:
            self._asked[call] = at, wait
            self._timers.set(call, ENTRY, at + wait)

    def pressed(self, call: int, key: str, at: int) -> None:
        """Take it that a key went down; the letters are none of a caller's."""
        if key not in LETTERS:
            self._down[call] = at

    def released(self, call: int, end: int) -> None:
        """Take it that a key's tone ended at sample `end`, some time ago."""
        if self._down.pop(call, None) is not None and call in self._asked:
            since, wait = self._asked[call]
            self._timers.set(call, ENTRY, max(since, end) + wait)

    def over(self, call: int, at: int) -> bool:
        """Tell whether a call's time is over, now that its timer is due."""
        held = at - self._down.get(call, at - STUCK) < STUCK
        if held:
            self._timers.set(call, ENTRY, at + self._asked[call][1])
        return not held

    def forget(self, call: int) -> None:
        """Be done with a call."""
        self.ask(call, None, 0)
        self._down.pop(call, None)
