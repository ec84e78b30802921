"""A live journal on disk: written as it happens; a full disk is told of, and nothing is lost without a word."""

import errno
import json
import os

import pytest
from callers import KeypadLine

from dtmf import AudioError
from ivr.clock import samples
from ivr.engine.exchange import Exchange
from ivr.journal import Entry, json_line
from ivr.lines.memory import MemoryTrunk
from ivr.live.ledger import Ledger, live_journal


def entry(n):
    return Entry(160 * n, 1, "anna", "key", {"key": "•", "n": n})


class SmallDisk:
    """A file on a disk with room for so many bytes, which takes what still fits, as disks do."""

    def __init__(self, room):
        self.room, self.content, self.closed = room, b"", False

    def write(self, data):
        part = bytes(data[:self.room - len(self.content)])
        if data and not part:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.content += part
        return len(part)

    def seek(self, offset, whence):
        assert whence == os.SEEK_END
        return len(self.content) + offset

    def truncate(self, size):
        self.content = self.content[:size]

    def close(self):
        self.closed = True


@pytest.mark.parametrize("name", ["journal.txt", "journal.jsonl", "JOURNAL.JSONL"])
def test_journal_when_a_call_goes_on_then_the_file_has_all_of_it_at_every_moment(tmp_path, quiet_bridge, name):
    path = tmp_path / name
    path.write_text("what was there before")
    with live_journal(path) as (journal, unwritten):
        anna = KeypadLine("anna", [(0.5, "1234567#*48215#")], hangs_up_after=samples(6))
        exchange = Exchange(quiet_bridge(journal=journal), [MemoryTrunk([anna])])
        for _ in range(400):
            exchange.step()
            form = journal.json_lines if name.lower().endswith("l") else journal.text
            assert path.read_text(encoding="utf-8") == form()
    assert "hung-up" in path.read_text(encoding="utf-8")
    assert "48215" not in path.read_text(encoding="utf-8")
    assert unwritten() == ""


def test_journal_when_a_caller_has_a_name_that_no_file_can_hold_then_written_all_the_same(tmp_path):
    with live_journal(tmp_path / "journal.txt") as (journal, unwritten):
        journal.write(Entry(0, 1, "an\udce4na", "dialled"))
    assert (tmp_path / "journal.txt").read_text().split() == ["0.000", "an\\udce4na", "dialled"]
    assert unwritten() == ""


def test_journal_when_no_file_is_wanted_then_the_last_entries_in_memory():
    with live_journal(None) as (journal, unwritten):
        for n in range(25_000):
            journal.write(entry(n))
    assert len(journal.entries) == 10_000
    assert unwritten() == ""


def test_journal_when_the_file_cannot_be_opened_then_said_so(tmp_path):
    path = tmp_path / "no" / "journal.txt"
    with pytest.raises(AudioError, match=r"journal\.txt cannot be written \(No such file"), live_journal(path):
        pass


def test_ledger_when_the_disk_is_full_for_a_while_then_nothing_is_lost():
    disk = SmallDisk(250)
    sink = Ledger(disk, "journal.jsonl", json_line)
    for n in range(10):
        sink.write(entry(n))
    assert sink.trouble == "the journal journal.jsonl cannot be written now: No space left on device"
    assert disk.content == b"".join(json_line(entry(n)).encode() for n in range(2))  # the third has no room
    disk.room = 10**9
    sink.write(entry(10))
    assert disk.content.decode() == "".join(json_line(entry(n)) for n in range(11))
    assert (sink.trouble, sink.lost) == ("", 0)


@pytest.mark.parametrize("room", range(100, 400, 37))
def test_ledger_when_the_disk_is_full_then_the_file_ends_in_a_whole_entry_at_every_moment(room):
    disk = SmallDisk(room)
    sink = Ledger(disk, "journal.jsonl", json_line)
    for n in range(5):
        sink.write(entry(n))
        assert [json.loads(line)["n"] for line in disk.content.decode().splitlines()] == list(
            range(min(n + 1, room // len(json_line(entry(0)).encode()))))
        assert disk.content.endswith(b"\n")


def test_journal_on_a_full_disk_then_the_file_ends_in_a_whole_entry(small_disk):
    path = small_disk(4096) / "journal.jsonl"
    with live_journal(path) as (journal, unwritten):
        for n in range(200):
            journal.write(entry(n))
    assert path.stat().st_size > 3900
    assert [json.loads(line)["n"] for line in path.read_text().splitlines()] == list(
        range(200 - int(unwritten().partition(" ")[0])))


def test_ledger_when_the_disk_stays_full_then_memory_does_not_grow_and_the_file_tells_what_lacks():
    disk = SmallDisk(0)
    sink = Ledger(disk, "journal.jsonl", json_line)
    for n in range(40_000):
        sink.write(entry(n))
    assert sink.lost > 20_000
    assert sink.trouble.startswith(f"{sink.lost} entries are not in the journal journal.jsonl; ")
    disk.room = 10**9
    sink.write(entry(40_000))
    lines = [json.loads(line) for line in disk.content.decode().splitlines()]
    gap = next(n for n, line in enumerate(lines) if line["event"] == "lost")
    assert [line["n"] for line in lines[:gap]] == list(range(gap))
    assert lines[gap]["entries"] == sink.lost == 40_000 - gap
    assert [line["n"] for line in lines[gap + 1:]] == [40_000]


def test_ledger_when_it_is_closed_while_the_disk_is_full_then_says_how_much_lacks():
    disk = SmallDisk(len(json_line(entry(0)).encode()) + 5)
    sink = Ledger(disk, "journal.jsonl", json_line)
    for n in range(3):
        sink.write(entry(n))
    sink.close()
    assert disk.closed
    assert disk.content == json_line(entry(0)).encode()
    assert sink.trouble == ("2 entries are not in the journal journal.jsonl; the journal journal.jsonl cannot be "
                            "written now: No space left on device")
