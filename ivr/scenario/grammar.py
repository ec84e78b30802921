"""The scenario language: from a YAML file to a `Scenario`, or to one sentence about what is wrong.

docs/scenarios.md explains every word.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from dtmf.keys import PAUSES_S
from ivr.conference.profile import DEFAULT, Profile
from ivr.custom.own import OwnFile
from ivr.reading import YamlNode, compose, nearest, read
from ivr.scenario.agents.grammar import AGENTS, Led, led, of_agent
from ivr.scenario.app import read_app, read_participants
from ivr.scenario.calls import calls_of
from ivr.scenario.desk.ahead import enabled_later, scheduled_later, spoken_later, typed_digits
from ivr.scenario.desk.grammar import DeskReader
from ivr.scenario.desk.orders import ORDERS
from ivr.scenario.desk.people import PLACEHOLDER, People
from ivr.scenario.desk.words import DONE_AT_DESK, SECTIONS, Founding, Order
from ivr.scenario.errors import ScenarioError
from ivr.scenario.expectations import Expectation
from ivr.scenario.expecting import Expectations
from ivr.scenario.foreign.grammar import FOREIGN, OUT_ONLY, called_out, read_step, way_of
from ivr.scenario.including import led_to
from ivr.scenario.kinds import another_kind
from ivr.scenario.leading import AgentAt
from ivr.scenario.lines import elsewhere, slowness
from ivr.scenario.listening import ListeningReader
from ivr.scenario.many import spelt_out
from ivr.scenario.meetings import at_the_desk, names_of, read_meetings
from ivr.scenario.outfit import OF_OWN_SOUND
from ivr.scenario.own import called, prompts_of, rung
from ivr.scenario.profiles import find, languages
from ivr.scenario.sounding import SoundReader
from ivr.scenario.steps import (
    RUNG,
    WITHIN,
    Dial,
    HangUpStep,
    In,
    Press,
    SayStep,
    Scenario,
    Step,
    StoryCaller,
    StoryMeeting,
    Wait,
)
from ivr.scenario.values import LONGEST_SAID, duration, level, milliseconds, tags, telephone
from ivr.scenario.words import KEYS, STATES, STEPS, TOP, TOP_OF_OWN, Words, begun_by
from ivr.scenario.writing import BRACES, SCENARIO
from ivr.secrecy import MASK


def load(path: Path, words: Words, row: str = "") -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    row : str
        Which row of its table it is; the first one if empty.

    Raises
    ------
    ScenarioError
        With file, line, value and what to do.
    """
    return parse(read(path, SCENARIO, "a scenario file"), path, words, row)


def parse(text: str, path: Path, words: Words, row: str = "") -> Scenario:
    """Read a scenario from text; `path` is what its messages name and its recordings are relative to."""
    root = compose(text, path, SCENARIO)
    try:
        told = Reader(path, words).scenario(spelt_out(root, words.given, row))
    except ScenarioError as error:
        if not row or error.path.suffix == ".csv":
            raise
        raise ScenarioError(error.path, error.line, f"{error.message} (in the row {row!r})") from None
    return replace(told, title=f"{told.title} [{row}]", row=row) if row else told


