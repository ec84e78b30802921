"""`ivr list`: which stories there are."""

from collections.abc import Iterable
from pathlib import Path

from ivr.cli.saying import OK, USAGE, complain, tell, tell_json
from ivr.cli.suite.choosing import Selection, chosen
from ivr.cli.suite.means import Means, words_of
from ivr.reading import BadFile
from ivr.scenario.grammar import load


def listed(paths: Iterable[Path], choice: Selection, *, as_json: bool) -> int:
    """Tell of every story that is meant; return the exit code."""
    words, code = words_of(Means()), OK
    for trial in chosen(paths, choice, lambda path: load(path, words)):
        if trial.skip:
            if as_json:
                tell_json({"file": str(trial.path), "title": trial.path.stem, "row": "", "source": "", "tags": [],
                           "skip": trial.skip, "callers": []})
            else:
                tell(f"{trial.path}  (skipped: {trial.skip})")
            continue
        try:
            story = load(trial.path, words, trial.row)
        except BadFile as error:
            code = complain(str(error), USAGE)
            continue
        if as_json:
            tell_json({"file": str(trial.path), "title": story.title, "row": story.row, "source": story.source,
                       "tags": list(story.tags), "skip": story.skip,
                       "callers": [caller.name for caller in story.callers]})
        else:
            tags = f"  [{', '.join(story.tags)}]" if story.tags else ""
            tell(f"{trial.path}  {story.title}{tags}{f'  (skipped: {story.skip})' if story.skip else ''}")
    return code
