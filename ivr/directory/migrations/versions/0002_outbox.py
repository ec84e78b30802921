"""Letters on their way.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the outbox."""
    needed = {"nullable": False}
    op.create_table(
        "outbox", sa.Column("number", sa.Integer(), **needed),
        *(sa.Column(name, sa.String(), **needed) for name in (
            "message_id", "kind", "organizer", "recipient", "recipient_name", "sender", "sender_name", "language")),
        sa.Column("facts", sa.JSON(), **needed), sa.Column("sealed_pin", sa.String(), **needed),
        sa.Column("written_at", sa.BigInteger(), **needed), sa.Column("due_at", sa.BigInteger()),
        sa.Column("claimed_until", sa.BigInteger(), **needed), sa.Column("tries", sa.Integer(), **needed),
        sa.Column("delivered_at", sa.BigInteger()), sa.Column("trouble", sa.String(), **needed),
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"))
    op.create_index("ix_outbox_organizer", "outbox", ["organizer"])
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