class Reader:
    """Reads one file; knows its PINs, so that no step shows one, and its callers.

    Parameters
    ----------
    path : Path
        What messages name, and recordings are relative to.
    words : Words
    """

    def __init__(self, path: Path, words: Words) -> None:
        self._path, self._words = path, words
        self._pins: set[str] = set()
        self._ids: set[str] = set()
        self._callers: tuple[str, ...] = ()
        self._participants: tuple[str, ...] = ()
        self._name = ""
        self._led = Led()
        self._people = People()
        self._languages: tuple[str, ...] = ()
        self._states: Collection[str] = STATES
        self._own: OwnFile | None = None
        self._dials = False
        self._sounds = SoundReader(path.parent, None, (), (), (), ())
        self._target = words.target
        self._of_numbers: tuple[str, ...] = ()
        self._meetings: tuple[StoryMeeting, ...] = ()
        self._known: list[tuple[str, tuple[str, ...]]] = []

    def scenario(self, root: YamlNode) -> Scenario:
        """Read the whole of it."""
        if sentence := another_kind(root, "a story"):
            raise root.error(sentence)
        top = root.fields("a scenario", TOP)
        if "callers" not in top:
            raise root.error("a scenario needs 'callers': name at least one and what he does")
        self._target, card = called_out(top, self._target, SECTIONS)
        own = called(top["ivr"], self._words.hosts) if "ivr" in top else None
        if (own := elsewhere(own, self._words.at_url)) is not None:
            root.fields("a story of one's own IVR", TOP_OF_OWN)
            self._own = own
            self._words = replace(self._words, prompts=prompts_of(self._own))
            self._states = self._own.states()
        self._dials = own is not None or "numbers" in top or self._words.rung
        profile, product = self._profile(top)
        callers = top["callers"].fields("'callers'")
        if not callers:
            raise top["callers"].error("'callers' is empty: name at least one caller and what he does")
        self._callers = tuple(callers)
        if "participants" in top:
            self._participants = tuple(top["participants"].fields("'participants'"))
        at_desk = any(section in top for section in SECTIONS)
        meetings = read_meetings(top["meetings"], product, at_desk=at_desk) if "meetings" in top else ()
        self._people = People(meetings=[m.name for m in meetings if m.name])
        desk, meetings = self._desk(top, meetings) if at_desk else (None, meetings)
        self._pins |= {m.pin for m in meetings if m.pin}
        self._ids |= {m.conference_id for m in meetings if m.conference_id}
        self._meetings = meetings
        self._listen()
        return Scenario(
            path=self._path,
            title=top["title"].text("the title") if "title" in top else self._path.stem,
            source=top["source"].text("the source") if "source" in top else "",
            tags=tags(top["tags"]) if "tags" in top else (),
            skip=top["skip"].text("the reason to skip it") if "skip" in top else "",
            profile=profile,
            meetings=meetings,
            callers=tuple(self.caller(name, node) for name, node in callers.items()),
            expect=self.expected(top["expect"]) if "expect" in top else (),
            desk=desk,
            product=product,
            spoken=self._spoken(),
            app=read_app(top["app"], self._callers, self._ids, self.listening) if "app" in top else (),
            participants=read_participants(top["participants"], self._callers, self._ids, self.listening)
            if "participants" in top else (),
            own=self._own,
            slow=slowness(top["answers after"], self._own) if "answers after" in top else {},
            lines=self._sounds.lines,
            loops=self._sounds.loops,
            target=self._target,
            card=card,
            dtmf=way_of(top["dtmf"]) if "dtmf" in top else "",
        )

    def _profile(self, top: dict[str, YamlNode]) -> tuple[str, Profile]:
        name = top["profile"].text("the profile") if "profile" in top else DEFAULT
        own = name.endswith((".yaml", ".yml"))
        if not own and name not in self._words.profiles:
            raise top["profile"].error(f"there is no profile {name!r}{nearest(name, self._words.profiles)}")
        product = find(name, beside=self._path.parent)
        self._languages = product.languages
        if "languages" in top:
            node = top["languages"]
            self._languages = languages(node.text("the languages"), node, self._words.languages)
        if self._own is not None:
            self._languages = self._own.languages
        return name, replace(product, languages=self._languages)

    def _desk(self, top: dict[str, YamlNode], meetings: tuple[StoryMeeting, ...]
              ) -> tuple[Founding, tuple[StoryMeeting, ...]]:
        reader = DeskReader(self._callers, STEPS, lambda: self.listening)
        organizers = reader.organizers(top["organizers"]) if "organizers" in top else ()
        if "meetings" in top:
            meetings, organizers = at_the_desk(top["meetings"], meetings, organizers)
        self._pins |= {one.pin for one in organizers if one.pin}
        self._ids |= {one.conference_id for one in organizers if one.conference_id}
        later: list[tuple[str, tuple[str, ...]]] = []
        names = [m.name for m in meetings if m.name]
        for steps in (top[word] for word in DONE_AT_DESK if word in top):
            pins, ids = typed_digits(steps)
            self._pins |= pins
            self._ids |= ids
            later += enabled_later(steps)
            names += scheduled_later(steps)
            self._of_numbers += tuple(
                language for one in spoken_later(steps)
                for language in languages(one.text("the languages"), one, self._words.languages))
        self._known = [*((one.address, names_of(one)) for one in organizers), *later]
        self._people = People(self._known, names)
        self._listen()
        return reader.founding(top, organizers, self._people), meetings

    def _listen(self) -> None:
        """Take what can be heard as far as it is known."""
        known = self._sounds
        self._sounds = SoundReader(self._path.parent, self._own, self._callers, self._words.prompts, self._spoken(),
                                   self._words.languages, calls_out=bool(self._target),
                                   participants=self._participants, lines=known.lines,
                                   loops=known.loops, placed=lambda text, node: self._people.placed(text, node))

    def _spoken(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._languages + self._of_numbers))

    @property
    def listening(self) -> ListeningReader:
        """What reads the steps that listen or wait for somebody, as far as the story is known."""
        return ListeningReader(self._sounds, self._callers, self._states, self._masked_keys,
                               calls_out=bool(self._target))

    def order(self, item: YamlNode) -> Order:
        """Read one thing that the administrator does, once the story has begun."""
        steps = item.elsewhere(item.line, [item])
        pins, ids = typed_digits(steps)
        self._pins |= pins
        self._ids |= ids
        self._known += enabled_later(steps)
        self._people = People(self._known, (*self._people.meetings, *scheduled_later(steps)))
        return DeskReader(self._callers, STEPS, lambda: self.listening).order(item, self._people)

    def expected(self, node: YamlNode) -> tuple[Expectation, ...]:
        """Read a list of what must be true."""
        named = {"state": self._states, **({} if self._own or self._target else {"prompt": self._words.prompts})}
        return Expectations(self._callers, self._meetings, self._ids, self._people, self._keys, named,
                            self._participants).read(node)

    # callers and their steps

    def caller(self, name: str, node: YamlNode) -> StoryCaller:
        """Read what somebody does; from now on others can speak of him."""
        self._callers = self._sounds.callers = tuple(dict.fromkeys((*self._callers, name)))
        if not re.fullmatch(r"\w[\w .-]*", name) or name == "mails":
            raise node.error(f"{name!r} cannot be a caller's name: use letters, digits, spaces, - and _, "
                             "and not 'mails'")
        self._name, self._led = name, led(name, node, self._path.parent, calls_out=bool(self._target))
        steps = calls_of(name, node, tuple(self.step(item) for item in self._led.steps))
        if self._target and (again := [step for step in steps if isinstance(step, Dial)][1:]):
            raise node.elsewhere(again[0].line).error(
                f"{name} dials twice: name a second caller for the second call")
        return StoryCaller(name, node.line, steps, self._led.agent, self._led.silent_at_most)

    def turn_to(self, name: str, agent: AgentAt | None = None) -> None:
        """Read what one caller does from now on, or what is expected of an agent."""
        self._name, self._led = name, Led(agent=agent)

    def step(self, item: YamlNode) -> Step:
        """Read one thing that a caller does."""
        return led_to(self._step(item), item)

    def _step(self, item: YamlNode) -> Step:
        if isinstance(item.value, str):
            word, fields, node = item.value.strip(), {}, item
        else:
            fields = item.fields("a step")
            word = next((key for key in fields if key in STEPS), next(iter(fields), ""))
            node = fields.get(word, item)
        readers: dict[str, Callable[[YamlNode, dict[str, YamlNode]], Step]] = {
            "dial": self._dial, "wait": self._wait, "press": self._press, "say": self._say,
            **OF_OWN_SOUND,
            "hear": self.listening.hear, "not hear": self.listening.not_hear, "in": self._in,
            "hear only": self.listening.hear_only,
            "wait for": lambda node, fields: self.listening.wait_for(self._name, node, fields),
            **dict.fromkeys(RUNG, self._rung), **dict.fromkeys(FOREIGN, self._line),
            **dict.fromkeys(AGENTS, lambda node, fields: of_agent(word, node, fields, self._keys))}
        if word not in STEPS:
            steps = [step for step in STEPS if (step not in RUNG or self._dials)
                     and (step not in OUT_ONLY or self._target) and self._led.takes(step)]
            if begun := begun_by(word):
                raise item.error(f"the step {begun!r} needs a colon before its value")
            if word in ORDERS:
                raise item.error(f"{word!r} is a step of the administrator: write it under 'administrator'")
            # a step without its colon may hold a PIN
            shown = re.sub(r"[0-9]{4,}", MASK, word)
            raise item.error(f"there is no step {shown!r}{nearest(word, steps)}")
        self._led.check(word, item)
        bare = word in ("dial", "hang up")
        if bare != isinstance(item.value, str) and word not in ("dial", *FOREIGN):
            raise item.error(f"the step {word!r} " + ("stands alone, without a colon" if bare else
                                                      "needs a value: write it after a colon"))
        if isinstance(item.value, str) and word in FOREIGN:
            return read_step(word, item, {}, calls_out=bool(self._target))
        if isinstance(item.value, str):
            if word == "dial" and self._own is not None and self._own.numbers:
                return Dial(line=item.line, said=word, number=self._own.numbers[0])
            return (Dial if word == "dial" else HangUpStep)(line=item.line, said=word)
        if word != "press" and word not in FOREIGN:
            self._only(fields, word)
        return readers[word](node, fields)

    def _dial(self, node: YamlNode, _: dict[str, YamlNode]) -> Step:
        what = node.fields("the step 'dial'", STEPS["dial"].inside) if isinstance(node.value, dict) else {}
        if not what:
            raise node.error("the step 'dial' stands alone, or takes 'number', which is dialled, and 'from', "
                             "the caller's own")
        given = {key: telephone(one) for key, one in what.items()}
        said = ", ".join(f"{key}: {number}" for key, number in given.items())
        return Dial(line=node.line, said=f"dial: {{{said}}}", number=given.get("number", ""),
                    phone=given.get("from", ""))

    def _rung(self, node: YamlNode, fields: dict[str, YamlNode]) -> Step:
        word = next(one for one in RUNG if one in fields)
        if not self._dials:
            raise node.error(f"the step {word!r} is for stories in which somebody is dialled: one's own IVR, which "
                             "begins with 'ivr', voice mail, to which 'numbers' lead, and 'ivr load --listen'")
        return rung(word, node, self._own)

    def _line(self, node: YamlNode, fields: dict[str, YamlNode]) -> Step:
        return read_step(next(one for one in FOREIGN if one in fields), node, fields, calls_out=bool(self._target))

    def _wait(self, node: YamlNode, _: dict[str, YamlNode]) -> Step:
        return Wait(line=node.line, said=f"wait: {node.text('a wait')}", lasting=duration(node))

    def _press(self, node: YamlNode, fields: dict[str, YamlNode]) -> Step:
        word = "press"
        if isinstance(node.value, dict):
            if any(" of " in key for key in node.value):
                raise node.error(BRACES)
            self._only(fields, word, ())
            word, fields = "keys", node.fields("the step 'press'", STEPS["press"].inside)
            if "keys" not in fields:
                raise node.error("the step 'press' needs 'keys': write which")
            node = fields["keys"]
        self._only(fields, word, STEPS["press"].beside)
        keys, said = self._keys(node)
        tone = milliseconds(fields["tone"]) if "tone" in fields else 100.0
        gap = milliseconds(fields["gap"]) if "gap" in fields else 100.0
        loud = level(fields["level"]) if "level" in fields else -10.0
        return Press(line=node.line, said=f"press: {said}", keys=keys, tone_ms=tone, gap_ms=gap, level_dbm0=loud)

    def _keys(self, node: YamlNode) -> tuple[str, str]:
        """Read keys; return them, and as they are said."""
        if node.value == "":
            raise node.error('there are no keys here: those that begin with # or * stand in quotation marks, '
                             'as in press: "#"')
        keys = self._people.placed(node.text("the keys"), node)
        for key in PLACEHOLDER.sub("", keys):
            if key not in KEYS and key not in PAUSES_S:
                if key == "$":
                    raise node.error("'$' is not a key: a variable is written in braces, as in ${id}")
                raise node.error(f"{key!r} is not a key: there are 0-9, *, # and A-D, and the pauses ',' and 'w'")
        return keys, self._masked(node.text("the keys"))

    def _masked(self, text: str) -> str:
        # an ID that contains a PIN is shown whole, for masking its middle would tell the PIN
        known = sorted({*self._pins, *self._ids}, key=lambda digits: (-len(digits), digits))
        if self._target and not self._pins:
            return re.sub("[0-9]{4,}", MASK, text)  # whose PINs these may be nobody has said
        if not known:
            return text
        whole = text.translate(dict.fromkeys(map(ord, PAUSES_S)))
        if any(pin in whole and pin not in text for pin in self._pins):
            text = whole  # a PIN with pauses in it is one all the same
        return re.sub("|".join(known), lambda found: MASK if found[0] in self._pins else found[0], text)

    def _say(self, node: YamlNode, _: dict[str, YamlNode]) -> Step:
        text = node.text("what is said")
        if len(text) > LONGEST_SAID:
            raise node.error(f"what is said has {len(text)} characters: {LONGEST_SAID} at most, "
                             "so say it in several steps")
        return SayStep(line=node.line, said=f"say: {self._masked(text)}", text=text)

    def _masked_keys(self, said: str) -> str:
        return self._masked(said) if self._pins else said

    def _in(self, node: YamlNode, fields: dict[str, YamlNode]) -> Step:
        state = self.listening.state(node)
        within = duration(fields["within"]) if "within" in fields else WITHIN
        return In(line=node.line, said=f"in: {state}", state=state, within=within)

    def _only(self, fields: dict[str, YamlNode], word: str, beside: Collection[str] | None = None) -> None:
        others = STEPS[word].beside if beside is None else beside
        for key, node in fields.items():
            if key != word and key not in others:
                known = [*others, *STEPS] if get_close_matches(key, STEPS, 1, 0.7) else others
                if not node.value and (begun := begun_by(key)):
                    raise node.error(f"the step {begun!r} needs a colon before its value")
                if key == "within" and "for" in others:
                    raise node.error(f"the step {word!r} has no 'within': write 'for', as it takes so long")
                raise node.error(f"the step {word!r} has no {key!r}" +
                                 (nearest(key, known) if known else ": it stands alone"))
