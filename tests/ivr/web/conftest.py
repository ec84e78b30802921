"""A bridge in a browser: a session in a thread, and what answers of it, asked without a network."""

import json
import warnings
from dataclasses import dataclass

import numpy as np
import pytest

from ivr.cli.kit import prompts, stage
from ivr.cli.web import story_files
from ivr.conference.profile import PROFILES
from ivr.engine.exchange import Exchange
from ivr.live.guests import Guests
from ivr.live.keeping import Keeper
from ivr.live.pace import Throttle
from ivr.live.session import Session
from ivr.scenario.grammar import load
from ivr.scenario.words import Words
from ivr.web.app import Web, web_app
from ivr.web.doing import PresenterActs
from ivr.web.live import Live, Shown
from ivr.web.logins import Buckets, Logins
from ivr.web.programme import Programme

with warnings.catch_warnings():  # its maintainers want httpx2, which is no package of Debian's or ours
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@dataclass
class Browsed:
    """What is browsed: its session runs ten times as fast as a clock."""

    session: Session
    live: Live
    programme: Programme
    guests: Guests
    clock: Clock
    app: object

    def client(self, base="http://127.0.0.1:8080", **more):
        """Return a browser, or a program."""
        return TestClient(self.app, base_url=base, follow_redirects=False, **more)

    @property
    def journal(self):
        """What is noted by now, and what was asked to be noted before now."""
        PresenterActs(self.session).done(self.session, lambda: None)
        return [json.dumps(entry.as_json()) for entry in self.session.bridge.journal.entries]


@pytest.fixture
def browsed(quiet_bridge, words):
    """Makes bridges in a browser: ``browsed(users=..., database=...)``."""
    running = []

    def make(database=None, users=None, names=(), trunks=(), runs=True, requests=(10_000, 1),
             meetings=(("1234567", "48215"),), product=None):
        exchange, clock = Exchange(quiet_bridge(meetings, product), trunks), Clock()
        guests = Guests(exchange, lambda text, _: np.full(1600, 1000 + len(text), np.int16))
        keeper = Keeper(exchange)
        session = Session(exchange, pace=Throttle(10), step=guests.step, words=words, after=keeper.follow)
        live = Live(Shown(session, title="A lobby", product="teams2021", languages=("en-US",), keeper=keeper))
        known = Words(prompts().names(), PROFILES)
        programme = Programme(live, story_files(), lambda path: load(path, known), stage())
        web = Web(live=live, programme=programme, guests=guests, database=database,
                  logins=Logins(users or {}, clock), names=names, asks=users is not None,
                  requests=Buckets(*requests, clock))
        one = Browsed(session, live, programme, guests, clock, web_app(web))
        if runs:
            session.start()
            live.start()
        running.append(one)
        return one

    yield make
    for one in running:
        one.live.end()
        one.programme.close()
        one.session.stop()
        one.session.join()
