"""A file as values: its flows, what is said in them, and what the application does at which node."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr.custom.wording import Played, Wording
from ivr.engine.flow import Flow


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


@dataclass(frozen=True, slots=True)
class Seat:
    """How a caller comes to a conference.

    Attributes
    ----------
    room : str
        Its name: who comes to the same are together.
    starts, ends : bool
        Whether it begins when he comes, and is over for all when he goes.
    music : bool
        Whether he hears music until it begins; else silence.
    muted : bool
    beep : bool
        Whether the others are told by a tone that he comes, and goes.
    """

    room: str
    starts: bool = True
    ends: bool = False
    music: bool = True
    muted: bool = False
    beep: bool = False


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

    def without(self, node: str) -> bool:
        """Tell whether the file says nothing of what becomes of a call at this node where no answer comes."""
        return any(name == node and "failed" in one.exits and one.exits["failed"].node == "fault"
                   for flow in self.flows for name, one in flow.nodes.items())

    def states(self) -> tuple[str, ...]:
        """Return the states that a call can be in."""
        return tuple(dict.fromkeys(node.state or name for flow in self.flows for name, node in flow.nodes.items()))
