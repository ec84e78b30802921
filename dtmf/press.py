"""One key press on one channel: from the amplitudes of its windows to when it began and ended.

Hann windows at half overlap add up to one. So with A the amplitude of the key's two tones in a window and P
their amplitude when the tone fills it, a window's step times the sum of A / P is the length of the tone, and
the step times the sum of 1 - A / P over a dip is the length of a pause, to a millisecond and wherever the
windows lie.
"""

from dataclasses import dataclass, field

from dtmf.goertzel import BLOCK

PAUSE = 2.35
"""A dip of this many windows' worth ends a press (23.5 ms); a shorter one is bridged (Q.24 table A-1: breaks
up to 10 ms are not a pause, 40 ms always are)."""

_LEVEL = 0.85
"""A window below this part of the plateau lies in a dip."""

_DEEP = 0.5
"""A dip that never falls below this part of the plateau is no pause."""

_FLOOR = 0.1
"""What is left of the plateau in a pause is noise below this part."""


@dataclass(slots=True)
class Press:
    """A key that may be down: its plateau, its edges and the dip it may be in.

    Windows are numbered by the block that ends them: window k is the samples from
    80 * (k - 1) to 80 * (k + 1).
    """

    key: int
    at: int
    climb: list[float]
    """Amplitudes of the windows before `at` and of `at` itself, in which the tone came up."""
    first: int = 0
    """The window of the first of these."""
    plateau: float = 0.0
    level: int = 0
    """The last window that was not in a dip."""
    last: float = 0.0
    dip: list[float] = field(default_factory=list)
    begun: float | None = None
    reported: bool = False
    looks: int = 0
    lost: int = 0
    humming: bool = False
    """Whether there is a dial tone under it."""
    ended: bool = False

    def __post_init__(self) -> None:
        self.level = self.at
        self.first = self.at - len(self.climb) + 1
        self.plateau = self.last = max(self.climb)

    @property
    def start(self) -> float:
        """When the tone came on, in samples."""
        if self.begun is not None:
            return self.begun
        full = 0.9 * min(self.plateau, max(self.climb))
        place = next(i for i, a in enumerate(self.climb) if a >= full)
        rise = sum(a / self.plateau for a in self.climb[:place] if a > _FLOOR * self.plateau)
        return BLOCK * (self.first + place) - BLOCK / 2 - BLOCK * rise

    @property
    def end(self) -> float:
        """When the tone went off, in samples, as far as is known; in the future while it is on."""
        tail = [min(a / self.plateau, 1.0) for a in [self.last, *self._falling()]]
        return BLOCK * (self.level - 1) + BLOCK / 2 + BLOCK * sum(a for a in tail if a > _FLOOR)

    def _falling(self) -> list[float]:
        if not self.dip:
            return []
        return self.dip[: self.dip.index(min(self.dip)) + 1]

    def miss(self) -> None:
        """Let a window pass that holds samples which did not come."""
        self.lost += 1

    def step(self, amplitude: float) -> None:
        """Take the key's amplitude in the next window; sets `ended` when a pause is certain."""
        if self.lost:
            low = _LEVEL * self.plateau
            dips = (bool(self.dip) and self.dip[-1] < low) + (amplitude < low)
            # What was lost was tone if there was tone on both sides, pause if on neither; else nobody knows.
            guess = self.plateau * (1.0, 0.5, 0.0)[dips]
            for _ in range(self.lost):
                self._advance(guess)
            self.lost = 0
        self._advance(amplitude)

    def _advance(self, amplitude: float) -> None:
        self.at += 1
        plateau, before = self.plateau, self.dip[-1] if self.dip else self.last
        if amplitude > 2 * plateau and not self.reported:
            # Far louder at once: what was there before was not this key, its press begins here.
            self.climb, self.begun, self.looks = [before, amplitude], None, 0
            self.first = self.at - 1
            self.plateau, self.last, self.level, self.dip, self.ended = (
                amplitude,
                amplitude,
                self.at,
                [],
                False,
            )
            return
        if self.begun is None and not self.dip:
            self.climb.append(amplitude)
            if len(self.climb) > 4 or self.reported:
                self.begun = self.start
        calm = abs(amplitude - before) < 0.1 * amplitude and amplitude > 0.3 * plateau
        if amplitude < _LEVEL * plateau and not calm:
            if not self.dip and self.begun is None and amplitude < _DEEP * plateau:
                self.climb.pop()
                self.begun = self.start
            self.dip.append(amplitude)
            depth = sum(max(0.0, 1 - a / plateau) for a in self.dip)
            self.ended = depth > PAUSE and min(self.dip) < _DEEP * plateau
            return
        # A new steady level (an echo that joins, a gain control) is no dip; it is its own measure.
        if amplitude > 1.15 * plateau or calm:
            self.plateau = max(amplitude, before) if calm else amplitude
        else:
            self.plateau += 0.25 * (amplitude - plateau)
        self.dip, self.last, self.level, self.ended = [], amplitude, self.at, False

    def next_climb(self) -> list[float]:
        """Return the amplitudes since the deepest window of the dip: the rise of the press that follows."""
        return self.dip[self.dip.index(min(self.dip)) :]
