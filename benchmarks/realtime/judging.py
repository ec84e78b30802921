"""Figures and their limits, as lines."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any


class Verdict:
    """Prints each figure with its limit, and knows whether all were kept."""

    def __init__(self, title: str) -> None:
        self.well = True
        print(title, flush=True)

    def tell(self, name: str, value: str, limit: str = "", *, kept: bool = True) -> None:
        """Print a figure."""
        self.well &= kept
        asked = f"  ({limit}: {'kept' if kept else 'MISSED'})" if limit else ""
        print(f"  {name:<28}{value}{asked}", flush=True)

    def course(self, figures: Sequence[dict[str, Any]]) -> None:
        """Print how it went, as the bridge has told it every 5 s."""
        for before, one in pairwise(figures):
            ticks, used = one["ticks"] - before["ticks"], one["processor_s"] - before["processor_s"]
            late, share = one["late_ticks"] - before["late_ticks"], used / max(one["at"] - before["at"], 0.02)
            print(f"    at {one['at']:6.1f} s  {one['calls']:4} calls, {late:3} of {ticks} ticks late, {share:4.0%}"
                  f" of the core, sound held back {one['delay_ms']:.0f} ms", flush=True)
