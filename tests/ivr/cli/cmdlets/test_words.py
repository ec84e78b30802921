"""How a cmdlet's words are read: case, beginnings of names, colons, $true and $null, and what is no cmdlet."""

import json
import re

import pytest

from ivr.cli.cmdlets.table import CMDLETS
from ivr.cli.cmdlets.translate import translated

AMOS = "amos.marble@contoso.com"
SET = "Set-CsOnlineDialInConferencingUser"

SAME = {
    "as it is written": f"{SET} -Identity {AMOS} -ResetLeaderPin",
    "small letters": f"{SET.lower()} -identity {AMOS} -resetleaderpin",
    "capitals": f"{SET.upper()} -IDENTITY {AMOS} -RESETLEADERPIN",
    "a beginning": f"{SET} -Id {AMOS} -ResetL",
    "a colon": f"{SET} -Identity:{AMOS} -ResetLeaderPin:$true",
    "the user first": f"{SET} {AMOS} -ResetLeaderPin",
    "the user last": f"{SET} -ResetLeaderPin {AMOS}",
    "two words": f"Set CsOnlineDialInConferencingUser -Identity {AMOS} -ResetLeaderPin",
    "with what is so anyway": f"{SET} -Identity {AMOS} -ResetLeaderPin -AsJob -Force",
    "and no question": f"{SET} -Identity {AMOS} -ResetLeaderPin -Confirm:$false",
}


@pytest.mark.parametrize("way", SAME)
def test_words_when_written_in_another_way_then_they_mean_the_same(way):
    words = translated(SAME[way].split())
    assert words[:3] == ["organizer", "set", AMOS]
    assert sorted(words[3:]) == ["--reset-pin", "--yes"]


@pytest.mark.parametrize("name", [one.name for one in CMDLETS.values()])
def test_s4_21_cmdlet_when_a_translation_has_split_its_name_then_it_is_understood(name):
    verb, _, noun = name.partition("-")
    assert translated([verb, noun]) == translated([name])


@pytest.mark.parametrize("name", ["Set", "Get"])
def test_s4_21_a_verb_when_no_cmdlet_follows_then_it_is_no_cmdlet(refused, name):
    assert name in refused(name, "Nothing")


@pytest.mark.parametrize(("words", "expected"), [
    ("-SendEmail:$false", []), ("-SendEmail:$true", ["--send-email"]), ("-SendEmail", ["--send-email"]),
    ("-AllowPSTNOnlyMeetings $false", ["--no-pstn-only"]), ("-AllowPSTNOnlyMeetings:$TRUE", ["--pstn-only"]),
    ("-AllowPSTNOnlyMeetings", ["--pstn-only"]), ("-AllowPSTNOnlyMeetings 0", ["--no-pstn-only"]),
    ("-TollFreeServiceNumber $null", ["--toll-free-number="]),
    ("-ServiceNumber 33199000100", ["--service-number=33199000100"]),
    ("-ResetConferenceId:$false -ResetLeaderPin:$false", []),
    ("-SendEmail -SendEmailToAddress u@hotmail.com", ["--send-email", "--send-email-to=u@hotmail.com"]),
])
def test_values_when_they_are_a_shells_then_they_are_understood(words, expected):
    assert translated([SET, "-Identity", AMOS, *words.split()]) == ["organizer", "set", AMOS, *expected, "--yes"]


def test_null_when_it_is_given_for_a_number_then_the_number_is_taken_away(ivr, office):
    for value, expected in (("+18005550100", "+18005550100"), ("$null", "")):
        assert ivr(SET, "-Identity", AMOS, "-TollFreeServiceNumber", value, office.database)[0] == 0
        shown = json.loads(ivr("organizer", "show", AMOS, "--json", office.database)[1])
        assert shown["toll_free_number"] == expected


def test_null_when_it_is_given_for_languages_then_there_are_no_others(ivr, office):
    words = ("Set-CsOnlineDialInConferencingServiceNumber", "-Identity", "+14255550100")
    for value, count in (("fr-FR,zh-CN", 2), ("$null", 0)):
        code, out, err = ivr(*words, "-PrimaryLanguage", "en-US", "-SecondaryLanguages", value, "--json",
                             office.database)
        assert (code, err) == (0, "")
        assert len(json.loads(out)["languages"]) == 1 + count


