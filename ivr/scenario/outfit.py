"""How steps are read that say what a caller sounds like: what he plays, his voice, his line."""

from collections.abc import Callable, Mapping

from dtmf.channels import One
from ivr.reading import YamlNode, nearest
from ivr.scenario.badline import story_line, written
from ivr.scenario.steps import LineStep, PlayStep, Step, VoiceStep
from ivr.scenario.values import channel_of, recording
from ivr.scenario.words import STEPS, VOICES


def _play(node: YamlNode, _: dict[str, YamlNode]) -> PlayStep:
    channel: One = None
    says = ""
    if isinstance(node.value, dict):
        what = node.fields("the step 'play'", STEPS["play"].inside)
        if "file" not in what:
            raise node.error("the step 'play' needs 'file': write which recording")
        node, says = what["file"], what["says"].text("what is said") if "says" in what else ""
        channel = channel_of(what["channel"]) if "channel" in what else None
    name, path = recording(node)
    said = name if channel is None else f"{{file: {name}, channel: {channel}}}"
    return PlayStep(line=node.line, said=f"play: {said}", path=path, channel=channel, says=says)


def _voice(node: YamlNode, _: dict[str, YamlNode]) -> VoiceStep:
    voice = node.text("a voice")
    if voice not in VOICES:
        raise node.error(f"there is no voice {voice!r} to speak in{nearest(voice, VOICES)}")
    return VoiceStep(line=node.line, said=f"voice: {voice}", voice=voice)


def _line(node: YamlNode, _: dict[str, YamlNode]) -> LineStep:
    return LineStep(line=node.line, said=f"line: {written(node)}", way=story_line(node))


OF_OWN_SOUND: Mapping[str, Callable[[YamlNode, dict[str, YamlNode]], Step]] = {
    "play": _play, "voice": _voice, "line": _line}
"""What reads each of these steps."""
