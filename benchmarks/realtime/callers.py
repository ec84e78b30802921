"""Those who call: `ivr load`, as many processes as it takes, on the cores that the bridge does not use."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.realtime.served import OTHERS

IVR = Path(sys.executable).parent / "ivr"
_STOPPED = "it was stopped"
_RTP_FIRST, _RTP_EACH = 30_000, 2000


def story(port: int, steps: Sequence[str], way: str = "audio") -> str:
    """Return a story of one caller."""
    lines = "\n".join(f"    - {step}" for step in steps)
    return f"title: Under load\ntarget: sip:1000@127.0.0.1:{port}\ndtmf: {way}\ncallers:\n  anna:\n{lines}\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What one process is to do."""

    text: str
    calls: int
    rate: float
    lasting_s: float


class Callers:
    """Processes that call.

    Attributes
    ----------
    told : list of dict
        What each has told in the end.
    """

    def __init__(self, loads: Sequence[Load]) -> None:
        self.told: list[dict[str, Any]] = []
        self._folder = tempfile.TemporaryDirectory()
        self._before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self._processes = []
        for number, load in enumerate(loads):
            path = Path(self._folder.name) / f"{number}.yaml"
            path.write_text(load.text)
            first = _RTP_FIRST + number * _RTP_EACH
            process = subprocess.Popen(
                [IVR, "load", path, "--calls", str(load.calls), "--rate", f"{load.rate:.3f}", "--for",
                 f"{load.lasting_s:.2f}s", "--rtp-ports", f"{first}-{first + _RTP_EACH - 1}", "--json"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            os.sched_setaffinity(process.pid, OTHERS)
            self._processes.append(process)

    @property
    def over(self) -> bool:
        """Whether all have ended."""
        return all(process.poll() is not None for process in self._processes)

    def stop(self) -> None:
        """Have all calls end now."""
        for process in self._processes:
            if process.poll() is None:
                process.terminate()

    @property
    def stopped(self) -> int:
        """How many stories `stop` has ended."""
        return sum(count for one in self.told for reason, count in one["reasons"].items() if _STOPPED in reason)

    def wait(self) -> None:
        """Wait for their end; end the program if one could not do what it was to do."""
        for process in self._processes:
            said, why = process.communicate()
            if not said.startswith("{"):
                sys.exit(f"a generator has failed:\n{said}{why}")
            self.told.append(json.loads(said))
        self._folder.cleanup()

    def sum(self, name: str) -> int:
        """Return a figure of all of them."""
        return sum(one[name] for one in self.told)

    @property
    def processor_s(self) -> float:
        """What they have used of processors, once they are waited for."""
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        before = self._before
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    @property
    def late(self) -> float:
        """The share of their ticks that came late."""
        return self.sum("late_ticks") / max(self.sum("ticks"), 1)

    def reasons(self) -> list[str]:
        """Return why calls failed."""
        return [f"{count} x {reason}" for one in self.told for reason, count in one["reasons"].items()]
