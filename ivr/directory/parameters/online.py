"""Policies that organizers of the online service can be granted."""

from ivr.directory.parameters.base import Group, Parameter
from ivr.directory.parameters.kinds import Choice, Flag
from ivr.directory.parameters.texts import PhoneNumbers

_ADMITTED = Choice((
    ("everyone", "Everyone"),
    ("members-guests-and-trusted", "EveryoneInSameAndFederatedCompany", "organizationAndFederated"),
    ("members-and-guests", "EveryoneInCompany", "organization"),
    ("members", "EveryoneInCompanyExcludingGuests", "organizationExcludingGuests"),
    ("invited", "InvitedUsers"),
    ("organizer", "OrganizerOnly"),
))
"""A3.9, A3.10; the last spellings are those of Graph's lobbyBypassSettings."""

MEETING = Group(
    "meeting", "Who waits in the lobby of a meeting, and who lets him in.", "CsTeamsMeetingPolicy",
    (
        Parameter(
            "dial-in-bypass", "AllowPSTNUsersToBypassLobby", Flag(), False, "A3.8, C12",
            "Whether callers pass the lobby once the meeting has started.", "calls"),
        Parameter(
            "auto-admit", "AutoAdmittedUsers", _ADMITTED, "members-and-guests", "A3.9, A3.10, C9",
            "Who of those who join with the app passes the lobby; callers go by dial-in-bypass.", "calls"),
        Parameter(
            "anonymous-start", "AllowAnonymousUsersToStartMeeting", Flag(), False, "A3.7",
            "Whether somebody nobody vouches for can be the first in a meeting.", "calls"),
        Parameter(
            "lobby-keepers", "UsersCanAdmitFromLobby",
            Choice((("organizers-and-presenters", "OrganizersAndPresentersOnly"),
                   ("organizers", "OrganizerAndCoOrganizersOnly"))),
            "organizers-and-presenters", "A3.8, A3.17, E", "Who can let somebody in from the lobby."),
    ),
    scoped=True)

AUDIO_CONFERENCING = Group(
    "audio-conferencing", "Which numbers lead to a meeting.", "CsTeamsAudioConferencingPolicy",
    (
        Parameter(
            "toll-free-dial-in", "AllowTollFreeDialin", Flag(), True, "E",
            "Whether a meeting can be reached by the bridge's toll-free numbers."),
        Parameter(
            "invite-numbers", "MeetingInvitePhoneNumbers", PhoneNumbers(), (), "E, D9",
            "The numbers in an invitation; none is the organizer's own."),
    ),
    scoped=True)
