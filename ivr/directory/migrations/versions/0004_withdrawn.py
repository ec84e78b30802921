"""Letters that were given up on or withdrawn, and when.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Keep when a letter was given up on or withdrawn; of those given up on before, when they were written."""
    for name in ("given_up_at", "withdrawn_at"):
        op.add_column("outbox", sa.Column(name, sa.BigInteger()))
    op.execute("UPDATE outbox SET given_up_at = written_at WHERE delivered_at IS NULL AND due_at IS NULL")
