"""The session as plain lines: for pipes, for terminals that can do no more, and for who prefers them."""

import math
from collections import deque
from collections.abc import Callable

from ivr.clock import seconds
from ivr.engine.events import KeyDown, KeyShown, KeyUp, Lost, Measure, Noted, Prompt, Saying, Told
from ivr.journal import Entry
from ivr.live.feeds import Feed
from ivr.live.session import Session
from ivr.screen.panel import Panel
from ivr.secrecy import HIDDEN

LEAVE = ("q", "Q", "\x03")
_NAMED = {"\n": "enter", "\r": "enter", "\t": "tab"}
_LOOK_EVERY_S = 0.05
_KEPT_KEYS = 64
"""Keys of one entry that are measured together; the last ones of more."""


class Teller:
    """Tells what happens, a line each.

    Lines stay where they are, in files too. So no digit is told as it is heard, nor how many there were: the keys
    of an entry that may be shown are measured in one line, and the journal tells the conference ID.

    Parameters
    ----------
    tell : callable
        Gives an entry of the journal as one line.
    words : callable
        Gives the words of a prompt.
    """

    def __init__(self, tell: Callable[[Entry], str], words: Callable[[Prompt], str]) -> None:
        self._tell, self._words = tell, words
        self._heard: dict[int, deque[Measure]] = {}
        self._down: set[int] = set()
        self._due: set[int] = set()

    def __call__(self, event: Told) -> list[str]:
        """Return what there is to print."""
        match event:
            case Noted(entry=entry):
                told = self._over(entry) if entry.event == "hung-up" else []
                whole = entry.event == "prompt" and not entry.facts["interrupted"]  # told as it began
                said = "" if whole else self._tell(entry)
                return [*told, said] if said else told
            case Saying(at=at, call=call, caller=caller):
                told = [] if call in self._down else self._keys(at, call, caller)
                self._due |= {call} & self._down
                return [*told, _told(at, caller, f'is told "{self._words(event)}"')]
            case KeyDown(call=call):
                self._down.add(call)
            case KeyShown(call=call, measure=measure):
                self._measured(call, measure)
            case KeyUp(at=at, call=call, caller=caller, key=key, measure=measure):
                self._measured(call, measure)
                self._down.discard(call)
                if call in self._due or not (key.isdigit() or key == HIDDEN):
                    return self._keys(at, call, caller)
            case Lost(count=count):
                self._down.clear()  # who has let go of a key meanwhile is not known
                return [f"({count} events came too fast to be told)"]
        return []

    def _over(self, entry: Entry) -> list[str]:
        told = self._keys(entry.at, entry.call, entry.caller)
        self._down.discard(entry.call)
        return told

    def _measured(self, call: int, measure: Measure | None) -> None:
        if measure is not None:
            self._heard.setdefault(call, deque(maxlen=_KEPT_KEYS)).append(measure)

    def _keys(self, at: int, call: int, caller: str) -> list[str]:
        keys = self._heard.pop(call, deque())
        self._due.discard(call)
        levels = [key.level_dbm0 for key in keys if not math.isnan(key.level_dbm0)]
        twists = [key.twist_db for key in keys if not math.isnan(key.twist_db)]
        if not levels:
            return []
        how = f"{_from_to(levels, '.1f')} dBm0, twist {_from_to(twists, '+.1f')} dB"
        return [_told(at, caller, f"was heard pressing keys of {how}")]


def _from_to(values: list[float], form: str) -> str:
    ends = [format(round(value, 1) + 0.0, form) for value in (min(values), max(values))]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _told(at: int, caller: str, what: str) -> str:
    return f"{seconds(at):8.2f} s  {caller:<8} {what}"


def lines(session: Session, panel: Panel, typed: Callable[[], str] | None = None) -> bool:
    """Print a line for everything that happens, until it is over; return whether somebody wanted to leave.

    Parameters
    ----------
    session : Session
        It is started here.
    typed : callable, optional
        Gives the characters that have been typed since the last time.
    """
    teller, feed = Teller(panel.tell, session.text), session.feed()
    print(panel.title, flush=True)
    said = ""
    session.start()
    try:
        while not session.over:
            if (status := panel.status_of(session)) and status != said:
                said = status
                _print(status)
            for key in typed() if typed else "":
                if key in LEAVE:
                    return True
                name = _NAMED.get(key, key)
                if command := panel.command(name):
                    session.post(lambda command=command, name=name: command.does(name))  # type: ignore[misc]
            session.join(_LOOK_EVERY_S)
            _tell(teller, feed)
    except KeyboardInterrupt:
        return True
    finally:
        session.stop()
        session.join(_LOOK_EVERY_S)
        _tell(teller, feed)
    session.join()
    return False


def _tell(teller: Teller, feed: Feed) -> None:
    for event in feed.take():
        _print("\n".join(teller(event)))


def _print(text: str) -> None:
    if text:
        print(text, flush=True)
