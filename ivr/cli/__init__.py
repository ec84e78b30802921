"""The command `ivr`.

Exit codes: 0 all as expected; 1 an expectation failed; 2 wrong usage or a bad file; 3 could not run because
something is missing here. What commands do is in modules of their own, loaded when they are needed.
"""

import errno
import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from dtmf.stopping import ended_by_others, never_lost
from ivr.cli.saying import BROKEN, ENDS, OK, USAGE, complain

_STOPPED = "stopped at your wish"
_UNPRINTED = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT)
"""How an output that is a file or a terminal may fail."""

_CMDLET = re.compile(r"[A-Za-z]+-(?i:cs|um)|(?i:cs|um)[A-Za-z]|-[A-Za-z]{2}|--[a-z]*[A-Z]")
"""Words that may be of a cmdlet, or of its parameters: then its table is looked at."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Without the command's name; what the shell gave if left out.
    """
    code = BROKEN
    try:
        with never_lost():
            code = _run(list(sys.argv[1:] if argv is None else argv))
    finally:
        if folders := sys.modules.get("ivr.cli.folders"):
            folders.settled(well=code == OK)
    return code


def _run(words: list[str]) -> int:
    from cyclopts import CycloptsError, UnusedCliTokensError

    from ivr.cli.ahead import behind
    from ivr.cli.app import NOUNS, app

    try:
        if any(_CMDLET.match(word) for word in words):
            from ivr.cli.cmdlets.translate import translated

            words = translated(words)
        words = behind(words, NOUNS)
        if words and words[0] not in NOUNS:
            # the parser takes a lone hyphen for an option; as a path it is the same
            words = ["./-" if word == "-" else word for word in words]
        if isinstance(sys.stdout, TextIOWrapper):
            # a name that this terminal cannot show must not cost the rest of what is told
            sys.stdout.reconfigure(errors="backslashreplace")
        with ended_by_others():
            code = app()(words, exit_on_error=False, print_error=False, result_action="return_value")
        if sys.stdout is not None:
            sys.stdout.flush()
    except CycloptsError as error:
        from ivr.cli.faults import masked

        # the error may be that a PIN was typed where none belongs
        said = masked(" ".join(str(error).split()))
        if isinstance(error, UnusedCliTokensError):
            spare = masked(" ".join(repr(word[:60]) for word in error.unused_tokens or ()))
            said = f"Nothing here takes {spare}: leave it out."
        meant = " ".join(("ivr", *(error.command_chain or ())))
        return complain(f"{said}{'' if said.endswith(ENDS) else '.'} See '{meant} --help'", USAGE)
    except KeyboardInterrupt:
        return complain(_STOPPED, BROKEN)
    except (BrokenPipeError, SystemExit):  # the second is what the help's printer makes of the first
        # whoever read us has gone; Python must not complain about it once more at exit
        sys.stdout = None
        return OK
    except Exception as error:
        if isinstance(error, ImportError) and isinstance(error.__context__, KeyboardInterrupt):
            return complain(_STOPPED, BROKEN)  # a library says of Ctrl-C amid its loading that it cannot be loaded
        from ivr.cli.faults import code_of

        if (code := code_of(error)) is not None:
            return complain(str(error), code)
        if not isinstance(error, OSError) or error.filename or error.errno not in _UNPRINTED:
            raise
        sys.stdout = None
        return complain(f"what there is to tell cannot be printed: {error.strerror}", BROKEN)
    return code if isinstance(code, int) else OK
