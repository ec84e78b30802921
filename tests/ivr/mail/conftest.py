"""What the letters' tests share."""

from html.parser import HTMLParser

import pytest


class Balance(HTMLParser):
    """Notes every tag that closes another than the last one opened."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.faults = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@pytest.fixture(scope="session")
def unbalanced():
    """Gives the tags of a page that are never closed, or close another than the last one opened."""
    def unbalanced(page):
        balance = Balance()
        balance.feed(page)
        return balance.open + balance.faults

    return unbalanced
