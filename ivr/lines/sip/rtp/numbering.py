"""Sequence numbers and timestamps: what came twice, how much did not come, how unevenly (RFC 3550 A)."""

from dtmf.compiled import compiled
from ivr.lines.sip.rtp.states import Call

_SPAN = 62
"""Packets among which one that comes twice is known."""

_DROPPED = 3000
"""Numbers so far from the last are of a sender that counts anew."""

_NONE = 1 << 40
"""A transit of none."""


@compiled
def signed(number: int, bits: int) -> int:
    """Return a number that wraps as the nearest to 0."""
    half = 1 << (bits - 1)
    return ((number + half) & ((1 << bits) - 1)) - half


@compiled
def is_new(call: Call, number: int) -> bool:
    """Tell whether a packet has not come before, of the last 62."""
    step = signed(number - call.newest, 16)
    if abs(step) >= _SPAN:
        call.newest, call.seen = number, 1
        return True
    if step > 0:
        call.newest = number
        call.seen = (call.seen & ((1 << (_SPAN - step)) - 1)) << step | 1
        return True
    if call.seen >> -step & 1:
        return False
    call.seen |= 1 << -step
    return True


@compiled
def counted(call: Call, number: int, source: int) -> None:
    """Count a packet among those that there should be (RFC 3550 A.1, A.3)."""
    step = signed(number - call.top, 16)
    if not call.counted or source != call.counts_of or abs(step) >= _DROPPED:
        if call.counted:
            call.expected_before += call.top - call.base + 1
            call.counted_before += call.counted
        call.base = call.top = number
        call.counted, call.counts_of, call.transit = 0, source, _NONE
        step = 0
    call.top += max(step, 0)
    call.counted += 1


@compiled
def spaced(call: Call, at: int, marked: bool) -> None:
    """Find out how long nothing came, at most; who marks a packet has paused before it."""
    if not call.began_at:
        call.began_at = at
    if call.came_at and not marked:
        call.gap = max(call.gap, at - call.came_at)
    call.came_at = max(call.came_at, at)


@compiled
def timed(call: Call, transit: int) -> None:
    """Find out how unevenly packets come (RFC 3550 A.8)."""
    if call.transit != _NONE:
        call.jitter += (abs(signed(transit - call.transit, 32)) - call.jitter) / 16
    call.transit = transit
