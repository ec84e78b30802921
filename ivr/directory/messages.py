"""Messages in mailboxes: each is a recording and a row, and a letter tells of it."""

from contextlib import suppress
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.clock import RATE
from ivr.directory.errors import NotFound
from ivr.directory.letters import write_voice
from ivr.directory.office import Office
from ivr.directory.tables import MailboxRow, OrganizerRow, VoiceMessageRow
from ivr.directory.whens import when
from ivr.voicemail import Keep, Leave, Left, Mailbox, Samples, VoiceMessage, WhatIsSaid

KEPT_S = 14 * 86_400
"""How long a message is kept that its owner has deleted [U]."""


class Messages:
    """The desk's part for messages."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def leave(self, question: Leave) -> Left:
        """Put a message into mailboxes.

        Recordings are kept first, one for each, then all rows and letters come in one transaction: where the
        program ends in between, there are recordings that nobody knows, which `sweep` takes away.
        """
        office = self._office
        names = {box: f"message-{office.world.randbelow(1 << 64):016x}" for box in question.boxes}
        for name in names.values():
            office.world.recordings.keep(name, question.samples)
        new = {}
        with office.store.writing() as session:
            for box, name in names.items():
                organizer = session.get(OrganizerRow, box)
                if organizer is None or not organizer.enabled:
                    office.world.recordings.drop(name)
                    continue
                row = VoiceMessageRow(
                    organizer_id=organizer.id, recording=name, sender_id=question.sender_box,
                    sender_phone=question.phone, sent_at=office.now(),
                    seconds=max(1, round(len(question.samples) / RATE)),
                    important=question.important, private=question.private, state="new",
                    others=[str(one) for one in question.boxes if one != box])
                session.add(row)
                session.flush()
                write_voice(office, session, organizer, row, sender=_sender(session, row))
                new[box] = self.waiting(session, organizer.id)
        return Left(new)

    def hear(self, question: WhatIsSaid) -> Samples:
        """Return what is said in a message; silence if it is there no more."""
        with self._office.store.reading() as session:
            row = session.get(VoiceMessageRow, question.message)
            name = row.recording if row else ""
        with suppress(NotFound):
            return self._office.world.recordings.read(name)
        return np.zeros(RATE, np.int16)

    def keep(self, question: Keep) -> int:
        """Keep a message in another state; return how many new ones there are."""
        with self._office.store.writing() as session:
            row = session.get(VoiceMessageRow, question.message, with_for_update=True)
            if row is None:
                return 0
            row.state = question.state
            row.deleted_at = self._office.now() if question.state == "deleted" else None
            session.flush()
            return self.waiting(session, row.organizer_id)

    def of(self, session: Session, box: Mailbox) -> tuple[VoiceMessage, ...]:
        """Return the messages of a mailbox, new ones first, without those that were deleted."""
        rows = session.scalars(select(VoiceMessageRow).where(
            VoiceMessageRow.organizer_id == box.key, VoiceMessageRow.state != "deleted")
            .order_by(VoiceMessageRow.id))
        shown = [self._shown(session, row, box) for row in rows]
        return tuple(sorted(shown, key=lambda one: one.state != "new"))

    @staticmethod
    def waiting(session: Session, box: int) -> int:
        """Return how many new messages a mailbox has."""
        return session.scalar(select(func.count()).select_from(VoiceMessageRow).where(
            VoiceMessageRow.organizer_id == box, VoiceMessageRow.state == "new")) or 0

    def sweep(self) -> int:
        """Take away what was deleted long ago, and recordings that have no row; return how many."""
        office = self._office
        with office.store.writing() as session:
            old = session.scalars(select(VoiceMessageRow).where(
                VoiceMessageRow.deleted_at <= office.now() - KEPT_S).order_by(VoiceMessageRow.id)
                .with_for_update()).all()
            gone = [row.recording for row in old]
            for row in old:
                session.delete(row)
        lying = set(office.world.recordings.names())
        with office.store.reading() as session:
            known = set(session.scalars(select(VoiceMessageRow.recording)))
            for own in session.scalars(select(MailboxRow)):
                known |= {own.greeting, own.away_greeting}
        gone += sorted(lying - known)
        for name in gone:
            office.world.recordings.drop(name)
        return len(gone)

    @staticmethod
    def _shown(session: Session, row: VoiceMessageRow, box: Mailbox) -> VoiceMessage:
        facts: dict[str, Any] = {"state": row.state}
        known = session.get(OrganizerRow, row.sender_id) if row.sender_id else None
        there = known is not None and known.enabled and bool(known.extension)
        others = [one for one in (session.get(OrganizerRow, int(other)) for other in row.others)
                  if one is not None and one.enabled and one.extension]
        facts["others"] = tuple(Mailbox(one.id, one.name or one.local_part, one.extension) for one in others)
        return VoiceMessage(row.id, _sender(session, row), row.sender_id if there else 0,
                            known.extension if known else "", _number_of(session, row), when(row.sent_at, box),
                            row.seconds, important=row.important, private=row.private, **facts)


def _sender(session: Session, row: VoiceMessageRow) -> str:
    """Return who has left a message: a name, else a number, else nothing."""
    known = session.get(OrganizerRow, row.sender_id) if row.sender_id else None
    return (known.name or known.local_part) if known else row.sender_phone


def _number_of(session: Session, row: VoiceMessageRow) -> str:
    known = session.get(OrganizerRow, row.sender_id) if row.sender_id else None
    return row.sender_phone or (known.phone or known.extension if known else "")
