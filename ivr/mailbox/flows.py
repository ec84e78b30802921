"""The flows of voice mail: of those who call mailboxes, and of those who call an auto attendant."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ivr.engine.flow import Flow, Node, To
from ivr.mailbox.attendant import attendant_nodes, node_of
from ivr.mailbox.flow import mailbox_parts
from ivr.mailbox.ways import END, ending, flow_of, greetings
from ivr.voicemail import DialPlan


def mailbox_flow(plan: DialPlan) -> Flow:
    """Return the flow of a dial plan's callers."""
    return flow_of("mailbox", "arriving", ending(_nodes(plan), END))


def attendant_flow(plan: DialPlan, name: str) -> Flow:
    """Return the flow of those who call an attendant, and all that its keys lead to."""
    nodes = {**ending(_nodes(plan), END)}
    back = nodes["back"]
    nodes["back"] = replace(back, exits={**back.exits, "caller": To(node_of(name))})
    for one in plan.attendants.values():
        nodes |= ending(attendant_nodes(one, plan), ())
    return flow_of("attendant", node_of(name), nodes)


def _nodes(plan: DialPlan) -> Mapping[str, Node]:
    return dict(item for part in (greetings(plan), *mailbox_parts(plan).values()) for item in part.items())


class FlowsByPlan:
    """The flows of a number's callers, made once for each dial plan that there has been.

    Parameters
    ----------
    attendant : str or None
        The attendant that callers come to.
    slots : callable
        Gives the slots of a prompt (`Flow.check_prompts`).
    """

    def __init__(self, attendant: str | None, slots: Callable[[str], object]) -> None:
        self._attendant, self._slots = attendant, slots
        self._made: dict[str, Flow] = {}

    def of(self, plan: DialPlan) -> Flow:
        """Return the flow of a plan's callers; an attendant that has been taken away is that of the whole desk."""
        shape = _shape(plan)
        if shape not in self._made:
            flow = mailbox_flow(plan) if self._attendant is None else attendant_flow(
                plan, self._attendant if self._attendant in plan.attendants else "")
            flow.check_prompts(self._slots)
            self._made = {**dict([*self._made.items()][1 - _MOST_MADE:]), shape: flow}
        return self._made[shape]


_MOST_MADE = 8


def _shape(plan: DialPlan) -> str:
    """Return what a flow is made from; of recordings that is whether there are any."""
    attendants = [(one, one.greeting is None, one.closed_greeting is None) for one in plan.attendants.values()]
    return repr((plan, plan.welcome is None, plan.announcement is None, attendants))
