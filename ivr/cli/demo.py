"""`ivr demo`: the story of S0.15, told as it happens."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import ivr
from ivr.cli.folders import folder
from ivr.cli.kit import prompts, stage
from ivr.cli.leaving import leave
from ivr.cli.saying import tell
from ivr.cli.telling import explained, told
from ivr.clock import seconds
from ivr.conference.profile import PROFILES
from ivr.journal import Entry
from ivr.scenario.grammar import load
from ivr.scenario.player import play
from ivr.scenario.words import Words

if TYPE_CHECKING:
    from ivr.cli.lobby import LobbyOptions

STORY = "s0-15-lobby.yaml"
_WEB = "127.0.0.1:8080"


def stories() -> Path:
    """Return the folder of the stories that ship: in an installed package, or beside a checkout's."""
    inside = Path(ivr.__file__).parent / "scenarios"
    return inside if inside.is_dir() else Path(ivr.__file__).parent.parent / "scenarios"


def live(report: Path, options: "LobbyOptions", voice_pack: Path | None = None, *, audio: bool = True) -> int:
    """Play the story at its pace, and leave its report."""
    # the screen and the directory, which a demo that is not live does without
    from ivr.cli.lobby import checked, story, verdict

    checked(options)
    folder(report)
    began = time.perf_counter()
    result, left, _ = story(load(stories() / STORY, Words(prompts(voice_pack).names(), PROFILES)), options)
    page = leave(result, report, wall_s=time.perf_counter() - began, audio=audio)
    tell(f"Look at {page}; listen to the WAV files beside it.")
    return verdict(result, left=left)


def demo(report: Path, voice_pack: Path | None = None, *, audio: bool = True) -> int:
    """Play the story, print it, write its report."""
    folder(report)
    spoken = prompts(voice_pack)
    scenario = load(stories() / STORY, Words(spoken.names(), PROFILES))
    tell(f"{scenario.title}\n")
    lines: list[str] = []

    def watch(entry: Entry) -> None:
        if sentence := told(entry, spoken):
            lines.append(sentence)
            tell(sentence)

    sounds = stage(voice_pack)
    began = time.perf_counter()
    result = play(scenario, sounds, watch=watch)
    wall_s = time.perf_counter() - began
    page = leave(result, report, wall_s=wall_s, audio=audio)
    if explanation := explained(lines):
        tell(f"\n{explanation}")
    lasted = seconds(result.ended_at)
    tell(f"\n{lasted:.1f} s of {len(result.takes)} calls in {wall_s:.2f} s: "
          f"{lasted / wall_s:.0f} times faster than real time.")
    tell(f"Look at {page}; listen to the WAV files beside it.")
    tell(f"See it live: 'ivr serve --web {_WEB}', then open http://{_WEB}/desk and play "
         f"{STORY.removesuffix('.yaml')}.")
    for failure in result.failures:
        tell(f"FAILED {failure}")
    return 0 if result.passed else 1
