"""A session: what those who watch are told, in steps and in a thread of its own."""

import math
import threading
import tracemalloc

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from ivr.clock import RATE, samples
from ivr.directory.meetings import key_of
from ivr.engine.events import KeyDown, KeyShown, KeyUp, Noted, Saying
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.monitor import Monitor
from ivr.live.puppet import Puppet
from ivr.live.session import Session
from ivr.secrecy import HIDDEN


@pytest.fixture
def watched(quiet_bridge, words):
    """Makes sessions of lines: ``watched(*lines)`` is the session and what its observer has been told."""
    def make(*lines, **options):
        told = []
        exchange = Exchange(quiet_bridge(), [MemoryTrunk(lines, stays=True)])
        return Session(exchange, words=words, observers=[told.append], **options), told
    return make


def stepped(session, seconds):
    until = session.bridge.now + samples(seconds)
    while session.bridge.now < until:
        session.step()
    return session.view()


def keys(view, caller="anna"):
    return "".join(key.key for key in view.named(caller)[0].keys)


def test_the_journal_when_watched_then_the_same_as_without_a_session(watched, quiet_bridge):
    def lines():
        return [KeypadLine("anna", [(1, "1234567#"), (4, "1")]), KeypadLine("amos", [(2, "1234567#*48215#")])]

    session, told = watched(*lines())
    stepped(session, 12)
    alone = Exchange(quiet_bridge(), [MemoryTrunk(lines(), stays=True)])
    while alone.bridge.now < samples(12):
        alone.step()
    assert session.bridge.journal.text() == alone.bridge.journal.text()
    assert [t.entry for t in told if isinstance(t, Noted)] == alone.bridge.journal.entries


@pytest.mark.parametrize(("level", "low_high"), [(-9.0, (0, 0)), (-20.0, (0, 4))])
def test_a_key_when_heard_then_told_at_once_and_measured_at_its_end(watched, level, low_high):
    tone = dtmf.encode("*", RATE, tone_ms=120, level_dbm0=level)
    if low_high != (0, 0):
        t = np.arange(960) / RATE
        low, high = dtmf.frequencies("*")
        amplitude = 32768 * 10 ** ((level - 3.14) / 20)
        tone = np.round(amplitude * 10 ** (-low_high[1] / 40) * np.sin(2 * np.pi * low * t)
                        + amplitude * 10 ** (low_high[1] / 40) * np.sin(2 * np.pi * high * t)).astype(np.int16)
    says = np.zeros(samples(2), np.int16)
    says[samples(1):samples(1) + len(tone)] = tone
    session, told = watched(MemoryLine("anna", says))
    stepped(session, 2)
    [down], [up] = ([t for t in told if isinstance(t, kind)] for kind in (KeyDown, KeyUp))
    assert (down.caller, down.key, up.key) == ("anna", "*", "*")
    assert samples(1) < down.at <= samples(1.05)
    assert up.measure.level_dbm0 == pytest.approx(level, abs=0.3)
    assert up.measure.twist_db == pytest.approx(low_high[1], abs=0.3)
    assert up.measure.lasted_ms == pytest.approx(120, abs=10)
    assert [(key.key, key.twist_db) for key in session.view().named("anna")[0].keys] == [("*", up.measure.twist_db)]


def test_a_conference_id_when_typed_then_dots_that_are_shown_once_it_is_one_and_a_pin_never(watched):
    session, told = watched(KeypadLine("amos", [(1, "1234567#"), (4, "*"), (5, "48215#")]))
    view = stepped(session, 2)
    assert keys(view, "amos") == 5 * HIDDEN
    assert {(key.open, key.level_dbm0) for key in view.named("amos")[0].keys} == {(True, None)}
    view = stepped(session, 2)
    assert keys(view, "amos") == "1234567#"
    assert all(key.level_dbm0 == pytest.approx(-10, abs=0.3) for key in view.named("amos")[0].keys)
    view = stepped(session, 4)
    assert keys(view, "amos") == f"1234567#*{5 * HIDDEN}#"
    assert {(key.open, key.level_dbm0) for key in view.named("amos")[0].keys[9:14]} == {(False, None)}
    downs, ups = ([t for t in told if isinstance(t, kind)] for kind in (KeyDown, KeyUp))
    assert [t.key for t in downs] == [t.key for t in ups] == list(f"{7 * HIDDEN}#*{5 * HIDDEN}#")
    assert [t.measure is None for t in ups] == [t.key == HIDDEN for t in ups]
    shown = [t for t in told if isinstance(t, KeyShown)]
    assert "".join(t.key for t in shown) == "1234567"
    assert [t.down_at for t in shown] == [t.at for t in downs[:7]]
    assert all(t.measure.level_dbm0 == pytest.approx(-10, abs=0.3) for t in shown)
    assert session.view().named("amos")[0].role == "organizer"


