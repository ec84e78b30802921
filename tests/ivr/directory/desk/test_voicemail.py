"""What a voice mail application asks of the directory: who is meant, his PIN, his messages (F1 to F3, S2)."""

import numpy as np
import pytest

from ivr.clock import RATE
from ivr.directory.errors import NotAllowed, NotEnabled, NotFound
from ivr.directory.spelling import keyed, spellings
from ivr.voicemail import (
    ChangePin,
    Find,
    HearGreeting,
    Keep,
    KeepGreeting,
    Leave,
    Prefer,
    SignedIn,
    SignIn,
    Spelt,
    Today,
    WhatIsSaid,
    WhichPlan,
)

TONY, ANNA = "tony.smith@contoso.com", "anna.lund@contoso.com"
SAID = np.arange(3 * RATE, dtype=np.int16)


@pytest.fixture
def desk(desk_of, enable):
    """A desk of Outlook Voice Access, with two mailboxes and somebody who has none."""
    desk = desk_of("um")
    enable(desk, TONY, name="Tony Smith", extension="36697", phone="+1 425 555 0136")
    enable(desk, ANNA, name="Anna van der Lund", extension="40022")
    enable(desk, "bela.stone@contoso.com", name="Bela Stone")
    return desk


@pytest.fixture
def ask(desk):
    """Ask the mailboxes of the desk."""
    return desk.voicemail.answer


@pytest.fixture
def tony(ask):
    """The key of Tony's mailbox."""
    return ask(Find("36697")).key


@pytest.mark.parametrize(("text", "keys"), [
    ("tonysmith", "866976484"), ("tsmith", "876484"), ("Mike1092", "64531092"), ("jim.wilson", "546945766"),
    ("Zoë Groß", "9634767" + "7"), ("", "")])
def test_name_when_it_is_spelt_on_a_keypad_then_as_f1_15_says(text, keys):
    assert keyed(text) == keys


@pytest.mark.parametrize(("by", "keys"), [
    ("last-first", {"764848669", "86697648" + "4"}), ("first-last", {"866976484"}), ("address", {"866976484"})])
def test_person_then_found_by_the_spelling_of_the_dial_plan(by, keys):
    found = set(spellings("Tony Smith", "tony.smith@contoso.com", by))
    assert found & keys
    if by == "last-first":
        assert found == {keyed("SmithTony")}


def test_mailbox_when_it_is_looked_for_then_by_extension_telephone_or_name(ask):
    assert ask(Find("36697")).name == "Tony Smith"
    assert ask(Find("36698")) is None
    assert ask(Find(phone="+14255550136")).extension == "36697"
    assert ask(Find(phone="+14255550137")) is None
    assert [box.extension for box in ask(Spelt(keyed("smith"), "last-first"))] == ["36697"]
    assert [box.extension for box in ask(Spelt(keyed("vanderlund"), "last-first"))] == ["40022"]
    assert [box.extension for box in ask(Spelt(keyed("anna.l"), "address"))] == ["40022"]
    assert ask(Spelt(keyed("stone"), "last-first")) == ()  # he has no extension, and so no mailbox


def test_mailbox_when_two_have_its_extension_or_the_desk_is_of_another_product_then_nobodys(desk, ask, enable):
    enable(desk, "tom.sand@contoso.com", extension="36697")
    assert ask(Find("36697")) is None
    desk.settings.set("settings", {"administration": "online"})
    assert (ask(Find("40022")), ask(Spelt("5863", "last-first"))) == (None, ())


