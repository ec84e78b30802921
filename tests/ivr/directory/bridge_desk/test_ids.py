"""Conference IDs: seven digits by chance, each taken once on the bridge, to the very last (C-1, C-6, C-7)."""

import dataclasses
import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from ivr.directory.errors import BadConferenceId, BridgeFull, DuplicateId, NotAllowed
from ivr.directory.ids import checked
from ivr.directory.letters import Mailing
from ivr.directory.tables import ConferenceId

AMOS = "amos.marble@contoso.com"
ADA = "ada@contoso.com"

ALL_TEN = [f"000000{digit}" for digit in range(10)]
"""Every ID of a bridge that has ten."""


class Chance:
    """Chance that a test foretells: for each size of the choice what is drawn; else 0.

    Attributes
    ----------
    asked : Counter
        How often it was asked, by the size of the choice.
    """

    def __init__(self, **drawn):
        self._drawn = {int(size.removeprefix("of_")): list(numbers) for size, numbers in drawn.items()}
        self.asked = Counter()

    def __call__(self, size):
        self.asked[size] += 1
        waiting = self._drawn.get(size)
        return waiting.pop(0) if waiting else 0


@pytest.fixture
def of_ten(world, open_desk, enable):
    """Gives a desk with room for ten IDs where Amos Marble is enabled, and foretold chance: ``of_ten(chance)``."""
    def of_ten(chance=None):
        enable(open_desk())
        return open_desk(dataclasses.replace(world, ids=10, **({"randbelow": chance} if chance else {})))

    return of_ten


# What an ID is


@pytest.mark.parametrize("text", [
    "123456", "12345678", "123456a", "\N{FULLWIDTH DIGIT ONE}234567", " 1234567", "1234567\n", "-123456", ""])
def test_c_1_s1_11_id_when_not_exactly_seven_digits_then_it_is_none(text):
    with pytest.raises(BadConferenceId, match="one has exactly 7 digits"):
        checked(text)


def test_c_1_id_when_it_begins_with_zeros_then_they_are_kept_as_text(of_ten, meeting):
    desk = of_ten(Chance(of_10=[7]))
    shown = meeting(desk)
    assert shown.conference_id == "0000007"
    assert desk.meetings.show("0000007") == shown
    assert desk.checks.find("0000007").meeting == f"meeting:{shown.number}"
    assert desk.checks.find("7") is None


def test_c_6_id_when_drawn_then_from_all_ten_million_by_the_chance_that_is_passed_in(
        desk, open_desk, world, enable, meeting):
    enable(desk)
    chance = Chance(of_10000000=[9_999_999, 42])
    foretold = open_desk(dataclasses.replace(world, randbelow=chance))
    assert [meeting(foretold).conference_id for _ in range(2)] == ["9999999", "0000042"]
    assert chance.asked == {10_000_000: 2}


def test_c_6_id_when_the_one_drawn_is_taken_then_the_next_that_is_free(of_ten, meeting):
    chance = Chance(of_10=[3, 3, 3, 5])
    desk = of_ten(chance)
    assert [meeting(desk).conference_id for _ in range(2)] == ["0000003", "0000005"]
    assert chance.asked == {10: 4}


# A full bridge


def test_c_1_bridge_when_it_fills_up_then_each_id_once_and_one_sentence_for_the_next(of_ten, meeting):
    desk = of_ten()
    made = [meeting(desk) for _ in range(10)]
    assert sorted(shown.conference_id for shown in made) == ALL_TEN
    with pytest.raises(BridgeFull, match=r"^all 10 conference IDs of the bridge are taken: cancel meetings or "):
        meeting(desk)
    assert len(desk.meetings.list(everything=True)) == 10
    freed = desk.meetings.cancel(str(made[4].number)).number
    assert meeting(desk).conference_id == made[4].conference_id
    assert desk.meetings.show(str(freed)).conference_id == ""


def test_c_13_bridge_when_full_and_an_organizer_is_disabled_then_others_get_his_ids(of_ten, enable, meeting):
    desk = of_ten()
    made = {meeting(desk).conference_id for _ in range(10)}
    enable(desk, ADA)
    desk.organizers.disable(AMOS)
    assert {meeting(desk, ADA).conference_id for _ in range(10)} == made


def test_bridge_when_full_then_an_organizer_whose_meetings_need_ids_again_is_not_enabled_by_halves(
        of_ten, enable, meeting):
    desk = of_ten()
    meeting(desk)
    desk.organizers.disable(AMOS)
    enable(desk, ADA)
    for _ in range(10):
        meeting(desk, ADA)
    waiting = len(desk.outbox.list(limit=100))
    with pytest.raises(BridgeFull):
        enable(desk)
    assert not desk.organizers.show(AMOS).enabled
    assert len(desk.outbox.list(limit=100)) == waiting


def test_bridge_when_nearly_full_and_chance_is_stubborn_then_few_draws_find_each_free_id(
        open_desk, world, enable, meeting):
    chance = Chance()
    enable(open_desk())
    desk = open_desk(dataclasses.replace(world, ids=4, randbelow=chance))
    assert [meeting(desk).conference_id for _ in range(4)] == ALL_TEN[:4]
    # the first at once, each of the others after 64 draws in vain and one draw among those that are free
    assert chance.asked == {4: 1 + 3 * 64, 3: 1, 2: 1, 1: 1}


