"""One story, played by many at once at an IVR that is not ours, or for whoever calls: for load."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from ivr.clock import FRAME, RATE
from ivr.engine.messages import BUSY, NOBODY
from ivr.scenario.failure import Failure
from ivr.scenario.foreign.actor import ForeignActor
from ivr.scenario.foreign.calling import Telephones, actor_of, prepared
from ivr.scenario.others import Others
from ivr.scenario.sounds import RecordedSound, VoiceSound
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Dial, Hear, NotHear, RungStep, Scenario, Step, WaitFor


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How one call went.

    Attributes
    ----------
    began_at : int
        When its story began.
    failure : Failure or None
        Of whose story it is.
    code : int
        With which it was refused; 0 if it was not.
    facts : mapping
        What the telephone has measured: "set_up_ms" and such, and how its sound came.
    right, wrong : int
        Digits that came back as expected, and otherwise.
    """

    caller: str
    began_at: int
    failure: Failure | None
    code: int
    codec: str
    facts: dict[str, Any]
    right: int
    wrong: int


@dataclass(slots=True)
class _Party:
    """The callers of one story."""

    began_at: int
    actors: list[ForeignActor]
    ending: bool = False

    @property
    def failure(self) -> Failure | None:
        return next((actor.failure for actor in self.actors if actor.failure), None)

    def follow(self) -> bool:
        """Have everybody hang up when the story is over; return whether they have."""
        if not self.ending and (self.failure or all(actor.finished for actor in self.actors)):
            self.ending = True
            for actor in self.actors:
                actor.leave()
        return self.ending and not any(actor.on_the_line for actor in self.actors)


class Crowd:
    """Stories that begin one after the other; whoever calls `step` sets the pace.

    Parameters
    ----------
    scenario : Scenario
    stage : Stage
    telephones : Telephones
    most : int
        Stories at once; one that ends makes room for another.
    rate : float
        Stories that begin a second.
    lasting : int
        For so many samples others begin.
    told : callable
        Takes each call that is over.

    Attributes
    ----------
    now : int
        Samples since it began.
    begun, failed : int
        Stories.
    """

    def __init__(self, scenario: Scenario, stage: Stage, telephones: Telephones, *, most: int, rate: float,
                 lasting: int, told: Callable[[CallOutcome], None]) -> None:
        self.now = self.begun = self.failed = 0
        self._scenario, self._telephones = scenario, telephones
        self._references, self._stage = prepared(scenario, stage)
        self._most, self._a_tick, self._lasting, self._told = most, rate * FRAME / RATE, lasting, told
        self._keeps = any(map(_is_of_others, chain(*(caller.steps for caller in scenario.callers))))
        self._may = 1.0
        self._parties: list[_Party] = []

    @property
    def count(self) -> int:
        """How many stories go on."""
        return len(self._parties)

    @property
    def over(self) -> bool:
        """Whether all have come to their end, and no other begins."""
        return self.now >= self._lasting and not self._parties

    def stop(self) -> None:
        """Let no other story begin, and those that go on end now."""
        self._lasting = self.now
        for party in self._parties:
            for actor in party.actors:
                actor.give_up("it was stopped")

    def step(self) -> None:
        """Play one tick."""
        self._come()
        self._telephones.step(self.now)
        self.now += FRAME
        over = [party for party in self._parties if party.follow()]
        if over:
            self._parties = [party for party in self._parties if party not in over]
            for party in over:
                self._end(party)

    @property
    def _full(self) -> bool:
        return self._may < 1 or self.count >= self._most

    def _come(self) -> None:
        """Have those begin who are due."""
        while not self._full and self.now < self._lasting:
            self._begin()
        # what could not begin is not made up for: a crowd would come at once
        self._may = min(self._may + self._a_tick, max(1.0, self._a_tick))

    def _begin(self) -> _Party:
        references, others = self._references.afresh(), Others()
        actors = [actor_of(self._scenario, number, self._stage, references, now=self.now, describes=False,
                           keeps=self._keeps, others=others)
                  for number in range(len(self._scenario.callers))]
        self.begun += 1
        self._may -= 1
        self._parties.append(_Party(self.now, actors))
        for actor in actors:
            self._telephones.add(actor)
        return self._parties[-1]

    def _end(self, party: _Party) -> None:
        self.failed += party.failure is not None
        for actor in party.actors:
            line = actor.line
            if actor.facts or line.code or actor.failure:
                self._told(CallOutcome(actor.caller, party.began_at, party.failure, line.code, line.codec,
                                       actor.facts, actor.right, actor.wrong))


class CalledCrowd(Crowd):
    """Stories that begin when somebody calls: `takes` says who of them is called.

    At most so many are taken a second, and at once, as begin in a `Crowd`; whoever calls besides finds them busy.

    Attributes
    ----------
    turned_away : Counter
        How many calls were not taken, by their code.
    """

    def __init__(self, scenario: Scenario, stage: Stage, telephones: Telephones, *, most: int, rate: float,
                 lasting: int, told: Callable[[CallOutcome], None]) -> None:
        super().__init__(scenario, stage, telephones, most=most, rate=rate, lasting=lasting, told=told)
        self.turned_away: Counter[int] = Counter()
        self._at_once = max(1.0, rate)
        self._may = self._at_once
        self._numbers = {next(one.number for one in caller.steps if isinstance(one, RungStep))
                         for caller in scenario.callers}

    def takes(self, number: str) -> ForeignActor | int:
        """Return who is called by a number, or the code with which the call is refused."""
        known = number in self._numbers or "" in self._numbers
        code = NOBODY if not known or self.now >= self._lasting else BUSY
        waiting = chain(*(party.actors for party in self._parties))
        found = next((actor for actor in waiting if actor.is_free_for(number)), None)
        if found is None and code == BUSY and not self._full:
            found = next(actor for actor in self._begin().actors if actor.is_free_for(number))
        if found is None:
            self.turned_away[code] += 1
        return found or code

    def _come(self) -> None:
        self._may = min(self._may + self._a_tick, self._at_once)


def called(scenario: Scenario) -> Scenario:
    """Return a story whose callers are called instead: who dials in it answers, whatever number it is."""
    return replace(scenario, callers=tuple(
        replace(caller, steps=tuple(RungStep(line=step.line, said=step.said, word="answers", number="")
                                    if isinstance(step, Dial) else step for step in caller.steps))
        for caller in scenario.callers))


def _is_of_others(step: Step) -> bool:
    """Tell whether a step compares what one caller hears with what another one sends, or waits for him."""
    sound = step.sound if isinstance(step, Hear | NotHear) else None
    return isinstance(step, WaitFor) or isinstance(sound, VoiceSound | RecordedSound)
