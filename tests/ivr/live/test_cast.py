"""The demonstration's callers: on the timetable, by hand, and one after the other in the meeting."""

from itertools import pairwise

import numpy as np
import pytest

from ivr.clock import samples
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.live.cast import Cast
from ivr.live.monitor import LOBBY, MEETING, NOWHERE, Monitor
from ivr.live.pace import WallClock
from ivr.live.parts import MOST, TURNS, cast_of
from ivr.live.presenter import Presenter
from ivr.live.puppet import Puppet
from ivr.live.session import Session


class Stage:
    """A cast on a bridge, and what each of them has said."""

    def __init__(self, bridge, parts, *, by_hand=False, pace=None):
        self.said = []
        puppets = [Puppet(part.name) for part in parts]
        exchange = Exchange(bridge, [Handsets(puppets)])
        self.cast = Cast(parts, puppets, exchange, conference_id="1234567", pin="48215", say=self._say,
                         by_hand=by_hand)
        self.session = Session(exchange, pace=pace, step=self.cast.step, over=lambda: self.cast.over)
        self.bridge, self.names = bridge, self.cast.names

    def _say(self, text, name):
        self.said.append((self.bridge.now, name, text))
        return np.full(samples(1), 3000 + 1000 * self.names.index(name), np.int16)

    def run(self, until_s=200):
        while self.bridge.now < samples(until_s) and not self.session.over:
            self.session.step()
        return self

    def state(self, name):
        return next((call.state for call in self.session.view().named(name)), "gone")


@pytest.fixture
def staged(quiet_bridge):
    """Makes stages: ``staged(3)`` has three callers."""
    return lambda count, **options: Stage(quiet_bridge(), cast_of(count), **options)


@pytest.mark.parametrize("count", range(1, MOST + 1))
def test_a_cast_on_its_timetable_then_all_meet_all_speak_and_all_hang_up(staged, count):
    stage = staged(count).run()
    journal = stage.bridge.journal
    assert stage.session.over
    assert [entry.facts["by"] for entry in journal.of("started")] == ["amos"]
    assert {entry.caller for entry in journal.of("joined")} == set(stage.names)
    assert [entry.facts["by"] for entry in journal.of("hung-up")] == ["caller"] * count
    assert not journal.of("refused")
    met = journal.of("started")[0].at
    spoke = [name for at, name, _ in stage.said if at >= met]
    assert {name: spoke.count(name) for name in stage.names} == dict.fromkeys(stage.names, TURNS)
    assert spoke[0] == "amos"
    if count > 1:
        assert {name for at, name, _ in stage.said if at < met} <= {e.caller for e in journal.of("lobby")} != set()


def test_speakers_in_the_meeting_then_never_two_at_once(staged):
    stage = staged(6).run()
    met = stage.bridge.journal.of("started")[0].at
    moments = [at for at, _, _ in stage.said if at >= met]
    assert all(later - earlier >= samples(1) for earlier, later in pairwise(moments))


def test_a_cast_when_paced_then_its_journal_is_the_one_of_a_cast_that_is_not(staged):
    paced = staged(4, pace=WallClock(speed=1e6)).run()
    assert paced.bridge.journal.text() == staged(4).run().bridge.journal.text()


def test_a_cast_by_hand_when_nobody_acts_then_nothing_happens(staged):
    stage = staged(3, by_hand=True).run(60)
    assert stage.bridge.journal.entries == []
    assert not stage.session.over


def test_a_cast_by_hand_when_led_step_by_step_then_the_meeting_starts(staged):
    stage = staged(2, by_hand=True)
    for name, states in (("anna", ["conference-id", "organizer-question", "lobby", "lobby"]),
                         ("amos", ["conference-id", "organizer-question", "pin", "meeting", "meeting"])):
        for state in states:
            stage.cast.next(name)
            stage.run(stage.bridge.now / 8000 + 3)
            assert stage.state(name) == state
    assert stage.state("anna") == "meeting"
    assert [text[:25] for _, name, text in stage.said if name == "amos"] == ["Good morning, this is Amo"]


def test_a_caller_when_urged_while_he_is_at_something_then_does_it_once(staged):
    stage = staged(1, by_hand=True)
    stage.cast.next("amos")
    stage.run(2)
    for _ in range(5):
        stage.cast.next("amos")
        stage.run(stage.bridge.now / 8000 + 0.1)
    stage.run(6)
    assert stage.state("amos") == "organizer-question"