@pytest.mark.parametrize(("typed", "shown"), [
    ("48215#", 5 * HIDDEN + "#"),  # a PIN given to the wrong question
    ("48215*1234567#", 5 * HIDDEN + "*1234567#"),
    ("482159037#", 9 * HIDDEN + "#"),
    ("1234567#*48215#", f"1234567#*{5 * HIDDEN}#"),  # all typed ahead
    ("1234567#48215#", f"1234567#{5 * HIDDEN}#"),  # the star forgotten
    ("123456748215", 12 * HIDDEN),  # the pound forgotten too, and the entry still open
    ("123456748215#", 12 * HIDDEN + "#"),
    ("7777777#", "7777777#"),  # unknown, and what was asked for
])
def test_digits_when_their_entry_is_over_then_shown_only_if_the_journal_shows_them(watched, typed, shown):
    session, _ = watched(KeypadLine("anna", [(0.5, typed)]))
    view = stepped(session, 0.5 + 0.2 * len(typed) + 0.5)
    assert keys(view) == shown


def test_a_long_entry_whose_beginning_is_an_id_then_that_is_shown_and_nothing_of_the_rest(watched):
    session, told = watched(KeypadLine("anna", [(0.5, "123456748215")]))
    assert keys(stepped(session, 0.5 + 0.2 * 8)) == 8 * HIDDEN
    assert keys(stepped(session, 0.2 * 4 + 5.5)) == "1234567" + 5 * HIDDEN  # the ID that was taken
    assert "".join(t.key for t in told if isinstance(t, KeyShown)) == "1234567"
    assert {t.measure for t in told if isinstance(t, KeyUp)} == {None}


def test_a_prompt_when_it_begins_and_ends_then_told_with_its_words(watched):
    session, told = watched(KeypadLine("anna", [(1, "7777777#")]))
    stepped(session, 4)
    said = [(t.prompt, session.text(t)) for t in told if isinstance(t, Saying)]
    assert said[:2] == [("welcome", "Words of welcome."), ("enter-conference-id", "Words of enter-conference-id.")]
    assert ("unknown-conference-id", "Words of unknown-conference-id. 7777777") in said
    begun = [t.at for t in told if isinstance(t, Saying)]
    ended = [t.entry.facts["began_at"] for t in told if isinstance(t, Noted) and t.entry.event == "prompt"]
    assert ended == [at // 160 * 160 for at in begun][:len(ended)]


def test_the_view_on_the_way_to_the_meeting_then_says_where_everybody_is(watched):
    session, _ = watched(KeypadLine("anna", [(1, "1234567#"), (3.5, "1")]),
                         KeypadLine("amos", [(5, "1234567#*48215#")]))
    view = stepped(session, 5)
    assert [(call.caller, call.meeting, call.music) for call in view.waiting()] == [("anna", "1234567", True)]
    assert (view.named("amos")[0].state, view.named("amos")[0].where) == ("conference-id", "")
    view = stepped(session, 5)
    assert view.waiting() == ()
    assert [(call.caller, call.role) for call in view.meeting()] == [("anna", "participant"), ("amos", "organizer")]
    assert not view.named("anna")[0].music


def test_the_view_of_a_meeting_whose_id_was_another_when_it_was_started_then_all_in_it_are_in_one(watched):
    session, _ = watched(KeypadLine("anna", [(0.2, "1234567#")]), KeypadLine("bela", [(0.2, "1234567#")]))
    session.bridge.join_by_app(key_of("1234567"), "amos", conference_id="7654321")
    view = stepped(session, 4)
    assert [(call.caller, call.meeting) for call in view.meeting()] == [("anna", "7654321"), ("bela", "7654321")]


@pytest.mark.parametrize("amplitude", [10000, 100])
def test_the_level_of_a_caller_then_in_dbm0_of_what_comes_in(watched, amplitude):
    tone = np.round(amplitude * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)).astype(np.int16)
    session, _ = watched(MemoryLine("anna", tone))
    expected = 20 * math.log10(amplitude / 32768) + 3.14
    assert stepped(session, 0.5).named("anna")[0].level_dbm0 == pytest.approx(expected, abs=0.1)
    assert stepped(session, 1).named("anna")[0].level_dbm0 == -math.inf


