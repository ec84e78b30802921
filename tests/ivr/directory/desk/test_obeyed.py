"""Calls go by what the administrator sets: each parameter as the field of a call's profile that it is."""

from dataclasses import fields

import pytest

from ivr.conference.commands import Command
from ivr.conference.profile import PROFILES, Profile
from ivr.directory.obeyed import COMMANDS, FIELDS, STARTS
from ivr.directory.parameters import GROUPS


@pytest.mark.parametrize(("profile", "group", "name", "text", "field", "value"), [
    pytest.param("online", "settings", "entry-exit-notifications", "no", "announcements", False, id="A4.1"),
    pytest.param("online", "settings", "EntryExitAnnouncementsType", "ToneOnly", "announce_with", "tones",
                 id="A4.2"),
    pytest.param("online", "settings", "name-recording", "no", "name_recording", False, id="A4.4"),
    pytest.param("online", "meeting", "AllowPSTNUsersToBypassLobby", "true", "dial_in_bypass", True, id="A3.8"),
    pytest.param("online", "meeting", "AutoAdmittedUsers", "Everyone", "who_bypasses", "everyone", id="A3.9 A3.10"),
    pytest.param("sfbserver", "joining", "EntryExitAnnouncementsEnabledByDefault", "true", "announcements", True,
                 id="C7"),
    pytest.param("sfbserver", "joining", "name-recording", "no", "name_recording", False, id="A4.4 server"),
    pytest.param("sfbserver", "meetings", "PstnCallersBypassLobby", "no", "dial_in_bypass", False, id="C12"),
    pytest.param("sfbserver", "keys", "CommandCharacter", "#", "command_key", "#", id="A5 command"),
    pytest.param("sfbserver", "keys", "OperatorLineUri", "tel:+14255550199", "operator", "+14255550199",
                 id="A5 C13 operator"),
])
def test_a_parameter_set_then_the_next_caller_finds_it(desk, enable, meeting, profile, group, name, text, field,
                                                       value):
    desk.settings.set("settings", {"administration": profile})
    enable(desk)
    shown = meeting(desk)
    assert desk.checks.find(shown.conference_id).options == {}
    desk.settings.set(group, {name: text})
    assert desk.checks.find(shown.conference_id).options == {field: value}


def test_a5_keys_set_then_the_products_with_those_changed(desk, enable, meeting):
    desk.settings.set("settings", {"administration": "sfbserver"})
    enable(desk)
    shown = meeting(desk)
    desk.settings.set("keys", {"mute-self": "7", "lock": "6", "roll-call": "none"})
    keys = desk.checks.find(shown.conference_id).options["keys"]
    assert (keys[Command.MUTE], keys[Command.LOCK]) == ("7", "6")
    assert Command.ROLL_CALL not in keys
    assert keys[Command.HELP] == PROFILES["sfbserver"].keys[Command.HELP]


@pytest.mark.parametrize(("profile", "group", "name"), [
    pytest.param("online", "meeting", "anonymous-start", id="A3.7"),
    pytest.param("sfbserver", "joining", "start-without-pin", id="A2.6"),
])
def test_callers_may_start_by_policy_then_anyone_may(desk, enable, meeting, profile, group, name):
    desk.settings.set("settings", {"administration": profile})
    enable(desk)
    shown = meeting(desk)
    assert not desk.checks.find(shown.conference_id).anyone_may_start
    desk.settings.set(group, {name: "yes"})
    assert desk.checks.find(shown.conference_id).anyone_may_start


def test_a_policy_granted_then_it_wins_over_that_for_all(desk, enable, meeting):
    enable(desk)
    shown = meeting(desk)
    desk.settings.set("meeting", {"dial-in-bypass": "yes"})
    desk.settings.set("meeting", {"dial-in-bypass": "no"}, identity="strict", new=True)
    desk.settings.grant("meeting", "strict", "amos.marble@contoso.com")
    assert desk.checks.find(shown.conference_id).options == {"dial_in_bypass": False}


def test_every_parameter_that_conference_calls_go_by_then_says_so_and_names_a_field_of_a_meeting():
    known = {one.name: one.metadata.get("about") for one in fields(Profile)}
    of_meeting = {name for name, about in known.items() if about and about.of_meeting}
    assert set(FIELDS.values()) <= of_meeting
    obeyed = {*FIELDS, *STARTS, *(("keys", name) for name in COMMANDS)}
    marked = {(group.name, one.name) for group in GROUPS.values() for one in group.parameters
              if one.in_effect == "calls" and not group.name.startswith("um-")}
    assert obeyed == marked
