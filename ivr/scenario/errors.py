"""What can be wrong with a scenario file: its author's mistakes, never ours."""

from pathlib import Path


class NothingThere(Exception):
    """Nothing can be put in a placeholder's place; the message is a sentence for the step that has it."""


class ScenarioError(Exception):
    """One mistake in a scenario file.

    Attributes
    ----------
    path : Path
        The file.
    line : int
        The line, from 1; 0 when no line is to blame.
    """

    exit_code = 2

    def __init__(self, path: Path, line: int, message: str) -> None:
        self.path, self.line = path, line
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")
