"""The clock of the house: samples.

Everything inside counts time in samples since the bridge began. Nothing here, nor in anything that imports
this, can ask what time it is on the wall; `Timers` only knows what is due once somebody says how far the
samples have come.
"""

import heapq
from dataclasses import dataclass, field

RATE = 8000
"""Samples a second on every line inside the house."""

FRAME = 160
"""Samples in a frame: 20 ms, the one step in which the bridge advances."""


def samples(seconds: float) -> int:
    """Return the nearest whole number of samples in `seconds`."""
    return round(seconds * RATE)


def seconds(samples: int) -> float:
    """Return `samples` as seconds."""
    return samples / RATE


def frames(seconds: float) -> int:
    """Return how many frames it takes to cover `seconds`, the last one perhaps in part."""
    return -(-samples(seconds) // FRAME)


_FORGOTTEN = 1000
"""Settings that no longer hold may wait for their moment, so many besides as many as hold."""


@dataclass(slots=True)
class Timers:
    """What is due, and when, for many owners; each owner has one timer of each kind at most.

    Setting a timer again forgets the earlier setting, so a caller need not cancel first.
    """

    _heap: list[tuple[int, int, str, int]] = field(default_factory=list)
    _live: dict[tuple[int, str], int] = field(default_factory=dict)
    _serial: int = 0

    def set(self, owner: int, kind: str, at: int) -> None:
        """Make `kind` of `owner` due at sample `at`."""
        self._serial += 1
        self._live[owner, kind] = self._serial
        heapq.heappush(self._heap, (at, owner, kind, self._serial))
        if len(self._heap) > 2 * len(self._live) + _FORGOTTEN:
            self._heap = [timer for timer in self._heap if self._live.get(timer[1:3]) == timer[3]]
            heapq.heapify(self._heap)

    def has(self, owner: int, kind: str) -> bool:
        """Tell whether `kind` of `owner` is set."""
        return (owner, kind) in self._live

    def cancel(self, owner: int, kind: str) -> None:
        """Forget `kind` of `owner`; no error when it was never set."""
        self._live.pop((owner, kind), None)

    def next_at(self) -> int | None:
        """Return the sample at which something is due next; None if nothing is set."""
        heap = self._heap
        while heap and self._live.get(heap[0][1:3]) != heap[0][3]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def due(self, before: int) -> list[tuple[int, int, str, int]]:
        """Return what is due before sample `before`, as (at, owner, kind, number) in that order.

        One of them may cancel or set another, so whoever goes through them asks `take` first.
        """
        heap, due = self._heap, []
        while heap and heap[0][0] < before:
            timer = heapq.heappop(heap)
            if self._live.get((timer[1], timer[2])) == timer[3]:
                due.append(timer)
        return due

    def take(self, owner: int, kind: str, number: int) -> bool:
        """Tell whether this setting still holds, and take it out."""
        if self._live.get((owner, kind)) != number:
            return False
        del self._live[owner, kind]
        return True
