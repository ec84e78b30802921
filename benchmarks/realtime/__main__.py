"""Calls in real time, over loopback: the bridge on one core, its callers on the others, and limits for both.

Run: python -m benchmarks.realtime [lobby] [meeting] [start] [soak] [--calls N] [--minutes T]. Without words the
first three; exit code 1 if a limit is missed.

lobby    700 calls in lobbies with music, keys in the audio: none fails, all 28,000 digits right, less than 1 % of
         the bridge's ticks late, at most 75 % of its core
meeting  100 in one meeting, all talking: each gets 50.00 packets a second, with no gap of more than 60 ms
start    a meeting starts for 100 who wait: music stops, and all are told that they join, within one tick
soak     100 calls for an hour, or --minutes: memory flat, queues do not drift

A machine that has other things to do meanwhile spoils the first three.
"""

import argparse
import subprocess
import sys

from benchmarks.realtime.lobby import lobby
from benchmarks.realtime.meeting import meeting
from benchmarks.realtime.soak import soak
from benchmarks.realtime.start import start

_USUAL = ("lobby", "meeting", "start")


def main() -> int:
    """Measure what is asked for; return 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="lobby|meeting|start|soak")
    parser.add_argument("--calls", type=int)
    parser.add_argument("--minutes", type=float, default=60)
    given = parser.parse_args()
    does = {"lobby": lambda: lobby(given.calls or 700), "meeting": lambda: meeting(given.calls or 100),
            "start": lambda: start(given.calls or 100), "soak": lambda: soak(given.calls or 100, given.minutes)}
    if wrong := next((one for one in given.what if one not in does), ""):
        parser.error(f"there is no {wrong}")
    # what has to be compiled once is not the bridge's time or memory
    subprocess.run([sys.executable, "-c", "from ivr.cli.kit import stage, warm_up; stage(); warm_up(network=True)"],
                   check=True)
    return 0 if min([does[one]() for one in given.what or _USUAL]) else 1


if __name__ == "__main__":
    sys.exit(main())
