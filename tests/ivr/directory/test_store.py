"""The database itself: new, of somebody else, busy or out of reach; and changes made together."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, chdir, closing

import psycopg
import pytest
from sqlalchemy import make_url, select, update

from ivr.directory.errors import BadValue, BridgeFull, NotADatabase, Unusable
from ivr.directory.office import founding
from ivr.directory.store import Database
from ivr.directory.tables import BridgeRow

AMOS = "amos.marble@contoso.com"
ADA = "ada@contoso.com"


@pytest.fixture
def open_store(world):
    """Opens stores that do not wait long for others, and closes them: ``open_store(url)``."""
    with ExitStack() as opened:
        def open_store(url, *, wait_s=0.05):
            store = Database(url, founding(world), wait_s=wait_s)
            opened.callback(store.close)
            return store

        yield open_store


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def contents(folder):
    """Return every file in a folder with what it holds."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def people(desk):
    return [organizer.address for organizer in desk.organizers.list(everyone=True, limit=1000)]


# New ones


def test_database_when_new_then_it_and_what_lies_beside_it_are_its_users_alone(tmp_path, open_at, enable):
    folder = tmp_path / "data" / "ivr"
    desk = open_at(folder / "directory.db")
    enable(desk)
    assert (mode(folder), {mode(path) for path in folder.iterdir()}) == (0o700, {0o600})
    assert desk.store.shown == str(folder / "directory.db")


def test_database_when_new_then_it_has_a_write_ahead_log_and_outlives_its_desk(tmp_path, open_at, enable):
    file = tmp_path / "directory.db"
    desk = open_at(f"sqlite:///{file}")
    enable(desk)
    desk.close()
    assert [path.name for path in tmp_path.iterdir()] == ["directory.db"]
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert people(open_at(file)) == [AMOS]


def test_database_when_its_file_is_there_and_empty_then_it_is_taken_for_a_new_one(tmp_path, open_at):
    file = tmp_path / "directory.db"
    file.touch()
    assert open_at(file).numbers.bridge().numbers == 3


def test_database_when_named_by_a_relative_path_then_it_stays_the_same_file_wherever_the_program_goes(
        tmp_path, open_at, enable):
    with chdir(tmp_path):
        desk = open_at("directory.db")
    enable(desk)
    desk.close()
    assert people(open_at(tmp_path / "directory.db")) == [AMOS]


def test_database_when_in_memory_then_it_is_there_as_long_as_its_desk(open_at, enable):
    desk = open_at("sqlite://")
    enable(desk)
    assert people(desk) == [AMOS]
    assert people(open_at("sqlite://")) == []


# URLs that are none


@pytest.mark.parametrize("url", [
    "", " ", "directory\0.db", "mysql://amos:s3cret@host/ivr", "http://amos:s3cret@host/", "://",
    "sqlite://host/directory.db", "sqlite://amos:s3cret@/directory.db", "sqlite:///directory.db?key=s3cret",
    "postgresql://amos:s3cret@host:port/ivr"])
def test_url_when_it_is_none_then_one_sentence_says_what_is_taken_and_holds_no_password(tmp_path, open_at, url):
    with chdir(tmp_path), pytest.raises(BadValue, match="--database takes sqlite:///PATH or post") as caught:
        open_at(url)
    assert "s3cret" not in str(caught.value) + repr(caught.value)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


# Files that are something else


def other_program(file):
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE recipe (name TEXT)")


def other_program_with_alembic(file):
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES ('0001')")
        database.execute("CREATE TABLE recipe (name TEXT)")


@pytest.mark.parametrize(("make", "said"), [
    pytest.param(lambda file: file.write_text("Dear diary, " * 100), "is no database: name another", id="text"),
    pytest.param(lambda file: file.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 8),
                 "is no database|is damaged", id="broken head"),
    pytest.param(other_program, "holds something else: name another with --database", id="another program's"),
    pytest.param(other_program_with_alembic, "holds something else", id="another program's that uses alembic too"),
])
def test_file_when_it_is_something_else_then_refused_and_left_as_it_is(tmp_path, open_at, make, said):
    file = tmp_path / "file.db"
    make(file)
    before = contents(tmp_path)
    with pytest.raises(NotADatabase, match=said) as caught:
        open_at(file)
    assert str(file) in str(caught.value)
    assert contents(tmp_path) == before


def test_folder_when_named_as_the_database_then_refused(tmp_path, open_at):
    with pytest.raises(NotADatabase, match=f"{tmp_path} is a folder: name a file in it"):
        open_at(tmp_path)


def test_database_when_its_folder_is_a_file_then_refused(tmp_path, open_at):
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match=r"cannot be opened: .* is no folder"):
        open_at(tmp_path / "file" / "directory.db")


# PostgreSQL