def test_a_caller_when_the_presenter_presses_his_keys_then_the_timetable_leaves_him_alone(staged):
    stage = staged(3)
    stage.run(1)
    stage.cast.press("anna", "9")
    assert stage.cast.by_hand("anna")
    stage.run(20)
    assert stage.state("anna") == "conference-id"
    assert stage.state("bela") == "lobby"
    stage.cast.hold("anna", by_hand=False)
    stage.run(45)
    assert stage.state("anna") == "meeting"


def test_a_caller_when_hung_up_then_not_called_again_but_by_the_presenter(staged):
    stage = staged(3)
    stage.run(12)
    stage.cast.hang_up("bela")
    stage.run(20)
    assert stage.state("bela") == "gone"
    stage.cast.next("bela")
    stage.run(21)
    assert stage.state("bela") != "gone"


def test_the_presenter_then_chooses_around_and_his_ear_follows_from_caller_to_caller(staged):
    stage, monitor = staged(3), Monitor("anna")
    presenter = Presenter(stage.names, monitor, stage.cast)
    presenter.choose(-1)
    assert (presenter.chosen, monitor.at) == ("amos", "amos")
    presenter.listen("m")
    presenter.choose(1)
    assert (presenter.chosen, monitor.at) == ("anna", MEETING)
    assert presenter.status() == f"You are anna, whom the timetable leads; you listen to {MEETING}"
    presenter.change_hands()
    presenter.listen("c")
    assert presenter.status() == "You are anna, whom you lead; you listen to anna"


def test_the_presenter_of_a_story_then_leads_nobody():
    presenter = Presenter(["anna", "amos"], Monitor(LOBBY))
    for act in (presenter.next, presenter.hang_up, presenter.change_hands, lambda: presenter.press("1")):
        act()
    assert presenter.status() == f"You are anna, whom the story leads; you listen to {LOBBY}"


def test_the_presenter_with_a_microphone_then_speaks_for_whom_he_leads_and_does_not_hear_himself(staged):
    stage, monitor = staged(2), Monitor("anna")
    presenter = Presenter(stage.names, monitor, stage.cast)
    presenter.plug(lambda: np.full(160, 6000, np.int16))
    stage.run(1)
    assert stage.session.view().named("anna")[0].level_dbm0 < -50  # the timetable leads
    presenter.change_hands()
    assert presenter.status() == "You are anna, whom you lead and speak for; you listen to anna"
    stage.run(2)
    assert stage.session.view().named("anna")[0].level_dbm0 > -15
    assert np.abs(monitor.frame(stage.session)).max() <= 2000  # what the bridge says
    presenter.choose(1)
    stage.run(3)
    assert stage.session.view().named("anna")[0].level_dbm0 < -50


def test_an_ear_in_the_lobby_and_in_the_meeting_then_hears_what_the_first_there_hears_and_says(staged):
    stage = staged(3)
    ears = {where: Monitor(where) for where in (LOBBY, MEETING, NOWHERE, "amos")}
    heard = {where: [] for where in ears}
    while not stage.session.over:
        stage.session.step()
        for where, ear in ears.items():
            heard[where].append(int(np.abs(ear.frame(stage.session).astype(np.int32)).max()))
    journal = stage.bridge.journal

    def loudest(where, since, until):
        return max(heard[where][since // 160 + 1:until // 160])

    waiting, met = journal.of("music")[0].at, journal.of("started")[0].at
    over = journal.of("over")[0].at
    assert 900 < loudest(LOBBY, waiting, waiting + samples(1)) < 1100  # the hold music of this bridge
    assert loudest(LOBBY, met, over) == 0
    assert loudest(MEETING, 0, met) == 0
    greeting = next(at for at, name, _ in stage.said if name == "amos")
    assert loudest(MEETING, greeting, greeting + samples(1)) == pytest.approx(5000, rel=0.05)
    assert loudest("amos", greeting, greeting + samples(1)) == pytest.approx(5000, rel=0.05)
    reply = next(at for at, name, _ in stage.said if name == "bela" and at > met)
    assert loudest("amos", reply + 480, reply + samples(1)) == pytest.approx(4000, rel=0.05)
    assert loudest(NOWHERE, 0, over) == 0
