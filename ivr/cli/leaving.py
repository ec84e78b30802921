"""What a run leaves behind in a folder: the page, the recordings, the journal."""

from pathlib import Path

from dtmf.audiofile import write
from ivr.cli.kit import folder, write_text
from ivr.clock import RATE
from ivr.report import Story, Track, write_page
from ivr.scenario.player import Result


def leave(result: Result, where: Path, *, wall_s: float) -> Path:
    """Write page, journal and what each caller heard into a folder; return the page's path."""
    folder(where)
    page = where / "report.html"
    tracks = [Track(take.caller, take.heard, take.spoke, take.dialled_at) for take in result.takes]
    write_page(Story(result.scenario.title, result.scenario.source, result.journal.entries, tracks,
                     result.ended_at, wall_s), page)
    for take in result.takes:
        write(where / f"{take.caller}-heard.wav", take.heard, RATE)
    write_text(where / "journal.txt", result.journal.text())
    write_text(where / "journal.jsonl", result.journal.json_lines())
    return page
