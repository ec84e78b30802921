"""What commands in a meeting do, whether by key or by whoever runs the bridge (A5, A3.18, A4.9, A4.10)."""

from collections.abc import Callable, Mapping

from ivr.conference.announcing import Announcer
from ivr.conference.caller import Caller
from ivr.conference.commands import FOR_ORGANIZERS, Command, in_order
from ivr.conference.floor import Floor
from ivr.conference.flow import Told
from ivr.conference.place import Place
from ivr.conference.rooms import Rooms
from ivr.engine.application import Queue
from ivr.journal import Entry, Journal

_NAMED = 20
"""So many are named in a roll call; of more it is told how many they are."""


class Moderator:
    """Does commands."""

    def __init__(self, calls: Mapping[int, Caller], rooms: Rooms, floor: Floor, announcer: Announcer,
                 queue: Queue, journal: Journal) -> None:
        self._calls, self._rooms, self._floor, self._announcer = calls, rooms, floor, announcer
        self._queue, self._journal = queue, journal
        self._doing: Mapping[Command, Callable[[Place, Caller, int], None]] = {
            Command.HELP: self._help, Command.MUTE: self._mute, Command.HAND: self._hand,
            Command.ROLL_CALL: self._roll_call, Command.ADMIT_ALL: self._admit_all,
            Command.MUTE_ALL: self._mute_all, Command.ANNOUNCEMENTS: self._announcements,
            Command.LOCK: self._lock, Command.OPERATOR: self._operator}

    def do(self, call: Caller, command: Command | None, at: int) -> None:
        """Do what a caller's keys ask for; what is no command, or not for him, is told to him alone."""
        place = self._rooms.place(call.meeting)
        if command is None:
            self._note(call, at, "command", what="unknown")
            self._announcer.tell(call, at, "unknown-command")
            self._announcer.tell_of_key(call, at, Command.HELP, "help-help")
        elif command in FOR_ORGANIZERS and call.serial not in place.leaders:
            self._note(call, at, "command", what=command.value, refused=True)
            self._announcer.tell(call, at, "organizer-only")
        else:
            self._note(call, at, "command", what=command.value)
            self._doing[command](place, call, at)

    # for everyone

    def _help(self, place: Place, call: Caller, at: int) -> None:
        self._announcer.tell(call, at, "help")
        for command, _ in in_order(call.command_keys, organizer=call.serial in place.leaders):
            self._announcer.tell_of_key(call, at, command, f"help-{command.value}")

    def _mute(self, place: Place, call: Caller, at: int) -> None:
        if call.serial not in place.muted:
            self._rooms.mute(place, call.serial, call.row, muted=True)
            self._announcer.tell(call, at, "muted")
        elif place.hushed and place.profile.mute_all_holds and call.serial not in place.leaders:
            self._announcer.tell(call, at, "muted-by-organizer")
        else:
            self._rooms.mute(place, call.serial, call.row, muted=False)
            self._announcer.tell(call, at, "unmuted")

    def _hand(self, place: Place, call: Caller, at: int) -> None:
        up = place.raise_hand(call.serial)
        self._announcer.tell(call, at, "hand-raised" if up else "hand-lowered")

    def _roll_call(self, place: Place, call: Caller, at: int) -> None:
        others = [who for who in place.room.members if who != call.serial]
        if 0 < len(others) <= _NAMED:
            self._announcer.tell_all([call.serial], at, "roll-call",
                                     [self._announcer.called(place, who) for who in others])
        else:
            self._announcer.tell(call, at, "people-here", count=min(len(others) + 1, 999))

    def _operator(self, place: Place, call: Caller, at: int) -> None:  # noqa: ARG002  (as the others)
        self._queue.tell(call.serial, Told.OPERATOR)

    # for organizers

    def _admit_all(self, place: Place, call: Caller, at: int) -> None:
        waited = self._floor.admit_all(place, at)
        self._announcer.tell(call, at, "everyone-admitted" if waited or place.opened else "nobody-waits")

    def _mute_all(self, place: Place, call: Caller, at: int) -> None:
        self.mute_all(place, at, muted=not place.hushed)
        self._announcer.tell(call, at, "everyone-muted" if place.hushed else "everyone-may-speak")

    def _announcements(self, place: Place, call: Caller, at: int) -> None:
        tells = place.announce()
        self._announcer.tell(call, at, "announcements-on" if tells else "announcements-off")

    def _lock(self, place: Place, call: Caller, at: int) -> None:  # noqa: ARG002  (as the others)
        self.lock(place, at, locked=not place.room.locked)

    # by key or otherwise

    def mute_all(self, place: Place, at: int, *, muted: bool) -> None:
        """Mute everyone but organizers, or let them speak again; who is muted stays so until he unmutes himself."""
        place.hush(hushed=muted)
        for serial in [one for one in place.callers if one not in place.leaders]:
            call = self._calls[serial]
            if muted:
                self._rooms.mute(place, serial, call.row, muted=True)
                self._announcer.tell(call, at, "muted-by-organizer")
            if serial in place.muted and not (muted and place.profile.mute_all_holds):
                self._announcer.tell_of_key(call, at, Command.MUTE, "may-unmute")

    def lock(self, place: Place, at: int, *, locked: bool) -> None:
        """Lock a meeting or unlock it (A3.13); those in it by phone are told (A4.10)."""
        place.room.lock(locked=locked)
        self._journal.write(Entry(at, 0, "", "locked" if locked else "unlocked",
                                  {"meeting": place.conference_id}))
        self._announcer.tell_all(place.callers, at, "meeting-is-locked" if locked else "meeting-is-unlocked")

    def recording(self, place: Place, at: int, *, on: bool) -> None:
        """Tell those in a meeting by phone that it is recorded from now on, or no more (A4.10)."""
        self._journal.write(Entry(at, 0, "", "recording", {"what": "starts" if on else "stops",
                                                           "meeting": place.conference_id}))
        self._announcer.tell_all(place.callers, at, "recording-on" if on else "recording-off")

    def _note(self, call: Caller, at: int, event: str, **facts: object) -> None:
        self._journal.write(Entry(at, call.serial, call.caller, event, facts))
