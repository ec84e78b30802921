"""The flows of voice mail: of those who call mailboxes, and of those who call an auto attendant."""

from dataclasses import replace

from ivr.engine.flow import Flow, To
from ivr.mailbox.attendant import attendant_nodes, node_of
from ivr.mailbox.flow import mailbox_nodes
from ivr.mailbox.ways import END, ending, flow_of
from ivr.voicemail import Attendant, DialPlan, KeyChoice


def mailbox_flow(plan: DialPlan) -> Flow:
    """Return the flow of a dial plan's callers."""
    return flow_of("mailbox", "arriving", ending(mailbox_nodes(plan), END))


def attendant_flow(plan: DialPlan, name: str) -> Flow:
    """Return the flow of those who call an attendant, and all that its keys lead to."""
    nodes = {**ending(mailbox_nodes(plan), END)}
    back = nodes["back"]
    nodes["back"] = replace(back, exits={**back.exits, "caller": To(node_of(name))})
    for one in plan.attendants.values():
        nodes |= ending(attendant_nodes(one, plan), ())
    return flow_of("attendant", node_of(name), nodes)


_ALL = DialPlan(attendants={"": Attendant("", (KeyChoice("1", "file", "a file"),))})

STATES = frozenset(node.state for flow in (mailbox_flow(_ALL), attendant_flow(_ALL, ""))
                   for node in flow.nodes.values() if node.state)
"""Where a caller of voice mail can be, as journals name it."""
