"""The ground the directory's tests stand on holds: both kinds of database, a full disk and a read-only one."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import create_engine, inspect, make_url, text


@pytest.fixture
def engine_to():
    """Gives an engine for a URL and closes it when the test is over."""
    made = []

    def engine_to(url):
        url = make_url(url)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        made.append(create_engine(url))
        return made[-1]

    yield engine_to
    for engine in made:
        engine.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_database_whenever_a_test_starts_then_is_empty_and_keeps_what_is_written(database, engine_to, turn):  # noqa: ARG001
    engine = engine_to(database)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE organizer (name TEXT NOT NULL)"))
        connection.execute(text("INSERT INTO organizer VALUES (:name)"), {"name": "Amós 大理石"})
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM organizer")).scalars().all() == ["Amós 大理石"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_copy_when_it_is_changed_then_its_original_is_not(databases, engine_to, kind):
    with databases.fresh(kind) as original:
        engine = engine_to(original)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE organizer (name TEXT NOT NULL)"))
        engine.dispose()
        with databases.fresh(kind, like=original) as copy:
            assert inspect(engine_to(copy)).get_table_names() == ["organizer"]
            with engine_to(copy).begin() as connection:
                connection.execute(text("DROP TABLE organizer"))
        assert inspect(engine).get_table_names() == ["organizer"]
        engine.dispose()


def test_a_database_when_a_test_leaves_a_connection_open_then_is_removed_all_the_same(databases, engine_to):
    with databases.fresh("postgresql") as url:
        left_open = engine_to(url).connect()
        left_open.execute(text("SELECT 1"))
    left_open.invalidate()
    left_open.close()


def test_a_small_disk_when_it_is_full_then_sqlite_says_so_and_keeps_what_was_committed(small_disk):
    file = small_disk(256 * 1024) / "directory.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE letter (body BLOB)")
        database.execute("INSERT INTO letter VALUES ('first')")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            database.execute("INSERT INTO letter VALUES (zeroblob(1000000))")
        assert database.execute("SELECT body FROM letter").fetchall() == [("first",)]


def test_a_read_only_disk_when_it_is_written_then_refuses_and_can_still_be_read(tmp_path, read_only_disk):
    file = tmp_path / "disk" / "directory.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE letter (body TEXT)")
    read_only_disk(file.parent)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM letter").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            database.execute("INSERT INTO letter VALUES ('second')")
    with pytest.raises(OSError, match="Read-only"):
        (file.parent / "new").touch()
