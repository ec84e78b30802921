"""What callers say to an application that wants to hear words: nothing is recognised, somebody has to know it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

SPEAKS, SAID = "speaks", "said"
"""What a call is told where it waits for words: that somebody speaks, and that he has said it all."""

CONFIDENCE = "0.9"


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of a caller.

    Attributes
    ----------
    caller : str
        His name in the journal.
    text : str
    ended_at : int
        The sample on the bridge's clock at which he has said them.
    """

    caller: str
    text: str = field(repr=False)  # it may be a secret
    ended_at: int


Utterances = Callable[[], Iterable[Utterance]]
"""Hands over, once, what callers have begun to say since the last time."""


def nothing_spoken() -> Iterable[Utterance]:
    """Know no words."""
    return ()
