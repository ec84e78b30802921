"""What the tests of organizers, PINs and letters stand on, beside what all tests of the directory have."""

import random
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from ivr.desk.vault import KeyFile
from ivr.directory.desk import Desk
from ivr.directory.hashing import CHEAP
from ivr.directory.office import World

AMOS = "amos.marble@contoso.com"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def still(request, databases, tmp_path_factory):
    """Lends a desk to tests of what changes nothing: ``still("um", *people)``; the same one to all who ask so."""
    founded = request.getfixturevalue(f"founded_{request.param}")
    vault = KeyFile(tmp_path_factory.mktemp("still") / "key")
    lent = {}
    with ExitStack() as opened:
        def still(profile, *people):
            if (profile, people) not in lent:
                url = opened.enter_context(databases.fresh(request.param, like=founded))
                desk = Desk(url, World(clock=lambda: 1_700_000_000, randbelow=random.Random(1).randrange,  # noqa: S311
                                       vault=vault, cost=CHEAP))
                opened.callback(desk.close)
                desk.settings.set("settings", {"administration": profile})
                desk.organizers.enable_all(people)
                lent[profile, people] = desk
            return lent[profile, people]

        yield still


@pytest.fixture
def everything_kept(url):
    """Reads all that a database holds: ``everything_kept()`` is bytes.

    Of an SQLite, its file's and those of the files beside it; of a PostgreSQL, every row of every table.
    """
    def everything_kept():
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return b"\n".join(path.read_bytes() for path in Path(address.database).parent.iterdir())
        engine = create_engine(address.set(drivername="postgresql+psycopg"))
        with engine.connect() as connection:
            rows = [repr(row) for table in inspect(engine).get_table_names()
                    for row in connection.execute(text(f'SELECT * FROM "{table}"'))]  # noqa: S608
        engine.dispose()
        return "\n".join(rows).encode()

    return everything_kept


@pytest.fixture
def dial(meeting):
    """Gives somebody a meeting to dial: ``try_pin = dial(desk)``; ``try_pin("48215")`` tells if it is let in."""
    def dial(desk, who=AMOS):
        key = desk.checks.find(meeting(desk, who).conference_id).meeting
        return lambda pin, at=desk: at.checks.check_pin(key, pin).right

    return dial


@pytest.fixture
def other_than():
    """Gives another PIN of the same length: ``other_than("48215")``; ``other_than("48215", 2)`` is a third."""
    def other_than(pin, nth=1):
        return f"{(int(pin) + nth) % 10**len(pin):0{len(pin)}}"

    return other_than


@pytest.fixture
def claim(clock):
    """Claims letters for ten minutes from now on: ``claim(desk)`` is their numbers."""
    def claim(desk, limit=50):
        return [parcel.number for parcel in desk.outbox.claim(clock.now, clock.now + 600, limit)]

    return claim
