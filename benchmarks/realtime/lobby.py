"""Many calls in lobbies with music, whose callers press keys in the audio."""

from difflib import SequenceMatcher

from benchmarks.realtime.callers import Callers, Load, story
from benchmarks.realtime.judging import Verdict
from benchmarks.realtime.served import Served, meeting_ids

_EACH, _RATE = 175, 7.0
"""Calls of a generator, and how many it begins a second. A lobby has room for 250."""

_KEYS = "1597*2684#3703#9"
_MOST_OF_A_CORE, _MOST_LATE = 0.75, 0.01
_LONG_S = 12.0


def lobby(calls: int) -> bool:
    """Measure; return whether all limits are kept."""
    shares = [_EACH] * (calls // _EACH) + ([calls % _EACH] if calls % _EACH else [])
    ids = meeting_ids(len(shares))
    begin_s = max(shares) / _RATE + 5  # who could not begin in a late tick does then
    stays_s = begin_s + 22  # so long all are in their lobbies together
    with Served(ids) as bridge:
        loads = [Load(story(bridge.port, [
            "dial", "answered", "wait: 3 s", f'press: "{one}#"', "wait: 17 s", f'press: "{_KEYS}"',
            f"wait: {stays_s - 15:.0f} s", f'press: "{_KEYS}"', "wait: 4 s", "hang up"]), share, _RATE, begin_s)
            for one, share in zip(ids, shares, strict=True)]
        callers = Callers(loads)
        callers.wait()
    figures = [one for one in bridge.figures if one["calls"] == calls]
    lasted = figures[-1]["at"] - figures[0]["at"] if figures else 0.0
    verdict = Verdict(f"{calls} calls in lobbies with music, keys in the audio, {len(shares)} generators")
    failed, begun = callers.sum("failed"), callers.sum("stories")
    verdict.tell("calls", f"{begun} begun, {failed} failed", "none fails", kept=begun == calls and not failed)
    for reason in callers.reasons():
        verdict.tell("", reason)
    right, pressed, more = _digits(bridge.heard, ids)
    verdict.tell("digits", f"{right:,} of {pressed:,} right, {more} too many", "all",
                 kept=right == pressed and not more and pressed == calls * (8 + 2 * len(_KEYS)))
    last = bridge.figures[-1]
    late = last["late_ticks"] / last["ticks"]
    verdict.tell("late ticks of the bridge", f"{last['late_ticks']} of {last['ticks']} ({late:.2%}), the latest by "
                 f"{last['worst_ms']:.0f} ms", f"less than {_MOST_LATE:.0%}", kept=late < _MOST_LATE)
    used = (figures[-1]["processor_s"] - figures[0]["processor_s"]) / lasted if lasted else 1.0
    verdict.tell("the bridge's core", f"{used:.0%}, over {lasted:.0f} s with all {calls} on the line",
                 f"at most {_MOST_OF_A_CORE:.0%}", kept=lasted >= _LONG_S and used <= _MOST_OF_A_CORE)
    if not verdict.well:
        verdict.course(bridge.figures)
    verdict.tell("the generators", f"{callers.processor_s:.0f} s of processors, {callers.late:.2%} late ticks")
    return verdict.well


def _digits(heard: list[str], ids: list[str]) -> tuple[int, int, int]:
    """Return how many digits were heard right, how many were pressed, and how many were heard besides."""
    right = pressed = more = 0
    wanted = {one: f"{one}#{_KEYS}{_KEYS}" for one in ids}
    for told in heard:
        keys = wanted.get(told[:7], max(wanted.values(), key=lambda one: SequenceMatcher(None, one, told).ratio()))
        same = sum(one.size for one in SequenceMatcher(None, keys, told, autojunk=False).get_matching_blocks())
        right, pressed, more = right + same, pressed + len(keys), more + len(told) - same
    return right, pressed, more
