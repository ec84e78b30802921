"""The parts of the demonstration: who calls, when, what each does in which state, and what each says."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class CastPart:
    """What one caller plays.

    Attributes
    ----------
    name : str
    arrives_s : float
        When the caller dials, in seconds since the beginning.
    organizer : bool
        Whether the caller has the PIN.
    patience_s : float
        How long the caller listens to a question before answering it.
    says_no : bool
        Whether the organizer question is answered with a key; else it is let pass.
    waiting, talking : tuple of str
        What the caller says in the lobby, where nobody hears it, and in the meeting, in turn with the others.
    """

    name: str
    arrives_s: float
    organizer: bool = False
    patience_s: float = 1.5
    says_no: bool = False
    waiting: tuple[str, ...] = ()
    talking: tuple[str, ...] = ()


_AMOS = CastPart(
    name="amos", arrives_s=26, organizer=True, patience_s=1.2,
    talking=("Good morning, this is Amos. Thank you for waiting.", "Then let us begin with the figures.",
             "That was all from me. Thank you, and goodbye."))

PARTS = (
    CastPart(name="anna", arrives_s=0, patience_s=4.5,
             waiting=("Hello? Is anybody there?", "I seem to be the first."),
             talking=("Good morning, Amos. This is Anna.", "The figures are good.", "Goodbye, everyone.")),
    CastPart(name="bela", arrives_s=5, says_no=True, patience_s=1.5,
             waiting=("Just music. I shall wait.", "They can not hear me, can they?"),
             talking=("Hello everyone, Bela here.", "I have a question, but it can wait.", "Goodbye.")),
    CastPart(name="carl", arrives_s=10, says_no=True, patience_s=2.5,
             waiting=("Nice tune.",),
             talking=("Carl is here too.", "I agree with Anna.", "See you next week.")),
    CastPart(name="dora", arrives_s=40, patience_s=3.0,
             talking=("Sorry, I am late. This is Dora.", "Could somebody send me the figures?", "Goodbye.")),
    CastPart(name="emil", arrives_s=17, patience_s=0.8,
             waiting=("Is this the right number?",),
             talking=("Emil, good morning.", "Nothing from me today.", "Bye.")),
)
"""Those who wait, in the order in which a larger cast takes them in."""

MOST = len(PARTS) + 1
TURNS = 3
"""How often each speaks in the meeting before they hang up."""


def cast_of(count: int) -> tuple[CastPart, ...]:
    """Return the parts of a cast of so many, 1 to `MOST`: the organizer, and those who wait for him."""
    organizer = replace(_AMOS, arrives_s=0) if count == 1 else _AMOS
    return (*PARTS[:count - 1], organizer)
