"""What a step names that is heard, or not: from the file to a `Sound`."""

import os
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from dtmf.keys import KEYS
from dtmf.reader.heads import FORMATS
from ivr.clock import samples
from ivr.custom.own import OwnFile
from ivr.reading import YamlNode, nearest
from ivr.scenario.lines import line_heard
from ivr.scenario.slotted import SLOTS, read_slots, written
from ivr.scenario.sounds import (
    CodecSound,
    HoldMusic,
    KeysSound,
    LineTone,
    MusicSound,
    PromptSound,
    RecordedSound,
    Silence,
    SomeSound,
    Sound,
    ToneSound,
    VoiceSound,
)
from ivr.scenario.steps import HeardLine
from ivr.scenario.values import duration, recording

CODECS = ("PCMU", "PCMA", "G722")
_A_WHILE = samples(2)
SOUNDS: dict[str, Sound] = {
    "hold-music": HoldMusic(), "silence": Silence(), "arrival-tone": ToneSound("arrival"),
    "departure-tone": ToneSound("departure"), "record-tone": ToneSound("record"), "ringback": LineTone("ringback"),
    "busy": LineTone("busy"), "beep": LineTone("beep"), "speech": SomeSound("speech", _A_WHILE),
    "music": SomeSound("music", _A_WHILE)}
WORDS = tuple(dict.fromkeys(("voice", "prompt", "recording", "language", "text", "music", "speech", "digits",
                             "codec", *SLOTS)))
"""What a sound may be written with that is not one word."""
_ONE_THING = ("what is heard is one thing: 'voice', 'prompt' or 'recording', or 'music', 'speech', 'digits' or "
              "'codec'")
_ONE_OF = ("voice", "prompt", "recording", "music", "speech", "digits", "codec")


