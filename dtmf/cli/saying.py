"""Words for people: errors on one channel, facts on the other; and what the command ends with."""

import json
import sys
from typing import Any

OK, USAGE, BROKEN = 0, 2, 3


def complain(text: str, code: int) -> int:
    """Print one sentence on the error channel and return the exit code."""
    print(f"dtmf: {text}", file=sys.stderr)
    return code


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
    """Print and push out; a file's name that is no text is escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), end=end, flush=True)


def line_of(facts: dict[str, Any]) -> str:
    """Return an object as one line that is always valid UTF-8, whatever the file is called."""
    line = json.dumps(facts, ensure_ascii=False)
    return line if _is_text(line) else json.dumps(facts)


def _is_text(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
