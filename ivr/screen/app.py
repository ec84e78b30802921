"""The screen itself, with textual: 80 columns and 24 rows are enough, and no colour is needed to read it."""

from collections import deque
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.widgets import RichLog, Static

from ivr.engine.events import Lost, Noted
from ivr.live.session import Session
from ivr.live.views import View
from ivr.screen import drawing, listing
from ivr.screen.drawing import Form
from ivr.screen.fitting import wrapped
from ivr.screen.panel import Panel, PanelCommand

_REFRESH_S = 0.1
_JOURNAL_LINES = 2000
_SAID_LINES, _ROOM_LINES = 2, 2
_OTHER_ROWS = 17
"""What the rest of the screen takes, with four lines of journal."""

_BESIDE = 150
"""Columns from which the journal stands beside the callers and not below them."""

_LEFT = 84
"""Columns that the callers have then, at least."""

_HANG = 21
"""Where the sentence begins in a line of the journal."""


class Screen(App[None]):
    """A session as a screen.

    Parameters
    ----------
    session : Session
        It is only looked at here.
    panel : Panel
    begin : callable, optional
        Called when the screen stands: building it takes longer than a tick may wait.
    blocks : bool
        Whether the terminal has blocks for the meters.

    Attributes
    ----------
    left : bool
        Whether somebody has left before the session was over.
    error : Exception or None
        What ended the screen, to be raised by whoever shows it.
    """

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,Q", "leave", "leave", show=False),
        Binding("ctrl+c,ctrl+q", "leave", "leave", show=False, priority=True),
        Binding("pageup", "scroll_journal(-1)", show=False, priority=True),
        Binding("pagedown", "scroll_journal(1)", show=False, priority=True),
    ]
    CSS = """
    Screen { background: $background; }
    Static { height: auto; width: 1fr; }
    #clock, #header, #title, #keys, #measured, #rooms, #heading, #foot { height: 1; }
    #clock, #foot { text-style: reverse; }
    .heading { text-style: bold; }
    #said { height: 2; text-style: italic; }
    #body { height: 1fr; }
    #now { height: auto; }
    #past { height: 1fr; min-height: 4; }
    #who { height: auto; }
    #lobby, #meeting { padding-left: 2; }
    #lobby { color: #ffb454; }
    #meeting { color: #98d15c; }
    #journal { background: $background; height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    #status { max-height: 3; padding: 0 1; }
    .beside { layout: horizontal; }
    .beside #now { height: 1fr; }
    .beside #past { margin-left: 2; }
    """

    def __init__(self, session: Session, panel: Panel, begin: Callable[[], None] | None = None, *,
                 blocks: bool = True) -> None:
        super().__init__()
        self.left = False
        self.error: Exception | None = None
        self._begin, self._has_blocks = begin, blocks
        self._journal: deque[str] = deque(maxlen=_JOURNAL_LINES)
        self._drawn_at = (0, 0)
        self._session, self._panel = session, panel
        self._coming = session.feed()

    def compose(self) -> ComposeResult:
        """Lay the parts out from top to bottom; on a wide terminal the journal at the right."""
        yield Static(id="clock", markup=False)
        with Container(id="body"):
            with Container(id="now"):
                yield Static(id="header", classes="heading", markup=False)
                yield Static(id="callers", markup=False)
                yield Static(id="title", classes="heading", markup=False)
                for part in ("said", "keys", "measured"):
                    yield Static(id=part, markup=False)
                yield Static(id="rooms", classes="heading", markup=False)
                with Horizontal(id="who"):
                    yield Static(id="lobby", markup=False)
                    yield Static(id="meeting", markup=False)
            with Container(id="past"):
                yield Static(id="heading", classes="heading", markup=False)
                journal = RichLog(id="journal", max_lines=_JOURNAL_LINES, wrap=False, markup=False)
                journal.can_focus = False  # every key belongs to the commands
                yield journal
        yield Static(id="status", markup=False)
        yield Static(id="foot", markup=False)

    def on_mount(self) -> None:
        """Begin to look at the session."""
        self.set_interval(_REFRESH_S, self.look)
        self.look()
        if self._begin is not None:
            self.call_after_refresh(self._begin)

    def look(self) -> None:
        """Draw how things stand; leave when the session is over."""
        if not self.query("#foot"):
            return  # the terminal tells its size before there is anything to draw, and after there was
        try:
            view = self._session.view(0.03)
            self._draw(view)
        except Exception as error:  # textual would print every variable that is at hand
            self.error = error
            self.exit()
            return
        if view.over:
            self.exit()

    def on_resize(self, _: events.Resize) -> None:
        """Draw anew for the new width."""
        self.look()

    def on_key(self, event: events.Key) -> None:
        """Give a key of the keyboard to its command."""
        for key in (event.character or "", event.key):
            command = self._panel.command(key) if key else None
            if command is not None:
                event.stop()
                event.prevent_default()
                self._post(command, key)
                return

    def action_leave(self) -> None:
        """Leave before it is over."""
        self.left = True
        self.exit()

    def action_scroll_journal(self, direction: int) -> None:
        """Scroll the journal by a page; at its end it follows again."""
        journal = self.query_one("#journal", RichLog)
        if direction < 0:
            journal.auto_scroll = False
            journal.scroll_page_up(animate=False)
        else:
            journal.scroll_page_down(animate=False)
            journal.auto_scroll = journal.scroll_offset.y + journal.size.height >= journal.max_scroll_y

    def _post(self, command: PanelCommand, key: str) -> None:
        self._session.post(lambda: command.does(key))

    def _draw(self, view: View) -> None:
        panel, width, height = self._panel, max(40, self.size.width), self.size.height
        beside = width >= _BESIDE
        left = max(_LEFT, width * 2 // 5) if beside else width
        right = width - left - 2 if beside else width
        form = Form.of(left, blocks=self._has_blocks)
        rows = listing.rows(view, panel.callers() if panel.callers else ())
        at = listing.row_of(panel.chosen() if panel.chosen else None, rows)
        chosen, call = rows[at] if rows else ("", None)
        if (width, height) != self._drawn_at:
            self._drawn_at = (width, height)
            self._lay_out(left, right, beside=beside)
        self._set("clock", drawing.clock(view, panel.title, panel.speed, width))
        self._set("header", drawing.heading(form.headings, left))
        self._set("callers", listing.callers(rows, at, view, height - _OTHER_ROWS, form))
        self._set("title", drawing.heading([(2, drawing.title(chosen, call, view.at))], left))
        self._set("said", "\n".join(f"  {said}" for said in drawing.told(call, view, left - 4, _SAID_LINES)))
        self._set("keys", f"  keys   {drawing.keys(call, left - 9)}")
        self._set("measured", f"  heard  {drawing.measured(call, left - 9)}")
        waiting, meeting, half = view.waiting(), view.meeting(), left // 2
        self._set("rooms", drawing.heading([(2, drawing.room("Lobby", waiting)),
                                            (half + 2, drawing.room("Meeting", meeting))], left))
        # on a small screen as many lines as ever, so that the journal stays where it is
        most = max(_ROOM_LINES, height - _OTHER_ROWS - max(3, len(rows)) - 4) if height > 30 else _ROOM_LINES
        for part, there, room in (("lobby", waiting, half), ("meeting", meeting, left - half)):
            self._set(part, "\n".join(drawing.members(there, view.at, most if beside else _ROOM_LINES, room - 3)))
        self._set("status", panel.status_of(self._session))
        self._tell(right)

    def _lay_out(self, left: int, right: int, *, beside: bool) -> None:
        """Do what only another size of the terminal changes."""
        self.query_one("#body").set_class(beside, "beside")
        self.query_one("#now").styles.width = left
        self._set("heading", drawing.heading([(2, "Journal")], right))
        self._set("foot", listing.foot(self._panel, self._drawn_at[0]))
        journal = self.query_one("#journal", RichLog)
        journal.clear()
        for told in self._journal:
            self._write(told, right)

    def _tell(self, width: int) -> None:
        for event in self._coming.take():
            told = self._panel.tell(event.entry) if isinstance(event, Noted) else ""
            if isinstance(event, Lost):
                told = f"({event.count} events came too fast to be shown)"
            if told:
                self._journal.append(told)
                self._write(told, width)

    def _write(self, told: str, width: int) -> None:
        self.query_one("#journal", RichLog).write("\n".join(wrapped(told, width - 1, _HANG)))

    def _set(self, part: str, text: str | Text) -> None:
        static = self.query_one(f"#{part}", Static)
        if static.content != text:
            static.update(text)
