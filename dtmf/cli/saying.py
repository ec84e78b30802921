"""Words for people: errors on one channel, facts on the other; and what the command ends with."""

import contextlib
import json
import os
import sys
from typing import Any

from dtmf.errors import CannotRun
from dtmf.terminal import COMMANDS, shown

OK, DIFFER, USAGE, BROKEN = 0, 1, 2, 3


class Unprinted(CannotRun):
    """What there is to tell cannot be written: a disk is full, a terminal has gone."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"what there is to tell cannot be printed ({error.strerror}).")


def complain(text: str, code: int) -> int:
    """Print one sentence on the error channel and return the exit code."""
    remark(text)
    return code


def remark(text: str) -> None:
    """Print one sentence on the error channel; if that cannot be written, the exit code has to do."""
    with contextlib.suppress(OSError):
        if sys.stderr is not None:
            print(f"dtmf: {shown(text)}", file=sys.stderr, flush=True)


def prepare() -> None:
    """Have the decoder compiled, and say why that takes a while if it has not been."""
    import dtmf

    if not dtmf.is_ready():
        if sys.stderr is not None:
            print("dtmf: compiling the decoder, once on this machine; it takes half a minute.", file=sys.stderr)
        dtmf.prepare()


def sentence(text: str) -> str:
    """Return an error of the command line's parser as one line that ends in a full stop."""
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def say(text: str, end: str = "\n") -> None:
    """Print and push out; what is no text in a file's name, or would command a terminal, is escaped.

    Raises
    ------
    BrokenPipeError
        If whoever read it has gone.
    Unprinted
        If it cannot be written.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        print(shown(text).encode(encoding, "backslashreplace").decode(encoding), end=end, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unprinted(error) from None


def leave_quietly() -> None:
    """Let Python not complain once more at exit about a reader that has gone."""
    try:
        if sys.stdout is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None


def line_of(facts: dict[str, Any]) -> str:
    """Return an object as one line that is valid UTF-8 and commands no terminal, whatever the file is called."""
    line = json.dumps(facts, ensure_ascii=False)
    return json.dumps(facts) if COMMANDS.search(line) else line
