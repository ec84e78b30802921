"""`ivr answer`: recordings that somebody made are the callers."""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from dtmf.audiofile import fill, format_of, replacing
from ivr.assembly import assembled
from ivr.cli.called import called_own, recordings
from ivr.cli.called import checked as check_own
from ivr.cli.callees import Rung, by_option, callees
from ivr.cli.callers import RecordedCaller, legible, recorded, stem
from ivr.cli.faults import UsageError
from ivr.cli.folders import folder
from ivr.cli.kit import check_outputs, prompts, stage
from ivr.cli.leaving import lay
from ivr.cli.meetings import directory_of, meetings_of
from ivr.cli.saying import tell, tell_json
from ivr.cli.telling import explained, told
from ivr.clock import RATE, samples, seconds
from ivr.conference import secrecy
from ivr.conference.profile import DEFAULT
from ivr.custom.secrecy import OwnSecrets
from ivr.directory.parameters import number as read_number
from ivr.engine.bridge import Bridge
from ivr.engine.events import KeyDown, KeyShown, Told
from ivr.engine.exchange import Exchange
from ivr.journal import Journal
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.report import Story, Track
from ivr.report.runs import called_of
from ivr.scenario.profiles import find
from ivr.secrecy import HIDDEN, MASK

_AT_REST = samples(5)
"""How long the lobby or the meeting lasts before the callers hang up."""

_LONGEST = samples(600)
"""After the last recording no question stays open for as long as this."""

_OUTCOMES = {"lobby": "in lobby", "meeting": "in meeting", "goodbye": "refused"}


def answer(calls: Sequence[Path], *, meetings: list[str], output: Path | None, stay: float | None, as_json: bool,
           database: str, product: str = DEFAULT, called: str = "", calling: str = "",
           voice_pack: Path | None = None, at: str = "", channel: str = "", mix: bool = False,
           report: Path | None = None, own: Path | str | None = None,
           hosts: Sequence[str] = (), save: Path | None = None, rung: Rung | None = None) -> int:
    """Let recordings dial in; print what happened and write what each heard."""
    if stay is not None and not 0 <= stay <= 3600:
        raise UsageError(f"--stay {stay} is no time to stay: it takes 0 to 3600 seconds")
    check_own(own, save, {"--meeting": meetings, "--database": database, "--profile": product != DEFAULT},
              by_option(rung or {}))
    known = meetings_of(meetings, database)
    chosen = find(product)
    spoken, sounds = prompts(voice_pack), stage(voice_pack)
    callers = recorded(calls, at, channel, mix=mix)
    number = read_number(called) if called else ""
    targets = _targets(callers, output)
    if report is not None:
        folder(report)
    began = time.perf_counter()
    with ExitStack() as stack:
        keep = stack.enter_context(recordings(save))
        house = None if own is None else called_own(own, sounds, hosts, live=False, keep=keep)
        dialled = number or (house.number if house else "")
        lines = [MemoryLine(one.name, one.says, dials_at=one.dials_at, number=dialled,
                            phone=read_number(calling) if calling else "") for one in callers]
        parts = [stack.enter_context(replacing(target)) for target in targets]
        trunk = MemoryTrunk(lines)
        stays = None if stay is None else samples(stay)
        if house is not None:
            bridge, exchange = house.assembled([trunk, *house.dialled(callees(house.own, rung or {}, sounds))])
            keys, elsewhere = _calls(lines, trunk, exchange, stays, _comes_to_rest(bridge, house.own.rooms)), True
        else:
            with directory_of(known, database, patient=True) as (directory, numbers, leads):
                bridge, exchange = assembled(sounds, directory, chosen, [trunk], numbers=numbers, leads=leads)
                keys, elsewhere = _calls(lines, trunk, exchange, stays, _rests(bridge)), number in leads
        journal, texts = bridge.journal, house.texts if house else {}
        for part, target, line in zip(parts, targets, lines, strict=True):
            fill(part, target, line.heard(), RATE)
    facts = [{"file": str(one.path), **_facts(one.name, journal, keys, len(line.heard()), elsewhere=elsewhere)}
             for one, line in zip(callers, lines, strict=True)]
    if report is not None:
        story = Story(_title(callers), "", journal.entries, [_track(line) for line in lines],
                      max((entry.at for entry in journal), default=0), time.perf_counter() - began,
                      hides=secrecy if house is None else OwnSecrets(house.own),
                      called=called_of(house.own if house else None))
        lay(story, journal, report)
    if as_json:
        _tell_object(callers, facts, journal)
        return 0
    width = max(8, *(len(one.name) for one in callers))
    timeline = [sentence for entry in journal if (sentence := told(entry, spoken, texts, width=width))]
    for sentence in timeline:
        tell(sentence)
    if explanation := explained([*timeline, *(str(one["digits"]) for one in facts)]):
        tell(f"\n{explanation}")
    tell()
    for one, target, caller in zip(facts, targets, callers, strict=True):
        who = f" ({caller.name})" if len(callers) > 1 else ""
        tell(f"{one['file']}{who}: {one['outcome']}; keys {one['digits'] or 'none'}; "
             f"{one['seconds']:.1f} s heard, written to {target}")
    return 0


