"""What a test that failed leaves behind: where it lies, and what is printed of it."""

import re
from pathlib import Path

import pytest

_LAST = 40
"""Entries of the journal that are printed."""


def folder_for(config: pytest.Config, test: str) -> Path:
    """Return the folder of a test, no other test's; a later run puts its own there."""
    name = re.sub(r"[^\w.-]+", "-", test).strip("-.")
    chosen = config.getoption("--ivr-report")
    if chosen:
        return Path(chosen) / name
    cache = getattr(config, "cache", None)  # -p no:cacheprovider
    return (cache.mkdir("ivr") if cache is not None else Path("ivr-report")) / name


def timeline(journal: str) -> str:
    """Return a journal as it is printed: its end, if it is long."""
    lines = journal.splitlines()
    left = len(lines) - _LAST
    return "\n".join([f"... {left} entries before", *lines[-_LAST:]] if left > 0 else lines)


def where(folder: Path) -> str:
    """Return the sentence about what lies in a folder."""
    return f"look at {folder / 'report.html'}; what each caller heard is in the WAV files beside it"
