"""What fixtures give: a bridge, callers, a desk, letters and a clock; the words are those of stories.

Whatever somebody does takes place when it is called, and time passes for all until it is done. No thread, no sleep.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ivr.cli.leaving import leave
from ivr.cli.suite.means import Means, words_of
from ivr.cli.testing.leftovers import timeline, where
from ivr.clock import samples, seconds
from ivr.journal import Entry
from ivr.reading import BadFile, YamlNode, length_of_time
from ivr.scenario.errors import ScenarioError
from ivr.scenario.improvising import Improvisation
from ivr.scenario.player import Result

if TYPE_CHECKING:
    from ivr.scenario.deskwork.mailing import Delivered

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
        self.bridge, self.directory = Bridge(self), DirectoryDesk(self)
        self.outbox, self.clock = Outbox(self), Clock(self)
        self._callers: dict[str, Caller] = {}

    def caller(self, name: str) -> "Caller":
        """Return a caller by his name, the same each time."""
        if name not in self._callers:
            self._callers[name] = Caller(self, name)
            if (story := self._story) is not None:
                self.does(lambda node: story.meet(name, node), name)
        return self._callers[name]

    def say(self, section: str, value: Any, *, more: bool = False) -> None:  # noqa: ANN401
        """Say what stands at the top of a story's file, or one thing more of a list there."""
        if self._story is not None:
            raise Slip(f"{section!r} is said before the first caller does anything")
        if more:
            self._sections.setdefault(section, []).append(value)
        else:
            self._sections[section] = value

    @property
    def story(self) -> Improvisation:
        """What goes on; it begins when it is first asked for."""
        __tracebackhide__ = True
        if self._story is None:
            from ivr.cli.kit import stage

            sections = {word: self.node(value) for word, value in self._sections.items()}
            try:
                self._story = Improvisation(self.path, words_of(Means()), stage(), sections)
                for name in self._callers:
                    self._story.meet(name, self.node(name))
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
        """
        if self._story is None:
            return
        told = self._result is not None
        try:
            failures = self._ended().failures
        finally:
            self._story.close()
        if failures and not told:
            raise NotTrue(f"{self.path.name}: {failures[0]}")

    def _ended(self) -> Result:
        if self._result is None:
            self._result = self.story.end()
        return self._result


class Caller:
    """Somebody who calls; his words are the steps of a story, in Python's spelling."""

    def __init__(self, house: House, name: str) -> None:
        self._house = house
        self.name = name

    @property
    def state(self) -> str:
        """Where the call is, such as "lobby"."""
        return self._house.story.performance.state_of(self.name)

    def dial(self, *, number: str = "", phone: str = "", wait: bool = True) -> None:
        """Call, a number and from one if they matter."""
        given = {key: value for key, value in (("number", number), ("from", phone)) if value}
        self._do({"dial": given} if given else "dial", wait=wait)

    def press(self, keys: str, *, tone: str = "", gap: str = "", level: str = "", wait: bool = True) -> None:
        """Press keys; in ``"{pin of amos}#"`` a placeholder stands for what nobody has typed."""
        self._do({"press": keys, "tone": tone, "gap": gap, "level": level}, wait=wait)

    def say(self, text: str, *, wait: bool = True) -> None:
        """Say something in a voice of one's own."""
        self._do({"say": text}, wait=wait)

    def play(self, file: str | Path, *, channel: str | int = "", wait: bool = True) -> None:
        """Play a recording, named from the test's folder."""
        self._do({"play": {"file": str(file), "channel": channel} if channel != "" else str(file)}, wait=wait)

    def wait(self, length: str) -> None:
        """Do nothing, as for "2 s"."""
        self._do({"wait": length})

    def hang_up(self) -> None:
        """End the call."""
        self._do("hang up")

    def hears(self, sound: "str | Caller | Mapping[str, Any]", *, within: str = "", whole: bool = False) -> None:
        """Make sure that something is heard: a prompt, music, another caller's voice.

        What was heard since the last thing that he heard or pressed counts, also while others did something.
        """
        __tracebackhide__ = True
        self._do({"hear": _sound(sound), "within": within, "whole": whole or ""})

    def does_not_hear(self, sound: "str | Caller | Mapping[str, Any]", *, lasting: str = "3 s") -> None:
        """Make sure that something is not heard from now on for so long."""
        __tracebackhide__ = True
        self._do({"not hear": _sound(sound), "for": lasting})

    def is_in(self, state: str, *, within: str = "") -> None:
        """Make sure that the call comes to be somewhere, such as in the "lobby"."""
        __tracebackhide__ = True
        self._do({"in": state, "within": within})

    def _do(self, step: Any, *, wait: bool = True) -> None:  # noqa: ANN401
        __tracebackhide__ = True
        given = {key: value for key, value in step.items() if value != ""} if isinstance(step, dict) else step
        story = self._house.story
        actor = self._house.does(lambda node: story.begin(self.name, node), given)
        if wait:
            self._house.pass_until(lambda: actor.finished)


