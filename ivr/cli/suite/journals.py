"""Journals that stand beside stories: compared with what has happened, or written anew."""

import difflib
import re

from ivr.cli.kit import write_text
from ivr.custom.own import OwnFile
from ivr.scenario.player import Result, journal_path
from ivr.secrecy import HIDDEN

_HEADER = "# spoken by "

_KEY = re.compile("(  key {9}) *[0-9A-D](?= |$)")
"""A digit in a line of a journal."""


def update(result: Result, engine: str) -> None:
    """Write the journal beside a story as the one to expect; `engine` is who has spoken the prompts."""
    write_text(journal_path(result.scenario.path, result.scenario.row), _journal(result, engine))


def changed(result: Result, engine: str) -> list[str]:
    """Return the lines that differ from the journal beside the story, if that was spoken by the same voice."""
    path = journal_path(result.scenario.path, result.scenario.row)
    if not path.is_file() or _other_voice(result, engine):
        return []
    expected = path.read_text(encoding="utf-8", errors="replace").splitlines()
    now = _journal(result, engine).splitlines()
    lines = list(difflib.unified_diff(expected, now, lineterm="", n=0))[2:]
    return [line for line in lines if not line.startswith("@@")]


def masked(lines: list[str], own: OwnFile | None) -> list[str]:
    """Return lines of a journal as a page may show them: a key by itself may be of a PIN, unless there is none."""
    if own is not None and own.twiml is None and not own.secrets:
        return lines
    return [_KEY.sub(rf"\1{HIDDEN}", line) for line in lines]


def differs(result: Result, lines: list[str]) -> list[str]:
    """Return the sentence about lines that differ, if any do."""
    if not lines:
        return []
    path = journal_path(result.scenario.path, result.scenario.row)
    return [f"the journal differs from {path} (--update-journals accepts it): {len(lines)} lines, the first: "
            f"{lines[0].strip()}"]


def not_compared(result: Result, engine: str) -> list[str]:
    """Say so if the journal beside the story tells of another voice, whose prompts have other lengths."""
    other = _other_voice(result, engine)
    path = journal_path(result.scenario.path, result.scenario.row)
    return [f"the journal {path} was spoken by {other}, and here speaks {engine}: they were not compared"
            ] if other else []


def _journal(result: Result, engine: str) -> str:
    return f"{_HEADER}{engine}\n{result.journal.text()}"


def _other_voice(result: Result, engine: str) -> str:
    path = journal_path(result.scenario.path, result.scenario.row)
    if not path.is_file():
        return ""
    header = path.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    voice = header.removeprefix(_HEADER)
    return voice if voice != header and voice != engine else ""
