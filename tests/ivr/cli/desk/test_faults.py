"""Whatever is typed wrongly: one sentence that names the value, the right exit code, and nothing is changed."""

import pytest

AMOS, TONY = "amos.marble@contoso.com", "tonysmith@contoso.com"
ADA = "ada@contoso.com"

REFUSED = [
    (["pin", "welcome", "amos.marble@contoso.com", "--no-send-email"], "leave out --no-send-email"),
    # settings and policies
    (("settings", "set", "--pin-length", "3"), "'3' is no pin-length: it takes a whole number from 4 to 12"),
    (("settings", "set", "--pin-length", "13"), "'13' is no pin-length"),
    (("settings", "set", "--pin-length", "five"), "'five' is no pin-length"),
    (("settings", "set", "--send-mails", "maybe"), "'maybe' is no send-mails: it takes yes or no"),
    (("settings", "set", "--pin-lenght", "6"), "did you mean 'pin-length'?"),
    (("settings", "set", "--language", "fr-BE"), "'fr-BE' is no language"),
    (("settings", "set", "--administration", "onlin"), "did you mean 'online'?"),
    (("settings", "set", "--sender-override", "yes"), "sender-address"),
    (("settings", "set", "--sender-address", "desk"), "'desk' is no sender-address"),
    (("settings", "set", "--delivery", "smtp"), "smtp-host"),
    (("settings", "set", "--smtp-port", "0"), "'0' is no smtp-port"),
    (("settings", "set", "--pin-length", "6", "--PinLength", "7"), "pin-length is named twice"),
    (("settings", "set", "--pin-length", "6", "--send-mails", "maybe"), "'maybe'"),
    (("settings", "set"), "there is nothing to set"),
    (("settings", "show", "pin-lenght"), "did you mean 'pin-length'?"),
    (("policy", "set", "meeting", "--dial-in-bypas", "yes"), "did you mean 'dial-in-bypass'?"),
    (("policy", "set", "meting", "--dial-in-bypass", "yes"), "did you mean 'meeting'?"),
    (("policy", "set", "meeting"), "there is nothing to set: name a parameter, as in "),
    (("policy", "set", "a\nb"), "there is nothing to set"),
    (("policy", "set", "pin", "--shortest", "6"), "the administration 'online' has no policy of the kind 'pin'"),
    (("policy", "show", "meeting", "strict"), "there is no meeting policy 'strict'"),
    (("policy", "new", "meeting", "global", "--dial-in-bypass", "yes"), "the global policy is always there"),
    (("policy", "grant", "meeting", "strict", AMOS), "there is no meeting policy 'strict'"),
    (("policy", "grant", "meeting", "site:Paris", AMOS), "'site:Paris' is a site's policy"),
    (("policy", "list", "meting"), "did you mean 'meeting'?"),
    # who is meant
    (("pin", "reset", "amos.marbel@contoso.com"), "did you mean 'amos.marble@contoso.com'?"),
    (("pin", "reset", "amos.marbel@contoso.com", "--yes"), "there is no organizer 'amos.marbel@contoso.com'"),
    (("organizer", "show", "nobody"), "there is no organizer 'nobody'"),
    (("organizer", "disable", "sip:tonysmit@contoso.com"), "there is no organizer 'sip:tonysmit@contoso.com'"),
    (("meeting", "list", "tonysmit@contoso.com"), "did you mean 'tonysmith@contoso.com'?"),
    (("mail", "list", "tonysmit@contoso.com"), "did you mean 'tonysmith@contoso.com'?"),
    # organizers
    (("organizer", "enable"), "name an address, or a file with --csv"),
    (("organizer", "enable", ADA, "--csv", "people.csv"), "one of the two"),
    (("organizer", "enable", "--csv", "people.csv", "--name", "Ada"), "leave out the other options"),
    (("organizer", "enable", "ada"), "'ada' is not a mail address"),
    (("organizer", "enable", "ada@@contoso.com"), "'ada@@contoso.com' is not a mail address"),
    (("organizer", "enable", ADA, "--sip-uri", f"sip:{AMOS}"), f"belongs to the organizer {AMOS}"),
    (("organizer", "enable", ADA, "--pin", "12345"), "PINs are always generated"),
    (("organizer", "enable", ADA, "--conference-id", "7654321"), "conference IDs are always drawn by chance"),
    (("organizer", "enable", ADA, "--country", "Narnia"), "'Narnia'"),
    (("organizer", "enable", ADA, "--extension", "12x"), "'12x' is not an extension"),
    (("organizer", "enable", ADA, "--language", "Klingon"), "'Klingon'"),
    (("organizer", "enable", ADA, "--service-number", "+4930123456"), "+4930123456"),
    (("organizer", "enable", ADA, "--service-number", "+18005550100"), "+18005550100"),
    (("organizer", "enable", ADA, "--toll-free-number", "+14255550100"), "+14255550100"),
    (("organizer", "enable", ADA, "--name", "a\nb"), "cannot be a name"),
    (("organizer", "set", AMOS), "there is nothing to set"),
    (("organizer", "set", AMOS, "--address", TONY), f"{TONY} belongs to the organizer {TONY}"),
    (("organizer", "set", AMOS, "--sip-uri", f"sip:{TONY}"), f"belongs to the organizer {TONY}"),
    (("organizer", "set", AMOS, "--address", "amos"), "'amos' is not a mail address"),
    (("organizer", "set", AMOS, "--language", "fr-FR", "--service-number", "+4930123456"), "+4930123456"),
    (("organizer", "set", AMOS, "--reset-conference-id", "--conference-id", "7654321"), "(C-7)"),
    (("organizer", "set", AMOS, "--language", "fr-FR", "--conference-id", "7654321", "--yes"), "by chance"),
    (("organizer", "list", "--number", "12"), "'12'"),
    (("organizer", "list", "--bridge", "Elsewhere"), "'Elsewhere'"),
    # PINs
    (("pin", "reset", AMOS, "--pin", "48215", "--yes"), "PINs are always generated"),
    (("pin", "lock", AMOS), "never locked"),
    (("pin", "unlock", AMOS), "never locked"),
    (("pin", "welcome", AMOS), "add --force"),
    # letters
    (("pin", "reset", AMOS, "--yes", "--send-email-to", "u@hotmail.com"),
     "--send-email-to u@hotmail.com has nothing to go with: add --send-email"),
    (("pin", "reset", AMOS, "--yes", "--no-send-email", "--send-email-to", "u@hotmail.com"), "add --send-email"),
    (("pin", "reset", AMOS, "--yes", "--send-email", "--send-email-to", "hotmail"), "'hotmail' is not a mail"),
    (("pin", "reset", AMOS, "--yes", "--send-email", "--send-email-from-address", "d@contoso.com"),
     "--send-email-from-name"),
    (("pin", "reset", AMOS, "--yes", "--send-email", "--send-email-from-name", "Desk"),
     "--send-email-from-address"),
    (("pin", "reset", AMOS, "--yes", "--send-email-from-address", "d@contoso.com", "--send-email-from-name", "D"),
     "needs --send-email"),
    (("organizer", "enable", ADA, "--send-email-to", "u@hotmail.com"), "add --send-email"),
    (("organizer", "disable", AMOS, "--yes", "--send-email-to", "u@hotmail.com"), "add --send-email"),
    (("organizer", "set", AMOS, "--language", "fr-FR", "--send-email-to", "u@hotmail.com"), "add --send-email"),
    (("conference-id", "reset", AMOS, "--yes", "--send-email-to", "u@hotmail.com"), "add --send-email"),
    (("organizer", "send-info", AMOS, "--to", "hotmail"), "'hotmail' is not a mail address"),
    (("mail", "show", "99"), "there is no letter 99"),
    (("mail", "show", "first"), "'first' is no whole number"),
    (("mail", "retry", "99"), "there is no letter 99"),
    (("mail", "list", "--state", "lost"), "not 'lost'"),
    # meetings
    (("meeting", "schedule", AMOS, "--at", "noon"), "'noon' is no moment"),
    (("meeting", "schedule", AMOS, "--at", "2030-02-30 10:00"), "'2030-02-30 10:00' is no moment"),
    (("meeting", "schedule", AMOS, "--at", "2030-12-01"), "'2030-12-01' is no moment"),
    (("meeting", "schedule", AMOS, "--at", "tomorrow 25:00"), "'tomorrow 25:00' is no moment"),
    (("meeting", "schedule", AMOS, "--at", "tomorrow"), "'tomorrow' is no moment"),
    (("meeting", "schedule", AMOS, "--at", "9999-12-31 23:00"), "'9999-12-31 23:00' is no moment"),
    (("meeting", "schedule", AMOS, "--at", "1969-12-31 23:00"), "'1969-12-31 23:00' is no moment"),
    (("meeting", "schedule", AMOS, "--at", "2020-01-01 10:00"), "2020-01-01 10:00"),
    (("meeting", "schedule", AMOS, "--at", "2030-01-02 10:00", "--until", "2030-01-02 09:00"),
     "has to end after it begins"),
    (("meeting", "schedule", AMOS, "--minutes", "0"), "--minutes 0 is no length"),
    (("meeting", "schedule", AMOS, "--minutes", "nan"), "--minutes nan is no length"),
    (("meeting", "schedule", AMOS, "--minutes", "long"), '"long"'),
    (("meeting", "schedule", AMOS, "--invitees", "-1"), "-1"),
    (("meeting", "schedule", AMOS, "--invitees", "2.5"), "'2.5' is no whole number"),
    (("meeting", "schedule", AMOS, "--conference-id", "7654321"), "drawn by chance"),
    (("meeting", "schedule", AMOS, "--meet-now", "--at", "tomorrow 10:00"), "leave out --at"),
    (("meeting", "schedule", AMOS, "--subject", "a\x1b[2Jb"), "cannot be the subject of a meeting"),
    (("meeting", "show", "99"), "there is no meeting '99'"),
    (("meeting", "cancel", "0000000", "--yes"), "there is no meeting '0000000'"),
    (("meeting", "invite", "1", "--language", "xx-XX"), "'xx-XX'"),
    (("meeting", "reschedule", "1", "--at", "tomorrow 10:00", "--minutes", "-5"), "--minutes -5 is no length"),
    (("meeting", "reschedule", "1", "--minutes", "5", "--until", "tomorrow 10:00"), "take one of the two"),
    (("conference-id", "reset", AMOS, "--meeting", "2", "--yes"), "2"),
    (("conference-id", "reset", AMOS, "--conference-id", "1234567", "--yes"), "drawn by chance"),
    # numbers
    (("number", "show", "+4930123456"), "+4930123456"),
    (("number", "show", "call-me"), "'call-me'"),
    (("number", "add", "+0"), "'+0'"),
    (("number", "add", "+14255550100"), "+14255550100"),
    (("number", "add", "+442075550100", "--country", "England"), "'England'"),
    (("number", "add", "+442075550100", "--shared", "--primary-language", "en-GB"), "shared number"),
    (("number", "add", "+442075550100", "--bridge", "Elsewhere"), "'Elsewhere'"),
    (("number", "set", "+14255550100"), "there is nothing to set"),
    (("number", "set", "+14255550100", "--primary-language", "en"), "'en'"),
    (("number", "set", "+14255550100", "--secondary-languages", "fr-FR,de-DE,es-ES,it-IT,nl-NL"), "(A1.4)"),
    (("number", "set", "+14255550100", "--primary-language", "fr-FR", "--secondary-languages", "fr-FR"), "once"),
    (("number", "remove", "+14255550100", "--yes"), "2 organizers have the number +14255550100"),
    (("number", "renumber", "+14255550100", "+4930123456", "--yes"), "+4930123456"),
    (("number", "renumber", "+14255550100", "+14255550100", "--yes"), "by itself"),
    (("number", "renumber", "+14255550100", "+33199000100", "--number-type", "free", "--yes"), "'free'"),
    (("number", "test", "+4930123456"), "+4930123456"),
    (("bridge", "set"), "there is nothing to set"),
    (("bridge", "set", "Elsewhere", "--name", "x"), "'Elsewhere'"),
    (("bridge", "set", "--default-service-number", "+18005550100"), "+18005550100"),
    # words that mean nothing
    (("organizer", "enabel", ADA), "enabel"),
    (("organizer", "show"), "WHO"),
    (("organizer", "show", AMOS, "--jsn"), "--jsn"),
    (("organizer", "list", AMOS, TONY), TONY),
    (("settings", "set", "pin-length", "6"), "'pin-length'"),
]


