"""An application in memory that answers in TwiML, and stories that call it."""

from dataclasses import replace
from urllib.parse import urlsplit

import numpy as np
import pytest

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.custom.loading import Known, parse
from ivr.custom.twiml.asking import Fetched
from ivr.scenario.grammar import Words
from ivr.scenario.grammar import parse as parse_story
from ivr.scenario.player import play
from prompts import languages

URL = "http://127.0.0.1:5000/voice"


class Application:
    """Answers by path: TwiML without its <Response>, bytes, samples, an answer, or what a function gives.

    Attributes
    ----------
    asked : list of AppRequest
    later : bool
        Whether answers come when they are asked for.
    """

    def __init__(self, later=False, **documents):
        self.documents, self.asked, self.later, self.waiting = documents, [], later, []

    def fetch(self, fetch):
        self.asked.append(fetch)
        path = urlsplit(fetch.url).path.strip("/") or "voice"
        told = self.documents.get(path.partition(".")[0], "")
        told = told(fetch.fields) if callable(told) else told
        if isinstance(told, np.ndarray):
            told = Fetched(fetch.number, fetch.url, "audio/wav", samples=told)
        elif not isinstance(told, Fetched):
            body = told if isinstance(told, bytes) else f"<Response>{told}</Response>".encode()
            told = Fetched(fetch.number, fetch.url, "text/xml", body)
        told = replace(told, number=fetch.number, url=told.url or fetch.url)
        if self.later:
            self.waiting.append(told)
            return None
        return told

    def fetched(self):
        self.waiting, come = [], self.waiting
        return come

    def paths(self):
        """Return what was asked for, in order."""
        return [urlsplit(one.url).path for one in self.asked]

    def fields(self, path, nth=-1):
        """Return the parameters of a request to a path."""
        return [one.fields for one in self.asked if urlsplit(one.url).path == path][nth]


def a_line(more=""):
    """Return the file of an application."""
    return f"twiml: {URL}\nlanguages: [en-US, de-DE]\n{more}"


@pytest.fixture
def call(tmp_path):
    """Plays a story: ``call(application, callers)``; callers and the lines of the file are text."""
    def call(application, callers, *, line="", head="", **sounds):
        (tmp_path / "line.yaml").write_text(a_line(line), encoding="utf-8")
        story = parse_story(f"ivr: line.yaml\n{head}callers:\n{callers}", tmp_path / "story.yaml",
                            Words(prompts().names(), PROFILES, languages()))
        return play(story, replace(stage(), fetches=application, **sounds))
    return call


def anna(*steps):
    """Return a caller who dials and does these steps."""
    return "  anna:\n    - dial\n" + "".join(f"    - {step}\n" for step in steps)


def states(result, caller="anna"):
    return [entry.facts["state"] for entry in result.journal.of("state", caller=caller)
            if entry.facts["state"] != "application"]


def said(result, caller="anna"):
    return [entry.facts["prompt"] for entry in result.journal.of("prompt", caller=caller)]


def read_file(text, path):
    """Read the file of an IVR from text."""
    return parse(text, path, Known.with_hosts())
