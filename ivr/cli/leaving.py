"""What a run leaves behind in a folder: the page, the recordings, the journal."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from dtmf.audiofile import fill, replacing
from ivr.cli.folders import folder
from ivr.clock import RATE
from ivr.journal import Journal
from ivr.report import Story, render
from ivr.report.runs import shown
from ivr.scenario.player import Result


def leave(result: Result, where: Path, *, wall_s: float | None, differences: Sequence[str] = (),
          audio: bool = True) -> Path:
    """Write page, journal and what each caller heard into a folder; return the page's path.

    Parameters
    ----------
    differences : sequence of str
        Lines in which the journal is not the one expected, `-` or `+` before each.
    audio : bool
        Whether the page itself holds the audio too.
    """
    return lay(shown(result, wall_s=wall_s, differences=differences), result.journal, where, audio=audio)


def lay(story: Story, journal: Journal, where: Path, *, audio: bool = True) -> Path:
    """Write the page of a story, its journal and what each caller heard into a folder, all of it or nothing.

    Returns
    -------
    Path
        Of the page.
    """
    folder(where)
    page = where / "report.html"
    with ExitStack() as parts:
        parts.enter_context(replacing(page)).write_text(render(story, audio=audio), encoding="utf-8", newline="\n")
        for track in (one for one in story.tracks if len(one.heard)):  # others were never on the line
            sound = where / f"{track.caller}-heard.wav"
            fill(parts.enter_context(replacing(sound)), sound, track.heard, RATE)
        for name, text in (("journal.txt", journal.text()), ("journal.jsonl", journal.json_lines())):
            parts.enter_context(replacing(where / name)).write_text(text, encoding="utf-8")
    return page
