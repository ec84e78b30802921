"""The journal as rows of a table: an entry in a few words, never a PIN."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.clock import seconds
from ivr.journal import Entry
from ivr.report.deskmarks import told_desk, told_letter
from ivr.report.lanes import STATES
from ivr.report.model import Hides
from ivr.report.wording import PLAIN, Say, decimal


@dataclass(frozen=True, slots=True)
class JournalRow:
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


def rows(entries: Iterable[Entry], hides: Hides, say: Say = PLAIN) -> list[JournalRow]:
    """Return the journal as it may be shown, in the order of the journal."""
    states: dict[int, str] = {}
    found = []
    for e in entries:
        if e.event == "state":
            states[e.call] = str(e.facts.get("state", ""))
        facts = hides.redacted(e, states.get(e.call, ""))
        tell = _TELL.get(e.event, _anything)
        kind = STATES.get(str(facts.get("state", "")), ("", ""))[0] if e.event == "state" else ""
        found.append(JournalRow(e.at, e.caller, say(e.event, of="event"), tell(facts, say), kind))
    return found


def _state(facts: Mapping[str, Any], say: Say) -> str:
    return say(str(facts.get("state", "")), of="state")


def _prompt(facts: Mapping[str, Any], say: Say) -> str:
    torn = f", {say('cut short')}" if facts.get("interrupted") else ""
    return f"{facts.get('prompt', '')}{_since(facts, say)}{torn}"


def _entered(facts: Mapping[str, Any], say: Say) -> str:
    return f"{say(str(facts.get('entry', '')))} {facts.get('digits', '')}{_since(facts, say)}"


def _since(facts: Mapping[str, Any], say: Say) -> str:
    began = facts.get("began_at")
    return "" if began is None else f", {say('from {at} s', at=decimal(seconds(int(began)), 3, say))}"


def _refused(facts: Mapping[str, Any], say: Say) -> str:
    tries = facts.get("try")
    told = f"{say(str(facts.get('entry', '')))} {say(str(facts.get('reason', '')))}"
    return told + (f", {say('try {try_}', try_=tries)}" if tries else "")


def _key(facts: Mapping[str, Any], say: Say) -> str:
    return str(facts.get("key", "")) + (f", {say('ignored')}" if facts.get("ignored") else "")


def _meeting(facts: Mapping[str, Any], say: Say) -> str:
    parts = [say("meeting {meeting}", meeting=facts.get("meeting", ""))]
    if facts.get("by"):
        parts.append(say("by {by}", by=facts["by"]))
    if facts.get("role"):
        parts.append(say("as {role}", role=say(str(facts["role"]))))
    if facts.get("started_as"):
        parts.append(say("started as {meeting}", meeting=facts["started_as"]))
    if facts.get("what") == "lobby":
        parts.append(say("from the lobby"))
    if facts.get("in_app"):
        parts.append(say("in the app"))
    return ", ".join(parts)


def _name(facts: Mapping[str, Any], say: Say) -> str:
    return say("a name was said" if facts.get("recorded") else "no name was said")


def _music(facts: Mapping[str, Any], say: Say) -> str:
    return say(f"hold music {facts.get('what', '')}")


def _hung_up(facts: Mapping[str, Any], say: Say) -> str:
    return say("by the {who}", who=say(str(facts.get("by", ""))))


def acted_on(facts: Mapping[str, Any]) -> list[str]:
    """Return whom and what a presenter's act is about, as they come behind what he does."""
    hidden = ("what", "by", "serial") if "guest" in facts else ("what", "by")
    told = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in facts.items()
            if name not in hidden}
    return [f"{value} s" if name == "seconds" else value for name, value in told.items()]


def _presenter(facts: Mapping[str, Any], say: Say) -> str:
    told = " ".join((say(str(facts.get("what", ""))), *acted_on(facts)))
    return told + (f", {say('by {by}', by=facts['by'])}" if facts.get("by") else "")


def _anything(facts: Mapping[str, Any], say: Say) -> str:
    return ", ".join(_fact(name, value, say) for name, value in facts.items() if value not in ("", None))


def _fact(name: str, value: Any, say: Say) -> str:  # noqa: ANN401  (a fact is any plain value)
    if isinstance(value, bool):
        return say(f"{'' if value else 'not '}{name.replace('_', ' ')}")
    if name.endswith("_at") and isinstance(value, int):
        return f"{say(name.removesuffix('_at').replace('_', ' '))} {decimal(seconds(value), 3, say)} s"
    return f"{say(name.replace('_', ' '))} {value}"


_TELL: Mapping[str, Callable[[Mapping[str, Any], Say], str]] = {
    "dialled": _anything,
    "state": _state,
    "prompt": _prompt,
    "music": _music,
    "key": _key,
    "name": _name,
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
    "hung-up": _hung_up,
    "presenter": _presenter,
}
