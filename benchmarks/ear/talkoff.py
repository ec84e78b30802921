"""Rows of what is no key: speech, music and call tones, also played slower and faster."""

from collections.abc import Callable, Iterable

import numpy as np
import soundfile
import soxr

from benchmarks.ear import material, speech
from benchmarks.ear.judging import Figures
from benchmarks.ear.rows import Effort, Measure, Prepare, Receiver, Row, at_most
from benchmarks.ear.signals import RATE, Line, Samples

_SPEEDS = (0.8, 0.9, 1.0, 1.1, 1.25)
_PITCHES = tuple(2.0 ** (step / 14) for step in range(-7, 8))
"""Fifteen pitches over an octave: what no voice says at one, it says at another."""

_MUSIC_PITCHES = tuple(2.0 ** (step / 26) for step in range(-13, 14))
_LINE = 60 * RATE
"""Samples of a line."""

_PAUSE = np.zeros(RATE // 5, np.int16)

_READ_S = 12000
"""Seconds of text that are read aloud: with the recordings 6.8 hours of speech."""

Source = Callable[[], list[tuple[Samples, int]]]


def _recorded(folder: str) -> Source:
    def read() -> list[tuple[Samples, int]]:
        inside = (speech.recordings() / folder).rglob("*")
        paths = sorted(path for path in inside if path.suffix in (".wav", ".flac"))
        return [_first_channel(soundfile.read(path, dtype="int16", always_2d=True)) for path in paths]

    return read


def _packaged(packages: tuple[str, ...]) -> Source:
    def read() -> list[tuple[Samples, int]]:
        paths = [path for name in packages for path in material.sounds(name)]
        return [_first_channel(soundfile.read(path, dtype="int16", always_2d=True)) for path in paths]

    return read


def _speech() -> list[tuple[Samples, int]]:
    """Return all speech there is: prompts, recordings of other voices, and text read by synthetic ones."""
    paths = sorted((speech.recordings() / "talkoff").glob("speech-*"))
    # the prompts in English are among the packages too
    others = [path for path in paths if not path.stem.endswith("asterisk-prompts")]
    recorded = [_first_channel(soundfile.read(path, dtype="int16", always_2d=True)) for path in others]
    return [*_packaged(material.PROMPTS)(), *recorded, *((piece, RATE) for piece in speech.read_aloud(_READ_S))]


def _first_channel(read: tuple[np.ndarray, int]) -> tuple[Samples, int]:
    return np.ascontiguousarray(read[0][:, 0]), read[1]


def _lines(sounds: Iterable[tuple[Samples, int]]) -> list[Samples]:
    """Return all sounds at 8 kHz, one after the other, in lines of a minute."""
    parts = []
    for samples, rate in sounds:
        parts += [samples if rate == RATE else soxr.resample(samples, rate, RATE), _PAUSE]
    joined = np.concatenate(parts)
    return [joined[at : at + _LINE] for at in range(0, len(joined), _LINE)]


def _at(samples: Samples, speed: float) -> Line:
    """Return samples played at a speed: pitch and pace go together, as on a tape."""
    return Line(samples if speed == 1 else soxr.resample(samples, RATE * speed, RATE, quality="MQ"))


def _false(read: Source, speeds: tuple[float, ...]) -> Prepare:
    """Count false digits, and the hours they were heard in."""

    def prepare(effort: Effort) -> Measure:
        lines = _lines(read())

        def measure(receiver: Receiver) -> Figures:
            # Hours: those who hear a part of the digits hear a smaller part still of the speech.
            step, digits, seconds = round(1 / (effort.share * receiver.share**2)), 0, 0.0
            for samples, speed in [(samples, speed) for speed in speeds for samples in lines][::step]:
                line = _at(samples, speed)
                digits += len(receiver.hear([line])[0])
                seconds += line.seconds
            return float(digits), seconds / 3600

        return measure

    return prepare


def _row(
    name: str, what: str, read: Source, speeds: tuple[float, ...], *, most: int = 0, long: bool = False
) -> Row:
    title = f"{what}: false digits / in hours"
    return Row(f"talkoff-{name}", title, _false(read, speeds), (at_most(most), None), (0, 1), long=long)


_OTHERS = tuple(speed for speed in _SPEEDS if speed != 1)

ROWS = (
    _row("recordings", "speech and music", _recorded("talkoff"), (1.0,)),
    _row("recordings-speeds", "the same at speeds .8, .9, 1.1, 1.25", _recorded("talkoff"), _OTHERS),
    _row("tones", "call tones, at five speeds", _recorded("tones"), _SPEEDS),
    _row("prompts", "prompts in five languages", _packaged(material.PROMPTS), (1.0,)),
    _row("prompts-speeds", "the same at speeds .8, .9, 1.1, 1.25", _packaged(material.PROMPTS), _OTHERS),
    _row("music", "hold music, at five speeds", _packaged(material.MUSIC), _SPEEDS),
    _row("speech", "all speech, recorded and read aloud", _speech, (1.0,), long=True),
    _row("speech-pitches", "the same at 15 pitches over an octave", _speech, _PITCHES, most=4, long=True),
    _row("music-pitches", "hold music at 27 pitches over an octave", _packaged(material.MUSIC), _MUSIC_PITCHES,
         long=True),
)
