"""Messages to several: who has one knows who else has got it.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Let a message tell its other recipients; those that there are had none."""
    op.add_column("voice_messages", sa.Column("others", sa.JSON(), nullable=False, server_default="[]"))
