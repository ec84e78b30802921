"""How good a call sounds, as an estimate: the E-model (ITU-T G.107), as far as packets tell.

R = 93.2 - Id - Ie,eff. Id is the impairment by delay, as R. Cole and J. Rosenbluth have it ("Voice over IP
performance monitoring", 2001): 0.024 d + 0.11 (d - 177.3) where d, in ms, is longer than that. Ie,eff is that by
loss (G.107 7.2.7): Ie + (95 - Ie) P / (P + Bpl), P in per cent, with Ie = 0 and Bpl = 4.3 of G.711 without
concealment (G.113 table I.1). Everything else is as G.107 has it by default. G.722 is counted as G.711.
"""

_BEST, _WORST = 93.2, 95.0
_KNEE_MS = 177.3
_BPL = 4.3
_PACKET_MS = 20.0


def r_factor(*, lost: float, delay_ms: float) -> float:
    """Return R, 0 to 93.2.

    Parameters
    ----------
    lost : float
        Share of packets that did not come, or too late to be heard: 0 to 1.
    delay_ms : float
        One way, from mouth to ear.
    """
    percent = 100 * lost
    by_delay = 0.024 * delay_ms + 0.11 * max(delay_ms - _KNEE_MS, 0.0)
    return max(_BEST - by_delay - _WORST * percent / (percent + _BPL), 0.0)


def mos(r: float) -> float:
    """Return the mean opinion score that R stands for, 1 to 4.5 (G.107 annex B)."""
    return 1.0 if r <= 0 else min(max(1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r), 1.0), 4.5)


def delay_of(*, jitter_ms: float, round_trip_ms: float | None) -> float:
    """Return about how long sound is on its way: packing, half a round trip, and what a buffer waits for jitter."""
    return _PACKET_MS + (round_trip_ms or 0.0) / 2 + max(_PACKET_MS, 2 * jitter_ms)
