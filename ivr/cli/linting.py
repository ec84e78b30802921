"""`ivr lint`: what is wrong in stories, and in files of IVRs of one's own."""

import contextlib
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from ivr.cli.faults import UsageError
from ivr.cli.kit import prompts
from ivr.cli.saying import OK, USAGE, complain, tell
from ivr.cli.suite.choosing import found
from ivr.cli.suite.means import Means, words_of
from ivr.custom.loading import Known
from ivr.custom.loading import load as load_own
from ivr.custom.voice import OwnVoice
from ivr.lines.wav import samples_of
from ivr.reading import BadFile
from ivr.scenario.grammar import load
from ivr.scenario.own import ways_of


def lint(paths: Sequence[Path], hosts: Collection[str], given: tuple[tuple[str, str], ...] = ()) -> int:
    """Look for what is wrong in files; return the exit code."""
    if not paths:
        raise UsageError("no file is named: name one, as in 'ivr lint order-line.yaml'")
    code = OK
    for path in found(paths):
        try:
            told = _story(path, hosts, given) if is_story(path) else _own(path, hosts)
        except BadFile as error:
            code = complain(str(error), USAGE)
            continue
        tell(f"{path}: all right: {told}")
    return code


def is_story(path: Path) -> bool:
    """Tell whether a file is a story: it has callers. What cannot be read is judged by who reads it."""
    with contextlib.suppress(OSError, ValueError):
        return re.search(r"^callers\s*:", path.read_text(encoding="utf-8"), re.M) is not None
    return False


def _story(path: Path, hosts: Collection[str], given: tuple[tuple[str, str], ...]) -> str:
    story = load(path, words_of(Means(hosts=tuple(hosts), given=given)))
    return (f"{_counted(len(story.callers), 'caller')}, "
            f"{_counted(sum(len(one.steps) for one in story.callers), 'step')}")


def _own(path: Path, hosts: Collection[str]) -> str:
    own = load_own(path, Known.with_hosts(*hosts))
    OwnVoice(own, prompts(), samples_of)  # it reads the recordings
    if own.twiml is not None:
        return f"an application at {own.twiml.url}"
    return (f"{_counted(len(own.lines), 'node')}, {_counted(len(own.wordings), 'prompt')}, "
            f"{_counted(len(ways_of(own)), 'exit')}")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
