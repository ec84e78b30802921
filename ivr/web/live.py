"""Between a session and the pages that show it: one thread asks how it stands and tells all pages what has changed.

The session's own thread does no more for ten pages than for one, and nothing where none is open.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence

from ivr.engine.events import Lost, Noted
from ivr.journal import Entry
from ivr.live.asking import SHORT, give_way
from ivr.live.feeds import Feed
from ivr.live.session import Session
from ivr.web.messages import PROTOCOL, Message, Standing, rooms_of
from ivr.web.page import Page

_EVERY_S = 0.1
_KEPT_ENTRIES = 100
"""Entries of the journal that a page begins with."""
_ENDING_S = 1.0


class Live:
    """Tells pages how a session stands.

    Parameters
    ----------
    session : Session
    title, product : str
        For the head of a page.
    languages : sequence of str
        Which the bridge speaks.
    tell : callable
        Gives an entry of the journal as one English line; empty for one that says nothing new.
    """

    def __init__(self, session: Session, *, title: str = "", product: str = "", languages: Sequence[str] = (),
                 tell: Callable[[Entry], str] = str) -> None:
        self.session = session
        self._hello: Message = {"type": "hello", "protocol": PROTOCOL, "title": title, "product": product,
                                "languages": list(languages)}
        self._words = tell
        self._pages: tuple[Page, ...] = ()
        self._changing = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._feed: Feed | None = None
        self._standing = Standing()
        self._entries: deque[Message] = deque(maxlen=_KEPT_ENTRIES)
        self._thread: threading.Thread | None = None

    @property
    def pages(self) -> int:
        """How many are open."""
        return len(self._pages)

    def open(self) -> Page:
        """Return a page, which is told everything from now on; in the loop that it belongs to."""
        page = Page()
        page.add(self._hello)
        with self._changing:
            self._pages = (*self._pages, page)
        self._wake.set()
        return page

    def close(self, page: Page) -> None:
        """Tell a page nothing any more."""
        with self._changing:
            self._pages = tuple(one for one in self._pages if one is not page)

    def post(self, act: Callable[[], None]) -> None:
        """Have something done at the beginning of the next tick, in the session's thread."""
        self.session.post(act)

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
        pages = self._pages
        if not pages:
            self._rest()
            return
        told = [*self._happened()]
        view = self.session.view()
        rooms = rooms_of(view.calls)
        told += self._standing.changes(view, rooms)
        over = view.over or self._closing
        if over:
            told.append({"type": "over"})
        state = ""
        if any(page.wants_state for page in pages):
            state = json.dumps({**self._standing.state(view, rooms), "entries": [*self._entries]})
        changes = [json.dumps(message) for message in told]
        for page in pages:
            page.tell(state, changes, over=over)

    def _run(self) -> None:
        give_way(SHORT)
        while not self._closing and not self.session.over:
            self._wake.wait(_EVERY_S if self._pages else None)
            self._wake.clear()
            self.round()
        self._closing = True
        self.round()

    def _happened(self) -> list[Message]:
        """Return the entries since the last time, in one message."""
        if self._feed is None:
            self._entries.clear()
            self._feed = self.session.feed(_KEPT_ENTRIES)
        told: list[Message] = []
        entries: list[Message] = []
        for event in self._feed.take():
            if isinstance(event, Noted):
                entries.append(self._entry(event.entry))
            elif isinstance(event, Lost):
                told.append({"type": "missed", "events": event.count})
        self._entries.extend(entries)
        return [*told, {"type": "entries", "entries": entries}] if entries else told

    def _rest(self) -> None:
        """Ask for nothing, as nobody looks."""
        if self._feed is not None:
            self.session.leave(self._feed)
            self._feed, self._standing = None, Standing()

    def _entry(self, entry: Entry) -> Message:
        return {**entry.as_json(), "told": self._words(entry)}