@pytest.mark.parametrize(("words", "part"), REFUSED,
                         ids=[" ".join(words).replace("48215", "****") for words, _ in REFUSED])
def test_words_when_they_cannot_be_meant_then_one_sentence_says_so_and_nothing_is_changed(unchanged, office, words,
                                                                                          part):
    assert part in unchanged(office, *words)


TYPED = [
    ("sfbserver", "1349", "5 to 24 digits"), ("sfbserver", "5" * 25, "5 to 24 digits"),
    ("sfbserver", "58a39", "digits and nothing else"), ("sfbserver", "225577", "easily guessed"),
    ("um", "13497", "6 to 24 digits"), ("um", "5" * 25, "6 to 24 digits"),
    ("um", "58a392", "digits and nothing else"), ("um", "123456", "easily guessed"),
]


@pytest.mark.parametrize(("profile", "typed", "part"), TYPED, ids=[f"{p}-{t}" for p, t, _ in TYPED])
def test_b2_f2_a_typed_pin_when_a_rule_forbids_it_then_it_is_refused(unchanged, office_of, profile, typed, part):
    sentence = unchanged(office_of(profile), "pin", "reset", AMOS, "--pin", typed, "--yes")
    assert part in sentence
    assert typed not in sentence


@pytest.mark.parametrize("words", [
    ("pin", "reset", AMOS, "--yes"), ("pin", "info", AMOS), ("conference-id", "reset", AMOS, "--yes"),
    ("meeting", "schedule", AMOS), ("meeting", "invite", "1"), ("organizer", "send-info", AMOS),
    ("organizer", "set", AMOS, "--service-number", "+33199000100"),
    ("organizer", "set", AMOS, "--reset-pin", "--yes"),
], ids=lambda words: " ".join(words).replace("48215", "****"))
def test_reset_when_the_organizer_is_disabled_then_it_is_refused(ivr, unchanged, office, words):
    assert ivr("organizer", "disable", AMOS, "--yes", office.database)[0] == 0
    assert f"'ivr organizer enable {AMOS}' first" in unchanged(office, *words)


