"""Which stories are meant, and in which order they are played."""

import os
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from ivr.cli.faults import UsageError
from ivr.cli.saying import remark
from ivr.cli.suite.campaigns import left_out
from ivr.reading import BadFile, nearest
from ivr.scenario.steps import Scenario
from ivr.scenario.table import rows_of

Load = Callable[[Path], Scenario]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was typed to choose stories, and to put them in order.

    Attributes
    ----------
    only : sequence of str
        Names of stories, or patterns of such, of which one must fit; all fit if there are none.
    tags, without : sequence of str
        Tags of which a story must have one, and may have none.
    seed : int, optional
        Of the order; None for that of the files.
    repeat : int
        How often each is played.
    """

    only: Sequence[str] = ()
    tags: Sequence[str] = ()
    without: Sequence[str] = ()
    seed: int | None = None
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """A story to be played, once.

    Attributes
    ----------
    folder : str
        The name of the folder for what it leaves behind, no other's.
    row : str
        Which row of its table it is; empty for a story without one.
    skip : str
        Why it is not played; empty if it is.
    """

    path: Path
    folder: str
    row: str = field(default="", kw_only=True)
    skip: str = field(default="", kw_only=True)
    run: int = field(default=1)
    runs: int = field(default=1)


def chosen(paths: Iterable[Path], choice: Selection, load: Load) -> list[Trial]:
    """Return the stories that are meant, in the order in which they are played.

    Raises
    ------
    UsageError
        If there are none, or a name or a tag that was asked for fits none.
    """
    if choice.repeat < 1:
        raise UsageError(f"--repeat {choice.repeat} plays nothing: it takes 1 or more")
    paths = list(paths)
    files = found(paths)
    without = left_out([path for path in files if path not in paths], load)
    stories = _tagged(_named(_rows(files), choice.only), choice, without, load)
    trials = [(story, run) for story in stories for run in range(1, choice.repeat + 1)]
    if choice.seed is not None:
        random.Random(choice.seed).shuffle(trials)  # noqa: S311 - an order, and no secret
    folders = _folders([story for story, _ in trials])
    return [Trial(story.path, folder, run, choice.repeat, row=story.row, skip=without.get(story.path, ""))
            for (story, run), folder in zip(trials, folders, strict=True)]


class StoryFile(NamedTuple):
    """A file, and the row of its table if it has one."""

    path: Path
    row: str = ""

    @property
    def name(self) -> str:
        """What it is called: by its file's name, without what says that it is a story, and by its row."""
        name = self.path.name.removesuffix(".yaml").removesuffix(".call")
        return f"{name}[{self.row}]" if self.row else name

    def fits(self, pattern: str) -> bool:
        """Tell whether it, or its file with all of its rows, is called so."""
        names = {self.name, StoryFile(self.path).name, self.path.name, self.path.as_posix()}
        return pattern in names or any(fnmatchcase(name, pattern) for name in names)


def _rows(files: Iterable[Path]) -> list[StoryFile]:
    """Return each file, and each row of those that have a table; what is wrong there is told when it is played."""
    stories = []
    for path in files:
        try:
            stories += [StoryFile(path, row) for row in rows_of(path)]
        except BadFile:
            stories.append(StoryFile(path))
    return stories


def found(paths: Iterable[Path]) -> list[Path]:
    """Return the files that are named, and those in the folders that are, each once.

    A link to nothing is among them: who reads it says so.

    Raises
    ------
    UsageError
        If nothing is named, or a folder holds none.
    """
    files: list[Path] = []
    for path in paths:
        there = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        for folder in (one for one in there if one is not path and one.is_dir()):
            remark(f"{folder} is a folder, and no scenario: what it holds is looked at")
        there = [one for one in there if one is path or not one.is_dir()]
        if not there:
            raise UsageError(f"the folder {path} holds no scenario: scenarios are files that end in .yaml")
        files += there
    if not files:
        raise UsageError("no scenario is named: name files or folders, as in 'ivr run scenarios/'")
    return [*{os.path.abspath(path): path for path in reversed(files)}.values()][::-1]  # noqa: PTH100


def _named(stories: list[StoryFile], only: Sequence[str]) -> list[StoryFile]:
    for pattern in only:
        if not any(story.fits(pattern) for story in stories):
            raise UsageError(f"--only {pattern}: no story here is called so"
                             f"{nearest(pattern, [story.name for story in stories])}")
    return [story for story in stories if not only or any(story.fits(pattern) for pattern in only)]


def _tagged(stories: list[StoryFile], choice: Selection, without: Mapping[Path, str], load: Load
            ) -> list[StoryFile]:
    """Return those that their tags choose; a file that cannot be read is none that could be left out."""
    if not choice.tags and not choice.without:
        return stories
    tags: dict[Path, tuple[str, ...] | None] = {}
    for path in dict.fromkeys(story.path for story in stories):
        try:
            tags[path] = () if path in without else load(path).tags
        except BadFile:
            tags[path] = None
    known = sorted({tag for own in tags.values() for tag in own or ()})
    for tag in choice.tags:
        if tag not in known:
            raise UsageError(f"--tag {tag}: no story here has this tag{nearest(tag, known) if known else ''}")
    left = [story for story in stories if (own := tags[story.path]) is None or (
        (not choice.tags or set(own) & {*choice.tags}) and not set(own) & {*choice.without})]
    if not left:
        raise UsageError("no story is left to play: --skip-tag leaves out all of them")
    return left


def _folders(stories: Iterable[StoryFile]) -> list[str]:
    counts: dict[str, int] = {}
    names = []
    for story in stories:
        stem = f"{story.path.stem}-{story.row}" if story.row else story.path.stem
        counts[stem] = counts.get(stem, 0) + 1
        names.append(f"{stem}{f'-{counts[stem]}' if counts[stem] > 1 else ''}")
    return names
