"""Guessing PINs and conference IDs at a desk: counted for all programs together, and slowed for good."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from ivr.conference.profile import PROFILES
from ivr.directory.asking import AtOnce
from ivr.directory.tables import GuessRow
from ivr.questions import Asker, Found, PinChecked, TryLater, Unknown

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"
OF_PINS, OF_IDS = PROFILES["teams2021"].slowing_of_pins, PROFILES["teams2021"].slowing_of_ids
PHONE = "+14255550123"
WRONG = "00000"


class Bridge:
    """What a bridge does with a desk: asks, and keeps answers until their turn."""

    def __init__(self, desk, **known):
        self.desk, self._known = desk, known
        self._directory = AtOnce(desk.checks)

    def check(self, conference_id, pin, **known):
        key = self.desk.checks.find(conference_id).meeting
        self._directory.check_pin(1, key, pin, Asker(slowing=OF_PINS, **(self._known | known)))
        return self._directory.answers()[0]

    def find(self, conference_id, *, counts=True, **known):
        self._directory.find(1, conference_id, Asker(slowing=OF_IDS, counts=counts, **(self._known | known)))
        return self._directory.answers()[0]

    def wrong(self, conference_id, n, **known):
        """Try wrong PINs; whoever has to wait hangs up."""
        for _ in range(n):
            answer = self.check(conference_id, WRONG, **known)
            assert isinstance(answer, PinChecked)
            assert not answer.right
            if answer.turn:
                self.gone(answer)

    def given(self, answer):
        self._directory.given(answer.turn)

    def gone(self, answer):
        self._directory.gone(answer.turn)


@pytest.fixture
def kept(desk):
    """Tells how many tries the database holds."""
    def kept():
        with desk.store.reading() as session:
            return session.scalar(select(func.count()).select_from(GuessRow))

    return kept


@pytest.fixture
def amos(desk, enable, meeting):
    """Amos Marble's PIN, with which WRONG is never the same, and two of his meetings."""
    pin = enable(desk).pin.pin
    while pin == WRONG:
        pin = desk.pins.reset(AMOS).pin
    return pin, meeting(desk).conference_id, meeting(desk).conference_id


def after(answer):
    return answer.turn and (answer.turn.after, answer.turn.because)


def test_ten_wrong_pins_then_right_and_wrong_wait_alike_and_the_right_one_is_right(desk, amos, clock):
    pin, conference_id, _ = amos
    bridge = Bridge(desk)
    for _ in range(10):
        answer = bridge.check(conference_id, WRONG)
        assert (answer.right, answer.turn) == (False, None)
    right = bridge.check(conference_id, pin)
    assert (right.right, after(right)) == (True, (1, ("meeting",)))
    bridge.given(right)
    clock.on(seconds=2)
    wrong = bridge.check(conference_id, WRONG)
    assert (wrong.right, after(wrong)) == (False, (1, ("meeting",)))


def test_another_program_and_one_that_was_started_anew_then_they_count_together(desk, open_desk, amos):
    _, conference_id, _ = amos
    Bridge(desk).wrong(conference_id, 6)
    Bridge(open_desk()).wrong(conference_id, 6)
    assert after(Bridge(open_desk()).check(conference_id, WRONG)) == (4, ("meeting",))


def test_a_program_that_ends_before_the_answer_is_given_then_it_was_a_wrong_one(desk, open_desk, amos, clock):
    pin, conference_id, _ = amos
    Bridge(desk).wrong(conference_id, 10)
    assert Bridge(open_desk()).check(conference_id, pin).turn.after == 1
    clock.on(minutes=1)
    assert after(Bridge(desk).check(conference_id, pin)) == (2, ("meeting",))