def test_s4_4_an_owner_who_may_not_reset_his_pin_then_it_is_refused(unchanged, office_of):
    assert "(S4.4): an administrator has to" in unchanged(office_of("sfb2017"), "pin", "reset", AMOS, "--by-owner",
                                                          "--yes")


def test_s0_4_an_owner_who_may_reset_his_pin_then_it_is_done(desk):
    assert desk("pin", "reset", AMOS, "--by-owner", "--yes")[0] == 0


def test_b4_a_locked_pin_when_it_is_set_then_it_must_be_unlocked_first(ivr, unchanged, office_of):
    office = office_of("sfbserver")
    assert ivr("pin", "lock", AMOS, office.database)[0] == 0
    assert f"'ivr pin unlock {AMOS}' first (B4)" in unchanged(office, "pin", "reset", AMOS, "--yes")
    assert ivr("pin", "unlock", AMOS, office.database)[0] == 0
    assert ivr("pin", "reset", AMOS, "--yes", office.database)[0] == 0


def test_c_7_a_chosen_conference_id_when_it_is_taken_or_badly_formed_then_it_is_refused(unchanged, office_of):
    office = office_of("sfb2017")
    taken = office.ids[TONY]
    assert taken in unchanged(office, "conference-id", "reset", AMOS, "--conference-id", taken, "--yes")
    for bad in ("123456", "12345678", "12e4567"):
        assert bad in unchanged(office, "conference-id", "reset", AMOS, "--conference-id", bad, "--yes")


