"""Letters at the desk: what makes each one, to whom, from whom, in which language (section D, S3)."""

from dataclasses import replace

import pytest

from ivr.desk.vault import KeyFile
from ivr.directory.errors import BadValue, NotFound, Unusable
from ivr.directory.letters import MOST_LISTED, Mailing
from ivr.directory.organizers import NewOrganizer
from ivr.mail.letters import LANGUAGES

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"
HOTMAIL, PARIS, LINK = "amos@hotmail.com", "+33199000100", "https://contoso.com/update"


def kinds(desk):
    """Return the kinds of letters written so far, oldest first."""
    return [letter.kind for letter in reversed(desk.outbox.list(limit=1000))]


@pytest.fixture
def static(desk_of, enable):
    """A desk where Amos Marble has one conference ID for all meetings."""
    desk = desk_of("sfb2017", unique_conference_ids="no", update_link=LINK)
    enable(desk)
    return desk


@pytest.fixture
def message(clock):
    """Takes the latest letter out as a mail: ``message(desk)``."""
    def message(desk):
        return desk.outbox.claim(clock.now, 0, 1000)[-1].message

    return message


# what makes each letter, and what stands in it


CHANGES = {
    "looked at": (lambda desk: desk.pins.info(AMOS), []),
    "S1.7, S3.5, M2: a new ID": (lambda desk: desk.conference_ids.reset(AMOS), ["info-changed"]),
    "S3.5, D10, M2: another default number":
        (lambda desk: desk.organizers.set(AMOS, {"service_number": PARIS}), ["info-changed"]),
    "the number he has": (lambda desk: desk.organizers.set(AMOS, {"service_number": PARIS}), []),
    "S0.12, S3.6, S4.10, M3: a PIN reset": (lambda desk: desk.pins.reset(AMOS), ["pin-reset"]),
    "another name": (lambda desk: desk.organizers.set(AMOS, {"name": "A. Marble"}), []),
    "S0.21: longer PINs": (lambda desk: desk.settings.set("settings", {"pin-length": "8"}), []),
    "S1.10, S3.15, M5: asked for": (lambda desk: desk.organizers.send_info(AMOS), ["info"]),
    "S3.7, S3.8, M4: disabled": (lambda desk: desk.organizers.disable(AMOS), ["turned-off"]),
    "disabled again": (lambda desk: desk.organizers.disable(AMOS), []),
}
"""What is done at the desk, in this order, and the letters that it makes."""


def test_s0_17_s3_1_s3_3_s4_15_a_change_then_the_letter_that_tells_of_it_and_no_other(static):
    assert kinds(static) == ["enabled"]
    for what, (act, written) in CHANGES.items():
        before = len(kinds(static))
        act(static)
        assert kinds(static)[before:] == written, what


def test_s3_9_each_kind_of_letter_then_known_by_its_subject(static):
    static.organizers.set(AMOS, {"service_number": PARIS})
    static.pins.reset(AMOS)
    static.organizers.send_info(AMOS)
    static.organizers.disable(AMOS)
    subjects = [static.outbox.show(number)[1].subject for number in range(1, 6)]
    assert len(set(subjects)) == 5


@pytest.mark.parametrize(("act", "holds"), [
    pytest.param(lambda desk: desk.pins.welcome(AMOS, force=True), {"ID", "number", "PIN", "link"},
                 id="S3.3: enabled"),
    pytest.param(lambda desk: desk.conference_ids.reset(AMOS), {"ID", "number", "link"}, id="S1.9, S3.5: changed"),
    pytest.param(lambda desk: desk.pins.reset(AMOS), {"ID", "number", "PIN"}, id="S3.6: PIN reset"),
    pytest.param(lambda desk: desk.organizers.disable(AMOS), {"link"}, id="S3.7, M4: turned off"),
    pytest.param(lambda desk: desk.organizers.send_info(AMOS), {"ID", "number"}, id="S1.10: on demand"),
])
def test_a_letter_then_holds_what_its_kind_holds(desk_of, letters, enable, act, holds):
    desk = desk_of("sfb2017", unique_conference_ids="no", update_link=LINK)
    old_pin = enable(desk).pin.pin
    made = act(desk)
    text = letters(desk)[-1][2]
    signs = {"ID": "Conference ID: ", "number": "+14255550100", "PIN": "PIN: ", "link": LINK}
    assert {item for item, sign in signs.items() if sign in text} == holds
    assert old_pin not in text
    if "PIN" in holds:
        assert made.pin in text
    if "ID" in holds:
        assert desk.organizers.show(AMOS).conference_id in text


