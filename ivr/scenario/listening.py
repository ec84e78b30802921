"""What callers hear, as it is written: sounds by their names, and steps that listen or wait for somebody."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from ivr.clock import samples, seconds
from ivr.reading import YamlNode, nearest, yes
from ivr.scenario.sounding import SoundReader
from ivr.scenario.sounds import (
    CodecSound,
    HoldMusic,
    KeysSound,
    MusicSound,
    PromptSound,
    Silence,
    SomeSound,
    Sound,
    ToneSound,
    VoiceSound,
)
from ivr.scenario.steps import OF, WITHIN, Awaited, Hear, HearOnly, NotHear, WaitFor
from ivr.scenario.values import duration
from ivr.scenario.words import AWAITED

_LASTING = samples(3)

_AWAITED = ("'wait for' takes a caller and where he is to be, or what he hears, as in {caller: anna, in: lobby} or "
            "{caller: anna, hears: joining}")


@dataclass(frozen=True, slots=True)
class ListeningReader:
    """Reads what callers listen for, and whom they wait for.

    Attributes
    ----------
    sounds : SoundReader
    callers, states : collection of str
        Who there is, and where a call can be.
    masked : callable
        Hides PINs in keys that are heard.
    calls_out : bool
        Whether it is a foreign IVR that is called.
    """

    sounds: SoundReader
    callers: Collection[str]
    states: Collection[str]
    masked: Callable[[str], str]
    calls_out: bool = False

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
            sound = replace(sound, whole=True)
        said += "".join(f", {word}" for word, so in how.items() if so)
        lasting = duration(fields["for"]) if "for" in fields else 0
        if lasting and not isinstance(sound, HoldMusic | Silence):
            raise fields["for"].error("'for' is said of hold-music and silence, which go on")
        said += f", for {fields['for'].text('a length of time')}" if lasting else ""
        if lasting and isinstance(sound, Silence):
            sound = Silence(seconds(lasting))
        at = _moment(fields["at"]) if "at" in fields else None
        if at and isinstance(sound, VoiceSound | SomeSound):
            raise fields["at"].error("'at' is said of what begins at one moment: a prompt, music, a tone, silence")
        said += f", at {fields['at'].text('a moment')}" if at else ""
        loud = _level(fields["level"], sound) if "level" in fields else None
        said += f", level {fields['level'].text('a level')}" if loud else ""
        both = self._same_tick(sound, fields["same tick as"]) if "same tick as" in fields else None
        early = "early" in fields and yes(fields["early"])
        if early and not self.calls_out:
            raise fields["early"].error("'early' is for calls that go out: name a 'target', or use 'ivr call'")
        said += ", early" if early else ""
        nth, _, times = (fields["times"].text("how often") if "times" in fields else f"1{OF}1").partition(OF)
        return Hear(line=node.line, said=f"hear: {said}", sound=sound, within=_within(fields),
                    before=int(nth) - 1, times=int(times or 1),
                    begins=how.get("begins", False) or not how.get("whole", True), cut=how.get("cut", False),
                    lasting=lasting, at=at, same_tick=both, early=early, level=loud)

    def not_hear(self, node: YamlNode, fields: Mapping[str, YamlNode]) -> NotHear:
        """Read a step that makes sure that something is not heard."""
        sound, said = self.sound(node)
        lasting = duration(fields["for"]) if "for" in fields else _LASTING
        stretch = fields["while"].text("'while'") if "while" in fields else ""
        return NotHear(line=node.line, said=f"not hear: {said}{', while' if stretch else ''}", sound=sound,
                       lasting=lasting, stretch=stretch)

    def hear_only(self, node: YamlNode, fields: Mapping[str, YamlNode]) -> HearOnly:
        """Read a step that makes sure that nothing else is heard."""
        read = [(one, *self.sound(one)) for one in (
            node.items("what is heard") if isinstance(node.value, list) else _one(node))]
        for one, sound, _ in read:
            if not isinstance(sound, PromptSound | HoldMusic | ToneSound | VoiceSound | Silence):
                raise one.error("'hear only' takes prompts, hold-music, tones of a meeting, voices and silence")
        told = ", ".join(said for *_, said in read)
        stretch = fields["while"].text("'while'") if "while" in fields else ""
        return HearOnly(line=node.line, said=f"hear only: [{told}]{', while' if stretch else ''}",
                        sounds=tuple(sound for _, sound, _ in read), stretch=stretch,
                        lasting=duration(fields["for"]) if "for" in fields else _LASTING)

    def _same_tick(self, sound: Sound, node: YamlNode) -> Awaited:
        if self.calls_out:
            raise node.error("'same tick as' is for calls of a bridge of ours: here each call goes out by itself")
        if not isinstance(sound, PromptSound):
            raise node.error(f"'same tick as' is said of prompts, and this 'hear' is of {_kind(sound)}: it takes a "
                             "prompt here, as in 'hear: joining'")
        awaited, _ = self.awaited(node, "'same tick as' takes a caller and the prompt that he hears, as in "
                                        "{caller: bela, hears: joining}")
        if not isinstance(awaited.sound, PromptSound):
            told = "" if awaited.sound is None else f", and not {_kind(awaited.sound)}"
            raise node.error(f"'same tick as' is said of a prompt that another caller hears{told}, as in "
                             "{caller: bela, hears: joining}")
        return awaited

    def wait_for(self, name: str, node: YamlNode, fields: Mapping[str, YamlNode]) -> WaitFor:
        """Read a step that waits for somebody else."""
        awaited, said = self.awaited(node)
        if self.calls_out and awaited.sound is None:
            raise node.error(f"in which state the call of {awaited.caller} is, nobody knows where another IVR "
                             f"is called: wait for what he hears, as in {{caller: {awaited.caller}, hears: music}}")
        if awaited.caller == name:
            raise node.error(f"{name} cannot wait for himself: write 'in' or 'hear'")
        inside = node.fields("'wait for'")
        if "within" in inside and "within" in fields:
            raise fields["within"].error("'within' stands both beside the step and in it: keep one of them")
        return WaitFor(line=node.line, said=f"wait for: {said}", awaited=awaited,
                       within=_within({**fields, **inside}))

    def awaited(self, node: YamlNode, takes: str = _AWAITED) -> tuple[Awaited, str]:
        """Read who is waited for, and what is to become of him; `takes` is told where that is not said."""
        fields = {} if isinstance(node.value, str) else node.fields(takes.partition(" takes ")[0], AWAITED)
        if "caller" not in fields or ("in" in fields) == ("hears" in fields):
            raise node.error(takes)
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
        if isinstance(node.value, list):
            raise node.error("one thing is heard after the other: write a step for each; 'hear only' takes lists")
        sound, said = self.sounds.sound(node)
        secret = isinstance(sound, KeysSound) or (isinstance(sound, PromptSound) and sound.slots)
        return sound, self.masked(said) if secret else said


def _kind(sound: Sound) -> str:
    match sound:
        case VoiceSound():
            return "a voice"
        case HoldMusic() | MusicSound():
            return "music"
        case Silence():
            return "silence"
        case KeysSound():
            return "digits"
        case _:
            return "a sound that is none"


def _one(node: YamlNode) -> list[YamlNode]:
    if isinstance(node.value, str) and "," in node.value:
        raise node.error(f"several sounds stand in brackets: [{node.value.strip()}]")
    return [node]


def _moment(node: YamlNode) -> tuple[int, int]:
    text = node.text("a moment")
    when, _, off = (part.strip() for part in text.replace("±", "+-").partition("+-"))
    if not when or not off:
        raise node.error(f"{text!r} is no moment: write when and how much it may be off, as in '31.4 s +- 20 ms'")
    return duration(node.elsewhere(node.line, when)), duration(node.elsewhere(node.line, off))


def _level(node: YamlNode, sound: Sound) -> tuple[float, float]:
    text = node.text("a level")
    if isinstance(sound, Silence | KeysSound | CodecSound):
        raise node.error("'level' is said of what sounds: a prompt, music, a tone, a voice")
    match = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?) ?(?:dBm0)? ?(?:\+-|±) ?([0-9]+(?:\.[0-9]+)?) ?(?:dB)?", text)
    if match is None:
        raise node.error(f"{text!r} is no level: write how loud, and how many dB it may be off, as in "
                         "'-16 dBm0 +- 3'")
    return float(match[1]), float(match[2])


def _within(fields: Mapping[str, YamlNode]) -> int:
    return duration(fields["within"]) if "within" in fields else WITHIN