def test_c_2_c_3_a_chosen_id_for_an_organizer_then_it_is_taken_only_where_he_has_one_id(ivr, unchanged, office_of):
    office = office_of("sfb2017")
    words = ("organizer", "enable", ADA, "--conference-id", "7654321")
    assert "7654321 cannot be his" in unchanged(office, *words)
    assert ivr("settings", "set", "--unique-conference-ids", "no", office.database)[0] == 0
    code, out, err = ivr(*words, office.database)
    assert (code, err) == (0, "")
    assert "The conference ID of all meetings is 7654321." in out
    assert "7654321" in unchanged(office, "organizer", "enable", "eve@contoso.com", "--conference-id", "7654321")


def test_s1_4_static_ids_when_the_product_has_none_then_they_are_refused(unchanged, office):
    assert "(S1.4)" in unchanged(office, "settings", "set", "--unique-conference-ids", "no")


def test_e_enabling_when_he_is_enabled_then_nothing_is_changed_and_it_is_no_error(ivr, office):
    before = office.dump()
    assert ivr("organizer", "enable", "Amos.Marble@Contoso.COM", "--name", "Somebody else", office.database) == (
        0, f"{AMOS} is enabled already: nothing was changed.\n", "")
    assert office.dump() == before


def test_b1_3_s0_21_s4_16_a_new_length_then_the_pins_that_exist_stay_as_they_are(ivr, office):
    hashes = office.ask("SELECT pin_hash FROM organizers")
    assert ivr("settings", "set", "--pin-length", "8", office.database)[0] == 0
    assert office.ask("SELECT pin_hash FROM organizers") == hashes


