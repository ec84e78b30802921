"""Plays the story of this folder: ours in no time, SIPp's at a bridge in real time."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OURS, ASTERISK = HERE / "lobby.yaml", HERE / "asterisk.yaml"
SIPP, CALLERS = HERE / "lobby.xml", HERE / "callers.csv"
IVR = str(Path(sys.executable).parent / "ivr")
PIN, ANOTHER = "48215", "90371"

_APART_MS, _STAYS_MS = 5000, 18_000
"""How long after the first the second calls, and how long each stays: SIPp can wait for nothing else."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a program has ended with and said, and its wall clock and processor time in seconds."""

    code: int
    said: str
    wall_s: float
    cpu_s: float


def sipp(host: str, port: int) -> list[str]:
    """Return the command by which SIPp plays its story at a bridge, as root."""
    return ["sipp", "-sf", str(SIPP), "-inf", str(CALLERS), "-m", "2", "-r", "1", "-rp", str(_APART_MS),
            "-d", str(_STAYS_MS), "-i", host, "-nostdin", f"{host}:{port}"]


def ours(*options: str, pin: str = PIN) -> Cost:
    """Play ours, at a meeting that has this PIN."""
    with tempfile.TemporaryDirectory() as folder:
        story = Path(folder) / OURS.name
        story.write_text(OURS.read_text(encoding="utf-8").replace(f"pin: {PIN}", f"pin: {pin}"), encoding="utf-8")
        return cost(IVR, "run", str(story), *options)


def sipps(pin: str = PIN) -> tuple[Cost, Cost]:
    """Play SIPp's, at a meeting that has this PIN; return what it has cost, and what the bridge has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    bridge = subprocess.Popen([IVR, "serve", "--sip", f"127.0.0.1:{port}", "--plain", "--meeting",
                               f"1234567:{pin}:Amos"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = ""
    while "Call sip:" not in said:
        line = bridge.stdout.readline()
        if not line:
            sys.exit(f"the bridge has not begun: {said}")
        said += line
    told = cost(*sipp("127.0.0.1", port))
    bridge.send_signal(signal.SIGTERM)  # a shell has its jobs ignore the other one
    said += bridge.stdout.read()
    return told, _ended(bridge, said, began)


def cost(*words: str) -> Cost:
    """Run a program to its end."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:  # where SIPp may leave something
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        return _ended(process, process.stdout.read(), began)


def _ended(process: "subprocess.Popen[str]", said: str, began: float) -> Cost:
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    return Cost(process.returncode, said, time.perf_counter() - began, used.ru_utime + used.ru_stime)


def lines(paths: Sequence[Path]) -> int:
    """Return how many lines files have in all."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)
