"""The administrator's parameters: what each takes, shows and refuses, and what must hold between them."""

import re

import pytest

from ivr.directory.errors import BadValue
from ivr.directory.parameters import GROUPS, Parameter, Value
from ivr.directory.parameters.texts import TextParameter

EVERY = [pytest.param(parameter, id=f"{group.name} {parameter.name}")
         for group in GROUPS.values() for parameter in group.parameters]

SETTINGS = GROUPS["settings"]


def bad_text(parameter: Parameter) -> str:
    """Return text that is no value of this parameter."""
    return "\x1b[31m" * 200 if isinstance(parameter.kind, TextParameter) else "neither this nor that"


# What every parameter does


@pytest.mark.parametrize("parameter", EVERY)
def test_parameter_when_its_default_is_shown_then_reading_that_gives_it_again(parameter: Parameter) -> None:
    assert parameter.kind.holds(parameter.default)
    assert parameter.read(parameter.show(parameter.default)) == parameter.default


@pytest.mark.parametrize("parameter", EVERY)
def test_parameter_when_the_text_is_none_of_its_kind_then_one_sentence_says_what_it_takes(
        parameter: Parameter) -> None:
    with pytest.raises(BadValue) as caught:
        parameter.read(bad_text(parameter))
    sentence = str(caught.value)
    assert f"' is no {parameter.name}: it takes {parameter.kind.wanted}" in sentence
    assert sentence.isprintable()
    assert len(sentence) < 400


@pytest.mark.parametrize("parameter", EVERY)
def test_parameter_when_described_then_it_has_one_line_and_a_source(parameter: Parameter) -> None:
    assert re.fullmatch(r"[A-Z].*\.", parameter.about)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", parameter.name)
    assert parameter.source


@pytest.mark.parametrize("group", GROUPS.values(), ids=lambda group: group.name)
def test_group_when_asked_by_any_name_in_any_writing_then_it_gives_the_one_parameter(group) -> None:
    for parameter in group.parameters:
        for name in parameter.names():
            for written in (name, name.upper(), f"-{name}", name.replace("-", "_")):
                assert group.parameter(written) is parameter


@pytest.mark.parametrize("group", GROUPS.values(), ids=lambda group: group.name)
def test_group_when_nothing_is_set_then_its_defaults_go_together(group) -> None:
    group.checked({})
    group.checked(group.defaults())


def test_group_when_a_name_is_misspelt_then_the_nearest_is_named() -> None:
    with pytest.raises(BadValue, match="'settings' has no parameter 'pin-lenght'; did you mean 'pin-length'"):
        SETTINGS.parameter("pin-lenght")
    with pytest.raises(BadValue, match="did you mean 'MinPINLength'"):
        GROUPS["um-mailbox"].parameter("MinPINLenth")


def test_group_when_a_name_is_like_none_then_all_are_listed() -> None:
    with pytest.raises(BadValue, match=r"it has shortest, lifetime-days, history, common-patterns, tries$"):
        GROUPS["pin"].parameter("qqqq")


def test_group_when_a_value_that_was_kept_is_none_then_it_is_refused() -> None:
    with pytest.raises(BadValue, match="'3' is no pin-length"):
        SETTINGS.checked({"pin-length": 3})
    with pytest.raises(BadValue, match="'True' is no pin-length"):
        SETTINGS.checked({"pin-length": True})


def test_group_when_values_come_by_the_cmdlets_names_then_they_are_checked_alike() -> None:
    with pytest.raises(BadValue, match="sender-override cannot be 'yes'"):
        SETTINGS.checked({"SendEmailFromOverride": True})


def test_parameter_when_a_list_was_kept_as_json_then_it_is_a_tuple_again() -> None:
    numbers = GROUPS["audio-conferencing"].parameter("invite-numbers")
    assert numbers.kept(["+14255550123", "+33155550123"]) == ("+14255550123", "+33155550123")
    for stored in ({"a": 1}, 1.5, ["x"], [["+14255550123"]], None):
        with pytest.raises(BadValue):
            numbers.kept(stored)


# Ranges, at both ends


