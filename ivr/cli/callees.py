"""Who answers where an IVR of one's own has a number dialled: --answers, --busy and --no-answer, as in a story."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ivr.cli.faults import UsageError
from ivr.custom.loading import IvrFileError
from ivr.custom.own import OwnFile
from ivr.live.callee import Callee
from ivr.reading import YamlNode
from ivr.scenario.own import rung
from ivr.scenario.stage import Stage
from ivr.scenario.steps import RUNG

Rung = Mapping[str, Sequence[str]]
"""By the word of a story, the numbers of which it was said."""

GREETING = "Hello, who is calling, please?"


def said_of_numbers(answers: Sequence[str] | None, busy: Sequence[str] | None, no_answer: Sequence[str] | None
                    ) -> Rung:
    """Return what was said of which numbers."""
    given = {"answers": answers, "busy": busy, "no answer": no_answer}
    return {word: given[word] or () for word in RUNG}


def option(word: str) -> str:
    """Return the option that is a word of a story."""
    return f"--{word.replace(' ', '-')}"


def by_option(who: Rung) -> dict[str, Sequence[str]]:
    """Return the numbers by the options with which they were given."""
    return {option(word): numbers for word, numbers in who.items()}


def callees(own: OwnFile, who: Rung, sounds: Stage) -> list[Callee]:
    """Return those who can be dialled.

    Raises
    ------
    IvrFileError
        If a number is none that is dialled there.
    UsageError
        If two things are said of one number.
    """
    found: dict[str, Callee] = {}
    for word, numbers in who.items():
        for number in numbers:
            step = rung(word, YamlNode(Path(option(word)), 0, number, IvrFileError), own)
            if step.number in found:
                raise UsageError(f"{option(word)} {step.number}: something is said of this number already: leave "
                                 "out one of them")
            greeting = sounds.studio.say(GREETING, sounds.voice_of(step.number))
            found[step.number] = Callee(step.number, RUNG[word], greeting)
    return list(found.values())