def test_pin_when_it_is_tried_then_judged_as_f2_says_and_told_why(desk, ask, tony, clock):
    new = desk.pins.reset(TONY, pin="1985848", first_use=True).pin  # S2.18
    assert ask(SignIn(tony, "111111")) == SignedIn("wrong")
    assert ask(SignIn(tony, new)) == SignedIn("right", "first-use")  # S2.12, S2.16
    for refused, rule in (("12345", "length"), ("345678", "sequential"), ("444444", "repeated"),
                          ("936697", "extension"), ("1985848", "used")):
        assert ask(ChangePin(tony, new, refused)) == rule
    assert ask(ChangePin(tony, new, "724916")) == ""
    assert ask(SignIn(tony, new)) == SignedIn("wrong")
    assert ask(SignIn(tony, "724916")) == SignedIn("right")
    clock.on(days=60)
    assert ask(SignIn(tony, "724916")) == SignedIn("right", "expired")  # F1.10: it is not called wrong
    assert [ask(SignIn(tony, "0000")).reason for _ in range(5)] == ["wrong"] * 4 + ["reset"]
    five = ["wrong"] * 4
    assert [ask(SignIn(tony, "0000")).reason for _ in range(10)] == [*five, "reset", *five, "locked"]
    assert ask(ChangePin(tony, "724916", "839201")) == "old"
    desk.pins.unlock(TONY)  # S2.3
    assert ask(SignIn(tony, "0000")) == SignedIn("wrong")


def test_pin_when_its_owner_is_enabled_no_more_then_opens_nothing(desk, ask, tony):
    pin = desk.pins.reset(TONY).pin
    desk.organizers.disable(TONY)
    assert ask(SignIn(tony, pin)) == SignedIn("wrong")
    assert ask(Leave((tony,), SAID)).new == {}


def test_message_when_it_is_left_then_row_recording_and_letter_are_there(
        desk, enable, ask, tony, clock):
    anna = ask(Find("40022")).key
    assert ask(Leave((tony,), SAID, "+14255550188")).new == {tony: 1}
    enable(desk, "carl.berg@contoso.com", name="Carl Berg", extension="51133")
    carl = ask(Find("51133")).key
    left = ask(Leave((tony, carl), SAID[:RATE], sender_box=anna, important=True, private=True))
    assert left.new == {tony: 2, carl: 1}
    first, second = ask(Today(tony)).messages
    assert (first.sender, first.seconds, first.state, first.sender_box) == ("+14255550188", 3, "new", 0)
    assert (second.sender, second.sender_box) == ("Anna van der Lund", anna)
    assert (second.important, second.private) == (True, True)
    assert [one.key for one in second.others] == [carl]  # F4, to all
    assert [one.name for one in ask(Today(carl)).messages[0].others] == ["Tony Smith"]
    desk.organizers.disable("carl.berg@contoso.com")
    assert ask(Today(tony)).messages[1].others == ()
    assert (ask(WhatIsSaid(first.number)) == SAID).all()
    parcels = desk.outbox.claim(clock.now, clock.now + 60, 10)
    mails = [one.message for one in parcels if "Voice message" in one.message["Subject"]]
    assert [mail["Importance"] for mail in mails] == [None, "high", "high"]
    assert [mail["Sensitivity"] for mail in mails] == [None, "Private", "Private"]
    attached = next(mails[0].iter_attachments())
    assert (attached.get_content_type(), attached.get_content()[:4]) == ("audio/wav", b"RIFF")
    assert "+14255550188" in mails[0].get_body(("plain",)).get_content()


def test_message_when_it_is_read_deleted_and_old_then_counted_no_more_and_gone_in_the_end(desk, ask, tony, clock):
    ask(Leave((tony,), SAID))
    ask(Leave((tony,), SAID))
    first, second = ask(Today(tony)).messages
    assert ask(Keep(first.number, "read")) == 1
    assert [one.number for one in ask(Today(tony)).messages] == [second.number, first.number]  # new ones first
    assert ask(Keep(second.number, "deleted")) == 0
    assert [one.number for one in ask(Today(tony)).messages] == [first.number]
    assert ask(Keep(second.number, "new")) == 1
    ask(Keep(second.number, "deleted"))
    clock.on(days=13)
    assert desk.voicemail.messages.sweep() == 0
    clock.on(days=1)
    assert desk.voicemail.messages.sweep() == 1
    assert not ask(WhatIsSaid(second.number)).any()
    assert (ask(WhatIsSaid(first.number)) == SAID).all()


