"""Whatever grows has an end: a bridge holds after many calls what it held after some, and lines are let go."""

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import FRAME, RATE, Timers, samples
from ivr.conference.bridge import ConferenceBridge
from ivr.directory.meetings import key_of
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.journal import Journal
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.puppet import Puppet
from ivr.live.session import Session
from ivr.screen.plain import Teller


@pytest.fixture
def held(reachable):
    """Counts what can be reached."""
    return lambda root, apart=(): sum(1 for _ in reachable(root, apart))


def visitor(number):
    """Return a caller who does one of the things that callers do; every third says a name of his own."""
    keys = ("5550000#", "7654321#1", "5550000#", "9#", "1234567#*48215#", "5550000#", "7654321#*1#", "")[number % 8]
    name = np.random.default_rng(number).normal(0, 4000, samples(1.5))
    name *= np.abs(np.sin(np.arange(len(name)) * 2 * np.pi * 2.5 / RATE))
    says = np.zeros(samples(7), np.int16)
    for at, sound in ((0.1, dtmf.encode(keys, RATE, tone_ms=60, gap_ms=60)), (2.2, np.clip(name, -20000, 20000)),
                      (3.8, dtmf.encode("#", RATE)), (6.1, dtmf.encode("*1", RATE))):
        says[samples(at):samples(at) + len(sound)] = sound
    return MemoryLine(f"c{number}", says, hangs_up_after=samples(6.6 + number % 5 * 0.02), keeps=False)


class NameVoice:
    """A tenth of a second a prompt, and the names that are said in it."""

    def __init__(self, voice):
        self.slots, self.text, self._one = voice.slots, voice.text, np.full(800, 700, np.int16)

    def clips(self, name, language="", /, **slots):
        return [self._one, *(one for one in slots.get("names", ()) if isinstance(one, np.ndarray))]


@pytest.mark.parametrize("product", ["teams2021", pytest.param("sfbserver", marks=pytest.mark.slow)])
def test_a_bridge_after_many_calls_then_holds_what_it_held_after_some(world, held, product):
    sample = world(name_recording=True, announce_with="names", announce_most=40, product=product, participants=12,
                   lobby_timeout=samples(5), lobby_warning=samples(4))
    bridge = ConferenceBridge(directory=sample.directory, voice=NameVoice(world().voice),
                              music=np.ones(1600, np.int16), tones=sample.tones, profile=sample.product,
                              journal=Journal(keeps=300))
    session = Session(Exchange(bridge))
    session.watch(Teller(str, session.text))
    store, after, dialled = bridge._players._store, [], 0
    for _ in range(7):
        for _ in range(40):
            dialled += 1
            session.exchange.attach(MemoryTrunk([visitor(dialled)]))
        until = bridge.now + samples(8)
        while bridge.now < until:
            session.step()
        assert bridge.calls == {}
        assert store.used == 1  # the music
        after.append(held(session, apart=[bridge._timers, store]))
    # something that is kept of each call, or of one in eight, would be more
    assert abs(after[-1] - after[3]) < 6
    for _ in range(100):
        session.step()
    assert bridge._timers.due(10**12) == []


class Asked(MemoryTrunk):
    """A trunk that counts how often it is asked, and how many rows it is given."""

    asked = rows = 0

    def events(self, now):
        self.asked += 1
        return super().events(now)

    def receive(self, now, rows):
        self.rows += len(rows)
        return super().receive(now, rows)


def test_a_trunk_when_its_last_call_has_ended_and_none_will_come_then_asked_no_more(world):
    trunks = [Asked([KeypadLine(f"c{n}", [], hangs_up_after=samples(0.1))]) for n in range(20)]
    waits = Asked([KeypadLine("late", [], dials_at=samples(60))])
    played = world()
    for trunk in (*trunks, waits):
        played.exchange.attach(trunk)

    def a_second():
        for _ in range(50):
            played.exchange.step()

    a_second()
    before = [trunk.asked for trunk in trunks]
    a_second()
    assert [trunk.asked for trunk in trunks] == before
    assert (waits.asked, waits.rows) == (100, 0)


def test_calls_one_after_the_other_then_the_last_costs_what_the_first_did(world, reachable, work):
    """Counted are the functions that are called in each tick of a call, and the sounds that are left."""
    played = world(journal=Journal(keeps=5))
    counted = []
    for n in range(60):
        says = np.random.default_rng(n).integers(-9, 9, samples(2)).astype(np.int16)
        played.trunk.add(MemoryLine(f"c{n}", says, hangs_up_after=3 * FRAME, keeps=False))
        counted.append([work(played.exchange.step) for _ in range(5)])
    assert np.array_equal(np.min(counted[-10:], axis=0), np.min(counted[40:50], axis=0))
    kept = [one.nbytes for one in reachable(played.trunk) if isinstance(one, np.ndarray) and one.base is None]
    assert max(kept) <= 2 * (1 << 16)  # the room for sounds as it was at first


