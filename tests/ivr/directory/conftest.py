"""What the directory's tests stand on: databases of both kinds, and desks on them."""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from cryptography.fernet import Fernet, InvalidToken
from psycopg import sql
from sqlalchemy import make_url

from ivr.directory.desk import Desk
from ivr.directory.hashing import CHEAP
from ivr.directory.office import World
from ivr.directory.organizers import NewOrganizer

BESIDE_POSTGRES = Path(__file__).parents[3] / ".ci" / "postgres"
NOT_INSTALLED = 3

NOON = 1_700_000_000


@pytest.fixture(scope="session")
def postgres_url():
    """The address of a PostgreSQL on which tests may make databases: the one given, else one started for them."""
    if given := os.environ.get("IVR_TEST_POSTGRES"):
        yield given
        return
    wanting = "PostgreSQL is not installed: apt-get install postgresql, or set IVR_TEST_POSTGRES"
    if not shutil.which("bash"):
        pytest.skip(wanting)
    # The server lives as long as its command, and `cat` ends with its input: even a killed test run leaves none.
    with subprocess.Popen(
        ["bash", BESIDE_POSTGRES, "sh", "-c", 'echo "$IVR_TEST_POSTGRES"; cat'],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        url = running.stdout.readline().strip()
        if not url and running.wait() == NOT_INSTALLED:
            pytest.skip(wanting)
        assert url, "PostgreSQL did not start; it said why on standard error"
        yield url


class Databases:
    """Makes databases and removes them.

    Parameters
    ----------
    folder
        Where SQLite's files go.
    server
        Gives the address of the PostgreSQL; asked only when a database there is wanted.

    Attributes
    ----------
    folder
        In memory where there is room: there, bringing a change safely to the disk takes no time.
    """

    def __init__(self, folder, server):
        self.folder = folder
        self._server = server

    @contextmanager
    def fresh(self, kind: str, *, like: str | None = None) -> Iterator[str]:
        """Lend a database and give its URL.

        Parameters
        ----------
        kind
            ``"sqlite"`` or ``"postgresql"``.
        like
            The URL of a database of the same kind to copy, to which nobody is connected; without it the new one is
            empty.
        """
        lend = {"sqlite": self._sqlite, "postgresql": self._postgresql}[kind]
        with lend(f"directory_{uuid4().hex}", make_url(like) if like else None) as url:
            yield url

    @contextmanager
    def _sqlite(self, name, like):
        folder = self.folder / name
        folder.mkdir()
        try:
            if like:
                shutil.copyfile(like.database, folder / "directory.db")
            yield f"sqlite:///{folder / 'directory.db'}"
        finally:
            shutil.rmtree(folder)

    @contextmanager
    def _postgresql(self, name, like):
        server = self._server()
        new, old = sql.Identifier(name), sql.Identifier(like.database if like else "template0")
        with psycopg.connect(server, autocommit=True) as desk:
            # The quicker of two ways to copy; versions before 15 have no other.
            way = sql.SQL("STRATEGY FILE_COPY" if desk.info.server_version >= 150000 else "")
            desk.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(new, old, way))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            with psycopg.connect(server, autocommit=True) as desk:
                desk.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(new))


@pytest.fixture(scope="session")
def databases(request):
    """Lends databases of either kind: ``with databases.fresh("postgresql") as url``."""
    # in memory where there is room, as `.ci/postgres` does it: no test waits for a disk
    roomy = Path("/dev/shm").is_dir() and shutil.disk_usage("/dev/shm").free > 1_000_000_000  # noqa: S108
    with TemporaryDirectory(prefix="ivr-databases.", dir="/dev/shm" if roomy else None) as folder:  # noqa: S108
        yield Databases(Path(folder), lambda: request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, databases):
    """The URL of an empty database of this test's own; the test runs once for each kind."""
    with databases.fresh(request.param) as url:
        yield url


class Clock:
    """A clock that stands still until a test sets it; `now` is seconds since 1970, UTC."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def on(self, *, days=0, hours=0, minutes=0, seconds=0):
        """Let so much time go by."""
        self.now += ((days * 24 + hours) * 60 + minutes) * 60 + seconds


class Sealer:
    """A vault with a key in memory, made from one letter."""

    def __init__(self, letter="a"):
        self._fernet = Fernet(letter.encode() * 43 + b"=")

    def seal(self, pin):
        return self._fernet.encrypt(pin.encode()).decode()

    def open(self, sealed):
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise LookupError("sealed with another key") from None


@pytest.fixture
def clock():
    """The world's clock: ``clock.on(minutes=30)``, or set ``clock.now``."""
    return Clock(NOON)


