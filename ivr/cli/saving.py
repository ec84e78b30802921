"""`ivr phone --save-story`: a call that was made becomes a story, which is played before it is written."""

import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from dtmf.audiofile import replacing, write
from ivr.cli.calledas import CalledAs
from ivr.cli.faults import UsageError
from ivr.cli.kit import prompts, write_text
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
_CONFERENCE = CalledAs()
_NOBODYS = "90909"
"""A PIN to play a story with whose right one was not keyed."""


def check_saving(path: Path | None) -> None:
    """See that a call can be saved, before it is made.

    Raises
    ------
    UsageError
        If it cannot.
    """
    if path is None:
        return
    if path.suffix not in (".yaml", ".yml"):
        raise UsageError(f"--save-story {path} is no name of a story: one ends in .yaml")
    for one in (path, path.with_name(_application(path))):
        if one.exists():
            raise UsageError(f"{one} is there already: name another file, or move it away")


def check_saved_number(path: Path | None, number: str, leads: Collection[str]) -> None:
    """See that a story can have what answers a number.

    Raises
    ------
    UsageError
        If it leads to voice mail: whose mailboxes a story would have to know, with their PINs.
    """
    if path is not None and number in leads:
        raise UsageError(f"--called {number} leads to voice mail, and --save-story knows none of its mailboxes: "
                         "leave out one of them")


def _application(path: Path) -> str:
    """Return the name of the file beside a story that an application's URL stands in."""
    return f"{path.stem}-app.yml"


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

    def save(self, path: Path, meetings: Sequence[Meeting], setting: str = "default",
             called: CalledAs = _CONFERENCE) -> int:
        """Write the story, and what was said in files beside it; return the exit code.

        Parameters
        ----------
        meetings : sequence of Meeting
            Those that could be called, where they are known.
        setting : str
            Of the decoder.
        called : CalledAs
            What was called.

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
        used = _used(entries, meetings) if called.own is None else []
        app = {_application(path): text for text in (called.application(),) if text}
        values = {**({PIN: used[0].pin or _NOBODYS} if any(one.pin for one in used) else {}), **known.values}
        heard = parted(met(entries, over.at, first=called.first, by_text=called.by_text), did)
        without: set[int] = set()
        with tempfile.TemporaryDirectory() as name:
            place = Path(name) / path.name
            for file, sound in files.items():
                write(place.parent / file, sound.samples, RATE)
            for file, text in app.items():
                write_text(place.parent / file, text)
            for _ in range(_TRIES):
                told = steps(did, heard, over.at, by_bridge=over.facts.get("by") == "bridge", without=without,
                             dial=called.dial)
                # the file of an IVR is named otherwise from where the story is tried
                (text, hears), (trial, _) = (
                    story("A call made with ivr phone", map(_meeting, used), values, told, self._caller,
                          _says(values, path, called.hosts), called.lines(folder, _application(path)),
                          called.others(entries)) for folder in (path.parent, place.parent))
                words = Words(prompts().names(), PROFILES, languages(), called.hosts, given=values)
                result = play(parse(trial, place, words), called.stage())
                vain = {hears[one.line] for one in result.failures if one.line in hears}
                if not vain:
                    break
                without |= vain
            for file in (*files, *app):
                with replacing(path.with_name(file)) as part:
                    part.write_bytes((place.parent / file).read_bytes())
        write_text(path, text)
        return self._told(path, result, _options(values, called.hosts))

    def _told(self, path: Path, result: Result, given: str) -> int:
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


def _options(values: Mapping[str, str], hosts: Sequence[str]) -> str:
    return "".join([*(f" --set {name}=..." for name in values), *(f" --allow-host {host}" for host in hosts)])


def _says(values: Mapping[str, str], path: Path, hosts: Sequence[str]) -> list[str]:
    if not values:
        return []
    return [f"What was keyed and may be a PIN is not written: {', '.join(values)} "
            f"{'has' if len(values) == 1 else 'have'} to be given.",
            f"ivr run {path.name}{_options(values, hosts)}"]
