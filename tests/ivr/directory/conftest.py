"""What the directory's tests stand on: empty databases of both kinds, a disk that fills up, a read-only disk."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

BESIDE_POSTGRES = Path(__file__).parents[3] / ".ci" / "postgres"
NOT_INSTALLED = 3


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
    """

    def __init__(self, folder, server):
        self._folder = folder
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
        folder = self._folder / name
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
def databases(request, tmp_path_factory):
    """Lends databases of either kind: ``with databases.fresh("postgresql") as url``."""
    return Databases(tmp_path_factory.mktemp("databases"), lambda: request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, databases):
    """The URL of an empty database of this test's own; the test runs once for each kind."""
    with databases.fresh(request.param) as url:
        yield url


@pytest.fixture
def mount():
    """Mounts for one test: ``mount(folder, *words)``; the test is skipped where it may not.

    Without root, the tests can run in a name space of their own: ``.ci/postgres unshare -rm make test``.
    """
    if not shutil.which("mount"):
        pytest.skip("mounting needs a system that has mount")
    # Root needs no help. In CI sudo may be asked; at home a test run that calls sudo would be a bad surprise.
    helper = ["sudo", "-n"] if os.geteuid() and os.environ.get("CI") and shutil.which("sudo") else []
    mounted = []

    def mount(folder, *words):
        done = subprocess.run([*helper, "mount", *words, folder], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting needs root: {done.stderr.strip()}")
        mounted.append(folder)

    yield mount
    for folder in reversed(mounted):
        # Lazily, because a file that the test left open must not hide why the test failed.
        subprocess.run([*helper, "umount", "--lazy", folder], check=True)


@pytest.fixture
def small_disk(tmp_path, mount):
    """Makes disks: ``small_disk(size)`` gives a folder with room for so many bytes, in steps of 4096."""
    serials = count(1)

    def make(size):
        folder = tmp_path / f"small-disk-{next(serials)}"
        folder.mkdir()
        mount(folder, "-t", "tmpfs", "-o", f"size={size},mode=0700,uid={os.getuid()},gid={os.getgid()}", "tmpfs")
        return folder

    return make


@pytest.fixture
def read_only_disk(mount):
    """Protects: after ``read_only_disk(folder)`` nothing in the folder can be written, even by root.

    Files must be closed before: one that is open for writing stays writable to the one who opened it.
    """

    def protect(folder):
        mount(folder, "-o", "bind,ro", folder)

    return protect
