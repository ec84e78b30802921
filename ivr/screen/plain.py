"""The session as plain lines: for pipes, for terminals that can do no more, and for who prefers them."""

import math
from collections import deque
from collections.abc import Callable

from ivr.clock import seconds
from ivr.journal import Entry
from ivr.live.happenings import HIDDEN, Happening, KeyDown, KeyUp, Noted, Saying
from ivr.live.session import Session
from ivr.screen.panel import Panel

LEAVE = ("q", "Q", "\x03")
_NAMED = {"\n": "enter", "\r": "enter", "\t": "tab"}
_LOOK_EVERY_S = 0.05
_KEPT_KEYS = 64
"""Keys of one entry that are measured together; the last ones of more."""


class Teller:
    """Tells what happens, a line each.

    Lines stay where they are, in files too. So no digit is told as it is heard, for it might be a PIN's, given to
    the wrong question, and neither is their number: the keys of an entry are measured in one line, and the journal
    tells the conference ID.

    Parameters
    ----------
    tell : callable
        Gives an entry of the journal as one line.
    """

    def __init__(self, tell: Callable[[Entry], str]) -> None:
        self._tell = tell
        self._heard: dict[int, deque[KeyUp]] = {}
        self._down: set[int] = set()
        self._due: set[int] = set()

    def __call__(self, happening: Happening) -> list[str]:
        """Return what there is to print."""
        match happening:
            case Noted(entry=entry):
                told = self._over(entry.call) if entry.event == "hung-up" else []
                whole = entry.event == "prompt" and not entry.facts["interrupted"]  # told as it began
                said = "" if whole else self._tell(entry)
                return [*told, said] if said else told
            case Saying(prompt=prompt, text=text) if prompt:
                told = [] if happening.call in self._down else self._keys(happening.call)
                self._due |= {happening.call} & self._down
                return [*told, _told(happening.at, happening.caller, f'is told "{text}"')]
            case KeyDown(call=call):
                self._down.add(call)
            case KeyUp(call=call, key=key):
                self._heard.setdefault(call, deque(maxlen=_KEPT_KEYS)).append(happening)
                self._down.discard(call)
                if call in self._due or not (key.isdigit() or key == HIDDEN):
                    return self._keys(call)
        return []

    def _over(self, call: int) -> list[str]:
        told = self._keys(call)
        self._down.discard(call)
        return told

    def _keys(self, call: int) -> list[str]:
        keys = self._heard.pop(call, deque())
        self._due.discard(call)
        levels = [key.level_dbm0 for key in keys if not math.isnan(key.level_dbm0)]
        twists = [key.twist_db for key in keys if not math.isnan(key.twist_db)]
        if not levels:
            return []
        how = f"{_from_to(levels, '.1f')} dBm0, twist {_from_to(twists, '+.1f')} dB"
        return [_told(keys[-1].at, keys[-1].caller, f"was heard pressing keys of {how}")]


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
    teller = Teller(panel.tell)
    session.watch(lambda happening: _print("\n".join(teller(happening))))
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
    except KeyboardInterrupt:
        return True
    finally:
        session.stop()
    session.join()
    return False


def _print(text: str) -> None:
    if text:
        print(text, flush=True)
