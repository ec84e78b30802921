"""A session: an exchange, run tick by tick at a pace, and told to those who watch.

The bridge is the one that stories are played on; what is here neither changes what happens in it nor when.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np

from ivr.engine.call import Call
from ivr.engine.containing import place_of
from ivr.engine.exchange import Exchange
from ivr.live.happenings import Happening, Noted, View, Who
from ivr.live.pace import Pace, Unpaced
from ivr.live.watching import Watched

Observer = Callable[[Happening], None]
"""Told everything that happens, in its order, in the session's thread. One that raises is dropped and told of."""

_DROPS_TOLD = 3


class Words(Protocol):
    """Where the words of prompts are found: the catalogue."""

    def slots(self, name: str, /) -> Iterable[str]:
        """Return the names of a prompt's slots."""

    def text(self, name: str, language: str = "", /, **slots: Any) -> str:  # noqa: ANN401
        """Return the words of a prompt."""


class Session:
    """Runs an exchange, in steps or in a thread of its own.

    Parameters
    ----------
    exchange : Exchange
    pace : Pace, optional
        When ticks are due; by default at once.
    step : callable, optional
        What carries out one tick of this exchange, if more goes on with it than the exchange: a story.
    over : callable, optional
        Asked after each tick; the session ends when it returns True.
    words : Words, optional
        The catalogue; without one a prompt's text is its name.
    observers : iterable of Observer
    after : callable, optional
        Called at the end of each tick, in the session's thread: for what takes the audio of `exchange`.
    """

    def __init__(self, exchange: Exchange, *, pace: Pace | None = None, step: Callable[[], None] | None = None,
                 over: Callable[[], bool] | None = None, words: Words | None = None,
                 observers: Iterable[Observer] = (), after: Callable[[], None] | None = None) -> None:
        self.exchange, self.bridge = exchange, exchange.bridge
        self.pace: Pace = Unpaced() if pace is None else pace
        self.error: BaseException | None = None
        self._step = exchange.step if step is None else step
        self._over = over
        self._words = words
        self._observers = list(observers)
        self._after = after
        self._posted: deque[Callable[[], None]] = deque()
        self._watched: dict[int, Watched] = {}
        self._dropped: tuple[str, ...] = ()
        self._seen = 0
        self._stopping = threading.Event()
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self._fresh = threading.Event()
        self._asked = False
        self._view = View(0, (), 0, False)

    # driving it

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._done.is_set()

    def step(self) -> bool:
        """Wait until the next tick is due and carry it out; return whether there will be another."""
        self.pace.wait()
        while self._posted:
            self._posted.popleft()()
        self._step()
        self._look()
        if self._after is not None:
            self._after()
        if self._stopping.is_set() or (self._over is not None and self._over()):
            self._done.set()
        if self._asked:
            self._asked = False
            self._view = self._now()
            self._fresh.set()
        return not self.over

    def run(self) -> None:
        """Step until it ends; Ctrl-C comes through."""
        try:
            while self.step():
                pass
        finally:
            self._done.set()
            self._fresh.set()

    def start(self) -> None:
        """Run in a thread; `join` waits for its end and raises what it raised."""
        self._thread = threading.Thread(target=self._run_aside, name="ivr session", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the tick that is going on, whichever thread asks."""
        self._stopping.set()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the thread's end; return whether it has ended.

        Raises
        ------
        BaseException
            What ended the thread, if something did.
        """
        if self._thread is not None:
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                return False
        if self.error is not None:
            raise self.error
        return True

    def post(self, act: Callable[[], None]) -> None:
        """Have something done at the beginning of the next tick, in the session's thread: a key, a hang-up."""
        self._posted.append(act)

    def _run_aside(self) -> None:
        try:
            self.run()
        except BaseException as error:  # it is raised again where somebody waits for the thread
            self.error = error

    # watching it

    def watch(self, observer: Observer) -> None:
        """Add an observer; it is told what happens from now on."""
        self._observers.append(observer)

    @property
    def trouble(self) -> str:
        """One sentence about those who watched and broke down, and are told nothing more; empty if nobody did."""
        told = "; ".join(self._dropped)
        return f"Something that watches has failed and is left out: {told}" if told else ""

    def view(self, timeout_s: float = 0.2) -> View:
        """Return how things stand; from another thread, as of the end of a tick.

        Parameters
        ----------
        timeout_s : float
            How long to wait for the tick that is going on; after that the last view is returned.
        """
        thread = self._thread
        if thread is None or not thread.is_alive() or thread is threading.current_thread():
            self._view = self._now()
            return self._view
        self._fresh.clear()
        self._asked = True
        self._fresh.wait(timeout_s)
        return self._now() if not thread.is_alive() else self._view

    def call(self, who: Who) -> Call | None:
        """Return the call that is meant; None if it is not on the line. For the session's own thread."""
        if isinstance(who, int):
            return self.bridge.calls.get(who)
        return next((call for call in self.bridge.calls.values() if call.caller == who), None)

    def first(self, where: str) -> Call | None:
        """Return the call of who dialled first of those in "lobby" or "meeting"; for the session's own thread."""
        return next((w.call for w in self._watched.values() if w.where == where), None)

    def _now(self) -> View:
        return View(self.bridge.now, tuple(w.view() for w in self._watched.values()), self.pace.late, self.over)

    def _look(self) -> None:
        """Tell what the tick just done has brought."""
        bridge, told = self.bridge, list[Happening]()
        for serial, call in bridge.calls.items():
            if serial not in self._watched:
                self._watched[serial] = Watched(call)
            self._watched[serial].took(self.exchange.heard[call.row], bridge.now)
        rows = {watched.call.row: watched for watched in self._watched.values()}
        for digit in bridge.digits:
            if digit.channel in rows:
                told.append(rows[digit.channel].key(digit))
        for entry in bridge.journal.since(self._seen):
            if entry.call in self._watched:
                self._watched[entry.call].note(entry)
            told.append(Noted(entry))
        self._seen = bridge.journal.written
        for serial in [serial for serial in self._watched if serial not in bridge.calls]:
            del self._watched[serial]
        for watched in self._watched.values():
            said = bridge.saying(watched.call)
            told += watched.said(said.prompt if said else "", self._text)
        for happening in told:
            for observer in tuple(self._observers):
                try:
                    observer(happening)
                except Exception as error:  # whoever only looks on is no part of what happens
                    self._observers.remove(observer)
                    told_of = f"{type(error).__name__} at {place_of(error)}"
                    self._dropped = (*self._dropped, told_of)[-_DROPS_TOLD:]

    def _text(self, call: Call) -> str:
        said = self.bridge.saying(call)
        if said is None or self._words is None:
            return said.prompt if said else ""
        slots = {slot: _readable(said.slots[slot]) for slot in self._words.slots(said.prompt)}
        return self._words.text(said.prompt, said.language, **slots)


def _readable(value: Any) -> Any:  # noqa: ANN401
    """Return what fills a slot, as words: a name that is a recording has none."""
    if isinstance(value, np.ndarray):
        return "(a recorded name)"
    return [_readable(one) for one in value] if isinstance(value, list | tuple) else value
