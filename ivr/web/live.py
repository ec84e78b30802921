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
from ivr.live.views import View
from ivr.web.messages import PROTOCOL, Message
from ivr.web.page import Page
from ivr.web.scoping import Scoping
from ivr.web.sight import KEPT_ENTRIES, Happened, Sight

_EVERY_S = 0.1
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
    bridge : str
        A word that another run of the bridge has not, by which pages know that this is the one that they had.
    """

    def __init__(self, shown: Shown, *, bridge: str = "") -> None:
        self.shown = shown
        self._told_of = shown
        self._bridge = bridge
        self._facts: Message = {"story": None}
        self._pages: tuple[Page, ...] = ()
        self._changing = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._feed: Feed | None = None
        self._sights: dict[str, Sight] = {}
        self._past: deque[Happened] = deque(maxlen=KEPT_ENTRIES)
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

    def open(self, room: str = "") -> Page:
        """Return a page, which is told everything from now on, or all of one room; in the loop it belongs to."""
        page = Page(room)
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

    def round(self, *, last: bool = False) -> None:
        """Tell all pages what has changed since the last time; and the last time that it is over."""
        pages, shown = self._pages, self.shown
        anew = shown is not self._told_of
        if anew or not pages:
            self._rest()
        self._told_of = shown
        told = [self._told.get() for _ in range(self._told.qsize())]
        if not pages:
            return
        if self._feed is None:
            self._feed = shown.session.feed(KEPT_ENTRIES)
        view = shown.session.view()
        happened, lost = self._happened(shown, self._feed)
        self._look(view, pages)
        changed = {room: sight.changes(view, happened, lost) for room, sight in self._sights.items()}
        self._past.extend(happened)
        scoped = self._scoped(shown.session, pages)
        for room, sight in self._sights.items():
            here = [page for page in pages if page.room == room]
            begins: list[str] = []
            if anew or any(page.wants_state for page in here):
                begins = [json.dumps(self._hello(shown, sight)), json.dumps(sight.state())]
            changes = [json.dumps(message) for message in (*map(sight.of_all, told), *changed[room])]
            seen = {call: [json.dumps(one) for one in sight.of_scope(call, messages)]
                    for call, messages in scoped.items() if any(page.scope == call for page in here)}
            for page in here:
                page.tell(begins, [*changes, *seen.get(page.scope or 0, ())], anew=anew, over=last)

    def _hello(self, shown: Shown, sight: Sight) -> Message:
        return {"type": "hello", "protocol": PROTOCOL, "bridge": self._bridge, "title": shown.title,
                "product": shown.product, "languages": list(shown.languages), "shows": shown.story or None,
                "room": sight.room or None, **sight.of_all(self._facts)}

    def _run(self) -> None:
        give_way(SHORT)
        last = False
        while not last:
            self._wake.wait(_EVERY_S if self._pages else None)
            self._wake.clear()
            last = self._closing  # whenever that comes, one more round tells of it
            self.round(last=last)

    def _look(self, view: View, pages: Sequence[Page]) -> None:
        """Have a sight for each room that pages want to see, and for none besides."""
        rooms = {page.room for page in pages}
        self._sights = {room: sight for room, sight in self._sights.items() if room in rooms}
        for room in rooms - self._sights.keys():
            self._sights[room] = Sight(room, view, self._past)

    def _happened(self, shown: Shown, feed: Feed) -> tuple[list[Happened], int]:
        """Return the entries since the last time, and how many events were lost."""
        happened, lost = [], 0
        for event in feed.take():
            if isinstance(event, Noted):
                happened.append(Happened(event.entry, {**event.entry.as_json(), "told": shown.words(event.entry)}))
            elif isinstance(event, Lost):
                lost += event.count
        return happened, lost

    def _scoped(self, session: Session, pages: Sequence[Page]) -> dict[int, list[Message]]:
        """Return what is seen of the calls whose sound pages show, by their numbers."""
        wanted = list(dict.fromkeys(page.scope for page in pages if page.scope
                                    and self._sights[page.room].shows(page.scope)))[:MOST_SCOPES]
        for call in [call for call in self._scopings if call not in wanted]:
            self._unscope(session, call)
        for call in wanted:
            if call not in self._scopings:
                scope = Scope(call)
                self._scopings[call] = Scoping(scope)
                session.post(lambda scope=scope: session.scopes.open(scope))  # type: ignore[misc]
        return {call: one.messages() for call, one in self._scopings.items()}

    def _unscope(self, session: Session, call: int) -> None:
        scope = self._scopings.pop(call).scope
        session.post(lambda: session.scopes.close(scope))

    def _rest(self) -> None:
        """Ask for nothing more, as nobody looks, or at something else."""
        for call in [*self._scopings]:
            self._unscope(self._told_of.session, call)
        if self._feed is not None:
            self._told_of.session.leave(self._feed)
            self._feed = None
            self._sights.clear()
            self._past.clear()
