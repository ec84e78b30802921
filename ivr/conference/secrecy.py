"""Where in the conference a PIN is keyed; and its journal's entries without whatever may be one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from ivr.conference.flow import conference_flow
from ivr.conference.profile import DEFAULT, profile
from ivr.journal import Entry
from ivr.secrecy import HIDDEN, MASK, Secrecy

_ANSWERED_BY_A_DIGIT = frozenset({"conference-id", "language", "organizer-question"})


@cache
def secret_states() -> frozenset[str]:
    """Return the states in which a PIN is keyed, by their names in journals."""
    nodes = conference_flow(profile(DEFAULT)).nodes.values()
    return frozenset(node.state for node in nodes if node.state and node.secrecy is Secrecy.HIDDEN)


def is_secret(entry: Entry) -> bool:
    """Tell whether what was entered is a PIN, or might be: an ID of the wrong length is masked like one."""
    return str(entry.facts.get("entry", "PIN")) != "conference ID" or entry.facts.get("digits") == MASK


def redacted(entry: Entry, state: str) -> Mapping[str, Any]:
    """Return an entry's facts as a page may hold them: the journal should hold no secret, a page must not.

    Parameters
    ----------
    state : str
        Where the call was.
    """
    facts = dict(entry.facts)
    if entry.event == "entered" and is_secret(entry):
        return {"entry": facts.get("entry", "PIN"), "digits": MASK, "began_at": facts.get("began_at", entry.at)}
    if entry.event == "key":
        label = str(facts.get("key", ""))
        shown = len(label) == 1 and (not label.isdigit() or state in _ANSWERED_BY_A_DIGIT)
        return {**facts, "key": label if shown else HIDDEN}
    for fact in facts:
        if "pin" in fact.lower() or (fact in ("digits", "keys", "key") and entry.event != "entered"):
            facts[fact] = MASK
    return facts
