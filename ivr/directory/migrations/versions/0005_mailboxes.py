"""Voice mail: where a number leads, mailboxes, and the messages in them.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Let numbers lead to an application, and mailboxes hold messages."""
    op.add_column("numbers", sa.Column("application", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "mailboxes",
        sa.Column("organizer_id", sa.Integer(), sa.ForeignKey(
            "organizers.id", name="fk_mailboxes_organizer_id", ondelete="CASCADE"), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("hours_24", sa.Boolean()),
        sa.Column("zone", sa.Integer()),
        sa.Column("greeting", sa.String(), nullable=False),
        sa.Column("away_greeting", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organizer_id", name="pk_mailboxes"))
    op.create_table(
        "voice_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organizer_id", sa.Integer(), sa.ForeignKey(
            "organizers.id", name="fk_voice_messages_organizer_id", ondelete="CASCADE"), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("sender_phone", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_voice_messages"),
        sa.UniqueConstraint("recording", name="uq_voice_messages_recording"),
        sqlite_autoincrement=True)
    op.create_index("ix_voice_messages_organizer_id", "voice_messages", ["organizer_id"])
