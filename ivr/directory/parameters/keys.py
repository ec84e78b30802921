"""Which keys a caller presses in a meeting on a server (A5)."""

from collections.abc import Mapping

from ivr.directory.parameters.base import Group, Parameter
from ivr.directory.parameters.kinds import Choice, Key, Value
from ivr.directory.parameters.texts import PHONE

_COMMANDS = (
    Parameter(
        "help", "HelpCommand", Key(), "1", "A5", "Tells a caller, alone, which keys there are.", "calls"),
    Parameter(
        "roll-call", "PrivateRollCallCommand", Key(), "3", "A5, A4.7",
        "Tells a caller, alone, who is in the meeting.", "calls"),
    Parameter(
        "mute-audience", "AudienceMuteCommand", Key(), "4", "A5",
        "Mutes all but the presenters, or lets them unmute themselves again.", "calls"),
    Parameter(
        "mute-self", "MuteUnmuteCommand", Key(), "6", "A5",
        "Mutes a caller's own microphone, or unmutes it.", "calls"),
    Parameter(
        "lock", "LockUnlockConferenceCommand", Key(), "7", "A5, A3.13",
        "Locks the meeting, or unlocks it.", "calls"),
    Parameter(
        "admit-all", "AdmitAll", Key(), "8", "A5, A3.19, C14",
        "Lets in all who wait in the lobby, and all who come later.", "calls"),
    Parameter(
        "announcements", "EnableDisableAnnouncementsCommand", Key(), "9", "A5, A4.9",
        "Switches on or off that comings and goings are told.", "calls"),
)

_OPERATOR_KEY = "0"


def _own_keys(values: Mapping[str, Value]) -> str:
    taken: dict[Value, str] = {_OPERATOR_KEY: "operator"} if values["operator"] else {}
    for name in (command.name for command in _COMMANDS):
        key = values[name]
        if key in taken:
            return (f"{taken[key]} and {name} cannot both have the key {key}: give each its own, or 'none'; "
                    "to swap two, set both at once")
        if key is not None:
            taken[key] = name
    return ""


KEYS = Group(
    "keys", "The keys of a caller in a meeting; each follows the command key.",
    "CsDialInConferencingDtmfConfiguration",
    (
        Parameter(
            "command", "CommandCharacter", Choice((("*",), ("#",))), "*", "A5",
            "The key that begins every command.", "calls"),
        *_COMMANDS,
        Parameter(
            "operator", "OperatorLineUri", PHONE, "", "A5, C13, D9",
            "The number that the key 0 connects a caller with; none leaves that key free.", "calls"),
    ),
    scoped=True, rules=(_own_keys,))
