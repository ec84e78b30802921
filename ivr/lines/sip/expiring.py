"""Session timers (RFC 4028): a call whose other side has vanished ends by itself."""

import re
from dataclasses import dataclass

from ivr.clock import samples
from ivr.lines.sip.reading import Read

SHORTEST_S = 90
"""The shortest interval that we let anybody have (RFC 4028 4)."""

_EXPIRES = re.compile(r"\s*([0-9]{1,9})\s*(?:;.*)?", re.ASCII)
_REFRESHER = re.compile(r";\s*refresher\s*=\s*(uac|uas)\b", re.IGNORECASE)


class IntervalTooSmall(Exception):
    """An interval that is too short."""


@dataclass(frozen=True, slots=True)
class Interval:
    """How often a call is to be refreshed.

    Attributes
    ----------
    s : int
        Seconds.
    ours : bool
        Whether we do it.
    requires : bool
        Whether the other side has to understand it.
    """

    s: int
    ours: bool
    requires: bool = False

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What our answer to an INVITE or UPDATE says."""
        required = [("Require", "timer")] if self.requires else []
        return [("Session-Expires", f"{self.s};refresher={'uas' if self.ours else 'uac'}"), *required]

    @property
    def after(self) -> int:
        """When to refresh, or to give up waiting for it, in samples from the last time."""
        return samples(self.s / 2 if self.ours else self.s - min(32, self.s / 3))


def asked(read: Read) -> Interval | None:
    """Return what a request asks for; None if nothing.

    Raises
    ------
    IntervalTooSmall
        If it is too short.
    """
    found = _EXPIRES.fullmatch(read.header("Session-Expires"))
    if not found:
        return None
    if int(found[1]) < SHORTEST_S:
        raise IntervalTooSmall
    knows = "timer" in read.tokens("Supported")
    refresher = _REFRESHER.search(read.header("Session-Expires"))
    ours = not knows or (refresher is not None and refresher[1].lower() == "uas")
    return Interval(int(found[1]), ours, requires=knows and not ours)


def granted(read: Read) -> Interval | None:
    """Return what an answer to our request says; None if nothing that can be kept."""
    found = _EXPIRES.fullmatch(read.header("Session-Expires"))
    if not found or int(found[1]) < SHORTEST_S:
        return None
    refresher = _REFRESHER.search(read.header("Session-Expires"))
    return Interval(int(found[1]), refresher is None or refresher[1].lower() == "uac")
