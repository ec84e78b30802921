"""Files of another kind than is meant: whoever names one is told which command takes it."""

from collections.abc import Mapping

from ivr.reading import YamlNode

_KINDS: Mapping[str, tuple[str, str]] = {
    "a campaign": ("vary", "'ivr campaign FILE' plays it"),
    "a story": ("callers", "'ivr run FILE' plays it, and a campaign names it, as in 'story: FILE'"),
    "an IVR of one's own": ("start", "a story calls it, as in 'ivr: FILE', and 'ivr lint FILE' looks at it"),
}
"""Each kind by the word that only it has, and what is done with it."""


def another_kind(root: YamlNode, meant: str) -> str:
    """Return a sentence about a file that is another kind than is meant; empty if it may be that."""
    if not isinstance(root.value, dict) or _KINDS[meant][0] in root.value:
        return ""
    return next((f"this is {kind}, and no {meant.removeprefix('a ')}: {use}"
                 for kind, (word, use) in _KINDS.items() if word in root.value), "")