def test_owner_when_he_chooses_otherwise_then_kept(ask, tony):
    assert ask(HearGreeting(tony, "away")) is None
    ask(KeepGreeting(tony, "away", SAID))
    ask(KeepGreeting(tony, "away", SAID[:100]))
    assert (ask(HearGreeting(tony, "away")) == SAID[:100]).all()
    assert ask(Prefer(tony, away=True)).away
    told = ask(Prefer(tony, hours_24=False, zone=-120))
    assert (told.hours_24, told.zone, told.away) == (False, -120, True)
    assert "p.m." in told.now
    assert ask(Find("36697")) == told


def test_plan_when_the_dial_plan_is_set_then_all_of_it_is_obeyed(desk, ask):
    desk.settings.set("um-dial-plan", {
        "extension-digits": "4", "failures-before-disconnect": "2", "input-failures-before-disconnect": "5",
        "longest-call-minutes": "60", "longest-recording-minutes": "7", "recording-silence-s": "3",
        "operator": "100", "search-by": "first-last", "search-by-second": "none", "language": "fr-FR",
        "info-announcement": "uninterruptible"})
    plan = ask(WhichPlan())
    assert (plan.extension_digits, plan.sign_in_failures, plan.input_failures, plan.longest_call) == (4, 2, 5, 3600)
    assert (plan.longest_recording, plan.recording_silence, plan.operator) == (420, 3, "100")
    assert (plan.search_by, plan.search_by_second, plan.language, plan.announcement_cut) == (
        "first-last", "none", "fr-FR", False)
    desk.settings.set("um-dial-plan", {"extension-digits": "5"}, identity="north", new=True)
    desk.settings.set("um-auto-attendant", {"dial-plan": "north"}, identity="night", new=True)
    desk.settings.set("um-mailbox", {"longest-greeting-minutes": "9"}, identity="talkers", new=True)
    north = ask(WhichPlan("north"))
    assert (north.name, north.extension_digits, north.operator, north.longest_greeting) == ("north", 5, "100", 540)
    assert ask(WhichPlan(attendant="night")).name == "north"
    assert ask(WhichPlan("taken away")) == ask(WhichPlan())


def test_mailbox_of_a_dial_plan_then_found_by_its_callers_and_by_those_of_no_other(desk, ask):
    desk.settings.set("um-dial-plan", {}, identity="north", new=True)
    desk.settings.grant("um-dial-plan", "north", ANNA)
    assert ask(Find("40022")) is None
    assert ask(Find("40022", plan="north")).name == "Anna van der Lund"
    assert ask(Find("36697", plan="north")) is None
    assert [one.extension for one in ask(Spelt(keyed("van"), "last-first", "north"))] == ["40022"]
    assert ask(Spelt(keyed("van"))) == ()
    assert ask(Find("1", "+14255550136", "north")).extension == "36697"  # a number is anybody's


def test_mailbox_at_the_desk_then_shown_with_its_messages_and_to_nobody_elses_name(desk, ask, tony):
    ask(Leave((tony,), SAID, "+14255550188"))
    assert [(box.extension, box.new, box.greeting) for box in desk.boxes.list()] == [
        ("36697", 1, "standard"), ("40022", 0, "standard")]
    box, messages = desk.boxes.show("tony.smith")
    assert (box.address, [one.sender for one in messages]) == (TONY, ["+14255550188"])
    assert (desk.boxes.message(TONY, messages[0].number) == SAID).all()
    with pytest.raises(NotFound, match="has no message"):
        desk.boxes.message(ANNA, messages[0].number)
    with pytest.raises(NotEnabled, match="no extension"):
        desk.boxes.show("bela.stone")
    assert desk.boxes.greet(TONY, "standard", SAID).greeting == "recorded"
    assert (desk.boxes.greeting(TONY, "standard") == SAID).all()
    assert desk.boxes.greet(TONY, "standard", None).greeting == "standard"
    desk.settings.set("settings", {"administration": "online"})
    with pytest.raises(NotAllowed, match="administration um"):
        desk.boxes.list()
