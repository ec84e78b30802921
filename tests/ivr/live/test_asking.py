"""The bridge's directory for real callers: asked aside, answered in order, never its end (A1.12, A2.9)."""

from threading import Event

import pytest

from ivr.bridge.ports import Found, PinChecked, Unknown
from ivr.directory.checks import Place
from ivr.directory.errors import Unusable
from ivr.directory.organizers import NewOrganizer
from ivr.live.asking import Aside

AMOS = "amos.marble@contoso.com"


class Slow:
    """Checks whose first answer comes when it is let go; it knows one meeting and one PIN."""

    def __init__(self):
        self.let_go, self.started_ids = Event(), []

    def find(self, conference_id):
        if conference_id == "1111111":
            assert self.let_go.wait(60)
        return None if conference_id == "0000000" else Place(conference_id, AMOS, False)

    def check_pin(self, conference_id, pin):
        return PinChecked(0, pin == "94075", AMOS)

    def started(self, conference_id):
        self.started_ids.append(conference_id)


class Failing:
    """Checks whose database is gone."""

    def find(self, conference_id):
        raise Unusable("the database directory.db went away: see that the server runs, and try again")

    def check_pin(self, conference_id, pin):
        self.find(conference_id)

    def started(self, conference_id):
        self.find(conference_id)


@pytest.fixture
def aside():
    """Makes directories that ask aside, and closes them: ``aside(checks, patient=True)``."""
    made = []

    def aside(checks, **options):
        made.append(Aside(checks, **options))
        return made[-1]

    yield aside
    for one in made:
        one.close()


def all_answers(directory, n):
    """Ask for answers until n have come, as a bridge does tick by tick."""
    answers = []
    while len(answers) < n:
        answers += directory.answers()
    return answers


def test_asked_of_a_real_directory_then_answered_as_it_stands(aside, desk):
    pin = desk.organizers.enable(NewOrganizer(AMOS)).pin.pin
    conference_id = desk.meetings.meet_now(AMOS).conference_id
    directory = aside(desk.checks, patient=True)
    directory.find(1, conference_id)
    directory.find(2, "")
    directory.check_pin(1, conference_id, "")
    directory.check_pin(1, conference_id, pin)
    directory.started(conference_id)
    assert directory.answers() == [Found(1, conference_id, False), Unknown(2), PinChecked(1, False, AMOS),
                                   PinChecked(1, True, AMOS)]
    assert directory.answers() == []
    assert directory.faults == []


def test_an_answer_that_is_not_there_yet_then_the_caller_goes_on_and_later_ones_wait_their_turn(aside):
    checks = Slow()
    directory = aside(checks)
    directory.find(1, "1111111")
    directory.check_pin(2, "2222222", "94075")
    directory.find(3, "0000000")
    for _ in range(100):
        assert directory.answers() == []
    checks.let_go.set()
    assert all_answers(directory, 3) == [Found(1, "1111111", False), PinChecked(2, True, AMOS), Unknown(3)]


def test_a_patient_one_then_all_that_was_asked_is_answered_in_the_same_tick(aside):
    checks = Slow()
    directory = aside(checks, patient=True)
    checks.let_go.set()
    for call in range(50):
        directory.find(call, "1111111")
    assert directory.answers() == [Found(call, "1111111", False) for call in range(50)]


def test_a_meeting_told_as_started_then_passed_on_without_an_answer(aside):
    checks = Slow()
    directory = aside(checks, patient=True)
    directory.started("1234567")
    assert directory.answers() == []
    assert checks.started_ids == ["1234567"]


def test_a_database_that_fails_then_unknown_and_wrong_and_the_faults_are_kept_without_the_pin(aside):
    directory = aside(Failing(), patient=True)
    directory.find(1, "1234567")
    directory.check_pin(1, "1234567", "94075")
    directory.started("1234567")
    assert directory.answers() == [Unknown(1), PinChecked(1, right=False)]
    assert directory.faults == [
        "the database directory.db went away: see that the server runs, and try again"] * 3
    assert "94075" not in repr(directory.faults)
    for call in range(300):
        directory.find(call, "1234567")
    assert len(directory.answers()) == 300
    assert len(directory.faults) == 100


def test_a_database_that_really_goes_away_then_the_next_call_is_answered_all_the_same(aside, desk, tmp_path):
    pin = desk.organizers.enable(NewOrganizer(AMOS)).pin.pin
    conference_id = desk.meetings.meet_now(AMOS).conference_id
    desk.close()
    for file in (tmp_path / "data").glob("directory.db*"):
        file.write_bytes(b"something else " * 1000)
    directory = aside(desk.checks, patient=True)
    directory.find(1, conference_id)
    directory.check_pin(1, conference_id, pin)
    assert directory.answers() == [Unknown(1), PinChecked(1, right=False)]
    assert len(directory.faults) == 2
    assert pin not in " ".join(directory.faults)


def test_closed_then_what_has_been_asked_is_done_first():
    checks = Slow()
    directory = Aside(checks)
    checks.let_go.set()
    for n in range(20):
        directory.started(f"{n:07}")
    directory.close()
    assert sorted(checks.started_ids) == [f"{n:07}" for n in range(20)]
