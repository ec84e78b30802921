"""Plays a scenario: its own directory, a bridge, an actor a caller; as fast as the machine can, or at a pace."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from dtmf import decode
from ivr.assembly import assembled
from ivr.clock import FRAME, RATE
from ivr.conference.bridge import ConferenceBridge
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.engine.sound import Voice
from ivr.journal import Entry, Journal
from ivr.scenario.actor import Actor
from ivr.scenario.agents.actor import AgentActor
from ivr.scenario.apps import Everybody
from ivr.scenario.behind import behind
from ivr.scenario.errors import ScenarioError
from ivr.scenario.expectations import Expectation
from ivr.scenario.failure import Failure
from ivr.scenario.lines import with_files
from ivr.scenario.others import Others
from ivr.scenario.references import References
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario, StoryCaller
from ivr.scenario.verdict import faults, unmet

if TYPE_CHECKING:
    from ivr.custom.twiml.branches import Branch

Samples = NDArray[np.int16]
Anybody = TypeVar("Anybody", bound=Actor)

_MOST = 1 << 20
"""Frames that are played at once, where nothing happens in them."""
_FAILURE = attrgetter("failure")
"""Asked of hundreds of actors in every step."""


@dataclass(frozen=True, slots=True)
class Take:
    """What one caller heard and sent, from the sample at which he dialled.

    Attributes
    ----------
    spoke : int16 array [shape=(n,)]
        As it left him: a bad line has done nothing to it yet.
    late : int
        By how many samples his line may have been late.
    """

    caller: str
    dialled_at: int
    heard: Samples
    spoke: Samples
    late: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario went.

    Attributes
    ----------
    taken : frozenset of (node, exit)
        What was taken of an IVR of one's own.
    branches : mapping of Branch to bool
        What there was in the documents of an application at a URL, and whether it was taken.
    measured : tuple of str
        What was measured of agents, in words.
    """

    scenario: Scenario
    journal: Journal
    takes: tuple[Take, ...]
    failures: tuple[Failure, ...]
    ended_at: int
    taken: frozenset[tuple[str, str]] = frozenset()
    branches: "Mapping[Branch, bool]" = field(default_factory=dict)
    measured: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return not self.failures


_Assemble = Callable[[Handsets], tuple[ConferenceBridge | None, Exchange]]
"""Puts together what is called; also what people with the app do there, if there is an app."""


