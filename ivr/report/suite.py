"""The page of a whole suite: verdicts first, each story's lanes a click away; one file, as a story's page is."""

import base64
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ivr.report import parts
from ivr.report.page import filled, put
from ivr.report.verdicts import FAILED, FLAKY, NOT_RUN, PASSED, SKIPPED, WORDS, Verdict, counted

_MARKS = {PASSED: "✓", FAILED: "✗", FLAKY: "~", SKIPPED: "-", NOT_RUN: "!"}
_FIRST = {word: place for place, word in enumerate(WORDS)}


def write_suite(verdicts: Sequence[Verdict], path: Path, *, wall_s: float) -> None:
    """Write the page of a suite, whole or not at all.

    Parameters
    ----------
    wall_s : float
        How long all of it took, in seconds.

    Raises
    ------
    dtmf.AudioError
        If the folder is not there or does not let us write; `dtmf.errors.NoRoom` if the disk is full.
    """
    put(render_suite(verdicts, wall_s=wall_s), path)


def render_suite(verdicts: Sequence[Verdict], *, wall_s: float) -> str:
    """Return the page of a suite as HTML."""
    script = parts.script("suite.js")
    rows = sorted((_row(number, one) for number, one in enumerate(verdicts)), key=lambda row: _FIRST[row["word"]])
    counts = counted(verdicts)
    return filled("suite.html.j2", script, rows=rows, counts=counts, marks=_MARKS, heading=_heading(counts),
                  failed=any(one.code for one in verdicts), seconds=sum(one.seconds for one in verdicts),
                  wall_s=wall_s, tags=sorted({tag for one in verdicts for tag in one.tags}))


def _row(number: int, one: Verdict) -> dict[str, Any]:
    packed = base64.b64encode(zlib.compress(one.page.encode(), 9)).decode() if one.page else ""
    return {"id": f"story-{number}", "word": one.word, "verdict": one, "packed": packed,
            "wrong": one.wrong or ([one.reason] if one.reason else [])}


def _heading(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    bad = {word: count for word, count in counts.items() if count and word in (FAILED, FLAKY, NOT_RUN)}
    if not bad:
        came = counts[PASSED]
        return f"{came} {'story' if came == 1 else 'stories'} passed" + (
            f", {counts[SKIPPED]} skipped" if counts.get(SKIPPED) else "")
    return f"{', '.join(f'{count} {word}' for word, count in bad.items())}, of {total}"