def _targets(callers: Sequence[RecordedCaller], output: Path | None) -> list[Path]:
    """Return the files for what each hears; that one cannot be written is found out before the call."""
    if len(callers) == 1:
        targets = [output or Path(f"{stem(callers[0].path)}-heard.wav")]
    else:
        if output is not None and (output.suffix or output.is_file()) and not output.is_dir():
            raise UsageError(f"--output {output} is to hold what {len(callers)} callers hear: name a folder")
        where = Path() if output is None else folder(output)
        targets = [where / f"{one.name}-heard.wav" for one in callers]
    for one, target in zip(callers, targets, strict=True):
        format_of(target)
        if target.parent.is_dir():
            for caller in callers:
                check_outputs({"--output" if len(callers) == 1 else f"what {one.name} hears,": target},
                              read={"the recording": caller.path})
    return targets


def _calls(lines: Sequence[MemoryLine], trunk: MemoryTrunk, exchange: Exchange, stay: int | None,
           rests: Callable[[str], bool]) -> "_Keys":
    """Let callers call until their recordings are over and each has come to rest; return what they pressed."""
    bridge = exchange.bridge
    keys = _Keys()
    bridge.events.add(keys)
    last = max(line.dials_at for line in lines)
    silent_since: int | None = None
    while not trunk.over:
        exchange.step()
        there = [line for line in lines if line.on_the_line]
        if bridge.now > last and all(line.has_said_all for line in there):
            silent_since = bridge.now if silent_since is None else silent_since
            waited = bridge.now - silent_since
            rested = all(rests(line.caller) for line in there) if stay is None else waited >= stay
            if rested or waited > max(_LONGEST, stay or 0):
                for line in there:
                    line.hang_up()
    return keys


def _rests(bridge: Bridge) -> Callable[[str], bool]:
    """Return what tells whether a caller has heard five seconds of where he has come to: music, or the meeting."""
    def rests(caller: str) -> bool:
        last = bridge.journal.of("music", "joined", caller=caller)[-1:]
        return bool(last) and last[0].facts.get("what") != "stops" and bridge.now - last[0].at >= _AT_REST
    return rests


def _comes_to_rest(bridge: Bridge, rooms: Collection[str]) -> Callable[[str], bool]:
    """Return the same for an IVR of one's own: only among others does nothing more come by itself."""
    def rests(caller: str) -> bool:
        last = bridge.journal.of("state", "came-to-room", "left-room", caller=caller)[-1:]
        among = bool(last) and (last[0].event == "came-to-room" or last[0].facts.get("state") in rooms)
        return among and bridge.now - last[0].at >= _AT_REST
    return rests


class _Keys:
    """The keys of the recordings, in order, as they may be shown."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, int], str] = {}

    def __call__(self, event: Told) -> None:
        match event:
            case KeyDown(at=at, key=key, caller=caller) | KeyShown(down_at=at, key=key, caller=caller):
                self._keys[caller, at] = key

    def of(self, caller: str) -> str:
        """Return those of one caller."""
        runs = groupby(key for (who, _), key in self._keys.items() if who == caller)
        return "".join(MASK if key == HIDDEN else "".join(run) for key, run in runs)


def _track(line: MemoryLine) -> Track:
    heard, spoke = line.heard(), np.zeros(len(line.heard()), np.int16)
    said = line.says[:len(spoke)]
    spoke[:len(said)] = said
    return Track(line.caller, heard, spoke, line.dials_at)


def _title(callers: Sequence[RecordedCaller]) -> str:
    return f"{', '.join(legible(one.path.name) for one in callers)} dial{'s' if len(callers) == 1 else ''} in"


def _tell_object(callers: Sequence[RecordedCaller], facts: Sequence[dict[str, Any]], journal: Journal) -> None:
    """Print the documented object: of one call, or of several with what they share."""
    entries = {"journal": [entry.as_json() for entry in journal]}
    if len(callers) == 1:
        tell_json(facts[0] | entries)
        return
    each = [{"caller": one.name, "dialled_at": seconds(one.dials_at), **fact}
            for one, fact in zip(callers, facts, strict=True)]
    tell_json({"callers": each, **entries})


def _outcome(last: str, *, ended: bool, elsewhere: bool) -> str:
    """Return how a call went, by the last place it came to and whether we have ended it.

    Nobody is refused but by a conference: voice mail, or an IVR of one's own, has done its part when it hangs up.
    """
    if elsewhere:
        return f"ended after {last}" if ended else f"left at {last}"
    return "refused" if ended else _OUTCOMES.get(last, f"left at {last}")


def _facts(caller: str, journal: Journal, keys: _Keys, length: int, *, elsewhere: bool) -> dict[str, Any]:
    states = [(entry.at, str(entry.facts["state"])) for entry in journal.of("state", caller=caller)]
    last = next((name for _, name in reversed(states) if name != "ended"), "")
    refused = any(entry.facts["by"] == "bridge" for entry in journal.of("hung-up", caller=caller))
    music = journal.of("music", caller=caller)
    return {
        "outcome": _outcome(last, ended=refused, elsewhere=elsewhere),
        "digits": keys.of(caller),
        "seconds": seconds(length),
        "states": [{"state": name, "at": seconds(at)} for at, name in states],
        "prompts": [{"prompt": entry.facts["prompt"], "at": seconds(entry.facts["began_at"]),
                     "until": seconds(entry.at), "interrupted": entry.facts["interrupted"]}
                    for entry in journal.of("prompt", caller=caller)],
        "music": [{"at": seconds(begin.at), "until": seconds(end.at)}
                  for begin, end in zip(music[::2], music[1::2], strict=True)],
    }
