"""Every cmdlet and every parameter of it, word by word: it is taken, and does what it says.

S0.24, S1.16, S4.20: the shell is the one place for all tasks.
"""

import json
import re
from dataclasses import dataclass

import pytest
from sampled import one_in, slow_but

from ivr.cli.cmdlets.table import CMDLETS
from ivr.directory.parameters import GROUPS

AMOS, TONY = "amos.marble@contoso.com", "tonysmith@contoso.com"
BRIDGE = "Conference bridge"

_SENDING = "SendEmail SendEmailToAddress SendEmailFromAddress SendEmailFromDisplayName"
_KEYS = ("CommandCharacter HelpCommand PrivateRollCallCommand AudienceMuteCommand MuteUnmuteCommand "
         "LockUnlockConferenceCommand AdmitAll EnableDisableAnnouncementsCommand OperatorLineUri")
_PIN = "MinPasswordLength PINLifetime PINHistoryCount AllowCommonPatterns MaximumLogonAttempts"
_UM = ("MinPINLength PINLifetime LogonFailuresBeforePINReset MaxLogonAttempts PINHistoryCount AllowCommonPatterns "
       "ResetPINText UMEnabledText AllowPinlessVoiceMailAccess")
OF_THE_SOURCES = {
    "Get-CsOnlineDialInConferencingTenantSettings": "",
    "Set-CsOnlineDialInConferencingTenantSettings": (
        "PinLength EnableEntryExitNotifications EntryExitAnnouncementsType EnableNameRecording "
        "AllowPSTNOnlyMeetingsByDefault AutomaticallySendEmailsToUsers SendEmailFromOverride SendEmailOverride "
        "SendEmailFromAddress SendEmailFromDisplayName UseUniqueConferenceIds AutomaticallyMigrateUserMeetings "
        "AutomaticallyReplaceAcpProvider EnableDialOutJoinConfirmation MaskPstnNumbersType WhatIf"),
    "Remove-CsOnlineDialInConferencingTenantSettings": "",
    "Get-CsOnlineDialInConferencingUser": "Identity ResultSize BridgeId BridgeName ServiceNumber",
    "Set-CsOnlineDialInConferencingUser": (
        "Identity ServiceNumber TollFreeServiceNumber AllowPSTNOnlyMeetings AllowTollFreeDialIn BridgeId "
        f"BridgeName ResetLeaderPin {_SENDING} Force AsJob ConferenceId ResetConferenceId"),
    "Enable-CsOnlineDialInConferencingUser": (
        f"Identity ReplaceProvider ConferenceId ServiceNumber AllowPSTNOnlyMeetings {_SENDING}"),
    "Disable-CsOnlineDialInConferencingUser": "Identity",
    "Set-CsOnlineDialInConferencingUserDefaultNumber": (
        "FromNumber ToNumber NumberType BridgeId BridgeName CountryOrRegion RescheduleMeetings"),
    "Get-CsOnlineDialInConferencingBridge": "Identity Name",
    "Set-CsOnlineDialInConferencingBridge": "Identity Name Instance DefaultServiceNumber SetDefault",
    "Get-CsOnlineDialInConferencingServiceNumber": "Identity",
    "Set-CsOnlineDialInConferencingServiceNumber": (
        "Identity PrimaryLanguage SecondaryLanguages RestoreDefaultLanguages"),
    "Register-CsOnlineDialInConferencingServiceNumber": "Identity BridgeId BridgeName",
    "Unregister-CsOnlineDialInConferencingServiceNumber": "Identity RemoveDefaultServiceNumber",
    "Get-CsOnlineDialInConferencingLanguagesSupported": "",
    "Get-CsOnlineDialinConferencingPolicy": "",
    "Set-CsTeamsMeetingPolicy": (
        "Identity AllowPSTNUsersToBypassLobby AutoAdmittedUsers AllowAnonymousUsersToStartMeeting "
        "UsersCanAdmitFromLobby"),
    "Set-CsTeamsAudioConferencingPolicy": "Identity AllowTollFreeDialin MeetingInvitePhoneNumbers",
    "Get-CsDialInConferencingDtmfConfiguration": "Identity",
    "Set-CsDialInConferencingDtmfConfiguration": f"Identity {_KEYS}",
    "New-CsDialInConferencingDtmfConfiguration": f"Identity {_KEYS}",
    "Remove-CsDialInConferencingDtmfConfiguration": "Identity",
    "Set-CsDialInConferencingConfiguration": (
        "Identity EnableNameRecording EntryExitAnnouncementsEnabledByDefault EntryExitAnnouncementsType "
        "AllowAnonymousPstnActivation PinAuthType"),
    "Set-CsMeetingConfiguration": (
        "Identity PstnCallersBypassLobby AdmitAnonymousUsersByDefault AssignedConferenceTypeByDefault "
        "EnableAssignedConferenceType DesignateAsPresenter"),
    "Get-CsPinPolicy": "Identity", "Set-CsPinPolicy": f"Identity {_PIN}", "New-CsPinPolicy": f"Identity {_PIN}",
    "Remove-CsPinPolicy": "Identity", "Grant-CsPinPolicy": "Identity PolicyName",
    "Set-CsClientPin": "Identity Pin", "Lock-CsClientPin": "Identity", "Unlock-CsClientPin": "Identity",
    "Get-CsClientPinInfo": "Identity", "Set-CsPinSendCAWelcomeMail": "UserUri Force",
    "Test-CsDialInConferencing": "", "Get-CsMeetingMigrationStatus": "Identity",
    "Set-UMMailboxPIN": "Identity Pin PINExpired LockedOut NotifyEmail SendEmail",
    "Get-UMMailboxPIN": "Identity", "Enable-UMMailbox": "Identity Extensions PIN",
    "Get-UMMailboxPolicy": "Identity", "Set-UMMailboxPolicy": f"Identity {_UM}",
    "New-UMMailboxPolicy": "Identity", "Remove-UMMailboxPolicy": "Identity",
    "Get-UMDialPlan": "Identity",
    "Set-UMDialPlan": (
        "Identity LogonFailuresBeforeDisconnect InputFailuresBeforeDisconnect MaxCallDuration MaxRecordingDuration "
        "RecordingIdleTimeout WelcomeGreetingEnabled InfoAnnouncementEnabled"),
    "New-UMDialPlan": "Identity NumberOfDigitsInExtension", "Remove-UMDialPlan": "Identity",
}
"""What section E, B2 to B4, F and S2 and S4 name."""


