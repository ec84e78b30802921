"""A PIN is shown once, to the one who has made it, and stands in its owner's letter; nowhere else, ever."""

import json
import re
import sys

import pytest

AMOS = "amos.marble@contoso.com"
STARS = "*****"


def _new_pin(out):
    return re.search(r"new PIN: (\d+)\n", out)[1]


def _readable_files(office):
    """Return what lies beside the database and is no letter, by name."""
    return {path.name: path.read_bytes() for path in office.folder.rglob("*")
            if path.is_file() and "mail" not in path.parts}


@pytest.fixture
def long_pins(ivr, office):
    """Amos has a PIN of twelve digits, which no other number in an output can be; gives it."""
    assert ivr("settings", "set", "--pin-length", "12", office.database)[0] == 0
    code, out, err = ivr("pin", "reset", AMOS, "--yes", office.database)
    assert (code, err) == (0, "")
    return _new_pin(out)


TOUR = [
    ("organizer", "show", AMOS), ("organizer", "list"), ("organizer", "enable", AMOS), ("pin", "info", AMOS),
    ("organizer", "send-info", AMOS), ("organizer", "set", AMOS, "--language", "fr-FR"),
    ("organizer", "set", AMOS, "--service-number", "+33199000100"), ("conference-id", "reset", AMOS, "--yes"),
    ("conference-id", "list", AMOS), ("meeting", "list"), ("meeting", "invite", "1"), ("meeting", "migrate", AMOS),
    ("mail", "list"), *(("mail", "show", str(n)) for n in range(1, 4)), ("mail", "show", "3", "--html"),
    ("mail", "retry"), ("mail", "deliver"), ("settings", "show"), ("number", "list"), ("bridge", "show"),
    ("Get-CsOnlineDialInConferencingUser", "-Identity", AMOS), ("organizer", "disable", AMOS, "--yes"),
]


def test_pin_when_it_has_been_shown_once_then_no_command_shows_it_again(ivr, office, long_pins):
    for words in TOUR:
        for more in ((), ("--json",)):
            code, out, err = ivr(*words, *more, office.database)
            if code:
                assert (words[:2], more) == (("mail", "show"), ())
            assert long_pins not in out + err, words


def test_pin_when_it_was_delivered_then_only_its_letter_holds_it(office, long_pins):
    holding = [text for text in office.letters() if long_pins in text]
    assert len(holding) == 1
    assert f"Delivered-To: {AMOS}" in holding[0]
    for name, data in _readable_files(office).items():
        assert long_pins.encode() not in data, name


def test_pin_when_its_letter_waits_then_no_file_holds_it_in_the_clear(ivr, office):
    blocked = office.folder / "blocked"
    blocked.write_text("a file where the folder for letters should be")
    assert ivr("settings", "set", "--pin-length", "12", "--maildir", blocked, office.database)[0] == 0
    code, out, err = ivr("pin", "reset", AMOS, "--yes", office.database)
    assert code == 1
    pin = _new_pin(out)
    assert pin not in err
    for name, data in _readable_files(office).items():
        assert pin.encode() not in data, name
    shown = ivr("mail", "show", "3", office.database)[1] + ivr("mail", "show", "3", "--json", office.database)[1]
    assert pin not in shown
    assert STARS in shown


@pytest.mark.parametrize("digits", [4, 5, 9, 12])
def test_s0_11_s4_9_the_pin_is_five_stars_ever_after_whatever_its_length(ivr, office, digits):
    database = office.database
    ivr("settings", "set", "--pin-length", digits, database)
    code, out, _ = ivr("pin", "reset", AMOS, "--yes", database)
    assert code == 0
    assert len(_new_pin(out)) == digits
    shown = json.loads(ivr("organizer", "show", AMOS, "--json", database)[1])
    assert shown["pin"] == STARS
    listed = json.loads(ivr("organizer", "list", "--json", database)[1])
    assert [one["pin"] for one in listed] == [STARS] * 2
    for words in (("organizer", "show", AMOS), ("organizer", "list"), ("mail", "show", "3")):
        plain = ivr(*words, database)[1]
        assert re.findall(r"\*{2,}", plain) == [STARS] * (2 if words[1] == "list" else 1), words


def test_s0_10_the_pin_is_shown_to_an_administrator_only_once_when_it_is_reset(ivr, office):
    code, out, err = ivr("pin", "reset", AMOS, "--yes", office.database)
    assert (code, err) == (0, "")
    assert len(re.findall(r"(?<![\d+])\d{5}(?!\d)", out)) == 1
    assert "shown this once" in out
    assert STARS in out
    code, out, err = ivr("pin", "reset", AMOS, "--yes", "--json", office.database)
    assert re.fullmatch(r"\d{5}", json.loads(out)["pin"])


def test_s0_10_a_reset_by_organizer_set_shows_it_once_too(ivr, office):
    code, out, err = ivr("organizer", "set", AMOS, "--reset-pin", "--yes", office.database)
    assert (code, err) == (0, "")
    assert _new_pin(out)


def test_s0_12_an_organizer_who_gets_his_pin_by_letter_then_enabling_does_not_show_it(ivr, office):
    ivr("settings", "set", "--pin-length", "12", office.database)
    for more in ((), ("--json",)):
        code, out, err = ivr("organizer", "enable", f"ada{len(more)}@contoso.com", *more, office.database)
        assert (code, err) == (0, "")
        assert not re.search(r"\d{12}", out)
    assert len([text for text in office.letters() if re.search(r"Your PIN: \d{12}\b", text)]) == 2


def _without_letters(ivr, office):
    assert ivr("settings", "set", "--send-mails", "no", "--pin-length", "12", office.database)[0] == 0
    return len(office.letters())


