"""The outbox's inside: a letter is written in the very transaction of the change it tells of."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ivr.directory.errors import BadValue
from ivr.directory.identity import address
from ivr.directory.ids import static_id
from ivr.directory.office import SETTINGS, Office
from ivr.directory.tables import ConferenceId, MeetingRow, Number, OrganizerRow, Post, VoiceMessageRow
from ivr.mail.addresses import on_the_wire
from ivr.mail.errors import BadHeader
from ivr.mail.letters import WITH_IDS, LetterKind, sender_name
from ivr.mail.voice import VOICE_MESSAGE, VoiceFacts


@dataclass(frozen=True, slots=True)
class Mailing:
    """What one command says about its letter.

    Attributes
    ----------
    send : bool, optional
        Whether to send it, whatever the setting says (-SendEmail); as the setting says if left out.
    to : str
        Another recipient; only with a `send` that is true (D2, S4.18).
    from_address, from_name : str
        Another sender; together, and only with a `send` that is true (D5).

    Raises
    ------
    BadValue
        If these rules are broken.
    """

    send: bool | None = None
    to: str = ""
    from_address: str = ""
    from_name: str = ""

    def __post_init__(self) -> None:
        if self.to and not self.send:
            raise BadValue(f"--send-email-to {self.to} has nothing to go with: add --send-email", value=self.to)
        if (self.from_address or self.from_name) and not (self.send and self.from_address and self.from_name):
            raise BadValue("another sender needs --send-email, --send-email-from-address and "
                           "--send-email-from-name together")
        for text in (self.to, self.from_address):
            if text:
                address(text)


def asked_for(mailing: Mailing | None) -> Mailing:
    """Return a mailing that is sent even though letters are off, because the letter itself is what was wanted."""
    return replace(mailing or Mailing(), send=True)


@dataclass(frozen=True, slots=True)
class NewPin:
    """A PIN, for the one who has made it to see once (B1.8, S0.10).

    Attributes
    ----------
    mailed_to : str
        To whom it goes by letter; empty when it has to be handed over (S0.13, B1.15).
    """

    address: str
    pin: str = field(repr=False)
    mailed_to: str = ""


def write(office: Office, session: Session, kind: LetterKind, organizer: OrganizerRow, *, pin: str = "",
          mailing: Mailing | None = None) -> str:
    """Put a letter into the outbox, if letters are sent.

    Parameters
    ----------
    pin : str
        For the letters that hold one.

    Returns
    -------
    str
        Its recipient; empty if none was written, because letters are switched off or this one is not wanted.
    """
    mailing = mailing or Mailing()
    settings = office.values(session, SETTINGS)
    if not (settings["send-mails"] if mailing.send is None else mailing.send):
        return ""
    now, product = office.now(), office.administration(session)
    language = organizer.language or str(settings["language"])
    sender, name = _sender(organizer, settings, mailing, language=language, mailbox=product.mailbox)
    facts: dict[str, Any] = {
        "name": organizer.name or organizer.address, "account": organizer.address,
        "conference_id": static_id(session, organizer.id), "mailbox": product.mailbox,
        "extension": organizer.extension, **_meetings(office, session, organizer),
        "number": _number(session, organizer, mailbox=product.mailbox),
        "toll_free_number": organizer.toll_free_number,
        "must_change_pin": bool(pin) and organizer.pin_expired, "update_link": settings["update-link"],
        "added_text": _added(office, session, organizer, kind),
    }
    if kind is LetterKind.TURNED_OFF and not product.mail_update_tool_at_end:
        facts["update_link"] = ""
    recipient = address(mailing.to) if mailing.to else organizer.address
    message_id = f"<{office.world.randbelow(1 << 128):032x}@{_domain(sender)}>"
    office.written.append(message_id)
    session.add(Post(
        message_id=message_id, kind=kind.value,
        organizer=organizer.address, recipient=recipient, recipient_name=organizer.name,
        sender=sender, sender_name=name, language=language, facts=facts,
        sealed_pin=office.world.vault.seal(pin) if pin else "", written_at=now, due_at=now))
    return recipient


def write_voice(office: Office, session: Session, organizer: OrganizerRow, message: VoiceMessageRow, *,
                sender: str) -> None:
    """Put the letter with a voice message into the outbox, whether letters of settings are sent or not."""
    settings, now = office.values(session, SETTINGS), office.now()
    language = organizer.language or str(settings["language"])
    from_address, from_name = _sender(organizer, settings, Mailing(), language=language, mailbox=True)
    message_id = f"<{office.world.randbelow(1 << 128):032x}@{_domain(from_address)}>"
    office.written.append(message_id)
    facts = VoiceFacts(name=organizer.name or organizer.address, sender=sender, seconds=message.seconds,
                       sent_at=message.sent_at, offset=office.world.offset(message.sent_at),
                       recording=message.recording, important=message.important, private=message.private)
    session.add(Post(
        message_id=message_id, kind=VOICE_MESSAGE, organizer=organizer.address, recipient=organizer.address,
        recipient_name=organizer.name, sender=from_address, sender_name=from_name,
        language=language, facts=asdict(facts), sealed_pin="", written_at=now, due_at=now))


def _sender(organizer: OrganizerRow, settings: dict[str, Any], mailing: Mailing, *, language: str,
            mailbox: bool) -> tuple[str, str]:
    if mailing.from_address:
        return mailing.from_address, mailing.from_name
    if settings["sender-override"]:
        return settings["sender-address"], settings["sender-name"]
    domain = organizer.address.rpartition("@")[2]
    return f"{'voice-mail' if mailbox else 'audio-conferencing'}@{domain}", sender_name(language, mailbox=mailbox)


def _number(session: Session, organizer: OrganizerRow, *, mailbox: bool) -> str:
    """Return which number to call: one that leads to mailboxes, if a letter is about one and there is any."""
    leading = session.scalars(select(Number.number).where(Number.application == "mailbox")
                              .order_by(Number.number).limit(1)).first() if mailbox else None
    return leading or organizer.service_number


MOST_LISTED = 100
"""Meetings in one letter."""


def _meetings(office: Office, session: Session, organizer: OrganizerRow) -> dict[str, Any]:
    """Return the meetings that can be dialled by IDs of their own, those to come first (C10)."""
    now = office.now()
    of_his = (select(ConferenceId.conference_id, MeetingRow.subject, MeetingRow.starts_at)
              .join(MeetingRow, MeetingRow.id == ConferenceId.meeting_id)
              .where(ConferenceId.organizer_id == organizer.id, MeetingRow.expires_at > now))
    count = session.scalar(select(func.count()).select_from(of_his.subquery())) or 0
    rows = session.execute(of_his.order_by(MeetingRow.ends_at <= now, MeetingRow.starts_at, MeetingRow.id)
                           .limit(MOST_LISTED)).all()
    return {"meetings": [[*row, office.world.offset(row.starts_at)] for row in rows],
            "more_meetings": count - len(rows)}


def _domain(sender: str) -> str:
    try:
        return on_the_wire(sender).rpartition("@")[2]
    except BadHeader:  # an address of an older version: the letter says so when it is to be carried
        return "localhost"


def withdraw(office: Office, session: Session, organizer: OrganizerRow, why: str) -> None:
    """Take back every letter with a PIN of this organizer that has not come yet; what is sealed of it is erased.

    One that is in a carrier's hands at this very moment still arrives. It is done in the transaction that puts
    another PIN in force, so that no letter with the one before is carried after it.
    """
    session.execute(update(Post).where(
        Post.organizer == organizer.address, Post.sealed_pin != "", Post.delivered_at.is_(None))
        .values(withdrawn(office.now(), why)))


def outdated(office: Office, session: Session, organizer: OrganizerRow, ids: Collection[str]) -> None:
    """Let no letter that has not come yet tell one of these IDs, which hold no longer.

    It is withdrawn; one that brings a PIN, which nothing else would, tells what holds now. It is done in the
    transaction that puts other IDs in their place, after that. One that a carrier is just telling of is waited for.
    """
    for letter in session.scalars(select(Post).where(
            Post.organizer == organizer.address, Post.delivered_at.is_(None), Post.withdrawn_at.is_(None))
            .order_by(Post.number).with_for_update()):
        facts = letter.facts
        told = {facts.get("conference_id", ""), *(known for known, *_ in facts.get("meetings", ()))}
        if LetterKind(letter.kind) not in WITH_IDS or facts.get("mailbox") or told.isdisjoint(ids):
            continue
        if letter.sealed_pin:
            letter.facts = {**facts, "conference_id": static_id(session, organizer.id),
                            **_meetings(office, session, organizer)}
        else:
            for name, value in withdrawn(office.now(), "another conference ID has been in force since").items():
                setattr(letter, name, value)


def withdrawn(now: int, why: str) -> dict[str, Any]:
    """Return what is kept of a letter that is withdrawn."""
    return {"withdrawn_at": now, "due_at": None, "sealed_pin": "", "trouble": why}


def readdressed(session: Session, before: str, after: str) -> None:
    """Take it that an organizer has another address: the letters about him are still about him."""
    session.execute(update(Post).where(Post.organizer == before).values(organizer=after))


_ADDED = {LetterKind.ENABLED: "enabled-text", LetterKind.PIN_RESET: "reset-pin-text"}


def _added(office: Office, session: Session, organizer: OrganizerRow, kind: LetterKind) -> str:
    """Return what the policy adds to letters of this kind (F2)."""
    group = office.administration(session).letter_texts_from
    if not group or kind not in _ADDED:
        return ""
    return str(office.value(session, group, _ADDED[kind], organizer) or "")
