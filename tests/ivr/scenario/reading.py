"""Stories for tests of the language, read from text."""

from pathlib import Path

from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import Words, parse
from prompts import Prompts

FILE = Path("story.yaml")
WORDS = Words(Prompts().names(), PROFILES, ("en-US", "fr-FR", "zh-CN", "de-DE", "es-ES"))


def story(text):
    return parse(text, FILE, WORDS)


def steps(*lines):
    """The steps of a caller anna, beside a meeting 1234567 with the PIN 48215."""
    does = "".join(f"    - {line}\n" for line in lines)
    return story(f"meetings:\n  - conference id: 1234567\n    pin: 48215\ncallers:\n  anna:\n{does}"
                 ).callers[0].steps


def expect(*lines):
    return ("callers:\n  anna:\n    - dial\nmeetings:\n  - conference id: 1234567\nexpect:\n"
            + "".join(f"  - {line}\n" for line in lines))