@dataclass(slots=True)
class SoundReader:
    """Reads what is heard in one story.

    Attributes
    ----------
    beside : Path
        The folder that recordings are relative to.
    own : OwnFile, optional
        The IVR of one's own that is called.
    callers, prompts, languages, known : collections of str
        Names of callers and prompts, the languages that the bridge speaks, its first one first, and all there are.
    calls_out : bool
        Whether it is a foreign IVR that is called.
    participants : collection of str
        Who is heard besides callers.
    placed : callable
        Sees to it that placeholders name somebody.
    lines : dict of name to HeardLine
        What is heard that has no name of its own, as it is met.
    loops : dict of name to Path
        Music that is heard, as it is met.
    """

    beside: Path
    own: OwnFile | None
    callers: Collection[str]
    prompts: Collection[str]
    languages: tuple[str, ...]
    known: Collection[str]
    calls_out: bool = False
    participants: Collection[str] = ()
    placed: Callable[[str, YamlNode], str] = lambda text, _: text
    lines: dict[str, HeardLine] = field(default_factory=dict)
    loops: dict[str, Path] = field(default_factory=dict)

    def sound(self, node: YamlNode) -> tuple[Sound, str]:
        """Return what is heard, and how it is written."""
        if not isinstance(node.value, dict):
            return self._named(node)
        if "prompt" in node.value:
            return self._prompt(node)
        fields = node.fields("what is heard", WORDS)
        if wrong := next((word for word in fields if word in SLOTS and word not in _ONE_OF), ""):
            raise fields[wrong].error(f"{wrong!r} stands beside a prompt that says one: write 'prompt' too")
        again = list(fields) == ["recording"] and self._recorded(fields["recording"])
        if "text" in fields or ("recording" in fields and self.own is not None and not again):
            name, line = line_heard(fields, self.own, tuple(self.known))
            self.lines[name] = line
            return PromptSound(name), name
        found = [one for one in _ONE_OF if one in fields]
        if len(found) != 1:
            raise node.error(_ONE_THING)
        word, one = found[0], fields[found[0]]
        if "language" in fields:
            raise fields["language"].error(f"a {word} has no language: only a prompt has")
        match word:
            case "recording":
                return self._recording(one)
            case "voice":
                return VoiceSound(self._caller(one, word)), f"{{voice: {one.value}}}"
            case "digits":
                return self._digits(one)
            case "codec":
                return self._codec(one)
        if isinstance(one.value, str) and not one.value.strip():
            return self._named(one, word)
        if word == "speech":
            return SomeSound("speech", max(duration(one), _A_WHILE)), f"{{speech: {one.text('how much')}}}"
        name, path = recording(one)
        self.loops[name] = path
        return MusicSound(name), f"{{music: {name}}}"

    def _prompt(self, node: YamlNode) -> tuple[Sound, str]:
        """Read a prompt, its language, and what it says where it is not always the same."""
        fields = node.fields("what is heard")
        if "text" in fields or any(one in fields for one in _ONE_OF if one not in ("prompt", *SLOTS)):
            raise node.error(_ONE_THING)
        one = fields["prompt"]
        sound, said = self._in_language(one, fields["language"]) if "language" in fields else self.sound(one)
        given = {word: value for word, value in fields.items() if word not in ("prompt", "language")}
        if not given:
            return sound, said
        if not isinstance(sound, PromptSound):
            raise one.error(f"{said} is no prompt: it is the same each time")
        slots = read_slots(one.text("a prompt"), given, self.own, self.prompts, self.placed)
        told = "".join(f", {word}: {written(value)}" for word, value in given.items())
        known = said.strip("{}") if "{" in said else f"prompt: {said}"
        return PromptSound(sound.name, slots=slots), f"{{{known}{told}}}"

    def _caller(self, node: YamlNode, word: str) -> str:
        name = node.text(f"a {word}")
        if name not in self.callers and name not in self.participants:
            raise node.error(f"there is no caller {name!r}{nearest(name, [*self.callers, *self.participants])}")
        return name

    def _recorded(self, node: YamlNode) -> bool:
        """Tell whether a caller is meant and no file: a name that ends as one of sound is a file."""
        name = node.text("a recording")
        return name in self.callers and Path(name).suffix.lower() not in FORMATS

    def _recording(self, node: YamlNode) -> tuple[Sound, str]:
        """Read what a caller has said before, or a file."""
        name = node.text("a recording")
        if self._recorded(node):
            return RecordedSound(name), f"{{recording: {name}}}"
        if not os.path.isfile(node.path.parent / name):  # noqa: PTH113 - Path.is_file raises for a name that is too long
            raise node.error(f"there is no caller {name!r}{nearest(name, self.callers)}, and no such recording "
                             "beside the scenario")
        self.lines[name] = HeardLine(path=node.path.parent / name)
        return PromptSound(name), f"{{recording: {name}}}"

    def _digits(self, node: YamlNode) -> tuple[Sound, str]:
        keys = node.text("the digits")
        if not keys or (wrong := next((key for key in keys if key not in KEYS), "")):
            raise node.error(f"{wrong!r} is no digit: there are 0-9, *, # and A-D" if keys else
                             "'digits' needs some: write which")
        return KeysSound(keys), f"{{digits: {keys}}}"

    def _codec(self, node: YamlNode) -> tuple[Sound, str]:
        name = node.text("a codec")
        if name not in CODECS:
            raise node.error(f"there is no codec {name!r}{nearest(name, CODECS)}")
        if not self.calls_out:
            raise node.error("a codec is agreed on where a call goes out: name a 'target', or use 'ivr call'")
        return CodecSound(name), f"{{codec: {name}}}"

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

    def _named(self, node: YamlNode, word: str = "") -> tuple[Sound, str]:
        word = word or node.text("what is heard")
        if self.own is not None and word not in self.prompts and word not in SOUNDS and (
                file := self.own.played(word)):
            return PromptSound(file), word
        if word in self.callers and word not in self.prompts and word not in SOUNDS:
            raise node.error(f"{word!r} is a caller: to hear his voice, write {{voice: {word}}}")
        if word not in SOUNDS and word not in self.prompts:
            shown = re.sub(r"[0-9]{4,}", "...", word)
            raise node.error(f"there is no prompt or sound {shown!r}{nearest(word, [*self.prompts, *SOUNDS])}")
        return SOUNDS.get(word, PromptSound(word)), word
