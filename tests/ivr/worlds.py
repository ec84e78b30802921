"""A bridge with short prompts, so that a whole call takes a few simulated seconds."""

import gc
import sys
import zlib
from dataclasses import replace
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

import numpy as np
import pytest

from ivr.clock import FRAME, samples
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryTrunk
from lobby import arrival, beep, departure
from prompts import load


class ShortVoice:
    """Half a second of noise a prompt, a different one for each name."""

    length = samples(0.5)

    def __init__(self):
        self._catalogue = load("en-US")
        self.said = []

    def slots(self, name, /):
        return self._catalogue.slots(name)

    def text(self, name, language="", /, **slots):
        return self._catalogue.text(name, slots)

    def clips(self, name, language="", /, **slots):
        self._catalogue.form(name, slots)
        self.said.append((name, language, slots))
        seed = zlib.crc32(repr((name, language, sorted((k, str(v)) for k, v in slots.items()))).encode())
        return [np.random.default_rng(seed).integers(-3000, 3000, self.length).astype(np.int16)]


class World:
    """A bridge, its lines, and what came of them."""

    faults_of = ()
    music = np.random.default_rng(1).integers(-2000, 2000, samples(2)).astype(np.int16)

    def __init__(self, lines, meetings, directory=None, product="teams2021", numbers=None, journal=None,
                 leads=None, **changes):
        self.lines = list(lines)
        self.voice = ShortVoice()
        self.directory = directory or Meetings(meetings)
        self.tones = {"arrival": arrival(), "departure": departure(), "record": beep()}
        self.product = replace(profile(product), **changes)
        self.bridge = ConferenceBridge(directory=self.directory, voice=self.voice, music=self.music,
                                       tones=self.tones, profile=self.product, numbers=numbers, journal=journal,
                                       leads=leads)
        self.trunk = MemoryTrunk(self.lines, stays=True)
        self.exchange = Exchange(self.bridge, [self.trunk])

    def run(self, seconds):
        until = self.bridge.now + samples(seconds)
        while self.bridge.now < until:
            self.exchange.step(max(1, (until - self.bridge.now) // FRAME))
        return self

    def serial(self, caller):
        return next(call.serial for call in self.bridge.calls.values() if call.caller == caller)

    def states(self, caller):
        return [entry.facts["state"] for entry in self.bridge.journal.of("state", caller=caller)]

    def prompts(self, caller):
        return [entry.facts["prompt"] for entry in self.bridge.journal.of("prompt", caller=caller)]

    def refusals(self, caller):
        return [entry.facts["reason"] for entry in self.bridge.journal.of("refused", caller=caller)]


PLAIN = {"name_recording": False, "announce_with": "tones"}

MEETINGS = (
    Meeting("1234567", "48215", "amos.marble@contoso.com"),
    Meeting("7654321", "90371", "rita.quartz@contoso.com"),
    Meeting("5550000", "13579", "open@contoso.com", anyone_may_start=True),
)


@pytest.fixture
def world():
    """Make a world of lines; the meetings are 1234567, 7654321 and, open to anyone, 5550000.

    Names are not asked for, and comings and goings told with tones, unless a test says otherwise. In none of them
    may a fault end a call, but those of the callers in `faults_of`.
    """
    made = []

    def make(*lines, directory=None, meetings=MEETINGS, **changes):
        made.append(World(lines, meetings, directory, **{**PLAIN, **changes}))
        return made[-1]

    yield make
    for one in made:
        assert [entry for entry in one.bridge.journal.of("fault") if entry.caller not in one.faults_of] == []


@pytest.fixture(scope="session")
def world_of():
    """Make a world of a list of lines: for tests that make many."""
    return lambda lines, meetings=MEETINGS, **changes: World(lines, meetings, **{**PLAIN, **changes})


_PROGRAM = (type, ModuleType, FunctionType, BuiltinFunctionType, CodeType)


def _reachable(root, apart=()):
    """Give all objects that can be reached, without the program itself and what is to be left out."""
    seen, stack = {id(one) for one in apart}, [root]
    while stack:
        one = stack.pop()
        if id(one) not in seen and not isinstance(one, _PROGRAM):
            seen.add(id(one))
            stack += gc.get_referents(one)
            yield one


@pytest.fixture(scope="session")
def reachable():
    """Gives all objects that can be reached: ``reachable(root, apart=[...])``."""
    return _reachable


def _work(act):
    """Do something; return how many functions were called for it."""
    calls = 0

    def count(_frame, event, _arg):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


@pytest.fixture(scope="session")
def work():
    """Counts the functions that are called: ``work(act)``. The same work is the same number."""
    return _work