@pytest.fixture
def world_with(clock):
    """Makes worlds on one clock that differ: ``world_with(seed=2, ids=10, key="b")``."""

    def world_with(*, seed=1, ids=10_000_000, key="a"):
        return World(clock=clock, randbelow=random.Random(seed).randrange, vault=Sealer(key), cost=CHEAP,  # noqa: S311
                     ids=ids)

    return world_with


@pytest.fixture
def world(world_with):
    """A world with a settable clock, seeded chance, cheap hashes and a vault."""
    return world_with()


def found(url):
    """Bring an empty database up to date; return its URL."""
    Desk(url, World(clock=lambda: NOON, randbelow=random.Random(0).randrange, vault=Sealer())).close()  # noqa: S311
    return url


@pytest.fixture(scope="session")
def founded_sqlite(databases):
    """The URL of an SQLite database that is up to date and has nobody in it, to be copied."""
    with databases.fresh("sqlite") as url:
        yield found(url)


@pytest.fixture(scope="session")
def founded_postgresql(databases, postgres_url):  # noqa: ARG001  (the server has to outlive it)
    """The same on PostgreSQL."""
    with databases.fresh("postgresql") as url:
        yield found(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, databases):
    """The URL of an up-to-date database of this test's own, where nobody is enabled; once for each kind."""
    with databases.fresh(request.param, like=request.getfixturevalue(f"founded_{request.param}")) as lent:
        yield lent


@pytest.fixture
def open_desk(url, world):
    """Opens desks on this test's database, and closes them: ``open_desk()``, ``open_desk(another_world)``."""
    with ExitStack() as opened:
        def open_desk(world=world):
            desk = Desk(url, world)
            opened.callback(desk.close)
            return desk

        yield open_desk


@pytest.fixture
def open_at(world):
    """Opens desks on files or URLs, and closes them: ``open_at(path)``."""
    with ExitStack() as opened:
        def open_at(where):
            desk = Desk(str(where), world)
            opened.callback(desk.close)
            return desk

        yield open_at


@pytest.fixture
def desk_of(open_desk):
    """Gives a desk that imitates a product: ``desk_of("sfb2017", **settings)``, names with _ for -."""
    def desk_of(profile, **settings):
        desk = open_desk()
        desk.settings.set("settings", {"administration": profile}
                          | {name.replace("_", "-"): value for name, value in settings.items()})
        return desk

    return desk_of


@pytest.fixture
def desk(open_desk):
    """A desk with the profile that holds by default, on each kind of database in turn."""
    return open_desk()


@pytest.fixture
def enable():
    """Enables somebody: ``enable(desk)`` is Amos Marble, ``enable(desk, "ada@contoso.com", country="FR")``."""
    def enable(desk, address="amos.marble@contoso.com", *, mailing=None, **values):
        if address == "amos.marble@contoso.com":
            values = {"name": "Amos Marble"} | values
        return desk.organizers.enable(NewOrganizer(address, **values), mailing=mailing)

    return enable


@pytest.fixture
def meeting(clock):
    """Schedules a meeting that begins in an hour: ``meeting(desk)`` is one of Amos Marble's."""
    def meeting(desk, who="amos.marble@contoso.com", **values):
        return desk.meetings.schedule(who, **({"starts_at": clock.now + 3600, "ends_at": clock.now + 7200}
                                              | values))

    return meeting


@pytest.fixture
def letters(clock):
    """Reads what waits in the outbox: ``letters(desk)`` is a list of (recipient, kind, text), oldest first."""
    def letters(desk):
        kinds = {letter.number: letter.kind for letter in desk.outbox.list(limit=1000)}
        # claimed until a moment that is long past, so that they are still there for others
        return [(parcel.recipient, kinds[parcel.number], parcel.message.get_body(("plain",)).get_content())
                for parcel in desk.outbox.claim(clock.now, 0, 1000)]

    return letters
