"""The demonstration's callers: on a timetable of samples, or by the presenter's hand.

What a caller does next is a table of its call's state, so it is the same whether the timetable asks or a person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.clock import samples
from ivr.engine.call import Call
from ivr.engine.exchange import Exchange
from ivr.engine.ports import Frame
from ivr.live.parts import TURNS, CastPart
from ivr.live.puppet import Puppet

_PAUSE = samples(1.5)
_SETTLE = samples(4.5)
"""From joining until the caller speaks: the bridge has a sentence for everyone who joins."""
_LOBBY_EVERY = samples(9.0)
_LEAVE_AFTER = samples(1.2)


@dataclass(slots=True)
class _Player:
    part: CastPart
    puppet: Puppet
    by_hand: bool = False
    conference_id: str = ""
    pin: str = field(default="", repr=False)
    acted: str = ""
    acted_at: int = 0
    talked: int = 0
    waited: int = 0
    gone: bool = False


class Cast:
    """Callers who act.

    Parameters
    ----------
    parts : sequence of CastPart
    puppets : sequence of Puppet
        Their lines, in the same order; plugged into `exchange`.
    exchange : Exchange
    conference_id, pin : str
        What they dial in with; empty where it is no conference that they call.
    say : callable
        Gives the samples of a text in a caller's voice, at once: by text and his name.
    by_hand : bool
        Whether nothing happens unless the presenter wants it.
    """

    def __init__(self, parts: Sequence[CastPart], puppets: Sequence[Puppet], exchange: Exchange, *,
                 conference_id: str, pin: str, say: Callable[[str, str], NDArray[np.int16]],
                 by_hand: bool = False) -> None:
        self._players = [_Player(part, puppet, by_hand, conference_id, pin)
                         for part, puppet in zip(parts, puppets, strict=True)]
        self.exchange, self._say = exchange, say
        self._calls: dict[str, Call] = {}
        self._states: dict[str, tuple[str, int]] = {}
        self._silent_since = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Who there is."""
        return tuple(player.part.name for player in self._players)

    @property
    def over(self) -> bool:
        """Whether all have been there and have gone, and nobody is led by hand."""
        return all(player.gone and not player.by_hand for player in self._players)

    @property
    def ringing(self) -> tuple[str, ...]:
        """Whose lines ring."""
        return tuple(player.part.name for player in self._players if player.puppet.rings)

    def add(self, part: CastPart, puppet: Puppet, *, conference_id: str, pin: str, by_hand: bool) -> None:
        """Take in somebody who comes later; his line is plugged into `exchange` by who adds him."""
        self._players.append(_Player(part, puppet, by_hand, conference_id, pin))

    def remove(self, name: str) -> None:
        """Forget somebody who has gone."""
        self._players = [player for player in self._players if player.part.name != name]
        self._states.pop(name, None)

    def by_hand(self, name: str) -> bool:
        """Whether this caller does nothing without the presenter."""
        return self._player(name).by_hand

    def step(self) -> None:
        """Do what is due, then carry out a tick of the exchange."""
        self.act()
        self.exchange.step()

    def act(self) -> None:
        """Do what is due."""
        if not self._players:
            return
        now = self.exchange.bridge.now
        self._calls = {call.caller: call for call in self.exchange.bridge.calls.values()}
        self._note_states(now)
        if any(player.puppet.busy for player in self._players if self._state(player) == "meeting"):
            self._silent_since = now
        for player in self._players:
            if not player.by_hand and not player.puppet.busy and self._due(player, now):
                self.next(player.part.name)

    # what the presenter can do

    def hold(self, name: str, *, by_hand: bool) -> None:
        """Lead a caller by hand from now on, or give the caller back to the timetable."""
        player = self._player(name)
        player.by_hand = by_hand
        player.gone = player.gone and not by_hand

    def press(self, name: str, keys: str) -> None:
        """Press keys as this caller, who is led by hand from now on."""
        self.hold(name, by_hand=True)
        self._player(name).puppet.press(keys)

    def lend(self, microphone: Callable[[], Frame] | None, name: str) -> None:
        """Let the presenter's own voice be this caller's, as long as he leads him; nobody else has it then."""
        for player in self._players:
            player.puppet.microphone = microphone if player.part.name == name and player.by_hand else None

    def speaks_live(self, name: str) -> bool:
        """Whether what this caller says now is the presenter's own voice."""
        return self._player(name).puppet.speaks_live

    def hang_up(self, name: str) -> None:
        """Let a caller hang up; the timetable does not call for him again."""
        player = self._player(name)
        player.puppet.hang_up()
        player.gone = True

    def next(self, name: str) -> None:
        """Let a caller do what comes next where he is; nothing while he is still at something."""
        player = self._player(name)
        if player.puppet.busy:
            return
        part, state = player.part, self._state(player)
        player.acted, player.acted_at = state, self.exchange.bridge.now
        match state:
            case "idle" | "ended":
                player.puppet.dial()
                player.talked = player.waited = 0
                player.gone = False
            case _ if not player.conference_id:
                pass  # it is no conference: what comes next is for the presenter's own keys
            case "greeting" | "conference-id":
                player.puppet.press(f"{player.conference_id}#")
            case "organizer-question":
                player.puppet.press("*" if part.organizer else "1")
            case "pin":
                player.puppet.press(f"{player.pin if part.organizer else ''}#")
            case "lobby" if part.waiting:
                self._talk(player, part.waiting[player.waited % len(part.waiting)])
                player.waited += 1
            case "meeting" if player.talked >= TURNS or not part.talking:
                player.puppet.hang_up()
                player.gone = True
            case "meeting":
                self._talk(player, part.talking[player.talked % len(part.talking)])
                player.talked += 1
                self._silent_since = self.exchange.bridge.now

    # what the timetable does

    def _due(self, player: _Player, now: int) -> bool:
        """Whether it is time for a caller's next deed."""
        part, (state, since) = player.part, self._states[player.part.name]
        if state in ("idle", "ended"):
            return not player.gone and state == "idle" and now >= samples(part.arrives_s)
        again = player.acted == state and player.acted_at >= since
        waited = now - (player.acted_at if again else since)
        match state:
            case "conference-id" | "pin":
                return waited >= samples(part.patience_s if not again else 2 * part.patience_s + 4)
            case "organizer-question":
                return not again and (part.organizer or part.says_no) and waited >= samples(part.patience_s)
            case "lobby":
                return bool(part.waiting) and waited >= _LOBBY_EVERY
            case "meeting" if part.talking:
                return self._turn(player, now, now - since)
            case _:
                return False

    def _turn(self, player: _Player, now: int, inside: int) -> bool:
        """Whether it is this caller's turn in the meeting: the organizer opens it, then one after the other."""
        if inside < _SETTLE:
            return False
        if player.talked >= TURNS:
            # they hang up together: when the last who comes has said it all
            expected = [p for p in self._players if p.part.talking and not p.by_hand and not p.gone]
            all_said = all(p.talked >= TURNS for p in expected)
            return all_said and now - self._silent_since >= _LEAVE_AFTER * (1 + self._players.index(player))
        ready = [p for p in self._players if p.part.talking and self._state(p) == "meeting" and not p.by_hand
                 and now - self._states[p.part.name][1] >= _SETTLE]
        ready.sort(key=lambda p: (p.talked, not p.part.organizer))
        return player is ready[0] and now - self._silent_since >= _PAUSE

    def _talk(self, player: _Player, text: str) -> None:
        player.puppet.play(self._say(text, player.part.name))

    def _state(self, player: _Player) -> str:
        call = self._calls.get(player.part.name)
        return call.state if call else "idle"

    def _note_states(self, now: int) -> None:
        for player in self._players:
            name, state = player.part.name, self._state(player)
            before = self._states.get(name, ("", 0))[0]
            if before != state:
                self._states[name] = (state, now)
                if state == "idle" and before:
                    player.gone = not player.by_hand

    def _player(self, name: str) -> _Player:
        return next(player for player in self._players if player.part.name == name)
