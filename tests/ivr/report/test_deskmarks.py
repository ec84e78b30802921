"""What was done at the desk, and letters, in the report: seen, and without a PIN."""

from pathlib import Path

import numpy as np
import pytest

from ivr.clock import samples
from ivr.conference import secrecy
from ivr.journal import Entry
from ivr.report import Story, Track, write_page
from ivr.report.deskmarks import desk_marks, rows_of
from ivr.report.telling import rows

AMOS = "amos.marble@contoso.com"


def desk(at_s, **facts):
    done = {"what": "reset pin", "organizer": AMOS, "by": "administrator", **facts}
    return Entry(samples(at_s), 0, "", "desk", done)


def letter(at_s, to=AMOS):
    return Entry(samples(at_s), 0, "", "letter", {"kind": "pin-reset", "organizer": AMOS, "to": to})


@pytest.mark.parametrize(("facts", "label", "told", "kind"), [
    ({}, "reset pin: amos.marble", f"reset pin: {AMOS}, by the administrator", "desk"),
    ({"by": "system"}, "reset pin: amos.marble, by the system", f"reset pin: {AMOS}, by the system", "desk"),
    ({"refused": True}, "reset pin: amos.marble, refused",
     f"reset pin: {AMOS}, by the administrator, refused", "refused"),
    ({"what": "lock pin", "by": "system", "until_at": samples(3600)}, "lock pin: amos.marble, by the system",
     f"lock pin: {AMOS}, by the system, until 3600.000 s", "desk"),
    ({"what": "reset conference id", "old": "1234567", "new": "7654321"}, "reset conference id: amos.marble",
     f"reset conference id: {AMOS}, by the administrator, 1234567 is now 7654321", "desk"),
    ({"what": "let pass", "organizer": "", "time": "1 h"}, "let pass 1 h", "let pass, by the administrator, 1 h",
     "desk"),
    ({"what": "settings", "organizer": "", "set": "pin-length 8"}, "settings",
     "settings, by the administrator, pin-length 8", "desk"),
    ({"what": "schedule", "meeting": "1234567"}, "schedule: amos.marble",
     f"schedule: {AMOS}, by the administrator, meeting 1234567", "desk"),
    ({"what": "disable", "changed": False}, "disable: amos.marble",
     f"disable: {AMOS}, by the administrator, nothing to do", "desk"),
])
def test_mark_when_something_is_done_at_the_desk_then_it_is_told_in_few_words_and_in_full(facts, label, told, kind):
    entry = desk(1, **facts)
    mark, = desk_marks([entry], samples(60))
    assert (mark.at, mark.label, mark.told, mark.kind) == (8000, label, told, kind)
    assert rows([entry], secrecy)[0].told == told


def test_mark_when_a_letter_goes_elsewhere_then_both_addresses_are_told():
    own, other = desk_marks([letter(1), letter(30, "u@hotmail.com")], samples(60))
    assert (own.label, own.told) == ("letter pin-reset to amos.marble", f"pin-reset to {AMOS}")
    assert other.told == f"pin-reset to u@hotmail.com, about {AMOS}"


def test_marks_when_they_come_together_then_each_has_its_row_and_late_ones_stand_before_their_moment():
    marks = desk_marks([desk(1), letter(1), desk(40), letter(59)], samples(60))
    assert [(mark.row, mark.turned) for mark in marks] == [(0, False), (1, False), (0, False), (1, True)]
    assert (rows_of(marks), rows_of([])) == (2, 0)


def test_marks_when_there_are_very_many_then_they_take_ten_rows_at_most():
    assert rows_of(desk_marks([desk(1) for _ in range(50)], samples(60))) == 10


def test_page_when_there_was_a_desk_then_its_marks_and_a_legend_stand_there_escaped(tmp_path):
    silence = np.zeros(samples(20), np.int16)
    plain = Story("A story", "", [], [Track("amos", silence, silence, 0)], samples(20), 0.1)
    told = Story("A story", "", [desk(2), letter(2, "<b>@c.d")], plain.tracks, samples(20), 0.1)
    pages = []
    for name, of in (("plain", plain), ("told", told)):
        write_page(of, tmp_path / f"{name}.html")
        pages.append(Path(tmp_path / f"{name}.html").read_text(encoding="utf-8"))
    without, having = pages
    assert "reset pin: amos.marble</span>" in having
    assert "<b>@c.d" not in having
    for word in ("desk and letters", "letter delivered"):
        assert word in having
        assert word not in without


def test_page_when_a_caller_never_dialled_then_it_is_written_all_the_same(tmp_path):
    nothing = np.zeros(0, np.int16)
    write_page(Story("A story", "", [desk(1)], [Track("late", nothing, nothing, 0)], samples(2), 0.1),
               tmp_path / "page.html")
    assert "never dialled" in (tmp_path / "page.html").read_text(encoding="utf-8")
