"""Keys missed over the signal-to-noise ratio, ours against the peers."""

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.ear.disturbed import noisy
from benchmarks.ear.judging import missed_inserted
from benchmarks.ear.rows import Effort, Receiver, share_of

SNR_DB = range(-9, 16)
DIGITS = 1000
_LENGTHS_MS = (50, 100)
_SEEN = 1.0
"""Insertions below so many per cent are not drawn."""

Curves = dict[str, dict[str, list[list[float]]]]
"""Length in ms -> receiver -> keys missed and invented at each SNR, in per cent."""

_COLOURS = ("#c0392b", "#2c6fbb", "#3a8f4d", "#8a6bb8", "#7a7a7a", "#c58b1b")


def curves_of(receivers: Sequence[Receiver], effort: Effort, tell: Callable[[str], None]) -> Curves:
    """Return what each receiver misses and invents, a point an SNR of `SNR_DB`, for each of `_LENGTHS_MS`.

    Parameters
    ----------
    receivers : sequence of Receiver
    effort : Effort
    tell : callable
        Takes a word on how far it has come.
    """
    found: Curves = {str(length): {receiver.name: [] for receiver in receivers} for length in _LENGTHS_MS}
    for length in _LENGTHS_MS:
        for snr in SNR_DB:
            tell(f"plot, {length} ms at {snr} dB")
            lines = noisy(DIGITS, length, snr)(effort)
            for receiver in receivers:
                part = share_of(lines, receiver.share)
                points = missed_inserted(part, receiver.hear(part))
                found[str(length)][receiver.name].append([round(point, 3) for point in points])
    return found


def draw(path: Path, curves: Curves) -> None:
    """Draw what was measured; the kind of picture is that of the name's ending.

    Parameters
    ----------
    path : Path
    curves : dict
        As `curves_of` returns it; the first receiver is drawn strongest.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(11, 4.2), sharey=True, layout="constrained")
    for panel, length in zip(panels, _LENGTHS_MS, strict=True):
        for place, (name, curve) in enumerate(curves[str(length)].items()):
            missed, inserted = zip(*curve, strict=True)
            colour, first = _COLOURS[place % len(_COLOURS)], place == 0
            panel.plot(SNR_DB, missed, label=name, color=colour, linewidth=2.8 if first else 1.6, marker="o",
                       markersize=4 if first else 2.5, zorder=3 if first else 2)
            if max(inserted) > _SEEN:
                panel.plot(SNR_DB, inserted, color=colour, linestyle=":", linewidth=1.6)
        panel.set_title(f"tones and pauses of {length} ms")
        panel.set_xlabel("SNR of one tone, white noise in 0 to 4 kHz (dB)")
        panel.set_xlim(SNR_DB[-1], SNR_DB[0])
        panel.set_xticks(range(-9, 16, 3))
        panel.grid(color="#dddddd", linewidth=0.7)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].plot([], [], color="#555555", linestyle=":", label="keys nobody pressed")
    panels[0].legend(frameon=False, loc="upper left")
    panels[0].set_ylabel("keys missed (%)")
    panels[0].set_ylim(-2, 102)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)
    plt.close(figure)
