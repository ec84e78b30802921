"""The database: one SQLite file by default, the same code on PostgreSQL.

Every change is one transaction. On SQLite a transaction that writes takes the write lock when it begins
(BEGIN IMMEDIATE), so two processes wait for each other instead of failing half-way; on PostgreSQL the rows
that decide are locked (SELECT ... FOR UPDATE), which SQLite takes for a plain SELECT.
"""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from ivr.directory.errors import BadValue, NotADatabase, StoreError, Unusable
from ivr.directory.upgrade import upgrade
from ivr.directory.version import OURS

_ANSWERS_S = 30
"""So long a server may take to answer, whoever is writing there."""


class Database:
    """A database of the directory's tables, brought up to date when it is opened.

    Parameters
    ----------
    url : str
        ``sqlite:///PATH``, ``sqlite://`` for one in memory, or ``postgresql://...``; also a file's plain path.
    founding : callable
        Puts into a database that has just been made what every bridge has; gets its connection.
    wait_s : float
        How long it waits for others who are writing, in seconds.

    Raises
    ------
    StoreError
        If it cannot be opened, is none of ours, or was made by a newer version.
    BadValue
        If the URL is none.
    """

    def __init__(self, url: str, founding: Callable[[Connection], None], *, wait_s: float = 30) -> None:
        self.url = _url(url)
        self.path = _path(self.url)
        self.shown = str(self.path) if self.path else _without_secrets(self.url)
        self._shared: ContextVar[Session | None] = ContextVar("shared", default=None)
        with self._told():
            if self.path:
                check_no_folder(self.path)
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                if not self.path.exists():
                    os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
            self._engine = _engine(self.url, wait_s)
            try:
                upgrade(self._engine, self.path, self.shown, founding)
            except BaseException:
                self._engine.dispose()
                raise

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        if shared := self._shared.get():
            yield shared
            return
        with self._told(), Session(self._engine.execution_options(**self._one_state())) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes come all together at its end, or, after an error, not at all."""
        if shared := self._shared.get():
            with shared.begin_nested():  # so that somebody who goes on after an error keeps no half of a change
                yield shared
            return
        with self._told(), Session(self._engine.execution_options(ivr_writes=True)) as session, session.begin():
            yield session

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make all that this thread reads and writes inside one change: all of it, or, after an error, nothing."""
        with self.writing() as session:
            mark = self._shared.set(session)
            try:
                yield
            finally:
                self._shared.reset(mark)

    def _one_state(self) -> dict[str, Any]:
        # on SQLite every transaction is so by itself
        return {} if self.path or self._engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ",
                                                                              "postgresql_readonly": True}

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise told(error, self.shown) from None
        except NoneFree:
            raise Unusable(f"the database {self.shown} {_BUSY}") from None
        except PermissionError:
            raise Unusable(f"the database {self.shown} cannot be opened: its folder may not be written") from None
        except (FileExistsError, NotADirectoryError) as error:
            raise Unusable(f"the database {self.shown} cannot be opened: {error.filename} is no folder") from None
        except OSError as error:
            raise Unusable(f"the database {self.shown} cannot be opened: {error.strerror}") from None


def check_no_folder(path: Path) -> None:
    """See that a database could be a file of this name.

    Raises
    ------
    NotADatabase
        If there is a folder.
    """
    if path.is_dir():
        raise NotADatabase(f"the database {path} is a folder: name a file in it, by --database or IVR_DATABASE")


def told(error: DBAPIError, shown: str) -> StoreError:
    """Return a database's error as a plain one; its statement and values are left out."""
    said = str(error.orig).strip()
    for signs, kind, sentence in _SIGNS:
        if re.search(signs, said):
            return kind(f"the database {shown} {sentence}")
    return Unusable(f"the database {shown} cannot be used: {said.partition(_NEW_LINE)[0]}")


_NEW_LINE = "\n"

_BUSY = "has been busy for too long: see what else uses it, and try again"

