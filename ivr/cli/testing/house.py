"""What one test in Python calls: it begins when somebody does something, and ends with the test."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ivr.cli.leaving import leave
from ivr.cli.suite.means import Means, words_of
from ivr.cli.testing.leftovers import timeline, where
from ivr.reading import BadFile, YamlNode
from ivr.scenario.errors import ScenarioError
from ivr.scenario.improvising import Improvisation
from ivr.scenario.leading import Agent
from ivr.scenario.player import Result

Answer = TypeVar("Answer")
_OURS = str(Path(__file__).parent)


class NotTrue(AssertionError):
    """A step of a caller did not come true; it is told as in a story's file, with the line of the test."""


class Slip(Exception):
    """A word that is none, or does not belong there; told with the line of the test."""


class House:
    """All that one test calls.

    Parameters
    ----------
    path : Path
        The test's file: recordings are named from its folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sections: dict[str, Any] = {}
        self._story: Improvisation | None = None
        self._result: Result | None = None
        self._callers: dict[str, Agent | None] = {}
        self._closing: list[Callable[[], None]] = []

    def meet(self, name: str, agent: Agent | None = None) -> None:
        """Have somebody there who can call, or an agent, of whom others can speak."""
        if name not in self._callers:
            self._callers[name] = agent
            if agent is not None:
                self._closing.append(agent.close)
            if (story := self._story) is not None:
                self.does(lambda node: story.meet(name, node, agent), name)

    def say(self, section: str, value: Any, *, more: bool = False) -> None:  # noqa: ANN401
        """Say what stands at the top of a story's file, or one thing more of a list there."""
        if self._story is not None:
            raise Slip(f"{section!r} is said before the first caller does anything")
        said = self.node(value)  # whose line is known now
        if more:
            self._sections.setdefault(section, []).append(said)
        else:
            self._sections[section] = said

    @property
    def story(self) -> Improvisation:
        """What goes on; it begins when it is first asked for."""
        __tracebackhide__ = True
        if self._story is None:
            from ivr.cli.kit import stage

            sections = {word: self.node(value) for word, value in self._sections.items()}
            try:
                self._story = Improvisation(self.path, words_of(Means()), stage(), sections)
                for name, agent in self._callers.items():
                    self._story.meet(name, self.node(name), agent)
            except BadFile as error:
                raise Slip(str(error)) from None
        return self._story

    def pass_until(self, over: Callable[[], bool]) -> None:
        """Let time pass until something is so.

        Raises
        ------
        NotTrue
            If somebody's step fails meanwhile.
        """
        __tracebackhide__ = True
        if (failure := self.story.pass_until(over)) is not None:
            raise NotTrue(f"{self.path.name}: {failure}")

    def does(self, act: Callable[[YamlNode], Answer], value: Any) -> Answer:  # noqa: ANN401
        """Return what comes of a value that was written in the test.

        Raises
        ------
        Slip
            If it cannot be meant.
        """
        __tracebackhide__ = True
        try:
            return act(self.node(value))
        except BadFile as error:
            raise Slip(str(error)) from None

    def node(self, value: Any) -> YamlNode:  # noqa: ANN401
        """Return a value as if it stood in the line of the test that is being run."""
        return _node(value, self.path, _line())

    def told(self, folder: Path) -> list[tuple[str, str]]:
        """Leave page, sound and journal in a folder; return what is printed, with headings."""
        if self._story is None:
            return []
        result = self._ended()
        if not result.journal.entries:
            return []
        leave(result, folder, wall_s=0.0)
        return [("calls", timeline(result.journal.text())), ("sound", where(folder))]

    def close(self) -> None:
        """Let everyone hang up.

        Raises
        ------
        NotTrue
            If a call was ended by a fault of ours, and nothing else has told so.
        Slip
            If nobody has done anything in a house that cannot be.
        """
        if self._story is None and not self._sections:
            return
        story = self.story
        told = self._result is not None
        try:
            failures = self._ended().failures
        finally:
            story.close()
            for close in self._closing:
                close()
        if failures and not told:
            raise NotTrue(f"{self.path.name}: {failures[0]}")

    def _ended(self) -> Result:
        if self._result is None:
            self._result = self.story.end()
        return self._result


def _node(value: Any, path: Path, line: int) -> YamlNode:  # noqa: ANN401
    if isinstance(value, YamlNode):
        return value
    if isinstance(value, Mapping):
        return YamlNode(path, line, {str(key): _node(one, path, line) for key, one in value.items()}, ScenarioError)
    if isinstance(value, list | tuple):
        return YamlNode(path, line, [_node(one, path, line) for one in value], ScenarioError)
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return YamlNode(path, line, text, ScenarioError)


def _line() -> int:
    """Return the line of whoever has called us from outside."""
    frame = sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    return frame.f_lineno
