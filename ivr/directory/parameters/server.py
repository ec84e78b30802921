"""How callers join meetings on a server, and what meetings there are."""

from ivr.directory.parameters.base import Group, Parameter
from ivr.directory.parameters.kinds import Choice, Flag
from ivr.directory.parameters.settings import ANNOUNCEMENTS

JOINING = Group(
    "joining", "How callers join a meeting on a server.", "CsDialInConferencingConfiguration",
    (
        Parameter(
            "name-recording", "EnableNameRecording", Flag(), True, "A4.4, A4.5",
            "Whether callers without a PIN are asked to say their name before they join.", "calls"),
        Parameter(
            "entry-exit-notifications", "EntryExitAnnouncementsEnabledByDefault", Flag(), False, "A4.1, C7",
            "Whether those in a meeting are told who comes and goes.", "calls"),
        Parameter(
            "entry-exit-announcements", "EntryExitAnnouncementsType", ANNOUNCEMENTS, "names", "A4.2",
            "Whether comings and goings are told with names or with tones.", "calls"),
        Parameter(
            "start-without-pin", "AllowAnonymousPstnActivation", Flag(), False, "A2.6, C3",
            "Whether a caller without a PIN can be the first in a meeting; the PIN is asked for all the same.",
            "calls"),
        Parameter(
            "pin-for", "PinAuthType", Choice((("everyone", "Everyone"), ("organizer", "OrganizerOnly"))),
            "everyone", "A2.7, A2.12; default ours",
            "Whether any organizer can show with his PIN who he is, or only the meeting's own."),
    ),
    scoped=True)

MEETINGS = Group(
    "meetings", "What meetings on a server are like.", "CsMeetingConfiguration",
    (
        Parameter(
            "dial-in-bypass", "PstnCallersBypassLobby", Flag(), True, "A3.8, C12",
            "Whether callers pass the lobby once the meeting has started.", "calls"),
        Parameter(
            "admit-anonymous", "AdmitAnonymousUsersByDefault", Flag(), True, "E, A3.20",
            "Whether meetings are open to those nobody vouches for."),
        Parameter(
            "fixed-id", "AssignedConferenceTypeByDefault", Flag(), True, "E, C-3",
            "Whether a new meeting gets its organizer's one ID and not an ID of its own."),
        Parameter(
            "allow-fixed-id", "EnableAssignedConferenceType", Flag(), True, "E, C-3",
            "Whether an organizer can have one ID for all his meetings."),
        Parameter(
            "presenters", "DesignateAsPresenter",
            Choice((("members", "Company"), ("everyone", "Everyone"), ("nobody", "None"))),
            "members", "E", "Who is made a presenter by joining."),
    ),
    scoped=True)
