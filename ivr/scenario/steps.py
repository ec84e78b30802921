"""A scenario as values: what the file says, checked and with units brought to samples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dtmf.channels import One
from ivr.clock import samples
from ivr.conference.profile import DEFAULT, PROFILES, Profile
from ivr.custom.own import OwnFile
from ivr.engine.ports import Signal
from ivr.scenario.badline import StoryLine
from ivr.scenario.desk.words import Founding
from ivr.scenario.expectations import Expectation
from ivr.scenario.leading import AgentAt, is_live
from ivr.scenario.sounds import Sound
from ivr.scenario.target import CardTarget

WITHIN = samples(30)
"""How long is waited for something, where a story says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing a caller does or waits for.

    Attributes
    ----------
    line : int
        Its line in the file.
    said : str
        The step as written, PINs masked.
    """

    line: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial(Step):
    """Call the bridge.

    Attributes
    ----------
    number, phone : str
        What is dialled, and the caller's own number, as in "+14255550100"; empty where the bridge knows none.
    """

    number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RungStep(Step):
    """Have a number, wait until it is dialled, and answer, be busy, or let it ring.

    Attributes
    ----------
    word : str
        One of `RUNG`.
    """

    word: str
    number: str


RUNG: Mapping[str, Signal | None] = {"answers": Signal.ANSWER, "busy": Signal.DECLINE, "no answer": None}
"""What somebody does whose own line rings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit(Step):
    """Have something from here on; it takes no time, and no call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStep(Outfit):
    """Have a line from here on that does something to sound."""

    way: StoryLine


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceStep(Outfit):
    """Say things in this voice from here on, one of `ivr.scenario.words.VOICES`."""

    voice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpStep(Step):
    """End the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Step):
    """Do nothing for so many samples."""

    lasting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Step):
    """Press keys, one after the other; lengths in ms, level in dBm0 a tone.

    The keys may hold placeholders, which become digits when they are pressed.
    """

    keys: str = field(repr=False)
    tone_ms: float
    gap_ms: float
    level_dbm0: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayStep(Step):
    """Play a recording into the line: one channel of it, from 0, "mix", or None for the one with keys.

    Attributes
    ----------
    says : str
        The words in it, for who cannot understand them.
    """

    path: Path
    channel: One = None
    says: str = field(default="", repr=False)  # it may tell a PIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SayStep(Step):
    """Say a text in the caller's voice."""

    text: str = field(repr=False)  # it may tell a PIN


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is to become of a caller: the state his call is in, or else a sound that he hears."""

    caller: str
    state: str = ""
    sound: Sound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hear(Step):
    """Wait until a sound is heard.

    Attributes
    ----------
    begins : bool
        Whether it is enough that a prompt was heard from its beginning on: otherwise it is judged in the end
        whether all of it was, unless the caller himself has cut it short.
    cut : bool
        Whether a prompt must not have been said to its end.
    lasting : int
        How long music has to go on without a break, in samples.
    at : tuple of int, optional
        When it has to begin, and how many samples it may be off.
    same_tick : Awaited, optional
        What another caller has to hear in the same tick.
    early : bool
        Whether it has to be heard before the call is answered.
    level : tuple of float, optional
        How loud it has to be, in dBm0, and how many dB it may be off.
    before, times : int
        How often it was heard before, where it has to be heard so many times.
    """

    sound: Sound
    within: int
    before: int = 0
    times: int = 1
    lasting: int = 0
    begins: bool = False
    cut: bool = False
    at: tuple[int, int] | None = None
    same_tick: Awaited | None = None
    early: bool = False
    level: tuple[float, float] | None = None


OF = " of "
"""Stands between the number of a time and that of all times, once the story is spelt out."""
BEGINS, ENDS = "(begins)", "(ends)"
"""Where a stretch begins and ends in which something is not heard, once the story is spelt out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHear(Step):
    """Make sure that a sound is not heard for so many samples.

    Attributes
    ----------
    stretch : str
        Whether a stretch begins here, or ends, in which it must not be heard: `BEGINS` or `ENDS`.
    """

    sound: Sound
    lasting: int
    stretch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearOnly(Step):
    """Make sure that nothing but these sounds and silence is heard so long; `stretch` is that of `NotHear`."""

    sounds: tuple[Sound, ...]
    lasting: int
    stretch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class In(Step):
    """Wait until the call is in a state."""

    state: str
    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(Step):
    """Wait until another caller is somewhere, or hears something."""

    awaited: Awaited
    within: int


