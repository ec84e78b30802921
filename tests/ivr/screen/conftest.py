"""What tests of the screen stand on: a session with short prompts whose caller the keyboard leads."""

import pytest

from ivr.clock import samples
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.live.puppet import Puppet
from ivr.live.session import Session
from ivr.screen import Panel, PanelCommand
from ivr.screen.panel import keypad


class Room:
    """A session with callers, and a panel as a command would make it."""

    def __init__(self, bridge, words, *names, title="A call"):
        self.puppets = {name: Puppet(name) for name in names}
        self.chosen = names[0]
        self.session = Session(Exchange(bridge, [Handsets(self.puppets.values())]), words=words)
        self.panel = Panel(
            title=title, tell=str, callers=lambda: names, chosen=lambda: self.chosen, status=lambda: "All is well.",
            commands=[keypad(lambda key: self.puppets[self.chosen].press(key)),
                      PanelCommand(("enter",), "dial", lambda _: self.puppets[self.chosen].dial()),
                      PanelCommand(("down", "tab"), "caller", self._next, "tab")])
        self._names = names

    def _next(self, _):
        self.chosen = self._names[(self._names.index(self.chosen) + 1) % len(self._names)]

    def run(self, seconds):
        until = self.session.bridge.now + samples(seconds)
        while self.session.bridge.now < until:
            self.session.step()


@pytest.fixture
def room(quiet_bridge, words):
    """Makes rooms: ``room("anna", "amos")`` has two callers who have not dialled yet."""
    return lambda *names, **options: Room(quiet_bridge(), words, *names, **options)
