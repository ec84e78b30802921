"""With what the stories of a run are played."""

import functools
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ivr.cli.faults import UsageError
from ivr.cli.kit import prompts
from ivr.conference.profile import PROFILES
from ivr.custom.loading import Known, at_url
from ivr.reading import BadFile, nearest
from ivr.scenario.grammar import load
from ivr.scenario.variables import NAME
from ivr.scenario.words import Words
from prompts import languages

_PREFIX = "IVR_VAR_"
"""How variables of stories begin in the environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what all stories of a run are played, and what is to become of them.

    Attributes
    ----------
    product : str
        A profile for all of them; empty for each one's own.
    hosts : tuple of str
        Those besides this machine whose apps may be asked.
    twiml : str
        The URL of an application that they call; empty for each one's own.
    status : str
        The URL that such an application has told when a call is over.
    update : bool
        Whether journals beside stories are written anew.
    report : Path, optional
        Where each has a folder.
    audio : bool
        Whether pages hold the sound.
    keep : str
        Whose folders and whose sound are kept: "all", "failed", or "" for all folders and the sound of failures.
    page : bool
        Whether a page of all of them is made.
    retries : int
        How often one that fails is played again.
    flaky_allowed : bool
        Whether a story is forgiven that fails and then comes true: only if it asks something outside of the
        simulation, for any other is the same each time.
    compared : bool
        Whether one run of a story is compared with another.
    given : tuple of (str, str)
        Values of variables of stories; those of the environment stand behind them.
    """

    voice_pack: Path | None = None
    product: str = ""
    hosts: tuple[str, ...] = ()
    twiml: str = ""
    status: str = ""
    update: bool = False
    report: Path | None = None
    audio: bool = True
    keep: str = ""
    page: bool = False
    retries: int = 0
    flaky_allowed: bool = False
    compared: bool = False
    given: tuple[tuple[str, str], ...] = ()


@functools.cache
def words_of(means: Means) -> Words:
    """Return the words that stories may use."""
    return Words(prompts(means.voice_pack).names(), PROFILES, languages(), means.hosts,
                 at_url(means.twiml, Known.with_hosts(*means.hosts), means.status) if means.twiml else None,
                 given={**_of_environment(), **dict(means.given)})


def settings(typed: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return variables and their values, of what was typed as NAME=VALUE."""
    given = [one.partition("=") for one in typed]
    if wrong := next((one for one in given if not one[1] or not re.fullmatch(NAME, one[0])), None):
        # what stands there may be a PIN
        raise UsageError(f"--set {wrong[0] if wrong[1] else '****'}: write NAME=VALUE, as in --set id=1234567")
    return tuple((name, value) for name, _, value in given)


class _Asked(dict[str, str]):
    """Values of variables, and which stories have asked for any."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


def check_given(means: Means, paths: Iterable[Path]) -> None:
    """See that every variable that was given is one of some story.

    Raises
    ------
    UsageError
        If not: a slip would leave the value that the story has by itself.
    """
    if not means.given:
        return
    asked = _Asked(dict(means.given))
    words = replace(words_of(means), given=asked)
    for path in paths:
        with suppress(BadFile):  # which is told of when it is played
            load(path, words)
    for name, _ in means.given:
        if name not in asked.names:
            raise UsageError(f"--set {name}=...: no story here has a variable {name!r}"
                             f"{nearest(name, asked.names) if asked.names else ': name it under vars'}")


def _of_environment() -> dict[str, str]:
    return {name.removeprefix(_PREFIX): value for name, value in os.environ.items() if name.startswith(_PREFIX)}
