"""The meetings that a call finds: those of the command line, else those of the directory."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ivr.cli.desk.kit import told_lying, told_troubles
from ivr.cli.faults import UsageError
from ivr.desk.opening import database_url, exists, open_desk
from ivr.desk.posting import deliver
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.application import Builder
from ivr.live.asking import Aside
from ivr.live.voicemail import MailAside
from ivr.mailbox.application import leads_of
from ivr.questions import Directory
from prompts import languages

Numbers = Mapping[str, tuple[str, ...]]
"""The languages of the numbers that can be dialled, the primary one first."""

_NOBODY_YET = ("ivr: nobody organizes meetings yet, so no conference ID is known: type 'ivr organizer enable "
               "ADDRESS' and 'ivr meeting schedule ADDRESS' in another shell, or start with --meeting ID:PIN:NAME")


def meetings_of(texts: Sequence[str], database: str) -> list[Meeting]:
    """Return the meetings that --meeting gives, where --database does not say where they are.

    Raises
    ------
    UsageError
        If both are given, or a meeting cannot be read.
    """
    if texts and database:
        raise UsageError("--meeting names meetings itself and --database says where they are: take one of the two")
    return [meeting_of(text) for text in texts]


def meeting_of(text: str) -> Meeting:
    """Return a meeting as --meeting gives it: ID, ID:PIN or ID:PIN:NAME.

    Raises
    ------
    UsageError
        If it begins with what may be a PIN.
    """
    conference_id, _, rest = text.partition(":")
    pin, _, name = rest.partition(":")
    if len(pin) == 7 != len(conference_id):
        # the first part may be a PIN, so it is not shown
        raise UsageError("--meeting takes ID:PIN:NAME in this order, and an ID has 7 digits: the first part has "
                         f"{len(conference_id)} characters")
    return Meeting(conference_id, pin, name or "organizer")


@contextmanager
def directory_of(known: Sequence[Meeting], database: str, *, patient: bool, here: str = "",
                 founds: bool = False) -> Iterator[tuple[Directory, Numbers, Mapping[str, Builder]]]:  # fmt: skip
    """Give what knows the meetings, the numbers, and which of them lead elsewhere.

    It is the command line, else the directory if there is one.

    Parameters
    ----------
    known : sequence of Meeting
    database : str
        As --database names it; empty for the user's own.
    patient : bool
        As for `Aside`: whether answers are waited for, as in a call that is not live.
    here : str
        As for `Aside`: by which name others reach this process, where several share the directory.
    founds : bool
        Whether the user's own is founded where there is none, and what makes meetings of it said where it has none.

    Raises
    ------
    DirectoryError
        If it cannot be opened.
    """
    if known or not (founds or database or exists(database_url())):
        yield Meetings(list(known)), {}, {}
        return
    desk = open_desk(database, founds=False)
    if founds and not desk.organizers.list(limit=1):
        print(_NOBODY_YET, file=sys.stderr, flush=True)
    aside, mail = Aside(desk.checks, here, patient=patient), None
    try:
        spoken, numbers = languages(), desk.numbers.list()
        leads: dict[str, Builder] = {}
        if applications := desk.numbers.applications():
            desk.voicemail.messages.sweep()
            mail = MailAside(desk.voicemail, patient=patient)
            leads = leads_of(applications, mail, spoken)
        yield aside, {one.number: tuple(own for own in one.languages if own in spoken) for one in numbers}, leads
        aside.answers()
        if mail is not None:
            mail.close()
        delivered = deliver(desk, database)
        if desk.outbox.lost():  # one of this call, such as with the PIN that the system has made
            told_troubles(delivered.troubles)
            told_lying(desk.outbox.lying())
    finally:
        aside.close()
        if mail is not None:
            mail.close()
        desk.close()
    for fault in (*aside.faults, *(mail.faults if mail is not None else ())):
        print(f"ivr: {fault}", file=sys.stderr)
