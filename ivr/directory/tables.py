"""What a directory keeps. Moments are seconds since 1970, UTC; digits are text, so that no zero is lost.

A PIN stands nowhere: `pin_hash` is a salted scrypt hash (`ivr.directory.hashing`), and `Post.sealed_pin` is
unreadable without a key that is kept elsewhere, and erased once the letter is delivered or withdrawn.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Moment = BigInteger
"""Seconds since 1970, UTC."""


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can find it on any database."""

    metadata = MetaData(naming_convention={
        "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
    })
    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012  (SQLAlchemy reads it so)


class OrganizerRow(Base):
    """Somebody who can be enabled for audio conferencing, and his PIN's standing."""

    __tablename__ = "organizers"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    folded_name: Mapped[str] = mapped_column(default="", index=True)
    local_part: Mapped[str] = mapped_column(default="", index=True)
    sip_uri: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[str] = mapped_column(default="")
    extension: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    site: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    enabled: Mapped[bool] = mapped_column(default=False)
    service_number: Mapped[str] = mapped_column(default="", index=True)
    toll_free_number: Mapped[str] = mapped_column(default="")
    pstn_only: Mapped[bool] = mapped_column(default=False)
    toll_free_dial_in: Mapped[bool] = mapped_column(default=True)

    pin_hash: Mapped[str] = mapped_column(default="")
    pin_digits: Mapped[int] = mapped_column(default=0)
    pin_set_at: Mapped[int] = mapped_column(Moment, default=0)
    pin_expired: Mapped[bool] = mapped_column(default=False)
    pin_changed_by_owner: Mapped[bool] = mapped_column(default=False)

    tries_local: Mapped[int] = mapped_column(default=0)
    tries_local_since: Mapped[int] = mapped_column(Moment, default=0)
    tries_locked_until: Mapped[int] = mapped_column(Moment, default=0)
    tries_overall: Mapped[int] = mapped_column(default=0)
    tries_since_reset: Mapped[int] = mapped_column(default=0)
    tries_locked: Mapped[bool] = mapped_column(default=False)

    migration_asked_at: Mapped[int] = mapped_column(Moment, default=0)
    migration_state: Mapped[str] = mapped_column(default="")


class GuessRow(Base):
    """A wrong try, or one whose answer is held back (`ivr.directory.guessing`); it lives for some minutes.

    `secret` says what was tried at, `caller` who tried; either is empty where that is not known. No digit is kept.
    """

    __tablename__ = "guesses"
    __table_args__ = (Index("ix_guesses_secret_at", "secret", "at"), Index("ix_guesses_caller_at", "caller", "at"),
                      {"sqlite_autoincrement": True})

    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    secret: Mapped[str] = mapped_column(default="")
    caller: Mapped[str] = mapped_column(default="")
    at: Mapped[int] = mapped_column(Moment)
    since: Mapped[int] = mapped_column(Moment, default=0)
    until: Mapped[int] = mapped_column(Moment, default=0, index=True)
    expires_at: Mapped[int] = mapped_column(Moment, index=True)


class HomeRow(Base):
    """At which process a meeting is, and until when (`ivr.directory.homes`)."""

    __tablename__ = "homes"

    meeting: Mapped[str] = mapped_column(primary_key=True)
    home: Mapped[str]
    until: Mapped[int] = mapped_column(Moment, index=True)


class FormerPin(Base):
    """The hash of a PIN that an organizer has had (B2 PINHistoryCount, F2)."""

    __tablename__ = "former_pins"

    id: Mapped[int] = mapped_column(primary_key=True)
    organizer_id: Mapped[int] = mapped_column(ForeignKey("organizers.id", ondelete="CASCADE"), index=True)
    pin_hash: Mapped[str] = mapped_column()
    set_at: Mapped[int] = mapped_column(Moment)


