"""How much faster the sound has to run so that what waits to be played stays as much as it is."""

import math

_SMOOTH_S = 1.0
"""Devices take samples in lumps; what waits is looked at with this time constant."""

_PACE = 0.05
"""Radians a second at which the loop answers: 200 ppm that begin at once move the queue by 1.5 ms."""

_MOST_PPM = 1000.0
"""Two hundredths of a semitone: nobody hears it."""


class Balance:
    """A loop of second order: the queue's length in, millionths of speed out.

    Parameters
    ----------
    target_s : float
        What should wait to be played, in seconds.

    Attributes
    ----------
    ppm : float
        What it now asks for.
    drift_ppm : float
        What it has found of late: in the long run the difference of the two clocks.
    """

    def __init__(self, target_s: float) -> None:
        self.target_s = target_s
        self.ppm = 0.0
        self._smooth: float | None = None
        self.drift_ppm = 0.0

    def note(self, waiting_s: float, passed_s: float) -> float:
        """Take what waits now, `passed_s` after the last time; return `ppm`.

        A new start of the queue is told by `restart`.
        """
        if self._smooth is None:
            self._smooth = waiting_s
        self._smooth += (waiting_s - self._smooth) * (1 - math.exp(-passed_s / _SMOOTH_S))
        off = self._smooth - self.target_s
        asked = self.drift_ppm + 1e6 * 2 * _PACE * off
        self.ppm = min(max(asked, -_MOST_PPM), _MOST_PPM)
        if asked == self.ppm:  # an integral that goes on at the limit would overshoot
            self.drift_ppm += 1e6 * _PACE**2 * off * passed_s
        return self.ppm

    def restart(self) -> None:
        """Forget what waited; the clocks' difference is kept."""
        self._smooth = None
