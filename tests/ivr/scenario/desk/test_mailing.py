"""What a delivered letter holds: numbers are found wherever they stand, and only where they stand."""

import pytest

from ivr.scenario.deskwork.mailing import Delivered

PIN, OWN = "48215", "1234567"


def letter(words, pin=PIN):
    return Delivered(at=0, kind="info", organizer="a@b.c", recipient="a@b.c", words=words, pin=pin,
                     conference_ids=(OWN,))


@pytest.mark.parametrize(("words", "holds"), [
    ("Your PIN is 48215.", True), ("PIN: 48215\n", True), ("您的PIN48215是", True), ("<b>48215</b>", True),
    ('<a href="?pin=48215">', True), ("pin=48215&x", True), ("148215", False), ("482150", False), ("+48215", False),
    ("color:#48215a", False), ("color: #48215", False), ("#a48215", False), ("4 8 2 1 5", False), ("", False)])
def test_letter_when_a_pin_stands_in_it_then_it_is_found(words, holds):
    assert letter(words).holds("the new PIN", [PIN]) is holds
    assert letter(words).holds("no PIN", ["90371", PIN]) is not holds


def test_letter_when_anothers_or_an_old_pin_stands_in_it_then_it_does_not_hold_no_pin():
    told = letter("90371", pin="")
    assert not told.holds("no PIN", ["90371"])
    assert not told.holds("the new PIN", ["90371"])


@pytest.mark.parametrize(("words", "holds"), [("ID 1234567#", True), ("12345678", False), ("7654321", False)])
def test_letter_when_a_conference_id_stands_in_it_then_it_is_found(words, holds):
    assert letter(words).holds("the new conference ID", []) is holds
    assert letter(words).holds("no conference ID", []) is not holds


def test_letter_when_it_is_shown_to_a_programmer_then_its_words_and_its_pin_are_not():
    assert PIN not in repr(letter(f"Your PIN is {PIN}."))