@pytest.mark.parametrize(("group", "name", "low", "high"), [
    pytest.param("settings", "PinLength", 4, 12, id="S0.20"),
    pytest.param("settings", "smtp-port", 1, 65535, id="smtp-port"),
    pytest.param("pin", "MinPasswordLength", 4, 24, id="B2-length"),
    pytest.param("pin", "PINLifetime", 0, 999, id="B2-lifetime"),
    pytest.param("pin", "PINHistoryCount", 0, 20, id="B2-history"),
    pytest.param("pin", "MaximumLogonAttempts", 1, 999, id="B2-tries"),
    pytest.param("um-mailbox", "MinPINLength", 4, 24, id="F2-length"),
    pytest.param("um-mailbox", "PINLifetime", 0, 999, id="F2-lifetime"),
    pytest.param("um-mailbox", "LogonFailuresBeforePINReset", 0, 999, id="F2-reset"),
    pytest.param("um-mailbox", "MaxLogonAttempts", 1, 999, id="F2-lock"),
    pytest.param("um-mailbox", "PINHistoryCount", 1, 20, id="F2-history"),
    pytest.param("um-mailbox", "MaxGreetingDuration", 1, 10, id="F1.12-greeting"),
    pytest.param("um-dial-plan", "NumberOfDigitsInExtension", 1, 20, id="F1.5"),
    pytest.param("um-dial-plan", "LogonFailuresBeforeDisconnect", 1, 20, id="F1.6"),
    pytest.param("um-dial-plan", "InputFailuresBeforeDisconnect", 1, 20, id="F1.7"),
    pytest.param("um-dial-plan", "MaxCallDuration", 10, 120, id="F1.12-call"),
    pytest.param("um-dial-plan", "MaxRecordingDuration", 1, 100, id="F1.12-recording"),
    pytest.param("um-dial-plan", "RecordingIdleTimeout", 2, 10, id="F1.12-silence"),
])
def test_number_when_at_an_end_of_its_range_then_taken_and_beyond_then_refused(
        group: str, name: str, low: int, high: int) -> None:
    parameter = GROUPS[group].parameter(name)
    assert parameter.read(str(low)) == low
    assert parameter.read(f" {high} ") == high
    for beyond in (str(low - 1), str(high + 1), f"{low}.0", "", "four", "\N{ARABIC-INDIC DIGIT FIVE}", "5_0",
                   "9" * 5000):
        with pytest.raises(BadValue, match=f"it takes a whole number from {low} to {high}"):
            parameter.read(beyond)


@pytest.mark.parametrize(("group", "name", "text", "value", "shown"), [
    pytest.param("pin", "lifetime-days", "Never", 0, "never", id="B2-never"),
    pytest.param("pin", "lifetime-days", "0", 0, "never", id="B2-zero"),
    pytest.param("pin", "tries", "$null", None, "automatic", id="B2-null"),
    pytest.param("pin", "tries", "automatic", None, "automatic", id="B2-automatic"),
    pytest.param("um-mailbox", "pin-lifetime-days", "Unlimited", 0, "never", id="C11-lifetime"),
    pytest.param("um-mailbox", "failures-before-reset", "Unlimited", 0, "never", id="C11-reset"),
    pytest.param("um-mailbox", "failures-before-reset", "0", 0, "never", id="F2-off"),
    pytest.param("settings", "mask-numbers", "maskedforallusers", "everyone", "everyone", id="E-mask"),
    pytest.param("settings", "EntryExitAnnouncementsType", "ToneOnly", "tones", "tones", id="A4.2"),
    pytest.param("meeting", "AutoAdmittedUsers", "EveryoneInCompanyExcludingGuests", "members", "members",
                 id="A3.9"),
    pytest.param("meeting", "auto-admit", "organizationAndFederated", "members-guests-and-trusted",
                 "members-guests-and-trusted", id="Graph"),
    pytest.param("joining", "PinAuthType", "OrganizerOnly", "organizer", "organizer", id="A2.12"),
    pytest.param("um-dial-plan", "InfoAnnouncementEnabled", "$true", "yes", "yes", id="F1.2"),
    pytest.param("um-dial-plan", "DialByNameSecondary", "None", "none", "none", id="F1.15"),
    pytest.param("keys", "AdmitAll", "$Null", None, "none", id="A5-null"),
    pytest.param("keys", "OperatorLineUri", "tel:+1 (425) 555-0123", "+14255550123", "+14255550123", id="D9"),
    pytest.param("settings", "language", "FRENCH (FRANCE)", "fr-FR", "fr-FR", id="language-name"),
    pytest.param("settings", "SendEmailFromAddress", "None", "", "none", id="no-address"),
])
def test_parameter_when_a_word_is_typed_then_it_is_kept_and_shown_in_ours(
        group: str, name: str, text: str, value: Value, shown: str) -> None:
    parameter = GROUPS[group].parameter(name)
    assert parameter.read(text) == value
    assert parameter.show(value) == shown