class MeetingRow(Base):
    """A scheduled meeting, or one that is met now."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    organizer_id: Mapped[int] = mapped_column(ForeignKey("organizers.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[int] = mapped_column(Moment)
    ends_at: Mapped[int] = mapped_column(Moment)
    expires_at: Mapped[int] = mapped_column(Moment)
    invitees: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[int] = mapped_column(Moment, default=0)
    stale: Mapped[bool] = mapped_column(default=False)
    cancelled: Mapped[bool] = mapped_column(default=False)


class ConferenceId(Base):
    """A taken ID: of one meeting, or of all meetings of its organizer when `meeting_id` is null (C-2, C-3)."""

    __tablename__ = "conference_ids"

    conference_id: Mapped[str] = mapped_column(primary_key=True)
    organizer_id: Mapped[int] = mapped_column(ForeignKey("organizers.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), unique=True)


Index("uq_static_id_of_organizer", ConferenceId.organizer_id, unique=True,
      sqlite_where=ConferenceId.meeting_id.is_(None), postgresql_where=ConferenceId.meeting_id.is_(None))


class BridgeRow(Base):
    """The conference bridge: one a directory."""

    __tablename__ = "bridges"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    default_number: Mapped[str] = mapped_column(default="")


class Number(Base):
    """A phone number of the bridge, in E.164 form with its plus (D9, D11)."""

    __tablename__ = "numbers"

    number: Mapped[str] = mapped_column(primary_key=True)
    toll_free: Mapped[bool] = mapped_column(default=False)
    shared: Mapped[bool] = mapped_column(default=False)
    country: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    primary_language: Mapped[str] = mapped_column(default="")
    secondary_languages: Mapped[list[str]] = mapped_column(default=list)
    application: Mapped[str] = mapped_column(default="", server_default="")


class ParameterRow(Base):
    """A setting or a policy's value that differs from its default.

    `scope` is empty for what is of the whole bridge, "site:NAME" for a site's, "user:NAME" for a policy
    that is granted to organizers (B2: the narrowest wins).
    """

    __tablename__ = "parameters"

    kind: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True, default="")
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column()


class Policy(Base):
    """A policy of a site or of users that exists, whether it sets anything or not."""

    __tablename__ = "policies"

    kind: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)


class Grant(Base):
    """Which user policy an organizer has been given."""

    __tablename__ = "grants"

    organizer_id: Mapped[int] = mapped_column(ForeignKey("organizers.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column()


class Post(Base):
    """A letter on its way: the transactional outbox.

    It is written in the transaction of the change it tells of, and delivered afterwards; given up on when that is
    in vain, and withdrawn when its PIN is in force no longer.
    """

    __tablename__ = "outbox"

    number: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column()
    organizer: Mapped[str] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column()
    recipient_name: Mapped[str] = mapped_column(default="")
    sender: Mapped[str] = mapped_column()
    sender_name: Mapped[str] = mapped_column()
    language: Mapped[str] = mapped_column()
    facts: Mapped[dict[str, Any]] = mapped_column()
    sealed_pin: Mapped[str] = mapped_column(default="")
    written_at: Mapped[int] = mapped_column(Moment)
    due_at: Mapped[int | None] = mapped_column(Moment, index=True)
    claimed_until: Mapped[int] = mapped_column(Moment, default=0)
    tries: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[int | None] = mapped_column(Moment)
    trouble: Mapped[str] = mapped_column(default="")
    given_up_at: Mapped[int | None] = mapped_column(Moment)
    withdrawn_at: Mapped[int | None] = mapped_column(Moment)


class MailboxRow(Base):
    """What the owner of a mailbox has chosen; a mailbox without a row is as the desk has it.

    `greeting` and `away_greeting` are names of recordings (`ivr.directory.recordings`); `zone` is in minutes.
    """

    __tablename__ = "mailboxes"

    organizer_id: Mapped[int] = mapped_column(ForeignKey("organizers.id", ondelete="CASCADE"), primary_key=True)
    away: Mapped[bool] = mapped_column(default=False)
    hours_24: Mapped[bool | None] = mapped_column()
    zone: Mapped[int | None] = mapped_column()
    greeting: Mapped[str] = mapped_column(default="")
    away_greeting: Mapped[str] = mapped_column(default="")


class VoiceMessageRow(Base):
    """A message in a mailbox; what is said in it is a recording beside the database.

    The row is written after the recording is whole, so that no row is without one. `others` are the numbers of
    organizers who have got the same.
    """

    __tablename__ = "voice_messages"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    organizer_id: Mapped[int] = mapped_column(ForeignKey("organizers.id", ondelete="CASCADE"), index=True)
    recording: Mapped[str] = mapped_column(unique=True)
    sender_id: Mapped[int] = mapped_column(default=0)
    sender_phone: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[int] = mapped_column(Moment)
    seconds: Mapped[int] = mapped_column()
    important: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=False)
    others: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="new")
    deleted_at: Mapped[int | None] = mapped_column(Moment)
