"""`ivr phone --save-story`: a call that was made becomes a story, which is played before it is written."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from dtmf.audiofile import replacing, write
from ivr.cli.faults import UsageError
from ivr.cli.kit import prompts, stage, write_text
from ivr.cli.saying import FAILED, OK, remark, tell, working
from ivr.clock import RATE
from ivr.conference.profile import PROFILES
from ivr.directory.meetings import Meeting
from ivr.journal import Entry
from ivr.scenario.grammar import parse
from ivr.scenario.player import Result, play
from ivr.scenario.saving import Did, met, parted, steps, story
from ivr.scenario.secrets import PIN, keyed
from ivr.scenario.taped import Tape
from ivr.scenario.words import Words
from prompts import languages

_MOST = 50_000
"""Entries that are kept of a call."""
_TRIES = 6
_NOBODYS = "90909"
"""A PIN to play a story with whose right one was not keyed."""


def check_saving(path: Path | None, given: Mapping[str, object]) -> None:
    """See that a call can be saved, before it is made; `given` are options that lead elsewhere, and what they say.

    Raises
    ------
    UsageError
        If it cannot.
    """
    if path is None:
        return
    if elsewhere := [option for option, value in given.items() if value]:
        raise UsageError(f"--save-story writes calls of the conference, by its first number: leave out "
                         f"{' and '.join(elsewhere)}")
    if path.suffix not in (".yaml", ".yml"):
        raise UsageError(f"--save-story {path} is no name of a story: one ends in .yaml")
    if path.exists():
        raise UsageError(f"{path} is there already: name another file, or move it away")


class CallKeeper:
    """Keeps of a call what a story of it is made of; a sink of its journal.

    Parameters
    ----------
    caller : str
        Whose call it is.

    Attributes
    ----------
    tape : Tape
        Takes what he sends.
    """

    def __init__(self, caller: str) -> None:
        self.tape = Tape()
        self._caller = caller
        self._entries: list[Entry] = []
        self._late = 0

    def write(self, entry: Entry, /) -> None:
        """Take an entry of the journal."""
        if entry.caller == self._caller:
            if len(self._entries) < _MOST:
                self._entries.append(entry)
            else:
                self._late += 1

    def save(self, path: Path, meetings: Sequence[Meeting], setting: str = "default") -> int:
        """Write the story, and what was said in files beside it; return the exit code.

        Parameters
        ----------
        meetings : sequence of Meeting
            Those that could be called, where they are known.
        setting : str
            Of the decoder.

        Raises
        ------
        dtmf.AudioError
            If it cannot be written.
        """
        working("making a story of the call")
        if self._late or self.tape.full:
            remark("the call was longer than can be saved: the story has its beginning")
        keys, sounds = self.tape.sent(setting)
        entries = self._entries
        over = next((entry for entry in entries if entry.event == "hung-up"), entries[-1] if entries else None)
        if over is None:
            remark(f"nothing happened in the call, so {path} is not written")
            return FAILED
        known = keyed(keys, entries)
        files = {f"{path.stem}-{n}.wav": sound for n, sound in enumerate(sounds, 1)}
        did = sorted((*known.did, *(Did(sound.begin, sound.end, file=name, sound=sound)
                                    for name, sound in files.items())), key=lambda deed: deed.begin)
        used = _used(entries, meetings)
        values = {**({PIN: used[0].pin or _NOBODYS} if any(one.pin for one in used) else {}), **known.values}
        heard = parted(met(entries, over.at), did)
        without: set[int] = set()
        with tempfile.TemporaryDirectory() as name:
            place = Path(name) / path.name
            for file, sound in files.items():
                write(place.parent / file, sound.samples, RATE)
            for _ in range(_TRIES):
                told = steps(did, heard, over.at, by_bridge=over.facts.get("by") == "bridge", without=without)
                text, hears = story("A call made with ivr phone", map(_meeting, used), values, told, self._caller,
                                    _says(values, path))
                result = play(parse(text, place, Words(prompts().names(), PROFILES, languages(), given=values)),
                              stage())
                vain = {hears[one.line] for one in result.failures if one.line in hears}
                if not vain:
                    break
                without |= vain
            for file in files:
                with replacing(path.with_name(file)) as part:
                    part.write_bytes((place.parent / file).read_bytes())
        write_text(path, text)
        return self._told(path, result, values)

    def _told(self, path: Path, result: Result, values: Mapping[str, str]) -> int:
        given = "".join(f" --set {name}=..." for name in values)
        tell(f"{path} is written: ivr run {path}{given}")
        if result.failures:
            remark(f"played, it does not come true: {result.failures[0]}")
        elif happened(result.journal.entries, self._caller) != happened(self._entries, self._caller):
            remark("played, it goes another way than the call went: compare the journals")
        else:
            return OK
        return FAILED


def happened(entries: Sequence[Entry], caller: str) -> list[tuple[str, dict[str, object]]]:
    """Return what happened to a caller, whenever it was."""
    return [(entry.event, {name: fact for name, fact in entry.facts.items() if not name.endswith("_at")})
            for entry in entries if entry.caller == caller]


def _used(entries: Sequence[Entry], meetings: Sequence[Meeting]) -> list[Meeting]:
    """Return the meetings that were found by their IDs."""
    known = {meeting.conference_id: meeting for meeting in meetings}
    found: dict[str, Meeting] = {}
    for n, entry in enumerate(entries):
        if entry.event == "entered" and entry.facts["entry"] == "conference ID" and entry.facts["digits"].isdigit():
            digits = str(entry.facts["digits"])
            then = next((one for one in entries[n + 1:] if one.event in ("state", "refused")), None)
            if then is not None and then.event != "refused":
                found[digits] = known.get(digits, Meeting(digits, _NOBODYS, ""))
    return list(found.values())


def _meeting(meeting: Meeting) -> str:
    organizer = f"organizer: {json.dumps(meeting.organizer, ensure_ascii=False)}, " if meeting.organizer else ""
    pin = f', pin: "${{{PIN}}}"' if meeting.pin else ""
    return f"{{{organizer}conference id: {meeting.conference_id}{pin}}}"


def _says(values: Mapping[str, str], path: Path) -> list[str]:
    if not values:
        return []
    return [f"What was keyed and may be a PIN is not written: {', '.join(values)} "
            f"{'has' if len(values) == 1 else 'have'} to be given.",
            f"ivr run {path.name}{''.join(f' --set {name}=...' for name in values)}"]
