"""What the command ends with, and the sentence that says why."""

import sys

OK, FAILED, USAGE, BROKEN = 0, 1, 2, 3
ENDS = (".", "!", "?")


def complain(sentence: str, code: int) -> int:
    """Print one sentence for the user; return the exit code."""
    print(f"ivr: {sentence}{'' if sentence.endswith(ENDS) else '.'}", file=sys.stderr)
    return code
