"""The command `dtmf`: decode, encode and plot.

Exit codes: 0 all as expected, 1 the channels of a file hold different keys, 2 wrong usage or a bad file, 3 could
not run (a part is missing, nobody answers, or it was stopped).
"""

import errno
import sys
from collections.abc import Sequence

from dtmf.cli.saying import BROKEN, OK, USAGE, Unprinted, complain, leave_quietly, sentence
from dtmf.errors import DtmfError
from dtmf.stopping import ended_by_others, never_lost

_STOPPED = "stopped before all was done."

_UNPRINTED = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT)
"""How an output that is a file or a terminal may fail."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Without the command's name; what the shell gave if left out.
    """
    try:
        with never_lost(), ended_by_others():
            return _run(sys.argv[1:] if argv is None else argv)
    except DtmfError as error:
        if isinstance(error, Unprinted):
            leave_quietly()
        return complain(str(error), error.exit_code)
    except ImportError as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            return complain(_STOPPED, BROKEN)
        return complain(f"{error.name} is missing; install it with 'pip install {error.name}'.", BROKEN)
    except MemoryError:
        return complain("there is not enough memory; give fewer channels or fewer files at once.", BROKEN)
    except KeyboardInterrupt:
        return complain(_STOPPED, BROKEN)
    except (BrokenPipeError, SystemExit):  # the second is what the help's printer makes of the first
        leave_quietly()
        return OK
    except OSError as error:
        if error.filename or error.errno not in _UNPRINTED:
            raise
        leave_quietly()
        return complain(str(Unprinted(error)), BROKEN)


def _run(argv: Sequence[str]) -> int:
    from cyclopts import CycloptsError

    from dtmf.cli.app import app

    # The parser takes a lone hyphen for an option; as a path it is the same.
    words = ["./-" if word == "-" else word for word in argv]
    try:
        code = app()(words, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        return complain(f"{sentence(str(error))} See 'dtmf --help'.", USAGE)
    if sys.stdout is not None:
        sys.stdout.flush()  # help is not pushed out by who prints it
    return code if isinstance(code, int) else OK
