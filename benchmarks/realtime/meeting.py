"""Many in one meeting, all talking: how many packets a second each of them gets, and the longest gap."""

from benchmarks.realtime.callers import Callers, Load, story
from benchmarks.realtime.judging import Verdict
from benchmarks.realtime.served import PIN, Served, meeting_ids

_RATE, _TALK_S = 10.0, 30.0
_GAP_MS, _OFF = 60.0, 0.02
_SAYS = "Good morning everybody, let us go through the list of what is still open, one by one, and see who does it."


def meeting(calls: int) -> bool:
    """Measure; return whether all limits are kept."""
    [one] = meeting_ids(1)
    with Served([one]) as bridge:
        in_s = calls / _RATE + 25
        talking = [f'say: "{_SAYS}"'] * round(_TALK_S / 6)
        comes = ["dial", "answered", "wait: 3 s", f'press: "{one}#"']
        organizer = [*comes, "wait: 1 s", 'press: "*"', "wait: 1 s", f'press: "{PIN}#"',
                     f"wait: {in_s + _TALK_S + 5:.0f} s", "hang up"]
        callers = Callers([
            Load(story(bridge.port, organizer), 1, 1, 1),
            Load(story(bridge.port, [*comes, f"wait: {in_s:.0f} s", *talking, "hang up"]), calls - 1, _RATE,
                 (calls - 1) / _RATE + 0.5)])
        callers.wait()
    verdict = Verdict(f"{calls} in one meeting, all of them talking for {_TALK_S:.0f} s")
    begun, failed = callers.sum("stories"), callers.sum("failed")
    verdict.tell("calls", f"{begun} begun, {failed} failed", "none fails", kept=begun == calls and not failed)
    for reason in callers.reasons():
        verdict.tell("", reason)
    rates = callers.told[1]["a_second"]
    verdict.tell("packets a second", f"median {rates['median']:.2f}, least {rates['least']:.2f}", "50.00",
                 kept=abs(rates["least"] - 50) <= _OFF and abs(rates["median"] - 50) < _OFF / 2)
    gaps = callers.told[1]["gap_ms"]
    verdict.tell("longest gap of a call", f"median {gaps['median']:.1f} ms, 99 % {gaps['p99']:.1f} ms, "
                 f"most {gaps['most']:.1f} ms", f"at most {_GAP_MS:.0f} ms", kept=gaps["most"] <= _GAP_MS)
    last = bridge.figures[-1]
    verdict.tell("late ticks of the bridge", f"{last['late_ticks']} of {last['ticks']}, the latest by "
                 f"{last['worst_ms']:.0f} ms")
    full = [figure for figure in bridge.figures if figure["calls"] == calls]
    used = (full[-1]["processor_s"] - full[0]["processor_s"]) / (full[-1]["at"] - full[0]["at"])
    verdict.tell("the bridge's core", f"{used:.0%} with all {calls} on the line")
    return verdict.well
