"""A file as values: its flows, what is said in them, and what the application does at which node."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr.custom.wording import Played, Wording
from ivr.engine.flow import Flow
from ivr.engine.nodes import Play
from ivr.engine.together import OVER, TOGETHER, Seat


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked of somebody's own app.

    Attributes
    ----------
    url : str
    sends : tuple of str
        Variables that are sent.
    exits : tuple of str
        What it can answer with; empty where every answer goes the same way.
    """

    url: str
    sends: tuple[str, ...]
    exits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handover:
    """A number that is dialled for a caller, and for how many samples it rings there."""

    to: str
    rings: int


def room_of(name: str) -> str:
    """Return the room of a conference: none of those that two have by themselves, whatever it is called."""
    return f"room {name}"


@dataclass(frozen=True, slots=True)
class Duties:
    """What the application does, by the names of nodes.

    Attributes
    ----------
    into : dict of node to variable
        Where digits go that are collected.
    saves : dict of node to name
        What a recording is called.
    waits : dict of node to samples
    """

    into: dict[str, str] = field(default_factory=dict)
    saves: dict[str, str] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    inquiries: dict[str, Inquiry] = field(default_factory=dict)
    handovers: dict[str, Handover] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)


TWIML_STATES = ("application", "say", "play", "pause", "gather", "record", "dial", "conference", "rejected",
                "talking", "fault", "ended")
"""Where a call can be that an application at a URL leads."""


@dataclass(frozen=True, slots=True)
class TwimlLine:
    """An application that lives at a URL.

    Attributes
    ----------
    fallback : str
        What is asked where the application fails; empty: nothing is.
    secret : bool
        Whether what callers key is shown nowhere.
    status : str
        What is told when a call is over; empty: nothing is.
    """

    url: str
    method: str = "POST"
    fallback: str = ""
    secret: bool = True
    status: str = ""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A whole file.

    Attributes
    ----------
    numbers : tuple of str
        By which it is called; empty where any will do.
    languages : tuple of str
        The primary one first.
    flows : tuple of Flow
        The one that calls begin with first.
    wordings : mapping of prompt to Wording
        A prompt has the name of its node.
    lines : mapping of node to int
        Where each node stands.
    variables, secrets : frozenset of str
        All there are, and those that are neither said nor shown.
    recordings : mapping of name to Played
        Those that are played by themselves.
    twiml : TwimlLine, optional
        What leads calls instead of flows.
    """

    path: Path
    title: str
    numbers: tuple[str, ...]
    languages: tuple[str, ...]
    flows: tuple[Flow, ...]
    wordings: Mapping[str, Wording]
    duties: Duties
    lines: Mapping[str, int]
    variables: frozenset[str]
    secrets: frozenset[str]
    recordings: Mapping[str, Played]
    twiml: TwimlLine | None = None

    def without(self, node: str) -> bool:
        """Tell whether the file says nothing of what becomes of a call at this node where no answer comes."""
        return any(name == node and "failed" in one.exits and one.exits["failed"].node == "fault"
                   for flow in self.flows for name, one in flow.nodes.items())

    def played(self, node: str) -> str:
        """Return the recording that is all a node plays, by its name; empty for another node."""
        return next((one.what for flow in self.flows for name, one in flow.nodes.items()
                     if name == node and isinstance(one, Play) and one.what in self.recordings), "")

    @property
    def rooms(self) -> frozenset[str]:
        """The states in which callers are in a conference."""
        return frozenset(self.duties.seats) if self.twiml is None else frozenset({"conference"})

    @property
    def never(self) -> frozenset[tuple[str, str]]:
        """Nodes with exits that no call can take there: who starts a conference never waits in it, for one."""
        seats = self.duties.seats
        start, end = ({one.room for one in seats.values() if one.starts}, {
            one.room for one in seats.values() if one.ends})
        return frozenset([*((name, TOGETHER) for name, one in seats.items() if one.starts or one.room not in start),
                          *((name, OVER) for name, one in seats.items() if one.room not in end)])

    def states(self) -> tuple[str, ...]:
        """Return the states that a call can be in."""
        if self.twiml is not None:
            return TWIML_STATES
        return tuple(dict.fromkeys(node.state or name for flow in self.flows for name, node in flow.nodes.items()))
