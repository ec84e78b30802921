"""What people in a story will say, and in which voice, before they do: an engine takes longer than a tick."""

from collections.abc import Iterable, Iterator

from ivr.scenario.stage import Stage
from ivr.scenario.steps import SayStep, Scenario, Step, VoiceStep


def chosen(step: VoiceStep, own: str) -> str:
    """Return the voice that somebody takes instead of his own, in his language."""
    return f"{own.partition('+')[0]}+{step.voice}"


def said_in(steps: Iterable[Step], own: str) -> Iterator[tuple[str, str]]:
    """Return each text that a caller says, and the voice in which he does."""
    voice = own
    for step in steps:
        if isinstance(step, VoiceStep):
            voice = chosen(step, own)
        elif isinstance(step, SayStep):
            yield step.text, voice


def rehearse(scenario: Scenario, stage: Stage) -> None:
    """Have all ready that people in a story say."""
    for caller in scenario.callers:
        for text, voice in said_in(caller.steps, stage.voice_of(caller.name)):
            stage.studio.say(text, voice)
    for one in scenario.participants:
        for step in one.steps:
            if step.word == "say":
                stage.studio.say(step.more, stage.voice_of(one.name))
