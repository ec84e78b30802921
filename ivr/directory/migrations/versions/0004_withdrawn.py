"""Letters that were given up on or withdrawn, and when; the desk's product is its administration.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Keep when a letter was given up on or withdrawn; of those given up on before, when they were written.

    What a call imitates is a profile, so whose rules hold at the desk has another name.
    """
    for name in ("given_up_at", "withdrawn_at"):
        op.add_column("outbox", sa.Column(name, sa.BigInteger()))
    op.execute("UPDATE outbox SET given_up_at = written_at WHERE delivered_at IS NULL AND due_at IS NULL")
    op.execute("UPDATE parameters SET name = 'administration' WHERE kind = 'settings' AND name = 'profile'")
