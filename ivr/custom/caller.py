"""A caller of one's own IVR: a call, and what the file's variables hold for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.custom.loading import CALLED, CALLER
from ivr.custom.own import OwnFile
from ivr.custom.rounds import Rounds
from ivr.engine.call import Call
from ivr.engine.requests import Note, Request
from ivr.engine.sound import Samples


@dataclass(eq=False, kw_only=True)
class OwnCaller(Call):
    """A call that a file's flows lead.

    Attributes
    ----------
    own : OwnFile
    rounds : Rounds
        Counts where it passes.
    takes : callable
        Told every exit that is taken: of the node's name and the exit.
    variables : dict of name to str
        Some are secret, so it is never shown whole.
    recorded : dict of name to int16 array [shape=(n,)]
    """

    own: OwnFile
    rounds: Rounds
    takes: Callable[[str, str], None]
    variables: dict[str, str] = field(default_factory=dict, repr=False)
    recorded: dict[str, Samples] = field(default_factory=dict, repr=False)
    _names: dict[int, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        Call.__post_init__(self)
        self.variables |= {CALLER: self.phone, CALLED: self.number}
        self._names = {id(node): name for flow in self.flows.values() for name, node in flow.nodes.items()}

    def slots(self) -> Mapping[str, Any]:
        """Return what the variables hold that may be said; nothing for those that nothing has set yet."""
        return {name: self.variables.get(name, "") for name in self.own.variables - self.own.secrets}

    @property
    def place(self) -> str:
        """The name of the node where the call is."""
        return self._names.get(id(self.node), "")

    def leave_by(self, exit_: str, *, key: str = "", at: int = 0) -> list[Request]:
        """Leave the node by an exit; digits that were collected go into their variable."""
        place = self.place
        if self.rounds.too_many():
            return [Note("circle", {"node": place}), *self.fault()]
        self.takes(place, exit_)
        noted: list[Request] = []
        variable = self.own.duties.into.get(place)
        if variable is not None and exit_ == "entered":
            digits = self.entry.digits
            noted = [self.entered(variable, "" if variable in self.own.secrets else digits)]
            self.variables[variable] = digits
            self.entry.clear()
        return [*noted, *super().leave_by(exit_, key=key, at=at)]

    def told(self, event: str, *, late: bool = False) -> list[Request]:
        """Take what the application tells from outside."""
        if self.node is not None and event in self.node.on:
            self.takes(self.place, event)
        return super().told(event, late=late)
