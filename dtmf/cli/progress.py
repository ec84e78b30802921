"""How far long work has come: on a terminal only, and only when it takes long."""

import sys
import time
from types import TracebackType
from typing import Any

_PATIENCE_S = 1.0
"""Seconds that somebody waits without wondering."""


class Bar:
    """A progress bar on the error channel that appears after a while and is gone when all is done.

    Parameters
    ----------
    title : str
    total : int, optional
        Count pieces of work; without it the bar shows a part of one.
    patience_s : float
        Seconds before it appears.
    """

    def __init__(self, title: str, total: int | None = None, *, patience_s: float = _PATIENCE_S) -> None:
        self._title, self._total, self._patience_s = title, total, patience_s
        self._bar: Any = None
        self._began = time.monotonic()
        self._shown = sys.stderr is not None and sys.stderr.isatty()

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def part(self, done: float) -> None:
        """Show that `done` of 1, or of the total, is done."""
        if not self._shown:
            return
        if self._bar is None:
            if time.monotonic() - self._began < self._patience_s:
                return
            self._start()
        self._bar.update(self._task, completed=done)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        counted = MofNCompleteColumn() if self._total is not None else TaskProgressColumn()
        # What is printed meanwhile goes above the bar if it goes to the same terminal, and untouched if not.
        self._bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), counted, TimeRemainingColumn(),
            console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty(), redirect_stderr=True,
        )  # fmt: skip
        self._task = self._bar.add_task(self._title, total=self._total or 1)
        self._bar.start()
