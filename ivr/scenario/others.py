"""How it stands with each caller of a story, for whoever waits for him."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from ivr.clock import FRAME, RATE
from ivr.engine.ports import FOREVER
from ivr.journal import Entry
from ivr.scenario.sounds import Match, PromptSound, Sound
from ivr.scenario.steps import Awaited

_ABOUT = RATE
_LISTEN_EVERY = 5  # frames between two looks at what was heard


class Hearer(Protocol):
    """Somebody who can be asked what he has heard."""

    caller: str

    def has_heard(self, awaited: Awaited, since: int) -> int | None:
        """Return when a sound began that was heard from a moment of the run's clock on; None if it was not."""

    def told(self, since: int, until: int) -> str:
        """Say in words what was heard."""

    def finds(self, sound: Sound, since: int, /) -> Match | None:
        """Return where a sound was heard; None if it was not."""


class Others:
    """Where the calls are, and what is heard there."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}
        self._left: dict[tuple[str, str], int] = {}
        self._hearers: dict[str, Hearer] = {}
        self._dialled: set[str] = set()

    def add(self, hearer: Hearer) -> None:
        """Have one caller more."""
        self._hearers[hearer.caller] = hearer

    @property
    def states(self) -> dict[str, str]:
        """The last state of each call, by its caller."""
        return self._states

    def follow(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Take what the journal says of calls, and pass it on."""
        for entry in entries:
            if entry.event == "state":
                if entry.caller in self._states:
                    self._left[entry.caller, self._states[entry.caller]] = entry.at
                self._states[entry.caller] = str(entry.facts["state"])
            elif entry.event == "dialled":  # a second call is not where the first one ended
                self._states.pop(entry.caller, None)
                self._dialled.add(entry.caller)
            yield entry

    def state_of(self, caller: str) -> str:
        """Return where somebody's call is."""
        return self._states.get(caller, "idle")

    def told_state(self, caller: str, awaited: str, of: str = "") -> str:
        """Say where somebody's call is, and until when it was where it should be; `of` is how it is called."""
        if caller in self._states:
            left = self._left.get((caller, awaited))
            before = "" if left is None else f"; it had been in the state {awaited} until {left / RATE:.1f} s"
            return f"{of or f'the call of {caller}'} was in the state {self._states[caller]}{before}"
        return f"{caller} {'had only just' if caller in self._dialled else 'never'} dialled"

    def so(self, awaited: Awaited, since: int, now: int, *, late: bool = False) -> bool:
        """Return whether it is so with him; what he hears counts from `since` on, and is listened to now and then.

        Parameters
        ----------
        late : bool
            Whether it is the last time that somebody asks.
        """
        if awaited.sound is None:
            return self.state_of(awaited.caller) == awaited.state
        if (now - since) // FRAME % _LISTEN_EVERY and not late:
            return False
        hearer = self._hearers.get(awaited.caller)
        return hearer is not None and hearer.has_heard(awaited, since) is not None

    @staticmethod
    def asked_again(awaited: Awaited, since: int, now: int) -> int:
        """Return for how many samples `so` does not look again, and only the journal can tell another state."""
        if awaited.sound is None:
            return FOREVER
        return (_LISTEN_EVERY - (now - since) // FRAME % _LISTEN_EVERY) * FRAME

    def finds(self, caller: str) -> Callable[[Sound, int], Match | None]:
        """Return what finds a sound in what somebody has heard."""
        hearer = self._hearers.get(caller)
        return hearer.finds if hearer is not None else lambda *_: None

    def not_with(self, awaited: Awaited, start: int) -> str:
        """Say when he heard a prompt, if not in the tick in which something else began."""
        name = awaited.sound.name if isinstance(awaited.sound, PromptSound) else "it"
        hearer = self._hearers.get(awaited.caller)
        heard = hearer.has_heard(awaited, start - _ABOUT) if hearer is not None else None
        if heard is None:
            return f"{awaited.caller} did not hear {name} then"
        off = f"{1000 * abs(heard - start) / RATE:.0f} ms {'later' if heard > start else 'earlier'}"
        return "" if abs(heard - start) < FRAME else f"{awaited.caller} heard {name} at {heard / RATE:.3f} s, {off}"

    def instead(self, awaited: Awaited, since: int, now: int) -> str:
        """Return how it stands with him instead."""
        if awaited.sound is None:
            return self.told_state(awaited.caller, awaited.state)
        hearer = self._hearers.get(awaited.caller)
        return f"{awaited.caller} heard {hearer.told(since, now) if hearer else 'nothing'} instead"
