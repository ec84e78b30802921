"""Calls that wait with music for a long time, and others that come and go: memory and queues."""

import time
from statistics import median

from benchmarks.realtime.callers import Callers, Load, story
from benchmarks.realtime.judging import Verdict
from benchmarks.realtime.served import Served, meeting_ids

_LONGEST_S = 1500
"""How long anybody waits: a lobby is not for ever, so he comes again."""

_GROWTH_KB, _DELAY_MS, _DRIFT_MS = 8192, 100.0, 40.0
_QUEUED = 1 << 18


def soak(calls: int, minutes: float) -> bool:
    """Measure; return whether all limits are kept."""
    stay, go = calls - calls // 5, calls // 5
    lasting, ids = 60 * minutes, meeting_ids(2)
    queued: list[int] = []
    with Served(ids) as bridge:
        waits = min(lasting, _LONGEST_S)
        callers = Callers([
            Load(story(bridge.port, ["dial", "answered", "wait: 3 s", f'press: "{one}#"', f"wait: {wait:.0f} s",
                                     "hang up"]), many, rate, lasting)
            for one, many, rate, wait in ((ids[0], stay, 5, waits), (ids[1], go, 1, 40)) if many])
        began = time.monotonic()
        while not callers.over and time.monotonic() - began < lasting:
            time.sleep(1)
            queued.append(bridge.queued())
        lines = bridge.lines()
        callers.stop()
        callers.wait()
    verdict = Verdict(f"{calls} calls for {minutes:g} minutes, a fifth of them anew every 45 s")
    begun, failed = callers.sum("stories"), callers.sum("failed") - callers.stopped
    verdict.tell("calls", f"{begun} begun, {failed} failed", "none fails", kept=not failed)
    quarter = len(lines) // 4
    before, after = lines[quarter:2 * quarter], lines[-quarter:]
    first, last = (max(one["memory_kb"] for one in part) for part in (before, after))
    verdict.tell("memory", f"{first / 1024:.1f} MB in the second quarter, {last / 1024:.1f} MB in the last",
                 f"at most {_GROWTH_KB // 1024} MB more", kept=last - first <= _GROWTH_KB)
    # medians: a machine that has other things to do for a second fills every queue for that long
    early, late = (median(one["delay_ms"] for one in part) for part in (before, after))
    most = max(one["delay_ms"] for one in lines)
    verdict.tell("sound held back", f"by the call where it is most: median {early:.0f} ms in the second quarter, "
                 f"{late:.0f} ms in the last, {most:.0f} ms once", f"at most {_DELAY_MS:.0f} ms, and no drift",
                 kept=late <= _DELAY_MS and late - early <= _DRIFT_MS)
    part = len(queued) // 4
    early, late = median(queued[part:2 * part]), median(queued[-part:])
    verdict.tell("bytes that wait in sockets", f"median {early:,.0f} in the second quarter, {late:,.0f} in the "
                 "last", f"at most {_QUEUED:,}", kept=late <= _QUEUED)
    shares = lines[-1]["processor_s"] - lines[quarter]["processor_s"], lines[-1]["at"] - lines[quarter]["at"]
    verdict.tell("the bridge's core", f"{shares[0] / shares[1]:.1%}")
    verdict.tell("late ticks of the bridge", f"{lines[-1]['late_ticks']} of {lines[-1]['ticks']}")
    return verdict.well
