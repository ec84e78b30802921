"""What is almost a key, in one line: how much there is, what is wrong with most of it, and what would help."""

from collections import Counter
from collections.abc import Sequence

from dtmf.explain import NearMiss
from dtmf.limits import SETTINGS


def hint(near: Sequence[NearMiss], setting: str) -> str:
    """Return a line about what is a key but for one thing; empty if there is nothing such.

    Parameters
    ----------
    near : sequence of NearMiss
    setting : str
        The one that they were heard with.
    """
    almost = [miss for miss in near if miss.only]
    if not almost:
        return ""
    kind, _ = Counter(miss.only for miss in almost).most_common(1)[0]
    alike = [miss for miss in almost if miss.only == kind]
    what = f"{len(almost)} almost key{'' if len(almost) == 1 else 's'}"
    helps = _help(kind, alike, setting)
    return f"{_like(kind, alike)}, {what}; {f'{helps}, or see' if helps else 'see'} --explain"


def _like(kind: str, alike: Sequence[NearMiss]) -> str:
    """Return what is wrong with some, by the one that is the nearest to a key."""
    if kind == "quiet":
        return f"quiet: {max(miss.looks.weaker_dbm0 for miss in alike):.0f} dBm0"
    if kind == "twist":
        return f"twist: {min(abs(miss.looks.twist_db) for miss in alike):.1f} dB"
    if kind == "off":
        off = min(max(abs(miss.looks.low_off), abs(miss.looks.high_off)) for miss in alike)
        return f"off their frequencies: {off * 100:.1f} %"
    if kind == "third":
        return f"a third tone: {min(miss.looks.third_db for miss in alike):.0f} dB"
    return {"short": "short", "mixed": "sound over the tones"}.get(kind, "unsteady tones")


def _help(kind: str, alike: Sequence[NearMiss], setting: str) -> str:
    if kind == "quiet":
        return "make the recording louder"
    if kind == "twist":
        enough = [wider for wider in ("default", "wide") if all(_within(miss, wider) for miss in alike)]
        return f"try --setting {enough[0]}" if enough else ""
    return "try --setting default" if setting == "strict" and kind in ("mixed", "unsteady") else ""


def _within(miss: NearMiss, setting: str) -> bool:
    allowed = SETTINGS[setting]
    return -allowed.low_over_high_db <= miss.looks.twist_db <= allowed.high_over_low_db
