"""Figures and their limits, as lines."""


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
