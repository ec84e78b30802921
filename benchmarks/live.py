"""What a call that is shown live costs: the share of a core, and late ticks.

`ivr lobby` runs on a terminal of its own, without sound, for 5 s and for 20 s; the difference is what it costs once
it runs. Exit code 1 if one call takes more than a tenth of a core.
"""

import os
import pty
import re
import resource
import select
import sys
import time
from contextlib import suppress

SHORT_S, LONG_S = 5.0, 20.0
MOST = 0.10


def shown(words: list[str], seconds: float) -> tuple[float, float, str]:
    """Show the lobby for so long; return CPU seconds, seconds, and how many ticks were late."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(COLUMNS="80", LINES="24", TERM="xterm-256color")
        os.execv(sys.executable, [sys.executable, "-m", "ivr.cli", "lobby", "--no-speaker", *words])  # noqa: S606
    said, left = b"", False
    with suppress(OSError):  # Linux says so when nobody has the terminal any more
        while True:
            if select.select([terminal], [], [], 0.1)[0]:
                more = os.read(terminal, 1 << 16)
                if not more:
                    break
                said = (said + more)[-4000:]
            if not left and time.monotonic() - began > seconds:
                os.write(terminal, b"q")
                left = True
    os.waitpid(process, 0)
    os.close(terminal)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    late = re.search(rb"(\w+) late ticks", said)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - began,
            late[1].decode() if late else "unknown")


def main() -> int:
    """Measure one caller and six, on the screen and in lines."""
    worst = 0.0
    for callers in (1, 6):
        for how in ("on the screen", "in lines"):
            words = ["--callers", str(callers), *(["--plain"] if how == "in lines" else [])]
            (short, short_s, _), (long, long_s, late) = shown(words, SHORT_S), shown(words, LONG_S)
            share = (long - short) / (long_s - short_s)
            worst = max(worst, share) if callers == 1 else worst
            print(f"{callers} {how}: {100 * share:.1f} % of a core, {late} late ticks in {LONG_S:.0f} s",
                  flush=True)
    return 0 if worst <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
