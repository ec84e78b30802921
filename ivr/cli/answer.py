"""`ivr answer`: a recording that somebody made is the caller."""

from itertools import groupby
from pathlib import Path
from typing import Any

from dtmf.audiofile import fill, format_of, replacing
from ivr.assembly import assembled
from ivr.cli.faults import UsageError
from ivr.cli.kit import check_outputs, prompts, stage
from ivr.cli.meetings import Numbers, directory_of, meetings_of
from ivr.cli.saying import remark, tell, tell_json
from ivr.cli.telling import explained, told
from ivr.clock import RATE, samples, seconds
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import DEFAULT, Profile
from ivr.directory.parameters import number as read_number
from ivr.engine.events import KeyDown, KeyShown, Told
from ivr.journal import Journal
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.lines.wav import samples_of
from ivr.questions import Directory
from ivr.scenario.player import Stage
from ivr.scenario.profiles import find
from ivr.secrecy import HIDDEN, MASK

_CALLER = "caller"
_AT_REST = samples(5)
"""How long the lobby or the meeting lasts before the caller hangs up."""

_LONGEST = samples(600)
"""After the recording no question stays open for as long as this."""

_OUTCOMES = {"lobby": "in lobby", "meeting": "in meeting", "goodbye": "refused"}


def answer(call: Path, *, meetings: list[str], output: Path | None, stay: float | None, as_json: bool,
           database: str, product: str = DEFAULT, called: str = "", voice_pack: Path | None = None) -> int:
    """Let a recording dial in; print what happened and write what it heard."""
    if stay is not None and not 0 <= stay <= 3600:
        raise UsageError(f"--stay {stay} is no time to stay: it takes 0 to 3600 seconds")
    known = meetings_of(meetings, database)
    chosen = find(product)
    spoken, sounds = prompts(voice_pack), stage(voice_pack)
    says = samples_of(call, remark=remark)
    target = output or Path(f"{call.stem}-heard.wav")
    line = MemoryLine(_CALLER, says, number=read_number(called) if called else "")
    # a file that cannot be written is found out before the call rather than after it
    format_of(target)
    if target.parent.is_dir():
        check_outputs({"--output": target}, read={"the recording": call})
    with replacing(target) as part, directory_of(known, database, patient=True) as (directory, numbers):
        journal, keys = _call(line, directory, sounds, None if stay is None else samples(stay), chosen, numbers)
        heard = line.heard()
        fill(part, target, heard, RATE)
    facts = _facts(call, journal, keys, len(heard))
    if as_json:
        tell_json(facts)
    else:
        lines = [sentence for entry in journal if (sentence := told(entry, spoken))]
        for sentence in lines:
            tell(sentence)
        if explanation := explained([*lines, str(facts["digits"])]):
            tell(f"\n{explanation}")
        tell(f"\n{call}: {facts['outcome']}; keys {facts['digits'] or 'none'}; "
              f"{facts['seconds']:.1f} s heard, written to {target}")
    return 0


def _call(line: MemoryLine, directory: Directory, sounds: Stage, stay: int | None, product: Profile,
          numbers: Numbers) -> tuple[Journal, str]:
    bridge, exchange = assembled(sounds, directory, product, [MemoryTrunk([line])], numbers=numbers)
    keys = _Keys()
    bridge.events.add(keys)
    exchange.step()
    silent_since: int | None = None
    while line.on_the_line:
        if line.has_said_all:
            silent_since = bridge.now if silent_since is None else silent_since
            waited = bridge.now - silent_since
            rested = _rests(bridge) if stay is None else waited >= stay
            if rested or waited > max(_LONGEST, stay or 0):
                line.hang_up()
        exchange.step()
    return bridge.journal, str(keys)


def _rests(bridge: ConferenceBridge) -> bool:
    """Whether the caller has heard five seconds of where he has come to: music, or the meeting."""
    last = bridge.journal.of("music", "joined")[-1:]
    return bool(last) and last[0].facts.get("what") != "stops" and bridge.now - last[0].at >= _AT_REST


class _Keys:
    """The keys of the recording, in order, as they may be shown."""

    def __init__(self) -> None:
        self._keys: dict[int, str] = {}

    def __call__(self, event: Told) -> None:
        match event:
            case KeyDown(at=at, key=key) | KeyShown(down_at=at, key=key):
                self._keys[at] = key

    def __str__(self) -> str:
        runs = groupby(self._keys.values())
        return "".join(MASK if key == HIDDEN else "".join(run) for key, run in runs)


def _facts(call: Path, journal: Journal, digits: str, length: int) -> dict[str, Any]:
    states = [(entry.at, str(entry.facts["state"])) for entry in journal.of("state")]
    last = next((name for _, name in reversed(states) if name != "ended"), "")
    refused = any(entry.facts["by"] == "bridge" for entry in journal.of("hung-up"))
    music = journal.of("music")
    return {
        "file": str(call),
        "outcome": "refused" if refused else _OUTCOMES.get(last, f"left at {last}"),
        "digits": digits,
        "seconds": seconds(length),
        "states": [{"state": name, "at": seconds(at)} for at, name in states],
        "prompts": [{"prompt": entry.facts["prompt"], "at": seconds(entry.facts["began_at"]),
                     "until": seconds(entry.at), "interrupted": entry.facts["interrupted"]}
                    for entry in journal.of("prompt")],
        "music": [{"at": seconds(begin.at), "until": seconds(end.at)}
                  for begin, end in zip(music[::2], music[1::2], strict=True)],
        "journal": [entry.as_json() for entry in journal],
    }