@pytest.mark.parametrize("text", ["yes", "Y", "TRUE", "$true", "on", "1"])
def test_yes_when_written_in_any_way_then_true(text: str) -> None:
    assert SETTINGS.parameter("send-mails").read(text) is True


@pytest.mark.parametrize("text", ["no", "N", "False", "$FALSE", "off", "0"])
def test_no_when_written_in_any_way_then_false(text: str) -> None:
    assert SETTINGS.parameter("send-mails").read(text) is False


def test_word_when_misspelt_then_the_nearest_is_named() -> None:
    with pytest.raises(BadValue, match="'smpt' is no delivery: it takes maildir or smtp; did you mean 'smtp'"):
        SETTINGS.parameter("delivery").read("smpt")


# Facts of the source documents


DEFAULTS = [
    ("S0.20", "settings", "PinLength", 5), ("S4.16", "settings", "pin-length", 5),
    ("S0.12", "settings", "AutomaticallySendEmailsToUsers", True), ("S4.10", "settings", "send-mails", True),
    ("S0.16", "settings", "AllowPSTNOnlyMeetingsByDefault", False),
    ("S4.14", "settings", "pstn-only-by-default", False),
    ("S1.3", "settings", "UseUniqueConferenceIds", True), ("S3.10", "settings", "SendEmailFromOverride", False),
    ("A4.1-online", "settings", "EnableEntryExitNotifications", True),
    ("A4.1-server", "joining", "EntryExitAnnouncementsEnabledByDefault", False),
    ("A4.4-online", "settings", "EnableNameRecording", True),
    ("A4.4-server", "joining", "EnableNameRecording", True),
    ("A4.2", "joining", "EntryExitAnnouncementsType", "names"),
    ("E-mask", "settings", "MaskPstnNumbersType", "outsiders"),
    ("B2-length", "pin", "MinPasswordLength", 5), ("B2-lifetime", "pin", "PINLifetime", 0),
    ("B2-history", "pin", "PINHistoryCount", 0), ("B2-patterns", "pin", "AllowCommonPatterns", False),
    ("B2-tries", "pin", "MaximumLogonAttempts", None),
    ("C12-teams", "meeting", "AllowPSTNUsersToBypassLobby", False),
    ("C12-server", "meetings", "PstnCallersBypassLobby", True),
    ("A3.10", "meeting", "AutoAdmittedUsers", "members-and-guests"),
    ("A3.7", "meeting", "AllowAnonymousUsersToStartMeeting", False),
    ("E-toll-free", "audio-conferencing", "AllowTollFreeDialin", True),
    ("E-assigned", "meetings", "AssignedConferenceTypeByDefault", True),
    ("E-presenter", "meetings", "DesignateAsPresenter", "members"),
    ("E-anonymous", "meetings", "AdmitAnonymousUsersByDefault", True),
    ("A2.6", "joining", "AllowAnonymousPstnActivation", False),
    ("A5-prefix", "keys", "CommandCharacter", "*"), ("A5-help", "keys", "HelpCommand", "1"),
    ("A5-roll", "keys", "PrivateRollCallCommand", "3"), ("A5-audience", "keys", "AudienceMuteCommand", "4"),
    ("A5-mute", "keys", "MuteUnmuteCommand", "6"), ("A5-lock", "keys", "LockUnlockConferenceCommand", "7"),
    ("C14", "keys", "AdmitAll", "8"), ("A5-announce", "keys", "EnableDisableAnnouncementsCommand", "9"),
    ("C13", "keys", "OperatorLineUri", ""),
    ("F2-length", "um-mailbox", "MinPINLength", 6), ("F2-lifetime", "um-mailbox", "PINLifetime", 60),
    ("C11", "um-mailbox", "LogonFailuresBeforePINReset", 5), ("F2-lock", "um-mailbox", "MaxLogonAttempts", 15),
    ("F2-history", "um-mailbox", "PINHistoryCount", 5), ("F2-patterns", "um-mailbox", "AllowCommonPatterns", False),
    ("F2-text", "um-mailbox", "ResetPINText", ""), ("F1.14", "um-mailbox", "AllowPinlessVoiceMailAccess", False),
    ("F1.6", "um-dial-plan", "LogonFailuresBeforeDisconnect", 3),
    ("F1.7", "um-dial-plan", "InputFailuresBeforeDisconnect", 3),
    ("F1.12-call", "um-dial-plan", "MaxCallDuration", 30),
    ("F1.12-recording", "um-dial-plan", "MaxRecordingDuration", 20),
    ("F1.12-silence", "um-dial-plan", "RecordingIdleTimeout", 5),
    ("F1.2", "um-dial-plan", "InfoAnnouncementEnabled", "no"),
    ("F1.1", "um-dial-plan", "WelcomeGreetingEnabled", False),
    ("F1.15", "um-dial-plan", "DialByNamePrimary", "last-first"),
]


