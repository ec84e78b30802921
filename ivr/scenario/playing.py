"""How the step that plays a recording is read."""

from dtmf.channels import One
from ivr.reading import YamlNode
from ivr.scenario.steps import PlayStep
from ivr.scenario.values import channel_of, recording
from ivr.scenario.words import STEPS


def play_step(node: YamlNode) -> PlayStep:
    """Read which recording is played, and which channel of it."""
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
