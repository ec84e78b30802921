"""The scenario language: from a YAML file to a `Scenario`, or to one sentence about what is wrong.

docs/scenarios.md explains every word.
"""

import os
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from ivr.clock import samples
from ivr.journal import MASK
from ivr.scenario.errors import ScenarioError
from ivr.scenario.nodes import Node, compose, nearest
from ivr.scenario.sounds import HoldMusic, Prompt, Silence, Sound, Tone, Voice
from ivr.scenario.steps import (
    OUTCOMES,
    Caller,
    Dial,
    Expectation,
    ExpectCaller,
    ExpectMeeting,
    HangUp,
    Hear,
    In,
    Meeting,
    NotHear,
    Play,
    Press,
    Say,
    Scenario,
    Step,
    Wait,
)

STATES = ("greeting", "conference-id", "organizer-question", "pin", "lobby", "meeting", "goodbye", "ended")
SOUNDS = ("hold-music", "silence", "arrival-tone", "departure-tone")
STEPS = ("dial", "wait", "press", "play", "say", "hear", "not hear", "in", "hang up")
KEYS = "0123456789*#ABCD"

_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_WITHIN, _LASTING = samples(30), samples(3)
_ON_THE_LINE = (Press, Play, Say, Hear, NotHear, In)


@dataclass(frozen=True, slots=True)
class Words:
    """The words a scenario may use that are known elsewhere: names of prompts and of profiles."""

    prompts: Collection[str]
    profiles: Collection[str]


