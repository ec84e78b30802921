"""Who leads a caller's line instead of steps, as the story knows him; what he is made of is the edge's business."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ivr.engine.ports import Frame
from ivr.secrecy import HIDDEN

CODE, STREAM, SIP = "code", "stream", "sip"
"""Ways to an agent: a coroutine in this process, a stream over a WebSocket, a telephone."""


@dataclass(frozen=True, slots=True)
class AgentAt:
    """Where an agent is.

    Attributes
    ----------
    way : str
        `CODE`, `STREAM` or `SIP`.
    where : str
        The URL or URI; of code the name of the coroutine.
    module : str
        Of code, the module that has it; empty where a file has.
    path : Path, optional
        That file.
    """

    way: str
    where: str
    module: str = ""
    path: Path | None = None

    @property
    def is_live(self) -> bool:
        """Whether he lives by the clock on the wall."""
        return self.way != CODE


def is_live(agents: Iterable[AgentAt | None]) -> bool:
    """Return whether one of them lives by the clock on the wall."""
    return any(one is not None and one.is_live for one in agents)


@dataclass(frozen=True, slots=True)
class ExpectDigits:
    """All keys that a caller presses in a story; they may hold placeholders."""

    line: int
    said: str
    caller: str
    keys: str = field(repr=False)


def unlike(came: str, wanted: str) -> str:
    """Say which keys came instead of others; digits are not shown, for they may be of a PIN."""
    if not came:
        return "nothing"
    right = next((n for n, (one, other) in enumerate(zip(came, wanted, strict=False)) if one != other),
                 min(len(came), len(wanted)))
    how = f", of which the first {right} {'is' if right == 1 else 'are'} as expected" if right else ""
    return "".join(key if key in "*#" else HIDDEN for key in came) + how


class Agent(Protocol):
    """Who leads a line.

    In every tick he is asked `step`; in a call also, in this order, `speak` and `hear`.
    """

    @property
    def ready(self) -> bool:
        """Whether he is there, once asked to `begin`: then the bridge is called."""

    @property
    def over(self) -> bool:
        """Whether he has hung up."""

    @property
    def fault(self) -> str:
        """What has become of him, in words, if he cannot go on; empty if nothing has."""

    def begin(self, caller: str, number: str, phone: str) -> None:
        """Get ready for a call, under a name; what is dialled, and who calls, where they are known."""

    def step(self, now: int) -> None:
        """Take it that it is this sample."""

    def speak(self) -> Frame:
        """Return his next frame. int16 array [shape=(160,)]."""

    def hear(self, frame: Frame) -> None:
        """Take what the bridge says; it is not his to keep. int16 array [shape=(160,)]."""

    def end(self) -> None:
        """Take it that the call is over."""

    def close(self) -> None:
        """Let go of what he has opened."""


class NoAgent(Exception):
    """An agent that is not there; what it says is a sentence.

    Attributes
    ----------
    exit_code : int
        2 where it is not what was written, 3 where it cannot be reached.
    """

    exit_code = 2

    def __init__(self, sentence: str, exit_code: int = 2) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def nobody(at: AgentAt) -> Agent:
    """Know no agents."""
    raise NoAgent(f"nobody here can put {at.where} on a line", 3)
