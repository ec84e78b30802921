"""Wrong tries of the last minutes, and those whose answers are held back.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of guesses."""
    needed = {"nullable": False}
    op.create_table(
        "guesses", sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), **needed),
        sa.Column("secret", sa.String(), **needed), sa.Column("caller", sa.String(), **needed),
        *(sa.Column(name, sa.BigInteger(), **needed) for name in ("at", "since", "until", "expires_at")),
        sa.PrimaryKeyConstraint("number", name="pk_guesses"),
        sqlite_autoincrement=True)  # a number that was given back must not be somebody else's
    for name, columns in (("secret_at", ["secret", "at"]), ("caller_at", ["caller", "at"]),
                          ("until", ["until"]), ("expires_at", ["expires_at"])):
        op.create_index(f"ix_guesses_{name}", "guesses", columns)