_SIGNS: tuple[tuple[str, type[StoreError], str], ...] = (
    ("readonly|read-only", Unusable, "may only be read: nothing was changed; name another with --database"),
    ("is full|No space left", Unusable,
     "has no room left on its disk: nothing was changed; make room and try again"),
    ("disk I/O error", Unusable, "cannot be written, perhaps its disk is full: nothing was changed; make room"),
    ("unable to open", Unusable, "cannot be opened: check that its folder is there and may be written"),
    ("not a database", NotADatabase, "is no database: name another file with --database"),
    ("malformed|no such table|relation .* does not exist", NotADatabase,
     "is damaged: put a backup copy in its place"),
    ("locked|lock timeout|deadlock|too many clients", Unusable, _BUSY),
    ("onnection refused|timed out|timeout expired", Unusable,
     "does not answer: see that the server runs, and that host and port are right"),
    ("closed the connection|connection is lost|terminating connection", Unusable,
     "went away: see that the server runs, and try again"),
    ("resolve host|translate host", Unusable, "has a host that is not known: check its name"),
    ("authentication failed|no password supplied|role .* does not exist", Unusable,
     "refuses this user or password"),
    ("permission denied", Unusable, "does not let this user make or change its tables: grant him the right"),
    ("database .* does not exist", Unusable, "does not exist on that server: create it there first"),
)


def _url(text_: str) -> URL:
    if not text_.strip() or "\0" in text_:
        raise BadValue(f"--database takes {_FORMS}, and this is empty or has a character that no name has")
    try:
        url = make_url(text_) if "://" in text_ else URL.create("sqlite", database=os.path.expanduser(text_))  # noqa: PTH111
    except (ArgumentError, ValueError):
        # what was typed may hold a password
        raise BadValue(f"--database takes {_FORMS}, and this is neither") from None
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise BadValue(f"--database takes {_FORMS}, not {kind}://", value=kind)
    if url.host or url.query or url.username:
        raise BadValue(f"--database takes {_FORMS}: an SQLite file has three slashes before its path, "
                       "no host and no options")
    path = _path(url)
    url = url.set(drivername="sqlite")
    # whole, so that the file stays the same one when the program goes to another folder
    return url.set(database=str(path)) if path else url


_FORMS = "sqlite:///PATH or postgresql://USER@HOST/NAME"


def _path(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(os.path.abspath(str(url.database)))  # noqa: PTH100  (resolve() would follow links)


def _without_secrets(url: URL) -> str:
    """Return a URL for people to read: a password may stand behind its user, or among its options."""
    kind = url.get_backend_name()
    return url.set(drivername=kind).difference_update_query(url.query).render_as_string(hide_password=True)


def _engine(url: URL, wait_s: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        here = {} if url.database not in (None, "", ":memory:") else {"poolclass": StaticPool}
        engine = create_engine(url, hide_parameters=True, **here,
                               connect_args={"check_same_thread": False, "timeout": wait_s})
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
        return engine
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True,
                               connect_args={"connect_timeout": _ANSWERS_S})
    except ModuleNotFoundError:
        raise Unusable("PostgreSQL needs its driver: pip install 'psycopg[binary]'") from None

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401  (DB-API has no types)
        connection.execute(f"SET lock_timeout = {max(1, round(wait_s * 1000))}")
        connection.commit()

    return engine


def _sqlite_connected(connection: Any, _record: object) -> None:  # noqa: ANN401  (DB-API has no types)
    # the driver's own BEGINs come too late and are no BEGIN IMMEDIATE, so it is told to leave them to us
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    names = {name for name, in cursor.execute("SELECT name FROM sqlite_master")}
    if not names or names >= OURS:  # WAL is a mark in the file, and a file of somebody else stays as it is
        _to_wal(cursor)
    cursor.close()


def _to_wal(cursor: Any) -> None:  # noqa: ANN401  (DB-API has no types)
    """Let the file have a write-ahead log.

    When another process uses a new file at this moment, SQLite refuses at once, however long it may wait. So the
    write lock is waited for instead, and then it is tried again; two who turn each other down come one by one.
    """
    for _ in range(_TURNS):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


_TURNS = 100


def _sqlite_begins(connection: Connection) -> None:
    writes = connection.get_execution_options().get("ivr_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