def test_s0_13_s4_11_a_reset_with_letters_off_then_the_administrator_is_told_to_hand_the_pin_over(ivr, office):
    before = _without_letters(ivr, office)
    code, out, err = ivr("pin", "reset", AMOS, "--yes", office.database)
    assert (code, err) == (0, "")
    assert re.search(r"\d{12}", out)
    assert "No letter goes out: hand the PIN over yourself" in out
    assert len(office.letters()) == before


def test_s3_12_enabling_with_letters_off_then_the_pin_is_shown_to_be_handed_over(ivr, office):
    before = _without_letters(ivr, office)
    code, out, err = ivr("organizer", "enable", "ada@contoso.com", office.database)
    assert (code, err) == (0, "")
    pin = re.search(r"The PIN is (\d{12})\. It is shown this once\.\n", out)[1]
    assert "hand the PIN over yourself" in out
    assert "default number is +14255550100" in out
    assert len(office.letters()) == before
    for name, data in _readable_files(office).items():
        assert pin.encode() not in data, name
    code, out, err = ivr("organizer", "enable", "eve@contoso.com", "--json", office.database)
    assert re.fullmatch(r"\d{12}", json.loads(out)["pin"])


def test_s0_13_a_single_letter_kept_back_then_the_pin_has_to_be_handed_over_too(ivr, office):
    code, out, _ = ivr("pin", "reset", AMOS, "--yes", "--no-send-email", office.database)
    assert code == 0
    assert "hand the PIN over yourself" in out
    code, out, _ = ivr("organizer", "enable", "ada@contoso.com", "--no-send-email", office.database)
    assert re.search(r"The PIN is \d{5}\.", out)


def test_b1_13_there_is_no_command_that_reads_a_pin_back(ivr):
    assert not re.search(r"(?i)(show|read|get|tell)-pin", ivr("pin", "--help")[1])


@pytest.mark.parametrize("words", [
    ("pin", "reset", AMOS, "48215", "--yes"), ("pin", "reset", AMOS, "--pn", "48215"),
    ("pin", "reset", AMOS, "--pn=48215"), ("pin", "reset", AMOS, "--lock=48215"),
    ("pin", "change", AMOS, "48215"), ("organizer", "set", AMOS, "--pin", "48215"),
    ("organizer", "enable", "ada@contoso.com", "--pin", "48215"),
    ("organizer", "enable", "ada@contoso.com", "48215"),
    ("Set-UMMailboxPIN", "-Identity", AMOS, "-PN:48215"), ("Set-UMMailboxPIN", "-Identity", AMOS, "-PN", "48215"),
    ("Set-UMMailboxPIN", "-Identity", AMOS, "48215"), ("Set-UMMailboxPIN", "-Identity", AMOS, "-PINExpired:48215"),
    ("Set-CsClientPin", "-Identity", AMOS, "-Pin", "48215"),
], ids=lambda words: " ".join(words).replace("48215", "****"))
def test_pin_when_it_is_typed_where_none_belongs_then_the_complaint_does_not_show_it(unchanged, office, words):
    assert "48215" not in unchanged(office, *words)


def test_typed_pin_when_it_comes_in_a_pipe_then_it_is_the_next_line(shell, office_of):
    office = office_of("um")
    done = shell(office, "pin", "reset", AMOS, "--pin", "-", "--yes", input="58139206\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert _new_pin(done.stdout) == "58139206"
    done = shell(office, "pin", "change", AMOS, input="58139206\r\n40917253\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{AMOS} has the new PIN; the old one fails from now on.\n"


def test_typed_pin_when_the_pipe_is_empty_then_it_is_refused(shell, office_of):
    office = office_of("um")
    before = office.dump()
    done = shell(office, "pin", "reset", AMOS, "--pin", "-", "--yes", input="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "ivr: a PIN was to be typed, and nothing was.\n"
    assert office.dump() == before


def test_typed_pin_when_somebody_sits_at_a_terminal_then_it_is_not_shown_while_he_types(terminal, office_of):
    office = office_of("um")
    ivr = [sys.executable, "-m", "ivr.cli", "pin"]
    code, screen = terminal(office, [*ivr, "reset", AMOS, "--pin", "-"],
                            [("[y/N]", "y"), ("New PIN: ", "58139206")])
    assert code == 0
    assert screen.count("58139206") == 1
    assert _new_pin(screen) == "58139206"
    code, screen = terminal(office, [*ivr, "change", AMOS], [("Old PIN: ", "58139206"), ("New PIN: ", "40917253")])
    assert code == 0
    assert not re.search("58139206|40917253", screen)
    assert "has the new PIN" in screen


@pytest.mark.parametrize("typed", ["58a39206", "58139", "5" * 25, "581392065813920658139206 ", "-58139206"])
@pytest.mark.parametrize("words", [("pin", "reset", AMOS, "--yes"), ("organizer", "enable", "ada@contoso.com")],
                         ids=lambda words: " ".join(words).replace("48215", "****"))
def test_typed_pin_when_a_rule_refuses_it_then_no_word_of_it_is_told(unchanged, office_of, words, typed):
    sentence = unchanged(office_of("um"), *words, "--pin", typed)
    assert typed.strip() not in sentence
    assert "digits" in sentence


def test_change_when_the_old_pin_is_wrong_then_neither_is_told_and_the_try_counts(shell, ivr, office_of):
    office = office_of("um")
    done = shell(office, "pin", "change", AMOS, input="00000001\n40917253\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert "00000001" not in done.stderr
    assert "40917253" not in done.stderr
    assert json.loads(ivr("pin", "info", AMOS, "--json", office.database)[1])["failures"] == 1
