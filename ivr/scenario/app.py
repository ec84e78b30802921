"""What goes on in the app, beside the callers: people with the app come and go, let in, send away, lock, end."""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from ivr.clock import FRAME, samples, seconds
from ivr.conference.bridge import ConferenceBridge
from ivr.engine.ports import FOREVER
from ivr.reading import YamlNode, nearest
from ivr.scenario.others import Others
from ivr.scenario.steps import AppStep, Awaited
from ivr.scenario.values import duration

ON_MEETINGS: Mapping[str, Callable[[ConferenceBridge, str, str, str], None]] = {
    "join": lambda bridge, meeting, who, own: bridge.join_by_app(meeting, who, conference_id=own),
    "leave": lambda bridge, meeting, who, _: bridge.leave_by_app(meeting, who),
    "admit all": lambda bridge, meeting, *_: bridge.admit_all(meeting),
    "lock": lambda bridge, meeting, *_: bridge.lock(meeting),
    "unlock": lambda bridge, meeting, *_: bridge.lock(meeting, locked=False),
    "mute all": lambda bridge, meeting, *_: bridge.mute_all(meeting),
    "let speak": lambda bridge, meeting, *_: bridge.mute_all(meeting, muted=False),
    "record": lambda bridge, meeting, *_: bridge.record(meeting),
    "stop recording": lambda bridge, meeting, *_: bridge.record(meeting, on=False),
    "end": lambda bridge, meeting, *_: bridge.end(meeting),
}
"""Steps that name a meeting by its ID; each is given the meeting's key, who does it, and that ID."""

ON_CALLERS: Mapping[str, Callable[[ConferenceBridge, int], None]] = {
    "admit": ConferenceBridge.admit, "deny": ConferenceBridge.deny}
"""Steps that name a caller; each is given the number of his call."""

WORDS = ("wait", "wait for", *ON_MEETINGS, *ON_CALLERS)

_WITHIN = samples(120)
"""How long it is waited for a caller to come somewhere."""


class Awaiting(Protocol):
    """Reads whom somebody waits for."""

    def awaited(self, node: YamlNode) -> tuple[Awaited, str]:
        """Return who is waited for and what is to become of him, and how it is written."""


def read_app(node: YamlNode, callers: Collection[str], ids: Collection[str], sounds: Awaiting
             ) -> tuple[AppStep, ...]:
    """Read 'app': a list of steps."""
    return tuple(_step(item, callers, ids, sounds) for item in node.items("'app'"))


def _step(item: YamlNode, callers: Collection[str], ids: Collection[str], sounds: Awaiting) -> AppStep:
    fields = item.fields("a step in the app")
    word = next((key for key in fields if key in WORDS), next(iter(fields), ""))
    if word not in WORDS:
        raise item.error(f"nothing in the app is called {word!r}{nearest(word, WORDS)}")
    for key, value in fields.items():
        if key != word and (key != "by" or word not in ("join", "leave")):
            raise value.error(f"the step {word!r} has no {key!r} in the app")
    node = fields[word]
    if word == "wait":
        return AppStep(node.line, f"wait: {node.text('a wait')}", word, lasting=duration(node))
    if word == "wait for":
        awaited, said = sounds.awaited(node)
        what = node.fields("'wait for'")
        lasting = duration(what["within"]) if "within" in what else _WITHIN
        return AppStep(node.line, f"wait for: {said}", word, lasting=lasting, awaited=awaited)
    target = _one_of(node, *(("caller", callers) if word in ON_CALLERS else ("meeting", ids)))
    who = fields["by"].text("who it is") if "by" in fields else ""
    return AppStep(node.line, f"{word}: {target}", word, target, who)


def _one_of(node: YamlNode, what: str, known: Collection[str]) -> str:
    name = node.text(f"a {what}")
    if name not in known:
        raise node.error(f"there is no {what} {name!r}{nearest(name, known) if known else ''}")
    return name


@dataclass(frozen=True, slots=True)
class Stuck:
    """A step in the app that waited in vain."""

    line: int
    step: str
    at: int
    instead: str


class InTheApp:
    """Does the steps, each at its place on the callers' clock.

    Parameters
    ----------
    steps : sequence of AppStep
    bridge : ConferenceBridge
    others : Others
        How it stands with callers.
    organizers : mapping of conference ID to address
        Who it is that joins, unless the step says otherwise.
    meeting_of : callable
        Returns the key of the meeting of a conference ID; empty if there is none.
    """

    def __init__(self, steps: tuple[AppStep, ...], bridge: ConferenceBridge, others: Others,
                 organizers: Mapping[str, str], meeting_of: Callable[[str], str]) -> None:
        self._steps, self._bridge, self._others = deque(steps), bridge, others
        self._organizers, self._meeting_of = organizers, meeting_of
        self._since: int | None = None
        self.stuck: Stuck | None = None
        self._acted = False

    @property
    def finished(self) -> bool:
        """Whether everything is done."""
        return not self._steps

    def until(self, now: int) -> int:
        """Return how long, after `act`, nothing more is done, in samples."""
        if self._acted:
            return FRAME
        if not self._steps:
            return FOREVER
        step, began = self._steps[0], now if self._since is None else self._since
        if step.awaited is not None and step.awaited.sound is not None:
            return FRAME
        return began + -(-step.lasting // FRAME) * FRAME - now

    def act(self, now: int) -> None:
        """Do what is due at the beginning of a tick."""
        before = len(self._steps)
        self._act(now)
        self._acted = before != len(self._steps) or self.stuck is not None

    def _act(self, now: int) -> None:
        while self._steps and self.stuck is None and self._done(self._steps[0], now):
            self._steps.popleft()
            self._since = None

    def _done(self, step: AppStep, now: int) -> bool:
        self._since = now if self._since is None else self._since
        if step.word == "wait":
            return now - self._since >= step.lasting
        if step.awaited is not None:
            late = now - self._since >= step.lasting
            so = self._others.so(step.awaited, self._since, now, late=late)
            if late and not so:
                self.stuck = Stuck(step.line, step.said, now, f"after {seconds(step.lasting):.0f} s "
                                   f"{self._others.instead(step.awaited, self._since, now)}")
            return so
        if step.word in ON_CALLERS:
            for serial in [call.serial for call in self._bridge.calls.values() if call.caller == step.target]:
                ON_CALLERS[step.word](self._bridge, serial)
        elif meeting := self._meeting_of(step.target):
            who = step.more or self._organizers.get(step.target, "") or "organizer"
            ON_MEETINGS[step.word](self._bridge, meeting, who, step.target)
        else:
            self.stuck = Stuck(step.line, step.said, now, "this ID leads to no meeting")
        return self.stuck is None