@pytest.mark.parametrize(("act", "kind"), [
    (lambda desk: desk.pins.welcome(AMOS, force=True), "enabled"),
    (lambda desk: desk.conference_ids.reset(AMOS), "info-changed"),
    (lambda desk: desk.conference_ids.reset(AMOS, meeting="1"), "info-changed"),
    (lambda desk: desk.organizers.set(AMOS, {"service_number": PARIS}), "info-changed"),
    (lambda desk: desk.pins.reset(AMOS), "pin-reset"),
    (lambda desk: desk.organizers.send_info(AMOS), "info"),
], ids=["welcomed", "new IDs", "one new ID", "another number", "PIN reset", "asked for"])
def test_c10_s1_9_s1_10_s3_3_to_s3_6_with_dynamic_ids_then_each_meeting_that_can_be_dialled_is_listed(
        desk, enable, meeting, letters, clock, act, kind):
    enable(desk)
    enable(desk, "ada@contoso.com")
    meeting(desk, subject="Budget")
    meeting(desk, starts_at=clock.now + 86_400, ends_at=clock.now + 90_000)
    for who, subject in ((AMOS, "Gone"), ("ada@contoso.com", "Hers")):
        gone = meeting(desk, who, subject=subject)
    desk.meetings.cancel("3")
    act(desk)
    _, written, text = letters(desk)[-1]
    first, second = (desk.meetings.show(number).conference_id for number in "12")
    assert written == kind
    assert f"    {first}  Budget\n             Tuesday, November 14, 2023, 23:13 (UTC)\n" in text
    assert f"    {second}  (no subject)\n             Wednesday, November 15, 2023, 22:13 (UTC)\n" in text
    assert text.index(first) < text.index(second)
    assert "Gone" not in text
    assert gone.conference_id not in text


def test_c10_dynamic_ids_and_no_meeting_then_no_id_and_where_they_stand(desk, enable, letters):
    enable(desk)
    assert "Conference ID: Every meeting has its own." in letters(desk)[-1][2]


def test_more_meetings_than_fit_in_a_letter_then_the_next_ones_and_how_many_more(
        desk, enable, meeting, letters, clock):
    enable(desk)
    with desk.store.together():
        for n in range(MOST_LISTED + 3):
            at = clock.now + n * 86_400
            meeting(desk, subject=f"Day {n}", starts_at=at, ends_at=at + 3600)
    clock.on(days=2)
    desk.organizers.send_info(AMOS)
    text = letters(desk)[-1][2]
    assert "Day 2\n" in text
    assert f"Day {MOST_LISTED + 1}\n" in text
    assert "Day 0\n" not in text
    assert "Further meetings, not listed here: 3\n" in text


def test_f2_the_letters_of_a_mailbox_then_about_a_mailbox_with_its_extension_and_from_voice_mail(
        desk_of, enable, meeting, message):
    desk = desk_of("um")
    enable(desk, extension="36697")
    meeting(desk, subject="Budget")
    pin = desk.pins.reset(AMOS).pin
    mail = message(desk)
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "The new PIN of your voice mailbox"
    assert mail["From"] == "Voice mail <voice-mail@contoso.com>"
    assert f"Your extension: 36697\n    Your PIN: {pin}\n" in text
    assert "meeting" not in text
    assert "Budget" not in text


@pytest.mark.parametrize(("profile", "told"), [
    pytest.param("online", False, id="M4: Teams does not tell"),
    pytest.param("sfb2017", True, id="M4: Skype for Business tells"),
])
def test_turned_off_then_how_to_take_the_numbers_out_of_invitations_as_the_product_has_it(
        desk_of, enable, letters, profile, told):
    desk = desk_of(profile, update_link=LINK)
    enable(desk)
    desk.organizers.disable(AMOS)
    assert (LINK in letters(desk)[-1][2]) == told


def test_f2_the_policys_own_words_then_in_the_letters_that_bring_a_pin(desk_of, enable):
    desk = desk_of("um")
    desk.settings.set("um-mailbox", {"UMEnabledText": "Welcome to <b>voice mail</b>."})
    desk.settings.set("um-mailbox", {"ResetPINText": "Call 4711."})
    enable(desk)
    desk.pins.reset(AMOS)
    desk.organizers.send_info(AMOS)
    texts = [desk.outbox.show(number)[1].text for number in (1, 2, 3)]
    assert ["Welcome to voice mail." in text for text in texts] == [True, False, False]
    assert ["Call 4711." in text for text in texts] == [False, True, False]


