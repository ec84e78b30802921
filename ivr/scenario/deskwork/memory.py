"""What a story knows of its PINs and conference IDs: the present ones, and those before.

PINs are nowhere in the database, so they are kept here as they are given; the database tells when one has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from ivr.directory.ids import key as key_of
from ivr.directory.office import Office
from ivr.directory.tables import ConferenceId, OrganizerRow
from ivr.scenario.errors import NothingThere

Key = tuple[str, int | None]
"""Whose ID it is: an organizer's address, and the number of the meeting; None for the one of all his meetings."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one organizer's PIN stands."""

    enabled: bool
    pin_hash: str = field(repr=False)
    locked: bool
    locked_until: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How all PINs and IDs stand at one moment."""

    people: Mapping[str, Standing]
    ids: Mapping[Key, str]
    meetings: Mapping[str, str]
    """What the bridge knows the meeting of an ID by."""


def snapshot(office: Office) -> Snapshot:
    """Look how everything stands."""
    with office.store.reading() as session:
        people = {row.address: Standing(row.enabled, row.pin_hash, row.tries_locked, row.tries_locked_until)
                  for row in session.scalars(select(OrganizerRow).order_by(OrganizerRow.id))}
        rows = session.execute(
            select(OrganizerRow.address, OrganizerRow.id, ConferenceId.meeting_id, ConferenceId.conference_id)
            .join(ConferenceId, ConferenceId.organizer_id == OrganizerRow.id)
            .order_by(ConferenceId.conference_id)).all()
    return Snapshot(people, {(row.address, row.meeting_id): row.conference_id for row in rows},
                    {row.conference_id: key_of(row.id, row.meeting_id) for row in rows})


class Memory:
    """PINs and IDs through the story.

    Attributes
    ----------
    meetings : dict of name to (address, number)
        Whose the meetings are that have a name.
    now : Snapshot
    """

    def __init__(self, first: Snapshot) -> None:
        self.now = first
        self.meetings: dict[str, tuple[str, int]] = {}
        self._pins: dict[str, list[str | None]] = {}
        self._former: dict[Key, list[str]] = {}
        self._first: dict[str, str] = {}
        self._led_to = dict(first.meetings)

    def begins(self, pins: Mapping[str, str]) -> None:
        """Take it that everybody has had his PIN for long."""
        for address, pin in pins.items():
            self.given(address, pin)
            self._first[address] = self.now.people[address].pin_hash

    def knows_not(self, address: str) -> bool:
        """Tell whether an organizer has a PIN that nobody has seen yet."""
        return self._pins.get(address, [""])[-1] is None

    def present_pin(self, address: str) -> str:
        """Return an organizer's PIN; empty if there is none, or nobody knows it."""
        return self._pins.get(address, [""])[-1] or ""

    def given(self, address: str, pin: str) -> None:
        """Remember a PIN that an organizer has been given."""
        pins = self._pins.setdefault(address, [])
        if pins and pins[-1] is None:
            pins[-1] = pin
        else:
            pins.append(pin)

    def seen(self, new: Snapshot, given: Mapping[str, str]) -> list[str]:
        """Take a new look; `given` are the PINs that somebody has seen. Return whose PINs have changed."""
        changed = []
        for address, standing in new.people.items():
            before = self.now.people.get(address)
            if standing.pin_hash == (before.pin_hash if before else ""):
                continue
            changed.append(address)
            pin = given.get(address) if standing.pin_hash else ""
            if pin is None:
                self._pins.setdefault(address, []).append(None)
            else:
                self.given(address, pin)
            self._first.setdefault(address, standing.pin_hash)
        for key, own in self.now.ids.items():
            if new.ids.get(key) != own:
                self._former.setdefault(key, []).append(own)
        self._led_to |= new.meetings
        self.now = new
        return changed

    def every_pin(self) -> list[str]:
        """Return all PINs that anybody has had."""
        return list(dict.fromkeys(pin for pins in self._pins.values() for pin in pins if pin))

    def is_first(self, address: str) -> bool:
        """Tell whether an organizer has the PIN that he had first."""
        standing = self.now.people.get(address)
        return standing is not None and standing.pin_hash == self._first.get(address, "")

    def ids_of(self, name: str) -> list[str]:
        """Return the present IDs of an organizer, or of a meeting by its name."""
        return [own for key, own in self.now.ids.items() if self._is(key, name)]

    def every_id_of(self, meeting: str) -> list[str]:
        """Return all IDs that a meeting has had."""
        return [*self.ids_of(meeting), *(own for key, olds in self._former.items() for own in olds
                                         if self._is(key, meeting))]

    def meeting_of(self, conference_id: str) -> str:
        """Return the key of the meeting that an ID leads to, or has led to last; empty if it never did."""
        return self._led_to.get(conference_id, "")

    def alike(self, conference_id: str) -> list[str]:
        """Return all IDs of the meeting that an ID leads to, or has led to last."""
        meeting = self.meeting_of(conference_id)
        return [own for own, one in self._led_to.items() if one == meeting] if meeting else [conference_id]

    def value(self, old: bool, what: str, name: str) -> str:
        """Return a PIN or an ID for a placeholder.

        Raises
        ------
        NothingThere
            With a sentence, if there is none, or several.
        """
        return self._pin(old, name) if what == "pin" else self._id(old, name)

    def _pin(self, old: bool, address: str) -> str:
        pins = self._pins.get(address, [])
        if old:
            before = [pin for pin in pins[:-1] if pin]
            if not before:
                raise NothingThere(f"{address} has had no other PIN before this one")
            return before[-1]
        if not pins or pins[-1] == "":
            raise NothingThere(f"{address} has no PIN")
        if pins[-1] is None:
            raise NothingThere(f"nobody knows the PIN of {address}: it was changed, and no letter tells "
                               "the new one")
        return pins[-1]

    def _id(self, old: bool, name: str) -> str:
        found = ([olds[-1] for key, olds in self._former.items() if self._is(key, name)] if old else
                 self.ids_of(name))
        if len(found) > 1:
            raise NothingThere(f"{name} has {len(found)} {'old ' if old else ''}conference IDs: give the meeting a "
                              f"'name' and write {{{'old ' if old else ''}conference id of THAT NAME}}")
        if not found:
            raise NothingThere(f"{name} has had no other conference ID before" if old else
                              f"{name} has no conference ID")
        return found[0]

    def _is(self, key: Key, name: str) -> bool:
        if name in self.meetings:
            # where one ID is for all meetings of an organizer, it is each meeting's
            address, number = self.meetings[name]
            return key in ((address, number), (address, None))
        return key[0] == name
