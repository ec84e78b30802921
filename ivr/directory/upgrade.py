"""Bringing a database up to date by itself: a backup copy first, then the migrations, all or nothing."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, text

from ivr.directory.errors import NewerDatabase, NotADatabase, Unusable
from ivr.directory.version import HEAD, version_of

if TYPE_CHECKING:
    from alembic.config import Config

_OURS = 0x697672
"""A number for PostgreSQL's advisory lock, so that two processes do not upgrade at once."""


def upgrade(engine: Engine, path: Path | None, shown: str, founding: Callable[[Connection], None]) -> None:
    """Make the database's tables those of this version.

    Raises
    ------
    NewerDatabase, NotADatabase
        If a newer version has made it, or another program; it is left as it is.
    """
    with engine.connect() as connection:
        if _known(version_of(connection), shown) == HEAD:
            return
    with engine.execution_options(ivr_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": _OURS})
        version = _known(version_of(connection), shown)  # another process may have been quicker
        if version == HEAD:
            return
        if version and path is not None:
            _back_up(path, version)
        if version or path is not None or connection.dialect.name != "sqlite":
            _migrate(connection)
        else:
            _make_in_memory(connection)
        if not version:
            founding(connection)


def _known(version: str | None, shown: str) -> str:
    if version is None:
        raise NotADatabase(f"the database {shown} holds something else: name another with --database")
    if version in ("", HEAD):
        return version
    from alembic.script import ScriptDirectory

    if version not in {revision.revision for revision in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise NewerDatabase(f"the database {shown} was made by a newer version of this program (its tables are at "
                            f"{version}, this version knows {HEAD}): use that version, or another database")
    return version


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _migrate(connection: Connection) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


_made_before: list[str] = []
"""The statements that make what the migrations have made, once they have in this process."""


def _make_in_memory(connection: Connection) -> None:
    """Make the tables of a new database in memory: of many in one process only the first is migrated."""
    if not _made_before:
        _migrate(connection)
        raw = cast("sqlite3.Connection", connection.connection.driver_connection)
        _made_before.extend(raw.iterdump())
        return
    for statement in _made_before[1:-1]:  # BEGIN and COMMIT are ours to say
        connection.exec_driver_sql(statement)


def _back_up(path: Path, version: str) -> None:
    """Copy the file beside itself as it is now, whole or not at all."""
    target = path.with_name(f"{path.name}.{version}.backup")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        source, copy = sqlite3.connect(path), sqlite3.connect(part)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
        os.replace(part, target)  # noqa: PTH105
    except (OSError, sqlite3.Error):
        part.unlink(missing_ok=True)
        raise Unusable(f"no backup copy of the database could be written to {target}: it was left as it is; "
                       "make room there and try again") from None
