"""A caller of a conference: a call, and what the conference knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.conference.commands import Command
from ivr.conference.profile import Profile
from ivr.engine.call import Call
from ivr.engine.keys import CallerCommands
from ivr.engine.sound import Samples


@dataclass(slots=True, eq=False, kw_only=True)
class Caller(Call):
    """A call that the conference has.

    Attributes
    ----------
    profile : Profile
        The bridge's, then that of the meeting which the call has reached.
    conference_id : str
        The last ID entered in full: the meeting the call has reached, or asks for; else empty.
    meeting : str
        The key of the meeting the call has reached (`ivr.questions.Found`); else empty.
    authenticated : bool
        Whether the organizer's PIN was given in this call (A2.10).
    display_name : str
        The organizer's, once his PIN was right (A4.5).
    name : int16 array [shape=(n,)] or None
        The caller's recorded name (A4.7).
    name_asked : bool
        Whether he has been asked for it.
    """

    profile: Profile
    conference_id: str = ""
    meeting: str = ""
    authenticated: bool = False
    display_name: str = ""
    name: Samples | None = field(default=None, repr=False)
    name_asked: bool = False

    @property
    def command_keys(self) -> Mapping[Command, str]:
        """The keys that mean something in the meeting: the operator's only if there is one (A5, C13)."""
        keys = self.profile.keys
        return keys if self.profile.operator else {c: own for c, own in keys.items() if c is not Command.OPERATOR}

    @property
    def wants_name(self) -> bool:
        """Whether the caller has yet to be asked for his name (A4.4, A4.5)."""
        return self.profile.asks_names and not self.authenticated and not self.name_asked

    def keys(self) -> CallerCommands:
        """Return the commands that he has in the meeting."""
        keys = {command.value: keys for command, keys in self.command_keys.items()}
        return CallerCommands(self.profile.command_key, keys, self.profile.key_timeout)

    def slots(self) -> Mapping[str, Any]:
        """Return what fills the slots of prompts."""
        return {"conference_id": self.conference_id, "keys": self.profile.language_key}
