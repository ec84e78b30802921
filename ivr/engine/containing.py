"""A fault in one call's own code ends that call, and nobody else notices.

What is done for a call is done through `Containing.work`. An exception there is the call's own: it is told in the
journal, the caller hears that it is our fault, and he is out of his meeting as if he had hung up. Where that cannot
be done properly either, the call is ended at once and its row is free. What belongs to nobody's call, such as the
table of a room or the mixer, is another matter: nobody knows what holds after a fault there, so it goes through.
"""

from collections.abc import Callable, Iterable, Iterator
from traceback import walk_tb
from typing import Protocol

from ivr.engine.call import ENDED, Call

_NOBODYS = ("dtmf", "ivr.engine.events", "ivr.engine.mixing", "ivr.engine.store", "ivr.clock",
            "ivr.journal", "lobby")
"""Packages and modules whose objects belong to no single call."""

_OURS = ("dtmf", "ivr", "lobby", "prompts")


class Endings(Protocol):
    """The two ways to end a call in whose work something broke off."""

    def with_a_word(self, call: Call, at: int) -> None:
        """Let him out of wherever he is, tell him that it is our fault, and hang up then."""

    def at_once(self, call: Call, at: int) -> None:
        """Let go all that is his, whatever its state."""

    def forget(self, call: Call) -> None:
        """Let go all that is kept of a call that is over."""


class Containing:
    """Does work for calls, and ends those in whose work there is a fault.

    A call's end waits until all that is being done is done: others may be in the middle of something with him.

    Parameters
    ----------
    note : callable
        Writes an entry of a call into the journal.

    Attributes
    ----------
    endings : Endings
        To be set before the first work.
    shared : set of str
        Packages and modules whose objects belong to no single call; an application adds its own.
    gone : set of serials
        Whose callers hang up in this tick: nobody is there to be told anything.
    ended : list of serials
        Calls that have been ended from our side, in order.
    """

    endings: Endings

    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note
        self.shared = set(_NOBODYS)
        self.gone: set[int] = set()
        self.ended: list[int] = []
        self._doing: list[int] = []
        self._broken: dict[int, tuple[Call, int, dict[str, str]]] = {}
        self._had_a_word: set[int] = set()
        self._over: set[int] = set()

    def work(self, call: Call, at: int, act: Callable[..., object], *args: object) -> None:
        """Do something for a call; what is within other work for the same call is part of that."""
        serial = call.serial
        if self.broken(call):
            return
        if self._doing and self._doing[-1] == serial:
            act(*args)
            return
        self._doing.append(serial)
        try:
            act(*args)
        except Exception as error:
            self._broken[serial] = call, at, self._fault(error)
        finally:
            self._doing.pop()
        self._end_broken()

    def nobodys(self, act: Callable[..., object], *args: object) -> None:
        """Do something that is for no single call: a fault in it goes through."""
        self._doing.append(0)
        try:
            act(*args)
        finally:
            self._doing.pop()
        self._end_broken()

    def tell(self, call: Call, at: int, error: Exception) -> None:
        """Tell of a fault in the journal."""
        call.faulty = True
        self._note(call, at, "fault", **self._fault(error))

    def broken(self, call: Call) -> bool:
        """Tell whether there was a fault in a call that has yet to be ended for it."""
        return call.serial in self._broken

    def hung_up(self, call: Call, at: int, by: str) -> None:
        """Take it that a call is over: by "caller" or "bridge"."""
        if call.serial not in self._over:
            self._over.add(call.serial)
            self._note(call, at, "hung-up", by=by)
            if by == "bridge":
                self.ended.append(call.serial)

    def forget(self, call: Call, at: int) -> None:
        """Forget a call that is over, come what may."""
        try:
            self.endings.forget(call)
        except Exception as error:
            self._note(call, at, "fault", **self._fault(error))
            self.endings.at_once(call, at)
            self.endings.forget(call)
        for serials in (self.gone, self._had_a_word, self._over):
            serials.discard(call.serial)

    def _end_broken(self) -> None:
        while self._broken and not self._doing:
            call, at, fault = self._broken.pop(next(iter(self._broken)))
            self._doing.append(call.serial)
            try:
                self._end(call, at, fault)
            finally:
                self._doing.pop()

    def _end(self, call: Call, at: int, fault: dict[str, str]) -> None:
        call.faulty = True
        self._note(call, at, "fault", **fault)
        gone = call.serial in self.gone
        if not (gone or call.state == ENDED or call.serial in self._had_a_word):
            self._had_a_word.add(call.serial)
            try:
                self.endings.with_a_word(call, at)
            except Exception as error:
                self._note(call, at, "fault", **self._fault(error))
            else:
                return
        self.endings.at_once(call, at)
        self.hung_up(call, at, "caller" if gone else "bridge")

    def _fault(self, error: Exception) -> dict[str, str]:
        """Return what may be told of a fault: its kind and place, for its words may hold what a caller has keyed.

        Raises
        ------
        Exception
            The same, if it comes from what is nobody's.
        """
        if any(_within(module, self.shared) for module, _ in _places(error)):
            raise error
        return {"what": type(error).__name__, "where": place_of(error)}


def place_of(error: Exception) -> str:
    """Return where in our own code something broke off, as in "ivr.conference.call:188"; empty if nowhere there."""
    ours = [f"{module}:{line}" for module, line in _places(error) if _within(module, _OURS)]
    return ours[-1] if ours else ""


def _places(error: Exception) -> Iterator[tuple[str, int]]:
    """Give the modules and lines that an exception came through, the innermost last."""
    for frame, line in walk_tb(error.__traceback__):
        yield str(frame.f_globals.get("__name__", "")), line


def _within(module: str, parts: Iterable[str]) -> bool:
    return any(module == part or module.startswith(part + ".") for part in parts)
