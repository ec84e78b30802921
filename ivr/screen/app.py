"""The screen itself, with textual: 80 columns and 24 rows are enough, and no colour is needed to read it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import RichLog, Static

from ivr.engine.events import Lost, Noted
from ivr.live.session import Session
from ivr.live.views import CallView, View, Who
from ivr.screen import drawing
from ivr.screen.panel import Command, Panel

_REFRESH_S = 0.1
_JOURNAL_LINES = 2000
_SAID_LINES, _ROOM_LINES = 2, 2
_COLOURS = {"lobby": "#ffb454", "meeting": "#98d15c", "off": "dim"}
_MORE = "..."
_Row = tuple[str, CallView | None]
_OTHER_ROWS = 17
"""What the rest of the screen takes, with four lines of journal."""
_HEADER = "  caller     state              input             hears"


class Screen(App[None]):
    """A session as a screen.

    Parameters
    ----------
    session : Session
        It is only looked at here.
    panel : Panel
    begin : callable, optional
        Called when the screen stands: building it takes longer than a tick may wait.

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
    #clock, #header, #keys, #measured, #foot { height: 1; }
    #clock, #foot { text-style: reverse; }
    #header, #title { text-style: bold; }
    #said { height: 2; text-style: italic; }
    #rooms { height: 3; }
    #lobby { color: #ffb454; margin-right: 1; }
    #meeting { color: #98d15c; }
    #journal { background: $background; height: 1fr; min-height: 3; border-top: solid $foreground;
               overflow-x: hidden; scrollbar-size-vertical: 1; }
    #status { max-height: 3; }
    """

    def __init__(self, session: Session, panel: Panel, begin: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.left = False
        self.error: Exception | None = None
        self._begin = begin
        self._session, self._panel = session, panel
        self._coming = session.feed()

    def compose(self) -> ComposeResult:
        """Lay the parts out from top to bottom."""
        yield Static(id="clock", markup=False)
        yield Static(_HEADER, id="header", markup=False)
        yield Static(id="callers", markup=False)
        yield Static(id="title", markup=False)
        yield Static(id="said", markup=False)
        yield Static(id="keys", markup=False)
        yield Static(id="measured", markup=False)
        with Horizontal(id="rooms"):
            yield Static(id="lobby", markup=False)
            yield Static(id="meeting", markup=False)
        journal = RichLog(id="journal", max_lines=_JOURNAL_LINES, wrap=False, markup=False)
        journal.border_title = "journal"
        journal.can_focus = False  # every key belongs to the commands
        yield journal
        yield Static(id="status", markup=False)
        yield Static(foot(self._panel), id="foot", markup=False)

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

    def _post(self, command: Command, key: str) -> None:
        self._session.post(lambda: command.does(key))

    def _draw(self, view: View) -> None:
        panel, width = self._panel, max(40, self.size.width)
        rows = _rows(view, panel.callers() if panel.callers else ())
        at = _row_of(panel.chosen() if panel.chosen else None, rows)
        chosen, call = rows[at] if rows else ("", None)
        self._set("clock", drawing.clock(view, panel.title, panel.speed, width))
        self._set("callers", _callers(rows, at, view, self.size.height - _OTHER_ROWS, width))
        self._set("title", drawing.heading(chosen, call, view.at, width))
        self._set("said", "\n".join(f"  {said}" for said in drawing.told(call, view, width - 4, _SAID_LINES)))
        self._set("keys", f"  keys   {drawing.keys(call)}"[:width])
        self._set("measured", f"  heard  {drawing.measured(call, width - 9)}")
        half = width // 2 - 1
        self._set("lobby", "\n".join(drawing.room("Lobby", view.waiting(), view.at, _ROOM_LINES, half)))
        self._set("meeting", "\n".join(drawing.room("Meeting", view.meeting(), view.at, _ROOM_LINES, half)))
        self._set("status", panel.status_of(self._session))
        journal = self.query_one("#journal", RichLog)
        for event in self._coming.take():
            told = panel.tell(event.entry) if isinstance(event, Noted) else ""
            if isinstance(event, Lost):
                told = f"({event.count} events came too fast to be shown)"
            if told:
                journal.write(told)

    def _set(self, part: str, text: str | Text) -> None:
        static = self.query_one(f"#{part}", Static)
        if static.content != text:
            static.update(text)


def _rows(view: View, names: Sequence[str]) -> list[_Row]:
    """Return a row for each call, and for each of these names that has none; two calls of one name are two rows."""
    known: list[_Row] = []
    for name in names:
        known += [(name, call) for call in view.named(name)] or [(name, None)]
    return known + [(call.caller, call) for call in view.calls if call.caller not in names]


def _row_of(chosen: Who | None, rows: list[_Row]) -> int:
    """Return the place of the one that is meant; the first if nobody is."""
    return next((n for n, (name, call) in enumerate(rows)
                 if chosen == name or (call is not None and chosen == call.call)), 0)


def _callers(rows: list[_Row], chosen: int, view: View, room: int, width: int) -> Text:
    """Return the callers' lines, as many as there is room for; colour repeats what the words say."""
    lines = []
    for at in around(len(rows), chosen, room):
        if at is None:
            lines.append(Text(f"  {_MORE}", "dim"))
            continue
        name, call = rows[at]
        colour = _COLOURS.get(call.where if call else "off", "")
        line = drawing.caller(name, call, view, chosen=at == chosen, width=width)
        lines.append(Text(line, f"bold {colour}" if at == chosen else colour, no_wrap=True))
    return Text("\n").join(lines) if lines else Text("  nobody yet")


def around(count: int, chosen: int, rows: int) -> list[int | None]:
    """Return as many of `count` places as have room, among them the chosen one; None where some are left out."""
    if count <= max(rows, 3):
        return list(range(count))
    room = max(rows, 3) - 2
    begin = min(max(0, chosen - room // 2), count - room)
    return [*([None] if begin else []), *range(begin, begin + room), *([None] if begin + room < count else [])]


def foot(panel: Panel) -> str:
    """Return the line that says which keys do what."""
    told = [f"{command.shown or command.keys[0]} {command.label}" for command in panel.commands if command.label]
    return "  ".join([*told, "q leave"])
