"""What these tests need besides the directory's fixtures: a desk that stays open, so that each test is quick.

An engine that has just been made spends its first tens of milliseconds on turning statements into SQL. So a desk of
each kind is opened once for all these tests, and after each its database is made as it was.
"""

from contextlib import ExitStack

import pytest

from ivr.directory.desk import Desk
from ivr.directory.hashing import CHEAP
from ivr.directory.office import World
from ivr.directory.tables import Base


class Kept:
    """A desk that stays open, and whose world is that of the test that has it.

    Attributes
    ----------
    url : str
    world : World
        Set by each test.
    desk : Desk
    """

    def __init__(self, url):
        self.url, self.world = url, None
        self.desk = Desk(url, World(clock=lambda: self.world.clock(), vault=self, cost=CHEAP,
                                    randbelow=lambda below: self.world.randbelow(below)))
        with self.desk.store.reading() as session:
            self._new = {table: [dict(row) for row in session.execute(table.select()).mappings()]
                         for table in Base.metadata.sorted_tables}

    def seal(self, pin):
        return self.world.vault.seal(pin)

    def open(self, sealed):
        return self.world.vault.open(sealed)

    def as_new(self):
        """Make the database as it was when it was founded."""
        with self.desk.store.writing() as session:
            for table in self._new:
                if not table.foreign_keys:  # what hangs on a row goes with it
                    session.execute(table.delete())
            for table, rows in self._new.items():
                if rows:
                    session.execute(table.insert(), rows)


@pytest.fixture(scope="session")
def kept_sqlite(databases, founded_sqlite):
    """A desk on SQLite."""
    with databases.fresh("sqlite", like=founded_sqlite) as url:
        kept = Kept(url)
        yield kept
        kept.desk.close()


@pytest.fixture(scope="session")
def kept_postgresql(databases, founded_postgresql):
    """A desk on PostgreSQL."""
    with databases.fresh("postgresql", like=founded_postgresql) as url:
        kept = Kept(url)
        yield kept
        kept.desk.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request, world):
    """The desk that stays open, on each kind of database in turn, with this test's world."""
    kept = request.getfixturevalue(f"kept_{request.param}")
    kept.world = world
    yield kept
    kept.as_new()


@pytest.fixture
def url(kept):
    """The URL of an up-to-date database where nobody is enabled; once for each kind."""
    return kept.url


@pytest.fixture
def open_desk(kept):
    """Gives the desk that stays open; another one with a world of its own: ``open_desk(another_world)``."""
    with ExitStack() as opened:
        def open_desk(world=None):
            if world is None:
                return kept.desk
            desk = Desk(kept.url, world)
            opened.callback(desk.close)
            return desk

        yield open_desk


@pytest.fixture
def kinds(letters):
    """Tells which letters wait in the outbox: ``kinds(desk)`` is a list of (recipient, kind), oldest first."""
    def kinds(desk):
        return [(recipient, kind) for recipient, kind, _ in letters(desk)]

    return kinds


@pytest.fixture
def invited(meeting):
    """Schedules a meeting and prints its invitation: ``invited(desk)`` is the meeting."""
    def invited(desk, who="amos.marble@contoso.com", **values):
        number = str(meeting(desk, who, **values).number)
        desk.meetings.invite(number)
        return desk.meetings.show(number)

    return invited
