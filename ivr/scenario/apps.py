"""What goes on in the app: its steps done, each at its place on the callers' clock."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.clock import FRAME, seconds
from ivr.conference.bridge import ConferenceBridge
from ivr.engine.ports import FOREVER
from ivr.scenario.app import ALONE, ON_CALLERS, ON_MEETINGS, VOICED
from ivr.scenario.backstage import Backstage
from ivr.scenario.failure import Failure
from ivr.scenario.others import Others
from ivr.scenario.references import Sent
from ivr.scenario.steps import AppStep, Scenario
from ivr.scenario.studio import Studio


@dataclass(frozen=True, slots=True)
class Speaking:
    """A participant: in which voice he speaks, and what he has sent so far."""

    name: str
    voice: str
    studio: Studio
    sent: Sent


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
    himself : Speaking, optional
        Whose steps they are, if he is one who has a voice.
    """

    def __init__(self, steps: tuple[AppStep, ...], bridge: ConferenceBridge, others: Others,
                 organizers: Mapping[str, str], meeting_of: Callable[[str], str],
                 himself: Speaking | None = None) -> None:
        self._steps, self._bridge, self._others = deque(steps), bridge, others
        self._organizers, self._meeting_of, self._himself = organizers, meeting_of, himself
        self._is_in = ""
        self._lasting = 0
        self._since: int | None = None
        self.stuck: Failure | None = None
        self.acted = False

    @property
    def finished(self) -> bool:
        """Whether everything is done."""
        return not self._steps

    def until(self, now: int) -> int:
        """Return how long, after `act`, nothing more is done, in samples."""
        if not self._steps:
            return FOREVER
        step, began = self._steps[0], now if self._since is None else self._since
        if self.acted:
            return FRAME
        own = self._himself is not None and step.word in (*ALONE, *VOICED)
        over = began + -(-(self._lasting if own else step.lasting) // FRAME) * FRAME - now
        return over if step.awaited is None else min(over, self._others.asked_again(step.awaited, began, now))

    def act(self, now: int) -> None:
        """Do what is due at the beginning of a tick."""
        before = len(self._steps)
        while self._steps and self.stuck is None and self._done(self._steps[0], now):
            self._steps.popleft()
            self._since = None
        self.acted = before != len(self._steps) or self.stuck is not None

    def _done(self, step: AppStep, now: int) -> bool:
        begins = self._since is None
        self._since = now if self._since is None else self._since
        if step.word == "wait":
            return now - self._since >= step.lasting
        if self._himself is not None and step.word in (*ALONE, *VOICED):
            if begins:
                self._lasting = self._heard(step, self._himself, now)
            return now - self._since >= self._lasting
        if step.awaited is not None:
            late = now - self._since >= step.lasting
            so = self._others.so(step.awaited, self._since, now, late=late)
            if late and not so:
                self._fail(step, now, f"after {seconds(step.lasting):.0f} s "
                                      f"{self._others.instead(step.awaited, self._since, now)}")
            return so
        if step.word in ON_CALLERS:
            for serial in [call.serial for call in self._bridge.calls.values() if call.caller == step.target]:
                ON_CALLERS[step.word](self._bridge, serial)
        elif meeting := self._meeting_of(step.target):
            who = (self._himself.name if self._himself else step.more or self._organizers.get(step.target, "")
                   or "organizer")
            self._is_in = meeting
            ON_MEETINGS[step.word](self._bridge, meeting, who, step.target)
        else:
            self._fail(step, now, "this ID leads to no meeting")
        return self.stuck is None

    def _heard(self, step: AppStep, himself: Speaking, now: int) -> int:
        """Let him be heard, or not; return how long it lasts."""
        if step.word in ALONE:
            self._bridge.mute_by_app(self._is_in, himself.name, muted=step.word == "mute")
            return 0
        said = himself.studio.say(step.more, himself.voice) if step.path is None else himself.studio.recording(
            step.path, None)
        himself.sent.silent_until(now)
        himself.sent.append(said)
        self._bridge.speak_by_app(self._is_in, himself.name, said)
        return len(said)

    def _fail(self, step: AppStep, now: int, instead: str) -> None:
        self.stuck = Failure(step.line, self._himself.name if self._himself else "", step.said, now, instead)


class Everybody:
    """All who do something in the app.

    Parameters
    ----------
    scenario : Scenario
    bridge : ConferenceBridge
    others : Others
    backstage : Backstage
        Which IDs meetings have, and lead to.
    voice_of : callable
        Gives the voice of whoever is called so.
    sent : dict of name to Sent
        Takes what they say.
    """

    def __init__(self, scenario: Scenario, bridge: ConferenceBridge, others: Others, backstage: Backstage, *,
                 voice_of: Callable[[str], str], studio: Studio,
                 sent: dict[str, Sent]) -> None:
        organizers = {m.conference_id: m.organizer for m in scenario.meetings}
        self._bridge, self._backstage = bridge, backstage
        starting = ((m.started_in_app_at, m) for m in scenario.meetings if m.started_in_app_at is not None)
        self._starting = deque(sorted(starting, key=lambda one: (one[0], one[1].line)))
        self._nowhere: list[Failure] = []
        self._all = [InTheApp(scenario.app, bridge, others, organizers, backstage.meeting_of)]
        for one in scenario.participants:
            sent[one.name] = Sent(0)
            himself = Speaking(one.name, voice_of(one.name), studio, sent[one.name])
            self._all.append(InTheApp(one.steps, bridge, others, organizers, backstage.meeting_of, himself))

    @property
    def finished(self) -> bool:
        """Whether everything is done."""
        return not self._starting and all(one.finished for one in self._all)

    @property
    def failures(self) -> list[Failure]:
        """The steps that did not come true."""
        return self._nowhere + [one.stuck for one in self._all if one.stuck is not None]

    def until(self, now: int) -> int:
        """Return how long, after `act`, nobody does anything more, in samples."""
        starts = [at - now for at, _ in self._starting][:1]
        return min(*(one.until(now) for one in self._all), *starts, FOREVER)

    def act(self, now: int) -> bool:
        """Do what is due at the beginning of a tick; return whether anything was."""
        waiting = len(self._starting)
        while self._starting and self._starting[0][0] <= now:
            meeting = self._starting.popleft()[1]
            own = self._backstage.id_of(meeting)
            if key := self._backstage.meeting_of(own):
                self._bridge.join_by_app(key, meeting.organizer, conference_id=own)
            else:
                self._nowhere.append(Failure(meeting.line, "", "started in the app at", now,
                                             "the meeting has no conference ID"))
        for one in self._all:
            one.act(now)
        return waiting != len(self._starting) or any(one.acted for one in self._all)
