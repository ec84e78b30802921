"""What is shown: the bridge at work, or a story that is played beside it, begun anew as often as wanted.

ProgrammeError    there is no such story, or none that plays
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ivr.live.extras import Extras
from ivr.scenario.actor import Actor
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario
from ivr.web.live import Live
from ivr.web.playing import StoryPlaying


class ProgrammeError(Exception):
    """There is no such story, or none that plays."""

    exit_code = 2


class NoStory(ProgrammeError):
    """There is no such story, or nobody of this name in it."""


class NothingPlays(ProgrammeError):
    """No story plays, or has played."""


class Programme:
    """The bridge, and at most one story; its methods are called by whoever answers a presenter, not by the loop.

    Parameters
    ----------
    live : Live
        Who tells pages; at first it shows the bridge.
    stories : mapping of str to Path
        Which there are to be played.
    load : callable
        Reads one.
    stage : Stage
        Their sounds.
    """

    def __init__(self, live: Live, stories: Mapping[str, Path], load: Callable[[Path], Scenario],
                 stage: Stage) -> None:
        self.live, self.stories = live, stories
        self.bridge = live.shown
        self._load, self._stage = load, stage
        self._playing: StoryPlaying | None = None
        self._changing = threading.Lock()

    @property
    def playing(self) -> StoryPlaying:
        """The story that plays, or has played.

        Raises
        ------
        NothingPlays
            If none does.
        """
        if self._playing is None:
            raise NothingPlays("no story plays: play one first")
        return self._playing

    def facts(self) -> dict[str, Any] | None:
        """Return how the story stands, as plain values; None if there is none."""
        return self._playing.facts() if self._playing else None

    def play(self, name: str, speed: float, *, held: bool = False) -> None:
        """Play a story from its beginning, in place of the one that plays, and show it.

        Raises
        ------
        NoStory
            If there is none of this name.
        BadFile
            If it cannot be read.
        """
        scenario = self._story(name)
        with self._changing:
            playing = StoryPlaying(name, scenario, self._stage, speed=speed, over=self.tell)
            self._end()
            self._playing = playing
            if held:
                playing.pace.hold()
            playing.session.start()
            self.tell()  # before it is shown: who begins anew is told by what he begins with
            self.live.show(replace(self.bridge, session=playing.session, title=scenario.title, story=name,
                                   keeper=playing.keeper))

    def caller(self, story: str, name: str, extras: Extras) -> Actor:
        """Return a caller of a story, ready to call the bridge.

        Raises
        ------
        NoStory
            If there is no such story, or nobody of this name in it.
        BadFile
            If it cannot be read.
        """
        scenario = self._story(story)
        actor = extras.prepare(scenario, name, self._stage)
        if actor is None:
            raise NoStory(f"nobody in the story {story} is {name}: take "
                          f"{' or '.join(one.name for one in scenario.callers)}")
        return actor

    def again(self) -> None:
        """Play the story from its beginning."""
        before = self.playing
        self.play(before.name, before.pace.speed, held=before.pace.held)

    def hold(self) -> None:
        """Have the story stand still."""
        self.playing.pace.hold()
        self.tell()

    def go_on(self) -> None:
        """Have it go on."""
        self.playing.pace.go_on()
        self.tell()

    def close(self) -> None:
        """Let go of the story, and show the bridge."""
        with self._changing:
            self.live.show(self.bridge)
            self._end()
            self.tell()

    def tell(self) -> None:
        """Tell all pages how the story stands."""
        self.live.tell({"type": "story", "story": self.facts()})

    def _story(self, name: str) -> Scenario:
        if name not in self.stories:
            raise NoStory(f"there is no story {name}")
        return self._load(self.stories[name])

    def _end(self) -> None:
        if self._playing is not None:
            self._playing.end()
            self._playing = None