@pytest.mark.parametrize("name", OF_THE_SOURCES)
def test_cmdlet_when_the_sources_name_it_then_it_is_in_the_table_with_its_parameters(name):
    cmdlet = CMDLETS[name.lower()]
    assert cmdlet.name.lower() == name.lower()
    has = {argument.name.lower() for argument in cmdlet.arguments}
    assert {word.lower() for word in OF_THE_SOURCES[name].split()} <= has


@dataclass(frozen=True)
class Row:
    """One cmdlet, and one parameter of it or none."""

    cmdlet: object
    argument: object = None

    def __str__(self):
        return self.cmdlet.name + (f" -{self.argument.name}" if self.argument else "")


ROWS = [row for cmdlet in CMDLETS.values()
        for row in (Row(cmdlet), *(Row(cmdlet, argument) for argument in cmdlet.arguments))]
APART = {"PrivateRollCallCommand": "6", "MuteUnmuteCommand": "7", "LockUnlockConferenceCommand": "8",
         "AdmitAll": "9", "EnableDisableAnnouncementsCommand": "4"}
"""Keys that differ, for all commands at once."""

VALUES = [row for row in ROWS if row.argument and row.argument.way == "value"]
"""Those that set one value of a group; each has a test of its own below."""

NEEDED = {"Set-CsOnlineDialInConferencingUser": "-SendEmail", "Set-CsOnlineDialInConferencingServiceNumber":
          "-PrimaryLanguage de-DE", "Set-CsOnlineDialInConferencingBridge": "-DefaultServiceNumber +33199000100",
          "Set-CsPinSendCAWelcomeMail": "-Force"}
