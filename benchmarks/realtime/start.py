"""A meeting that starts: when the music of everybody in its lobby stops and he is told that he is let in.

The calls are made here, in this process, and all their packets kept with the moments at which the system got them.
"""

import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.realtime.callers import Callers, Load, story
from benchmarks.realtime.judging import Verdict
from benchmarks.realtime.served import PIN, Served, meeting_ids
from ivr.cli.call import CallOptions, story_of
from ivr.cli.dialling import network_to, reached
from ivr.cli.kit import stage, warm_up
from ivr.clock import samples
from ivr.lines.sip.capture.keeping import Capture, Datagram
from ivr.lines.sip.phones import SipPhones
from ivr.lines.sip.rtp.g711 import ENCODED
from ivr.lines.sip.rtp.packets import HEADER, fields
from ivr.live.pace import TICK_S, WallClock
from ivr.scenario.foreign.crowd import Crowd
from ivr.scenario.target import target

_RATE, _WAITS_S = 10.0, 25.0
_PACKET, _SURE = 160, 25
"""Bytes of a packet, and after how many of them it is known what they are."""


@dataclass(frozen=True, slots=True)
class Change:
    """Of one call: when the first packet without music came, and whether he is told that he joins."""

    at_s: float
    joins: bool


def start(calls: int) -> bool:
    """Measure; return whether all limits are kept."""
    [one] = meeting_ids(1)
    comes = ["dial", "answered", "wait: 3 s", f'press: "{one}#"']
    ramp_s = calls / _RATE
    kept, failed = Capture(time.time), []
    with Served([one]) as bridge, TemporaryDirectory() as folder:
        path = Path(folder) / "story.yaml"
        path.write_text(story(bridge.port, [*comes, f"wait: {ramp_s + _WAITS_S + 15:.0f} s", "hang up"]))
        scenario = story_of([str(path)], CallOptions())[0]
        there = target(scenario.target)
        peer = reached(there, "")
        network = network_to(peer, "", "50000-51999")
        network.sound.capture = kept
        warm_up(network=True)
        phones = SipPhones(network, there.uri, peer, clock=time.perf_counter)
        pace = WallClock(sleep=phones.wait)
        crowd = Crowd(scenario, stage(), phones, most=calls, rate=_RATE, lasting=samples(ramp_s + 0.5),
                      told=lambda call: failed.append(str(call.failure)) if call.failure else None)
        organizer = [*comes, "wait: 1 s", 'press: "*"', f"wait: {ramp_s + _WAITS_S - 5:.0f} s", f'press: "{PIN}#"',
                     "wait: 20 s", "hang up"]
        leader = Callers([Load(story(bridge.port, organizer), 1, 1, 1)])
        while not crowd.over:
            pace.wait()
            crowd.step()
        leader.wait()
        phones.close()
        network.close()
    changes = _changes(kept.kept)
    verdict = Verdict(f"a meeting starts for {calls} who wait with music")
    verdict.tell("calls", f"{crowd.begun} begun, {len(failed) + leader.sum('failed')} failed", "none fails",
                 kept=crowd.begun == calls and not failed and not leader.sum("failed"))
    told = sum(one.joins for one in changes)
    verdict.tell("music stops", f"for {len(changes)} of them, {told} are told that they join", "all of them",
                 kept=len(changes) == told == calls)
    if changes:
        first, last = (pick(one.at_s for one in changes) for pick in (min, max))
        verdict.tell("from the first to the last", f"{1000 * (last - first):.2f} ms", "less than a tick of 20 ms",
                     kept=last - first < TICK_S)
        verdict.tell("the bridge", f"{bridge.figures[-1]['late_ticks']} late ticks")
    return verdict.well


def _changes(kept: list[Datagram]) -> list[Change]:
    """Return what is heard where music stops, of each call in which it does."""
    streams: dict[int, list[Datagram]] = defaultdict(list)
    for one in kept:
        if not one.signals and one.data[1] & 127 == 0 and len(one.data) == HEADER + _PACKET:
            streams[one.to.port].append(one)
    loop, joining = _coded(stage().music), _coded(stage().fixed["joining"][0])
    return [change for stream in streams.values() if (change := _change(stream, loop + loop, joining))]


def _coded(sound: np.ndarray) -> bytes:
    return bytes(ENCODED[0][np.asarray(sound, np.int16).view(np.uint16)])


def _change(stream: list[Datagram], music: bytes, joining: bytes) -> Change | None:
    """Return where music stops for the last time."""
    stream = sorted(stream, key=lambda one: fields(one.data)[2])
    payloads = [one.data[HEADER:] for one in stream]
    change, place, count = None, -1, 0
    for number, payload in enumerate(payloads):
        if place < 0:
            place = music.find(payload) if len(set(payload)) > 1 else -1
            count = 0
        elif payload == music[place:place + _PACKET]:
            count += 1
        else:
            change = number if count >= _SURE else change
            place = -1
        place = (place + _PACKET) % (len(music) // 2) if place >= 0 else -1
    if change is None:
        return None
    # the first packet may begin with the end of the music
    return Change(stream[change].at_s, b"".join(payloads[change + 1:change + 1 + _SURE]) in joining)
