"""A fault in one call's own code ends that call and nothing else.

An exception is raised at a line drawn from a seed, of all lines of a call's own code that are run for the one it
happens to. Beside the world in which it happens there is the same without it; nobody else may notice a difference.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from sampled import one_in

import dtmf
import ivr
from ivr.clock import FRAME, RATE, samples
from ivr.directory.meetings import Meeting, Meetings, key_of
from ivr.engine.containing import Containing
from ivr.engine.plain import PlainApplication
from ivr.lines.memory import MemoryLine
from lobby.rooms import RoomState

SEEDS = 200
VICTIM, FOLLOWER = "vera", "fritz"
HANGS_UP, FOLLOWS, ALL_GO, END = 5.6, 5.9, 8.0, 8.2
FIRST = 7_000_000
"""The first call's number is one more: no other number in a bridge is of this size."""

_HOME = Path(ivr.__file__).parent
_OWN = frozenset(str(path) for path in [
    *(path for path in (_HOME / "conference").glob("*.py") if path.stem != "rooms"),
    *(_HOME / "engine" / "nodes").glob("*.py"),
    *(_HOME / "engine" / f"{name}.py" for name in ("call", "players", "recorders", "serving", "sound", "waiting"))])
_FOR_SOMEBODY = {Containing.work.__code__, Containing.forget.__code__}
_FOR_NOBODY = Containing.nobodys.__code__


class Fault(Exception):
    """What is raised; its words are not to be told."""


def for_the_victim(frame):
    while frame is not None:
        if frame.f_code in _FOR_SOMEBODY:
            return frame.f_locals["call"].caller == VICTIM
        if frame.f_code is _FOR_NOBODY:
            return False
        frame = frame.f_back
    return False


class Tracer:
    """Counts the lines that are run for the victim; raises at one of them.

    Attributes
    ----------
    seen : int
        How many there have been.
    """

    def __init__(self, fatal=None):
        self.seen, self._fatal = 0, fatal

    def __call__(self, frame, _event, _arg):
        return self._line if frame.f_code.co_filename in _OWN and for_the_victim(frame) else None

    def _line(self, _frame, event, _arg):
        if event == "line":
            self.seen += 1
            if self.seen == self._fatal:
                raise Fault("48215")
        return self._line

    def step(self, exchange):
        before = sys.gettrace()
        sys.settrace(self)
        try:
            exchange.step()
        finally:
            sys.settrace(before)


def noise(seed, begin, end):
    said = np.random.default_rng(seed).integers(-1500, 1500, samples(end)).astype(np.int16)
    said[:samples(begin)] = 0
    return said


def pressing(says, *pressed):
    said = np.append(says, np.zeros(samples(END) - len(says), np.int16))
    for at, keys in pressed:
        tones = dtmf.encode(keys, RATE, tone_ms=60, gap_ms=60)
        said[samples(at):samples(at) + len(tones)] = tones
    return said


@dataclass(frozen=True)
class Script:
    """What the victim does.

    Attributes
    ----------
    presses : sequence of (moment, keys)
    leads : bool
        Whether more depends on him than what his coming and going cause.
    name : bool
        Whether callers say their names.
    """

    presses: tuple[tuple[float, str], ...]
    leads: bool = False
    name: bool = False
    speaks: tuple[float, float] = (0, 0)


SCRIPTS = {
    "a participant": Script(((0.1, "5550000#"), (2.0, "*6*5*1"), (3.6, "*3*6")), name=True),
    "a name": Script(((0.1, "5550000#"), (3.2, "#"), (4.0, "*5")), name=True, speaks=(2.2, 3.0)),
    "an organizer": Script(((0.1, "7654321#*90371#"), (2.4, "*1*4"), (3.6, "*9*7"), (5.0, "*6")), leads=True),
    "a lobby": Script(((0.1, "7654321#1"), (3.0, "5"))),
    "wrong entries": Script(((0.1, "#"), (0.8, "12#"), (2.4, "7654321#*1#"), (4.6, "90371#")), leads=True),
}


