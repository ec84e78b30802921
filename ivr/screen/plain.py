"""The session as plain lines: for pipes, for terminals that can do no more, and for who prefers them."""

import math
from collections.abc import Callable

from ivr.clock import seconds
from ivr.journal import Entry
from ivr.live.happenings import HIDDEN, Happening, KeyDown, KeyUp, Noted, Saying
from ivr.live.session import Session
from ivr.screen.panel import Panel

LEAVE = ("q", "Q", "\x03")
_NAMED = {"\n": "enter", "\r": "enter", "\t": "tab"}
_LOOK_EVERY_S = 0.05


def line(happening: Happening, tell: Callable[[Entry], str]) -> str:
    """Return what happened as one line; empty for what is told otherwise.

    Lines stay where they are, in files too; so no digit is told as it is heard: it might be a PIN's, given to the
    wrong question. The journal tells a conference ID when it is complete.
    """
    match happening:
        case Noted(entry=entry):
            whole = entry.event == "prompt" and not entry.facts["interrupted"]  # it was told as it began
            return "" if whole else tell(entry)
        case Saying(prompt=prompt, text=text) if prompt:
            return _told(happening, f'is told "{text}"')
        case KeyUp(key=key, level_dbm0=level, twist_db=twist, lasted_ms=lasted):
            key = HIDDEN if key.isdigit() else key
            how = "too short to be measured" if math.isnan(level) else f"{level:.1f} dBm0, twist {twist:+.1f} dB"
            return _told(happening, f"is heard pressing {key} for {lasted:.0f} ms: {how}")
        case _:
            return ""


def _told(happening: KeyDown | KeyUp | Saying, what: str) -> str:
    return f"{seconds(happening.at):8.2f} s  {happening.caller:<8} {what}"


def lines(session: Session, panel: Panel, typed: Callable[[], str] | None = None) -> bool:
    """Print a line for everything that happens, until it is over; return whether somebody wanted to leave.

    Parameters
    ----------
    session : Session
        It is started here.
    typed : callable, optional
        Gives the characters that have been typed since the last time.
    """
    session.watch(lambda happening: _print(line(happening, panel.tell)))
    print(panel.title, flush=True)
    said = ""
    session.start()
    try:
        while not session.over:
            if (status := panel.status()) and status != said:
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
