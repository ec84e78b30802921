"""The words of the scenario language, as tables: the reader goes by them, and so does what editors are told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ivr.conference.flow import STATES as CONFERENCE_STATES
from ivr.custom.own import OwnFile
from ivr.mailbox.states import STATES as MAILBOX_STATES
from ivr.scenario.desk.words import SECTIONS
from ivr.scenario.foreign.grammar import FOREIGN
from ivr.scenario.sounding import WORDS
from ivr.scenario.steps import RUNG
from ivr.scenario.table import TABLE
from prompts.voice import VARIANTS

STATES = tuple(dict.fromkeys((*CONFERENCE_STATES, *sorted(MAILBOX_STATES))))
ABOUT = ("title", "source", "tags", "skip")
MANY = ("vars", TABLE, "templates")
"""What is spelt out before a story is read."""
LIKE = ("like", "after", "every", "line", "voice")
"""What is said of callers who do what another does."""
REPEAT = ("repeat", "steps")
TOP = (*ABOUT, *MANY, "target", "dtmf", "ivr", "answers after", "profile", "languages", *SECTIONS, "meetings",
       "callers", "app", "participants", "expect")
TOP_OF_OWN = (*ABOUT, *MANY, "ivr", "answers after", "callers", "expect")
HEARD = WORDS
"""What a sound may be written with that is not one word."""

KEYS = "0123456789*#ABCD"
VOICES = tuple(variant.removeprefix("+") for variant in VARIANTS if variant)
"""In which callers can speak; the bridge has another one."""
AWAITED = ("caller", "in", "hears", "within")
"""What is said of a caller who is waited for."""

BESIDE = {**dict.fromkeys(("within", "for", "tone", "gap"), "length"),
          **dict.fromkeys(("whole", "begins", "cut", "early"), "yes"), "level": "level", "keys": "keys",
          "times": "text", "at": "text", "same tick as": "awaited", "while": "steps"}
"""What stands beside a step, or in it: one of `ivr.scenario.schema.KINDS`; anything else is text."""


@dataclass(frozen=True, slots=True)
class StepWord:
    """A step of a caller.

    Attributes
    ----------
    value : str
        What its value is: one of `ivr.scenario.schema.KINDS`; empty for a step that stands alone.
    beside : tuple of str
        What can stand beside it.
    inside : tuple of str
        What a mapping in the place of its value can hold.
    """

    value: str
    beside: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


STEPS: Mapping[str, StepWord] = {
    "dial": StepWord("", inside=("number", "from")),
    **dict.fromkeys(RUNG, StepWord("number")),
    **dict.fromkeys(FOREIGN, StepWord("line", ("within",))),
    "line": StepWord("bad line"),
    "voice": StepWord("own voice"),
    "wait": StepWord("length"),
    "wait for": StepWord("awaited", ("within",)),
    "press": StepWord("keys", ("tone", "gap", "level"), ("keys", "tone", "gap", "level")),
    "play": StepWord("file", inside=("file", "channel", "says")),
    "say": StepWord("text"),
    "hear": StepWord("sound", ("within", "for", "times", "at", "level", "same tick as", "whole", "begins", "cut",
                               "early"), HEARD),
    "hear only": StepWord("sounds", ("for", "while")),
    "not hear": StepWord("sound", ("for", "while"), HEARD),
    "in": StepWord("state", ("within",)),
    "hang up": StepWord(""),
    "presses": StepWord("keys", ("within",)),
    "replies": StepWord("length"),
    "yields": StepWord("length", ("within",)),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words a scenario may use that are known elsewhere: names of prompts, profiles and languages.

    Attributes
    ----------
    hosts : collection of str
        Those besides this machine whose apps an IVR of one's own may ask.
    at_url : OwnFile, optional
        An application at a URL that stories call: those that name nothing else, or another such application.
    given : mapping of str to str
        Values of variables, which count before a story's own.
    target : str
        A SIP URI that stories call, or "soundcard", whatever they name.
    rung : bool
        Whether somebody calls those of the story, who may have numbers.
    """

    prompts: Collection[str]
    profiles: Collection[str]
    languages: Collection[str] = ()
    hosts: Collection[str] = ()
    at_url: OwnFile | None = None
    target: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    rung: bool = False


def begun_by(text: str) -> str:
    """Return the step that a text begins with, of somebody who has forgotten a colon; empty if it is none."""
    return next((step for step in STEPS if text.startswith(f"{step} ")), "")
