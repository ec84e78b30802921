"""When an answer is given to somebody who may be guessing: pure arithmetic. Moments in seconds since 1970, UTC.

A try is known by its marks: what it tries at (an organizer's PIN) and who tries (a calling number, or an address).
Too many wrong tries with one mark, and the next with that mark take turns: one at a time, each answered after 1, 2,
4 ... seconds, whatever the answer is. A turn that is taken counts as a wrong try from its first moment on, and is
taken back only when its right answer has been given; so whoever hangs up before, or takes the program down, has
counted as well. Our choices [U]:

- moments are whole seconds, so an answer is given within the second after its moment;
- what is counted slides: a try counts until it is as old as the window;
- the delay is 2 to the power of the wrong tries beyond the limit, so who stops for a while begins low again;
- somebody who hangs up while he waits leaves his place to whoever comes next, but the try stays a wrong one;
- a try with two marks that are slowed waits the longer delay, at a time that is nobody's in either queue;
- a clock that was put back makes no debts: what lies in the future by more than a minute never happened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.questions import Slowing

AHEAD = 60
"""Seconds by which the clocks of processes that share a directory may differ."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A wrong try, or one that is taken for wrong.

    Attributes
    ----------
    at : int
        When it was asked.
    since, until : int
        Its turn: the answer is given at `until`. Both 0 where it was answered at once, or its caller has gone.
    """

    at: int
    since: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True)
class Delay:
    """An answer that is not given at once.

    Attributes
    ----------
    since, until : int
        The turn that is to be taken; both 0 if there is none to be had, and one is to try later.
    because : tuple of str
        The marks that are slowed.
    """

    since: int
    until: int
    because: tuple[str, ...]

    @property
    def later(self) -> bool:
        """Whether too many wait already."""
        return not self.until


def delay(guesses: Mapping[str, Iterable[Guess]], now: int, slowing: Slowing) -> Delay | None:
    """Tell when a try that is asked now is to be answered; None for at once.

    Parameters
    ----------
    guesses : mapping of str to iterable of Guess
        The earlier tries with each of its marks.
    """
    slowed: dict[str, int] = {}
    turns: set[Guess] = set()
    full = False
    for mark, known in guesses.items():
        real = [guess for guess in known if guess.at <= now + AHEAD]
        beyond = sum(now - guess.at < slowing.window for guess in real) - slowing.limit
        if not slowing.limit or beyond < 0:
            continue
        slowed[mark] = beyond
        waiting = [guess for guess in real if guess.until and guess.until >= now]
        full = full or len(waiting) >= slowing.waiting
        turns.update(waiting)
    if not slowed:
        return None
    if full:
        return Delay(0, 0, tuple(slowed))
    length = min(slowing.longest, 2 ** min(max(slowed.values()), slowing.longest))
    since = _free(turns, now, length)
    return Delay(since, since + length, tuple(slowed))


def _free(turns: Iterable[Guess], now: int, length: int) -> int:
    """Return the first moment from which nobody has a turn for so long."""
    since = now
    for turn in sorted(turns, key=lambda guess: guess.since):
        if turn.since - since >= length:
            break
        since = max(since, turn.until)
    return since
