"""What a scenario can ask a caller's ear for, and the answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromptSound:
    """A prompt of the catalogue; with `whole`, every piece of it to its end."""

    name: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class HoldMusic:
    """Hold music, at any position of its loop (A3.1)."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing above -50 dBm0, for so many seconds."""

    lasting_s: float = 0.5


@dataclass(frozen=True, slots=True)
class VoiceSound:
    """What the caller of this name says or plays; the tones of keys are no voice."""

    name: str


@dataclass(frozen=True, slots=True)
class Tone:
    """A short tone by name, such as the one for an arrival; always heard whole."""

    name: str


@dataclass(frozen=True, slots=True)
class RecordedSound:
    """What the caller of this name has said before, played again: a message, a greeting."""

    name: str


Sound = PromptSound | HoldMusic | Silence | VoiceSound | Tone | RecordedSound


@dataclass(frozen=True, slots=True)
class Match:
    """A sound was heard.

    Attributes
    ----------
    start, end : int
        The stretch that matched, in samples of the run's clock.
    at : int
        Sample at which so much had been heard that it was recognised.
    """

    start: int
    end: int
    at: int
