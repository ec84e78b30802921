"""Which stories are meant, and in which order they are played."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from ivr.cli.faults import UsageError
from ivr.reading import BadFile, nearest
from ivr.scenario.steps import Scenario

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
    """

    path: Path
    folder: str
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
    files = _tagged(_named(found(paths), choice.only), choice, load)
    trials = [(path, run) for path in files for run in range(1, choice.repeat + 1)]
    folders = _folders([path for path, _ in trials])
    if choice.seed is not None:
        random.Random(choice.seed).shuffle(trials)  # noqa: S311 - an order, and no secret
        folders = _folders([path for path, _ in trials])
    return [Trial(path, folder, run, choice.repeat) for (path, run), folder in zip(trials, folders, strict=True)]


def found(paths: Iterable[Path]) -> list[Path]:
    """Return the files that are named, and those in the folders that are.

    Raises
    ------
    UsageError
        If nothing is named, or a folder holds none.
    """
    files: list[Path] = []
    for path in paths:
        there = sorted(p for p in path.rglob("*.yaml") if p.is_file()) if path.is_dir() else [path]
        if not there:
            raise UsageError(f"the folder {path} holds no scenario: scenarios are files that end in .yaml")
        files += there
    if not files:
        raise UsageError("no scenario is named: name files or folders, as in 'ivr run scenarios/'")
    return files


def name_of(path: Path) -> str:
    """Return a story's name: its file's, without what says that it is one."""
    return path.name.removesuffix(".yaml").removesuffix(".call")


def _named(files: list[Path], only: Sequence[str]) -> list[Path]:
    for pattern in only:
        if not any(_fits(path, pattern) for path in files):
            raise UsageError(f"--only {pattern}: no story here is called so"
                             f"{nearest(pattern, map(name_of, files))}")
    return [path for path in files if not only or any(_fits(path, pattern) for pattern in only)]


def _fits(path: Path, pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in (name_of(path), path.name, path.as_posix()))


def _tagged(files: list[Path], choice: Selection, load: Load) -> list[Path]:
    """Return those that their tags choose; a file that cannot be read is none that could be left out."""
    if not choice.tags and not choice.without:
        return files
    tags: dict[Path, tuple[str, ...] | None] = {}
    for path in files:
        try:
            tags[path] = load(path).tags
        except BadFile:
            tags[path] = None
    known = sorted({tag for own in tags.values() for tag in own or ()})
    for tag in choice.tags:
        if tag not in known:
            raise UsageError(f"--tag {tag}: no story here has this tag{nearest(tag, known) if known else ''}")
    left = [path for path in files if (own := tags[path]) is None or (
        (not choice.tags or set(own) & {*choice.tags}) and not set(own) & {*choice.without})]
    if not left:
        raise UsageError("no story is left to play: --skip-tag leaves out all of them")
    return left


def _folders(paths: Iterable[Path]) -> list[str]:
    counts: dict[str, int] = {}
    names = []
    for path in paths:
        counts[path.stem] = counts.get(path.stem, 0) + 1
        names.append(f"{path.stem}{f'-{counts[path.stem]}' if counts[path.stem] > 1 else ''}")
    return names
