"""At which of several processes a meeting is: leased, renewed, freed, and taken from one that is dead."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from ivr.directory.asking import AtOnce
from ivr.directory.homes import LASTS
from ivr.directory.tables import HomeRow
from ivr.live.homes import HomeKeeper
from ivr.questions import Asker

A, B = "192.0.2.1:5060", "192.0.2.2:5060"


def kept(desk):
    with desk.store.reading() as session:
        return session.scalar(select(func.count()).select_from(HomeRow))


def test_a_meeting_that_is_taken_then_there_until_its_lease_ends(desk, clock):
    homes = desk.checks.homes
    assert [homes.take("m", here) for here in (A, B, A)] == [A, A, A]
    clock.on(seconds=LASTS - 1)
    assert homes.renew({"m", "other"}, A) == {"other"}
    clock.on(seconds=LASTS - 1)
    assert homes.take("m", B) == A
    clock.on(seconds=LASTS + 1)
    assert homes.take("m", B) == B
    assert homes.renew({"m"}, A) == {"m"}


def test_a_meeting_that_is_freed_then_anybodys_and_ended_leases_are_swept(desk, clock):
    homes = desk.checks.homes
    for meeting in ("m", "n"):
        homes.take(meeting, A)
    homes.free({"m"}, B)
    assert homes.take("m", B) == A
    homes.free({"m"}, A)
    assert homes.take("m", B) == B
    clock.on(seconds=LASTS + 1)
    homes.take("o", B)
    assert kept(desk) == 1


def test_a_process_that_is_dead_then_its_meeting_is_taken_at_once_and_no_others(desk):
    homes = desk.checks.homes
    homes.take("m", A)
    assert [homes.take("m", B, gone=gone) for gone in ("192.0.2.9:5060", A)] == [A, B]
    assert homes.take("m", A, gone="") == B


def test_two_processes_at_once_then_one_has_it(desk, open_desk):
    desks, barrier = [desk, open_desk()], Barrier(2)

    def take(one, here, meeting):
        barrier.wait()
        return one.checks.homes.take(meeting, here)

    with ThreadPoolExecutor(2) as pool:
        for meeting in ("m", "n", "o"):
            asked = [pool.submit(take, one, here, meeting) for one, here in zip(desks, (A, B), strict=True)]
            assert len({one.result() for one in asked}) == 1


def test_a_caller_of_a_meeting_that_is_elsewhere_then_told_so(desk, enable, meeting):
    enable(desk)
    known = meeting(desk).conference_id
    told = []
    for here in (A, B, ""):
        bridge = AtOnce(desk.checks, here)
        bridge.find(1, known, Asker())
        told.append(bridge.answers()[0].elsewhere)
    assert told == ["", A, ""]


def test_a_keeper_then_renews_what_has_callers_and_frees_what_had(desk, clock, enable, meeting):
    enable(desk)
    known, busy = meeting(desk).conference_id, set()
    keeper = HomeKeeper(desk.checks, A)
    keeper.start(lambda: set(busy))
    for call, conference_id in enumerate([known, "7777777"]):
        keeper.seek(call, conference_id, "")
    found = []
    while len(found) < 2:
        found += keeper.found()
    assert found == [(0, ""), (1, "")]
    key = desk.checks.find(known).meeting
    busy.add(key)
    for _ in range(3):
        keeper.keep()
        clock.on(seconds=LASTS - 1)
    assert desk.checks.homes.take(key, B) == A
    busy.clear()
    keeper.keep()
    assert desk.checks.homes.take(key, B) == B
    keeper.seek(2, known, "")
    while not (found := keeper.found()):
        pass
    assert found == [(2, B)]
    keeper.close()
    assert keeper.faults == []
