"""Those who watch: the slow are told how much they have lost, who breaks down is out, the tick feels neither."""

import threading

import numpy as np
import pytest
from callers import KeypadLine

from ivr.clock import FRAME, samples
from ivr.engine.events import Lost, Noted
from ivr.engine.exchange import Exchange
from ivr.journal import Entry
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.feeds import MOST, Feed
from ivr.live.session import Session


class AtOnce:
    """A pace that waits for nothing and nobody, as a clock does that is behind."""

    late = 0

    def wait(self):
        pass


@pytest.fixture
def session(quiet_bridge, words):
    """Makes a session of one caller on the way to the lobby."""
    def make(**options):
        line = KeypadLine("anna", [(0.3, "1234567#1")])
        return Session(Exchange(quiet_bridge(), [MemoryTrunk([line], stays=True)]), words=words, **options)
    return make


def stepped(session, seconds):
    until = session.bridge.now + samples(seconds)
    while session.bridge.now < until:
        session.step()


def much(session, count=3 * MOST):
    """Have more happen in a tick than a queue takes."""
    def write():
        for n in range(count):
            session.bridge.journal.write(Entry(session.bridge.now, 0, "", "much", {"n": n}))
    session.post(write)


def count(events):
    return sum(event.count if isinstance(event, Lost) else 1 for event in events)


def test_a_feed_that_is_full_then_the_oldest_are_lost_and_counted_where_they_lack():
    feed, entries = Feed(3), [Noted(Entry(n, 0, "", "much")) for n in range(12)]
    for event in entries[:10]:
        feed.put(event)
    assert feed.take() == [Lost(7), *entries[7:10]]
    for event in entries[10:]:
        feed.put(event)
    assert feed.take() == entries[10:]
    assert feed.take() == []


def test_an_observer_who_hangs_then_the_ticks_go_on_and_he_is_told_how_much_he_has_missed(session):
    told, all_told, hangs, may_go_on = [], [], threading.Event(), threading.Event()

    def slow(event):
        told.append(event)
        hangs.set()
        may_go_on.wait()

    watched = session(pace=AtOnce())
    watched.watch(slow)
    watched.bridge.events.add(all_told.append)
    stepped(watched, 1)
    hangs.wait()
    much(watched)
    stepped(watched, 2)
    assert len(told) == 1
    may_go_on.set()
    watched.stop()
    watched.run()
    assert count(told) == len(all_told) > 3 * MOST
    assert len([event for event in told if isinstance(event, Lost)]) >= 1
    assert [event for event in told if not isinstance(event, Lost)][-1] == all_told[-1]


@pytest.mark.parametrize("pace", [None, AtOnce()])
def test_an_observer_who_raises_then_left_out_and_told_of_and_the_others_are_told_all(session, pace):
    asked, all_told, good = [], [], []

    def breaks(event):
        asked.append(event)
        raise ValueError("48215")

    watched = session(pace=pace)
    watched.bridge.events.add(all_told.append)
    watched.watch(breaks)
    watched.watch(good.append)
    stepped(watched, 3)
    watched.stop()
    watched.run()
    assert len(asked) == 1
    assert good == all_told
    assert watched.trouble.startswith("Something that watches has failed and is left out: ValueError at ")
    assert "48215" not in watched.trouble


def test_a_run_at_no_pace_then_it_waits_for_who_takes_and_nothing_is_lost(session):
    watched, all_told, taken = session(over=lambda: watched.bridge.now >= samples(2)), [], []
    feed = watched.feed()
    watched.bridge.events.add(all_told.append)
    much(watched)
    watched.start()
    while not watched.join(0.001):
        taken += feed.take()
    taken += feed.take()
    assert taken == all_told
    assert len(taken) > 3 * MOST


def test_a_session_when_nobody_watches_then_nothing_is_made(session):
    unwatched = session()
    stepped(unwatched, 1)
    assert not unwatched.bridge.events.wanted
    assert unwatched.view().calls
    assert unwatched.bridge.events.wanted


def test_who_looks_for_the_first_time_late_then_sees_it_as_who_has_looked_from_the_beginning(session):
    first, late = session(), session()
    first.feed()
    for at in (0.04, 0.2, 2.0, 6.0):
        late = session()
        stepped(late, at)
        stepped(first, at - first.bridge.now / 8000)
        seen, known = late.view().calls[0], first.view().calls[0]
        assert seen._replace(keys=()) == known._replace(keys=(), level_dbm0=seen.level_dbm0)
    assert (seen.state, seen.where, seen.music) == ("lobby", "lobby", True)


def test_an_entry_that_no_view_can_be_made_of_then_told_of_and_the_call_goes_on(session):
    watched = session()
    watched.feed()
    stepped(watched, 0.1)
    watched.post(lambda: watched.bridge.journal.write(Entry(0, 1, "anna", "joined", {})))
    stepped(watched, 3)
    assert "left out: KeyError at ivr.live.watching:" in watched.trouble
    assert watched.view().calls[0].where == "lobby"


def test_views_when_many_ask_in_one_tick_then_one_is_made(session):
    looked = session()
    stepped(looked, 1)
    view = looked.view()
    assert looked.view() is view
    looked.step()
    assert looked.view() is not view


def test_levels_of_a_row_that_had_another_call_before_then_of_the_call_alone(quiet_bridge, words):
    loud = MemoryLine("anna", np.full(samples(2), 9000, np.int16), hangs_up_after=samples(1))
    late = MemoryLine("bela", np.zeros(0, np.int16), dials_at=samples(1) + FRAME)
    session = Session(Exchange(quiet_bridge(), [MemoryTrunk([loud, late])]), words=words)
    levels = []
    while session.bridge.now < samples(1.3):
        session.step()
        levels += [(call.caller, call.level_dbm0) for call in session.view().calls]
    assert max(level for caller, level in levels if caller == "anna") > -10
    assert {level for caller, level in levels if caller == "bela"} == {-np.inf}