@pytest.mark.parametrize("nth", [0, 2, 3, 6])
def test_bridge_when_nearly_full_then_any_of_the_free_ids_can_be_the_one(of_ten, meeting, nth):
    desk = of_ten(Chance(of_10=[0, 4, 9], of_7=[nth]))  # which goes on to draw 0, and that is taken
    for _ in range(3):
        meeting(desk)
    free = [conference_id for conference_id in ALL_TEN if conference_id[-1] not in "049"]
    assert meeting(desk).conference_id == free[nth]


def test_c_6_two_desks_when_they_draw_the_same_at_once_then_no_id_is_given_twice(
        open_desk, world_with, enable, meeting):
    desks = [open_desk(world_with(seed=9, ids=12)) for _ in range(2)]
    enable(desks[0])
    enable(desks[0], ADA)

    def draw(desk, who):
        return [meeting(desk, who).conference_id for _ in range(6)]

    with ThreadPoolExecutor(2) as pool:
        drawn = list(itertools.chain(*pool.map(draw, desks, [AMOS, ADA])))
    assert len(set(drawn)) == 12
    with pytest.raises(BridgeFull):
        meeting(desks[1])


def test_c_10_two_desks_when_they_reset_all_ids_at_once_then_each_is_new_and_nobodys_twice(
        open_desk, world_with, enable, meeting):
    desk, people = open_desk(world_with(ids=40)), [AMOS, ADA]
    for who in people:
        enable(desk, who)
        for _ in range(5):
            meeting(desk, who)
    # both draw the same, one after the other or at once; the letters' own numbers would be the same too
    racing = [open_desk(world_with(seed=9, ids=40)) for _ in people]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda desk, who: desk.conference_ids.reset(who, mailing=Mailing(send=False)),
                             racing, people))
    held = [conference_id for who in people for conference_id, _ in desk.conference_ids.of(who)]
    assert len(set(held)) == 10
    assert sorted(held) == sorted(new for one in made for _, new in one.conference_ids)
    assert all(old != new for one in made for old, new in one.conference_ids)


# An ID that somebody chooses


def test_c_3_c_7_wanted_id_when_the_product_lets_it_be_chosen_then_it_is_given(desk_of, enable, meeting):
    desk = desk_of("sfb2017")
    enable(desk)
    assert meeting(desk, conference_id="0123456").conference_id == "0123456"


@pytest.mark.parametrize("profile", ["online", "sfbserver", "um"])
def test_c_6_s1_5_wanted_id_when_the_product_draws_them_by_chance_then_refused(desk_of, enable, meeting, profile):
    desk = desk_of(profile)
    with pytest.raises(NotAllowed, match=r"always drawn by chance .C-6.: leave out the conference ID"):
        enable(desk, conference_id="0123456")
    enable(desk)
    with pytest.raises(NotAllowed, match="always drawn by chance"):
        meeting(desk, conference_id="0123456")
    assert desk.meetings.list() == []


@pytest.mark.parametrize(("wanted", "error", "said"), [
    ("1234567", DuplicateId, "^the conference ID 1234567 is taken: choose another, or leave the choice to chance$"),
    ("123", BadConferenceId, "^'123' is not a conference ID: one has exactly 7 digits$"),
])
def test_c_7_wanted_id_when_taken_or_badly_formed_then_one_sentence_and_nothing_is_made(
        desk_of, enable, meeting, wanted, error, said):
    desk = desk_of("sfb2017")
    enable(desk)
    meeting(desk, conference_id="1234567")
    with pytest.raises(error, match=said):
        meeting(desk, conference_id=wanted)
    assert len(desk.meetings.list(everything=True)) == 1


@pytest.mark.parametrize("wanted", ["1234567", "12345678"])
def test_c_7_wanted_static_id_when_it_cannot_be_had_then_the_organizer_is_not_enabled(desk_of, enable, wanted):
    desk = desk_of("sfb2017", unique_conference_ids="no")
    enable(desk, ADA, conference_id="1234567")
    with pytest.raises((DuplicateId, BadConferenceId)):
        enable(desk, conference_id=wanted)
    assert [one.address for one in desk.organizers.list(everyone=True)] == [ADA]


def test_ids_when_taken_by_meetings_and_organizers_then_all_are_in_one_table(desk_of, enable, meeting):
    desk = desk_of("sfb2017", unique_conference_ids="no")
    enable(desk, conference_id="1234567")
    desk.settings.set("settings", {"UseUniqueConferenceIds": "$true"})
    with pytest.raises(DuplicateId):
        meeting(desk, conference_id="1234567")
    with desk.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ConferenceId)) == 1


def test_c_15_id_when_it_names_the_meeting_then_it_proves_nobody_and_no_pin_is_made_of_it(desk, enable, meeting):
    pin = enable(desk).pin.pin
    shown = meeting(desk)
    key = desk.checks.find(shown.conference_id).meeting
    assert desk.checks.check_pin(key, shown.conference_id).right is False
    assert desk.checks.check_pin(key, pin).right is True
    assert pin not in shown.conference_id
