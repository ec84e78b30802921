"""Mailboxes at the desk: who has one, what lies in it, and how it greets callers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.directory.errors import NotAllowed, NotEnabled, NotFound
from ivr.directory.identity import enabled
from ivr.directory.office import Office
from ivr.directory.tables import MailboxRow, OrganizerRow, VoiceMessageRow
from ivr.directory.voicemail import Mailboxes
from ivr.voicemail import GreetingKind, HearGreeting, KeepGreeting, Samples, WhatIsSaid


@dataclass(frozen=True, slots=True)
class BoxShown:
    """A mailbox as it is shown.

    Attributes
    ----------
    greeting, away_greeting : str
        "recorded" or "standard".
    """

    address: str
    extension: str
    name: str
    new: int
    read: int
    deleted: int
    away: bool
    greeting: str
    away_greeting: str


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A message as it is shown; `sent_at` is in seconds since 1970, UTC."""

    number: int
    state: str
    sender: str
    sent_at: int
    seconds: int
    important: bool
    private: bool


class Boxes:
    """The desk's part for mailboxes."""

    def __init__(self, office: Office, boxes: Mailboxes) -> None:
        self._office, self._boxes = office, boxes

    def list(self) -> Sequence[BoxShown]:
        """Return all mailboxes, by their extensions."""
        with self._office.store.reading() as session:
            self._are_there(session)
            rows = session.scalars(select(OrganizerRow).where(OrganizerRow.enabled, OrganizerRow.extension != "")
                                   .order_by(OrganizerRow.extension, OrganizerRow.address))
            return [_shown(session, row) for row in rows]

    def show(self, who: str) -> tuple[BoxShown, Sequence[MessageShown]]:
        """Return a mailbox and its messages, the latest first.

        Raises
        ------
        NotFound, NotEnabled, NotAllowed
        """
        with self._office.store.reading() as session:
            owner = self._owner(session, who)
            rows = session.scalars(select(VoiceMessageRow).where(VoiceMessageRow.organizer_id == owner.id)
                                   .order_by(VoiceMessageRow.id.desc()))
            return _shown(session, owner), [
                MessageShown(row.id, row.state, _sender(session, row), row.sent_at, row.seconds, row.important,
                             row.private) for row in rows]

    def message(self, who: str, number: int) -> Samples:
        """Return what is said in a message of a mailbox. int16 array [shape=(n,)].

        Raises
        ------
        NotFound
            Also if it is in another mailbox.
        """
        with self._office.store.reading() as session:
            owner = self._owner(session, who)
            row = session.get(VoiceMessageRow, number)
            if row is None or row.organizer_id != owner.id:
                raise NotFound(f"{owner.address} has no message {number}: 'ivr mailbox show {owner.address}' lists "
                               "them")
        return self._boxes.messages.hear(WhatIsSaid(number))

    def greeting(self, who: str, kind: GreetingKind) -> Samples | None:
        """Return a greeting; None where none was recorded."""
        with self._office.store.reading() as session:
            key = self._owner(session, who).id
        answer = self._boxes.answer(HearGreeting(key, kind))
        return None if answer is None else answer  # type: ignore[return-value]

    def greet(self, who: str, kind: GreetingKind, samples: Samples | None) -> BoxShown:
        """Let a mailbox greet callers with a recording, or with our own words again."""
        with self._office.store.reading() as session:
            key = self._owner(session, who).id
        if samples is not None:
            self._boxes.answer(KeepGreeting(key, kind, samples))
        else:
            self._boxes.forget_greeting(key, kind)
        return self.show(who)[0]

    def _are_there(self, session: Session) -> None:
        product = self._office.administration(session)
        if not product.mailbox:
            raise NotAllowed(f"with the administration {product.name!r} there are no mailboxes: 'ivr settings set "
                             "--administration um' makes the desk that of Outlook Voice Access")

    def _owner(self, session: Session, who: str) -> OrganizerRow:
        self._are_there(session)
        owner = enabled(session, who)
        if not owner.extension:
            raise NotEnabled(f"{owner.address} has no extension, and so no mailbox: 'ivr organizer set "
                             f"{owner.address} --extension 36697' gives one")
        return owner


def _shown(session: Session, owner: OrganizerRow) -> BoxShown:
    states = list(session.scalars(select(VoiceMessageRow.state).where(VoiceMessageRow.organizer_id == owner.id)))
    own = session.get(MailboxRow, owner.id)
    told = ["recorded" if own and name else "standard"
            for name in ((own.greeting, own.away_greeting) if own else ("", ""))]
    return BoxShown(owner.address, owner.extension, owner.name, states.count("new"), states.count("read"),
                    states.count("deleted"), bool(own and own.away), *told)


def _sender(session: Session, row: VoiceMessageRow) -> str:
    known = session.get(OrganizerRow, row.sender_id) if row.sender_id else None
    return known.address if known else row.sender_phone or "not known"
