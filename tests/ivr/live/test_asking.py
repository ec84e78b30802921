"""The bridge's directory for real callers: asked aside, answered in order, never its end (A1.12, A2.9)."""

from threading import Event, Semaphore

import pytest

from ivr.directory.checks import FoundPlace
from ivr.directory.errors import Unusable
from ivr.directory.organizers import NewOrganizer
from ivr.live.asking import Aside
from ivr.questions import Found, PinChecked, TryLater, Turn, Unknown

AMOS = "amos.marble@contoso.com"


class Unslowed:
    """Checks of which none has to take its turn."""

    def now(self):
        return 0

    def slows_id(self, asker):
        return False

    def slows_pin(self, meeting, asker):
        return False


class Slow(Unslowed):
    """Checks that know one meeting and one PIN; what is given as slow is answered when it is let go."""

    def __init__(self, *slow):
        self.let_go, self.told, self.tells, self._slow = Event(), [], Semaphore(0), slow

    def find(self, conference_id):
        if "find" in self._slow:
            assert self.let_go.wait()
        return None if conference_id == "0000000" else FoundPlace(f"meeting:{conference_id}", AMOS, False)

    def check_pin(self, meeting, pin, asker, turn, asked_at):
        if "check" in self._slow:
            assert self.let_go.wait()
        return PinChecked(0, pin == "94075", AMOS)

    def started(self, meeting):
        if "tell" in self._slow:
            assert self.let_go.wait()
        self._told(meeting)

    def take_back(self, turn):
        self._told(turn)

    def leave(self, turn):
        self._told(turn)

    def _told(self, what):
        self.told.append(what)
        self.tells.release()


class Failing(Unslowed):
    """Checks whose database is gone."""

    def find(self, conference_id):
        raise Unusable("the database directory.db went away: see that the server runs, and try again")

    def check_pin(self, meeting, pin, asker, turn, asked_at):
        self.find(meeting)

    def started(self, meeting):
        self.find(meeting)


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
    key = desk.checks.find(conference_id).meeting
    directory = aside(desk.checks, patient=True)
    directory.find(1, conference_id)
    directory.find(2, "")
    directory.check_pin(1, key, "")
    directory.check_pin(1, key, pin)
    directory.started(key)
    assert directory.answers() == [Found(1, key, False), Unknown(2), PinChecked(1, False, AMOS),
                                   PinChecked(1, True, AMOS)]
    assert directory.answers() == []
    assert directory.faults == []


@pytest.mark.parametrize("slow", ["check", "tell"])
def test_much_that_is_slow_before_it_then_an_id_is_found_all_the_same(aside, slow):
    checks = Slow(slow)
    directory = aside(checks)
    for call in range(1000):
        if slow == "check":
            directory.check_pin(call, "meeting:2222222", "94075")
        else:
            directory.started("meeting:2222222")
    directory.find(1000, "1111111")
    directory.find(1001, "0000000")
    assert all_answers(directory, 2) == [Found(1000, "meeting:1111111", False), Unknown(1001)]
    assert directory.answers() == []
    checks.let_go.set()
    if slow == "check":
        assert sorted(all_answers(directory, 1000), key=lambda answer: answer.call) == [
            PinChecked(call, True, AMOS) for call in range(1000)]


def test_a_thousand_pins_before_it_then_a_meeting_is_told_as_started_all_the_same(aside):
    checks, turn = Slow("check"), Turn(1, 1, ("meeting",))
    directory = aside(checks)
    for call in range(1000):
        directory.check_pin(call, "meeting:2222222", "94075")
    directory.started("meeting:2222222")
    directory.given(turn)
    directory.gone(turn)
    for _ in range(3):
        assert checks.tells.acquire()
    assert checks.told == ["meeting:2222222", turn, turn]
    checks.let_go.set()


def test_an_answer_that_is_not_there_yet_then_the_caller_goes_on(aside):
    checks = Slow("find")
    directory = aside(checks)
    directory.find(1, "1111111")
    for _ in range(100):
        assert directory.answers() == []
    checks.let_go.set()
    assert all_answers(directory, 1) == [Found(1, "meeting:1111111", False)]


def test_a_patient_one_then_all_that_was_asked_is_answered_in_the_order_of_asking(aside):
    checks = Slow("check")
    directory = aside(checks, patient=True)
    for call in range(0, 50, 2):
        directory.check_pin(call, "meeting:1111111", "94075")
        directory.find(call + 1, "1111111")
    checks.let_go.set()
    assert [answer.call for answer in directory.answers()] == list(range(50))


def test_a_meeting_told_as_started_then_passed_on_without_an_answer(aside):
    checks = Slow()
    directory = aside(checks, patient=True)
    directory.started("meeting:1234567")
    assert directory.answers() == []
    assert checks.told == ["meeting:1234567"]


def test_a_database_that_fails_then_unknown_and_to_be_tried_later_and_the_faults_are_kept_without_the_pin(aside):
    directory = aside(Failing(), patient=True)
    directory.find(1, "1234567")
    directory.check_pin(1, "meeting:1234567", "94075")
    directory.started("meeting:1234567")
    assert directory.answers() == [Unknown(1), TryLater(1)]
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
    key = desk.checks.find(conference_id).meeting
    desk.close()
    for file in (tmp_path / "data").glob("directory.db*"):
        file.write_bytes(b"something else " * 1000)
    directory = aside(desk.checks, patient=True)
    directory.find(1, conference_id)
    directory.check_pin(1, key, pin)
    assert directory.answers() == [Unknown(1), TryLater(1)]
    assert len(directory.faults) == 2
    assert pin not in " ".join(directory.faults)


def test_closed_then_what_has_been_asked_is_done_first():
    checks = Slow()
    directory = Aside(checks)
    checks.let_go.set()
    for n in range(20):
        directory.started(f"{n:07}")
    directory.close()
    assert sorted(checks.told) == [f"{n:07}" for n in range(20)]
