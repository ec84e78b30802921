"""A story that is played beside the bridge, at a pace in the presenter's hand."""

from collections.abc import Callable
from typing import Any

from ivr.clock import FRAME, samples, seconds
from ivr.live.keeping import Keeper
from ivr.live.pace import Throttle
from ivr.live.session import Session
from ivr.scenario.failure import Failure
from ivr.scenario.player import Performance, Result
from ivr.scenario.rehearsal import rehearse
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario

SLOWEST, FASTEST = 1.0, 8.0


class StoryPlaying:
    """A story on its way, in a thread of its own.

    Parameters
    ----------
    name : str
        By which it was asked for.
    scenario : Scenario
    stage : Stage
        Its sounds.
    speed : float
        1 for real time.
    over : callable
        Called when it has come to its end, in its thread.
    """

    def __init__(self, name: str, scenario: Scenario, stage: Stage, *, speed: float,
                 over: Callable[[], None] = lambda: None) -> None:
        self.name, self.scenario = name, scenario
        self.pace = Throttle(speed)
        self.result: Result | None = None
        rehearse(scenario, stage)
        self._performance = Performance(scenario, stage)
        self._over = over
        self.keeper = Keeper(self._performance.exchange)
        self.session = Session(self._performance.exchange, pace=self.pace, step=self._step,
                               words=self._performance.words,
                               over=lambda: self.result is not None, after=self.keeper.follow)
        self.pace.between = self.session.attend

    @property
    def over(self) -> bool:
        """Whether it has come to its end."""
        return self.result is not None

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What has not come true."""
        return self.result.failures if self.result else ()

    def step(self, length_s: float) -> None:
        """Play so much of it, and stand still."""
        self.pace.step(max(1, samples(length_s) // FRAME))

    def end(self) -> None:
        """Let go of it, wherever it is."""
        self.session.stop()
        self.pace.end()
        self.session.join()
        self._performance.close()

    def facts(self) -> dict[str, Any]:
        """Return how it stands, as plain values."""
        failed = [{"line": one.line, "caller": one.caller, "step": one.step, "at": seconds(one.at),
                   "instead": one.instead} for one in self.failures]
        return {"name": self.name, "title": self.scenario.title, "speed": self.pace.speed, "held": self.pace.held,
                "over": self.over, "failures": failed}

    def _step(self) -> None:
        self._performance.step()
        if self._performance.over:
            self.result = self._performance.end()
            self._over()