def test_the_pin_of_one_organizer_tried_through_his_meetings_then_they_count_as_one_but_not_anothers(
        desk, amos, enable, meeting):
    _, first, second = amos
    enable(desk, ADA)
    bridge = Bridge(desk)
    bridge.wrong(first, 5)
    bridge.wrong(second, 5)
    assert after(bridge.check(first, WRONG)) == (1, ("meeting",))
    assert bridge.check(meeting(desk, ADA).conference_id, WRONG).turn is None


@pytest.mark.parametrize(("known", "other", "because"), [
    ({"phone": PHONE}, {"phone": "+14255550199"}, "number"),
    ({"phone": PHONE, "source": "192.0.2.7"}, {"phone": PHONE, "source": "192.0.2.8"}, "source")])
def test_wrong_pins_from_one_number_or_address_then_slowed_whatever_the_meeting(
        desk, enable, meeting, known, other, because):
    ids = []
    for n in range(12):
        enable(desk, f"o{n}@contoso.com")
        ids.append(meeting(desk, f"o{n}@contoso.com").conference_id)
    bridge = Bridge(desk)
    for conference_id in ids[:10]:
        bridge.wrong(conference_id, 1, **known)
    assert after(bridge.check(ids[10], WRONG, **known)) == (1, (because,))
    assert bridge.check(ids[11], WRONG, **other).turn is None


def test_right_pins_then_nothing_is_written(desk, amos, kept):
    pin, conference_id, _ = amos
    bridge = Bridge(desk, phone=PHONE)
    bridge.wrong(conference_id, 9)
    for _ in range(50):
        assert bridge.check(conference_id, pin) == PinChecked(1, True, AMOS, "Amos Marble")
    assert kept() == 9


def test_six_who_ask_then_the_sixth_is_to_try_later_whatever_his_pin_is(desk, amos, kept):
    pin, conference_id, _ = amos
    bridge = Bridge(desk)
    bridge.wrong(conference_id, 10)
    waiting = [bridge.check(conference_id, WRONG) for _ in range(5)]
    assert [answer.turn.after for answer in waiting] == [1, 3, 7, 15, 31]
    before = kept()
    assert bridge.check(conference_id, pin) == bridge.check(conference_id, WRONG) == TryLater(1, ("meeting",))
    assert kept() == before
    bridge.gone(waiting[2])
    assert after(bridge.check(conference_id, pin)) == (31 + 32, ("meeting",))


def test_a_storm_of_wrong_pins_then_the_organizers_from_his_number_is_right_in_its_turn(
        desk, amos, clock):
    pin, conference_id, _ = amos
    desk.organizers.set(AMOS, {"phone": "tel:" + PHONE})
    bridge = Bridge(desk)
    tried = 0
    until = clock.now + 1200
    while clock.now < until:
        answer = bridge.check(conference_id, WRONG)
        if isinstance(answer, TryLater):
            clock.on(seconds=30)
        else:
            tried += 1
    assert tried < 60
    while not isinstance(bridge.check(conference_id, WRONG), TryLater):
        pass
    assert bridge.check(conference_id, pin, phone="+14255550199") == TryLater(1, ("meeting",))
    # one place more is for the number that the desk knows as his
    answer = bridge.check(conference_id, pin, phone=PHONE)
    assert answer.right
    assert answer.turn.after <= 6 * 60
    assert bridge.check(conference_id, pin, phone=PHONE) == TryLater(1, ("meeting",))


def test_it_is_calm_for_ten_minutes_then_nobody_waits_and_no_try_is_kept(desk, amos, clock, kept):
    pin, conference_id, _ = amos
    bridge = Bridge(desk)
    bridge.wrong(conference_id, 30)
    clock.on(minutes=10)
    assert bridge.check(conference_id, pin).turn is None
    bridge.wrong(conference_id, 1)
    assert kept() == 1


