"""Campaigns that lie among stories, and the stories that only they can play."""

import contextlib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ivr.reading import BadFile, compose, read
from ivr.scenario.writing import SCENARIO


def has(word: str, path: Path) -> bool:
    """Tell whether a line of a file begins with a word and a colon; not, where it cannot be read."""
    with contextlib.suppress(OSError, ValueError):
        return re.search(rf"^{word}\s*:", path.read_text(encoding="utf-8"), re.M) is not None
    return False


def is_campaign(path: Path) -> bool:
    """Tell whether a file is a campaign: it varies something. What cannot be read is judged by who reads it."""
    return has("vary", path) and not has("callers", path)


def played_by(files: Iterable[Path]) -> Mapping[Path, Path]:
    """Return the campaigns among files and beside them, by the stories that they name, as whole paths."""
    found: dict[Path, Path] = {}
    for folder in dict.fromkeys(path.parent for path in files):
        for path in sorted(folder.glob("*.yaml")):
            if path.is_file() and is_campaign(path):
                with contextlib.suppress(BadFile, KeyError):  # which is told of where the campaign is looked at
                    top = compose(read(path, SCENARIO, "a campaign"), path, SCENARIO).fields("a campaign")
                    found.setdefault((folder / top["story"].text("the story")).resolve(), path)
    return found


def left_out(files: Iterable[Path], reads: Callable[[Path], object]) -> Mapping[Path, str]:
    """Return which files no story can be played of without a campaign, and why.

    Parameters
    ----------
    reads : callable
        Reads a story, and raises BadFile if it cannot be played by itself.
    """
    told, files = {}, list(files)
    campaigns = [path for path in files if is_campaign(path)]
    named = played_by(files) if campaigns else {}
    for path in files:
        if path in campaigns:
            told[path] = f"this is a campaign: 'ivr campaign {path}' plays it"
        elif (by := named.get(path.resolve())) is not None:
            try:
                reads(path)
            except BadFile:
                told[path] = f"only a campaign can play it: 'ivr campaign {by}'"
    return told
