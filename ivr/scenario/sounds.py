"""What a scenario can ask a caller's ear for, and the answer."""

from dataclasses import dataclass, field

from prompts.slots import SlotKind


@dataclass(frozen=True, slots=True)
class Slot:
    """What a slot of a prompt is to hold.

    Attributes
    ----------
    kind : SlotKind, optional
        How it is said; None for a variable of an IVR of one's own.
    values : tuple of str
        What it holds; several are names. A name is that which the caller of this name has recorded, a prompt such
        as "a-caller", or a text.
    """

    name: str
    kind: SlotKind | None
    values: tuple[str, ...] = field(repr=False)  # digits that are read out may be a PIN


@dataclass(frozen=True, slots=True)
class PromptSound:
    """A prompt of the catalogue; with `whole`, every piece of it to its end; with `slots`, with these in it."""

    name: str
    whole: bool = False
    slots: tuple[Slot, ...] = ()


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
class ToneSound:
    """A short tone by name, such as the one for an arrival; always heard whole."""

    name: str


@dataclass(frozen=True, slots=True)
class RecordedSound:
    """What the caller of this name has said before, played again: a message, a greeting."""

    name: str


@dataclass(frozen=True, slots=True)
class LineTone:
    """What a telephone line tells: "ringback", "busy" or "beep"."""

    name: str


@dataclass(frozen=True, slots=True)
class SomeSound:
    """Whatever "speech" or "music", so many samples of it."""

    kind: str
    lasting: int


@dataclass(frozen=True, slots=True)
class MusicSound:
    """The music of a recording, at any position of it."""

    name: str


@dataclass(frozen=True, slots=True)
class KeysSound:
    """These keys, one after the other: as tones, or beside the sound."""

    keys: str


@dataclass(frozen=True, slots=True)
class CodecSound:
    """How sound is coded that comes over a network: no sound itself."""

    name: str


Sound = (PromptSound | HoldMusic | Silence | VoiceSound | ToneSound | RecordedSound | LineTone | SomeSound
         | MusicSound | KeysSound | CodecSound)


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