def test_a_line_that_may_dial_again_when_it_does_then_it_is_a_new_call(world):
    puppet = Puppet("anna")
    played = world()
    played.exchange.attach(Handsets([puppet]))
    for dialled in (1, 2, 3):
        puppet.dial()
        played.run(0.5)
        assert [call.serial for call in played.bridge.calls.values()] == [dialled]
        puppet.hang_up()
        played.run(0.1)
        assert played.bridge.calls == {}


def test_callers_when_all_lines_are_busy_then_turned_away_and_taken_when_one_is_free(world):
    sample = world()
    bridge = ConferenceBridge(directory=sample.directory, voice=world().voice, music=np.ones(1600, np.int16),
                              tones=sample.tones, profile=sample.product, most=3)
    lines = [KeypadLine(f"c{n}", [], hangs_up_after=samples(1)) for n in range(5)]
    late = KeypadLine("late", [], dials_at=samples(1.2))
    exchange = Exchange(bridge, [MemoryTrunk([*lines, late])])
    exchange.step()
    assert [call.caller for call in bridge.calls.values()] == ["c0", "c1", "c2"]
    assert [(entry.caller, dict(entry.facts)) for entry in bridge.journal.of("busy")] == [
        ("c3", {"calls": 3}), ("c4", {"calls": 3})]
    assert [line.ended_by_bridge for line in lines] == [False, False, False, True, True]
    while bridge.now < samples(1.5):
        exchange.step()
    assert [call.caller for call in bridge.calls.values()] == ["late"]


def test_a_meeting_when_it_is_started_after_somebody_found_it_full_and_went_then_it_starts(world):
    played = world(KeypadLine("anna", [(0.1, "5550000#")], hangs_up_after=samples(5)),
                   KeypadLine("bela", [(0.1, "5550000#")], dials_at=samples(2)), participants=1).run(6)
    assert played.bridge.calls == {}
    played.bridge.join_by_app(key_of("5550000"), "amos", conference_id="5550000")
    played.run(0.1)
    assert [entry.facts["by"] for entry in played.bridge.journal.of("started")] == ["anna", "amos"]


def test_what_is_to_be_said_to_somebody_when_it_becomes_more_and_more_then_the_oldest_of_it_is_left_out(world):
    played = world(KeypadLine("anna", [(0.1, "5550000#")])).run(4)
    for n in range(300):
        played.bridge.record(key_of("5550000"), on=n % 2 == 0)
    played.run(0.02)
    store = played.bridge._players._store
    assert store.used < 10  # two prompts of a clip each, the music
    played.run(300 * 0.5)
    said = [prompt for prompt in played.prompts("anna") if prompt.startswith("recording-")]
    assert 20 < len(said) < 100
    assert said[-1] == "recording-off"
    assert store.used == 1


def test_timers_when_they_are_set_again_and_again_then_what_is_due_is_the_last_setting_in_order(held):
    timers, plain = Timers(), {}
    random = np.random.default_rng(4)
    for _ in range(20_000):
        owner, at = int(random.integers(50)), int(random.integers(10**6, 2 * 10**6))
        timers.set(owner, "one", at)
        plain[owner] = at
        if random.random() < 0.3:
            timers.cancel(gone := int(random.integers(50)), "one")
            plain.pop(gone, None)
    assert held(timers) < 10_000
    due = timers.due(2 * 10**6)
    assert [(at, owner) for at, owner, _, _ in due] == sorted((at, owner) for owner, at in plain.items())
    assert all(timers.take(owner, kind, number) for _, owner, kind, number in due)


def test_a_row_of_many_then_takes_a_tenth_of_a_megabyte_at_most(world, reachable):
    """Also those that came one by one to a bridge that had begun with one."""
    played = world(*(MemoryLine(f"c{n}", np.zeros(0, np.int16), dials_at=n * FRAME, keeps=False)
                     for n in range(600))).run(13)
    rows = [one for one in reachable(played.exchange) if isinstance(one, np.ndarray) and len(one) >= 600]
    assert len(played.bridge.calls) == 600
    assert sum(one.nbytes for one in rows) < 600 * 100_000


def test_a_crowd_when_it_has_gone_then_its_rows_go_too_and_those_who_stay_notice_nothing(world):
    """Some of it were in a meeting, muted or softened, so that faders knew their rows."""
    def stay():
        return KeypadLine("one", [(0, "5550000#")]), KeypadLine("late", [(0, "12")], dials_at=samples(41))

    crowd = [KeypadLine(f"c{n}", [(0, "7654321#*90371#*6" if n % 2 else "99#")], dials_at=samples(1),
                        hangs_up_after=samples(9)) for n in range(70)]
    alone, many = world(*stay()), world(stay()[0], *crowd, stay()[1])
    alone.run(50)
    assert many.run(5).bridge.rows == 128
    assert many.run(45).bridge.rows == 2
    for caller, line, same in zip(("one", "late"), (many.lines[0], many.lines[-1]), alone.lines, strict=True):
        assert np.array_equal(line.heard(), same.heard())
        assert many.states(caller) == alone.states(caller) != []