@pytest.mark.parametrize(("profile", "said"), [("um", True), ("online", False)])
def test_s2_12_s2_16_a_pin_to_be_changed_at_first_use_then_the_letter_says_so(desk_of, enable, profile, said):
    desk = desk_of(profile)
    enable(desk)
    desk.pins.reset(AMOS)
    assert ("first" in desk.outbox.show(2)[1].text) == said


# in which language


def test_a_letter_then_in_its_readers_language_or_else_the_bridges(desk, enable, message):
    for n, (own, bridges, written_in) in enumerate([
            ("", "en-US", "en-US"), ("", "fr-FR", "fr-FR"), ("zh-CN", "fr-FR", "zh-CN"),
            ("fr-CA", "zh-CN", "fr-FR"), ("en-GB", "fr-FR", "en-US")]):
        desk.settings.set("settings", {"language": bridges})
        enable(desk, f"o{n}@contoso.com", language=own)
        assert message(desk)["Content-Language"] == written_in


# to whom


def test_s0_18_s0_22_s1_8_s4_15_s4_17_b1_14_d1_a_letter_then_to_the_primary_address_by_default(desk, enable):
    assert enable(desk, sip_uri="sip:amos@sip.contoso.com").pin.mailed_to == AMOS
    assert desk.pins.reset(AMOS).mailed_to == AMOS
    desk.organizers.set(AMOS, {"service_number": PARIS})
    assert [letter.recipient for letter in desk.outbox.list()] == [AMOS] * 3


def test_s0_23_s4_17_s4_18_d2_another_recipient_then_he_alone_gets_it(desk, enable, message):
    enable(desk)
    new = desk.pins.reset("amos.marble", mailing=Mailing(send=True, to="Amos@Hotmail.com"))
    assert new.mailed_to == HOTMAIL
    letter = desk.outbox.list()[0]
    assert (letter.recipient, letter.organizer, letter.kind) == (HOTMAIL, AMOS, "pin-reset")
    assert HOTMAIL in message(desk)["To"]
    assert AMOS not in message(desk)["To"]
    assert desk.pins.reset(AMOS).mailed_to == AMOS


@pytest.mark.parametrize(("values", "said"), [
    pytest.param({"to": HOTMAIL}, "--send-email-to amos@hotmail.com has nothing to go with: add --send-email",
                 id="S4.18, D2: a recipient without -SendEmail"),
    pytest.param({"to": HOTMAIL, "send": False}, "add --send-email", id="D2: a recipient, and no letter"),
    pytest.param({"to": "hotmail", "send": True}, "'hotmail' is not a mail address", id="a recipient that is none"),
    pytest.param({"from_address": "desk@contoso.com", "send": True}, "together", id="D5: an address alone"),
    pytest.param({"from_name": "The desk", "send": True}, "together", id="D5: a name alone"),
    pytest.param({"from_address": "desk@contoso.com", "from_name": "The desk"}, "together",
                 id="D5: both without -SendEmail"),
    pytest.param({"from_address": "desk", "from_name": "The desk", "send": True}, "'desk' is not a mail address",
                 id="D4: a sender that is no alias@domain"),
])
def test_a_mailing_that_breaks_a_rule_then_refused(values, said):
    with pytest.raises(BadValue) as refused:
        Mailing(**values)
    assert said in str(refused.value)


@pytest.mark.parametrize(("by_themselves", "said", "sent"), [
    pytest.param("yes", None, True, id="S0.12, S4.10, S3.14: on by default"),
    pytest.param("yes", False, False, id="on, but not for this one"),
    pytest.param("no", None, False, id="S0.13, S3.12, S3.13, S4.11, B1.15: off"),
    pytest.param("no", True, True, id="S4.18: off, but for this one"),
])
def test_the_switch_for_letters_then_a_command_may_say_otherwise(desk_of, enable, by_themselves, said, sent):
    desk = desk_of("sfb2017", send_mails=by_themselves, unique_conference_ids="no")
    mailing = Mailing(send=said)
    made = [enable(desk, mailing=mailing).pin, desk.pins.reset(AMOS, mailing=mailing)]
    assert [new.mailed_to for new in made] == [AMOS if sent else ""] * 2
    desk.conference_ids.reset(AMOS, mailing=mailing)
    desk.organizers.set(AMOS, {"service_number": PARIS}, mailing=mailing)
    desk.organizers.disable(AMOS, mailing=mailing)
    wanted = ["enabled", "pin-reset", "info-changed", "info-changed", "turned-off"]
    assert kinds(desk) == (wanted if sent else [])


