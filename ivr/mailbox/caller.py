"""A caller of voice mail: a call, and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ivr.engine.call import Call
from ivr.mailbox.playing import Playback
from ivr.voicemail import Agenda, Appointment, DialPlan, GreetingKind, Mailbox, Samples, State, VoiceMessage

Purpose = Literal["leave", "reply", "forward", "send", "greeting"]


@dataclass(slots=True)
class OpenRecording:
    """What is being recorded.

    Attributes
    ----------
    purpose : Purpose
    to : tuple of Mailbox
        Whose mailboxes it is for.
    kind : GreetingKind
        Of a greeting.
    """

    purpose: Purpose = "leave"
    to: tuple[Mailbox, ...] = ()
    kind: GreetingKind = "standard"
    important: bool = False
    private: bool = False
    parts: list[Samples] = field(default_factory=list, repr=False)

    @property
    def samples(self) -> Samples:
        """All that was recorded. int16 array [shape=(n,)]."""
        return np.concatenate([np.zeros(0, np.int16), *self.parts])


@dataclass(slots=True, eq=False, kw_only=True)
class MailCaller(Call):
    """A call that voice mail has.

    Attributes
    ----------
    plan : DialPlan
        By which his call goes.
    box : Mailbox or None
        Whose mailbox is meant; once `signed_in`, his own.
    callee : Mailbox or None
        Who is called, and for whom a message is left.
    number_asked : bool
        Whether it is known whose the number is that he dialled.
    with_pin : bool
        Whether he has given his PIN (F1.14).
    forced : bool
        Whether he has to change it before anything else (F1.10).
    pin, new_pin : str
        The one he has given, and the one he wants.
    agenda : Agenda or None
        What is there for him.
    messages : list of VoiceMessage
        What he listens to, in order; `at` is where he is in it.
    states : dict of number to State
        How he has left messages in this call.
    found : tuple of Mailbox
        Whom he has spelt; `at_person` is where he is in it.
    appointment : int
        Where he is in his calendar.
    to_call : str
        The number that he is to be connected to.
    inside : bool
        Whether that is an extension: if it is nobody's, nobody outside has it either.
    to_dial : list of str
        By which numbers that has yet to be tried.
    operator : str
        The extension of the operator of the attendant that he has called; empty if it has none of its own.
    words : dict
        What fills the slots of prompts.
    """

    plan: DialPlan = field(default_factory=DialPlan, repr=False)
    box: Mailbox | None = None
    callee: Mailbox | None = None
    number_asked: bool = False
    signed_in: bool = False
    with_pin: bool = False
    forced: bool = False
    pin: str = field(default="", repr=False)
    new_pin: str = field(default="", repr=False)
    agenda: Agenda | None = None
    messages: list[VoiceMessage] = field(default_factory=list)
    at: int = 0
    states: dict[int, State] = field(default_factory=dict)
    sound: Samples = field(default_factory=lambda: np.zeros(0, np.int16), repr=False)
    listening: Playback | None = field(default=None, repr=False)
    draft: OpenRecording = field(default_factory=OpenRecording)
    found: tuple[Mailbox, ...] = ()
    at_person: int = 0
    appointment: int = 0
    to_call: str = ""
    inside: bool = False
    to_dial: list[str] = field(default_factory=list)
    operator: str = ""
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def own(self) -> Mailbox:
        """The mailbox that is meant; there is one wherever this is asked."""
        if self.box is None:
            raise LookupError(f"call {self.serial}: no mailbox is meant yet")
        return self.box

    @property
    def meetings(self) -> tuple[Appointment, ...]:
        """The meetings that he has ahead of him."""
        return self.agenda.meetings if self.agenda is not None else ()

    @property
    def message(self) -> VoiceMessage:
        """The message that he is at."""
        return self.messages[self.at]

    @property
    def person(self) -> Mailbox:
        """Whom he has spelt, and is at."""
        return self.found[self.at_person]

    def slots(self) -> Mapping[str, Any]:
        """Return what fills the slots of prompts."""
        return self.words
