"""The conference's flow as a picture: `python -m ivr.conference.diagram > docs/call-flow.md`."""

from ivr.conference.flow import conference_flow
from ivr.conference.profile import DEFAULT, profile
from ivr.engine.diagram import mermaid, nodes, table

_HEAD = """# The flow of a call

Drawn from `ivr/conference/flow.py` by `python -m ivr.conference.diagram`; a test compares. What is told from
outside to callers at one node and cannot happen at another is listed there as impossible. Hanging up leads from
every node to the end (A6.8), a fault of ours to `goodbye`; both are left out of the picture. A node in brackets
is passed in silence.

"""


def page() -> str:
    """Return docs/call-flow.md: the picture, and every exit of every node."""
    flow = conference_flow(profile(DEFAULT))
    why = "<!-- not run: drawn from the flow; a test compares -->"
    return f"{_HEAD}{why}\n```mermaid\n{mermaid(flow)}\n```\n\n{nodes(flow)}\n{table(flow)}"


if __name__ == "__main__":
    print(page(), end="")
