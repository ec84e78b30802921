"""`ivr run`: scenarios, a line each."""

import difflib
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dtmf import DtmfError
from dtmf.audiofile import write
from ivr.cli.called import token
from ivr.cli.coverage import Coverage
from ivr.cli.faults import UsageError
from ivr.cli.folders import folder
from ivr.cli.kit import prompts, stage, write_text
from ivr.cli.leaving import leave
from ivr.cli.saying import BROKEN, FAILED, OK, USAGE, complain, tell, tell_json
from ivr.clock import RATE, seconds
from ivr.conference.profile import PROFILES
from ivr.custom.loading import Known, at_url
from ivr.custom.own import OwnFile
from ivr.live.apps import WaitingForApps
from ivr.live.documents import WaitingForDocuments
from ivr.live.shelf import RecordingShelf
from ivr.reading import BadFile
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import Result, Samples, Stage, journal_path, play
from ivr.scenario.profiles import find
from ivr.scenario.steps import Scenario
from ivr.secrecy import HIDDEN
from prompts import languages

_HEADER = "# spoken by "

_KEY = re.compile("(  key {9}) *[0-9A-D](?= |$)")
"""A digit in a line of a journal."""


class Unreached(Exception):
    """Whom a story calls cannot be reached."""

    exit_code = 3


def run(paths: list[Path], *, as_json: bool, update: bool, report: Path | None,
        product: str = "", voice_pack: Path | None = None, audio: bool = True, coverage: bool = False,
        hosts: Sequence[str] = (), twiml: str = "", status: str = "") -> int:
    """Run every scenario there; return the exit code."""
    if not paths:
        raise UsageError("no scenario is named: name files or folders, as in 'ivr run scenarios/'")
    if report is not None:
        folder(report)
    elif not audio:
        raise UsageError("--no-audio is for a page: name a folder with --report too")
    if status and not twiml:
        raise UsageError("--status-callback is told when calls of --twiml are over: name that too, or write it "
                         "into the file of the application")
    spoken = prompts(voice_pack)
    words = Words(spoken.names(), PROFILES, languages(), hosts,
                  at_url(twiml, Known.with_hosts(*hosts), status) if twiml else None)
    chosen = find(product) if product else None
    code = OK
    recorded: list[tuple[str, str, Samples]] = []
    sounds = replace(stage(voice_pack), apps=WaitingForApps(hosts), fetches=WaitingForDocuments(hosts),
                     token=token(), shelf=RecordingShelf(),
                     keep=lambda *one: recorded.append(one))
    covered = Coverage()
    counts = {"passed": 0, "failed": 0, "not run": 0}
    left: dict[str, int] = {}
    for path in _files(paths):
        began = time.perf_counter()
        recorded.clear()
        try:
            scenario = load(path, words)
            if chosen is not None:
                scenario = replace(scenario, product=replace(chosen, languages=scenario.product.languages))
            result = rung_out(scenario, sounds) if scenario.target else play(scenario, sounds)
        except Unreached as error:
            code = complain(f"{path}: {error}", BROKEN)
            counts["not run"] += 1
            continue
        except (BadFile, DtmfError) as error:
            # a recording that is no audio is found out only when it is played
            where = "" if isinstance(error, BadFile) else f"{path}: "
            code = complain(f"{where}{error}", USAGE)
            counts["not run"] += 1
            continue
        wall_s = time.perf_counter() - began
        covered.add(result)
        wrong, changed = [str(failure) for failure in result.failures], list[str]()
        if scenario.target:
            pass  # nobody knows how long another IVR takes
        elif update and result.passed and chosen is None:
            write_text(journal_path(path), _journal(result, spoken.engine))
        elif chosen is None:
            # of a story that failed the page alone tells: it stopped early, so much must differ
            changed = _changed(result, spoken.engine)
            wrong += _differs(result, changed) if result.passed else []
        _print(result, wrong, wall_s, engine=spoken.engine, as_json=as_json)
        counts["failed" if wrong else "passed"] += 1
        code = max(code, FAILED) if wrong else code
        if report is not None:
            left[path.stem] = left.get(path.stem, 0) + 1
            beside = report / f"{path.stem}{f'-{left[path.stem]}' if left[path.stem] > 1 else ''}"
            leave(result, beside, wall_s=wall_s, differences=_shown(changed, scenario.own), audio=audio)
            for number, (name, caller, samples) in enumerate(recorded, 1):
                write(beside / f"{caller}-{name}-{number}.wav", samples, RATE)
    if not as_json:
        tell(", ".join(f"{count} {what}" for what, count in counts.items() if count or what != "not run"))
    if coverage:
        covered.tell(as_json=as_json)
    return code