def load(path: Path, words: Words) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        With file, line, value and what to do.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ScenarioError(path, 0, "there is no such file") from None
    except IsADirectoryError:
        raise ScenarioError(path, 0, "this is a folder: name a scenario file in it") from None
    except UnicodeDecodeError:
        raise ScenarioError(path, 0, "this is not UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        raise ScenarioError(path, 0, f"this cannot be read: {error.strerror}") from None
    return parse(text, path, words)


def parse(text: str, path: Path, words: Words) -> Scenario:
    """Read a scenario from text; `path` is what its messages name and its recordings are relative to."""
    return _Reader(path, words).scenario(compose(text, path))


class _Reader:
    """Reads one file; knows its PINs, so that no step shows one, and its callers."""

    def __init__(self, path: Path, words: Words) -> None:
        self._path, self._words = path, words
        self._pins: tuple[str, ...] = ()
        self._ids: tuple[str, ...] = ()
        self._callers: tuple[str, ...] = ()

    def scenario(self, root: Node) -> Scenario:
        top = root.fields("a scenario", ("title", "source", "profile", "meetings", "callers", "expect"))
        if "callers" not in top:
            raise root.error("a scenario needs 'callers': name at least one and what he does")
        profile = top["profile"].text("the profile") if "profile" in top else "teams2021"
        if profile not in self._words.profiles:
            raise top["profile"].error(f"there is no profile {profile!r}"
                                       f"{nearest(profile, self._words.profiles)}")
        meetings = self._meetings(top["meetings"]) if "meetings" in top else ()
        self._pins = tuple(m.pin for m in meetings if m.pin)
        self._ids = tuple(m.conference_id for m in meetings)
        callers = top["callers"].fields("'callers'")
        if not callers:
            raise top["callers"].error("'callers' is empty: name at least one caller and what he does")
        self._callers = tuple(callers)
        return Scenario(
            path=self._path,
            title=top["title"].text("the title") if "title" in top else self._path.stem,
            source=top["source"].text("the source") if "source" in top else "",
            profile=profile,
            meetings=meetings,
            callers=tuple(self._caller(name, node) for name, node in callers.items()),
            expect=self._expectations(top["expect"], meetings) if "expect" in top else (),
        )

    # meetings

    def _meetings(self, node: Node) -> tuple[Meeting, ...]:
        meetings: list[Meeting] = []
        for item in node.items("'meetings'"):
            meeting = self._meeting(item)
            earlier = next((m for m in meetings if m.conference_id == meeting.conference_id), None)
            if earlier:
                raise ScenarioError(self._path, meeting.line,
                                    f"the conference ID {meeting.conference_id} is already taken by the "
                                    f"meeting in line {earlier.line}: give each meeting its own")
            meetings.append(meeting)
        return tuple(meetings)

    def _meeting(self, item: Node) -> Meeting:
        fields = item.fields("a meeting", ("organizer", "conference id", "pin", "anyone may start",
                                           "started in the app at"))
        if "conference id" not in fields:
            raise item.error("a meeting needs a 'conference id' of 7 digits")
        node = fields["conference id"]
        conference_id = node.text("a conference ID")
        if not re.fullmatch(r"[0-9]{7}", conference_id):
            raise node.error(f"{conference_id!r} is not a conference ID: one has exactly 7 digits")
        pin = fields["pin"].text("a PIN") if "pin" in fields else ""
        if pin and not re.fullmatch(r"[0-9]{4,12}", pin):
            raise fields["pin"].error(f"this PIN has {len(pin)} characters: "
                                      "a PIN has 4 to 12 digits and nothing else")
        return Meeting(
            conference_id=conference_id, line=node.line, pin=pin,
            organizer=fields["organizer"].text("an organizer") if "organizer" in fields else "",
            anyone_may_start="anyone may start" in fields and self._yes(fields["anyone may start"]),
            started_in_app_at=(self._duration(fields["started in the app at"])
                               if "started in the app at" in fields else None))

    # callers and their steps

    def _caller(self, name: str, node: Node) -> Caller:
        if not re.fullmatch(r"\w[\w .-]*", name) or name == "mails":
            raise node.error(f"{name!r} cannot be a caller's name: use letters, digits, spaces, - and _, "
                             "and not 'mails'")
        steps = tuple(self._step(item) for item in node.items(f"what {name} does"))
        if not any(isinstance(step, Dial | Press | Play | Say | Hear | NotHear | In) for step in steps):
            raise node.error(f"{name} never dials: add the step 'dial'")
        if not isinstance(next(s for s in steps if not isinstance(s, Wait)), Dial | HangUp):
            at = next(i for i, step in enumerate(steps) if isinstance(step, _ON_THE_LINE))
            steps = (*steps[:at], Dial(line=steps[at].line, said="dial"), *steps[at:])
        on_the_line = False
        for step in steps:
            if isinstance(step, Dial) and on_the_line:
                raise ScenarioError(self._path, step.line, f"{name} dials twice: let him hang up first, "
                                    "or name a second caller")
            if isinstance(step, HangUp) and not on_the_line:
                raise ScenarioError(self._path, step.line, f"{name} hangs up before he has dialled")
            on_the_line = isinstance(step, Dial) or (on_the_line and not isinstance(step, HangUp))
            if isinstance(step, _ON_THE_LINE) and not on_the_line:
                raise ScenarioError(self._path, step.line, f"{name} has hung up before this step")
        if sum(isinstance(step, Dial) for step in steps) > 1:
            raise node.error(f"{name} dials twice: name a second caller for the second call")
        return Caller(name, node.line, steps)

    def _step(self, item: Node) -> Step:
        if isinstance(item.value, str):
            word, fields, node = item.value.strip(), {}, item
        else:
            fields = item.fields("a step")
            word = next((key for key in fields if key in STEPS), next(iter(fields), ""))
            node = fields.get(word, item)
        readers: dict[str, Callable[[Node, dict[str, Node]], Step]] = {
            "wait": self._wait, "press": self._press, "play": self._play, "say": self._say,
            "hear": self._hear, "not hear": self._not_hear, "in": self._in}
        if word not in STEPS:
            begun = next((step for step in STEPS if word.startswith(f"{step} ")), "")
            if begun:
                raise item.error(f"the step {begun!r} needs a colon before its value")
            # a step without its colon may hold a PIN
            shown = re.sub(r"[0-9]{4,}", MASK, word)
            raise item.error(f"there is no step {shown!r}{nearest(word, STEPS)}")
        bare = word in ("dial", "hang up")
        if bare != isinstance(item.value, str):
            raise item.error(f"the step {word!r} " + ("stands alone, without a colon" if bare else
                                                      "needs a value: write it after a colon"))
        if bare:
            return (Dial if word == "dial" else HangUp)(line=item.line, said=word)
        return readers[word](node, fields)

    def _wait(self, node: Node, fields: dict[str, Node]) -> Step:
        self._only(fields, "wait")
        return Wait(line=node.line, said=f"wait: {node.text('a wait')}", lasting=self._duration(node))

    def _press(self, node: Node, fields: dict[str, Node]) -> Step:
        word = "press"
        if isinstance(node.value, dict):
            self._only(fields, word)
            word, fields = "keys", node.fields("the step 'press'", ("keys", "tone", "gap", "level"))
            if "keys" not in fields:
                raise node.error("the step 'press' needs 'keys': write which")
            node = fields["keys"]
        self._only(fields, word, "tone", "gap", "level")
        if node.value == "":
            raise node.error('there are no keys here: those that begin with # or * stand in quotation marks, '
                             'as in press: "#"')
        keys = node.text("the keys")
        for key in keys:
            if key not in KEYS:
                raise node.error(f"{key!r} is not a key: there are 0-9, *, # and A-D")
        tone = self._milliseconds(fields["tone"]) if "tone" in fields else 100.0
        gap = self._milliseconds(fields["gap"]) if "gap" in fields else 100.0
        level = self._level(fields["level"]) if "level" in fields else -10.0
        return Press(line=node.line, said=f"press: {self._masked(keys)}", keys=keys, tone_ms=tone, gap_ms=gap,
                     level_dbm0=level)

    def _masked(self, text: str) -> str:
        # an ID that contains a PIN is shown whole, for masking its middle would tell the PIN
        known = sorted({*self._pins, *self._ids}, key=lambda digits: (-len(digits), digits))
        if not known:
            return text
        return re.sub("|".join(known), lambda found: MASK if found[0] in self._pins else found[0], text)

    def _play(self, node: Node, fields: dict[str, Node]) -> Step:
        self._only(fields, "play")
        name = node.text("the recording")
        path = self._path.parent / name
        if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for a name that is too long
            raise node.error(f"there is no recording {name!r} beside the scenario: check the path")
        return Play(line=node.line, said=f"play: {name}", path=path)

    def _say(self, node: Node, fields: dict[str, Node]) -> Step:
        self._only(fields, "say")
        text = node.text("what is said")
        return Say(line=node.line, said=f"say: {self._masked(text)}", text=text)

    def _hear(self, node: Node, fields: dict[str, Node]) -> Step:
        self._only(fields, "hear", "within", "whole")
        sound, said = self._sound(node)
        if "whole" in fields and self._yes(fields["whole"]):
            if not isinstance(sound, Prompt):
                raise fields["whole"].error("only a prompt can be heard whole")
            sound, said = Prompt(sound.name, whole=True), f"{said}, whole"
        within = self._duration(fields["within"]) if "within" in fields else _WITHIN
        return Hear(line=node.line, said=f"hear: {said}", sound=sound, within=within)

    def _not_hear(self, node: Node, fields: dict[str, Node]) -> Step:
        self._only(fields, "not hear", "for")
        sound, said = self._sound(node)
        lasting = self._duration(fields["for"]) if "for" in fields else _LASTING
        return NotHear(line=node.line, said=f"not hear: {said}", sound=sound, lasting=lasting)

    def _in(self, node: Node, fields: dict[str, Node]) -> Step:
        self._only(fields, "in", "within")
        state = node.text("a state")
        if state not in STATES:
            raise node.error(f"there is no state {state!r}{nearest(state, STATES)}")
        within = self._duration(fields["within"]) if "within" in fields else _WITHIN
        return In(line=node.line, said=f"in: {state}", state=state, within=within)

    def _only(self, fields: dict[str, Node], word: str, *others: str) -> None:
        for key, node in fields.items():
            if key != word and key not in others:
                raise node.error(f"the step {word!r} has no {key!r}" +
                                 (nearest(key, others) if others else ": it stands alone"))

    def _sound(self, node: Node) -> tuple[Sound, str]:
        if isinstance(node.value, dict):
            fields = node.fields("what is heard", ("voice", "prompt"))
            if len(fields) != 1:
                raise node.error("what is heard is one thing: 'voice' or 'prompt'")
            if "prompt" in fields:
                return self._sound(fields["prompt"])
            name = fields["voice"].text("a voice")
            if name not in self._callers:
                raise fields["voice"].error(f"there is no caller {name!r}{nearest(name, self._callers)}")
            return Voice(name), f"{{voice: {name}}}"
        word = node.text("what is heard")
        special: dict[str, Sound] = {"hold-music": HoldMusic(), "silence": Silence(),
                                     "arrival-tone": Tone("arrival"), "departure-tone": Tone("departure")}
        if word in self._callers and word not in self._words.prompts:
            raise node.error(f"{word!r} is a caller: to hear his voice, write {{voice: {word}}}")
        if word not in special and word not in self._words.prompts:
            raise node.error(f"there is no prompt or sound {word!r}"
                             f"{nearest(word, [*self._words.prompts, *special])}")
        return special.get(word, Prompt(word)), word

    # expectations

    def _expectations(self, node: Node, meetings: tuple[Meeting, ...]) -> tuple[Expectation, ...]:
        expected: list[Expectation] = []
        for item in node.items("'expect'"):
            for key, value in item.fields("an expectation").items():
                expected += self._expectation(key, value, meetings)
        return tuple(expected)

    def _expectation(self, key: str, node: Node, meetings: tuple[Meeting, ...]) -> list[Expectation]:
        known = {m.conference_id for m in meetings}
        told = node.text("an expectation")
        said = f"{key}: {told}"
        if key == "mails":
            if told != "none":
                raise node.error(f"no letters are sent yet, so 'mails: {told}' cannot be: "
                                 "write 'mails: none'")
            return []
        if key.startswith("meeting "):
            conference_id = key.removeprefix("meeting ").strip()
            if conference_id not in known:
                raise node.error(f"there is no meeting {conference_id!r} in this scenario"
                                 f"{nearest(conference_id, known) if known else ''}")
            if told == "not started":
                return [ExpectMeeting(node.line, said, conference_id, None)]
            if told.startswith("started by "):
                return [ExpectMeeting(node.line, said, conference_id,
                                      self._starter(told.removeprefix("started by ").strip(), node, meetings))]
            raise node.error(f"of a meeting one expects 'started by NAME' or 'not started', not {told!r}")
        if key not in self._callers:
            raise node.error(f"there is no caller {key!r}"
                             f"{nearest(key, [*self._callers, 'mails', 'meeting ID'])}")
        if told not in OUTCOMES:
            raise node.error(f"there is no outcome {told!r}{nearest(told, OUTCOMES)}")
        return [ExpectCaller(node.line, said, key, told)]

    def _starter(self, name: str, node: Node, meetings: tuple[Meeting, ...]) -> str:
        # who starts a meeting with the app is told by address (A2.5)
        known = [*self._callers, *(m.organizer for m in meetings if m.started_in_app_at is not None)]
        if name not in known:
            raise node.error(f"there is no caller {name!r}{nearest(name, known)}")
        return name

    # values

    def _duration(self, node: Node) -> int:
        text = node.text("a length of time")
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)", text)
        if not match or match[2] not in _UNITS:
            raise node.error(f"{text!r} is not a length of time: write a number and ms, s, min or h, "
                             "as in '20 s'")
        length = float(match[1]) * _UNITS[match[2]]
        if length > 24 * 3600:
            raise node.error(f"{text!r} is longer than a day: a story is over by then")
        return samples(length)

    def _milliseconds(self, node: Node) -> float:
        length = self._duration(node) / 8
        if not 10 <= length <= 60_000:
            raise node.error(f"{node.text('a length')!r} is no length for a key: it takes 10 ms to 60 s")
        return length

    def _level(self, node: Node) -> float:
        text = node.text("a level")
        match = re.fullmatch(r"([+-]?[0-9]+(?:\.[0-9]+)?)(?:\s*dBm0)?", text)
        # two tones that are any louder together exceed 16 bits
        if not match or not -60 <= float(match[1]) <= -3:
            raise node.error(f"{text!r} is not a level: write dBm0 a tone, from -60 to -3, as in '-10 dBm0'")
        return float(match[1])

    def _yes(self, node: Node) -> bool:
        text = node.text("yes or no")
        if text not in ("yes", "no"):
            raise node.error(f"{text!r} is neither 'yes' nor 'no'")
        return text == "yes"
