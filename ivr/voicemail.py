"""What voice mail asks of the directory, and the answers, which take their time: plain values, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

State = Literal["new", "read", "deleted"]
"""Of a message, for its owner."""

GreetingKind = Literal["standard", "away"]
"""Of a recorded greeting: the one for every day, and the one for when its owner is away."""

Action = Literal["extension", "message", "attendant", "operator", "location", "hours", "file"]
"""What a key of an auto attendant does (F5)."""


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """A key of an auto attendant.

    Attributes
    ----------
    key : str
        1 to 9, 0, or "timeout".
    argument : str
        The extension, the attendant, or the file.
    label : str
        What it is called to callers; empty: it is not told.
    """

    key: str
    action: Action
    argument: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Attendant:
    """An auto attendant (F5).

    Attributes
    ----------
    open_keys, closed_keys : tuple of KeyChoice
    location, hours : str
        What keys for them tell; empty if it is not known.
    greeting, closed_greeting : int16 array [shape=(n,)] or None
        Recordings that callers are greeted with.
    files : mapping of name to int16 array [shape=(n,)] or None
        Recordings that keys play.
    """

    name: str
    open_keys: tuple[KeyChoice, ...] = ()
    closed_keys: tuple[KeyChoice, ...] = ()
    operator: str = ""
    by_name: bool = True
    location: str = ""
    hours: str = ""
    greeting: Samples | None = field(default=None, repr=False, compare=False)
    closed_greeting: Samples | None = field(default=None, repr=False, compare=False)
    files: Mapping[str, Samples | None] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class DialPlan:
    """How callers reach voice mail, and for how long (F1); times in seconds.

    Attributes
    ----------
    name : str
        Empty: that of the whole desk.
    longest_greeting : int
        Of any mailbox.
    operator : str
        The extension of a person; empty where there is none (F1.7).
    search_by, search_by_second : str
        How a name is spelt: "last-first", "first-last", "address" or, of the second, "none" (F1.15).
    welcome, announcement : int16 array [shape=(n,)] or None
        Recordings that callers hear first (F1.1, F1.2).
    announcement_cut : bool
        Whether a key cuts the announcement short.
    attendants : mapping of name to Attendant
        The one of the empty name is that of the whole desk.
    """

    name: str = ""
    extension_digits: int = 5
    sign_in_failures: int = 3
    input_failures: int = 3
    longest_call: int = 1800
    longest_recording: int = 1200
    recording_silence: int = 5
    longest_greeting: int = 300
    operator: str = ""
    search_by: str = "last-first"
    search_by_second: str = "address"
    language: str = "en-US"
    welcome: Samples | None = field(default=None, repr=False, compare=False)
    announcement: Samples | None = field(default=None, repr=False, compare=False)
    announcement_cut: bool = True
    attendants: Mapping[str, Attendant] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox, as far as callers are concerned.

    Attributes
    ----------
    key : int
        By which the directory knows it.
    extension, phone : str
        Its owner's; empty where there is none.
    away : bool
        Whether the greeting for absence is on.
    pinless : bool
        Whether its voice messages are open without the PIN from its owner's own phone (F1.14).
    longest_greeting : int
        Seconds (F1.12).
    hours_24 : bool
        Whether moments are told by a clock of 24 hours.
    zone : int
        What its owner's zone has on UTC, in minutes.
    now : str
        What time it is there, in words of its owner's language.
    """

    key: int
    name: str
    extension: str
    phone: str = ""
    language: str = ""
    away: bool = False
    pinless: bool = False
    longest_greeting: int = 300
    hours_24: bool = True
    zone: int = 0
    now: str = ""


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """A message as it is listed.

    Attributes
    ----------
    sender : str
        A name, or a telephone number; empty if neither is known.
    sender_box, sender_extension, sender_phone
        Where to reply to, and which number to call; 0 and empty if that is not known.
    sent : str
        When it was left, in words of its owner's language.
    seconds : int
    others : tuple of Mailbox
        Who has got the same, besides its owner; they have a mailbox still.
    """

    number: int
    sender: str
    sender_box: int
    sender_extension: str
    sender_phone: str
    sent: str
    seconds: int
    state: State
    important: bool = False
    private: bool = False
    others: tuple[Mailbox, ...] = ()


