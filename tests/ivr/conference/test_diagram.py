"""The picture of the flow is the table's."""

from pathlib import Path

from ivr.conference.table import State

from ivr.conference.diagram import mermaid, page


def test_the_page_in_docs_then_drawn_from_the_table_as_it_is():
    written = (Path(__file__).parents[3] / "docs" / "call-flow.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m ivr.conference.diagram > docs/call-flow.md"


def test_the_picture_then_shows_every_state():
    assert not [state for state in State if state.value.replace("-", "_") not in mermaid()]
