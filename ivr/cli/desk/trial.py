"""Dry calls to the bridge's numbers: real audio, nobody's meeting."""

from collections.abc import Sequence

import numpy as np

from ivr.cli.kit import stage
from ivr.clock import samples, seconds
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import profile
from ivr.directory.meetings import Meetings
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryLine, MemoryTrunk

_PATIENCE = samples(30)


def called(numbers: Sequence[str]) -> list[tuple[str, float | None]]:
    """Call each number once, at the same time, and listen until it has asked for the conference ID.

    Returns
    -------
    list of (str, float or None)
        Each number, and after how many seconds it had asked; None if it did not.
    """
    sounds = stage()
    bridge = ConferenceBridge(directory=Meetings([]), voice=sounds.voice, music=sounds.music, tones=sounds.tones,
                              profile=profile("teams2021"))
    lines = [MemoryLine(number, np.zeros(0, np.int16)) for number in numbers]
    exchange = Exchange(bridge, [MemoryTrunk(lines)])
    asked: dict[str, float] = {}
    while lines and len(asked) < len(lines) and bridge.now < _PATIENCE:
        exchange.step()
        asked = {entry.caller: seconds(entry.at) for entry in bridge.journal.of("prompt")
                 if entry.facts["prompt"] == "enter-conference-id" and not entry.facts["interrupted"]}
    return [(number, asked.get(number)) for number in numbers]