def test_a_pin_is_reset_then_the_counts_of_the_old_one_are_gone(desk, amos, clock):
    _, conference_id, _ = amos
    bridge = Bridge(desk)
    bridge.wrong(conference_id, 30)
    assert desk.pins.info(AMOS).guesses == 30
    clock.on(seconds=1)
    new = desk.pins.reset(AMOS).pin
    assert desk.pins.info(AMOS).guesses == 0
    assert bridge.check(conference_id, new) == PinChecked(1, True, AMOS, "Amos Marble")


@pytest.mark.parametrize("back", [3, 3600])
def test_the_clock_goes_back_then_nobody_waits_longer_than_he_would(desk, amos, clock, back, kept):
    pin, conference_id, _ = amos
    bridge = Bridge(desk)
    bridge.wrong(conference_id, 30)
    waits = bridge.check(conference_id, pin)
    bridge.gone(waits)
    clock.on(seconds=-back)
    answer = bridge.check(conference_id, pin)
    assert answer.right
    assert (answer.turn is None) == (back > 60)
    assert answer.turn is None or answer.turn.after <= 60
    if back > 60:
        bridge.wrong(conference_id, 1)
        assert kept() == 1


@pytest.mark.parametrize("profile", ["sfbserver", "um"])
def test_pins_lock_then_nobody_is_slowed(desk_of, enable, meeting, profile):
    desk = desk_of(profile)
    enable(desk)
    conference_id = meeting(desk).conference_id
    for _ in range(30):
        assert Bridge(desk).check(conference_id, WRONG).turn is None


def test_what_is_kept_then_no_digit_of_a_pin_is_in_it(desk, amos):
    _, conference_id, _ = amos
    Bridge(desk, phone=PHONE).wrong(conference_id, 12)
    with desk.store.reading() as session:
        rows = [(row.secret, row.caller) for row in session.scalars(select(GuessRow))]
    assert {caller for _, caller in rows} == {f"pin number {PHONE}"}
    assert not any(WRONG in secret.split() for secret, _ in rows)


# conference IDs


def test_unknown_ids_then_three_calls_that_tried_enough_slow_the_next_ones_of_that_number(desk, amos, kept):
    _, conference_id, _ = amos
    bridge = Bridge(desk, phone=PHONE)
    for _ in range(9):
        assert bridge.find("0000000", counts=False) == Unknown(1)
    assert kept() == 0
    for _ in range(3):
        assert bridge.find("0000000") == Unknown(1)
    known = bridge.find(conference_id)
    assert isinstance(known, Found)
    assert after(known) == (1, ("number",))
    bridge.given(known)
    for n in range(4):
        unknown = bridge.find("0000000", counts=False)
        assert isinstance(unknown, Unknown)
        assert unknown.turn.after == 2**(n + 1) - 1
    assert isinstance(bridge.find(conference_id), Found)
    assert bridge.find(conference_id) == TryLater(1, ("number",))
    assert bridge.find(conference_id, phone="+14255550199").turn is None
    assert bridge.find(conference_id, phone="").turn is None


# many at once


@pytest.mark.parametrize("programs", [1, 2])
@pytest.mark.parametrize("known", [{}, {"phone": PHONE}])
def test_40_calls_at_once_then_ten_are_answered_at_once_five_wait_and_all_others_are_to_try_later(
        desk, open_desk, amos, enable, meeting, programs, known):
    _, conference_id, _ = amos
    enable(desk, ADA)
    others = meeting(desk, ADA).conference_id
    bridges = [Bridge(at) for at in (desk, open_desk())[:programs]]
    ready = Barrier(40)

    def ask(n):
        # from one number: whatever the meeting
        ready.wait()
        return bridges[n % programs].check(others if known and n % 3 else conference_id, WRONG, **known)

    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(ask, range(40)))
    turns = sorted(answer.turn.after for answer in answers if isinstance(answer, PinChecked) and answer.turn)
    assert len([answer for answer in answers if isinstance(answer, PinChecked) and not answer.turn]) == 10
    assert turns == [1, 3, 7, 15, 31]
    assert len([answer for answer in answers if isinstance(answer, TryLater)]) == 25
