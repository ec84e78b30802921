"""How a call that goes out stands, as its line tells."""

from dataclasses import dataclass


@dataclass(slots=True)
class LineState:
    """How a call stands.

    Attributes
    ----------
    rang_at, answered_at : int or None
        When it rang without a sound, and when it was answered.
    codec : str
        How sound is coded; empty while that is not agreed on.
    events : bool
        Whether the other side takes keys as events.
    over : str
        Why the call is over, as in "the other side ended the call".
    code : int
        With which it was refused.
    referred : str or None
        To whom the other side hands the call over.
    """

    rang_at: int | None = None
    answered_at: int | None = None
    early: bool = False
    codec: str = ""
    events: bool = False
    over: str = ""
    code: int = 0
    referred: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether who is called has done nothing yet."""
        return not (self.over or self.early) and self.rang_at is self.answered_at is None
