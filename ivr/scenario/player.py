"""Plays a scenario: its own directory, a bridge, an actor a caller; as fast as the machine can, or at a pace."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dtmf import decode
from ivr.assembly import assembled, assembled_alone
from ivr.clock import RATE
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.flow import conference_flow
from ivr.conference.profile import Profile
from ivr.custom.application import Keep, own_ivr
from ivr.custom.asking import Apps
from ivr.custom.own import OwnFile, TwimlLine
from ivr.custom.twiml.application import twiml_ivr
from ivr.custom.twiml.asking import Fetches, NoFetches
from ivr.custom.twiml.branches import Branch, Branches
from ivr.custom.twiml.requesting import TOKEN, Means, Shelf, no_shelf
from ivr.custom.twiml.speech import Utterance
from ivr.custom.twiml.voice import TwimlVoice
from ivr.custom.voice import OwnVoice, Speech
from ivr.engine.application import Builder
from ivr.engine.exchange import Exchange
from ivr.engine.flow import Flow
from ivr.engine.handsets import Handsets
from ivr.engine.sound import Voice
from ivr.journal import Entry, Journal
from ivr.scenario.actor import Actor
from ivr.scenario.agents.actor import AgentActor
from ivr.scenario.apps import Everybody
from ivr.scenario.behind import behind
from ivr.scenario.errors import ScenarioError
from ivr.scenario.failure import Failure
from ivr.scenario.leading import Agent, AgentAt, nobody
from ivr.scenario.lines import heard_at, with_files
from ivr.scenario.others import Others
from ivr.scenario.own import heard_in
from ivr.scenario.references import References
from ivr.scenario.steps import Expectation, Scenario, StoryCaller
from ivr.scenario.studio import Studio
from ivr.scenario.verdict import faults, unmet
from prompts import languages

Samples = NDArray[np.int16]
Anybody = TypeVar("Anybody", bound=Actor)


@dataclass(frozen=True, slots=True)
class Stage:
    """What every scenario of a run shares: sounds and voices.

    Attributes
    ----------
    voice : Voice
        The bridge's prompts.
    fixed : mapping of prompt name to list of int16 arrays
        The clips of each that do not depend on slots: what a caller is expected to hear.
    music : int16 array [shape=(n,)]
    tones : mapping of "arrival" and "departure" to int16 array [shape=(n,)]
    voices : tuple of str
        Voices for callers.
    language : str
        The language of `fixed`.
    flow : callable
        Gives the flow that callers of a profile are led through.
    leads : mapping of number to callable
        Numbers that lead to another application than the conference.
    fixed_in : callable
        Gives the same in another language.
    apps : Apps, optional
        Who carries the questions of an IVR of one's own to apps.
    keep : callable
        Takes what callers record there.
    fetches : Fetches
        Who carries requests to applications at a URL.
    token : str
        What those are signed with.
    shelf : callable
        Takes a recording by its name; returns where such an application can fetch it.
    agents : callable
        Gives who leads a line; raises `NoAgent`.
    known : list
        What `references` has worked out.
    """

    voice: Speech
    fixed: Mapping[str, list[Samples]]
    music: Samples
    tones: Mapping[str, Samples]
    voices: tuple[str, ...]
    studio: Studio
    language: str = "en-US"
    flow: Callable[[Profile], Flow] = conference_flow
    leads: Mapping[str, Builder] = field(default_factory=dict)
    fixed_in: Callable[[str], Mapping[str, list[Samples]]] = field(default=lambda _: {})
    apps: Apps | None = None
    keep: Keep = lambda *_: None
    fetches: Fetches = field(default_factory=NoFetches)
    token: str = field(default=TOKEN, repr=False)
    shelf: Shelf = no_shelf
    agents: Callable[[AgentAt], Agent] = nobody
    known: list[tuple[tuple[object, ...], References]] = field(default_factory=list, repr=False, compare=False)

    def references(self, languages: tuple[str, ...]) -> References:
        """Return what can be heard where these languages are spoken; nobody has sent anything yet.

        It is worked out once for this stage and all that are made from it and sound the same.
        """
        sounds = (self.fixed, self.fixed_in, self.music, self.tones)
        made_of = (languages, self.language, *map(id, sounds))
        for (known, *_), references in self.known:
            if known == made_of:
                return references.afresh()
        first = languages[0] if len(languages) > 1 else ""
        made = References(_said(self, languages), self.music, self.tones, language=first).spoken_by(
            self.voice, languages[0])
        self.known.append(((made_of, *sounds), made))  # kept, so that no other gets their places in memory
        return made.afresh()


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
    branches: Mapping[Branch, bool] = field(default_factory=dict)
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
        self._spoken: list[Utterance] = []
        self._branches = Branches()
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
            scenario, self._remote, self._others, self.backstage, voices=stage.voices, studio=stage.studio,
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
        n = crc32(caller.name.encode()) if caller.copied else sum(not one.copied for one in self._scenario.callers)
        actor = kind(caller, voice=stage.voices[n % len(stage.voices)], references=self._references,
                     studio=stage.studio, others=self._others, resolve=self.backstage.resolve,
                     says=lambda *said: self._spoken.append(Utterance(*said)))
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
        if own.twiml is not None:
            return self._at_a_url(stage, own, own.twiml)
        self.words = voice = OwnVoice(own, stage.voice, stage.studio.recording)
        heard = heard_in(own, voice, {one: stage.fixed if one == stage.language else stage.fixed_in(one)
                                      for one in own.languages})
        application = own_ivr(own, apps=stage.apps, keep=stage.keep,
                              takes=lambda node, exit_: self._taken.add((node, exit_)))
        first = own.languages[0] if len(own.languages) > 1 else ""
        known = References(heard, stage.music, stage.tones, language=first).spoken_by(voice, own.languages[0])
        references = with_files(scenario, known, stage.studio)
        return references, lambda handsets: (None, assembled_alone(application, voice, stage, [handsets])[1])

    def _at_a_url(self, stage: Stage, own: OwnFile, line: TwimlLine) -> tuple[References, _Assemble]:
        self.words = voice = TwimlVoice(stage.voice, languages())
        primary = own.languages[0]
        heard = heard_at(self._scenario.lines, own, voice, stage.studio,
                         stage.fixed if primary == stage.language else stage.fixed_in(primary))
        means = Means(voice, stage.fetches, token=stage.token, slow=self._scenario.slow, shelf=stage.shelf,
                      keep=stage.keep, spoken=self._begun, branches=self._branches)
        application = twiml_ivr(line, means, own.languages)
        references = with_files(self._scenario, References(heard, stage.music, stage.tones), stage.studio,
                                recordings=False)
        return references, lambda handsets: (None, assembled_alone(application, voice, stage, [handsets])[1])

    def _begun(self) -> list[Utterance]:
        """Hand over, once, what callers have begun to say."""
        begun, self._spoken = self._spoken, []
        return begun

    def step(self) -> None:
        """Play one tick."""
        bridge, backstage = self.exchange.bridge, self.backstage
        if self._in_the_app is not None:
            self._in_the_app.act(bridge.now)
        backstage.before(bridge.now, bridge.journal)
        self.exchange.step()
        backstage.after(bridge.now, bridge.journal)
        self._follow()
        failures = (backstage.failure, *(a.failure for a in self._actors))
        self._failed = [failure for failure in failures if failure]
        app = self._in_the_app
        self._failed += [] if app is None else app.failures
        all_done = (all(actor.finished for actor in self._actors) and backstage.finished
                    and (app is None or app.finished))
        self.over = bool(self._failed) or all_done

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
        # who has invited the callers has been told of their steps already
        failed = [] if self._invited else self._failed
        failures = (*failed, *faults(self._scenario, bridge.journal)) or (
            *(one for actor in self._actors for one in actor.judged()),
            *self.unmet(self._scenario.expect))
        takes = tuple(Take(a.caller, a.dialled_at, a.heard.copy(), a.spoke.copy(), a.late) for a in self._actors)
        for actor in self._actors:
            if actor.on_the_line:
                actor.leave()
        self.exchange.step()
        failures += self.backstage.tear_down(bridge.now, bridge.journal)
        self._follow()
        return Result(self._scenario, bridge.journal, takes, failures, ended_at, frozenset(self._taken),
                      self._branches.taken,
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
         wait: Callable[[], None] = lambda: None) -> Result:
    """Play a scenario to its end, or to the first step that fails, as fast as it goes.

    Parameters
    ----------
    watch : callable, optional
        Told every entry of the journal as it is written.
    wait : callable
        Returns when the next tick is due.
    """
    with Performance(scenario, stage, watch=watch) as performance:
        while not performance.over:
            wait()
            performance.step()
        return performance.end()


def _said(stage: Stage, languages: tuple[str, ...]) -> Mapping[str, list[Samples]]:
    """Return what can be heard: prompts of the primary language by name, others with their language."""
    if languages == (stage.language,):
        return stage.fixed
    said = {}
    for n, language in enumerate(languages):
        for name, clips in stage.fixed_in(language).items():
            said[f"{name} in {language}" if n else name] = clips
    return said


def journal_path(scenario: Path, row: str = "") -> Path:
    """Return where the expected journal of a scenario stands, or of a row of its table."""
    return scenario.with_name(f"{scenario.stem}.{row}.journal") if row else scenario.with_suffix(".journal")
