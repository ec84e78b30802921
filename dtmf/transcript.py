"""What was heard in a file, as the facts that are printed and kept."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dtmf.blocks import Reading, Source, opened
from dtmf.channels import Channel, picked, rows_of
from dtmf.choosing import choose
from dtmf.explain import Explainer, NearMiss, as_facts
from dtmf.hint import hint
from dtmf.listen import ToneEnded, check_source, listen
from dtmf.recording import Tone, digits
from dtmf.second import look_again, worth

Facts = dict[str, Any]

Again = Callable[[], AbstractContextManager[Source]]
"""Opens a source at its beginning."""

_HEARD: dict[Channel, str] = {None: "each", "mix": "mixed", "all": "all"}


@dataclass(frozen=True, slots=True)
class Hearing:
    """How files are to be heard: which channel (None: the one with keys), and how raw ones are read."""

    channel: Channel = None
    reading: Reading = field(default_factory=Reading)
    setting: str = "default"
    explain: bool = False
    longest_break_ms: float = 0
    second_look: bool = True
    """Whether a file is looked at again as a whole (`dtmf.second`); what arrives never is."""
    hint: bool = False
    """Whether a line about what is almost a key is wanted: `hint` in the facts, where there is something such."""

    def __str__(self) -> str:
        """What a kept transcript is known by: other hearings of the same file are other transcripts."""
        raw = self.reading
        said = [raw.encoding, raw.rate and f"{raw.rate} Hz", raw.channels and f"{raw.channels} channels"]
        heard = _HEARD.get(self.channel) or f"channel {self.channel}"
        said.append("" if self.setting == "default" else f"setting {self.setting}")
        said.append("" if self.second_look else "no second look")
        said.append(f"breaks up to {self.longest_break_ms:g} ms" if self.longest_break_ms else "")
        return ", ".join([heard, *(str(word) for word in said if word)])


@dataclass(slots=True)
class Row:
    """What was heard on one channel, or in the mix: presses, and what is almost one if that was asked for."""

    tones: list[Tone] = field(default_factory=list)
    near: list[NearMiss] | None = None
    hint: str = ""
    again: dict[str, int] = field(default_factory=dict)
    """What a second look has found, by why the first had not."""


def transcribe(
    path: str | os.PathLike[str], hearing: Hearing, progress: Callable[[float], None] | None = None
) -> list[Facts]:
    """Return the facts of a file: one object, or one a channel.

    Parameters
    ----------
    path : str or path
    hearing : Hearing
    progress : callable, optional
        Called with the part that is done, 0 to 1, where the length is known.

    Raises
    ------
    AudioError
        If the file cannot be heard.
    """
    with opened(path, hearing.reading) as source:
        return facts_of(source, hearing, str(path), progress, again=partial(opened, path, hearing.reading))


def facts_of(
    source: Source, hearing: Hearing, name: str, progress: Callable[[float], None] | None = None,
    again: Again | None = None
) -> list[Facts]:
    """Return the facts of a source that is at its beginning; see `transcribe`.

    `again` opens it once more, where it can be looked at a second time.
    """
    found = _facts_of(source, hearing, name, progress, again)
    return [facts | {"notes": source.notes} for facts in found] if source.notes else found


def _facts_of(
    source: Source, hearing: Hearing, name: str, progress: Callable[[float], None] | None, again: Again | None
) -> list[Facts]:
    came, rows = _rows(source, hearing, name, progress, again)
    one = partial(facts, name, source.rate, came)
    if hearing.channel == "all":
        return [one(row, channel=number) for number, row in enumerate(rows)]
    if hearing.channel is not None:
        return [one(rows[0], channel=hearing.channel)]
    choice = choose([row.tones for row in rows], source.rate)
    if choice.differ:
        each = [{"channel": number, **_keys(rows[number], source.rate)} for number in choice.differ]
        return [one(Row(), channel=None) | {"channels": each}]
    if choice.winner is not None:
        return [one(rows[choice.winner], channel=choice.winner)]
    # without keys, what is almost one is told of the channel where most of it is
    return [one(max(rows, key=lambda row: (len(row.near or []), row.hint)), channel=None)]


def _rows(
    source: Source, hearing: Hearing, name: str, progress: Callable[[float], None] | None, again: Again | None
) -> tuple[int, list[Row]]:
    """Return how many samples came, and what was heard in each row that is listened to."""
    check_source(source, hearing.channel, name)
    count = rows_of(source.channels, hearing.channel)
    rows = [Row() for _ in range(count)]
    almost = None
    if hearing.explain or hearing.hint:
        almost = Explainer(count, source.rate, setting=hearing.setting, longest_break_ms=hearing.longest_break_ms)
    came = 0
    for came, told in listen(source, hearing.channel, name, setting=hearing.setting,
                             longest_break_ms=hearing.longest_break_ms, beside=almost):  # fmt: skip
        for one in told:
            if isinstance(one, ToneEnded):
                rows[one.channel].tones.append(one.tone)
        if progress and source.frames:
            progress(min(1.0, came / source.frames))
    if again is not None and hearing.second_look and hearing.setting != "strict":
        _look_again(again, hearing, rows)
    if almost:
        for row, near in zip(rows, almost.flush([row.tones for row in rows]), strict=True):
            row.near = near if hearing.explain else None
            row.hint = hint(near, hearing.setting) if hearing.hint else ""
    return came, rows


def _look_again(again: Again, hearing: Hearing, rows: list[Row]) -> None:
    if not any(worth(row.tones) for row in rows):
        return
    with again() as source:
        blocks = (picked(block, hearing.channel) for block in source.blocks())
        found = look_again(blocks, source.rate, [row.tones for row in rows], hearing.setting)
    for row, (tones, why) in zip(rows, found, strict=True):
        row.tones, row.again = tones, why


def facts(name: str, rate: int, frames: int, row: Row, *, channel: int | str | None) -> Facts:
    """Return the documented object of a file, or of one `channel` of it; times in seconds."""
    return {"file": name, "channel": channel, "rate": rate, "seconds": round(frames / rate, 6), **_keys(row, rate)}


def _keys(row: Row, rate: int) -> Facts:
    near: Facts = {} if row.near is None else {"near_misses": [as_facts(miss, rate) for miss in row.near]}
    if row.hint:
        near["hint"] = row.hint
    if row.again:
        near["second_look"] = row.again
    return {
        "digits": digits(row.tones),
        "tones": [
            {
                "digit": tone.digit,
                "start": round(tone.start / rate, 6),
                "end": round(tone.end / rate, 6),
                "level_dbm0": round(tone.level_dbm0, 2),
                "twist_db": round(tone.twist_db, 2) + 0.0,
                "low_hz": round(tone.low_hz, 2),
                "high_hz": round(tone.high_hz, 2),
                "low_off_percent": round(tone.low_off * 100, 2) + 0.0,
                "high_off_percent": round(tone.high_off * 100, 2) + 0.0,
                "snr_db": round(tone.snr_db, 1),
            }
            for tone in row.tones
        ],
        **near,
    }
