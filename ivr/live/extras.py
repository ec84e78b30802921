"""Callers of stories who call a bridge at work: they do their steps there, whatever else goes on."""

from ivr.clock import seconds
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.journal import Entry
from ivr.scenario.actor import Actor
from ivr.scenario.desk.people import no_desk
from ivr.scenario.others import Others
from ivr.scenario.player import heard_in_story
from ivr.scenario.rehearsal import said_in
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario


class Extras:
    """The callers of stories on one exchange; its methods belong into the session's thread, but for `prepare`."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._others = Others()
        self._actors: list[Actor] = []
        self._seen = 0

    def __bool__(self) -> bool:
        return bool(self._actors)

    @property
    def names(self) -> tuple[str, ...]:
        """Who there is."""
        return tuple(actor.caller for actor in self._actors)

    def prepare(self, scenario: Scenario, caller: str, stage: Stage) -> Actor | None:
        """Return a caller of a story, with all ready that he says; None if it has none of this name.

        That takes longer than a tick.
        """
        voice = stage.voice_of(caller)
        for one in scenario.callers:
            if one.name == caller and one.agent is None:
                for said in said_in(one.steps, voice):
                    stage.studio.say(*said)
                return Actor(one, voice=voice, references=heard_in_story(scenario, stage), studio=stage.studio,
                             others=self._others, resolve=no_desk)
        return None

    def add(self, actor: Actor) -> None:
        """Let him do his steps."""
        if not self._actors:
            self._seen = self._exchange.bridge.journal.written
        self._actors.append(actor)
        self._others.add(actor)
        self._exchange.attach(Handsets([actor]))

    def follow(self) -> None:
        """Take it that a tick is over: who waits for others learns how they are, who has failed goes."""
        journal = self._exchange.bridge.journal
        for _ in self._others.follow(journal.since(self._seen)):
            pass
        self._seen = journal.written
        for actor in [one for one in self._actors if one.finished or one.failure]:
            self._actors.remove(actor)
            if actor.failure is not None:
                failed = actor.failure
                journal.write(Entry(self._exchange.bridge.now, 0, "", "presenter", {
                    "what": "a caller of a story has failed", "guest": actor.caller,
                    "because": f"{failed.step} at {seconds(failed.at):.1f} s: {failed.instead}"}))
            actor.leave()
