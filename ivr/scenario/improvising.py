"""A story that is told step by step, by a program: nothing goes on but while somebody does something."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ivr.engine.ports import Signal
from ivr.reading import YamlNode
from ivr.scenario.actor import Actor
from ivr.scenario.agents.actor import AgentActor
from ivr.scenario.calls import calls_of
from ivr.scenario.deskwork.backstage import DeskBackstage
from ivr.scenario.errors import ScenarioError
from ivr.scenario.failure import Failure
from ivr.scenario.grammar import Reader
from ivr.scenario.leading import CODE, Agent, AgentAt
from ivr.scenario.many import one_by_one
from ivr.scenario.player import Performance, Result
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Outfit, Step, StoryCaller, Wait
from ivr.scenario.words import Words


class Improviser(Actor):
    """A caller who gets one step after the other, and is there until the story ends."""

    def do(self, *steps: Step) -> None:
        """Take more steps, to be done after those there are."""
        self._steps.extend(steps)

    def signal(self) -> Signal | None:
        """Do what can be done at the start of this tick; return what the line is told."""
        signal = super().signal()
        return None if signal is Signal.GONE else signal

    def joins(self, now: int) -> None:
        """Take it that the story is so far already."""
        self._now = now


class ImprovisingAgent(Improviser, AgentActor):
    """An agent of whom one thing after the other is expected."""


class Improvisation:
    """A story without a file: its sections first, then steps, each done when it is told.

    Use it as a context, or `end` it.

    Parameters
    ----------
    path : Path
        What complaints name, and recordings are relative to.
    sections : mapping of word to YamlNode
        What stands at the top of a story's file; without callers.
    """

    def __init__(self, path: Path, words: Words, stage: Stage, sections: Mapping[str, YamlNode]) -> None:
        self._reader = Reader(path, words)
        first = YamlNode(path, 0, "dial", ScenarioError)
        callers = first.elsewhere(0, {"nobody": first.elsewhere(0, [first])})
        scenario = self._reader.scenario(first.elsewhere(0, {**sections, "callers": callers}))
        self._performance = Performance(scenario, stage, invited=True)
        self._actors: dict[str, Improviser] = {}
        self._steps: dict[str, list[Step]] = {}
        self._agents: set[str] = set()

    @property
    def performance(self) -> Performance:
        """The story on its way."""
        return self._performance

    def close(self) -> None:
        """Let go of what is behind the bridge."""
        self._performance.close()

    def meet(self, name: str, node: YamlNode, agent: Agent | None = None) -> Improviser:
        """Have somebody there who can call, or an agent; return who he is, the same each time."""
        if name not in self._actors:
            self._reader.caller(name, node.elsewhere(node.line, [node.elsewhere(node.line, "dial")]))
            who = StoryCaller(name, node.line, ())
            if agent is None:
                self._actors[name] = self._performance.invite(who, Improviser)
            else:
                self._actors[name] = led = self._performance.invite(who, ImprovisingAgent)
                led.led_by(agent)
                self._agents.add(name)
            self._actors[name].joins(self._performance.exchange.bridge.now)
            self._steps[name] = []
        return self._actors[name]

    def begin(self, name: str, item: YamlNode) -> Improviser:
        """Have somebody begin a step, after those that he has begun."""
        actor = self.meet(name, item)
        self._reader.turn_to(name, AgentAt(CODE, name) if name in self._agents else None)
        done = self._steps[name]
        steps = [*done, *(self._reader.step(one) for one in one_by_one([item]))]
        if not all(isinstance(step, Wait | Outfit) for step in steps):
            steps = [*calls_of(name, item, tuple(steps))]
        actor.do(*steps[len(done):])
        self._steps[name] = steps
        return actor

    def order(self, item: YamlNode) -> None:
        """Have the administrator do something, at once.

        Raises
        ------
        ScenarioError
            If there is no desk.
        """
        backstage = self._performance.backstage
        if not isinstance(backstage, DeskBackstage):
            raise item.error("there is no desk here: name an organizer first")
        backstage.do(self._reader.order(item))

    def pass_until(self, over: Callable[[], bool]) -> Failure | None:
        """Let time pass until something is so, or somebody's step fails; return what failed, once."""
        performance = self._performance
        while True:
            performance.step()
            failures = [actor.failure for actor in self._actors.values()]
            for actor in self._actors.values():
                actor.failure = None
            if failed := next(filter(None, (performance.backstage.failure, *failures)), None):
                return failed
            if over():
                return None

    def unmet(self, node: YamlNode) -> tuple[Failure, ...]:
        """Return what is not as it is expected to be, of a list as under 'expect'."""
        return self._performance.unmet(self._reader.expected(node))

    def end(self) -> Result:
        """Let everyone hang up, and return how it went."""
        return self._performance.end()
