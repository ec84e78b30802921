"""The administrator's desk: who may start which meeting, and the letters about it.

Each method of each part is one transaction. All of it works on SQLite and on PostgreSQL, for several
processes at once.
"""

from sqlalchemy import select

from ivr.directory.boxes import Boxes
from ivr.directory.checks import Checks
from ivr.directory.conference_ids import ConferenceIds
from ivr.directory.numbers import Numbers
from ivr.directory.office import Office, World, founding
from ivr.directory.organizers import Organizers
from ivr.directory.outbox import Outbox
from ivr.directory.resets import Pins
from ivr.directory.schedule import Schedule
from ivr.directory.settings import Settings
from ivr.directory.store import Database
from ivr.directory.tables import Base
from ivr.directory.voicemail import Mailboxes


class Desk:
    """A directory at work.

    Parameters
    ----------
    url : str
        Where the database is: see `Database`.
    world : World
        Clock, chance and vault.

    Attributes
    ----------
    organizers, pins, conference_ids, meetings, settings, numbers, boxes : parts for the administrator
    outbox : Outbox
        Letters, for whoever delivers them.
    checks : Checks
        What a call asks.
    voicemail : Mailboxes
        What a call to voice mail asks.

    Raises
    ------
    StoreError
        If the database cannot be opened.
    """

    def __init__(self, url: str, world: World) -> None:
        self.store = Database(url, founding(world))
        office = Office(self.store, world)
        self.organizers, self.pins = Organizers(office), Pins(office)
        self.conference_ids, self.meetings = ConferenceIds(office), Schedule(office)
        self.settings, self.numbers = Settings(office), Numbers(office)
        self.outbox, self.checks = Outbox(office), Checks(office)
        self.voicemail = Mailboxes(office)
        self.boxes = Boxes(office, self.voicemail)

    def contents(self) -> list[str]:
        """Return all that is kept here, a row each: for finding out whether anything has come to it."""
        with self.store.reading() as session:
            return [repr(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()
