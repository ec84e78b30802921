"""The picture of the flow is the flow's."""

from pathlib import Path

from ivr.conference.diagram import page
from ivr.conference.flow import conference_flow
from ivr.conference.profile import PROFILES


def test_the_page_in_docs_then_drawn_from_the_flow_as_it_is():
    written = (Path(__file__).parents[3] / "docs" / "call-flow.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m ivr.conference.diagram > docs/call-flow.md"


def test_the_picture_then_shows_every_node_and_every_way():
    drawn = page()
    flow = conference_flow(PROFILES["teams2021"])
    for name in flow.nodes:
        assert name.replace("-", "_") in drawn
        for what, _ in flow.ways(name):
            assert f"| {what} |" in drawn