"""What a cmdlet that would change nothing is given besides."""

OTHER_PROFILES = {"ConferenceId": "sfb2017", "UseUniqueConferenceIds": "sfb2017"}


@pytest.fixture
def run(ivr, office_of):
    """Run a cmdlet word by word where it makes sense; return code, output and complaint, and the directory."""
    def run(row, *words):
        tried, command = getattr(row.argument, "name", ""), row.cmdlet.command
        office = office_of(OTHER_PROFILES.get(tried, row.cmdlet.administration))
        if tried == "ConferenceId":
            assert ivr("settings", "set", "--unique-conference-ids", "no", office.database)[0] == 0
        if command[:2] == ("policy", "grant"):
            assert ivr("policy", "new", command[2], "strict", office.database)[0] == 0
        return (*ivr(row.cmdlet.name, *words, office.database), office)
    return run


def _filled(text):
    return text.format(who=AMOS, bridge=BRIDGE, new="ada@contoso.com", policy="strict", fresh="site:Paris",
                       sip="sip:ada@contoso.com")


def _words(row, value=None):
    """Return the words that try a row: what the cmdlet needs, then the parameter and its value."""
    cmdlet, tried = row.cmdlet, row.argument
    places = {}
    for argument in cmdlet.arguments:
        if argument.way == "word":
            places.setdefault(argument.at, argument)
    if tried and tried.way == "word":
        places[tried.at] = tried
    words = []
    for place in places.values():
        words += [f"-{place.name}", _filled(place.example)]
    beside = tried.beside.split() if tried else []
    if tried and tried.way != "word":
        words.append(f"-{tried.name}")
        if tried.way in ("switch", "nothing"):
            pass
        elif tried.name in ("Confirm",):
            words[-1] = f"-{tried.name}:{tried.example}"
        else:
            words.append(_filled(value or tried.example))
    needed = NEEDED.get(cmdlet.name, "")
    if cmdlet.command[1] == "set" and (not tried or tried.way != "value"):
        first = next((argument for argument in cmdlet.arguments if argument.way == "value"), None)
        needed = needed or (first and f"-{first.name} {first.example}") or ""
    if tried and tried.name == "RestoreDefaultLanguages":
        needed = ""
    return [*words, *beside, *(word for word in needed.split() if word not in words)]


@pytest.mark.parametrize("row", slow_but([row for row in ROWS if not row.argument],
                                         [row for row in ROWS if row not in VALUES]), ids=str)
def test_row_when_it_is_typed_word_by_word_then_it_is_done(run, row):
    code, out, err, _ = run(row, *_words(row))
    assert (code, err) == (0, _said(row))
    assert out.strip()


def _said(row):
    """Return what is said of a row besides: a PIN that stands on a command line is not unseen."""
    return SEEN if getattr(row.argument, "to", "") == "--pin" else ""


SEEN = ("ivr: a PIN on a command line can be read by others on this machine, and stays in the shell's history; "
        "'--pin -' asks for it unseen.\n")