class DirectoryDesk:
    """Meetings and organizers; with an organizer there is a desk, as in a story."""

    def __init__(self, house: House) -> None:
        self._house = house

    def meeting(self, conference_id: str = "", **beside: Any) -> None:  # noqa: ANN401
        """Have a meeting, before anybody calls: ``meeting("1234567", pin="48215", organizer="amos@here.org")``."""
        self._house.say("meetings", _spelt({"conference_id": conference_id, **beside}), more=True)

    def organizer(self, address: str, **beside: Any) -> None:  # noqa: ANN401
        """Have an organizer, before anybody calls: ``organizer("amos@contoso.com", pin="48215")``."""
        self._house.say("organizers", _spelt({"address": address, **beside}), more=True)

    def do(self, word: str, subject: str = "", /, **beside: Any) -> None:  # noqa: ANN401
        """Do one of the administrator's steps: ``do("reset pin", "amos", send_mail="no")``."""
        __tracebackhide__ = True
        step = {word: subject, **_spelt(beside)} if subject else {word: _spelt(beside)}
        story = self._house.story
        self._house.does(story.order, step)
        self._house.pass_until(lambda: story.performance.backstage.finished)

    def reset_pin(self, organizer: str, **beside: Any) -> None:  # noqa: ANN401
        """Give an organizer a new PIN."""
        __tracebackhide__ = True
        self.do("reset pin", organizer, **beside)

    def reset_conference_id(self, organizer: str, **beside: Any) -> None:  # noqa: ANN401
        """Give an organizer's meetings new IDs."""
        __tracebackhide__ = True
        self.do("reset conference id", organizer, **beside)


class Outbox:
    """The letters, as their recipients got them."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def letters(self) -> "Sequence[Delivered]":
        """All so far: each has `kind`, `organizer`, `recipient` and `words`."""
        backstage = self._house.story.performance.backstage
        return tuple(getattr(backstage, "letters", ()))

    def of(self, kind: str) -> "list[Delivered]":
        """Return those of a kind, such as "pin-reset"."""
        return [letter for letter in self.letters if letter.kind == kind]


class Clock:
    """The time of the simulation."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def now(self) -> float:
        """Seconds since the bridge began."""
        return seconds(self._house.story.performance.exchange.bridge.now)

    def passes(self, length: str) -> None:
        """Let time pass for everybody, as "30 s"."""
        __tracebackhide__ = True
        bridge = self._house.story.performance.exchange.bridge
        until = bridge.now + samples(self._house.does(length_of_time, length))
        self._house.pass_until(lambda: bridge.now >= until)

    def lets_pass(self, length: str) -> None:
        """Move the calendar on, as by "61 days", while the calls stay where they are; needs a desk."""
        __tracebackhide__ = True
        self._house.directory.do("let pass", length)


class Bridge:
    """The bridge, from outside."""

    def __init__(self, house: House) -> None:
        self._house = house

    def imitates(self, profile: str) -> None:
        """Be another product, or a profile of one's own, before anybody calls."""
        self._house.say("profile", profile)

    def speaks(self, *languages: str) -> None:
        """Speak other languages, before anybody calls."""
        self._house.say("languages", ", ".join(languages))

    def says(self, section: str, value: Any) -> None:  # noqa: ANN401
        """Say anything else that stands at the top of a story's file, before anybody calls."""
        self._house.say(section, value)

    @property
    def journal(self) -> Sequence[Entry]:
        """What has happened: each entry has `at`, `caller`, `event` and `facts`."""
        return self._house.story.performance.exchange.bridge.journal.entries

    def expects(self, *wishes: str) -> None:
        """Make sure of what stands under `expect` in a story: ``expects("anna: waited", "mails: none")``."""
        __tracebackhide__ = True
        pairs = [dict([wish.split(": ", 1)]) if ": " in wish else wish for wish in wishes]
        if failures := self._house.does(self._house.story.unmet, pairs):
            raise NotTrue("\n".join(f"{self._house.path.name}: {failure}" for failure in failures))


def _sound(sound: "str | Caller | Mapping[str, Any]") -> Any:  # noqa: ANN401
    return {"voice": sound.name} if isinstance(sound, Caller) else sound


def _spelt(beside: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_", " "): value for name, value in beside.items() if value != ""}


def _node(value: Any, path: Path, line: int) -> YamlNode:  # noqa: ANN401
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
