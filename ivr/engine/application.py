"""What an application is to the bridge, and what the bridge is to an application."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ivr.clock import Timers
from ivr.engine.call import Call
from ivr.engine.containing import Containing
from ivr.engine.mixing import Mixing
from ivr.engine.players import Players
from ivr.engine.sound import Samples, Voice
from ivr.journal import Entry, Journal


class Application(Protocol):
    """What a number leads to: a conference, a mailbox, somebody's own menu.

    What is done for a single call is done within `Host.work`, unless the bridge asks for it.
    """

    languages: tuple[str, ...]
    """Of numbers that have none of their own, the primary one first (A1.7)."""

    dials: bool
    """Whether it ever has a number dialled (`Host.place`): then no step of its bridge is longer than a frame."""

    early: bool
    """Whether calls come to it before they are answered: they are once it has set `Call.rings` to false."""

    def take(self, **known: Any) -> Call:  # noqa: ANN401
        """Return a new call; `known` are the fields of `Call` that the bridge knows."""

    def ask(self, call: Call, question: str, at: int) -> str | None:
        """Answer a question of a call's flow with one of its exits; None: `Host.answer` does, later."""

    def do(self, call: Call, command: str, at: int) -> None:
        """Do what a flow or a caller's keys ask for; empty is keys that mean nothing."""

    def recorded(self, call: Call, samples: Samples, at: int) -> str:
        """Take what was recorded at a node; return its exit."""

    def playback(self, call: Call, what: str) -> Samples:
        """Return what is to be played under a name. int16 array [shape=(n,)]."""

    def due(self, call: Call, kind: str, at: int) -> None:
        """Take it that a timer is due which the application has set for a call."""

    def due_elsewhere(self, owner: int, kind: str, at: int) -> None:
        """Take it that a timer is due which it has set for one of its own numbers (`Host.number`)."""

    def declined(self, call: Call, code: int, at: int) -> None:
        """Take it that nobody has answered who was dialled for a call (`Host.place`), by a code of RFC 3261."""

    def poll(self, at: int) -> None:
        """Take what has come from elsewhere, as a directory's answers: in every tick, and after what happens."""

    def awaits(self) -> bool:
        """Tell whether anything may come from elsewhere, so that `poll` is to be asked in the very next tick."""

    def over(self, call: Call, at: int) -> None:
        """Let a call go from wherever it is: its caller has hung up."""

    def broke(self, call: Call, at: int) -> None:
        """Expect nothing more for a call in whose work something broke off."""

    def mend(self, call: Call, at: int) -> None:
        """Put in order what such a call has left half done."""

    def forget(self, call: Call) -> None:
        """Be done with a call that is over."""


@dataclass
class Queue:
    """What has yet to be told to calls, in order: one thing is done after the other, never within another."""

    _waiting: deque[tuple[int, str, str | None]] = field(default_factory=deque)

    def tell(self, serial: int, event: str) -> None:
        """Tell a call something from outside, after all that is to be told already; nothing twice."""
        if (serial, event, None) not in self._waiting:
            self._waiting.append((serial, event, None))

    def answer(self, serial: int, question: str, answer: str, *, at_once: bool = False) -> None:
        """Answer what was asked for a call; `at_once`, before anything else happens to anybody."""
        (self._waiting.appendleft if at_once else self._waiting.append)((serial, answer, question))

    def drop(self, serial: int) -> None:
        """Have nothing more to tell to a call."""
        self._waiting = deque(one for one in self._waiting if one[0] != serial)

    def take(self) -> Iterator[tuple[int, str, str | None]]:
        """Give, and take out, what is to be told: the call, the event or answer, and the question of an answer."""
        while self._waiting:
            yield self._waiting.popleft()


@dataclass
class Host:
    """What an application works with.

    Attributes
    ----------
    calls : mapping of serial to Call
        All calls on the bridge, those of other applications too.
    queue : Queue
        By which calls are told what others do.
    tones : mapping of name to int16 array [shape=(n,)]
    work : callable
        Does something for a call, and then what comes of it for others; a fault in it is the call's own. Of the
        call, the moment, what is to be done, and what that is given. Not to be used within other work.
    post : callable
        Has something done at the beginning of the next tick, for no single call.
    takes_time : callable
        Tells a call that the answer to a question takes its time; of the call, the question, the moment.
    transfer : callable
        Has a call handed to a number; of the call, the number, the moment.
    place : callable
        Has a number dialled for a call; of the call, the number, an empty one to dial no more, and what journals
        call who is dialled, where that is not the number. Who answers is
        taken (`Application.take`) as a call of his own, whose `leg_of` is the other's serial.
    """

    calls: Mapping[int, Call]
    players: Players
    mixing: Mixing
    voice: Voice
    timers: Timers
    journal: Journal
    contained: Containing
    queue: Queue
    tones: Mapping[str, Samples]
    work: Callable[..., None]
    post: Callable[[Callable[[int], object]], None]
    takes_time: Callable[[Call, str, int], None]
    transfer: Callable[[Call, str, int], None]
    place: Callable[..., None]
    _numbers: int = 0
    owners: dict[int, Application] = field(default_factory=dict)

    def number(self, application: Application) -> int:
        """Return a number of the application's own: the owner of timers, negative, and a room in the mix."""
        self._numbers += 1
        self.owners[-self._numbers] = application
        return self._numbers

    def give_back(self, number: int) -> None:
        """Be done with such a number."""
        self.owners.pop(-number, None)

    def note(self, call: Call, at: int, event: str, **facts: Any) -> None:  # noqa: ANN401
        """Write an entry about a call into the journal."""
        self.journal.write(Entry(at, call.serial, call.caller, event, facts))


Builder = Callable[[Host], Application]
"""Makes an application that lives on a bridge."""