def test_postgresql_when_it_does_not_answer_then_one_sentence_without_the_password(open_store):
    with pytest.raises(Unusable, match="does not answer: see that the server runs") as caught:
        open_store("postgresql://amos:s3cret@127.0.0.1:1/ivr?application_name=s3cret")
    assert "s3cret" not in str(caught.value) + repr(caught.value)
    assert "postgresql://amos:***@127.0.0.1:1/ivr " in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("change", "said"), [
    pytest.param({"database": "not_there"}, "does not exist on that server: create it", id="no database"),
    pytest.param({"username": "nobody_here"}, "refuses this user or password", id="no such user"),
])
def test_postgresql_when_the_url_names_what_it_has_not_then_one_sentence_says_which(
        postgres_url, open_store, change, said):
    url = make_url(postgres_url).set(password="s3cret", **change).render_as_string(hide_password=False)  # noqa: S106
    with pytest.raises(Unusable, match=said) as caught:
        open_store(url)
    assert "s3cret" not in str(caught.value)


def test_postgresql_when_the_database_holds_something_else_then_refused_and_nothing_is_made_there(
        databases, open_store):
    with databases.fresh("postgresql") as url, closing(psycopg.connect(url)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
        connection.commit()
        with pytest.raises(NotADatabase, match="holds something else"):
            open_store(url)
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert tables == [("recipe",)]


def test_postgresql_when_it_ends_every_connection_then_the_next_question_is_answered(databases, open_at, enable):
    with databases.fresh("postgresql") as url:
        desk = open_at(url)
        enable(desk)
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                               "WHERE datname = current_database() AND pid <> pg_backend_pid()")
        assert people(desk) == [AMOS]
        desk.close()


# Several at once


def test_busy_database_when_waited_for_too_long_then_it_says_so_and_can_be_used_afterwards(url, open_store):
    first, second = open_store(url), open_store(url)
    rename = update(BridgeRow).values(name="Bridge of the second")
    with first.writing() as session:
        session.execute(update(BridgeRow).values(name="Bridge of the first"))
        with pytest.raises(Unusable, match="has been busy for too long: see what else uses it, and try again"), \
                second.writing() as other:
            other.execute(rename)
        with second.reading() as other:  # nobody who only reads is kept waiting
            assert other.scalars(select(BridgeRow.name)).one() == "Conference Bridge"
    with second.writing() as other:
        assert other.scalars(select(BridgeRow.name)).one() == "Bridge of the first"
        other.execute(rename)


def test_reading_when_somebody_changes_what_is_read_then_it_goes_on_seeing_one_state(url, open_store):
    first, second = open_store(url), open_store(url)
    with first.reading() as session:
        before = session.execute(select(BridgeRow.name)).all()
        with second.writing() as other:
            other.execute(update(BridgeRow).values(name="Another"))
        assert session.execute(select(BridgeRow.name)).all() == before
    with first.reading() as session:
        assert session.execute(select(BridgeRow.name)).all() == [("Another",)]


def test_writing_when_it_fails_then_nothing_of_it_is_kept(url, open_store):
    store = open_store(url)

    def rename_and_fail():
        with store.writing() as session:
            session.execute(update(BridgeRow).values(name="Another"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        rename_and_fail()
    with store.reading() as session:
        assert session.scalars(select(BridgeRow.name)).one() == "Conference Bridge"


# Together


def fail_after(desk, *changes):
    """Make changes together, and fail after the last of them."""
    with desk.store.together():
        for change in changes:
            change()
        raise RuntimeError


def test_together_when_all_goes_well_then_seen_inside_at_once_and_outside_at_the_end(desk, open_desk, enable):
    other = open_desk()
    with desk.store.together():
        enable(desk)
        enable(desk, ADA)
        assert (people(desk), people(other)) == ([ADA, AMOS], [])
    assert people(other) == [ADA, AMOS]


def test_together_when_it_fails_then_nothing_of_all_that_is_kept(desk, enable):
    with pytest.raises(RuntimeError):
        fail_after(desk, lambda: enable(desk), lambda: desk.settings.set("settings", {"PinLength": "8"}))
    assert (people(desk), desk.outbox.list(), desk.settings.values()["pin-length"]) == ([], [], 5)
    enable(desk)
    assert people(desk) == [AMOS]


def test_together_when_one_part_fails_and_the_others_go_on_then_no_half_of_it_is_kept(
        desk_of, world_with, open_desk, enable):
    desk_of("sfb2017", unique_conference_ids="no")
    desk = open_desk(world_with(ids=1))
    with desk.store.together():
        enable(desk)
        with pytest.raises(BridgeFull):  # by then Ada stands in the table of organizers
            enable(desk, ADA)
        desk.numbers.set_bridge(name="Contoso")
    assert (people(desk), desk.numbers.bridge().name) == ([AMOS], "Contoso")


def test_together_when_within_another_then_they_are_one(desk, enable):
    def inner():
        with desk.store.together():
            enable(desk)

    with pytest.raises(RuntimeError):
        fail_after(desk, inner)
    assert people(desk) == []


def test_together_when_another_thread_works_meanwhile_then_it_has_no_part_in_it(desk, enable):
    with ThreadPoolExecutor(1) as pool, desk.store.together():
        enable(desk)
        assert people(desk) == [AMOS]
        assert pool.submit(people, desk).result() == []


def test_together_when_another_thread_writes_afterwards_then_its_change_is_its_own(desk, enable):
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(RuntimeError):
            fail_after(desk, lambda: enable(desk))
        pool.submit(enable, desk, ADA).result()
    assert people(desk) == [ADA]
