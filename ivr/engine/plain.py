"""What an application does that wants nothing more than a flow: the beginning of one of one's own."""

from typing import Any

from ivr.engine.application import Host
from ivr.engine.call import Call
from ivr.engine.flow import Flow, To
from ivr.engine.nodes import End, Say
from ivr.engine.sound import Samples


class PlainApplication:
    """An application of flows alone; derive from it and add what yours can do.

    Attributes
    ----------
    flows : tuple of Flow
        The one that calls begin with first.
    languages : tuple of str
        Of numbers that have none of their own.
    """

    flows: tuple[Flow, ...] = ()
    languages: tuple[str, ...] = ("",)
    dials: bool = False
    early: bool = False

    def __init__(self, host: Host) -> None:
        """Live on a bridge.

        Raises
        ------
        FlowError
            If a flow says a prompt that there is not.
        """
        self.host = host
        for flow in self.flows:
            flow.check_prompts(host.voice.slots)

    def take(self, **known: Any) -> Call:  # noqa: ANN401
        """Return a new call."""
        return Call(flows={flow.name: flow for flow in self.flows}, **known)

    def ask(self, call: Call, question: str, at: int) -> str | None:  # noqa: ARG002
        """Know nothing."""
        raise LookupError(f"call {call.serial}: nobody answers {question!r}")

    def do(self, call: Call, command: str, at: int) -> None:
        """Do nothing."""

    def recorded(self, call: Call, samples: Samples, at: int) -> str:  # noqa: ARG002
        """Keep nothing; say whether anything was recorded."""
        return "recorded" if len(samples) else "nothing"

    def playback(self, call: Call, what: str) -> Samples:
        """Have nothing to play."""
        raise LookupError(f"call {call.serial}: there is nothing called {what!r} to play")

    def due(self, call: Call, kind: str, at: int) -> None:
        """Set no timers, so take none."""

    def due_elsewhere(self, owner: int, kind: str, at: int) -> None:
        """Set no timers, so take none."""

    def declined(self, call: Call, code: int, at: int) -> None:
        """Dial nobody, so be declined by nobody."""

    def poll(self, at: int) -> None:
        """Wait for nobody."""

    def awaits(self) -> bool:
        """Expect nothing."""
        return False

    def over(self, call: Call, at: int) -> None:
        """Let a call go."""

    def broke(self, call: Call, at: int) -> None:
        """Expect nothing."""

    def mend(self, call: Call, at: int) -> None:
        """Have nothing half done."""

    def forget(self, call: Call) -> None:
        """Keep nothing of a call."""


class Sorry(PlainApplication):
    """Tells a caller whom no application could take that it is our fault, and lets him go."""

    flows = (Flow("sorry", "goodbye", {
        "goodbye": Say(state="goodbye", prompts=("fault",), exits={"ended": To("end"), "keyed": To("end")}),
        "end": End()}, fault=To("end")),)