@dataclass(frozen=True, slots=True)
class WhichPlan:
    """How do callers reach voice mail now? `DialPlan`.

    Attributes
    ----------
    name : str
        Of a dial plan; empty: that of the whole desk, or the attendant's.
    attendant : str or None
        The attendant that was called; only for one `DialPlan.attendants` are told.
    """

    name: str = ""
    attendant: str | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """Is this attendant open now? "open", "closed", or "holiday"."""

    attendant: str


@dataclass(frozen=True, slots=True)
class Find:
    """Which mailbox of a dial plan has this extension, or else is of who has this number? `Mailbox` or None."""

    extension: str = ""
    phone: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Spelt:
    """Who of a dial plan is spelt so on a keypad? A tuple of `Mailbox`, in the order of names."""

    keys: str
    by: str = "last-first"
    plan: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Is this the PIN of the mailbox? `SignedIn`."""

    box: int
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What came of a try at a PIN.

    Attributes
    ----------
    reason : str
        "reset" is a wrong one at which the system has made a new one and mailed it (F2).
    due : str
        Why the PIN must be changed first: "first-use", "expired", "too-short" or "".
    """

    reason: Literal["right", "wrong", "locked", "reset"]
    due: str = ""


@dataclass(frozen=True, slots=True)
class ChangePin:
    """Let the owner, who knows his PIN, have another one. The rule that forbids it, if any.

    It is "old" where the old one does not hold any more, and empty if it is done.
    """

    box: int
    old: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Today:
    """What is there for the owner of a mailbox? `Agenda`."""

    box: int


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting in somebody's calendar.

    Attributes
    ----------
    starts : str
        When it begins, in words of its owner's language.
    day : str
        Of its owner's zone: meetings of one day have the same.
    subject, conference_id : str
        Empty if it has none.
    """

    starts: str
    day: str
    subject: str = ""
    conference_id: str = ""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is told after a sign-in (F1.8).

    Attributes
    ----------
    messages : tuple of VoiceMessage
        New ones first, each of both from the oldest to the latest.
    meetings : tuple of Appointment
        Those to come, in order.
    """

    mailbox: Mailbox
    messages: tuple[VoiceMessage, ...] = ()
    meetings: tuple[Appointment, ...] = ()

    @property
    def meeting(self) -> str:
        """When the next meeting is, in words; empty if there is none."""
        return self.meetings[0].starts if self.meetings else ""


@dataclass(frozen=True, slots=True)
class WhatIsSaid:
    """What is said in a message? Samples."""

    message: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep a message in another state. How many new ones there are now."""

    message: int
    state: State


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a message in mailboxes. `Left`.

    Attributes
    ----------
    boxes : tuple of int
        Each gets one of its own; who has one knows of the others (F4, reply to all).
    sender_box : int
        Of a sender who has signed in; 0 for others.
    """

    boxes: tuple[int, ...]
    samples: Samples = field(repr=False)
    phone: str = ""
    sender_box: int = 0
    important: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What came of a message.

    Attributes
    ----------
    new : dict of int to int
        How many new ones each mailbox has now that it was left in; one that is there no more is missing.
    """

    new: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class HearGreeting:
    """What does a mailbox greet callers with? Samples; None where nothing was recorded."""

    box: int
    kind: GreetingKind


@dataclass(frozen=True, slots=True)
class KeepGreeting:
    """Greet callers with this. True."""

    box: int
    kind: GreetingKind
    samples: Samples = field(repr=False)


@dataclass(frozen=True, slots=True)
class Prefer:
    """Have what an owner has set otherwise. `Mailbox`."""

    box: int
    away: bool | None = None
    hours_24: bool | None = None
    zone: int | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no answer now: what is asked is out of order. It may be the answer to any question."""


MailQuestion = (Find | Spelt | SignIn | ChangePin | Today | WhatIsSaid | Keep | Leave | HearGreeting | KeepGreeting
                | Prefer | Reception | WhichPlan)
MailAnswer = (Mailbox | tuple[Mailbox, ...] | SignedIn | Agenda | Samples | Failed | DialPlan | Left | str | int
              | bool | None)


class VoiceMail(Protocol):
    """The directory's mailboxes."""

    def ask(self, call: int, about: str, question: MailQuestion) -> None:
        """Ask for a call; `about` comes back with the answer."""

    def answers(self) -> Iterable[tuple[int, str, MailAnswer]]:
        """Hand over, once, the answers that have come: the call, `about`, and the answer."""

    def awaits(self) -> bool:
        """Tell whether anything has yet to be answered."""
