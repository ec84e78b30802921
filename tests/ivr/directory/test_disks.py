"""A directory on a disk that is full or may only be read: one sentence, nothing by halves, usable afterwards."""

import os
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url

from ivr.directory.errors import StoreError, Unusable

AMOS = "amos.marble@contoso.com"
ADA = "ada@contoso.com"


def contents(folder):
    """Return every file in a folder with what it holds."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def people(desk):
    return [organizer.address for organizer in desk.organizers.list(everyone=True, limit=1000)]


class Disk:
    """A small disk with a directory on it."""

    def __init__(self, folder, founded):
        self.folder, self.file = folder, folder / "directory.db"
        self.file.write_bytes(founded)
        self._filler = folder / "filler"

    def fill(self):
        """Leave no room on it."""
        free = os.statvfs(self.folder)
        self._filler.write_bytes(bytes(free.f_bavail * free.f_frsize))

    def make_room(self):
        """Take away what filled it."""
        self._filler.unlink()


@pytest.fixture
def disk(small_disk, founded_sqlite):
    """A disk of two million bytes with an up-to-date directory on it, where nobody is enabled."""
    return Disk(small_disk(2_000_000), Path(make_url(founded_sqlite).database).read_bytes())


NO_ROOM = r"has no room left on its disk: nothing was changed; make|cannot be written, perhaps its disk is full"


def until_full(do):
    """Do it until the disk is full: the log that lies there has room for some. Tell how often it was done."""
    done = 0
    with pytest.raises(Unusable, match=NO_ROOM) as caught:  # noqa: PT012  (how often is what is to be found out)
        while done < 1000:
            do()
            done += 1
    assert "\n" not in str(caught.value)
    return done


def test_full_disk_when_organizers_are_enabled_then_one_sentence_nothing_by_halves_and_usable_again(
        disk, open_at, enable):
    desk = open_at(disk.file)
    enable(desk)
    disk.fill()
    serials = count()
    enabled = 1 + until_full(lambda: enable(desk, f"person-{next(serials)}@contoso.com"))
    assert (len(people(desk)), len(desk.outbox.list(limit=2000))) == (enabled, enabled)
    disk.make_room()
    enable(desk, ADA)
    assert (len(people(desk)), len(desk.outbox.list(limit=2000))) == (enabled + 1, enabled + 1)


def test_full_disk_when_pins_and_ids_are_reset_then_the_old_ones_hold_until_there_is_room(
        disk, open_at, enable, meeting):
    desk = open_at(disk.file)
    pins, ids = [enable(desk).pin.pin], [meeting(desk).conference_id]
    disk.fill()
    until_full(lambda: pins.append(desk.pins.reset(AMOS).pin))
    until_full(lambda: ids.append(desk.conference_ids.reset(AMOS).conference_ids[0][1]))
    pin, conference_id = pins[-1], ids[-1]
    assert desk.checks.find(conference_id).organizer == AMOS
    assert len(desk.outbox.list(limit=2000)) == len(pins) + len(ids) - 1
    disk.make_room()
    key = desk.checks.find(conference_id).meeting
    assert desk.checks.check_pin(key, pin).right
    new = desk.pins.reset(AMOS).pin
    assert (desk.checks.check_pin(key, new).right, desk.checks.check_pin(key, pin).right) == (True, False)


def test_full_disk_when_a_new_directory_is_to_be_made_there_then_one_sentence_and_made_when_there_is_room(
        disk, open_at):
    disk.fill()
    for _ in range(2):
        with pytest.raises(Unusable, match=NO_ROOM):
            open_at(disk.folder / "another.db")
    disk.make_room()
    assert open_at(disk.folder / "another.db").numbers.bridge().numbers == 3


@pytest.fixture
def folder(tmp_path, open_at, enable):
    """A folder with a directory in it where Amos Marble is enabled; nobody has it open."""
    folder = tmp_path / "data"
    desk = open_at(folder / "directory.db")
    enable(desk)
    desk.close()
    return folder


def test_read_only_disk_when_a_directory_there_is_opened_or_made_then_one_sentence_and_nothing_is_changed(
        folder, open_at, read_only_disk):
    before = contents(folder)
    read_only_disk(folder)
    for name in ("directory.db", "new.db"):
        with pytest.raises(Unusable, match=r"cannot be opened|may only be read") as caught:
            open_at(folder / name)
        assert str(caught.value).count("\n") == 0
    assert contents(folder) == before


def test_read_only_file_when_something_is_to_be_changed_then_one_sentence_and_nothing_is(
        folder, open_at, enable, read_only_disk):
    file = folder / "directory.db"
    before = file.read_bytes()
    read_only_disk(file)
    with pytest.raises(StoreError, match=r"may only be read: nothing was changed"):
        enable(open_at(file), ADA)
    assert file.read_bytes() == before