class Performance:
    """A story on its way, a tick at a time; whoever calls `step` sets the pace.

    Use it as a context, or `close` it: a story with a desk has a database.

    Parameters
    ----------
    scenario : Scenario
    stage : Stage
    watch : callable, optional
        Told every entry of the journal as it is written.
    invited : bool
        Leave out the story's callers: others are invited.

    Raises
    ------
    ScenarioError
        If it calls somebody else.

    Attributes
    ----------
    backstage : Backstage
        What is behind the bridge.
    exchange : Exchange
    over : bool
        Whether it has come to its end, or to the first step that failed.
    words : Voice
        Tells the words of prompts.
    """

    def __init__(self, scenario: Scenario, stage: Stage, *, watch: Callable[[Entry], None] | None = None,
                 invited: bool = False) -> None:
        if scenario.target:
            raise ScenarioError(scenario.path, 1,
                                f"this story calls {scenario.target}: 'ivr call' and 'ivr run' play it")
        self.over = False
        self._scenario, self._watch, self._stage = replace(scenario, callers=()), watch, stage
        self._invited = invited
        self._others = Others()
        self._seen = 0
        self._failed: list[Failure] = []
        self.backstage, close = behind(scenario)
        self._agents = ExitStack()
        self._agents.callback(close)
        self.close = self._agents.close
        self._taken: set[tuple[str, str]] = set()
        self._spoken: list[tuple[str, str, int]] = []
        self._branches: Mapping[Branch, bool] = {}
        self.words: Voice = stage.voice
        self._references, assemble = self._house(stage)
        self._references.resolved_by(self.backstage.resolve)
        self._actors: list[Actor] = []
        self._handsets = Handsets()
        for caller in () if invited else scenario.callers:
            self._cast(caller)
        self._remote, self.exchange = assemble(self._handsets)
        self.backstage.begin(self._others)
        self._in_the_app = None if self._remote is None else Everybody(
            scenario, self._remote, self._others, self.backstage, voice_of=stage.voice_of, studio=stage.studio,
            sent=self._references.sent)

    def _cast(self, caller: StoryCaller) -> None:
        if caller.agent is None:
            self.invite(caller, Actor)
            return
        agent = self._stage.agents(caller.agent)
        self._agents.callback(agent.close)
        self.invite(caller, AgentActor).led_by(agent)

    def invite(self, caller: StoryCaller, kind: type[Anybody]) -> Anybody:
        """Have somebody there who can call."""
        stage = self._stage
        actor = kind(caller, voice=stage.voice_of(caller.name), references=self._references,
                     studio=stage.studio, others=self._others, resolve=self.backstage.resolve,
                     says=lambda *said: self._spoken.append(said))
        self._scenario = replace(self._scenario, callers=(*self._scenario.callers, caller))
        self._actors.append(actor)
        self._others.add(actor)
        self._handsets.add(actor)
        return actor

    def __enter__(self) -> "Performance":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _house(self, stage: Stage) -> tuple[References, _Assemble]:
        """Return what can be heard in what is called, and what puts it together."""
        scenario, own = self._scenario, self._scenario.own
        if own is None:
            # with another profile than its own, a story's languages may be others
            spoken = tuple(dict.fromkeys(scenario.product.languages + scenario.spoken))
            leads = {**stage.leads, **self.backstage.leads(spoken)}
            return heard_in_story(scenario, stage), lambda handsets: assembled(
                stage, self.backstage.directory, scenario.product, [handsets], numbers=self.backstage.numbers,
                flow=stage.flow(scenario.product), leads=leads)
        # most stories do without
        from ivr.scenario.outside import house

        built = house(scenario, own, stage, self._spoken)
        self.words, self._taken, self._branches = built.voice, built.taken, built.branches.taken
        return built.references, built.assemble

    def step(self, frames: int = 1) -> None:
        """Play one tick; or up to so many, as long as nobody does anything: not a sample differs by it."""
        bridge, backstage = self.exchange.bridge, self.backstage
        before = bridge.journal.written
        self._handsets.may_rest = frames > 1
        acted = self._in_the_app.act(bridge.now) if self._in_the_app is not None else False
        backstage.before(bridge.now, bridge.journal)
        if frames > 1:
            frames = 1 if acted or before != bridge.journal.written else min(frames, self._idle(bridge.now))
        carried = self.exchange.step(frames)
        if carried > 1:
            for actor in self._actors:
                actor.passed(carried - 1)
        backstage.after(bridge.now, bridge.journal)
        self._follow()
        self._failed = [backstage.failure] if backstage.failure else []
        self._failed += filter(None, map(_FAILURE, self._actors))
        app = self._in_the_app
        self._failed += [] if app is None else app.failures
        all_done = (all(actor.finished for actor in self._actors) and backstage.finished
                    and (app is None or app.finished))
        self.over = bool(self._failed) or all_done

    def _idle(self, now: int) -> int:
        """Return for how many frames nobody but callers does anything."""
        until = [self.backstage.until(now)]
        if self._in_the_app is not None:
            until.append(self._in_the_app.until(now))
        return max(1, -(-min(until) // FRAME))

    def unmet(self, expected: tuple[Expectation, ...]) -> tuple[Failure, ...]:
        """Return a failure for each expectation that is not met as it stands."""
        bridge = self.exchange.bridge
        return unmet(expected, bridge.journal, self._others.states, bridge.now, self.backstage, self._pressed)

    def _pressed(self, caller: str) -> str:
        return "".join(tone.digit for a in self._actors if a.caller == caller for tone in decode(a.spoke, RATE))

    def end(self) -> Result:
        """Let everyone hang up, and return how it went."""
        bridge = self.exchange.bridge
        ended_at = bridge.now
        self._handsets.wake(ended_at)
        # who has invited the callers has been told of their steps already
        failed = [] if self._invited else self._failed
        failures = (*failed, *faults(self._scenario, bridge.journal)) or (
            *(one for actor in self._actors for one in actor.judged()),
            *self.unmet(self._scenario.expect))
        takes = tuple(Take(a.caller, a.dialled_at, a.heard, a.spoke, a.late) for a in self._actors)
        for actor in self._actors:
            if actor.on_the_line:
                actor.leave()
        self.exchange.step()
        failures += self.backstage.tear_down(bridge.now, bridge.journal)
        self._follow()
        return Result(self._scenario, bridge.journal, takes, failures, ended_at, frozenset(self._taken),
                      self._branches,
                      tuple(one for a in self._actors if isinstance(a, AgentActor) for one in a.measured))

    def state_of(self, caller: str) -> str:
        """Return where somebody's call is."""
        return self._others.state_of(caller)

    def _follow(self) -> None:
        journal = self.exchange.bridge.journal
        for entry in self._others.follow(journal.since(self._seen)):
            if self._watch is not None:
                self._watch(entry)
        self._seen = journal.written


def heard_in_story(scenario: Scenario, stage: Stage) -> References:
    """Return what can be heard in a story of the conference, or of an IVR that is called."""
    # with another profile than its own, a story's languages may be others
    spoken = tuple(dict.fromkeys(scenario.product.languages + scenario.spoken))
    return with_files(scenario, stage.references(spoken), stage.studio)


def play(scenario: Scenario, stage: Stage, *, watch: Callable[[Entry], None] | None = None,
         wait: Callable[[], None] | None = None) -> Result:
    """Play a scenario to its end, or to the first step that fails, as fast as it goes.

    Parameters
    ----------
    watch : callable, optional
        Told every entry of the journal as it is written.
    wait : callable, optional
        Returns when the next tick is due: then each is played by itself.
    """
    with Performance(scenario, stage, watch=watch) as performance:
        while not performance.over:
            if wait is not None:
                wait()
            performance.step(_MOST if wait is None else 1)
        return performance.end()


def journal_path(scenario: Path, row: str = "") -> Path:
    """Return where the expected journal of a scenario stands, or of a row of its table."""
    return scenario.with_name(f"{scenario.stem}.{row}.journal") if row else scenario.with_suffix(".journal")
