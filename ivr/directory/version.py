"""Which version of the tables a database has."""

from sqlalchemy import Connection, inspect, text

HEAD = "0007"
"""The newest migration; `ivr/directory/migrations` leads there."""

OURS = {"alembic_version", "conference_ids"}
"""Tables by which a database of ours is known; alembic's alone may be another program's."""


def version_of(connection: Connection) -> str | None:
    """Return the migration a database is at; empty for an empty one, None for one that holds something else."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return ""
    if not tables >= OURS:
        return None
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
