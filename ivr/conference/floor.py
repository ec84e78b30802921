"""What happens in meetings and their lobbies: who comes, goes, is let in, and when it is over."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ivr.clock import Timers
from ivr.conference.announcing import TOLD, Announcer, name_of
from ivr.conference.caller import Caller
from ivr.conference.ending import ENDS, end_of, next_look
from ivr.conference.flow import MeetingAnswer, RoomAnswer, Told
from ivr.conference.place import Named, Place
from ivr.conference.profile import Profile
from ivr.conference.rooms import Rooms
from ivr.engine.application import Queue
from ivr.engine.sound import Samples
from ivr.journal import Entry, Journal
from ivr.questions import Found
from lobby.rooms import Goes, Joins, Outcome, Over

LOBBY = "lobby"
"""Kind of the timer of a call that is due when its time in the lobby is over, or almost."""

_STILL_ASKED = frozenset({"organizer-question", "pin", "checking-pin"})


class Floor:
    """Comings and goings of all meetings.

    Parameters
    ----------
    queue : Queue
        By which callers are told what others do.
    started : callable
        Told the key of each meeting that starts.
    """

    def __init__(self, calls: Mapping[int, Caller], rooms: Rooms, queue: Queue, announcer: Announcer,
                 timers: Timers, journal: Journal, profile: Profile, started: Callable[[str], None]) -> None:
        self._calls, self._rooms, self._queue, self._announcer = calls, rooms, queue, announcer
        self._timers, self._journal, self._profile, self._started = timers, journal, profile, started
        self._warned: set[int] = set()

    # at the door

    def found(self, call: Caller, answer: Found, at: int) -> MeetingAnswer:
        """Take the meeting that a caller has asked for; return whether he is asked who he is."""
        call.meeting = answer.meeting
        place = self._rooms.place(call.meeting)
        place.found(replace(self._profile, **answer.options) if answer.options else self._profile,
                    anyone_may_start=answer.anyone_may_start)
        if place.room.running:
            self._look_at_end(place, at)
        call.profile = place.profile
        place.approach(call.serial)
        return MeetingAnswer.QUESTION if self._asks(place) else MeetingAnswer.NO_QUESTION

    @staticmethod
    def _asks(place: Place) -> bool:
        asked = place.profile.pin_asked
        if not place.room.running:
            return ("anyone may start" if place.anyone_may_start else "not started") in asked
        return ("locked" in asked and place.room.locked) or ("no organizer" in asked and not place.known)

    def answer(self, call: Caller) -> RoomAnswer:
        """Return what a room answers to somebody who comes (A2, A3)."""
        place = self._rooms.place(call.meeting)
        if call.wants_name:
            return RoomAnswer.NAME_WANTED
        room = place.room
        if call.authenticated:
            return RoomAnswer.LEADS if room.running else (
                RoomAnswer.OPENS_FOR_ALL if self._admits_at_start(place) else RoomAnswer.OPENS)
        inside = sum(1 for _ in place.callers) + len(room.waiting)
        if inside >= place.profile.participants:
            return RoomAnswer.FULL
        if not room.running:
            return RoomAnswer.MAY_START if place.anyone_may_start else RoomAnswer.NOT_STARTED
        if room.locked:
            return RoomAnswer.LOCKED
        return RoomAnswer.MAY_JOIN if self._passes(place) else RoomAnswer.NOT_ADMITTED

    @staticmethod
    def _admits_at_start(place: Place) -> bool:
        return place.profile.start_admits == "everyone" or place.profile.admits_by_policy

    @staticmethod
    def _passes(place: Place) -> bool:
        profile = place.profile
        entitled = place.known or place.anyone_may_start or not profile.bypass_needs_authenticated
        return place.opened or (entitled and (profile.dial_in_bypass or profile.admits_by_policy))

    # coming

    def wait(self, call: Caller, at: int) -> None:
        """Put a caller into the lobby (A3.1)."""
        place = self._rooms.place(call.meeting)
        place.arrive(call.serial)
        place.room.come(call.serial, passes=False)
        self._note(call, at, "lobby", meeting=call.conference_id)
        self._set_lobby_timer(call, at, warned=False)
        if place.room.running:
            self._announcer.somebody_waits(place, at)

    def start(self, call: Caller, at: int) -> None:
        """Let in one who can start the meeting, and whoever comes in with him."""
        place = self._rooms.place(call.meeting)
        place.arrive(call.serial)
        began = not place.room.running
        for_all = self._admits_at_start(place) if began else (
            place.profile.bypass_needs_authenticated and place.profile.dial_in_bypass and not place.known)
        outcomes = place.room.open(call.serial, for_all=for_all)
        if began:
            self._begins(place, at, call)
        if call.authenticated:
            place.lead(call.serial)
        self._joined(place, call, at, told=not began)
        self._settle(place, outcomes, call.serial)
        if call.authenticated and place.room.waiting:
            self._announcer.somebody_waits(place, at)
        self._look_at_end(place, at)

    def join(self, call: Caller, at: int) -> None:
        """Let a caller into a meeting that runs; those who were let in are in it already."""
        place = self._rooms.place(call.meeting)
        place.arrive(call.serial)
        if call.serial not in place.room:
            place.room.come(call.serial, passes=True)
        self._joined(place, call, at)
        self._look_at_end(place, at)

    def promote(self, call: Caller, at: int) -> None:
        """Take it that a member's PIN was right."""
        place = self._rooms.place(call.meeting)
        place.lead(call.serial)
        self._note(call, at, "promoted", meeting=call.conference_id, role="organizer")
        self._look_at_end(place, at)

    def app_joins(self, meeting: str, conference_id: str, name: str, at: int) -> None:
        """Let in somebody with the app, who is known and so starts the meeting (A2.5, A3.2)."""
        place = self._rooms.place(meeting)
        began = not place.room.running
        who = self._rooms.app_user()
        outcomes = place.room.open(who, for_all=self._admits_at_start(place) if began else False)
        place.app_enters(who, name)
        if began:
            place.begin(conference_id, at)
            self._journal.write(Entry(at, 0, name, "started", {"meeting": conference_id, "by": name,
                                                               "in_app": True}))
            self._started(meeting)
        place.change(at)
        if not began:
            self._announcer.came(place, who, at)
        self._settle(place, outcomes, who)
        self._look_at_end(place, at)

    def app_leaves(self, meeting: str, name: str, at: int) -> None:
        """Let somebody with the app go."""
        place = self._rooms.find(meeting)
        who = place.in_the_app(name) if place else 0
        if place is None or not who:
            return
        self._rooms.leaves(who)
        called = self._announcer.called(place, who)
        outcomes = place.room.leave(who)
        place.app_exits(who, at)
        self._journal.write(Entry(at, 0, name, "left", {"what": "meeting", "meeting": place.conference_id,
                                                        "in_app": True}))
        self._gone(place, who, called, outcomes, at)

    def app_says(self, place: Place, name: str, samples: Samples) -> None:
        """Let callers hear somebody with the app; nothing if nobody of this name is in."""
        if who := place.in_the_app(name):
            self._rooms.says(place, who, samples)

    def app_mutes(self, place: Place, name: str, *, muted: bool) -> None:
        """Take it that somebody with the app mutes himself, or speaks again."""
        if who := place.in_the_app(name):
            self._rooms.mute_outside(place, who, muted=muted)

    def _begins(self, place: Place, at: int, call: Caller) -> None:
        """Begin a meeting that a caller starts; that its end is looked for tells that this is done."""
        place.begin(call.conference_id, at)
        self._note(call, at, "started", meeting=call.conference_id, by=call.caller)
        self._started(call.meeting)
        self._look_at_end(place, at)

    def _joined(self, place: Place, call: Caller, at: int, *, told: bool = True) -> None:
        self._rooms.enter(place, call.row)
        self._timers.cancel(call.serial, LOBBY)
        # only where his ID is another does it have to be said that it is this very meeting
        other = {} if call.conference_id == place.conference_id else {"started_as": place.conference_id}
        self._note(call, at, "joined", meeting=call.conference_id, role="organizer" if call.authenticated else
                   "participant", **other)
        if place.hushed and place.profile.mute_all_holds and not call.authenticated:
            self._rooms.mute(place, call.serial, call.row, muted=True)
        place.change(at)
        if told:
            self._announcer.came(place, call.serial, at)

    def _settle(self, place: Place, outcomes: list[Outcome], starter: int) -> None:
        """Tell those who come in with somebody, and those who need not say any more who they are (A2.3)."""
        for outcome in outcomes:
            if isinstance(outcome, Joins) and outcome.who != starter:
                self._queue.tell(outcome.who, Told.ADMITTED)
        if not self._asks(place):
            self._ask_no_more(place)

    def _ask_no_more(self, place: Place) -> None:
        for serial in place.approaching:
            if self._calls[serial].state in _STILL_ASKED:
                self._queue.tell(serial, Told.MEETING_STARTED)

    # being let in, and not

    def admit(self, call: Caller, at: int) -> bool:
        """Let one in from the lobby (A3.18); return whether he was there, and the meeting runs."""
        place = self._rooms.find(call.meeting)
        if place is None or not place.room.running or not place.room.waits(call.serial):
            return False
        self._note(call, at, "admitted", meeting=call.conference_id)
        self._settle(place, place.room.admit(call.serial), 0)
        return True

    def admit_all(self, place: Place, at: int) -> int:
        """Let everyone in, and those who come later too where the product does so (A3.19); return how many."""
        place.open_lobby()
        waiting = place.room.waiting
        for serial in waiting:
            call = self._calls[serial]
            self._note(call, at, "admitted", meeting=call.conference_id)
        self._settle(place, place.room.admit_all(), 0)
        return len(waiting)

    def deny(self, call: Caller, at: int) -> bool:
        """Send one away from the lobby (A3.18); return whether he was there."""
        place = self._rooms.find(call.meeting)
        if place is None or not place.room.waits(call.serial):
            return False
        self._note(call, at, "denied", meeting=call.conference_id)
        self._queue.tell(call.serial, Told.DENIED)
        return True

    def lobby_time(self, call: Caller, at: int) -> None:
        """Take it that a caller's time in the lobby is over, or almost; he is told (A3.14)."""
        lasting, warning = call.profile.lobby_timeout, call.profile.lobby_warning
        if warning and call.serial not in self._warned and warning < lasting:
            self._set_lobby_timer(call, at, warned=True)
            self._announcer.tell(call, at, "lobby-ends-soon")
            return
        self._note(call, at, "lobby-over", meeting=call.conference_id)
        self._queue.tell(call.serial, Told.LOBBY_OVER)

    def _set_lobby_timer(self, call: Caller, at: int, *, warned: bool) -> None:
        lasting, warning = call.profile.lobby_timeout, call.profile.lobby_warning
        (self._warned.add if warned else self._warned.discard)(call.serial)
        if not lasting:
            return
        early = warning if warning < lasting else 0
        self._timers.set(call.serial, LOBBY, at + (early if warned else lasting - early))

    # going

    def leave(self, call: Caller, at: int) -> None:
        """Let a caller go from wherever he is (A6.8)."""
        self._timers.cancel(call.serial, LOBBY)
        self._warned.discard(call.serial)
        place = self._rooms.find(call.meeting)
        if place is None:
            return
        place.leave(call.serial)
        inside = call.serial in place.room
        if inside or place.room.waits(call.serial):
            outcomes = place.room.leave(call.serial)
            self._note(call, at, "left", what="meeting" if inside else "lobby", meeting=call.conference_id)
            if inside:
                self._rooms.exit(call.row)
                place.lead_no_more(call.serial, at)
                self._gone(place, call.serial, name_of(call), outcomes, at)
        self._rooms.drop_if_empty(place)

    def _gone(self, place: Place, who: int, called: Named, outcomes: list[Outcome], at: int) -> None:
        place.change(at)
        if any(isinstance(outcome, Over) for outcome in outcomes):
            self._over(place, at, "")
        else:
            self._announcer.went(place, who, called, at)
            self._look_at_end(place, at)

    def _over(self, place: Place, at: int, because: str) -> None:
        facts = {"meeting": place.conference_id} | ({"because": because} if because else {})
        self._journal.write(Entry(at, 0, "", "over", facts))
        self._timers.cancel(-place.number, ENDS)
        self._timers.cancel(-place.number, TOLD)
        for who in place.app:
            self._rooms.leaves(who)
        place.end()
        self._rooms.drop_if_empty(place)

    # a fault

    def mend(self, call: Caller, at: int) -> None:
        """Put a meeting in order in which a call's work has broken off: he is out, and what he has done is done."""
        self.leave(call, at)
        self._rooms.exit(call.row)
        place = self._rooms.find(call.meeting)
        if place is None:
            return
        place.forget(call.serial)
        begun = self._timers.has(-place.number, ENDS)
        if not place.room.running:
            if begun:
                self._over(place, at, "")
            return
        if not begun:
            self._begins(place, at, call)
        for serial in place.callers:
            if self._calls[serial].state == "lobby":
                self._queue.tell(serial, Told.ADMITTED)
        if not self._asks(place):
            self._ask_no_more(place)
        self._look_at_end(place, at)

    # the end

    def end(self, place: Place, at: int, because: str) -> None:
        """End a meeting for everybody: they hear so, then their calls end (A6)."""
        for outcome in place.room.end():
            if isinstance(outcome, Goes) and outcome.who in self._calls:  # those with the app have no call
                call = self._calls[outcome.who]
                if call.state == "meeting":
                    self._rooms.exit(call.row)
                self._note(call, at, "left", what="meeting" if call.state == "meeting" else "lobby",
                           meeting=call.conference_id)
                self._queue.tell(outcome.who, Told.MEETING_ENDED)
        self._over(place, at, because)

    def end_time(self, place: Place, at: int) -> None:
        """Take it that a meeting's end, or the warning of it, has come."""
        if not place.room.running:
            return
        end, because = end_of(place)
        if end <= at:
            self.end(place, at, because)
            return
        self._announcer.tell_all(place.callers, at, "meeting-ends-soon")
        self._journal.write(Entry(at, 0, "", "ends-soon", {"meeting": place.conference_id}))
        self._look_at_end(place, at)

    def _look_at_end(self, place: Place, at: int) -> None:
        """Set its timer; to be done whenever something has changed by which a meeting ends."""
        self._timers.set(-place.number, ENDS, next_look(place, at))

    def _note(self, call: Caller, at: int, event: str, **facts: object) -> None:
        self._journal.write(Entry(at, call.serial, call.caller, event, facts))