@pytest.mark.parametrize("words", [
    ("settings", "set", "--pin-length", "8", "--what-if"),
    ("policy", "set", "meeting", "--dial-in-bypass", "yes", "--what-if"),
], ids=lambda words: " ".join(words).replace("48215", "****"))
def test_what_if_when_it_is_asked_then_it_tells_and_changes_nothing(ivr, office, words):
    before = office.dump()
    code, out, err = ivr(*words, office.database)
    assert (code, err) == (0, "")
    assert out.startswith("Nothing is changed; this would hold:\n* ")
    assert office.dump() == before


@pytest.mark.parametrize("who", [
    AMOS, "AMOS.MARBLE@contoso.com", "Amos Marble", "amos marble", "sip:amos.marble@contoso.com", "amos.marble",
    "contoso\\amos.marble",
])
def test_e_identity_when_it_is_any_name_he_has_then_he_is_meant(desk, who):
    code, out, err = desk("organizer", "show", who)
    assert (code, err) == (0, "")
    assert AMOS in out


def test_identity_when_two_have_the_name_then_both_are_told(ivr, unchanged, office):
    assert ivr("organizer", "enable", "amos.marble@fabrikam.com", "--name", "Amos Marble", office.database)[0] == 0
    sentence = unchanged(office, "pin", "reset", "Amos Marble", "--yes")
    assert AMOS in sentence
    assert "amos.marble@fabrikam.com" in sentence
