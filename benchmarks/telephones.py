"""What telephones cost: calls over real sockets into lobbies with music, all answered and all keys heard.

Run: python benchmarks/telephones.py [--calls 700] [--by audio|events] [--minutes 60]. The bridge and its callers
are stepped in turn in one process, so a busy machine changes little; the CPU time is the bridge's alone, sockets
and all. Calls come at 50 a second, key their conference ID, and wait with music. Targets: no failed call, all keys
right, and 700 waiting take at most 75 % of a core; if they wait for minutes more, memory stays flat and no queue
grows.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from secrets import randbits, token_hex

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import dtmf
from ivr.assembly import assembled
from ivr.cli.kit import stage, warm_up
from ivr.clock import FRAME, RATE
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.bridge import Bridge
from ivr.journal import Journal
from ivr.lines.sip import telling
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.media import Media
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.trunk import SipTrunk

_FIRST, _WELL = 1234000, 0.75
_GROWTH_KB, _LONGEST_DELAY = 8192, 60 * RATE // 1000
_ASKED_AGAIN_AT, _WAITING_AFTER, _MEASURED = 9 * RATE, 22 * RATE, 10 * RATE


class Telephones:
    """All callers.

    Parameters
    ----------
    peer : Peer
        Whom they call.
    calls : int
    by : "audio" or "events"
        How they send keys.
    """

    def __init__(self, peer: Peer, calls: int, by: str) -> None:
        self._peer, self._calls, self._by = peer, calls, by
        self._network = Network("127.0.0.1", 0, range(30_000, 40_000))
        self._end = Endpoint(self._network.here, lambda: token_hex(8))
        self._media = Media(self._network, lambda: randbits(32))
        self._slots: dict[int, int] = {}
        self._answered_at: dict[int, int] = {}
        self._says: dict[int, np.ndarray] = {}
        self._rows = np.zeros((calls, FRAME), np.int16)
        self.refused = 0

    @property
    def answered(self) -> int:
        """How many calls were answered."""
        return len(self._answered_at)

    def step(self, now: int) -> None:
        """Do what is done in a tick."""
        if len(self._slots) < self._calls and (port := self._network.open(len(self._slots))):
            call = self._end.invite(f"sip:1000@127.0.0.1:{self._peer.port}", self._peer, "127.0.0.1", port, now)
            self._slots[call] = len(self._slots)
        for data, source in self._network.messages():
            self._end.receive(data, source, now)
        self._end.advance(now)
        for event in self._end.events():
            if isinstance(event, telling.Agreed):
                self._answered_at[self._slots[event.call]] = now
                self._media.agree(self._slots[event.call], event.media, "127.0.0.1", now)
            self.refused += isinstance(event, telling.CallRefused)
        for data, to in self._end.outgoing():
            self._network.send(data, to)
        list(self._media.take(now))
        self._media.receive(np.empty_like(self._rows))
        self._speak(now)
        self._media.send(self._rows, now)

    def _speak(self, now: int) -> None:
        for slot, at in self._answered_at.items():
            keys = {RATE: f"{_FIRST + slot // 10}#", _ASKED_AGAIN_AT: "#"}.get(now - at, "")
            if keys and self._by == "events":
                self._media.press(slot, keys)
            elif keys:
                tones = dtmf.encode(keys, RATE, tone_ms=80, gap_ms=80)
                self._says[slot] = np.append(tones, np.zeros(-len(tones) % FRAME, np.int16))
        self._rows[:] = 0
        for slot, tones in list(self._says.items()):
            self._rows[slot], self._says[slot] = tones[:FRAME], tones[FRAME:]
            if not len(self._says[slot]):
                del self._says[slot]

    def close(self) -> None:
        """Be gone."""
        self._network.close()


def _soaked(bridge: Bridge, step: Callable[[], None], phones: Telephones, trunk: SipTrunk, minutes: float) -> bool:
    """Have all wait on; return whether memory stays flat and no queue grows."""
    calls, grown, late = trunk.media.receiving.calls, [], 0
    until = bridge.now + int(minutes * 60 * RATE)
    while bridge.now < until:
        phones.step(bridge.now)
        step()
        if bridge.now % (60 * RATE) == 0:
            grown.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            late = max(late, int(calls["most"].max()))
    more = grown[-1] - grown[len(grown) // 4]
    missed = int(calls["missed"].sum())
    print(f"{minutes:g} minutes more: memory grew by {more:,} kB since a quarter of them, the longest delay was "
          f"{late / 8:.0f} ms, {missed} frames missed")
    return more <= _GROWTH_KB and late <= _LONGEST_DELAY


def main() -> int:
    """Measure; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=700)
    parser.add_argument("--by", choices=("audio", "events"), default="audio")
    parser.add_argument("--minutes", type=float, default=0, help="how much longer they wait")
    options = parser.parse_args()
    calls = options.calls
    sounds = stage()
    warm_up()
    network, journal = Network("127.0.0.1", 0, range(20_000, 24_000)), Journal()
    meetings = Meetings([Meeting(f"{_FIRST + n}", "48215", "amos") for n in range(1000)])
    trunk = SipTrunk(network)
    bridge, exchange = assembled(sounds, meetings, profile("teams2021"), [trunk], journal=journal, most=calls)
    phones = Telephones(network.here, calls, options.by)
    until, used, most = calls * FRAME + _WAITING_AFTER + _MEASURED, 0.0, 0.0
    while bridge.now < until:
        phones.step(bridge.now)
        began = time.process_time()
        exchange.step()
        took = time.process_time() - began
        if bridge.now > until - _MEASURED:
            used, most = used + took, max(most, took)
    core = used / (_MEASURED / RATE)
    waiting = len(journal.of("lobby"))
    entered = sorted(str(entry.facts["digits"]) for entry in journal.of("entered"))
    right = entered == sorted(f"{_FIRST + n // 10}" for n in range(calls))
    heard = "all IDs" if right else f"{len(entered)} IDs, not all of them"
    print(f"{calls} calls, keys by {options.by}: {phones.answered} answered, {phones.refused} refused, {waiting} "
          f"wait with music, {heard} right; {core:.0%} of a core, the dearest tick {most * 1000:.1f} ms")
    flat = not options.minutes or _soaked(bridge, exchange.step, phones, trunk, options.minutes)
    phones.close()
    network.close()
    return 0 if flat and right and phones.answered == waiting == calls and (calls > 700 or core <= _WELL) else 1


if __name__ == "__main__":
    sys.exit(main())