TRIED = {
    "BusinessHoursKeyMapping": ("1=extension:36697", ""), "AfterHoursKeyMapping": ("9=message:36697", ""),
    "BusinessHoursSchedule": ("mon-fri 08:00-17:00", ""), "HolidaySchedule": ("2021-12-24..2021-12-26", ""),
    "BusinessHoursWelcomeGreetingFilename": ("open.wav", ""),
    "AfterHoursWelcomeGreetingFilename": ("closed.wav", ""),
    "BusinessLocation": ("Redmond", ""), "UMDialPlan": ("north", ""),
    "SendEmailFromOverride": ("$true", "-SendEmailFromAddress desk@contoso.com -SendEmailFromDisplayName Desk"),
    "SendEmailOverride": ("$true", "-SendEmailFromAddress desk@contoso.com -SendEmailFromDisplayName Desk"),
    "SendEmailFromAddress": ("desk@contoso.com", ""), "SendEmailFromDisplayName": ("The desk", ""),
    "MeetingInvitePhoneNumbers": ("+14255550100,+33199000100", ""), "OperatorLineUri": ("tel:+14255550199", ""),
    "ResetPINText": ("<b>Ask</b> us", ""), "UMEnabledText": ("Welcome", ""),
    "WelcomeGreetingFilename": ("welcome.wav", ""), "InfoAnnouncementFilename": ("info.wav", ""),
    "OperatorExtension": ("36697", ""), "DefaultLanguage": ("fr-FR", ""), "CommandCharacter": ("#", ""),
    "MaxCallDuration": ("90", ""), "MaxRecordingDuration": ("10", ""), "LogonFailuresBeforePINReset": ("4", ""),
    "MaxLogonAttempts": ("20", ""), "InfoAnnouncementEnabled": ("Uninterruptible", ""),
    "MaximumLogonAttempts": ("7", ""), "HelpCommand": ("5", ""), "PrivateRollCallCommand": ("5", ""),
    "AudienceMuteCommand": ("$null", ""), "MuteUnmuteCommand": ("5", ""), "AdmitAll": ("5", ""),
    "LockUnlockConferenceCommand": ("5", ""), "EnableDisableAnnouncementsCommand": ("5", ""),
    "PINLifetime": ("30", "-PINHistoryCount 3"), "EntryExitAnnouncementsType": ("ToneOnly", ""),
    "MaskPstnNumbersType": ("NoMasking", ""), "AutoAdmittedUsers": ("EveryoneInSameAndFederatedCompany", ""),
    "UsersCanAdmitFromLobby": ("OrganizerAndCoOrganizersOnly", ""), "PinAuthType": ("OrganizerOnly", ""),
    "DesignateAsPresenter": ("Everyone", ""), "DialByNamePrimary": ("FirstLast", ""),
    "DialByNameSecondary": ("FirstLast", ""),
}
"""Values that are no defaults, as the cmdlets spell them, and what has to be said with them."""

def _other(parameter):
    """Return a value that is not the default: the other answer, or a number a little off."""
    if isinstance(parameter.default, bool):
        return "$false" if parameter.default else "$true"
    return next(str(n) for n in (parameter.default + 1, parameter.default - 1) if parameter.kind.holds(n))


def _tried(row):
    """Return the group and the parameter that a row sets, a value to try, and what has to be said with it."""
    group = GROUPS[row.cmdlet.command[2] if row.cmdlet.command[0] == "policy" else "settings"]
    parameter = group.parameter(row.argument.name)
    value, beside = TRIED.get(row.argument.name) or (_other(parameter), "")
    assert parameter.read(value) != parameter.default
    return group, parameter, value, beside


def _besides_notes(err):
    """Return what was said, but for the notes that nobody has an extension yet."""
    return [line for line in err.splitlines() if " has the extension 36697 yet, to which " not in line]


@pytest.mark.parametrize("row", one_in(3, [row for row in VALUES if row.cmdlet.name.startswith("Set")]), ids=str)
def test_value_when_a_set_cmdlet_names_it_then_it_is_set(run, row):
    _, parameter, value, beside = _tried(row)
    code, out, err, _ = run(row, *_words(row, value), *beside.split(), "--json")
    assert (code, _besides_notes(err)) == (0, [])
    assert json.loads(out)[parameter.name] == parameter.show(parameter.read(value))


@pytest.mark.parametrize("name", sorted({row.cmdlet.name for row in VALUES if row.cmdlet.name.startswith("New")}))
def test_values_when_a_new_cmdlet_names_them_all_then_a_get_cmdlet_shows_them(run, ivr, name):
    words, expected = ["-Identity", "site:Paris"], {}
    for row in (row for row in VALUES if row.cmdlet.name == name):
        group, parameter, value, _ = _tried(row)
        value = APART.get(row.argument.name, value)
        if parameter.name not in expected:
            words += [f"-{row.argument.name}", value]
        expected[parameter.name] = parameter.show(parameter.read(value))
    code, _, err, office = run(Row(CMDLETS[name.lower()]), *words)
    assert (code, _besides_notes(err)) == (0, [])
    code, out, err = ivr(f"Get-{group.cmdlet_noun}", "-Identity", "site:Paris", "--json", office.database)
    assert (code, err) == (0, "")
    assert json.loads(out) == expected


