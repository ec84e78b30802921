"""The database: one SQLite file by default, the same code on PostgreSQL.

Every change is one transaction. On SQLite a transaction that writes takes the write lock when it begins
(BEGIN IMMEDIATE), so two processes wait for each other instead of failing half-way; on PostgreSQL the rows
that decide are locked (SELECT ... FOR UPDATE), which SQLite takes for a plain SELECT.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from ivr.directory.errors import BadValue, NotADatabase, StoreError, Unusable

HEAD = "0002"
"""The newest migration; `ivr/directory/migrations` leads there."""

_WAIT_S = 30


class Store:
    """A database of the directory's tables, brought up to date when it is opened.

    Parameters
    ----------
    url : str
        ``sqlite:///PATH``, ``sqlite://`` for one in memory, or ``postgresql://...``; also a file's plain path.
    founding : callable
        Puts into a database that has just been made what every bridge has; gets its connection.

    Raises
    ------
    StoreError
        If it cannot be opened, is none of ours, or was made by a newer version.
    BadValue
        If the URL is none.
    """

    def __init__(self, url: str, founding: Callable[[Connection], None]) -> None:
        self.url = _url(url)
        self.path = _path(self.url)
        self.shown = str(self.path) if self.path else self.url.render_as_string(hide_password=True)
        with self._told():
            if self.path:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                if not self.path.exists():
                    os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
            self._engine = _engine(self.url)
            from ivr.directory.upgrade import upgrade

            upgrade(self._engine, self.path, self.shown, founding)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        with self._told(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes come all together at its end, or, after an error, not at all."""
        with self._told(), Session(self._engine.execution_options(ivr_writes=True)) as session, session.begin():
            yield session

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise told(error, self.shown) from None
        except PermissionError:
            raise Unusable(f"the database {self.shown} cannot be opened: its folder may not be written") from None
        except OSError as error:
            raise Unusable(f"the database {self.shown} cannot be opened: {error.strerror}") from None


def told(error: DBAPIError, shown: str) -> StoreError:
    """Return a database's error as a plain one; its statement and values are left out."""
    said = str(error.orig).strip().partition("\n")[0]
    for sign, kind, sentence in _SIGNS:
        if sign in said:
            return kind(f"the database {shown} {sentence}")
    return Unusable(f"the database {shown} cannot be used: {said}")


_SIGNS: tuple[tuple[str, type[StoreError], str], ...] = (
    ("readonly", Unusable, "may only be read: nothing was changed; name another with --database"),
    ("read-only", Unusable, "may only be read: nothing was changed; name another with --database"),
    ("is full", Unusable, "has no room left on its disk: nothing was changed; make room and try again"),
    ("No space left", Unusable, "has no room left on its disk: nothing was changed; make room and try again"),
    ("disk I/O error", Unusable, "cannot be written, perhaps its disk is full: nothing was changed; make room"),
    ("unable to open", Unusable, "cannot be opened: check that its folder is there and may be written"),
    ("not a database", NotADatabase, "is no database: name another file with --database"),
    ("malformed", NotADatabase, "is damaged: put a backup copy in its place"),
    ("locked", Unusable, f"has been busy for {_WAIT_S} s: see what else uses it, and try again"),
    ("onnection refused", Unusable, "does not answer: see that the server runs, and that host and port are right"),
    ("could not translate host", Unusable, "has a host that is not known: check its name"),
    ("authentication failed", Unusable, "refuses this user or password"),
    ("does not exist", Unusable, "does not exist on that server: create it there first"),
)


def _url(text_: str) -> URL:
    try:
        url = make_url(text_ if "://" in text_ else f"sqlite:///{Path(text_).expanduser()}")
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise BadValue(f"--database takes sqlite:///PATH or postgresql://..., not {url.drivername}://")
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError):
        raise BadValue("--database takes sqlite:///PATH or postgresql://USER@HOST/NAME, "
                       "and this is neither") from None
    return url


def _path(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(os.path.abspath(str(url.database)))  # noqa: PTH100  (resolve() would follow links)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        here = {} if url.database not in (None, "", ":memory:") else {"poolclass": StaticPool}
        engine = create_engine(url, hide_parameters=True, **here,
                               connect_args={"check_same_thread": False, "timeout": _WAIT_S})
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
        return engine
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True,
                             connect_args={"connect_timeout": _WAIT_S})
    except ModuleNotFoundError:
        raise Unusable("PostgreSQL needs its driver: pip install "
                       "'dial-in-conference-simulator[postgres]'") from None


def _sqlite_connected(connection: Any, _record: object) -> None:  # noqa: ANN401  (DB-API has no types)
    # the driver's own BEGINs come too late and are no BEGIN IMMEDIATE, so it is told to leave them to us
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begins(connection: Connection) -> None:
    writes = connection.get_execution_options().get("ivr_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def version_of(connection: Connection) -> str:
    """Return the migration a database is at; empty for one without tables of ours."""
    if connection.dialect.name == "sqlite":
        known = text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
    else:
        known = text("SELECT count(*) FROM information_schema.tables WHERE table_name = 'alembic_version' "
                     "AND table_schema = current_schema()")
    if not connection.execute(known).scalar():
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