@pytest.mark.parametrize(("group", "name", "default"), [pytest.param(*row[1:], id=row[0]) for row in DEFAULTS])
def test_default_when_nothing_is_set_then_the_documents_one(group: str, name: str, default: Value) -> None:
    assert GROUPS[group].defaults()[GROUPS[group].parameter(name).name] == default


CMDLETS = {
    "CsOnlineDialInConferencingTenantSettings": """PinLength EnableEntryExitNotifications EntryExitAnnouncementsType
        EnableNameRecording AllowPSTNOnlyMeetingsByDefault AutomaticallySendEmailsToUsers SendEmailFromOverride
        SendEmailFromAddress SendEmailFromDisplayName UseUniqueConferenceIds AutomaticallyMigrateUserMeetings
        AutomaticallyReplaceAcpProvider EnableDialOutJoinConfirmation MaskPstnNumbersType""",
    "CsPinPolicy": "MinPasswordLength PINLifetime PINHistoryCount AllowCommonPatterns MaximumLogonAttempts",
    "CsTeamsMeetingPolicy": """AllowPSTNUsersToBypassLobby AutoAdmittedUsers AllowAnonymousUsersToStartMeeting
        UsersCanAdmitFromLobby""",
    "CsTeamsAudioConferencingPolicy": "AllowTollFreeDialin MeetingInvitePhoneNumbers",
    "CsDialInConferencingDtmfConfiguration": """CommandCharacter HelpCommand PrivateRollCallCommand
        AudienceMuteCommand MuteUnmuteCommand LockUnlockConferenceCommand AdmitAll EnableDisableAnnouncementsCommand
        OperatorLineUri""",
    "CsDialInConferencingConfiguration": """EnableNameRecording EntryExitAnnouncementsEnabledByDefault
        EntryExitAnnouncementsType AllowAnonymousPstnActivation PinAuthType""",
    "CsMeetingConfiguration": """PstnCallersBypassLobby AdmitAnonymousUsersByDefault AssignedConferenceTypeByDefault
        EnableAssignedConferenceType DesignateAsPresenter""",
    "UMMailboxPolicy": """MinPINLength PINLifetime LogonFailuresBeforePINReset MaxLogonAttempts PINHistoryCount
        AllowCommonPatterns ResetPINText UMEnabledText AllowPinlessVoiceMailAccess""",
    "UMDialPlan": """NumberOfDigitsInExtension LogonFailuresBeforeDisconnect InputFailuresBeforeDisconnect
        MaxCallDuration MaxRecordingDuration RecordingIdleTimeout InfoAnnouncementEnabled""",
}
"""What section E, B2, F1 and F2 name, word by word."""


@pytest.mark.parametrize(("noun", "names"), CMDLETS.items(), ids=CMDLETS)
def test_cmdlet_when_it_has_a_parameter_in_section_e_then_a_group_has_it_by_that_name(
        noun: str, names: str) -> None:
    (group,) = [group for group in GROUPS.values() if group.cmdlet_noun == noun]
    assert all(name in {one.cmdlet_name for one in group.parameters} for name in names.split())


def test_s0_19_pin_length_when_shown_to_an_administrator_then_it_is_of_the_whole_bridge() -> None:
    assert not SETTINGS.scoped
    assert SETTINGS.parameter("PinLength").in_effect == "PINs"


@pytest.mark.parametrize("digits", ["3", "13"])
def test_s0_20_pin_length_when_outside_4_to_12_then_refused_with_the_range(digits: str) -> None:
    with pytest.raises(BadValue) as caught:
        SETTINGS.parameter("PinLength").read(digits)
    assert str(caught.value) == f"'{digits}' is no pin-length: it takes a whole number from 4 to 12"


@pytest.mark.parametrize("word", [pytest.param("new PIN", id="S0.21"), pytest.param("stay", id="S4.16")])
def test_pin_length_when_explained_then_it_says_that_pins_that_exist_stay(word: str) -> None:
    assert word in SETTINGS.parameter("pin-length").about


def test_s1_11_length_of_conference_ids_when_looked_for_then_no_parameter_sets_it() -> None:
    names = [name for group in GROUPS.values() for parameter in group.parameters for name in parameter.names()]
    assert [name for name in names if "length" in name.lower()] == ["pin-length", "PinLength", "MinPasswordLength",
                                                                   "MinPINLength"]


