"""Databases of older and newer versions: brought up to date by themselves after a backup copy, or left alone."""

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, inspect, make_url, text

import ivr.directory
from ivr.directory.errors import NewerDatabase, Unusable
from ivr.directory.hashing import CHEAP, hashed
from ivr.directory.store import Database
from ivr.directory.version import HEAD

AMOS = "amos.marble@contoso.com"
ID, PIN = "0123456", "48215"

MIGRATIONS = Path(ivr.directory.__file__).parent / "migrations"


def engine_to(url):
    url = make_url(url)
    return create_engine(url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url)


def to_first_version(url):
    """Make the tables of the first version, and put into them a bridge and Amos Marble with his PIN and ID."""
    engine = engine_to(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        tables = MetaData()
        tables.reflect(connection)

        def put(table, **values):
            columns = tables.tables[table].columns
            plain = {column.name: column.type.python_type() for column in columns if not column.nullable}
            connection.execute(tables.tables[table].insert(), plain | values)

        put("bridges", id="1", name="Old Bridge", default_number="+14255550100")
        put("organizers", id=1, address=AMOS, local_part="amos.marble", enabled=True, toll_free_dial_in=True,
            service_number="+14255550100", pin_hash=hashed(PIN, bytes(16), CHEAP), pin_digits=5)
        put("conference_ids", conference_id=ID, organizer_id=1, meeting_id=None)
    engine.dispose()


def version_at(url):
    engine = engine_to(url)
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    return version


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def first_sqlite(databases):
    """The URL of an SQLite database of the first version, to be copied."""
    with databases.fresh("sqlite") as url:
        to_first_version(url)
        yield url


@pytest.fixture(scope="module")
def first_postgresql(databases):
    """The same on PostgreSQL."""
    with databases.fresh("postgresql") as url:
        to_first_version(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request, databases):
    """The URL of a database of the first version, on each kind of database in turn."""
    with databases.fresh(request.param, like=request.getfixturevalue(f"first_{request.param}")) as url:
        yield url


@pytest.fixture
def older_file(databases, first_sqlite):
    """The file of an SQLite database of the first version, alone in its folder."""
    with databases.fresh("sqlite", like=first_sqlite) as url:
        yield Path(make_url(url).database)


# Older ones


def opens(desk):
    """Tell whether the PIN opens the meeting."""
    return desk.checks.check_pin(desk.checks.find(ID).meeting, PIN).right


def test_older_database_when_opened_then_it_is_brought_up_to_date_and_all_data_is_kept(older, open_at):
    desk = open_at(older)
    assert desk.checks.find(ID).organizer == AMOS
    assert opens(desk)
    assert (desk.numbers.bridge().name, desk.numbers.list()) == ("Old Bridge", [])
    desk.pins.reset(AMOS)
    assert [letter.kind for letter in desk.outbox.list()] == ["pin-reset"]
    desk.close()
    assert version_at(older) == HEAD


def test_database_of_the_version_before_when_opened_then_what_it_had_given_up_and_whose_rules_held_is_kept(
        older, open_at, clock):
    desk = open_at(older)
    desk.settings.set("settings", {"administration": "um"})
    desk.pins.reset(AMOS)
    with desk.store.writing() as session:  # as the version before had it
        session.execute(text("UPDATE outbox SET due_at = NULL"))
        session.execute(text("UPDATE parameters SET name = 'profile' WHERE name = 'administration'"))
        session.execute(text("DROP TABLE homes"))
        session.execute(text("DROP TABLE mailboxes"))
        session.execute(text("DROP TABLE voice_messages"))
        session.execute(text("ALTER TABLE numbers DROP COLUMN application"))
        session.execute(text("ALTER TABLE outbox DROP COLUMN given_up_at"))
        session.execute(text("ALTER TABLE outbox DROP COLUMN withdrawn_at"))
        session.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    desk.close()
    desk = open_at(older)
    assert desk.settings.values()["administration"] == "um"
    assert [letter.state for letter in desk.outbox.list()] == ["given up"]
    clock.on(days=30)
    desk.outbox.claim(clock.now, clock.now, 1)
    assert [letter.state for letter in desk.outbox.list()] == ["withdrawn"]


def test_older_file_when_opened_then_a_whole_copy_of_it_as_it_was_lies_beside_it(older_file, open_at):
    open_at(older_file)
    backup = older_file.with_name("directory.db.0001.backup")
    assert version_at(f"sqlite:///{backup}") == "0001"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT address, conference_id FROM organizers, conference_ids").fetchall() == [
            (AMOS, ID)]
        assert "outbox" not in {name for name, in database.execute("SELECT name FROM sqlite_master")}
    assert not list(older_file.parent.glob("*.part"))


