"""The journal as rows of a table: an entry in a few words, never a PIN."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.clock import seconds
from ivr.journal import Entry
from ivr.report.deskmarks import told_desk, told_letter
from ivr.report.lanes import STATES
from ivr.report.model import Hides


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the journal's table.

    Attributes
    ----------
    at : int
        Sample on the bridge's clock.
    caller : str
        Whose row it is; empty for what concerns no single call.
    event, told : str
        What happened, and the particulars.
    kind : str
        Which colour marks it: a kind of band, or empty.
    """

    at: int
    caller: str
    event: str
    told: str
    kind: str = ""


def rows(entries: Iterable[Entry], hides: Hides) -> list[Row]:
    """Return the journal as it may be shown, in the order of the journal."""
    states: dict[int, str] = {}
    found = []
    for e in entries:
        if e.event == "state":
            states[e.call] = str(e.facts.get("state", ""))
        facts = hides.redacted(e, states.get(e.call, ""))
        tell = _TELL.get(e.event, _anything)
        kind = STATES.get(str(facts.get("state", "")), ("", ""))[0] if e.event == "state" else ""
        found.append(Row(e.at, e.caller, e.event, tell(facts), kind))
    return found


def _state(facts: Mapping[str, Any]) -> str:
    return str(facts.get("state", ""))


def _prompt(facts: Mapping[str, Any]) -> str:
    since = f", from {seconds(int(facts['began_at'])):.3f} s" if "began_at" in facts else ""
    return f"{facts.get('prompt', '')}{since}{', cut short' if facts.get('interrupted') else ''}"


def _entered(facts: Mapping[str, Any]) -> str:
    since = f", from {seconds(int(facts['began_at'])):.3f} s" if "began_at" in facts else ""
    return f"{facts.get('entry', '')} {facts.get('digits', '')}{since}"


def _refused(facts: Mapping[str, Any]) -> str:
    tries = facts.get("try")
    return f"{facts.get('entry', '')} {facts.get('reason', '')}" + (f", try {tries}" if tries else "")


def _key(facts: Mapping[str, Any]) -> str:
    return f"{facts.get('key', '')}{', ignored' if facts.get('ignored') else ''}"


def _meeting(facts: Mapping[str, Any]) -> str:
    by = f", by {facts['by']}" if facts.get("by") else ""
    role = f", as {facts['role']}" if facts.get("role") else ""
    where = f", from the {facts['what']}" if facts.get("what") == "lobby" else ""
    app = ", in the app" if facts.get("in_app") else ""
    known = f", started as {facts['started_as']}" if facts.get("started_as") else ""
    return f"meeting {facts.get('meeting', '')}{by}{role}{known}{where}{app}"


def _anything(facts: Mapping[str, Any]) -> str:
    return ", ".join(_fact(name, value) for name, value in facts.items() if value not in ("", None))


def _fact(name: str, value: Any) -> str:  # noqa: ANN401  (a fact is any plain value)
    if isinstance(value, bool):
        return f"{'' if value else 'not '}{name.replace('_', ' ')}"
    if name.endswith("_at") and isinstance(value, int):
        return f"{name.removesuffix('_at').replace('_', ' ')} {seconds(value):.3f} s"
    return f"{name.replace('_', ' ')} {value}"


_TELL: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "dialled": _anything,
    "state": _state,
    "prompt": _prompt,
    "music": lambda facts: f"hold music {facts.get('what', '')}",
    "key": _key,
    "name": lambda facts: "a name was said" if facts.get("recorded") else "no name was said",
    "entered": _entered,
    "refused": _refused,
    "lobby": _meeting,
    "started": _meeting,
    "joined": _meeting,
    "left": _meeting,
    "over": _meeting,
    "promoted": _meeting,
    "desk": told_desk,
    "letter": told_letter,
    "hung-up": lambda facts: f"by the {facts.get('by', '')}",
}
