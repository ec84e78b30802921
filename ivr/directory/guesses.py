"""The wrong tries of the last minutes: by what they are known, and where they stand in memory."""

from dataclasses import dataclass
from typing import Literal

from ivr.directory.guessing import Delay, Guess
from ivr.directory.guessing import delay as delay_of
from ivr.questions import Asker, Slowing, Turn


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a try is known; an empty one is not known.

    Attributes
    ----------
    secret : str
        What it tries at.
    caller : str
        Who tries, and at what kind of thing.
    by : str
        What the caller is known by: "number" or "source".
    """

    secret: str
    caller: str
    by: str

    @property
    def meant(self) -> dict[str, str]:
        """The marks that are known, by what they are called outside."""
        return {name: mark for name, mark in (("meeting", self.secret), (self.by, self.caller)) if mark}


def marks(kind: Literal["pin", "id"], asker: Asker, secret: str = "") -> Marks:
    """Return by what somebody's try at a PIN or an ID is known.

    Where the line knows an address, nobody answers for the number: it could be another one in every call.
    """
    by = "source" if asker.source else "number"
    who = asker.source or asker.phone
    return Marks(secret, f"{kind} {by} {who}" if who else "", by)


@dataclass(frozen=True, slots=True)
class Entered:
    """A try that counts from now on.

    Attributes
    ----------
    number : int
        By which it is known.
    delay : Delay or None
        The turn it has; None for a try that is answered at once.
    """

    number: int
    delay: Delay | None

    def turn(self, asked_at: int) -> Turn:
        """Return its turn, for a question of this moment."""
        if self.delay is None:
            return Turn(self.number, 0, ())
        return Turn(self.number, self.delay.until - asked_at, self.delay.because)


def expires(at: int, until: int, slowing: Slowing) -> int:
    """Return when a try is nothing to anybody any more."""
    return max(at + slowing.window, until)


def enough(slowing: Slowing) -> int:
    """Return how many wrong tries have to be known: more make no delay longer."""
    return slowing.limit + slowing.longest.bit_length()


class Guesses:
    """The tries of the last minutes, in memory."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Guess, Marks, int]] = {}
        self._of: dict[str, dict[int, None]] = {}
        self._last = 0

    def delay(self, at: Marks, now: int, slowing: Slowing) -> Delay | None:
        """Tell when a try with these marks is to be answered; None for at once."""
        self._sweep(now)
        known = {name: [self._kept[number][0] for number in self._of.get(mark, ())]
                 for name, mark in at.meant.items()}
        return delay_of(known, now, slowing)

    def enter(self, at: Marks, now: int, slowing: Slowing) -> Entered | Delay:
        """Count a try, in its turn if it is slowed; return the delay alone if there is none to be had."""
        wait = self.delay(at, now, slowing)
        if wait and wait.later:
            return wait
        self._last += 1
        guess = Guess(now, wait.since, wait.until) if wait else Guess(now)
        self._kept[self._last] = guess, at, expires(now, guess.until, slowing)
        for mark in at.meant.values():
            self._of.setdefault(mark, {})[self._last] = None
        return Entered(self._last, wait)

    def tried(self, at: Marks, now: int, slowing: Slowing, *, wrong: bool) -> Turn | Delay | None:
        """Count a try if it is wrong or slowed.

        Returns
        -------
        Its turn, or None if it is answered at once; a `Delay` if there is no turn to be had
        """
        if not slowing.limit or not at.meant or not (wrong or self.delay(at, now, slowing)):
            return None
        entered = self.enter(at, now, slowing)
        if isinstance(entered, Delay):
            return entered
        return entered.turn(now) if entered.delay else None

    def take_back(self, number: int) -> None:
        """Take it that a try was none."""
        kept = self._kept.pop(number, None)
        for mark in kept[1].meant.values() if kept else ():
            del self._of[mark][number]
            if not self._of[mark]:
                del self._of[mark]

    def leave(self, number: int) -> None:
        """Take it that nobody waits for the answer of a try."""
        if number in self._kept:
            guess, at, until = self._kept[number]
            self._kept[number] = Guess(guess.at), at, until

    def _sweep(self, now: int) -> None:
        # almost in the order of their ends, and one that stays a little longer does no harm
        while self._kept and next(iter(self._kept.values()))[2] <= now:
            self.take_back(next(iter(self._kept)))
