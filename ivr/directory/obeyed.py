"""What calls go by of the administrator's settings and policies: parameters as fields of a call's profile.

Only what is set counts; what is not set is the profile's own, for the product that is called may be another than
the one whose desk this is.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from ivr.conference.commands import Command
from ivr.conference.profile import PROFILES
from ivr.directory.office import SETTINGS, Office
from ivr.directory.parameters import GROUPS, Value
from ivr.directory.tables import OrganizerRow

Parameter = tuple[str, str]

FIELDS: Mapping[Parameter, str] = {
    (SETTINGS, "entry-exit-notifications"): "announcements",                  # A4.1
    (SETTINGS, "entry-exit-announcements"): "announce_with",                  # A4.2
    (SETTINGS, "name-recording"): "name_recording",                           # A4.4
    ("meeting", "dial-in-bypass"): "dial_in_bypass",                          # A3.8
    ("meeting", "auto-admit"): "who_bypasses",                                # A3.9, A3.10
    ("joining", "name-recording"): "name_recording",
    ("joining", "entry-exit-notifications"): "announcements",                 # C7
    ("joining", "entry-exit-announcements"): "announce_with",
    ("meetings", "dial-in-bypass"): "dial_in_bypass",                         # C12
    ("keys", "command"): "command_key",                                       # A5
    ("keys", "operator"): "operator",
}
"""Group and name of a parameter -> the field of a meeting's profile that it sets."""

STARTS: frozenset[Parameter] = frozenset({("meeting", "anonymous-start"), ("joining", "start-without-pin")})
"""What lets callers without a PIN be first in a meeting, as an organizer's own switch does (A2.2, A2.6, A3.7)."""

COMMANDS: Mapping[str, Command] = {
    "help": Command.HELP, "roll-call": Command.ROLL_CALL, "mute-audience": Command.MUTE_ALL,
    "mute-self": Command.MUTE, "lock": Command.LOCK, "admit-all": Command.ADMIT_ALL,
    "announcements": Command.ANNOUNCEMENTS}
"""Name of a key's parameter -> the command."""


def options_of(office: Office, session: Session, organizer: OrganizerRow) -> tuple[dict[str, Any], bool]:
    """Return what an organizer's meetings have otherwise than the profile, and if anyone may start them."""
    groups = office.administration(session).groups | {SETTINGS}
    options: dict[str, Any] = {}
    anyone = organizer.pstn_only
    # the bridge's settings first: what a policy says is narrower
    for group in (name for name in GROUPS if name in groups):
        values = office.set_for(session, group, organizer)
        for name, value in values.items():
            if (group, name) in FIELDS:
                options[FIELDS[group, name]] = "" if value is None else value
            anyone = anyone or ((group, name) in STARTS and bool(value))
        if group == "keys" and COMMANDS.keys() & values.keys():
            options["keys"] = _keys(values)
    return options, anyone


def _keys(values: Mapping[str, Value]) -> dict[Command, str]:
    keys = dict(PROFILES["sfbserver"].keys)
    for name, command in COMMANDS.items():
        if name in values:
            keys.pop(command, None)
            if values[name] is not None:
                keys[command] = str(values[name])
    return keys
