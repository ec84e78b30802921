"""The settings of the whole bridge: those of the tenant, then what only this program has."""

from collections.abc import Mapping

from ivr.directory.parameters.base import Group, Parameter
from ivr.directory.parameters.kinds import Choice, Flag, Integer, LanguageId, Value
from ivr.directory.parameters.texts import HOST, LINK, MAIL, line

ANNOUNCEMENTS = Choice((("names", "UseNames"), ("tones", "ToneOnly")))
"""How comings and goings are told (A4.2)."""

_TENANT = (
    Parameter(
        "pin-length", "PinLength", Integer(4, 12), 5, "B1.2, B1.3, S0.19-S0.21, S4.16",
        "How many digits a new PIN has; PINs that exist stay as they are.", "PINs"),
    Parameter(
        "entry-exit-notifications", "EnableEntryExitNotifications", Flag(), True, "A4.1",
        "Whether those in a meeting are told who comes and goes.", "calls"),
    Parameter(
        "entry-exit-announcements", "EntryExitAnnouncementsType", ANNOUNCEMENTS, "names", "A4.2; default ours",
        "Whether comings and goings are told with names or with tones.", "calls"),
    Parameter(
        "name-recording", "EnableNameRecording", Flag(), True, "A4.4",
        "Whether callers without a PIN are asked to say their name before they join.", "calls"),
    Parameter(
        "pstn-only-by-default", "AllowPSTNOnlyMeetingsByDefault", Flag(), False, "A2, S0.16, S4.14",
        "Whether a caller without a PIN can be the first in the meetings of organizers enabled from now on.",
        "new organizers"),
    Parameter(
        "send-mails", "AutomaticallySendEmailsToUsers", Flag(), True, "D, S0.12, S0.13, S3.12-S3.14, S4.10",
        "Whether organizers get a letter by themselves when something of theirs changes.", "mails"),
    Parameter(
        "sender-override", "SendEmailFromOverride", Flag(), False, "D4, S3.10, S3.11",
        "Whether letters come from sender-address and sender-name.", "mails", ("SendEmailOverride",)),
    Parameter(
        "sender-address", "SendEmailFromAddress", MAIL, "", "D4, S3.11",
        "The address letters come from while sender-override is on.", "mails"),
    Parameter(
        "sender-name", "SendEmailFromDisplayName", line(255), "", "D4, S3.10, S3.11",
        "The name letters come from while sender-override is on.", "mails"),
    Parameter(
        "unique-conference-ids", "UseUniqueConferenceIds", Flag(), True, "C-2, C-4, S1.3, S3.4",
        "Whether every meeting has a conference ID of its own.", "IDs"),
    Parameter(
        "migrate-meetings", "AutomaticallyMigrateUserMeetings", Flag(), True, "C-12; default ours",
        "Whether invitations are sent anew by themselves when an ID or a number in them changes.", "meetings"),
    Parameter(
        "replace-provider", "AutomaticallyReplaceAcpProvider", Flag(), False, "E; default ours",
        "Whether an organizer who has another provider is moved to this bridge when he is enabled."),
    Parameter(
        "dial-out-confirmation", "EnableDialOutJoinConfirmation", Flag(), False, "A5; default ours",
        "Whether somebody the meeting calls has to press 1 before he is in it."),
    Parameter(
        "mask-numbers", "MaskPstnNumbersType",
        Choice((("outsiders", "MaskedForExternalUsers"), ("everyone", "MaskedForAllUsers"),
               ("nobody", "NoMasking"))),
        "outsiders", "E", "From whom the numbers of callers are hidden."),
)

_OURS = (
    Parameter(
        "administration", "", Choice((("online",), ("sfb2017",), ("sfbserver",), ("um",))), "online", "ours",
        "Whose rules for PINs, IDs and letters hold at this desk.", "PINs, IDs, mails", ("profile",)),
    Parameter(
        "language", "", LanguageId(), "en-US", "A1.8",
        "The language of letters and invitations, for organizers who have none of their own.",
        "mails, invitations"),
    Parameter(
        "delivery", "", Choice((("maildir",), ("smtp",))), "maildir", "ours",
        "Whether letters are laid into a folder or handed to a mail server.", "mails"),
    Parameter(
        "maildir", "", line(1000), "", "ours",
        "The folder for letters; none is one beside the database.", "mails"),
    Parameter("smtp-host", "", HOST, "", "ours", "The mail server.", "mails"),
    Parameter("smtp-port", "", Integer(1, 65535), 587, "RFC 6409, 3.1", "The mail server's port.", "mails"),
    Parameter(
        "smtp-security", "", Choice((("starttls",), ("tls",), ("none",))), "starttls", "RFC 3207, RFC 8314",
        "How the way to the mail server is kept secret.", "mails"),
    Parameter("smtp-user", "", line(320), "", "ours", "The name to log in with at the mail server.", "mails"),
    Parameter(
        "update-link", "", LINK, "", "S3.3, S3.5",
        "Where organizers find the tool that brings sent invitations up to date.", "mails"),
    Parameter(
        "self-service-link", "", LINK, "", "B1.9, C-14, S0.9",
        "Where organizers reset their own PIN.", "mails, invitations"),
    Parameter("numbers-link", "", LINK, "", "C-14", "Where callers find a number near them.", "invitations"),
    Parameter(
        "options-link", "", LINK, "", "C-14",
        "Where organizers find the options of a meeting.", "invitations"),
)


def _override(values: Mapping[str, Value]) -> str:
    missing = [name for name in ("sender-address", "sender-name") if not values[name]]
    if not values["sender-override"] or not missing:
        return ""
    return (f"sender-override cannot be 'yes' while {' and '.join(missing)} {'are' if missing[1:] else 'is'} 'none'"
            f": set {' and '.join(missing)} with it")


def _server(values: Mapping[str, Value]) -> str:
    if values["delivery"] != "smtp" or values["smtp-host"]:
        return ""
    return "delivery cannot be 'smtp' while smtp-host is 'none': set smtp-host with it"


SETTINGS = Group(
    "settings", "What holds for the whole bridge.", "CsOnlineDialInConferencingTenantSettings",
    _TENANT + _OURS, rules=(_override, _server))
