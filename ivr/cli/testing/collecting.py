"""Files of stories as tests: `*.call.yaml`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ivr.cli.suite.choosing import Trial
from ivr.cli.suite.means import Means, words_of
from ivr.cli.suite.trial import get_ready, perform
from ivr.cli.testing.leftovers import folder_for, timeline, where
from ivr.reading import BadFile
from ivr.report.verdicts import NOT_RUN, PASSED, Verdict
from ivr.scenario.grammar import load
from ivr.scenario.steps import Scenario
from ivr.scenario.table import rows_of


class StoryFailed(Exception):
    """A story did not come true, or could not be played."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.file)
        self.verdict = verdict


class CallFile(pytest.File):
    """A file of one story."""

    def collect(self) -> "Iterable[CallItem]":
        """Read the story: its tags are markers, and its reason to be skipped is one."""
        means = Means(hosts=tuple(self.config.getoption("--ivr-allow-host")))
        try:
            stories = [load(self.path, words_of(means), row) for row in rows_of(self.path)]
        except BadFile as error:
            raise self.CollectError(str(error)) from None
        for story in stories:
            yield self._item(story, means)

    def _item(self, story: Scenario, means: Means) -> "CallItem":
        for tag in story.tags:
            # every tag is a marker that is known, also where markers have to be
            self.config.addinivalue_line("markers", f"{tag}: a tag of stories")
        item = CallItem.from_parent(self, name=story.title, means=means, row=story.row)
        for tag in story.tags:
            item.add_marker(tag)
        if story.skip:
            item.add_marker(pytest.mark.skip(reason=story.skip))
        return item


class CallItem(pytest.Item):
    """One story."""

    def __init__(self, *, means: Means, row: str, **others: Any) -> None:  # noqa: ANN401
        super().__init__(**others)
        self._means, self._row = means, row

    def runtest(self) -> None:
        """Play it."""
        name = self.nodeid.partition("::")[0]
        folder = folder_for(self.config, f"{name}-{self._row}" if self._row else name)
        means = Means(hosts=self._means.hosts, report=folder.parent, keep="failed")
        get_ready(means)
        verdict = perform(means, Trial(self.path, folder.name, row=self._row))
        if verdict.remarks:
            self.add_report_section("call", "remarks", verdict.remarks)
        if verdict.word != PASSED:
            raise StoryFailed(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:  # noqa: ANN401
        """Tell what did not come true, what happened, and where the sound is."""
        if not isinstance(excinfo.value, StoryFailed):
            return super().repr_failure(excinfo, *args)
        verdict = excinfo.value.verdict
        told = [f"{self.path}: {sentence}" if verdict.word != NOT_RUN else sentence for sentence in verdict.wrong]
        if verdict.left is not None:
            journal = (verdict.left / "journal.txt").read_text(encoding="utf-8")
            told += ["", timeline(journal), "", where(verdict.left)]
        return "\n".join(told)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Tell where it stands."""
        return self.path, 0, self.name
