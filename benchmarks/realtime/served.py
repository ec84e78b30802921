"""The bridge under load: `ivr serve` as a process of its own, on one core, with what its ear has heard.

As a program (`python -m benchmarks.realtime.served CORE HEARD serve ...`) it is that process: the command as it is,
but that the digits of each call, which no journal shows, are noted where the decoder tells them.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORES = sorted(os.sched_getaffinity(0))
CORE, OTHERS = CORES[0], CORES[1:] or CORES
"""That of the bridge, and those of its callers."""

_PATIENCE_S = 120.0
_PROBE = ("OPTIONS sip:probe@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKprobe\r\n"
          "Max-Forwards: 70\r\nFrom: <sip:probe@127.0.0.1>;tag=1\r\nTo: <sip:probe@127.0.0.1>\r\n"
          "Call-ID: probe\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")


def meeting_ids(count: int) -> list[str]:
    """Return conference IDs."""
    return [f"{1234500 + n}" for n in range(count)]


PIN = "48215"


@dataclass
class Served:
    """A bridge.

    Attributes
    ----------
    ids : list of str
        Of its meetings; the PIN of each is `PIN`.
    figures : list of dict
        What it has told of itself, every 5 s; complete when it has ended.
    heard : list of str
        The digits of each call, once it has ended.
    """

    ids: list[str]
    figures: list[dict[str, Any]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> "Served":
        """Start it, and wait until it answers."""
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.port = _free_port()
        self._figures, self._heard = folder / "figures.jsonl", folder / "heard.json"
        meetings = [word for one in self.ids for word in ("--meeting", f"{one}:{PIN}:amos")]
        self._told = (folder / "told").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, str(CORE), self._heard, "serve", "--plain", "--sip",
             f"127.0.0.1:{self.port}", "--figures", self._figures, *meetings], stdout=self._told,
            stderr=subprocess.STDOUT)
        self._wait()
        return self

    def _wait(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("127.0.0.1", self.port))
            probe.settimeout(0.5)
            host, port = probe.getsockname()
            for _ in range(round(_PATIENCE_S / 0.5)):
                try:
                    probe.send(_PROBE.format(port=self.port, here=f"{host}:{port}").encode())
                    if probe.recv(4096).startswith(b"SIP/2.0 200"):
                        return
                except TimeoutError:
                    continue
                except ConnectionError:
                    if self.process.poll() is not None:
                        break
                    signal.sigtimedwait([], 0.5)
        sys.exit(f"the bridge does not answer:\n{Path(self._told.name).read_text()}")

    def lines(self) -> list[dict[str, Any]]:
        """Return what it has told so far."""
        text = self._figures.read_text() if self._figures.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def queued(self) -> int:
        """Return how many bytes wait in the sockets of this machine that get datagrams."""
        rows = Path("/proc/net/udp").read_text().splitlines()[1:]
        return sum(int(row.split()[4].partition(":")[2], 16) for row in rows)

    def __exit__(self, *_: object) -> None:
        """End it, and take what it has told."""
        self.process.terminate()
        self.process.wait(60)
        self.figures = self.lines()
        if self._heard.exists():
            self.heard = json.loads(self._heard.read_text())
        self._told.close()
        self._folder.cleanup()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _serve(core: int, heard: Path, words: Sequence[str]) -> int:
    os.sched_setaffinity(0, {core})
    import dtmf
    import ivr.engine.bridge
    from ivr.cli import main

    calls: list[list[str]] = []

    class Ear(dtmf.Detector):
        """Notes the digits of each call."""

        def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  (as the detector has them)
            super().__init__(*args, **more)
            self._calls: dict[int, list[str]] = {}

        def feed(self, *args: Any) -> list[Any]:  # noqa: ANN401  (as above)
            events = super().feed(*args)
            for event in events:
                if isinstance(event, dtmf.DigitHeard) and event.channel in self._calls:
                    self._calls[event.channel].append(event.digit)
            return events

        def reset(self, channel: int) -> None:
            super().reset(channel)
            self._calls[channel] = []
            calls.append(self._calls[channel])

    ivr.engine.bridge.Detector = Ear
    try:
        return main(words)
    finally:
        heard.write_text(json.dumps(["".join(one) for one in calls]))


if __name__ == "__main__":
    sys.exit(_serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
