"""Lists: a page at a time, and a sentence when there is nothing to show."""

import json

import pytest

from ivr.cli.desk.kit import PAGE
from ivr.desk.opening import now, open_desk
from ivr.directory.organizers import NewOrganizer


@pytest.fixture
def crowded(office_of):
    """A directory with seven organizers, whose PINs nobody needs, and seven meetings of the first."""
    office = office_of("sfbserver", people=False)
    desk = open_desk(str(office.file))
    desk.organizers.enable_all([NewOrganizer(f"o{n}@contoso.com") for n in range(7)])
    for n in range(7):
        desk.meetings.schedule("o0", subject=f"No. {n}", starts_at=now() + 60, ends_at=now() + 120)
        desk.organizers.send_info("o0")
    desk.close()
    return office


LISTS = [("organizer", "list"), ("meeting", "list"), ("mail", "list")]
lists = pytest.mark.parametrize("words", LISTS, ids=" ".join)


@lists
def test_list_when_it_is_long_then_pages_show_each_row_once(ivr, crowded, words):
    rows = []
    for page in (1, 2, 3):
        code, out, err = ivr(*words, "--page", page, "--page-size", 3, crowded.database)
        assert (code, err) == (0, "")
        head, *lines = out.splitlines()
        assert head.isupper()
        if page < 3:
            assert lines.pop() == f"There are more: --page {page + 1}"
        rows += lines
    assert len(rows) == len(set(rows)) == 7


@lists
def test_list_when_json_is_asked_for_then_it_has_the_rows_of_that_page(ivr, crowded, words):
    whole = json.loads(ivr(*words, "--json", crowded.database)[1])
    pages = [json.loads(ivr(*words, "--json", "--page", page, "--page-size", 3, crowded.database)[1])
             for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert [row for page in pages for row in page] == whole


@lists
def test_list_when_a_page_is_just_full_then_it_promises_no_more(ivr, crowded, words):
    assert "There are more" not in ivr(*words, "--page-size", 7, crowded.database)[1]


@lists
def test_list_when_the_page_is_beyond_the_last_then_it_says_so_and_not_that_there_are_none(ivr, crowded, words):
    code, out, err = ivr(*words, "--page", 9, crowded.database)
    assert (code, err) == (0, "")
    assert out == "There is nothing on page 9: see an earlier one.\n"


@lists
@pytest.mark.parametrize("options", [
    ("--page", 0), ("--page", -1), ("--page", 10**30), ("--page-size", -1), ("--page-size", 10_001),
], ids=str)
def test_list_when_there_can_be_no_such_page_then_it_is_refused(refused, office, words, options):
    assert str(options[1]) in refused(*words, *options, office.database)


@lists
@pytest.mark.parametrize("options", [("--page", "two"), ("--page-size", "1.5")], ids=str)
def test_list_when_a_page_is_no_number_then_it_is_refused(refused, office, words, options):
    assert options[1] in refused(*words, *options, office.database)


def test_list_when_a_page_of_no_rows_is_asked_for_then_there_are_none(ivr, crowded):
    assert json.loads(ivr("organizer", "list", "--page-size", 0, "--json", crowded.database)[1]) == []


def test_help_when_pages_are_told_of_then_the_usual_size_is_named(ivr):
    out = ivr("organizer", "list", "--help")[1]
    assert f"[default: {PAGE}]" in out


@pytest.mark.parametrize(("words", "sentence"), [
    (("organizer", "list"), "No organizer is enabled: 'ivr organizer enable ADDRESS' enables one."),
    (("organizer", "list", "--number", "+33199000100"), "No organizer has the number +33199000100."),
    (("meeting", "list"), "There are none."),
    (("mail", "list"), "There are no letters."),
    (("mail", "list", "--state", "given-up"), "There are no letters."),
    (("number", "list", "--country", "CN"), "There are none."),
], ids=str)
def test_list_when_there_is_nothing_then_a_sentence_says_so_and_json_is_an_empty_list(ivr, office_of, words,
                                                                                     sentence):
    database = office_of(people=False).database
    assert ivr(*words, database) == (0, f"{sentence}\n", "")
    assert ivr(*words, "--json", database) == (0, "[]\n", "")


def test_conference_ids_when_an_organizer_has_none_yet_then_a_sentence_says_when_there_will_be(desk):
    assert desk("meeting", "cancel", "1", "--yes")[0] == 0
    code, out, _ = desk("conference-id", "list", "amos.marble")
    assert (code, out) == (0, "There is none yet: a meeting gets one when it is scheduled.\n")
    assert json.loads(desk("conference-id", "list", "amos.marble", "--json")[1]) == []