def test_older_file_when_its_backup_copy_is_put_back_then_it_is_brought_up_to_date_again(older_file, open_at):
    desk = open_at(older_file)
    desk.pins.reset(AMOS)
    desk.close()
    older_file.with_name("directory.db.0001.backup").replace(older_file)
    assert opens(open_at(older_file))


def test_up_to_date_file_when_opened_again_then_no_copy_is_made(tmp_path, open_at):
    for _ in range(2):
        open_at(tmp_path / "data" / "directory.db").close()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["directory.db"]


# Newer ones


def test_newer_database_when_opened_then_refused_and_left_as_it_is(url, open_at):
    engine = engine_to(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    def kept():
        return contents(Path(make_url(url).database).parent) if url.startswith("sqlite") else version_at(url)

    before = kept()
    with pytest.raises(NewerDatabase, match=r"was made by a newer version of this program \(its tables are at "
                                            rf"9999, this version knows {HEAD}\): use that version, or ") as caught:
        open_at(url)
    assert "\n" not in str(caught.value)
    assert kept() == before


# Several at once


OPENING = """
import random, sys
from ivr.directory.desk import Desk
from ivr.directory.office import World
sys.stdin.readline()
desk = Desk(sys.argv[1], World(clock=lambda: 1_700_000_000, randbelow=random.Random(1).randrange, vault=None))
print(desk.checks.find("0123456").organizer)
desk.close()
"""


def test_older_database_when_two_processes_open_it_at_once_then_both_find_all_data(older):
    running = [subprocess.Popen([sys.executable, "-c", OPENING, older], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for process in running:
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate() for process in running]
    finally:
        for process in running:
            process.kill()
    assert said == [(f"{AMOS}\n", "")] * 2
    assert version_at(older) == HEAD


def test_new_database_when_several_open_it_at_once_then_it_is_founded_once(database, open_at):
    with ThreadPoolExecutor(4) as pool:
        bridges = {desk.numbers.bridge() for desk in pool.map(open_at, [database] * 4)}
    assert len(bridges) == 1
    assert bridges.pop().numbers == 3


# What goes wrong on the way


def test_older_file_when_no_backup_copy_can_be_written_then_it_is_left_as_it_is(older_file, open_at):
    in_the_way = older_file.with_name("directory.db.0001.backup")
    (in_the_way / "something").mkdir(parents=True)
    before = contents(older_file.parent)
    with pytest.raises(Unusable, match=f"no backup copy of the database could be written to {in_the_way}: it was "
                                       "left as it is"):
        open_at(older_file)
    assert contents(older_file.parent).keys() == before.keys()
    assert version_at(f"sqlite:///{older_file}") == "0001"
    (in_the_way / "something").rmdir()
    in_the_way.rmdir()
    assert opens(open_at(older_file))


def test_older_file_when_the_disk_is_full_then_it_is_left_as_it_is_until_there_is_room(
        older_file, open_at, small_disk):
    folder = small_disk(1_000_000)
    file = folder / "directory.db"
    file.write_bytes(older_file.read_bytes())
    free = os.statvfs(folder)
    (folder / "filler").write_bytes(bytes(free.f_bavail * free.f_frsize - 40_000))  # the log needs a little
    with pytest.raises(Unusable, match="make room") as caught:
        open_at(file)
    assert "\n" not in str(caught.value)
    assert {path.name for path in folder.iterdir()} == {"directory.db", "filler"}
    assert version_at(f"sqlite:///{file}") == "0001"
    (folder / "filler").unlink()
    assert opens(open_at(file))


def test_older_database_when_a_migration_fails_then_nothing_of_it_is_kept(older, open_at):
    engine = engine_to(older)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE outbox (in_the_way TEXT)"))
    with pytest.raises(Unusable, match="outbox"):
        open_at(older)
    assert version_at(older) == "0001"
    with engine.begin() as connection:
        assert [column["name"] for column in inspect(connection).get_columns("outbox")] == ["in_the_way"]
        connection.execute(text("DROP TABLE outbox"))
    engine.dispose()
    assert opens(open_at(older))


def test_databases_in_memory_of_one_process_then_the_tables_that_the_migrations_make():
    made = []
    for _ in range(2):
        database = Database("sqlite://", lambda _: None)
        with database.reading() as session:
            made.append(sorted(map(repr, session.execute(text("SELECT type, name, sql FROM sqlite_master")))))
            assert session.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        database.close()
    assert made[0] == made[1]
    assert len(made[0]) > 20