class Played:
    """One world, with a fault or without."""

    def __init__(self, world_of, script, fatal=None, count=False):
        others = {"hana": pressing(noise(1, 2.5, END), (0.1, "5550000#")),
                  "mika": pressing(noise(2, 2.5, 7), (0.15, "5550000#")),
                  "otto": pressing(noise(3, 2.5, END), (0.1, "1234567#*48215#")),
                  "lena": pressing(np.zeros(0, np.int16), (0.2, "7654321#1"))}
        lines = [MemoryLine(VICTIM, pressing(noise(4, *script.speaks), *script.presses),
                            hangs_up_after=samples(HANGS_UP)),
                 *(MemoryLine(name, says, hangs_up_after=samples(ALL_GO)) for name, says in others.items()),
                 MemoryLine(FOLLOWER, pressing(noise(5, 1.2, 2.1), (0.1, "1234567#1")), dials_at=samples(FOLLOWS),
                            hangs_up_after=samples(ALL_GO - FOLLOWS))]
        self.world = world_of(lines, name_recording=script.name, announce_with="names", dial_in_bypass=True,
                              bypass_needs_authenticated=False)
        self.bridge, exchange = self.world.bridge, self.world.exchange
        self.bridge._dialled = FIRST
        self.lines = {line.caller: line for line in lines}
        self.rows, self.counts = {}, []
        tick, fatal_line = fatal or (-1, 0)
        counter = Tracer()
        for n in range(samples(END) // FRAME):
            if count:
                counter.step(exchange)
                self.counts.append(counter.seen)
            elif n == tick:
                Tracer(fatal_line).step(exchange)
            else:
                exchange.step()
            if n == samples(FOLLOWS + 0.1) // FRAME:
                self.rows = {call.caller: call.row for call in self.bridge.calls.values()}

    def entries(self, caller, but=()):
        return [entry for entry in self.bridge.journal.of(*{e.event for e in self.bridge.journal}, caller=caller)
                if entry.facts.get("prompt") not in but]

    def heard(self, caller):
        return self.lines[caller].heard()

    def told(self, caller, prompts):
        """Give where a caller is told one of these."""
        told = np.zeros(len(self.heard(caller)), bool)
        begins = self.entries(caller)[0].at // FRAME * FRAME
        for entry in self.bridge.journal.of("prompt", caller=caller):
            if entry.facts["prompt"] in prompts:
                told[max(0, entry.facts["began_at"] - begins - FRAME):entry.at - begins + 3 * FRAME] = True
        return told


OF_GOING = ("joined", "left")


@pytest.fixture(scope="module")
def without(world_of):
    """The worlds without a fault, by script, and how many lines have been run for the victim after each tick."""
    return {name: Played(world_of, script, count=True) for name, script in SCRIPTS.items()}


def drawn(seed, without):
    """Return a script, a tick of it, and a line within that tick."""
    random = np.random.default_rng(seed)
    name = list(SCRIPTS)[seed % len(SCRIPTS)]
    counts = without[name].counts
    line = int(random.integers(counts[-1])) + 1
    tick = int(np.searchsorted(counts, line))
    return name, tick, line - (counts[tick - 1] if tick else 0)


@pytest.mark.parametrize("seed", one_in(4, range(SEEDS)))
def test_a_fault_at_any_line_of_a_call_then_ends_that_call_and_nobody_else_notices(
        world_of, reachable, without, seed):
    name, tick, line = drawn(seed, without)
    script, base = SCRIPTS[name], without[name]
    played = Played(world_of, script, fatal=(tick, line))
    faults = played.bridge.journal.of("fault")
    assert [(entry.caller, entry.facts["what"]) for entry in faults] == [(VICTIM, "Fault")]
    assert "48215" not in played.bridge.journal.text()
    # who is in another room
    for caller in ("otto", FOLLOWER):
        assert played.entries(caller) == base.entries(caller)
        assert np.array_equal(played.heard(caller), base.heard(caller))
    # who is in his
    for caller in ("hana", "mika", "lena"):
        if script.leads and caller == "lena":
            assert played.entries(caller)[-1].facts == {"by": "caller"}
            continue
        assert played.entries(caller, but=OF_GOING) == base.entries(caller, but=OF_GOING)
        told = played.told(caller, OF_GOING) | base.told(caller, OF_GOING)
        assert np.array_equal(played.heard(caller)[~told], base.heard(caller)[~told])
    # he himself is told so, is out of everything, and his row is another's
    own = played.entries(VICTIM)
    assert Counter(entry.event for entry in own)["hung-up"] == 1
    assert own[-1].event == "hung-up" or faults[0] is own[-1]
    assert played.rows[FOLLOWER] == base.rows[FOLLOWER] == 0
    serial = FIRST + 1
    assert serial not in [one for one in reachable(played.bridge, apart=[
        played.bridge.journal, played.bridge._timers._heap]) if type(one) is int]
    assert played.bridge.calls == {}
    assert played.bridge._players._store.used == 1  # the music
    assert played.bridge.conference.rooms._places == {}


ASKED_FOR, OTHER = (Meeting(number, "13579", "amos", anyone_may_start=True) for number in ("7654321", "5550000"))


class Answers(Meetings):
    """A directory that answers something that cannot be meant for one meeting."""

    def answers(self):
        for answer in super().answers():
            wrong = answer.meeting == key_of(ASKED_FOR.conference_id)
            yield replace(answer, options={"no such thing": 48215}) if wrong else answer


@pytest.fixture
def faulty(world):
    """Two callers, of whom vera asks for a meeting that the directory answers wrongly of."""
    def make(*, speechless=False):
        directory = Answers([ASKED_FOR, OTHER])
        played = world(MemoryLine(VICTIM, pressing(np.zeros(0, np.int16), (0.1, "7654321#"))),
                       MemoryLine("hana", pressing(noise(1, 3, 4), (0.1, "5550000#"))), directory=directory)
        played.faults_of = (VICTIM,)
        if speechless:
            known = played.voice._catalogue
            played.voice._catalogue = replace(known, texts={n: t for n, t in known.texts.items() if n != "fault"})
        return played.run(5)
    return make


def test_a_fault_then_its_caller_hears_so_and_the_journal_tells_its_kind_and_place_but_not_its_words(faulty):
    played = faulty()
    fault, = played.bridge.journal.of("fault")
    assert fault.caller == VICTIM
    assert fault.facts["what"] == "TypeError"
    assert re.fullmatch(r"ivr\.conference\.floor:\d+", fault.facts["where"])
    assert "48215" not in played.bridge.journal.text()
    assert "no such thing" not in played.bridge.journal.text()
    assert played.prompts(VICTIM)[-1] == "fault"
    assert played.states(VICTIM)[-2:] == ["goodbye", "ended"]
    assert played.lines[0].ended_why == "fault"
    assert played.bridge.journal.of("hung-up")[0].facts == {"by": "bridge"}
    assert [call.caller for call in played.bridge.calls.values()] == ["hana"]
    assert played.bridge.calls[2].state == "meeting"


def test_a_fault_whose_caller_cannot_be_told_so_then_his_call_ends_at_once(faulty):
    played = faulty(speechless=True)
    first, second = played.bridge.journal.of("fault")
    assert (first.at, first.facts["what"], second.facts["what"]) == (second.at, "TypeError", "UnknownPrompt")
    ended, = played.bridge.journal.of("hung-up")
    assert (ended.caller, ended.at, dict(ended.facts)) == (VICTIM, first.at, {"by": "bridge"})
    assert played.states(VICTIM)[-1] == "ended"
    assert [call.caller for call in played.bridge.calls.values()] == ["hana"]
    assert played.bridge._free == [0]
    assert played.lines[0].ended_why == "fault"


def test_a_fault_in_what_is_nobody_s_then_it_goes_through(world):
    """What comes of a room is not known any more, so nobody goes on in it."""
    played = world(MemoryLine("hana", pressing(np.zeros(0, np.int16), (0.1, "5550000#")))).run(2.5)
    place = played.bridge.conference.rooms.find(key_of("5550000"))
    place.room.state = RoomState.EMPTY  # with somebody in it
    played.bridge.hang_up(played.bridge.calls[1])
    with pytest.raises(KeyError):
        played.run(0.1)


class Broken(PlainApplication):
    """An application that can take nobody."""

    def take(self, **known):
        raise Fault("48215")


def test_a_fault_as_a_call_is_taken_then_its_caller_hears_so_and_the_others_are_served(world):
    played = world(MemoryLine(VICTIM, np.zeros(0, np.int16), number="+14255550199"),
                   MemoryLine("hana", pressing(noise(1, 3, 4), (0.1, "5550000#"))), leads={"+14255550199": Broken})
    played.faults_of = (VICTIM,)
    played.run(5)
    fault, = played.bridge.journal.of("fault")
    assert (fault.caller, fault.facts["what"]) == (VICTIM, "Fault")
    assert "48215" not in played.bridge.journal.text()
    assert (played.prompts(VICTIM), played.states(VICTIM)) == (["fault"], ["goodbye", "ended"])
    assert played.lines[0].ended_why == "fault"
    assert [call.caller for call in played.bridge.calls.values()] == ["hana"]
    assert played.states("hana")[-1] == "meeting"
