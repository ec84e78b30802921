"""The flow of voice mail as pictures: `python -m ivr.mailbox.diagram > docs/mailbox-flow.md`."""

from ivr.engine.diagram import mermaid, table
from ivr.engine.flow import Flow
from ivr.mailbox.attendant import attendant_nodes
from ivr.mailbox.flow import mailbox_parts
from ivr.mailbox.flows import attendant_flow, mailbox_flow
from ivr.mailbox.ways import greetings
from ivr.mailbox.words import CALL_OVER
from ivr.voicemail import Attendant, DialPlan, KeyChoice

_HEAD = """# The flow of a call to voice mail

Drawn from `ivr/mailbox/flow.py` by `python -m ivr.mailbox.diagram`; a test compares. [mailbox.md](mailbox.md)
says what the keys are for. Each picture is a part; of nodes that belong to another one only the name is shown.
Left out of the pictures are what leads from everywhere to `goodbye` (a fault of ours, a directory that is out of
order, a call that has lasted as long as one can) or to the end (hanging up), and the `0` that repeats a menu. A
node in brackets is passed in silence.

"""

_PLAN = DialPlan(operator="100", attendants={"": Attendant("", (
    KeyChoice("1", "extension", "36697", "sales"), KeyChoice("2", "message", "40022", "service"),
    KeyChoice("3", "location", "", "our address"), KeyChoice("timeout", "operator")))})


def pictures() -> dict[str, str]:
    """Return each part of the flow as a picture, by its heading."""
    flow, of_attendant = mailbox_flow(_PLAN), attendant_flow(_PLAN, "")
    parts = {name: {**(greetings(_PLAN) if name == "Signing in" else {}), **part}
             for name, part in mailbox_parts(_PLAN).items()}
    drawn = {name: _picture(flow, tuple(part)) for name, part in parts.items()}
    attendant = tuple(attendant_nodes(_PLAN.attendants[""], _PLAN))
    return {**drawn, "An auto attendant": _picture(of_attendant, attendant)}


def _picture(flow: Flow, part: tuple[str, ...]) -> str:
    return f"```mermaid\n{mermaid(flow, part, without=(CALL_OVER, 'failed', '0'))}\n```"


def page() -> str:
    """Return docs/mailbox-flow.md: the pictures, and every exit of every node."""
    why = "<!-- not run: drawn from the flow; a test compares -->"
    drawn = "".join(f"## {name}\n\n{why}\n{picture}\n\n" for name, picture in pictures().items())
    return f"{_HEAD}{drawn}## Every way\n\n{table(mailbox_flow(_PLAN))}"


if __name__ == "__main__":
    print(page(), end="")
