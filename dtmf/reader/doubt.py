"""Bytes that are taken for samples, and are none: text, and what was compressed."""

import codecs
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import AudioError
from dtmf.reader.heads import cut_off
from dtmf.reader.pipe import Arriving

_BLANKS = b"\t\n\r\f\x1b"

_ENOUGH = 8192
"""Samples by which it is decided whether they are any."""

_LEAST = 512
"""Fewer samples than this tell nothing."""

_LEAST_POWER, _MOST_POWER = 0.1, 0.5
"""Power of what may be noise of the full range: it has 1/3, and a full-scale sine 1/2."""

_ALIKE, _LAGS = 0.3, 64
"""Sound is more like itself some samples before than this. In 2.1 h of speech, music, keys and data signals, also
made 18 dB louder and clipped, no loud second was less so than 0.33; most of what is compressed stays under 0.26,
G.722 of clean keys under 0.17, bytes in the wrong order under 0.12."""


def is_text(begin: bytes) -> bool:
    """Tell whether bytes are written words; samples of a quiet second have 0 or 255 in every other one."""
    if begin[:2] in (b"\xff\xfe", b"\xfe\xff"):
        words = begin[: len(begin) // 2 * 2].decode("utf-16", "replace")
        return len(words) > 4 and all(" " <= sign <= "~" or sign in "\t\r\n" for sign in words)
    if not begin or any((byte < 32 and byte not in _BLANKS) or byte == 127 for byte in begin):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begin)
    except UnicodeDecodeError:
        return sum(byte < 128 for byte in begin) > 0.75 * len(begin)
    return True


class Doubted:
    """What is taken for 16 bit samples, until its first second shows that it is none.

    What was compressed, or is of another encoding, is loud, and no value of it is like those before.

    Parameters
    ----------
    source : Arriving
    name : object
        What the error calls it.

    Attributes
    ----------
    rate, channels, frames, notes
        As of the source.
    """

    def __init__(self, source: Arriving, name: object) -> None:
        self._source, self._name = source, name
        self.rate, self.channels, self.frames = source.rate, source.channels, source.frames
        self.notes: list[str] = []

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Yield what has come, int16 array [shape=(n, channels)].

        Raises
        ------
        AudioError
            If these are no samples.
        """
        seen, count, looked = [], 0, False
        for block in self._source.blocks():
            if not looked:
                seen.append(block.ravel()[:_ENOUGH])
                count += block.size
                looked = count >= _ENOUGH
                if looked:
                    self._look(np.concatenate(seen))
            yield block
        if not looked and count >= _LEAST:
            self._look(np.concatenate(seen))

    def _look(self, samples: NDArray[np.int16]) -> None:
        samples = samples[:_ENOUGH]
        if _like_noise(samples / 32768) or cut_off(samples.astype("<i2").tobytes()):
            raise AudioError(f"{self._name} does not say what it is, and it is no s16le: its bytes are compressed, "
                             "or of another encoding; say --encoding, or give a file that says it.",
                             value=self._name)  # fmt: skip


def _like_noise(samples: NDArray[np.float64]) -> bool:
    energy = float(samples @ samples)
    if not _LEAST_POWER < energy / len(samples) < _MOST_POWER:
        return False
    alike = np.fft.irfft(np.abs(np.fft.rfft(samples, 2 * len(samples))) ** 2)[1 : _LAGS + 1]
    return float(np.abs(alike).max()) < _ALIKE * energy
