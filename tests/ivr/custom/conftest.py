"""Somebody's own app, on a port of its own; stories of an IVR that are played from text."""

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.custom.loading import Known, parse
from ivr.live.apps import WaitingForApps
from ivr.scenario.grammar import Words
from ivr.scenario.grammar import parse as parse_story
from ivr.scenario.player import Performance
from prompts import languages

KNOWN = Known.with_hosts()
HERE = Path("line.yaml")


class App:
    """An app that answers what it is told to: a mapping, text, or (status, headers, text).

    Attributes
    ----------
    asked : list
        What it was asked, as it came.
    """

    def __init__(self, answer):
        self.asked, self.paths = [], []
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                app.paths.append(self.path)
                app.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self._tell(answer(app.asked[-1]) if callable(answer) else answer)

            def do_GET(self):
                app.paths.append(self.path)
                self._tell({"exit": "known"})

            def _tell(self, told):
                status, headers, body = told if isinstance(told, tuple) else (200, {}, told)
                body = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": len(body)}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def open(self):
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


@pytest.fixture
def app():
    """Makes apps: ``with app({"exit": "known"}) as one: one.url, one.asked``."""
    return lambda answer: App(answer).open()


def own(text):
    """Read a file's text."""
    return parse(text, HERE, KNOWN)


@pytest.fixture
def tell(tmp_path):
    """Plays a story of an IVR: ``tell(ivr, callers)``, each the text of a file's part; `watch` is told events."""
    def tell(ivr, callers, *, watch=None, **sounds):
        (tmp_path / "line.yaml").write_text(ivr, encoding="utf-8")
        story = parse_story(f"ivr: line.yaml\ncallers:\n{callers}", tmp_path / "story.yaml",
                            Words(prompts().names(), PROFILES, languages()))
        with Performance(story, replace(stage(), **{"apps": WaitingForApps(), **sounds})) as performance:
            if watch is not None:
                performance.exchange.bridge.events.add(watch)
            while not performance.over:
                performance.step()
            return performance.end()
    return tell