def test_a_call_that_has_ended_then_no_longer_in_the_view_and_its_end_is_told(watched):
    session, told = watched(KeypadLine("anna", [], hangs_up_after=samples(1)))
    assert stepped(session, 2).calls == ()
    assert [t.entry.event for t in told if isinstance(t, Noted)][-1] == "hung-up"


def test_what_is_posted_from_another_thread_then_done_at_the_next_tick(watched):
    line = MemoryLine("anna", np.zeros(0, np.int16))
    session, _ = watched(line)
    session.step()
    thread = threading.Thread(target=session.post, args=(line.hang_up,))
    thread.start()
    thread.join()
    session.step()
    assert not line.on_the_line


def test_a_session_in_a_thread_then_ends_when_asked_and_can_be_looked_at_meanwhile(watched):
    session, _ = watched(MemoryLine("anna", np.zeros(0, np.int16)))
    session.start()
    views = [session.view(60) for _ in range(20)]
    assert [view.at for view in views] == sorted({view.at for view in views})
    session.stop()
    session.join()
    assert session.view().over


def test_a_session_when_a_tick_fails_then_join_raises_it(watched):
    session, _ = watched(MemoryLine("anna", np.zeros(0, np.int16)), after=lambda: 1 / 0)
    session.start()
    with pytest.raises(ZeroDivisionError):
        session.join()
    assert session.over


def test_a_session_then_over_when_it_is_told_so(watched):
    line = KeypadLine("anna", [], hangs_up_after=samples(1))
    session, _ = watched(line, over=lambda: not line.on_the_line)
    session.run()
    assert session.bridge.now == samples(1) + 160


@pytest.mark.slow
def test_a_session_that_lasts_then_needs_no_more_memory(quiet_bridge, words):
    puppet = Puppet("anna")
    session = Session(Exchange(quiet_bridge(), [Handsets([puppet])]), words=words)

    def until(minutes):
        while session.bridge.now < samples(60 * minutes):
            session.step()
            if session.bridge.now % samples(5) == 0:
                puppet.press("5")  # a key every five seconds
        session.view()
        return tracemalloc.get_traced_memory()[0]

    puppet.dial()
    session.step()
    puppet.press("1234567#1")
    tracemalloc.start()
    try:
        early, late = until(2), until(10)
    finally:
        tracemalloc.stop()
    assert session.view().named("anna")[0].where == "lobby"
    # the journal has grown by an entry a key, and nothing else
    assert late - early < 8 * 12 * 1000


def test_two_callers_of_one_name_then_each_is_meant_by_the_number_of_his_call(watched):
    first, second = MemoryLine("+14255550199", dtmf.encode("1234567#1", RATE)), MemoryLine(
        "+14255550199", np.append(np.zeros(samples(0.5), np.int16), dtmf.encode("1234567#1", RATE)))
    amos = KeypadLine("amos", [(4, "1234567#*48215#")])
    session, told = watched(first, second, amos)
    view = stepped(session, 3)
    assert [(call.call, call.caller) for call in view.named("+14255550199")] == [
        (1, "+14255550199"), (2, "+14255550199")]
    assert [view.of(call).call for call in (1, 2, 3)] == [1, 2, 3]
    assert view.of(4) is None
    assert [session.call(call) for call in (1, 2, 3)] == list(session.bridge.calls.values())
    assert [down.call for down in told if isinstance(down, KeyDown) and down.key == "#"] == [1, 2]
    beside = {at: Monitor(at).frame(session).tolist() for at in (1, 2, 4)}
    assert beside[1] == (session.exchange.spoken[0] + session.bridge.clamped()[0]).tolist()
    assert beside[2] == (session.exchange.spoken[1] + session.bridge.clamped()[1]).tolist()
    assert not any(beside[4])
    assert [session.view().of(call).where for call in (1, 2)] == ["lobby", "lobby"]
    session.bridge.deny(2)
    view = stepped(session, 0.1)
    assert [(entry.call, entry.caller) for entry in session.bridge.journal.of("denied")] == [(2, "+14255550199")]
    assert [view.of(call).where for call in (1, 2)] == ["lobby", ""]
