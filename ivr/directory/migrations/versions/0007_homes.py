"""At which of several processes a meeting is.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Let processes lease meetings."""
    op.create_table(
        "homes",
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("meeting", name="pk_homes"))
    op.create_index("ix_homes_until", "homes", ["until"])
