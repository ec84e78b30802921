"""What those in a meeting are told of each other: who came, who went, who waits (A4.1 to A4.10)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ivr.clock import Timers
from ivr.conference.caller import Caller
from ivr.conference.commands import Command
from ivr.conference.place import Named, Place, Stock
from ivr.conference.rooms import Rooms
from ivr.engine.containing import Containing
from ivr.engine.players import Players
from ivr.engine.requests import Said
from ivr.engine.sound import Samples, Voice
from ivr.journal import Entry, Journal

TOLD = "told"
"""Kind of the timer of a place that is due when what was gathered is told."""


def name_of(call: Caller) -> Named:
    """Return what a caller is called (A4.2, A4.5): his name, his number, or what he is."""
    if call.authenticated:
        return call.display_name or Stock("the-organizer")
    if call.name is not None:
        return call.name
    return call.phone or Stock("a-caller")


class Announcer:
    """Tells callers things, each in his own language.

    Parameters
    ----------
    calls : mapping of serial to Call
    contained : Containing
        Each listener is told by himself: a fault in that is his alone.
    """

    def __init__(self, calls: Mapping[int, Caller], rooms: Rooms, players: Players, voice: Voice, timers: Timers,
                 journal: Journal, contained: Containing) -> None:
        self._contained = contained
        self._calls, self._rooms, self._players = calls, rooms, players
        self._voice, self._timers, self._journal = voice, timers, journal

    def tell(self, call: Caller, at: int, *prompts: str, **slots: Any) -> None:  # noqa: ANN401
        """Say something to one caller, after what is being said to him (A4.10)."""
        said = [Said(prompt, slots, call.language) for prompt in prompts]
        self._contained.work(call, at, lambda: self._players.speak(call, said, at, cuts=False))

    def tell_of_key(self, call: Caller, at: int, command: Command, prompt: str) -> None:
        """Say which keys do something, if any do."""
        if command in call.command_keys:
            self.tell(call, at, prompt, keys=call.profile.command_key + call.command_keys[command])

    def tell_all(self, serials: Iterable[int], at: int, prompt: str, names: Iterable[Named] = (),
                 **slots: Any) -> None:  # noqa: ANN401
        """Say one thing to many, made once for each language."""
        made: dict[str, list[Any]] = {}
        said: dict[str, Mapping[str, Any]] = {}
        for serial in serials:
            call = self._calls[serial]
            if call.language not in made:
                filled = dict(slots)
                if called := [self._in_words(name, call.language) for name in names]:
                    filled["names"] = called
                said[call.language] = filled
                made[call.language] = list(self._voice.clips(prompt, call.language, **filled))
            one = Said(prompt, said[call.language], call.language)
            self._contained.work(call, at, self._hears, call, one, made[call.language], at)

    def _hears(self, call: Caller, said: Said, clips: list[Samples], at: int) -> None:
        self._players.queue(call, said, clips)
        self._players.speak(call, (), at, cuts=False)

    def _in_words(self, name: Named, language: str) -> Any:  # noqa: ANN401
        return self._voice.text(name.prompt, language) if isinstance(name, Stock) else name

    # comings and goings

    def came(self, place: Place, who: int, at: int) -> None:
        """Take it that somebody, a caller or one with the app, is in the meeting now."""
        if not self._tells(place):
            return
        if place.profile.announce_with == "tones":
            self._rooms.sound(place, "arrival")
        else:
            place.came_in(who)
            self._gather(place, at)

    def went(self, place: Place, who: int, called: Named, at: int) -> None:
        """Take it that somebody is no longer in the meeting."""
        tells = self._tells(place) and place.room.running
        by_name = tells and place.profile.announce_with != "tones"
        known = place.went_out(who, called if by_name else None)
        if by_name and known:
            self._gather(place, at)
        elif tells and not by_name:
            self._rooms.sound(place, "departure")

    def somebody_waits(self, place: Place, at: int) -> None:
        """Take it that somebody came to the lobby of a meeting that runs (A3.17)."""
        if place.profile.tell_of_waiting and place.leaders:
            place.wait_to_be_told()
            self._gather(place, at)

    def gathered(self, place: Place, at: int) -> None:
        """Tell what has been gathered: at most one sentence for those who came, and one for those who went."""
        members = tuple(place.callers)
        came = [self.called(place, who) for who in place.came]
        self._told(place, "joined", came, [one for one in members if one not in place.came], at)
        self._told(place, "left", place.went, members, at)
        somebody_waits = not place.waits_told
        place.all_told()
        if somebody_waits and (waiting := len(place.room.waiting)):
            for serial in sorted(place.leaders):
                leader = self._calls[serial]
                self.tell(leader, at, "someone-waits", count=waiting)
                self.tell_of_key(leader, at, Command.ADMIT_ALL, "help-admit-all")

    def called(self, place: Place, who: int) -> Named:
        """Return what somebody in a meeting is called."""
        if who > 0:
            return name_of(self._calls[who])
        name = place.app.get(who, "")
        return Stock("an-app-user") if "@" in name or not name else name

    def _told(self, place: Place, what: str, names: list[Named], listeners: Sequence[int], at: int) -> None:
        if not names or not listeners:
            return
        if len(names) <= place.profile.announce_most:
            self.tell_all(listeners, at, what, names)
        else:
            self.tell_all(listeners, at, f"many-{what}", count=len(names))
        self._journal.write(Entry(at, 0, "", "announced", {
            "what": what, "count": len(names), "meeting": place.conference_id}))

    def _tells(self, place: Place) -> bool:
        return place.announcing and not (place.profile.announce_only_by_phone and bool(place.app))

    def _gather(self, place: Place, at: int) -> None:
        # the first to come sets the time, so that a queue of callers does not put it off for ever
        if not self._timers.has(-place.number, TOLD):
            self._timers.set(-place.number, TOLD, at + place.profile.announce_gather)
