"""What fixtures give: a bridge, callers, a desk, letters and a clock; the words are those of stories.

Whatever somebody does takes place when it is called, and time passes for all until it is done. No thread, no sleep.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ivr.cli.testing.house import House, NotTrue
from ivr.clock import samples, seconds
from ivr.journal import Entry
from ivr.reading import length_of_time

if TYPE_CHECKING:
    from ivr.lines.adapter import Coroutines
    from ivr.scenario.deskwork.mailing import Delivered


class CallerInTest:
    """Somebody who calls; his words are the steps of a story, in Python's spelling."""

    def __init__(self, house: House, name: str) -> None:
        self._house = house
        self.name = name
        house.meet(name)

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

    def line(self, words: "str | Mapping[str, Any]") -> None:
        """Have a bad line from here on, as in ``line({"noise": "car 20 dB", "codec": "GSM"})``."""
        self._do({"line": words})

    def voice(self, name: str) -> None:
        """Say things in this voice from here on, as in ``voice("m3")``."""
        self._do({"voice": name})

    def wait(self, length: str) -> None:
        """Do nothing, as for "2 s"."""
        self._do({"wait": length})

    def hang_up(self) -> None:
        """End the call."""
        self._do("hang up")

    def hears(self, sound: "str | CallerInTest | Mapping[str, Any]", *, within: str = "",
              whole: bool = False, **beside: Any) -> None:  # noqa: ANN401  # fmt: skip
        """Make sure that something is heard: a prompt, music, another caller's voice.

        What was heard since the last thing that he heard or pressed counts, also while others did something.
        What is `beside` is any word that can stand beside the step: ``hears("enter-pin", cut=True)``.
        Whether a prompt was whole is judged when the test ends.
        """
        __tracebackhide__ = True
        self._do({"hear": _sound(sound), "within": within, "whole": whole or "", **_spelt(beside)})

    def does_not_hear(self, sound: "str | CallerInTest | Mapping[str, Any]", *, lasting: str = "3 s") -> None:
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


class AgentInTest(CallerInTest):
    """A voice agent who calls: `dial` lets him begin, and what else is said is what is expected of him.

    Parameters
    ----------
    house : House
    name : str
    agent : callable
        His coroutine, `async def agent(call)` (`ivr.lines.adapter.AgentCall`).
    """

    def __init__(self, house: House, name: str, agent: "Coroutines") -> None:
        from ivr.lines.adapter import InProcess

        house.meet(name, InProcess(agent))
        super().__init__(house, name)

    def presses(self, keys: str, *, within: str = "") -> None:
        """Make sure that he presses these keys next."""
        __tracebackhide__ = True
        self._do({"presses": keys, "within": within})

    def replies(self, limit: str) -> None:
        """Make sure that he speaks or presses so soon after the bridge has last said something."""
        __tracebackhide__ = True
        self._do({"replies": limit})

    def yields(self, limit: str, *, within: str = "") -> None:
        """Make sure that he is silent so soon when the bridge speaks while he does."""
        __tracebackhide__ = True
        self._do({"yields": limit, "within": within})

    def has_ended(self, *, within: str = "") -> None:
        """Make sure that his call comes to its end."""
        __tracebackhide__ = True
        self._do({"ended": "", "within": within} if within else "ended")


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


class OutboxInTest:
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
        DirectoryDesk(self._house).do("let pass", length)


class BridgeInTest:
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


def _sound(sound: "str | CallerInTest | Mapping[str, Any]") -> Any:  # noqa: ANN401
    return {"voice": sound.name} if isinstance(sound, CallerInTest) else sound


def _spelt(beside: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_", " "): value for name, value in beside.items() if value != ""}
