"""The pictures of voice mail's flow are the flow's."""

import re
from pathlib import Path

from ivr.mailbox.diagram import page, pictures

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_in_docs_then_drawn_from_the_flow_as_it_is():
    written = (DOCS / "mailbox-flow.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m ivr.mailbox.diagram > docs/mailbox-flow.md"


def test_the_pictures_that_the_manual_shows_then_those_of_the_page():
    shown = re.findall(r"```mermaid\n.*?\n```", (DOCS / "mailbox.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    assert not [one for one in shown if one not in pictures().values()], "copy them from docs/mailbox-flow.md"
