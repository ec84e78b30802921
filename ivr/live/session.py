"""A session: an exchange, run tick by tick at a pace, and told to those who watch.

The bridge is the one that stories are played on; what is here neither changes what happens in it nor when. Where
nobody watches it costs nothing.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from ivr.engine.call import Call
from ivr.engine.containing import place_of
from ivr.engine.events import Noted, SaidLike, Told, readable
from ivr.engine.exchange import Exchange
from ivr.journal import Entry
from ivr.live.feeds import MOST, Feed, Observer, Watcher
from ivr.live.looking import Looking
from ivr.live.pace import Pace, Unpaced
from ivr.live.scope import Scopes
from ivr.live.views import View, Who
from ivr.live.watching import Board

_DROPS_TOLD = 3
_LAST_WORDS_S = 10.0
"""For who hangs: others are done at once, where the machine has time for them."""


class PromptWords(Protocol):
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
        When ticks are due; by default at once, and then it waits for everyone who watches.
    step : callable, optional
        What carries out one tick of this exchange, if more goes on with it than the exchange: a story.
    over : callable, optional
        Asked after each tick; the session ends when it returns True.
    words : PromptWords, optional
        The catalogue; without one a prompt's text is its name.
    observers : iterable of Observer
    after : callable, optional
        Called at the end of each tick, in the session's thread: for what takes the audio of `exchange`.
    """

    def __init__(self, exchange: Exchange, *, pace: Pace | None = None, step: Callable[[], None] | None = None,
                 over: Callable[[], bool] | None = None, words: PromptWords | None = None,
                 observers: Iterable[Observer] = (), after: Callable[[], None] | None = None) -> None:
        self.exchange, self.bridge = exchange, exchange.bridge
        self.pace: Pace = Unpaced() if pace is None else pace
        self.error: BaseException | None = None
        self._waits = isinstance(self.pace, Unpaced)
        self._step = exchange.step if step is None else step
        self._over = over
        self._words = words
        self._after = after
        self._posted: deque[Callable[[], None]] = deque()
        self._board = Board(self.bridge, self.text)
        self.bridge.journal.add(self)
        self._feeds: tuple[Feed, ...] = ()
        self._watchers: tuple[Watcher, ...] = ()
        self._dropped: tuple[str, ...] = ()
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self.scopes = Scopes(exchange)
        self._looking = Looking(self.bridge, self._board, self._look)
        for observer in observers:
            self.watch(observer)

    # driving it

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._done.is_set()

    def step(self) -> bool:
        """Wait until the next tick is due and carry it out; return whether there will be another."""
        self.pace.wait()
        self._do()
        self._step()
        if self.scopes:
            self._spared(self.scopes.follow)
        if self._feeds:
            self._serve()
        if self._after is not None:
            self._after()
        if self._stopping.is_set() or (self._over is not None and self._over()):
            self._done.set()
        self._looking.follow()
        if self._looking.wanted:
            self._looking.answer(lambda: self._spared(self._now))
        return not self.over

    def attend(self) -> None:
        """Do what was posted and show how it stands, though no tick is due; in the session's thread."""
        self._do()
        if self._looking.wanted:
            self._looking.answer(lambda: self._spared(self._now))

    def run(self) -> None:
        """Step until it ends; Ctrl-C comes through."""
        try:
            while self.step():
                pass
        finally:
            self._done.set()
            for watcher in self._watchers:
                watcher.end(_LAST_WORDS_S)
            self._looking.answer(lambda: None)
            self.bridge.events.remove(self._told)
            self.bridge.journal.remove(self)

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

    def _do(self) -> None:
        while self._posted:
            self._posted.popleft()()

    def _run_aside(self) -> None:
        try:
            self.run()
        except BaseException as error:  # it is raised again where somebody waits for the thread
            self.error = error

    # watching it

    def watch(self, observer: Observer) -> None:
        """Add an observer; he is told what happens from now on.

        At a pace that is in a thread of his own, so that he delays nobody; else at the end of each tick.
        """
        watcher = Watcher(observer, self._drop, aside=not self._waits)
        with self._changing:
            self._watchers = (*self._watchers, watcher)
        self._feed(watcher.feed)

    def feed(self, last: int = 0) -> Feed:
        """Return a queue of what happens from now on, for who takes from it himself.

        Parameters
        ----------
        last : int
            How many entries of the journal, the last before now, it begins with.
        """
        feed = Feed(None if self._waits else MOST)
        self._feed(feed, last)
        return feed

    def leave(self, feed: Feed) -> None:
        """Put nothing more into a queue."""
        with self._changing:
            self._feeds = tuple(one for one in self._feeds if one is not feed)

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
            return self._now()
        view = self._looking.ask(timeout_s, lambda: self.over)
        return self._now() if not thread.is_alive() else view or View(0, (), 0, over=False)

    def call(self, who: Who) -> Call | None:
        """Return the call that is meant; None if it is not on the line. For the session's own thread."""
        return self.bridge.calls.get(who) if isinstance(who, int) else self._board.named(who)

    def first(self, where: str) -> Call | None:
        """Return the call of who dialled first of those in "lobby" or "meeting"; for the session's own thread."""
        return self._board.first(where)

    def text(self, said: SaidLike) -> str:
        """Return the words of a prompt."""
        if self._words is None:
            return said.prompt
        slots = {slot: readable(said.slots[slot]) for slot in self._words.slots(said.prompt)}
        return self._words.text(said.prompt, said.language, **slots)

    def write(self, entry: Entry) -> None:
        """Take an entry of the bridge's journal."""
        self._spared(self._board.write, entry)

    def _feed(self, feed: Feed, last: int = 0) -> None:
        if self._thread is None or not self._thread.is_alive() or self._thread is threading.current_thread():
            self._open(feed, last)
        else:
            self.post(lambda: self._open(feed, last))

    def _open(self, feed: Feed, last: int) -> None:
        self._look()
        for entry in self.bridge.journal.since(max(0, self.bridge.journal.written - last)):
            feed.put(Noted(entry))
        with self._changing:
            self._feeds = (*self._feeds, feed)

    def _look(self) -> None:
        """Begin to be told of events, if that is not so yet."""
        if not self.bridge.events.has(self._told):
            self.bridge.events.add(self._told)
            self._board.begin()

    def _told(self, event: Told) -> None:
        for feed in self._feeds:
            feed.put(event)
        if self.scopes:
            self._spared(self.scopes.told, event)
        if not isinstance(event, Noted):  # entries come by the journal, watched or not
            self._spared(self._board.told, event)

    def _serve(self) -> None:
        for watcher in self._watchers:
            watcher.tell()
        if self._waits and self._thread is threading.current_thread():
            for feed in self._feeds:
                while len(feed) > MOST and not self._stopping.is_set():
                    feed.give_time(0.05)

    def _drop(self, watcher: Watcher, error: Exception) -> None:
        with self._changing:
            self._watchers = tuple(one for one in self._watchers if one is not watcher)
            self._feeds = tuple(one for one in self._feeds if one is not watcher.feed)
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        told_of = f"{type(error).__name__} at {place_of(error)}"
        if told_of not in self._dropped:
            self._dropped = (*self._dropped, told_of)[-_DROPS_TOLD:]

    def _spared(self, act: Callable[..., object], *args: object) -> None:
        """Do something for those who look; what breaks down in it is no part of what happens."""
        try:
            act(*args)
        except Exception as error:
            self._failed(error)

    def _now(self) -> View:
        return self._looking.view(self.pace.late, over=self.over)
