"""What the command ends with, the sentence that says why, and lines that cannot command a terminal."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO, TypeVar

from dtmf.terminal import COMMANDS, shown

OK, FAILED, USAGE, BROKEN = 0, 1, 2, 3
ENDS = (".", "!", "?")
T = TypeVar("T")


def tell(text: str = "") -> None:
    """Print for the user, at once; if nobody reads on, in vain: the work goes on, and has its exit code."""
    _print(shown(text))


def tell_json(facts: Mapping[str, Any]) -> None:
    """Print one JSON object in a line, for a program."""
    _print(json_line(facts))


def json_line(facts: Mapping[str, Any]) -> str:
    """Return one JSON object as a line."""
    text = json.dumps(facts, ensure_ascii=False)
    return COMMANDS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # and Python must not complain about it once more at exit
        sys.stdout = None


class Undisturbed:
    """The standard output of a command that changes something: what cannot be printed does not stop its work.

    Parameters
    ----------
    output : text stream

    Attributes
    ----------
    error : OSError or None
        Why something was not printed, the first time.
    """

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        """Print, or not."""
        return self._tried(lambda: self._output.write(text)) or len(text)

    def flush(self) -> None:
        """Have it printed, or not."""
        self._tried(self._output.flush)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Return what else the output has."""
        return getattr(self._output, name)

    def _tried(self, act: Callable[[], T]) -> T | None:
        if self.error is None:
            try:
                return act()
            except OSError as error:
                self.error = error
        return None


def working(on: str) -> None:
    """Say on a terminal what takes its time before there is anything else to see; a pipe stays quiet."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"ivr: {on} ...", file=sys.stderr, flush=True)


def complain(sentence: str, code: int) -> int:
    """Print one sentence for the user; return the exit code."""
    remark(sentence)
    return code


def remark(sentence: str) -> None:
    """Print one sentence for the user that is no part of what a command tells."""
    print(f"ivr: {shown(sentence)}{'' if sentence.endswith(ENDS) else '.'}", file=sys.stderr)
