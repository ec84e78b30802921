"""A caller whose line an agent leads; his steps say what is expected of him."""

from typing import Any

import dtmf
from ivr.clock import FRAME, RATE, seconds
from ivr.engine.ports import Frame, Signal
from ivr.scenario.actor import Actor
from ivr.scenario.agents.sides import Sides
from ivr.scenario.agents.steps import Presses, Replies, Yields
from ivr.scenario.errors import NothingThere
from ivr.scenario.failure import Failure
from ivr.scenario.leading import Agent, unlike
from ivr.scenario.steps import Dial, Step

_READY_WITHIN = 60 * RATE


class AgentActor(Actor):
    """One caller who is an agent; `led_by` says which.

    Attributes
    ----------
    measured : list of str
        How quick he was, in words, for each step that asks.
    """

    def __init__(self, *told: Any, **known: Any) -> None:  # noqa: ANN401  (those of `Actor`)
        super().__init__(*told, **known)
        self._who = told[0]
        self._agent: Agent | None = None
        self._sides = Sides(0)
        self._ears: tuple[int, dtmf.Detector] | None = None
        self._keys: list[tuple[int, str]] = []
        self._known = 0
        self._said: Frame | None = None
        self._waits = self._left = False
        self.measured: list[str] = []

    def led_by(self, agent: Agent) -> None:
        """Give him his agent."""
        self._agent = agent

    @property
    def _led(self) -> Agent:
        if self._agent is None:
            raise LookupError(f"nobody leads {self.caller}")
        return self._agent

    # the line

    def until(self) -> int:
        """Return a frame: nobody knows what an agent will do in the next."""
        return FRAME

    def signal(self) -> Signal | None:
        """Do what can be done at the start of this tick; return what the line is told."""
        agent = self._led
        agent.step(self._now)
        there = self.on_the_line
        if self.failure is None and agent.fault:
            self._breaks_down(agent.fault)
        elif there and agent.over:
            self._left = True
            self._judge.hung_up(self._now)
            self.on_the_line = False
        signal = super().signal()
        if there and not self.on_the_line:
            agent.end()
            return Signal.HANG_UP
        return signal

    def speak(self) -> Frame:
        """Return what the agent says next."""
        frame = self._led.speak()
        self._said = frame
        began, ear = self._ear_on_him()
        for event in ear.feed(frame[None]):
            if isinstance(event, dtmf.DigitHeard):
                at = began + event.at
                self._keys.append((at, event.digit))
                self._judge.presses(began + event.start)
        voice = ear.clamped(FRAME)[0]
        if self._sent is not None and self._spoke is not None:
            self._sent.append(voice)
            self._spoke.append(frame)
        if self._line is None:
            return frame
        self._line.voice(voice)
        return self._line.says(frame)

    def hear(self, frame: Frame) -> None:
        """Listen, and let the agent listen."""
        if self._line is not None:
            frame = self._line.hears(frame)
        if self._ear is not None:
            self._ear.hear(frame)
        if self._said is not None:
            self._sides.took(self._said, frame)
            if self._sides.begins:
                self._judge.speaks(self._now - FRAME)
            most = self._who.silent_at_most
            if most and self._sides.silent * FRAME > most and self.failure is None:
                since = seconds(self._now - self._sides.silent * FRAME)
                self._fail(Step(line=self._who.line, said=f"silent at most: {seconds(most):g} s"),
                           f"nobody said anything from {since:.1f} s on")
        self._led.hear(frame)

    def hung_up(self) -> None:
        """Take it that the bridge has ended the call."""
        super().hung_up()
        self._led.end()

    def _why_over(self) -> str:
        return "the agent ended the call" if self._left else super()._why_over()

    def _ear_on_him(self) -> tuple[int, dtmf.Detector]:
        if self._ears is None:
            self._ears = self._now - FRAME, dtmf.Detector(1, RATE, clamp=True)
        return self._ears

    def _breaks_down(self, why: str) -> None:
        step = self._step or (self._steps[0] if self._steps else None)
        line, said = (step.line, step.said) if step is not None else (self._who.line, "the agent")
        self.failure = Failure(line, self.caller, said, self._now, why)

    # the steps

    def _begin(self, step: Step) -> None:
        match step:
            case Dial():
                self._waits = True
                self._led.begin(self.caller, step.number, step.phone)
            case _:
                super()._begin(step)

    def _done(self, step: Step) -> bool:
        waited = self._now - self._began
        match step:
            case Dial() if self._waits:
                if self._led.ready:
                    self._waits = False
                    super()._begin(step)
                elif waited >= _READY_WITHIN:
                    self._fail(step, f"the agent was not there within {seconds(_READY_WITHIN):.0f} s")
                return not self._waits
            case Presses(within=within):
                return self._presses(step, late=waited >= within or not self.on_the_line)
            case Replies(limit=limit):
                return self._replies(step, limit)
            case Yields(limit=limit, within=within):
                return self._yields(step, limit, late=waited >= within or not self.on_the_line)
            case _:
                return super()._done(step)

    def _pick_up(self) -> None:
        super()._pick_up()
        tick = self._now // FRAME
        if self._ears is None:
            self._sides = Sides(tick)
        self._sides.silent_until(tick)
        self._ears = None

    def _presses(self, step: Presses, *, late: bool) -> bool:
        try:
            wanted = self._resolve(step.keys)
        except NothingThere as error:
            self._fail(step, str(error))
            return False
        came = "".join(key for _, key in self._keys[self._known:])[:len(wanted)]
        if came == wanted:
            self._known += len(wanted)
            self._since = self._keys[self._known - 1][0] // FRAME * FRAME  # it is answered within the frame
            return True
        if not wanted.startswith(came) or late:
            self._fail(step, f"it pressed {unlike(came, wanted)}" +
                       ("" if self.on_the_line else f"; then {self._why_over()}"))
        return False

    def _replies(self, step: Replies, limit: int) -> bool:
        sides = self._sides
        at = sides.replied(self._since // FRAME)
        over = sides.heard_before(sides.now if at is None else at)
        if at is None:
            if over is not None and (sides.now - over) * FRAME > limit:
                self._fail(step, f"it did not reply within {seconds(limit):g} s, after "
                                 f"{seconds(over * FRAME):.1f} s")
            elif not self.on_the_line:
                self._fail(step, f"it did not reply; {self._why_over()}")
            return False
        took = max(at - over, 0) * FRAME if over is not None else 0
        self._note("replied", took)
        if took > limit:
            self._fail(step, f"it replied after {seconds(took):.2f} s")
        return took <= limit

    def _yields(self, step: Yields, limit: int, *, late: bool) -> bool:
        begun = self._sides.talked_over(self._since // FRAME)
        if begun is None:
            if late:
                self._fail(step, "the bridge never began to speak while it spoke")
            return False
        silent = self._sides.stopped(begun)
        took = ((silent if silent is not None else self._sides.said_until()) - begun) * FRAME
        if took > limit:
            self._fail(step, f"it spoke on for {'more than ' if silent is None else ''}{seconds(took):.2f} s")
            return False
        if silent is not None:
            self._since = max(self._since, silent * FRAME)
            self._note("was silent", took)
        return silent is not None

    def _note(self, what: str, took: int) -> None:
        self.measured.append(f"{self.caller} {what} after {seconds(took):.2f} s")
