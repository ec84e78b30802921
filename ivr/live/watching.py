"""How every call stands, kept by what is told of it: nobody looks at calls to which nothing has happened."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ivr.engine.bridge import Bridge
from ivr.engine.call import Call
from ivr.engine.events import KeyDown, KeyShown, KeyUp, Measure, SaidLike, Saying, Told
from ivr.journal import Entry
from ivr.live.views import CallView, KeyView

_KEPT_KEYS = 24
_OF_MEETINGS = frozenset({"started", "over", "locked", "unlocked"})


@dataclass(slots=True)
class _Standing:
    """How one call stands; `shown` is that as a part of a view, until something changes."""

    call: Call
    state: str
    since: int
    where: str = ""
    meeting: str = ""
    came_at: int | None = None
    role: str = ""
    saying: SaidLike | None = None
    music: bool = False
    keys: deque[KeyView] = field(default_factory=lambda: deque(maxlen=_KEPT_KEYS))
    shown: CallView | None = None


class Board:
    """How the calls of a bridge stand: a sink of its journal, and told of its events while somebody looks.

    Parameters
    ----------
    bridge : Bridge
    words : callable
        Gives the words of a prompt.

    Attributes
    ----------
    started, locked : frozenset of str
        Meetings that run, and those of them that are locked, by the conference IDs that started them.
    """

    def __init__(self, bridge: Bridge, words: Callable[[SaidLike], str]) -> None:
        self._bridge, self._words = bridge, words
        self._calls: dict[int, _Standing] = {}
        self._places: dict[str, set[int]] = {}
        self._named: dict[str, list[int]] = {}
        self.started: frozenset[str] = frozenset()
        self.locked: frozenset[str] = frozenset()
        for serial in bridge.calls:
            self._found(serial)
        for entry in bridge.journal:
            self.write(entry)

    def begin(self) -> None:
        """Take it that events are told from now on; what is being said already is asked for."""
        for one in self._calls.values():
            one.saying, one.shown = self._bridge.saying(one.call), None

    def first(self, where: str) -> Call | None:
        """Return the call of who dialled first of those in "lobby" or "meeting"."""
        there = self._places.get(where)
        return self._calls[min(there)].call if there else None

    def named(self, caller: str) -> Call | None:
        """Return the call of this name that was dialled first."""
        serials = self._named.get(caller)
        return self._calls[serials[0]].call if serials else None

    @property
    def calls(self) -> list[Call]:
        """Those on the line, in the order of dialling."""
        return [one.call for one in self._calls.values()]

    def views(self, levels: Sequence[float]) -> tuple[CallView, ...]:
        """Return how they stand.

        Parameters
        ----------
        levels : sequence of float
            Of each row, in dBm0.
        """
        new, found = CallView._make, []
        for one in self._calls.values():
            shown = one.shown or self._shown(one)
            found.append(new((*shown[:-1], levels[one.call.row])))
        return tuple(found)

    def write(self, entry: Entry) -> None:
        """Take an entry of the journal."""
        if entry.event == "hung-up":
            self._gone(entry.call)
            return
        if entry.event in _OF_MEETINGS:
            self._meets(entry.event, str(entry.facts.get("meeting", "")))
            return
        one = self._calls.get(entry.call) or self._found(entry.call)
        if one is None:
            return
        facts = entry.facts
        match entry.event:
            case "state":
                one.state, one.since = str(facts["state"]), entry.at
            case "prompt":
                one.saying = None
            case "music":
                one.music = facts["what"] == "starts"
            case "key":
                self._close(one, entry.at, entry.at)
            case "entered":
                self._close(one, 0, entry.at)
            case "lobby":
                self._put(one, "lobby", str(facts["meeting"]), entry.at)
            case "joined":
                self._put(one, "meeting", str(facts.get("started_as", facts["meeting"])), entry.at,
                          str(facts["role"]))
            case "promoted":
                one.role = str(facts["role"])
            case "left":
                self._put(one, "", "")
            case _:
                return
        one.shown = None

    def told(self, event: Told) -> None:
        """Take another event than an entry."""
        match event:
            case KeyDown(at=at, call=call, key=key, open=hidden_yet) if one := self._calls.get(call):
                one.keys.append(KeyView(key, at, open=hidden_yet))
                one.shown = None
            case KeyUp(call=call, key=key, down_at=at, measure=measure) | KeyShown(
                    call=call, key=key, down_at=at, measure=measure) if one := self._calls.get(call):
                _measured(one, key, at, measure)
            case Saying(call=call) if one := self._calls.get(call):
                one.saying, one.shown = event, None

    def _shown(self, one: _Standing) -> CallView:
        call, said = one.call, one.saying
        one.shown = CallView(call.serial, call.caller, one.state, one.since, one.where, one.meeting, one.came_at,
                             one.role, said.prompt if said else "", self._words(said) if said else "", one.music,
                             tuple(one.keys), 0.0)
        return one.shown

    def _found(self, serial: int) -> _Standing | None:
        call = self._bridge.calls.get(serial)
        if call is None:
            return None
        self._named.setdefault(call.caller, []).append(serial)
        self._calls[serial] = _Standing(call, call.state, call.dialled_at)
        return self._calls[serial]

    def _gone(self, serial: int) -> None:
        one = self._calls.get(serial)
        if one is not None:
            self._put(one, "", "")
            del self._calls[serial]
            serials = self._named[one.call.caller]
            serials.remove(serial)
            if not serials:
                del self._named[one.call.caller]

    def _meets(self, event: str, meeting: str) -> None:
        """Take it that a meeting begins, is over, is locked or open."""
        if event == "started":
            self.started |= {meeting}
        elif event == "locked":
            self.locked |= {meeting}
        else:
            self.locked -= {meeting}
            self.started -= {meeting} if event == "over" else frozenset()

    def _put(self, one: _Standing, where: str, meeting: str, at: int | None = None, role: str = "") -> None:
        self._places.get(one.where, set()).discard(one.call.serial)
        if meeting != one.meeting:
            one.came_at = at
        one.where, one.meeting, one.role = where, meeting, role
        if where:
            self._places.setdefault(where, set()).add(one.call.serial)

    def _close(self, one: _Standing, since: int, until: int) -> None:
        """Take it that keys are not to be shown, unless it is told that they are."""
        for n, key in enumerate(one.keys):
            if key.open and since <= key.at <= until:
                one.keys[n] = replace(key, open=False)


def _measured(one: _Standing, name: str, at: int, measure: Measure | None) -> None:
    for n, key in enumerate(one.keys):
        if measure is not None and key.at == at:
            one.keys[n] = KeyView(name, at, measure.level_dbm0, measure.twist_db)
        elif name != key.key and key.at == at:
            one.keys[n] = KeyView(name, at)
    one.shown = None
