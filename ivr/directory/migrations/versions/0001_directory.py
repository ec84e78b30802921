"""Organizers, meetings, conference IDs, numbers and settings.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def _text(name: str, **more) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False, **more)


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _key(name: str = "id") -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of_organizer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organizer_id"], ["organizers.id"], ondelete="CASCADE",
                                   name=f"fk_{table}_organizer_id")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "organizers", _key(), *(_text(name) for name in ("address", "name", "folded_name", "local_part")),
        sa.Column("sip_uri", sa.String()),
        *(_text(name) for name in ("phone", "extension", "country", "site", "language")), _flag("enabled"),
        _text("service_number"), _text("toll_free_number"), _flag("pstn_only"), _flag("toll_free_dial_in"),
        _text("pin_hash"), _count("pin_digits"), _moment("pin_set_at"), _flag("pin_expired"),
        _flag("pin_changed_by_owner"), _count("tries_local"), _moment("tries_local_since"),
        _moment("tries_locked_until"), _count("tries_overall"), _count("tries_since_reset"), _flag("tries_locked"),
        _moment("migration_asked_at"), _text("migration_state"),
        sa.PrimaryKeyConstraint("id", name="pk_organizers"),
        sa.UniqueConstraint("address", name="uq_organizers_address"),
        sa.UniqueConstraint("sip_uri", name="uq_organizers_sip_uri"))
    for column in ("folded_name", "local_part", "service_number"):
        op.create_index(f"ix_organizers_{column}", "organizers", [column])
    op.create_table(
        "former_pins", _key(), _key("organizer_id"), _text("pin_hash"), _moment("set_at"),
        sa.PrimaryKeyConstraint("id", name="pk_former_pins"), _of_organizer("former_pins"))
    op.create_index("ix_former_pins_organizer_id", "former_pins", ["organizer_id"])
    op.create_table(
        "meetings", _key(), _key("organizer_id"), _text("subject"), _moment("starts_at"), _moment("ends_at"),
        _moment("expires_at"), _count("invitees"), _moment("invited_at"), _flag("stale"), _flag("cancelled"),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"), _of_organizer("meetings"))
    op.create_index("ix_meetings_organizer_id", "meetings", ["organizer_id"])
    op.create_table(
        "conference_ids", _text("conference_id"), _key("organizer_id"), sa.Column("meeting_id", sa.Integer()),
        sa.PrimaryKeyConstraint("conference_id", name="pk_conference_ids"), _of_organizer("conference_ids"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], ondelete="CASCADE",
                                name="fk_conference_ids_meeting_id"),
        sa.UniqueConstraint("meeting_id", name="uq_conference_ids_meeting_id"))
    op.create_index("ix_conference_ids_organizer_id", "conference_ids", ["organizer_id"])
    op.create_index("uq_static_id_of_organizer", "conference_ids", ["organizer_id"], unique=True,
                    sqlite_where=sa.text("meeting_id IS NULL"), postgresql_where=sa.text("meeting_id IS NULL"))
    op.create_table(
        "bridges", _text("id"), _text("name"), _text("default_number"),
        sa.PrimaryKeyConstraint("id", name="pk_bridges"), sa.UniqueConstraint("name", name="uq_bridges_name"))
    op.create_table(
        "numbers", _text("number"), _flag("toll_free"), _flag("shared"), _text("country"), _text("city"),
        _text("primary_language"), sa.Column("secondary_languages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_numbers"))
    op.create_table(
        "parameters", _text("kind"), _text("scope"), _text("name"), sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "scope", "name", name="pk_parameters"))
    op.create_table(
        "policies", _text("kind"), _text("scope"), sa.PrimaryKeyConstraint("kind", "scope", name="pk_policies"))
    op.create_table(
        "grants", _key("organizer_id"), _text("kind"), _text("scope"),
        sa.PrimaryKeyConstraint("organizer_id", "kind", name="pk_grants"), _of_organizer("grants"))