def test_s3_2_s3_12_letters_off_then_nothing_even_at_enabling_and_the_pin_has_to_be_handed_over(
        desk_of, enable, dial):
    desk = desk_of("online", send_mails="no")
    new = enable(desk).pin
    assert (new.mailed_to, kinds(desk)) == ("", [])
    assert dial(desk)(new.pin)


# from whom


def test_d3_s3_10_a_letter_then_from_the_service_at_the_organizers_domain(desk, enable, message):
    enable(desk)
    assert str(message(desk)["From"]) == "Audio conferencing <audio-conferencing@contoso.com>"


@pytest.mark.parametrize(("profile", "names"), [
    ("online", ("Audio conferencing", "Audioconférence", "音频会议", "Audiokonferenzen", "Audioconferencias")),
    ("um", ("Voice mail", "Messagerie vocale", "语音邮件", "Voicemail", "Buzón de voz"))])
def test_d3_a_letter_then_its_senders_name_in_the_letters_language(desk_of, enable, message, profile, names):
    desk = desk_of(profile)
    for language, name in zip(LANGUAGES, names, strict=True):
        enable(desk, f"{language.lower()}@contoso.com", language=language)
        assert message(desk)["From"].addresses[0].display_name == name


def test_d4_s3_10_s3_11_the_settings_sender_then_every_letter_is_from_him(desk, enable, message):
    desk.settings.set("settings", {"SendEmailFromOverride": "true", "SendEmailFromAddress": "desk@contoso.com",
                                   "SendEmailFromDisplayName": "The desk"})
    enable(desk)
    assert str(message(desk)["From"]) == "The desk <desk@contoso.com>"
    assert message(desk)["Message-ID"].endswith("@contoso.com>")


@pytest.mark.parametrize("missing", ["SendEmailFromAddress", "SendEmailFromDisplayName"])
def test_d4_a_sender_with_a_part_missing_then_refused_and_nothing_set(desk, missing):
    values = {"SendEmailFromOverride": "true", "SendEmailFromAddress": "desk@contoso.com",
              "SendEmailFromDisplayName": "The desk"}
    del values[missing]
    with pytest.raises(BadValue):
        desk.settings.set("settings", values)
    assert not any(is_set for _, _, is_set in desk.settings.show("settings"))


def test_d4_a_sender_while_the_override_is_off_then_not_used(desk, enable, message):
    desk.settings.set("settings", {"sender-address": "desk@contoso.com", "sender-name": "The desk"})
    enable(desk)
    assert "audio-conferencing@contoso.com" in message(desk)["From"]


def test_d5_a_sender_for_one_letter_then_that_one_alone_is_from_him(desk, enable, message):
    enable(desk)
    desk.pins.reset(AMOS, mailing=Mailing(send=True, from_address="Bea@contoso.com", from_name="Bea Smith"))
    assert str(message(desk)["From"]) == "Bea Smith <Bea@contoso.com>"
    desk.pins.reset(AMOS)
    assert "audio-conferencing@contoso.com" in message(desk)["From"]


# together with the change, or not at all


def test_an_error_after_the_letter_then_neither_letter_nor_change(desk, enable, dial):
    pin = enable(desk).pin.pin
    try_pin = dial(desk)
    before = desk.pins.info(AMOS)
    made = []

    def reset_two():
        with desk.store.together():
            made.append(desk.pins.reset(AMOS).pin)
            assert kinds(desk) == ["enabled", "pin-reset"]
            desk.pins.reset("nobody@contoso.com")

    with pytest.raises(NotFound):
        reset_two()
    assert kinds(desk) == ["enabled"]
    assert desk.pins.info(AMOS) == before
    assert (try_pin(pin), try_pin(made[0])) == (True, False)


@pytest.mark.parametrize("act", [
    lambda desk: desk.pins.reset(AMOS),
    lambda desk: desk.pins.welcome(AMOS, force=True),
    lambda desk: desk.organizers.enable(NewOrganizer(ADA)),
], ids=["reset", "welcome", "enable"])
def test_a_letter_that_cannot_be_sealed_then_no_change_either(desk, open_desk, world, enable, dial, tmp_path, act):
    pin = enable(desk).pin.pin
    try_pin = dial(desk)
    without_key = open_desk(replace(world, vault=KeyFile(tmp_path)))  # a folder is no key file
    with pytest.raises(Unusable, match="key file"):
        act(without_key)
    assert try_pin(pin)
    assert kinds(desk) == ["enabled"]
    assert [shown.address for shown in desk.organizers.list(everyone=True)] == [AMOS]
