"""A picture of a recording: its spectrogram, and the digits that were heard over it."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dtmf.audiofile import check_target, replacing
from dtmf.errors import AudioError
from dtmf.explain import NearMiss
from dtmf.keys import HIGH_HZ, LOW_HZ, frequencies
from dtmf.lettering import drawn
from dtmf.lettering import width as columns_of
from dtmf.recording import Tone

_TOP_HZ = 2000
_RANGE_DB = 60
_ACCENT, _MISS, _INK, _PAPER = "#ffd166", "#ff8fa3", "#e8ecf4", "#10131c"


def plot(samples: NDArray[np.int16], rate: int, tones: list[Tone], path: Path, *, title: str,
         misses: Sequence[NearMiss] = ()) -> None:  # fmt: skip
    """Draw the spectrogram of a recording with its digits into a PNG file.

    Parameters
    ----------
    samples : int16 array [shape=(n,)]
    rate : int
        Samples a second.
    tones : list of Tone
        What `decode` said.
    path : Path
        Written whole or not at all.
    title : str
        Stands above the picture, as much of it as there is room for.
    misses : sequence of NearMiss
        What is almost a key: drawn with the first reason why it is none.

    Raises
    ------
    AudioError
        If the file cannot be written or is not a `.png`.
    """
    check_picture(path)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    seconds = len(samples) / rate
    figure = Figure(figsize=(max(9.0, min(seconds * 1.6, 40.0)), 5.0), dpi=130, facecolor=_PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    width, height = figure.get_size_inches()
    axes.set_position((0.75 / width, 0.55 / height, 1 - 1.9 / width, 1 - 1.55 / height))
    axes.set_facecolor(_PAPER)
    loud = _spectrogram(samples, rate)
    top = max(float(loud.max()), -60.0)
    axes.imshow(
        loud,
        origin="lower",
        aspect="auto",
        cmap="magma",
        interpolation="bilinear",
        vmin=top - _RANGE_DB,
        vmax=top,
        extent=(0.0, seconds, 0.0, float(_TOP_HZ)),
    )
    for hertz in (*LOW_HZ, *HIGH_HZ):
        axes.axhline(hertz, color=_INK, linewidth=0.5, alpha=0.22, linestyle=(0, (4, 4)))
        axes.text(1.0 + 0.08 / width, hertz, f"{hertz}", transform=axes.get_yaxis_transform(), color=_INK,
                  fontsize=8, va="center", alpha=0.75)  # fmt: skip
    # Letters must not run into one another where keys follow fast in a long recording.
    room = seconds / (width - 1.9) * 0.16
    last = -room
    boxed: list[Tone | NearMiss] = [*tones, *misses]
    for one in boxed:
        begin, end = one.start / rate, one.end / rate
        for hertz in frequencies(one.digit):
            box = Rectangle((begin, hertz - 45), end - begin, 90, fill=False, linewidth=1.1)
            box.set(edgecolor=_ACCENT if isinstance(one, Tone) else _MISS,
                    linestyle="-" if isinstance(one, Tone) else (0, (3, 2)))  # fmt: skip
            axes.add_patch(box)
    for place, miss in enumerate(misses):
        # one below the other, so that neighbours can be read
        why, hertz = textwrap.fill(f"almost {miss.digit}: {miss.why[0]}", 30), (590, 290)[place % 2]
        reason = axes.text((miss.start + miss.end) / 2 / rate, hertz, why, color=_MISS, fontsize=7.5)
        reason.set(horizontalalignment="center", verticalalignment="top", clip_on=True)
        reason.set_bbox({"facecolor": _PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 2})
    for tone in tones:
        begin, end = tone.start / rate, tone.end / rate
        axes.axvspan(begin, end, ymin=0.985, ymax=1.0, color=_ACCENT)
        middle = (begin + end) / 2
        if middle - last >= room:
            above = axes.get_xaxis_transform()
            digit = axes.text(middle, 1.02, tone.digit, transform=above, color=_ACCENT, fontsize=16)
            digit.set(fontweight="bold", horizontalalignment="center", verticalalignment="bottom")
            last = middle
    axes.set_xlim(0, seconds)
    axes.set_ylim(0, _TOP_HZ)
    axes.set_xlabel("seconds", color=_INK)
    axes.set_ylabel("Hz", color=_INK)
    axes.tick_params(colors=_INK, labelsize=9)
    for side in axes.spines.values():
        side.set_color("#3a4158")
    heard = "".join(tone.digit for tone in tones)
    note = f"{len(heard)} digits: {heard}" if len(heard) <= 40 else f"{len(heard)} digits: {heard[:39]}…"
    note = note if heard else "no digits"
    said, families = drawn(title)
    said = _cut(said, int((width - 1.2 - 0.09 * len(note)) / 0.125))
    figure.text(0.75 / width, 1 - 0.38 / height, said, color=_INK, fontsize=13, fontweight="bold",
                fontfamily=families, parse_math=False)
    figure.text(1 - 0.2 / width, 1 - 0.38 / height, note, color=_ACCENT, fontsize=11, ha="right")
    with replacing(path) as part:
        figure.savefig(part, facecolor=_PAPER, format="png")


def check_picture(path: Path) -> None:
    """See that a picture could be written, before there is one.

    Raises
    ------
    AudioError
        If it could not, or its name does not end in `.png`.
    """
    if path.suffix.lower() != ".png":
        raise AudioError(f"{path} does not end in .png; a plot is a PNG file.", value=path)
    check_target(path)


def _cut(text: str, columns: int) -> str:
    """Return text that takes no more columns: its beginning, and that there is more."""
    if columns_of(text) <= columns:
        return text
    while text and columns_of(text) >= columns:
        text = text[:-1]
    return f"{text}…"


def _spectrogram(samples: NDArray[np.int16], rate: int) -> NDArray[np.float64]:
    """Return levels in dB up to 2 kHz; float64 array [shape=(rows, columns)], at most some 3000 columns."""
    size = 1 << round(np.log2(0.032 * rate))
    step = max(size // 8, len(samples) // 3000 + 1)
    padded = np.concatenate([np.zeros(size // 2, np.int16), samples, np.zeros(size // 2, np.int16)])
    starts = np.arange(0, len(padded) - size + 1, step)
    window = np.hanning(size)
    rows = _TOP_HZ * 4 * size // rate + 1
    columns = [np.abs(np.fft.rfft(padded[s : s + size] * window, 4 * size)[:rows]) for s in starts.tolist()]
    levels: NDArray[np.float64] = 20 * np.log10(np.stack(columns, axis=1) * (2 / window.sum() / 32768) + 1e-6)
    return levels
