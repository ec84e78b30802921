"""What a cmdlet is here: one of our commands, and where each of its parameters goes."""

from dataclasses import dataclass
from typing import Literal

ASK = "--confirm"
"""Stands for the question before something is destroyed: our commands ask it, cmdlets do so when told to."""

Way = Literal["word", "option", "switch", "yes-no", "value", "nothing"]
"""How a parameter is said to our command.

word      one of the words that follow the command, at place `at`
option    `to` and the value
switch    `to` when it is given; not when it is given as $false
yes-no    `to` for $true, `no` for $false
value     the parameter of a group: its own name, and the value
nothing   taken, and left out: what it asks for is so anyway
"""


@dataclass(frozen=True, slots=True)
class Argument:
    """A cmdlet's parameter.

    Attributes
    ----------
    name : str
        As the cmdlet writes it.
    to, no : str
        Our option or options, parted by spaces.
    at : int
        For a word: its place.
    example : str
        A value to try it with; a name in braces is filled in by the test.
    beside : str
        What has to be said with it.
    why : str
        For `nothing`: why it is so anyway.
    """

    name: str
    way: Way = "option"
    to: str = ""
    no: str = ""
    at: int = 0
    example: str = ""
    beside: str = ""
    why: str = ""

    @property
    def ours(self) -> str:
        """What it is in our words, for people."""
        return {"word": f"argument {self.at + 1}", "option": f"`{self.to} VALUE`", "switch": f"`{self.to}`",
                "yes-no": ", ".join(f"`{said}`" for said in (self.to, self.no) if said not in ("", ASK)),
                "value": f"`--{self.to} VALUE`", "nothing": self.why}[self.way]


@dataclass(frozen=True, slots=True)
class Cmdlet:
    """A cmdlet.

    Attributes
    ----------
    command : tuple of str
        Our command's words.
    administration : str
        The one under which the test tries it.
    words : tuple of str
        What stands in the places that were left out.
    asks : bool
        Whether our command asks before it does this.
    source : str
        Rows of BEHAVIOUR.md.
    """

    name: str
    command: tuple[str, ...]
    arguments: tuple[Argument, ...] = ()
    source: str = "E"
    administration: str = "online"
    words: tuple[str, ...] = ()
    asks: bool = False