@dataclass(frozen=True, slots=True)
class HeardLine:
    """Something that is heard and has no name: a text in a language, or a recording."""

    text: str = ""
    language: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class StoryCaller:
    """One caller and what he does.

    Attributes
    ----------
    agent : AgentAt, optional
        Who leads his line; then the steps say what is expected of him.
    silent_at_most : int
        For how many samples nobody may say anything in his call; 0 for as long as they like.
    """

    name: str
    line: int
    steps: tuple[Step, ...]
    agent: AgentAt | None = None
    silent_at_most: int = 0


@dataclass(frozen=True, slots=True)
class StoryMeeting:
    """One meeting of the scenario's own directory.

    Attributes
    ----------
    conference_id : str
        Empty for one that the desk draws.
    pin : str
        Its organizer's; at the desk empty if he is listed by himself.
    options : mapping
        What the meeting has otherwise than the profile, by names of its fields.
    """

    conference_id: str
    line: int
    pin: str = field(repr=False)
    organizer: str
    anyone_may_start: bool
    started_in_app_at: int | None
    name: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppStep:
    """One thing that happens in the app.

    Attributes
    ----------
    target : str
        The meeting's ID or the caller's name that is meant.
    more : str
        Who joins or leaves; what is said.
    path : Path, optional
        What is played.
    awaited : Awaited, optional
        What is waited for.
    lasting : int
        How long is waited, or waited for it at the most.
    """

    line: int
    said: str
    word: str
    target: str = ""
    more: str = ""
    lasting: int = 0
    awaited: Awaited | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody with the app who has a voice, and what he does."""

    name: str
    line: int
    steps: tuple[AppStep, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole story.

    Attributes
    ----------
    profile : str
        The profile's name, or its file.
    desk : Founding, optional
        None for a story whose meetings need no desk.
    product : Profile
        The profile, with the languages that the story asks for.
    spoken : tuple of str
        Languages that can be heard: those of the product, and of the numbers that are added.
    app : tuple of AppStep
        What goes on in the app.
    participants : tuple of Participant
        Who is in meetings with the app and can be heard.
    slow : mapping of path to int
        How many samples an application at a URL takes to answer; "" is any other path.
    lines : mapping of name to HeardLine
        What callers hear that such an application says, and recordings.
    loops : mapping of name to path
        Music that callers hear.
    own : OwnFile, optional
        The IVR that is called instead of the product.
    target : str
        The SIP URI that is called, instead of anything of ours, or "soundcard"; empty if nothing is.
    card : CardTarget, optional
        The sound card that is called.
    dtmf : str
        How keys go there: "events", "info" or "audio"; empty for the best that the other side takes.
    tags : tuple of str
        Words by which it is chosen.
    skip : str
        Why it is not to be played; empty for one that is.
    row : str
        Which row of its table it is; empty if it has none.
    """

    path: Path
    title: str
    source: str
    profile: str
    meetings: tuple[StoryMeeting, ...]
    callers: tuple[StoryCaller, ...]
    expect: tuple[Expectation, ...]
    desk: Founding | None = None
    product: Profile = PROFILES[DEFAULT]
    spoken: tuple[str, ...] = ()
    app: tuple[AppStep, ...] = ()
    participants: tuple[Participant, ...] = ()
    own: OwnFile | None = None
    slow: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, HeardLine] = field(default_factory=dict)
    loops: Mapping[str, Path] = field(default_factory=dict)
    target: str = ""
    card: CardTarget | None = None
    dtmf: str = ""
    tags: tuple[str, ...] = ()
    skip: str = ""
    row: str = ""

    @property
    def asks_outside(self) -> bool:
        """Whether something outside of the simulation is asked, which may answer otherwise the next time."""
        own = self.own
        asks = own is not None and (own.twiml is not None or bool(own.duties.inquiries))
        return bool(self.target) or asks or is_live(one.agent for one in self.callers)
