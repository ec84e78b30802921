"""What a call asks of the bridge: plain values, to be done in the order in which they are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """Write an entry into the journal."""

    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One prompt, what fills its slots, and its language."""

    prompt: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say these prompts one after the other.

    Attributes
    ----------
    cuts : bool
        Whether what is being said is cut first, or goes on to its end.
    """

    parts: tuple[Said, ...]
    cuts: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """Stop the prompt that is being said: a key was pressed."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Tell the call `quiet` after so many samples without a key; None: do not."""

    wait: int | None


@dataclass(frozen=True, slots=True)
class Music:
    """Play hold music once everything is said."""


@dataclass(frozen=True, slots=True)
class StartRecording:
    """Sound the tone if it is to `beep`, then record until it is long enough or nobody speaks; times in samples."""

    longest: int
    silence: int
    beep: bool = True


@dataclass(frozen=True, slots=True)
class EndRecording:
    """End the recording, and give the application what came of it."""


@dataclass(frozen=True, slots=True)
class KeepRecording:
    """End the recording, if any goes on, and give the application what there is: the call is elsewhere already."""


@dataclass(frozen=True, slots=True)
class StopRecording:
    """Drop the recording, if any goes on."""


@dataclass(frozen=True, slots=True)
class PlayBack:
    """Play what the application has under a name, and tell the call `said` at its end."""

    what: str


@dataclass(frozen=True, slots=True)
class Question:
    """Ask the application; it answers with the name of an exit, at once or later."""

    about: str


@dataclass(frozen=True, slots=True)
class Do:
    """Have the application do something; empty is what a caller wanted with keys that mean nothing."""

    command: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hand the call to somebody else."""

    to: str


@dataclass(frozen=True, slots=True)
class EndCall:
    """End the call from our side."""

Request = (Note | Speak | Cut | Listen | Music | StartRecording | EndRecording | KeepRecording | StopRecording
           | PlayBack | Question | Do | Transfer | EndCall)
