"""What callers hear, as it is written: sounds by their names, and steps that listen or wait for somebody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ivr.clock import samples, seconds
from ivr.custom.own import OwnFile
from ivr.reading import YamlNode, nearest, yes
from ivr.scenario.lines import line_heard
from ivr.scenario.sounds import HoldMusic, PromptSound, RecordedSound, Silence, Sound, Tone, VoiceSound
from ivr.scenario.steps import Awaited, Hear, HeardLine, NotHear, WaitFor
from ivr.scenario.values import duration
from ivr.scenario.words import AWAITED, HEARD, Words

WITHIN, _LASTING = samples(30), samples(3)
_SPECIAL: Mapping[str, Sound] = {
    "hold-music": HoldMusic(), "silence": Silence(), "arrival-tone": Tone("arrival"),
    "departure-tone": Tone("departure"), "record-tone": Tone("record")}


@dataclass(frozen=True, slots=True)
class SoundReader:
    """Reads what is heard in one story.

    Attributes
    ----------
    callers, states : collection of str
        Whose voices there are, and where a call can be.
    languages : tuple of str
        What the bridge speaks; prompts are named without the first.
    lines : dict of name to HeardLine
        Where what an application at a URL says is noted.
    """

    words: Words
    callers: Collection[str]
    states: Collection[str]
    languages: tuple[str, ...]
    own: OwnFile | None
    lines: dict[str, HeardLine]

    def hear(self, node: YamlNode, fields: Mapping[str, YamlNode]) -> Hear:
        """Read a step that waits until something is heard."""
        sound, said = self.sound(node)
        how = {word: yes(fields[word]) for word in ("whole", "begins", "cut") if word in fields}
        for word in how:
            if not isinstance(sound, PromptSound):
                raise fields[word].error("only a prompt can be heard whole" if word == "whole" else
                                         f"{word!r} is said of prompts only")
        if sum(how.values()) > 1:
            raise node.error("a prompt is heard one way: 'whole', 'begins' or 'cut'")
        if isinstance(sound, PromptSound) and how.get("whole"):
            sound = PromptSound(sound.name, whole=True)
        said += "".join(f", {word}" for word, so in how.items() if so)
        lasting = duration(fields["for"]) if "for" in fields else 0
        if lasting and not isinstance(sound, HoldMusic | Silence):
            raise fields["for"].error("'for' is said of hold-music and silence, which go on")
        said += f", for {fields['for'].text('a length of time')}" if lasting else ""
        if lasting and isinstance(sound, Silence):
            sound = Silence(seconds(lasting))
        at = _moment(fields["at"]) if "at" in fields else None
        said += f", at {fields['at'].text('a moment')}" if at else ""
        both = self._same_tick(sound, fields["same tick as"]) if "same tick as" in fields else None
        return Hear(line=node.line, said=f"hear: {said}", sound=sound, within=_within(fields),
                    begins=how.get("begins", False) or not how.get("whole", True), cut=how.get("cut", False),
                    lasting=lasting, at=at, same_tick=both)

    def not_hear(self, node: YamlNode, fields: Mapping[str, YamlNode]) -> NotHear:
        """Read a step that makes sure that something is not heard."""
        sound, said = self.sound(node)
        lasting = duration(fields["for"]) if "for" in fields else _LASTING
        stretch = fields["while"].text("'while'") if "while" in fields else ""
        return NotHear(line=node.line, said=f"not hear: {said}{', while' if stretch else ''}", sound=sound,
                       lasting=lasting, stretch=stretch)

    def _same_tick(self, sound: Sound, node: YamlNode) -> Awaited:
        awaited, _ = self.awaited(node)
        if not isinstance(sound, PromptSound) or not isinstance(awaited.sound, PromptSound):
            raise node.error("'same tick as' is said of a prompt that another caller hears, as in "
                             "{caller: bela, hears: joining}")
        return awaited

    def wait_for(self, name: str, node: YamlNode, fields: Mapping[str, YamlNode]) -> WaitFor:
        """Read a step that waits for somebody else."""
        awaited, said = self.awaited(node)
        if awaited.caller == name:
            raise node.error(f"{name} cannot wait for himself: write 'in' or 'hear'")
        inside = node.fields("'wait for'")
        if "within" in inside and "within" in fields:
            raise fields["within"].error("'within' stands both beside the step and in it: keep one of them")
        return WaitFor(line=node.line, said=f"wait for: {said}", awaited=awaited,
                       within=_within({**fields, **inside}))

    def awaited(self, node: YamlNode) -> tuple[Awaited, str]:
        """Read who is waited for, and what is to become of him."""
        fields = node.fields("'wait for'", AWAITED)
        if "caller" not in fields or ("in" in fields) == ("hears" in fields):
            raise node.error("'wait for' takes a caller and where he is to be, or what he hears, as in "
                             "{caller: anna, in: lobby} or {caller: anna, hears: joining}")
        caller = fields["caller"].text("a caller")
        if caller not in self.callers:
            raise fields["caller"].error(f"there is no caller {caller!r}{nearest(caller, self.callers)}")
        if "hears" in fields:
            sound, said = self.sound(fields["hears"])
            return Awaited(caller, sound=sound), f"{{caller: {caller}, hears: {said}}}"
        state = self.state(fields["in"])
        return Awaited(caller, state), f"{{caller: {caller}, in: {state}}}"

    def state(self, node: YamlNode) -> str:
        """Read where a call is to be."""
        state = node.text("a state")
        if state not in self.states:
            raise node.error(f"there is no state {state!r}{nearest(state, self.states)}")
        return state

    def sound(self, node: YamlNode) -> tuple[Sound, str]:
        """Read what is heard; return it, and as it is said."""
        if not isinstance(node.value, dict):
            return self._named(node)
        fields = node.fields("what is heard", HEARD)
        if "text" in fields or ("recording" in fields and self.own is not None):
            name, line = line_heard(fields, self.own, tuple(self.words.languages))
            self.lines[name] = line
            return PromptSound(name), name
        if sum(one in fields for one in ("voice", "prompt", "recording")) != 1:
            raise node.error("what is heard is one thing: 'voice', 'prompt' or 'recording'")
        if "language" in fields and "prompt" not in fields:
            raise fields["language"].error("a voice has no language: only a prompt has")
        if "language" in fields:
            return self._in_language(fields["prompt"], fields["language"])
        if "prompt" in fields:
            return self.sound(fields["prompt"])
        word = "voice" if "voice" in fields else "recording"
        name = fields[word].text(f"a {word}")
        if name not in self.callers:
            raise fields[word].error(f"there is no caller {name!r}{nearest(name, self.callers)}")
        return VoiceSound(name) if word == "voice" else RecordedSound(name), f"{{{word}: {name}}}"

    def _in_language(self, node: YamlNode, other: YamlNode) -> tuple[Sound, str]:
        sound, said = self.sound(node)
        language = other.text("a language")
        if not isinstance(sound, PromptSound):
            raise node.error("only a prompt has a language")
        if language not in self.languages:
            raise other.error(f"this story's bridge does not speak {language!r}: name it under 'languages'"
                              f"{nearest(language, self.languages)}")
        name = sound.name if language == self.languages[0] else f"{sound.name} in {language}"
        return PromptSound(name), f"{{prompt: {said}, language: {language}}}"

    def _named(self, node: YamlNode) -> tuple[Sound, str]:
        word = node.text("what is heard")
        if word in self.callers and word not in self.words.prompts:
            raise node.error(f"{word!r} is a caller: to hear his voice, write {{voice: {word}}}")
        if word not in _SPECIAL and word not in self.words.prompts:
            raise node.error(f"there is no prompt or sound {word!r}"
                             f"{nearest(word, [*self.words.prompts, *_SPECIAL])}")
        return _SPECIAL.get(word, PromptSound(word)), word


def _moment(node: YamlNode) -> tuple[int, int]:
    text = node.text("a moment")
    when, _, off = (part.strip() for part in text.replace("±", "+-").partition("+-"))
    if not when or not off:
        raise node.error(f"{text!r} is no moment: write when and how much it may be off, as in '31.4 s +- 20 ms'")
    return duration(node.elsewhere(node.line, when)), duration(node.elsewhere(node.line, off))


def _within(fields: Mapping[str, YamlNode]) -> int:
    return duration(fields["within"]) if "within" in fields else WITHIN