def rung_out(scenario: Scenario, sounds: Stage) -> Result:
    """Play a story that calls somebody else, in real time.

    Raises
    ------
    Unreached
        If it cannot.
    """
    from ivr.cli.call import CallOptions, ring_out
    from ivr.lines.sip.sockets import NetworkError

    try:
        return ring_out(scenario, sounds, CallOptions())[0]
    except NetworkError as error:
        raise Unreached(str(error)) from None


def _files(paths: list[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = sorted(p for p in path.rglob("*.yaml") if p.is_file()) if path.is_dir() else [path]
        if not found:
            raise UsageError(f"the folder {path} holds no scenario: scenarios are files that end in .yaml")
        files += found
    return files


def _print(result: Result, wrong: list[str], wall_s: float, *, engine: str, as_json: bool) -> None:
    path, lasted = result.scenario.path, seconds(result.ended_at)
    if as_json:
        tell_json({
            "file": str(path), "title": result.scenario.title, "source": result.scenario.source,
            "passed": not wrong, "seconds": lasted, "wall_seconds": round(wall_s, 3),
            "failures": [{"line": f.line, "caller": f.caller, "step": f.step, "at": seconds(f.at),
                          "instead": f.instead} for f in result.failures],
            "differences": wrong[len(result.failures):],
        })
        return
    tell(f"{'FAIL' if wrong else 'pass'}  {path}  {lasted:.1f} s in {wall_s:.2f} s  {result.scenario.title}")
    for sentence in [*wrong, *_not_compared(result, engine)]:
        tell(f"      {sentence}")


def _journal(result: Result, engine: str) -> str:
    return f"{_HEADER}{engine}\n{result.journal.text()}"


def _not_compared(result: Result, engine: str) -> list[str]:
    """Say so if the journal beside the scenario tells of another voice, whose prompts have other lengths."""
    path = journal_path(result.scenario.path)
    other = _other_voice(path, engine)
    return [f"the journal {path} was spoken by {other}, and here speaks {engine}: "
            "they were not compared"] if other else []


def _other_voice(path: Path, engine: str) -> str:
    if not path.is_file():
        return ""
    header = path.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    voice = header.removeprefix(_HEADER)
    return voice if voice != header and voice != engine else ""


def _changed(result: Result, engine: str) -> list[str]:
    """Return the lines that differ from the journal beside the scenario, if that was spoken by the same voice."""
    path = journal_path(result.scenario.path)
    if not path.is_file() or _other_voice(path, engine):
        return []
    expected = path.read_text(encoding="utf-8", errors="replace").splitlines()
    now = _journal(result, engine).splitlines()
    lines = list(difflib.unified_diff(expected, now, lineterm="", n=0))[2:]
    return [line for line in lines if not line.startswith("@@")]


def _shown(changed: list[str], own: OwnFile | None) -> list[str]:
    """Return lines of a journal as a page may show them: a key by itself may be of a PIN, unless there is none."""
    if own is not None and own.twiml is None and not own.secrets:
        return changed
    return [_KEY.sub(rf"\1{HIDDEN}", line) for line in changed]


def _differs(result: Result, changed: list[str]) -> list[str]:
    if not changed:
        return []
    path = journal_path(result.scenario.path)
    return [f"the journal differs from {path} (--update-journals accepts it): {len(changed)} lines, the first: "
            f"{changed[0].strip()}"]
