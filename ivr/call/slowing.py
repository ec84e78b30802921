"""How guessing is slowed: the numbers of one kind of question, as a profile has them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slowing:
    """When the answers to a kind of question are held back, and how long; times in seconds.

    Attributes
    ----------
    limit : int
        Wrong answers within the window after which the next questions are slowed; 0 is never.
    window : int
        How long a wrong answer counts.
    longest : int
        The longest delay of one answer. Delays are 1, 2, 4 ... seconds until then.
    waiting : int
        How many may wait for their answer; who comes behind them is told to try later.
    """

    limit: int = 0
    window: int = 600
    longest: int = 60
    waiting: int = 5


NEVER = Slowing()
"""Of questions that are not slowed."""