ORGANIZER = ("organizer", "show", AMOS, "--json")
NEW = ("organizer", "show", "ada@contoso.com", "--json")
LETTER = ("mail", "list", "--json")
PIN_INFO = ("pin", "info", AMOS, "--json")
EFFECTS = {
    "Set-CsOnlineDialInConferencingUser": {
        "ServiceNumber": (ORGANIZER, '"service_number": "+33199000100"'),
        "TollFreeServiceNumber": (ORGANIZER, '"toll_free_number": "+18005550100"'),
        "AllowPSTNOnlyMeetings": (ORGANIZER, '"pstn_only": true'),
        "AllowTollFreeDialIn": (ORGANIZER, '"toll_free_dial_in": false'),
        "ResetLeaderPin": (LETTER, '"kind": "pin-reset"'), "ResetConferenceId": (LETTER, '"kind": "info-changed"'),
        "SendEmail": (LETTER, '"kind": "info", '), "SendEmailToAddress": (LETTER, '"recipient": "u@hotmail.com"'),
        "ConferenceId": (("conference-id", "list", AMOS), "7654321"),
    },
    "Enable-CsOnlineDialInConferencingUser": {
        "Identity": (NEW, '"enabled": true'), "ServiceNumber": (NEW, '"service_number": "+33199000100"'),
        "TollFreeServiceNumber": (NEW, '"toll_free_number": "+18005550100"'),
        "AllowPSTNOnlyMeetings": (NEW, '"pstn_only": true'), "ConferenceId": (NEW, '"conference_id": "7654321"'),
        "SendEmailToAddress": (LETTER, '"recipient": "u@hotmail.com"'),
    },
    "Disable-CsOnlineDialInConferencingUser": {
        "Identity": (ORGANIZER, '"enabled": false'), "SendEmailToAddress": (LETTER, "u@hotmail.com")},
    "Set-CsOnlineDialInConferencingUserDefaultNumber": {
        "FromNumber": (ORGANIZER, '"service_number": "+33199000100"'),
        "ToNumber": (ORGANIZER, '"service_number": "+33199000100"'),
        "NumberType": (ORGANIZER, '"service_number": "+33199000100"'),
        "CountryOrRegion": (ORGANIZER, '"service_number": "+14255550100"'),  # Amos is of no country
        "RescheduleMeetings": (("meeting", "migration", AMOS), "Pending"),
    },
    "Set-CsOnlineDialInConferencingBridge": {
        "DefaultServiceNumber": (("bridge", "show"), "+33199000100"),
        "Instance": (("bridge", "show"), "Contoso bridge")},
    "Set-CsOnlineDialInConferencingServiceNumber": {
        "PrimaryLanguage": (("number", "show", "+14255550100"), "de-DE"),
        "SecondaryLanguages": (("number", "show", "+14255550100"), "de-DE, es-ES, zh-CN"),
    },
    "Register-CsOnlineDialInConferencingServiceNumber": {"Identity": (("number", "list"), "+442075550100")},
    "Set-CsClientPin": {"Pin": (LETTER, '"kind": "pin-reset"')},
    "Lock-CsClientPin": {"Identity": (PIN_INFO, '"locked_out": true')},
    "Set-CsPinSendCAWelcomeMail": {"Force": (LETTER, '"kind": "enabled"')},
    "Set-UMMailboxPIN": {
        "PINExpired": (PIN_INFO, '"change_due": "first-use"'), "LockedOut": (PIN_INFO, '"locked_out": true'),
        "NotifyEmail": (LETTER, '"recipient": "u@hotmail.com"')},
    "Enable-UMMailbox": {
        "Extensions": (NEW, '"extension": "36697"'), "SIPResourceIdentifier": (NEW, '"sip_uri": "sip:ada@'),
        "NotifyEmail": (LETTER, '"recipient": "u@hotmail.com"')},
    "Disable-UMMailbox": {"Identity": (ORGANIZER, '"enabled": false')},
}
WITH_EFFECTS = [(row, *EFFECTS[row.cmdlet.name][row.argument.name]) for row in ROWS
                if row.argument and row.argument.name in EFFECTS.get(row.cmdlet.name, {})]


