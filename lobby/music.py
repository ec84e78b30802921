"""The hold music: 24 bars of our own, in C, at 80 beats a minute, for electric piano, pad and bass.

Synthesised from arithmetic that is the same on every machine (`lobby.synth`), so every bridge waits to the
same samples. Notes that ring past the last bar ring on in the first: the loop has no seam.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lobby.synth import Wave, pitch, struck, swelled, tone

_BARS = (
    "Cmaj7 Am7 Fmaj7 G6 Cmaj7 Am7 Fmaj7 G7 "
    "Em7 Am7 Dm7 G7 Em7 Am7 Fmaj7 Fm6 "
    "Cmaj7 Am7 Fmaj7 G6 Em7 Am7 Dm7 G7"
).split()

_CHORDS = {  # bass, then the four notes of the arpeggio, as MIDI numbers
    "Cmaj7": (48, (60, 64, 67, 71)), "Am7": (45, (60, 64, 67, 69)), "Fmaj7": (41, (57, 60, 64, 69)),
    "G6": (43, (59, 62, 64, 67)), "G7": (43, (59, 62, 65, 67)), "Em7": (40, (59, 62, 64, 67)),
    "Dm7": (50, (57, 60, 65, 69)), "Fm6": (41, (56, 60, 62, 68)),
}
_PATTERN = (0, 2, 1, 3, 2, 1, 3, 2)  # the arpeggio's eighths

_MELODY = (  # bar by bar: (beat, MIDI number, beats it is held)
    ((0, 76, 2), (2, 79, 2)), ((0, 76, 1.5), (1.5, 74, 0.5), (2, 72, 2)),
    ((0, 69, 1), (1, 72, 1), (2, 76, 2)), ((0, 74, 3), (3, 71, 1)),
    ((0, 72, 2), (2, 79, 2)), ((0, 76, 1.5), (1.5, 79, 0.5), (2, 81, 2)),
    ((0, 79, 1), (1, 76, 1), (2, 72, 2)), ((0, 74, 4),),
    ((0, 71, 1), (1, 74, 1), (2, 79, 2)), ((0, 76, 3), (3, 72, 1)),
    ((0, 77, 1.5), (1.5, 76, 0.5), (2, 74, 2)), ((0, 71, 4),),
    ((0, 74, 1), (1, 76, 1), (2, 79, 2)), ((0, 81, 2), (2, 79, 1), (3, 76, 1)),
    ((0, 77, 2), (2, 76, 1), (3, 72, 1)), ((0, 74, 2), (2, 68, 2)),
    ((0, 67, 2), (2, 72, 2)), ((0, 76, 1.5), (1.5, 74, 0.5), (2, 72, 2)),
    ((0, 69, 1), (1, 72, 1), (2, 76, 2)), ((0, 74, 3), (3, 76, 1)),
    ((0, 79, 2), (2, 76, 2)), ((0, 72, 3), (3, 74, 1)),
    ((0, 77, 1), (1, 74, 1), (2, 69, 2)), ((0, 71, 2), (2, 74, 2)),
)

_PIANO = ((1.0, 1.0), (2.0, 0.38), (3.0, 0.12), (4.0, 0.16), (7.0, 0.03))
_LEAD = ((1.0, 1.0), (2.0, 0.5), (3.0, 0.24), (4.0, 0.1), (5.0, 0.05))
_BASS = ((1.0, 0.5), (2.0, 0.8), (3.0, 0.7), (4.0, 0.5), (5.0, 0.25), (6.0, 0.12))
_PAD = ((1.0, 0.5), (1.003, 0.5), (2.0, 0.25), (2.006, 0.2), (3.0, 0.08))

_LOUDNESS = (0.80, 0.86, 0.92, 1.0, 0.94, 0.9)
"""The six lines of four bars, from soft to full and back."""
_UNIT = 5570.0
"""Amplitude of a note at 1.0: brings the whole to -16 dBm0."""


@lru_cache(maxsize=2)
def hold_music(rate: int = 8000) -> NDArray[np.int16]:
    """Return the hold music, one turn of the loop.

    Parameters
    ----------
    rate : int
        Samples a second, a multiple of 200 so that the loop is whole 20 ms frames.

    Returns
    -------
    int16 array [shape=(72 * rate,)], read-only
    """
    beat = rate * 3 // 4
    loop = np.zeros(4 * len(_BARS) * beat, np.int64)
    for number, (name, tune) in enumerate(zip(_BARS, _MELODY, strict=True)):
        start, loud = 4 * number * beat, _LOUDNESS[number // 4]
        bass, chord = _CHORDS[name]
        for eighth, which in enumerate(_PATTERN):
            accent = 0.5 if eighth % 4 == 0 else 0.4
            _add(loop, start + eighth * beat // 2, _struck(chord[which], 2.5, beat, rate, "piano"),
                 loud * accent)
        for eighth, note in ((0, bass), (5, bass + 12), (6, bass)):
            _add(loop, start + eighth * beat // 2, _struck(note, 2.0, beat, rate, "bass"), loud * 0.34)
        for note in chord:
            _add(loop, start - beat // 2, _swelled(note, 5.0, beat, rate), loud * 0.17)
        for at, note, held in tune:
            _add(loop, start + round(at * beat), _struck(note, held + 1.5, beat, rate, "lead"), loud * 0.62)
    music = np.clip(loop, -32767, 32767).astype(np.int16)
    music.setflags(write=False)
    return music


def _add(loop: NDArray[np.int64], at: int, note: Wave, loud: float) -> None:
    # whole numbers, so the order in which notes are added is of no matter
    whole = np.rint(note * (loud * _UNIT)).astype(np.int64)
    at %= len(loop)
    head = min(len(whole), len(loop) - at)
    loop[at:at + head] += whole[:head]
    loop[:len(whole) - head] += whole[head:]


@lru_cache(maxsize=256)
def _struck(note: int, beats: float, beat: int, rate: int, voice: str) -> Wave:
    length = round(beats * beat)
    partials = {"piano": _PIANO, "lead": _LEAD, "bass": _BASS}[voice]
    return tone(pitch(note), length, rate, partials) * struck(length, rate // 80)


@lru_cache(maxsize=64)
def _swelled(note: int, beats: float, beat: int, rate: int) -> Wave:
    length = round(beats * beat)
    return tone(pitch(note), length, rate, _PAD) * swelled(length)
