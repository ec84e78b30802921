"""Plays a story whose callers ring out: telephones, the callers at them, and a journal of what they meet."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, Protocol

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.journal import Entry, Journal
from ivr.scenario.foreign.actor import ForeignActor, Note
from ivr.scenario.others import Others
from ivr.scenario.player import Result, Samples, Take, heard_in_story
from ivr.scenario.references import References
from ivr.scenario.rehearsal import rehearse
from ivr.scenario.sounds import PromptSound, Sound
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Hear, NotHear, PlayStep, Scenario, Step, WaitFor
from ivr.scenario.studio import Studio
from ivr.scenario.target import SOUNDCARD, target
from ivr.scenario.warped import Through

_ROOM = samples(0.3)
"""How long a key's sound takes to die away in a room."""


class Telephones(Protocol):
    """By which callers ring out; each tick is told when it is."""

    def add(self, actor: ForeignActor, /) -> None:
        """Give somebody a telephone."""

    def step(self, now: int, /) -> None:
        """Carry signals and sound for one tick."""


class CallingOut:
    """A story on its way, a tick at a time; whoever calls `step` sets the pace.

    Parameters
    ----------
    scenario : Scenario
    stage : Stage
    telephones : Telephones
    watch : callable, optional
        Told every entry of the journal as it is written.
    journal : Journal, optional
    through : Through, optional
        What a microphone does to what comes, where it comes by one.

    Attributes
    ----------
    over : bool
        Whether it has come to its end, or to the first step that failed.
    now : int
        Samples since it began.
    """

    def __init__(self, scenario: Scenario, stage: Stage, telephones: Telephones, *,
                 watch: Callable[[Entry], None] | None = None, journal: Journal | None = None,
                 through: Through | None = None) -> None:
        self.over, self.now = False, 0
        self.journal = Journal() if journal is None else journal
        self._scenario, self._telephones, self._watch = scenario, telephones, watch
        self._numbers = {caller.name: number for number, caller in enumerate(scenario.callers, 1)}
        references, ready = prepared(scenario, stage, through)
        others = Others()
        self._actors = [actor_of(scenario, number, ready, references, note=self._note, others=others)
                        for number in range(len(scenario.callers))]
        for actor in self._actors:
            telephones.add(actor)

    def step(self) -> None:
        """Play one tick."""
        self._telephones.step(self.now)
        self.now += FRAME
        failed = any(actor.failure for actor in self._actors)
        self.over = failed or all(actor.finished for actor in self._actors)

    def give_up(self, why: str) -> None:
        """End the story now: whoever has not come to the end of his steps has failed."""
        for actor in self._actors:
            actor.give_up(why)
        self.over = True

    def end(self) -> Result:
        """Let everyone hang up, and return how it went."""
        failures = tuple(actor.failure for actor in self._actors if actor.failure) or tuple(
            one for actor in self._actors for one in actor.judged())
        takes = tuple(Take(a.caller, a.dialled_at, _heard_by(a), a.spoke.copy(), a.late) for a in self._actors)
        ended_at = self.now
        for actor in self._actors:
            if actor.on_the_line:
                actor.leave()
        self._telephones.step(self.now)
        return Result(self._scenario, self.journal, takes, failures, ended_at)

    def _note(self, caller: str, event: str, facts: dict[str, Any]) -> None:
        entry = Entry(self.now, self._numbers[caller], caller, event, facts)
        self.journal.write(entry)
        if self._watch is not None:
            self._watch(entry)


def actor_of(scenario: Scenario, number: int, stage: Stage, references: References, *, now: int = 0,
             note: Note = lambda *_: None, describes: bool = True, keeps: bool = True,
             others: Others | None = None) -> ForeignActor:
    """Return one of a story's callers, by his place in it; more as of `ForeignActor`."""
    uri = (lambda _: SOUNDCARD) if scenario.card else target(scenario.target).uri
    caller = scenario.callers[number]
    return ForeignActor(caller, voice=stage.voice_of(caller.name), references=references, studio=stage.studio,
                        way=scenario.dtmf, uri=uri, note=note, now=now, describes=describes, keeps=keeps,
                        others=others)


def prepared(scenario: Scenario, stage: Stage, through: Through | None = None) -> tuple[References, Stage]:
    """Return what can be heard, and a stage with all that callers say and play ready: in real time nobody waits."""
    references = heard_in_story(scenario, stage)
    references = references if through is None else references.heard_through(through)
    say, recording = cache(stage.studio.say), cache(stage.studio.recording)
    rehearse(scenario, replace(stage, studio=Studio(say, recording, stage.studio.line)))
    for caller in scenario.callers:
        for step in caller.steps:
            if isinstance(step, PlayStep):
                recording(step.path, step.channel)
            elif isinstance(sound := _sound_of(step), PromptSound):
                references.expect(sound.name)
    return references, replace(stage, studio=Studio(say, recording, stage.studio.line))


def _sound_of(step: Step) -> Sound | None:
    """Return what is heard in a step, by whomever."""
    if isinstance(step, WaitFor):
        return step.awaited.sound
    return step.sound if isinstance(step, Hear | NotHear) else None


def _heard_by(actor: ForeignActor) -> Samples:
    """Return what somebody has heard; at a sound card without his own keys, which come back through a room."""
    heard = actor.heard.copy()
    for tone in dtmf.decode(actor.spoke, RATE) if actor.lag else ():
        heard[tone.start:tone.end + actor.lag + _ROOM] = 0
    return heard
