"""What a check of speaker and microphone comes to, in words to act on. A table: a finding, and its words."""

from collections.abc import Callable
from typing import NamedTuple

from ivr.lines.soundcard.check import Check

_ALL = 16


class _Finding(NamedTuple):
    holds: Callable[[Check], bool]
    words: Callable[[Check], str]


_NOTHING = (
    _Finding(lambda c: c.noise_dbm0 < -80, lambda _: (
        "nothing was heard, not even noise: the microphone is muted, or it is another one (see 'ivr devices' and "
        "--input)")),
    _Finding(lambda _: True, lambda c: (
        f"nothing was heard of the keys, only noise at {c.noise_dbm0:.0f} dBm0: turn the speaker up and bring the "
        "microphone near, or see that --output is the speaker you hear")),
)
"""Without keys: the first that holds is told."""



def _or_wide(check: Check) -> str:
    return ", or --setting wide" if check.heard("wide") == _ALL else ""


_FINDINGS = (
    _Finding(lambda c: c.clipped > 0 or c.distortion_db > -25, lambda _: (
        "the input is overdriven (clipping): turn the microphone or the speaker down, or move them apart")),
    _Finding(lambda c: c.level_dbm0 < -36, lambda c: (
        f"the keys come in at {c.level_dbm0:.0f} dBm0, which is quiet: turn the speaker or the microphone up")),
    _Finding(lambda c: c.twist_db <= -6, lambda c: (
        f"high tones {-c.twist_db:.0f} dB down: use a line-in{_or_wide(c)}")),
    _Finding(lambda c: c.twist_db >= 5, lambda c: (
        f"low tones {c.twist_db:.0f} dB down: use a line-in{_or_wide(c)}")),
    _Finding(lambda c: max(k.twist_db for k in c.keys) - min(k.twist_db for k in c.keys) > 10, lambda c: (
        f"the room makes some tones louder than others (twist from {min(k.twist_db for k in c.keys):+.0f} to "
        f"{max(k.twist_db for k in c.keys):+.0f} dB): bring the microphone nearer")),
    _Finding(lambda c: c.hum_dbm0 > c.level_dbm0 - 20, lambda c: (
        f"hum at {c.hum_dbm0:.0f} dBm0: another cable, or a power supply on the same socket")),
    _Finding(lambda c: c.noise_dbm0 > c.level_dbm0 - 15 and c.hum_dbm0 < c.noise_dbm0 - 3, lambda c: (
        f"noise at {c.noise_dbm0:.0f} dBm0, only {c.level_dbm0 - c.noise_dbm0:.0f} dB under the keys: a quieter "
        "place, or the microphone nearer")),
    _Finding(lambda c: c.decay_ms > 120, lambda c: (
        f"echo: a key takes {c.decay_ms:.0f} ms to die away; keys in quick succession run together: bring the "
        "microphone nearer, or press slowly")),
    _Finding(lambda c: c.rise_db < -2.5 and c.decay_ms <= 60, lambda c: (
        f"a gain control takes {-c.rise_db:.0f} dB off each key while it sounds: switch automatic gain off")),
    _Finding(lambda c: c.spare > 0, lambda c: (
        f"{c.spare} keys were heard that were not played: less echo, or --setting strict")),
    _Finding(lambda c: c.delay_ms > 300, lambda c: (
        f"what is played comes back after {c.delay_ms:.0f} ms: prompts will stop late; use devices with a cable")),
    _Finding(lambda c: c.glitches > 0, lambda c: (
        f"{c.glitches} glitches in the sound: close other programs, or give another --rate")),
)
"""With keys: all that hold are told."""


def verdict(check: Check) -> list[str]:
    """Return sentences: how many keys are heard, and what would be better."""
    if not check.keys:
        return [next(finding.words(check) for finding in _NOTHING if finding.holds(check))]
    return [_count(check), *(finding.words(check) for finding in _FINDINGS if finding.holds(check))]


def _count(check: Check) -> str:
    default, wide = check.heard("default"), check.heard("wide")
    if default == _ALL:
        return "all 16 keys are heard"
    if wide == _ALL:
        return f"{default} of 16 keys are heard, and all with --setting wide: use that"
    better = f", {wide} with --setting wide" if wide > default else ""
    return f"{default} of 16 keys are heard{better}"