@pytest.mark.parametrize("name", [
    pytest.param("send-mails", id="S3.13"), pytest.param("AutomaticallySendEmailsToUsers", id="S3.14")])
def test_mails_when_switched_off_by_either_name_then_off(name: str) -> None:
    assert SETTINGS.parameter(name).read("$false") is False
    SETTINGS.checked({"send-mails": False})


def test_s3_11_sender_when_address_and_name_are_given_then_the_override_is_taken() -> None:
    SETTINGS.checked({"sender-override": True, "sender-address": "desk@contoso.com", "sender-name": "The desk"})


@pytest.mark.parametrize("given_", [
    pytest.param({}, id="neither"), pytest.param({"sender-address": "desk@contoso.com"}, id="no name"),
    pytest.param({"sender-name": "The desk"}, id="no address")])
def test_d4_sender_override_when_address_or_name_is_missing_then_refused(given_: dict[str, Value]) -> None:
    with pytest.raises(BadValue, match=r"sender-override cannot be 'yes' while .*sender-(name|address).* with it"):
        SETTINGS.checked({"sender-override": True, **given_})
    SETTINGS.checked(given_)


# What must hold between the values


def test_delivery_when_smtp_has_no_host_then_refused() -> None:
    with pytest.raises(BadValue, match="set smtp-host with it"):
        SETTINGS.checked({"delivery": "smtp"})
    SETTINGS.checked({"delivery": "smtp", "smtp-host": "mail.contoso.com"})


def test_b2_lifetime_when_no_history_is_kept_then_refused() -> None:
    with pytest.raises(BadValue, match="lifetime-days cannot be 30 while history is 0"):
        GROUPS["pin"].checked({"lifetime-days": 30})
    GROUPS["pin"].checked({"lifetime-days": 30, "history": 1})
    GROUPS["pin"].checked({"history": 0})


@pytest.mark.parametrize(("reset", "lock", "taken"), [
    (5, 15, True), (14, 15, True), (15, 15, False), (16, 15, False), (0, 1, True), (1, 1, False)])
def test_f2_failures_before_reset_when_not_fewer_than_before_lock_then_refused(
        reset: int, lock: int, taken: bool) -> None:
    values: dict[str, Value] = {"failures-before-reset": reset, "failures-before-lock": lock}
    if taken:
        GROUPS["um-mailbox"].checked(values)
    else:
        with pytest.raises(BadValue, match=f"failures-before-reset cannot be {reset}"):
            GROUPS["um-mailbox"].checked(values)


@pytest.mark.parametrize(("recording", "call", "taken"), [(20, 30, True), (29, 30, True), (30, 30, False),
                                                          (20, 10, False)])
def test_f1_12_recording_when_not_shorter_than_its_call_then_refused(
        recording: int, call: int, taken: bool) -> None:
    values: dict[str, Value] = {"longest-recording-minutes": recording, "longest-call-minutes": call}
    if taken:
        GROUPS["um-dial-plan"].checked(values)
    else:
        with pytest.raises(BadValue, match="shorter than its call"):
            GROUPS["um-dial-plan"].checked(values)


def test_a5_keys_when_two_commands_have_the_same_then_refused() -> None:
    with pytest.raises(BadValue, match="mute-self and lock cannot both have the key 6"):
        GROUPS["keys"].checked({"lock": "6"})


def test_a5_keys_when_two_are_swapped_at_once_then_taken() -> None:
    GROUPS["keys"].checked({"lock": "6", "mute-self": "7"})


def test_a5_keys_when_several_commands_are_switched_off_then_taken() -> None:
    GROUPS["keys"].checked({"lock": None, "mute-self": None, "help": "6"})


def test_a5_keys_when_there_is_an_operator_then_0_is_the_operators() -> None:
    GROUPS["keys"].checked({"help": "0"})
    with pytest.raises(BadValue, match="operator and help cannot both have the key 0"):
        GROUPS["keys"].checked({"help": "0", "operator": "+14255550123"})


@pytest.mark.parametrize(("text", "taken"), [("*", True), ("#", True), ("1", False), ("", False), ("**", False)])
def test_a5_command_key_when_neither_star_nor_hash_then_refused(text: str, taken: bool) -> None:
    command = GROUPS["keys"].parameter("CommandCharacter")
    if taken:
        assert command.read(text) == text
    else:
        with pytest.raises(BadValue, match=r"it takes \* or #"):
            command.read(text)
