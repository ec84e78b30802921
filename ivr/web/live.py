"""Between a session and the pages that show it: one thread asks how it stands and tells all pages what has changed.

The session's own thread does no more for ten pages than for one, and nothing where none is open.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue

from ivr.engine.events import Lost, Noted
from ivr.journal import Entry
from ivr.live.asking import SHORT, give_way
from ivr.live.feeds import Feed
from ivr.live.keeping import Keeper
from ivr.live.scope import Scope
from ivr.live.session import Session
from ivr.web.messages import PROTOCOL, Message, Standing, rooms_of
from ivr.web.page import Page
from ivr.web.scoping import Scoping

_EVERY_S = 0.1
_KEPT_ENTRIES = 100
"""Entries of the journal that a page begins with."""
_ENDING_S = 1.0

MOST_SCOPES = 8
"""Calls whose sound is shown at once, on whichever pages."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What pages show: a session, and what their head says of it.

    Attributes
    ----------
    product : str
    languages : sequence of str
        Which are spoken.
    story : str
        The name of the story that it is; empty for the bridge.
    keeper : Keeper, optional
        What is kept of its calls for a page that stays.
    words : callable
        Gives an entry of the journal as one English line; empty for one that says nothing new.
    """

    session: Session
    title: str = ""
    product: str = ""
    languages: Sequence[str] = ()
    story: str = ""
    keeper: Keeper | None = None
    words: Callable[[Entry], str] = str


class Live:
    """Tells pages how what is shown stands.

    Parameters
    ----------
    shown : Shown
    """

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self._told_of = shown
        self._facts: Message = {"story": None}
        self._pages: tuple[Page, ...] = ()
        self._changing = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._feed: Feed | None = None
        self._standing = Standing()
        self._entries: deque[Message] = deque(maxlen=_KEPT_ENTRIES)
        self._scopings: dict[int, Scoping] = {}
        self._told: SimpleQueue[Message] = SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def pages(self) -> int:
        """How many are open."""
        return len(self._pages)

    @property
    def session(self) -> Session:
        """What is shown."""
        return self.shown.session

    def open(self) -> Page:
        """Return a page, which is told everything from now on; in the loop that it belongs to."""
        page = Page()
        with self._changing:
            self._pages = (*self._pages, page)
        self._wake.set()
        return page

    def close(self, page: Page) -> None:
        """Tell a page nothing any more."""
        with self._changing:
            self._pages = tuple(one for one in self._pages if one is not page)

    def show(self, shown: Shown) -> None:
        """Have pages show something else from now on: they begin anew."""
        self.shown = shown
        self._wake.set()

    def tell(self, message: Message) -> None:
        """Tell all pages something; who comes later is told the last one of its type in `hello`."""
        self._facts = {**self._facts, message["type"]: message[message["type"]]}
        self._told.put(message)
        self._wake.set()

    def start(self) -> None:
        """Begin to tell, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="ivr pages", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Tell all pages that it is over, and no more."""
        self._closing = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(_ENDING_S)

    def round(self) -> None:
        """Tell all pages what has changed since the last time."""
        pages, shown = self._pages, self.shown
        anew = shown is not self._told_of
        if anew or not pages:
            self._rest()
        self._told_of = shown
        told = [self._told.get() for _ in range(self._told.qsize())]
        if not pages:
            return
        if self._feed is None:
            self._feed = shown.session.feed(_KEPT_ENTRIES)
        view = shown.session.view()
        told += self._happened(shown, self._feed)
        rooms = rooms_of(view.calls)
        told += self._standing.changes(view, rooms)
        if self._closing:
            told.append({"type": "over"})
        begins: list[str] = []
        if anew or any(page.wants_state for page in pages):
            state = {**self._standing.state(view, rooms), "entries": [*self._entries]}
            begins = [json.dumps(self._hello(shown)), json.dumps(state)]
        changes = [json.dumps(message) for message in told]
        seen = self._scoped(shown.session, pages)
        for page in pages:
            page.tell(begins, [*changes, *seen.get(page.scope or 0, ())], anew=anew, over=self._closing)

    def _hello(self, shown: Shown) -> Message:
        return {"type": "hello", "protocol": PROTOCOL, "title": shown.title, "product": shown.product,
                "languages": list(shown.languages), "shows": shown.story or None, **self._facts}

    def _run(self) -> None:
        give_way(SHORT)
        while not self._closing:
            self._wake.wait(_EVERY_S if self._pages else None)
            self._wake.clear()
            self.round()

    def _happened(self, shown: Shown, feed: Feed) -> list[Message]:
        """Return the entries since the last time, in one message."""
        told: list[Message] = []
        entries: list[Message] = []
        for event in feed.take():
            if isinstance(event, Noted):
                entries.append({**event.entry.as_json(), "told": shown.words(event.entry)})
            elif isinstance(event, Lost):
                told.append({"type": "missed", "events": event.count})
        self._entries.extend(entries)
        return [*told, {"type": "entries", "entries": entries}] if entries else told

    def _scoped(self, session: Session, pages: Sequence[Page]) -> dict[int, list[str]]:
        """Return what is seen of the calls whose sound pages show, by their numbers."""
        wanted = list(dict.fromkeys(page.scope for page in pages if page.scope))[:MOST_SCOPES]
        for call in [call for call in self._scopings if call not in wanted]:
            self._unscope(session, call)
        for call in wanted:
            if call not in self._scopings:
                scope = Scope(call)
                self._scopings[call] = Scoping(scope)
                session.post(lambda scope=scope: session.scopes.open(scope))  # type: ignore[misc]
        return {call: [json.dumps(message) for message in one.messages()] for call, one in self._scopings.items()}

    def _unscope(self, session: Session, call: int) -> None:
        scope = self._scopings.pop(call).scope
        session.post(lambda: session.scopes.close(scope))

    def _rest(self) -> None:
        """Ask for nothing more, as nobody looks, or at something else."""
        for call in [*self._scopings]:
            self._unscope(self._told_of.session, call)
        if self._feed is not None:
            self._told_of.session.leave(self._feed)
            self._feed, self._standing = None, Standing()
            self._entries.clear()
