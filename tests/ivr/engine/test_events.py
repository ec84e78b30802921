"""Events: what leaves of keys, entries and prompts, by whom it is asked for, and what is kept meanwhile."""

from dataclasses import dataclass

import numpy as np
import pytest
from callers import KeypadLine

from dtmf import DigitEnded, DigitHeard
from ivr.clock import samples
from ivr.engine.events import Events, KeyDown, KeyShown, KeyUp, Measure, Noted, Saying
from ivr.engine.exchange import Exchange
from ivr.engine.requests import Said
from ivr.journal import Entry, Journal
from ivr.lines.memory import MemoryTrunk
from ivr.secrecy import HIDDEN, MASK, Secrecy

MEASURE = Measure(-9.0, 0.5, 100.0)


@dataclass
class Caller:
    """Whose events they are."""

    serial: int = 7
    caller: str = "anna"
    dialled_at: int = 1600
    secrecy: Secrecy = Secrecy.SHOWN_IF_VALID


class Watched:
    """Events of one caller, and what was told of them."""

    def __init__(self):
        self.journal, self.anna, self.told = Journal(), Caller(), []
        self.events = Events(self.journal, lambda call: call.secrecy)
        self.events.add(self.told.append)

    def down(self, key, at):
        self.events.keyed(self.anna, DigitHeard(0, key, at - 1600, at - 1900), at)

    def up(self, key, at):
        """The end of the key that went down at `at`; its tone began 300 samples before."""
        start = at - 1900
        ended = DigitEnded(0, key, start, start + 800, start + 900, -9.0, 0.5, 697.0, 1209.0, 60.0)
        self.events.keyed(self.anna, ended, start + 2500)

    def note(self, at, event, **facts):
        self.journal.write(Entry(at, 7, "anna", event, facts))

    def keys(self, kind):
        return [(one.key, getattr(one, "measure", None)) for one in self.told if isinstance(one, kind)]


@pytest.fixture
def watched():
    return Watched()


@pytest.mark.parametrize(("secrecy", "key", "shown", "open_"), [
    (Secrecy.SHOWN, "4", "4", False), (Secrecy.SHOWN_IF_VALID, "4", HIDDEN, True),
    (Secrecy.HIDDEN, "4", HIDDEN, False), (Secrecy.HIDDEN, "#", "#", False),
    (Secrecy.SHOWN_IF_VALID, "*", "*", False), (Secrecy.HIDDEN, "A", "A", False)])
def test_a_key_then_told_as_it_may_be_and_measured_only_if_it_is_shown(watched, secrecy, key, shown, open_):
    watched.anna.secrecy = secrecy
    watched.down(key, 4000)
    watched.up(key, 4000)
    assert watched.told[0] == KeyDown(4000, 7, "anna", shown, open_)
    assert watched.keys(KeyUp) == [(shown, None if shown == HIDDEN else MEASURE)]
    assert watched.told[1].at == 1600 + 4000 - 1900 + 800


def test_keys_of_an_entry_that_the_journal_shows_then_shown_with_their_measure_and_no_others(watched):
    for n, key in enumerate("123"):
        watched.down(key, 4000 + 1600 * n)
        watched.up(key, 4000 + 1600 * n)
    watched.note(9000, "entered", entry="conference ID", digits="23", keys_at=(5600, 7200))
    assert watched.keys(KeyShown) == [("2", MEASURE), ("3", MEASURE)]
    assert [one.down_at for one in watched.told if isinstance(one, KeyShown)] == [5600, 7200]
    watched.note(9001, "entered", entry="conference ID", digits="23", keys_at=(5600, 7200))
    assert len(watched.keys(KeyShown)) == 2


def test_keys_of_an_entry_that_is_masked_then_never_shown(watched):
    for n, key in enumerate("48215"):
        watched.down(key, 4000 + 1600 * n)
        watched.up(key, 4000 + 1600 * n)
    watched.note(12000, "entered", entry="conference ID", digits=MASK, began_at=4000)
    watched.note(12000, "key", key=HIDDEN)
    assert watched.keys(KeyShown) == []
    assert {key for kind in (KeyDown, KeyUp) for key, _ in watched.keys(kind)} == {HIDDEN}


def test_a_key_that_answers_while_it_sounds_then_shown_at_once_and_measured_at_its_end(watched):
    watched.down("1", 4000)
    watched.note(4000, "key", key="1")
    watched.up("1", 4000)
    assert watched.keys(KeyShown) == [("1", None)]
    assert watched.keys(KeyUp) == [("1", MEASURE)]


def test_a_pin_that_comes_where_one_is_asked_for_then_not_shown_even_by_the_journal(watched):
    """Whoever wrote it there was wrong."""
    watched.anna.secrecy = Secrecy.HIDDEN
    watched.down("4", 4000)
    watched.note(4001, "entered", entry="PIN", digits="4", keys_at=(4000,))
    assert watched.keys(KeyShown) == []


def test_who_watches_no_more_then_told_nothing_and_without_anybody_nothing_is_kept(watched):
    watched.down("1", 4000)
    watched.events.remove(watched.told.append)
    assert not watched.events.wanted
    watched.down("2", 5600)
    watched.note(6000, "entered", entry="conference ID", digits="12", keys_at=(4000, 5600))
    watched.events.add(watched.told.append)
    watched.note(6000, "entered", entry="conference ID", digits="12", keys_at=(4000, 5600))
    assert watched.told[:1] == [KeyDown(4000, 7, "anna", HIDDEN, open=True)]
    assert [type(one) for one in watched.told[1:]] == [Noted]


def test_a_call_that_types_for_ever_or_is_over_then_its_keys_are_forgotten(watched):
    moments = [4000 + 1600 * n for n in range(500)]
    for at in moments:
        watched.down("1", at)
    watched.note(900_000, "entered", entry="conference ID", digits="1" * 400, keys_at=tuple(moments[:400]))
    assert watched.keys(KeyShown) == []
    watched.note(900_000, "entered", entry="conference ID", digits="1" * 7, keys_at=tuple(moments[-14:-7]))
    assert len(watched.keys(KeyShown)) == 7
    watched.note(900_001, "hung-up", by="caller")
    watched.note(900_002, "entered", entry="conference ID", digits="1" * 7, keys_at=tuple(moments[-7:]))
    assert len(watched.keys(KeyShown)) == 7


def test_a_prompt_with_a_recorded_name_in_it_then_told_without_its_sound(watched):
    sound = np.ones(800, np.int16)
    said = Said("joined", {"name": sound, "names": ["Bo", sound], "count": 3}, "fr-FR")
    watched.events.saying(watched.anna, said, 4000)
    assert watched.told == [Saying(4000, 7, "anna", "joined", "fr-FR", {
        "name": "(a recorded name)", "names": ["Bo", "(a recorded name)"], "count": 3})]


def test_a_prompt_that_is_cut_before_it_is_heard_then_not_told(quiet_bridge):
    bridge, told = quiet_bridge(), []
    bridge.events.add(told.append)
    amos = KeypadLine("amos", [(0.3, "1234567*48215#")])  # the star answers the question
    exchange = Exchange(bridge, [MemoryTrunk([amos])])
    while bridge.now < samples(4):
        exchange.step()
    noted = [entry.facts["prompt"] for entry in bridge.journal.of("prompt")]
    said = [event.prompt for event in told if isinstance(event, Saying)]
    assert "organizer-question" in noted
    assert said[:len(noted) - 1] == [prompt for prompt in noted if prompt != "organizer-question"]
