"""The journal: all of it in memory, or the last entries; sinks get everything."""

import json
import re
from pathlib import Path

import pytest

from ivr.clock import FRAME, samples
from ivr.journal import EVENTS, Entry, Journal


def entries(count, apart=FRAME):
    return [Entry(n * apart, 1, "anna", ("key", "state")[n % 2], {"key": str(n)}) for n in range(count)]


class Tally(list):
    """A sink."""

    write = list.append


def test_journal_when_nothing_else_is_said_then_all_entries_stay():
    journal, written = Journal(), entries(30_000)
    for entry in written:
        journal.write(entry)
    assert journal.entries == list(journal) == written
    assert journal.written == 30_000


def test_journal_of_a_bridge_without_an_end_then_the_last_entries_stay_and_sinks_get_all():
    sinks, written = (Tally(), Tally()), entries(5000)
    journal = Journal(*sinks, keeps=100)
    for entry in written:
        journal.write(entry)
    assert journal.entries == list(journal) == written[-100:]
    assert journal.of("key") == written[-100::2]
    assert journal.text().count("\n") == journal.json_lines().count("\n") == 100
    assert journal.written == 5000
    assert all(sink == written for sink in sinks)


@pytest.mark.parametrize("keeps", [None, 0, 7, 1000])
def test_journal_when_it_is_looked_at_once_a_tick_then_no_entry_is_missed(keeps):
    """However many there are in a tick, and however few stay."""
    journal, seen, written = Journal(keeps=keeps), 0, []
    told = []
    for tick, count in enumerate([0, 1, 3, 400, 0, 0, 2, 1200, 1, 5]):
        for n in range(count):
            written.append(Entry(tick * FRAME + n % FRAME, 1, "anna", "key", {"n": n}))
            journal.write(written[-1])
        told += journal.since(seen)
        seen = journal.written
    assert told == written
    assert journal.since(seen) == []


def test_journal_when_somebody_has_not_looked_for_long_then_gets_what_is_left():
    journal = Journal(keeps=10)
    for entry in entries(100):
        journal.write(entry)
    assert journal.since(50) == journal.since(0) == journal.entries == entries(100)[-10:]
    assert journal.since(97) == entries(100)[-3:]


def test_entry_as_json_then_moments_in_seconds():
    journal = Journal()
    journal.write(Entry(samples(2), 3, "anna", "entered", {"digits": "1234567", "keys_at": (8000, 12000)}))
    assert json.loads(journal.json_lines()) == {
        "at": 2.0, "sample": 16000, "call": 3, "caller": "anna", "event": "entered", "digits": "1234567",
        "keys": [1.0, 1.5]}


def test_events_then_those_of_the_manual():
    manual = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8").split("## Events")[1]
    rows = re.findall(r"^\| (`[^|]*) \|", manual, re.M)
    assert [word for row in rows for word in re.findall("`([^`]+)`", row)] == [*EVENTS]
