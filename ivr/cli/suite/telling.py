"""What is told of each story: a line for people, an object for programs, an annotation for GitHub."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dtmf.terminal import shown
from ivr.cli.saying import BROKEN, remark, tell, tell_json
from ivr.clock import seconds
from ivr.report.verdicts import FAILED, FLAKY, NOT_RUN, PASSED, SKIPPED, Verdict, counted

_LINE = {PASSED: "pass ", FAILED: "FAIL ", FLAKY: "FLAKY", SKIPPED: "skip "}


def tell_verdict(verdict: Verdict, *, as_json: bool, github: bool) -> None:
    """Print how a story went."""
    if verdict.remarks and sys.stderr is not None:
        sys.stderr.write(verdict.remarks)
    if verdict.word == NOT_RUN:
        remark(verdict.reason)
    if as_json:
        tell_json(facts(verdict))
    elif verdict.word == SKIPPED:
        tell(f"{_LINE[SKIPPED]} {verdict.file}  {verdict.name}: {verdict.reason}")
    elif verdict.word != NOT_RUN:
        tell(f"{_LINE[verdict.word]} {verdict.file}  {verdict.seconds:.1f} s in {verdict.wall_s:.2f} s  "
             f"{verdict.name}")
        for sentence in [*verdict.wrong, *verdict.notes]:
            tell(f"      {sentence}")
    if github:
        for line in annotations(verdict):
            tell(line)


def facts(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as one object, for programs."""
    return {
        "file": str(verdict.file), "title": verdict.title, "row": verdict.row, "source": verdict.source,
        "tags": list(verdict.tags),
        "verdict": verdict.word, "passed": verdict.word == PASSED, "run": verdict.run, "runs": verdict.runs,
        "seconds": verdict.seconds, "wall_seconds": round(verdict.wall_s, 3),
        "failures": [{"line": f.line, "caller": f.caller, "step": f.step, "at": seconds(f.at),
                      "instead": f.instead} for f in verdict.missed],
        "differences": list(verdict.differences), "reason": verdict.reason,
    }


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return how many there are of each, in a line."""
    return ", ".join(f"{count} {word}" for word, count in counted(verdicts).items())


def code_of(verdicts: Sequence[Verdict]) -> int:
    """Return what a run ends with: the worst there is, and never 0 where nothing was played."""
    if all(one.word == SKIPPED for one in verdicts):
        return BROKEN
    return max(one.code for one in verdicts)


def annotations(verdict: Verdict) -> list[str]:
    """Return what GitHub shows beside the lines of a file, as workflow commands."""
    file = _from_the_root(verdict.file)
    if verdict.word == NOT_RUN:
        return [_command("error", file, verdict.line, "Not run", verdict.reason)]
    if verdict.word == FLAKY:
        return [_command("warning", file, verdict.missed[0].line if verdict.missed else 0, f"Flaky: {verdict.name}",
                         "\n".join(verdict.wrong))]
    found = [_command("error", file, one.line, verdict.name, str(one)) for one in verdict.missed]
    return found + [_command("error", file, 0, verdict.name, sentence) for sentence in verdict.differences]


def _command(kind: str, file: str, line: int, title: str, message: str) -> str:
    properties = {"file": file, **({"line": str(line)} if line else {}), "title": title}
    told = ",".join(f"{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}"
                    for name, value in properties.items())
    return f"::{kind} {told}::{_escaped(message)}"


def _escaped(text: str) -> str:
    lines = (shown(line) for line in text.replace("%", "%25").replace("\r", "%0D").split("\n"))
    return "%0A".join(lines)


def _from_the_root(file: Path) -> str:
    """Return a path as GitHub knows it: from the root of the checkout."""
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    whole = file.resolve()
    return (whole.relative_to(root) if whole.is_relative_to(root) else file).as_posix()
