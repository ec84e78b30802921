"""Dry calls to the bridge's numbers: real audio, nobody's meeting."""

from collections.abc import Sequence

import numpy as np

from ivr.assembly import assembled
from ivr.cli.kit import stage
from ivr.clock import samples, seconds
from ivr.conference.profile import profile
from ivr.directory.meetings import Meetings
from ivr.lines.memory import MemoryLine, MemoryTrunk

_PATIENCE = samples(30)


def called(numbers: Sequence[str]) -> list[tuple[str, float | None]]:
    """Call each number once, at the same time, and listen until it has asked for the conference ID.

    Returns
    -------
    list of (str, float or None)
        Each number, and after how many seconds it had asked; None if it did not.
    """
    lines = [MemoryLine(number, np.zeros(0, np.int16)) for number in numbers]
    bridge, exchange = assembled(stage(), Meetings([]), profile("teams2021"), [MemoryTrunk(lines)])
    asked: dict[str, float] = {}
    while lines and len(asked) < len(lines) and bridge.now < _PATIENCE:
        exchange.step()
        asked = {entry.caller: seconds(entry.at) for entry in bridge.journal.of("prompt")
                 if entry.facts["prompt"] == "enter-conference-id" and not entry.facts["interrupted"]}
    return [(number, asked.get(number)) for number in numbers]