@pytest.mark.parametrize(("words", "part"), [
    ((SET, "-Identity", AMOS, "-SendEmailFrom", "x"), "'-SendEmailFrom' may be -SendEmailFromAddress or "
                                                      "-SendEmailFromDisplayName"),
    ((SET, "-Identity", AMOS, "-Reset"), "'-Reset' may be -ResetLeaderPin or -ResetConferenceId"),
    ((SET, "-Identity", AMOS, "-ServiceNumbr", "+33199000100"), "did you mean '-ServiceNumber'?"),
    ((SET, "-Identity", AMOS, "-NothingLikeIt"), f"{SET} has no parameter '-NothingLikeIt'"),
    ((SET, "-Identity"), "-Identity is given no value"),
    ((SET, "-Identity", AMOS, "-ServiceNumber"), "-ServiceNumber is given no value"),
    ((SET, "-Identity", AMOS, "-ServiceNumber", "-SendEmail"), "-ServiceNumber is given no value"),
    ((SET, "-Identity", AMOS, "-SendEmail:perhaps"), "-SendEmail takes $true or $false, not 'perhaps'"),
    ((SET, "-Identity", AMOS, "-AllowPSTNOnlyMeetings:perhaps"), "takes $true or $false, not 'perhaps'"),
    ((SET, "-Identity", AMOS), "there is nothing to set"),
    ((SET, "-Identity", AMOS, "-ConferenceId", "7654321", "-ResetConferenceId"), "(C-7)"),
    ((SET, "-ResetLeaderPin"), "WHO"),
    ((SET, "-Identity", "amos.marbel@contoso.com", "-ResetLeaderPin"), "did you mean 'amos.marble@contoso.com'?"),
    ((SET, AMOS, "tonysmith@contoso.com", "-ResetLeaderPin"), "tonysmith@contoso.com"),
    (("Set-CsOnlineDialInConferencingUsr", "-Identity", AMOS), f"did you mean '{SET}'?"),
    (("Get-CsNothing",), "there is no cmdlet 'Get-CsNothing'"),
    (("Set-CsOnlineDialInConferencingTenantSettings", "-PinLength", "13"), "'13' is no pin-length"),
    (("Set-CsOnlineDialInConferencingTenantSettings", "-PinLenght", "6"), "did you mean '-PinLength'?"),
    (("Set-CsOnlineDialInConferencingTenantSettings", "-SendEmailFromOverride", "$true"), "sender-address"),
    (("Set-CsPinPolicy", "-MinPasswordLength", "6"), "the administration 'online' has no policy of the kind 'pin'"),
], ids=str)
def test_words_when_they_mean_nothing_then_one_sentence_says_so(unchanged, office, words, part):
    assert part in unchanged(office, *words)


def test_cmdlet_when_it_is_to_confirm_then_it_asks(refused, office):
    assert "add --yes" in refused(SET, "-Identity", AMOS, "-ResetLeaderPin", "-Confirm", office.database)
    assert "add --yes" in refused("Disable-CsOnlineDialInConferencingUser", AMOS, "-Confirm:$true", office.database)


OURS = [
    ("organizer list -Identity amos.marble", "organizer list amos.marble"),
    ("organizer list -ServiceNumber +14255550100", "organizer list --number=+14255550100"),
    (f"organizer set {AMOS} --ServiceNumber +33199000100", f"organizer set {AMOS} --service-number=+33199000100"),
    (f"organizer set -Identity {AMOS} -ResetLeaderPin", f"organizer set {AMOS} --reset-pin"),
    (f"organizer enable -Identity {AMOS} --ConferenceId 1234567",
     f"organizer enable {AMOS} --conference-id=1234567"),
    ("number set +14255550100 -PrimaryLanguage de-DE", "number set +14255550100 --primary-language=de-DE"),
    ("pin reset amos.marble -PINExpired $true --yes", "pin reset amos.marble --change-at-first-use --yes"),
    ("settings set --PinLength 6", "settings set --PinLength=6"),
    ("settings set -PinLength 6", "settings set --PinLength=6"),
    ("policy set meeting -AllowPSTNUsersToBypassLobby $true",
     "policy set meeting --AllowPSTNUsersToBypassLobby=$true"),
]


@pytest.mark.parametrize(("words", "ours"), OURS, ids=[words for words, _ in OURS])
def test_our_command_when_it_is_given_a_cmdlets_parameter_then_it_is_an_alias(words, ours):
    assert translated(words.split()) == ours.split()


@pytest.mark.parametrize("words", [
    "organizer set amos.marble -ServiceNumber +33199000100", "organizer list -Identity amos.marble --json",
    "settings set --PinLength 6 -AutomaticallySendEmailsToUsers $false", "settings set --PIN_LENGTH 6",
    "settings show PinLength", "pin reset -Identity amos.marble -Force", "number show tel:+14255550100",
    "policy set meeting -AllowPSTNUsersToBypassLobby $true", "policy show meeting --organizer amos.marble",
    "organizer disable amos.marble -Force -SendEmail -SendEmailToAddress u@hotmail.com",
])
def test_our_command_when_a_cmdlets_parameter_is_an_alias_then_it_works(ivr, office, words):
    code, out, err = ivr(*words.split(), office.database)
    assert (code, err) == (0, "")
    assert out


@pytest.mark.parametrize("words", [
    "organizer show amos.marble", "organizer enable Ada-Byron@contoso.com --name Set-Up",
    "answer Set-CsUser.wav", "run scenarios", "organizer show -h", "meeting schedule amos --subject Get-Well",
])
def test_our_command_when_no_cmdlets_word_is_in_it_then_it_is_left_as_it_is(words):
    assert translated(words.split()) == words.split()


def test_page_when_asked_for_one_cmdlet_then_it_and_its_parameters_are_told(ivr):
    code, out, err = ivr("cmdlets", "Set-UMMailboxPIN")
    assert (code, err) == (0, "")
    assert out.startswith("Set-UMMailboxPIN  =  ivr pin reset\n")
    assert re.search(r"^    -PINExpired +--change-at-first-use, --no-change-at-first-use$", out, re.MULTILINE)


def test_page_when_asked_for_a_part_of_a_name_then_all_that_have_it_are_told(ivr):
    out = ivr("cmdlets", "clientpin")[1]
    assert {line.split()[0] for line in out.splitlines() if "  =  " in line} == {
        "Set-CsClientPin", "Lock-CsClientPin", "Unlock-CsClientPin", "Get-CsClientPinInfo"}


def test_page_when_there_is_no_such_cmdlet_then_the_nearest_is_named(refused):
    assert "did you mean 'Set-UMMailboxPIN'?" in refused("cmdlets", "Set-UMMailboxPNI")