@pytest.mark.parametrize(("row", "asked", "shown"), WITH_EFFECTS, ids=[str(row) for row, _, _ in WITH_EFFECTS])
def test_parameter_when_it_is_given_then_its_effect_is_seen_at_the_desk(run, ivr, row, asked, shown):
    assert sum(len(effects) for effects in EFFECTS.values()) == len(WITH_EFFECTS)
    code, _, err, office = run(row, *_words(row))
    assert (code, err) == (0, _said(row))
    code, out, err = ivr(*asked, office.database)
    assert (code, err) == (0, "")
    assert shown in out


@pytest.mark.parametrize("name", ["SendEmailFromAddress", "SendEmailFromDisplayName"])
def test_d5_the_sender_of_one_letter_when_a_cmdlet_names_it_then_the_letter_comes_from_there(run, name):
    cmdlet = CMDLETS["set-csonlinedialinconferencinguser"]
    row = Row(cmdlet, next(one for one in cmdlet.arguments if one.name == name))
    before = run(row, *_words(row))[3]
    assert any(re.search("From: Desk <desk@contoso.com>", text) for text in before.letters())


def test_s2_18_set_ummailboxpin_word_by_word_sets_the_pin_to_be_changed_at_first_sign_in(ivr, office_of):
    office = office_of("um")
    code, out, err = ivr("Set-UMMailboxPIN", "-Identity", "tonysmith@contoso.com", "-PIN", "1985848", "-PinExpired",
                         "$true", office.database)
    assert (code, err) == (0, SEEN)
    assert f"{TONY} has a new PIN: 1985848" in out
    info = json.loads(ivr("pin", "info", TONY, "--json", office.database)[1])
    assert info["change_due"] == "first-use"


@pytest.mark.parametrize("who", ["-amos.marble", "amos.marble", "-Identity amos.marble", "-id amos.marble"])
def test_s4_18_the_override_of_the_recipient_word_by_word_with_and_without_its_odd_hyphen(ivr, office, who):
    code, out, err = ivr("Set-CsOnlineDialInConferencingUser", *who.split(), "-ResetLeaderPIN", "-SendEmail",
                         "-SendEmailToAddress", "u@hotmail.com", office.database)
    assert (code, err) == (0, "")
    assert re.search(rf"^{AMOS} has a new PIN: \d{{5}}$", out, re.MULTILINE)
    assert "A letter with it goes to u@hotmail.com." in out
    assert any("Delivered-To: u@hotmail.com" in text for text in office.letters())


def test_s4_18_the_override_needs_send_email(unchanged, office):
    assert "add --send-email" in unchanged(
        office, "Set-CsOnlineDialInConferencingUser", "-amos.marble", "-ResetLeaderPIN", "-SendEmailToAddress",
        "u@hotmail.com")


def test_s4_19_reset_by_cmdlet_word_by_word(ivr, office):
    code, out, err = ivr("Set-CsOnlineDialInConferencingUser", "-id", "amos.marble@contoso.com", "-ResetLeaderPIN",
                         office.database)
    assert (code, err) == (0, "")
    assert re.search(rf"^{AMOS} has a new PIN: \d{{5}}$", out, re.MULTILINE)
    assert f"A letter with it goes to {AMOS}." in out


def test_s4_9_get_csonlinedialinconferencinguser_then_the_pin_is_stars(ivr, office):
    code, out, err = ivr("Get-CsOnlineDialInConferencingUser", "-Identity", "amos.marble", office.database)
    assert (code, err) == (0, "")
    assert "*****" in out
    assert not re.search(rf"(?<![0-9]){office.pins[AMOS]}(?![0-9])", out)
