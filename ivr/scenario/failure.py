"""What did not come true."""

from dataclasses import dataclass

from ivr.clock import seconds


@dataclass(frozen=True, slots=True)
class Failure:
    """A step or an expectation that did not come true.

    Attributes
    ----------
    line : int
        Line in the scenario's file.
    caller : str
        Whose step; empty for what is expected of a meeting.
    step : str
        The step as written, PINs masked.
    at : int
        Sample at which it failed.
    instead : str
        What was there instead.
    """

    line: int
    caller: str
    step: str
    at: int
    instead: str

    def __str__(self) -> str:
        who = f"{self.caller}: " if self.caller else ""
        return f"line {self.line}: {who}'{self.step}' at {seconds(self.at):.1f} s: {self.instead}"
