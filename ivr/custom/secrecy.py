"""What a page hides of calls of a file: what the file calls secret, and nothing else."""

from collections.abc import Mapping
from typing import Any

from ivr.custom.own import OwnFile
from ivr.journal import Entry
from ivr.secrecy import HIDDEN, MASK, Secrecy


class OwnSecrets:
    """The secrets of a file: the journal holds none of them, and a page must not.

    Parameters
    ----------
    own : OwnFile
    """

    def __init__(self, own: OwnFile) -> None:
        self._variables = own.secrets
        self._states = frozenset(node.state or name for flow in own.flows for name, node in flow.nodes.items()
                                 if node.secrecy is Secrecy.HIDDEN)

    def secret_states(self) -> frozenset[str]:
        """Return the states in which a secret is keyed, by their names in journals."""
        return self._states

    def is_secret(self, entry: Entry) -> bool:
        """Tell whether what was entered is not shown: a secret, or digits of a length that was not asked for."""
        return entry.facts.get("digits") == MASK or entry.facts.get("entry") in self._variables

    def redacted(self, entry: Entry, state: str) -> Mapping[str, Any]:
        """Return an entry's facts as a page may hold them, of a call in this state."""
        facts = dict(entry.facts)
        if entry.event == "entered" and self.is_secret(entry):
            return {"entry": facts.get("entry", ""), "digits": MASK, "began_at": facts.get("began_at", entry.at)}
        if entry.event == "key" and state in self._states and str(facts.get("key", "")).isdigit():
            facts["key"] = HIDDEN
        return facts
