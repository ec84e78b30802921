"""Every error of ours says by its class what the command ends with, or never comes as far as that."""

import re
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from dtmf.errors import AudioError, CannotRun, NoRoom
from ivr.cli.faults import UsageError, UserDeclined, code_of
from ivr.conference.profile import UnknownProfile
from ivr.directory.errors import BadPin, NewerDatabase, NotADatabase, Unusable
from ivr.lines.soundcard.errors import AmbiguousDevice, DeviceGone
from ivr.mail.errors import BadHeader
from ivr.scenario.errors import ScenarioError
from ivr.screen.showing import TooSmall
from prompts import BadPack, NoVoice

ROOT = Path(__file__).parents[3]
PACKAGES = ("ivr", "dtmf", "lobby", "prompts")
CAUGHT = {"Impossible", "NothingThere", "FieldRefused", "NoneOfThese", "NotHere", "Undelivered", "_ResetMeanwhile",
          "BadReply", "BadTwiml", "NoSamples", "_NoSound", "UnlikeError",
          # of what a page wants: it is told why not
          "NotNow",
          # of a test in Python, which pytest tells
          "NotTrue", "Slip", "StoryFailed",
          # of what comes over a network: it is answered or left out where it is read
          "BadDescription", "IntervalTooSmall", "Malformed", "NobodyThere", "NotReached", "Unacceptable",
          "Unframed", "Unreadable", "BadMessage", "Broken", "CallOver"}
"""What is caught where it is raised, or is a fault of the program."""


def errors():
    """Return all classes of errors in the sources."""
    found = {}
    for path in chain.from_iterable((ROOT / package).rglob("*.py") for package in PACKAGES):
        if re.search(r"^class \w+\(.*(Error|Exception)\b", path.read_text(encoding="utf-8"), re.MULTILINE):
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            found |= {name: each for name, each in vars(module).items() if isinstance(each, type)
                      and issubclass(each, Exception) and each.__module__ == module.__name__}
    return found


def test_errors_in_the_sources_then_each_has_an_exit_code_or_is_caught():
    without = {name for name, each in errors().items() if not hasattr(each, "exit_code")}
    assert without <= CAUGHT


@pytest.mark.parametrize(("error", "code"), [
    (UserDeclined("no"), 1), (UsageError("no"), 2), (ScenarioError(Path("a.yaml"), 1, "no"), 2),
    (AudioError("no"), 2),
    (BadPin("no"), 2), (NotADatabase("no"), 2), (BadHeader("no"), 2), (AmbiguousDevice("no"), 2),
    (UnknownProfile("no"), 2), (BadPack("no"), 2), (NoRoom("no"), 3), (NoVoice("no"), 3), (Unusable("no"), 3),
    (NewerDatabase("no"), 3), (TooSmall("no"), 3), (DeviceGone("no"), 3), (CannotRun("no"), 3),
    (ValueError("no"), None),
], ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value))
def test_error_when_it_ends_a_command_then_the_exit_code_is_its_classs(error, code):
    assert code_of(error) == code
