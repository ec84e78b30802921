"""Codecs: sound as it is once it was coded and decoded."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE
from ivr.lines.sip.rtp import g722
from ivr.lines.sip.rtp.g711 import CODECS, DECODED, ENCODED

Samples = NDArray[np.int16]


class NoCodec(Exception):
    """A codec that a line needs is not installed here."""

    exit_code = 3


class Carries(Protocol):
    """One thing that happens to sound on its way, whole frames at a time."""

    def carry(self, samples: Samples) -> Samples:
        """Return as many samples as came. int16 array [shape=(n * 160,)]."""


class ByTable:
    """G.711: a byte a sample."""

    def __init__(self, name: str) -> None:
        which = CODECS.index(name)
        self._heard = DECODED[which][ENCODED[which]]

    def carry(self, samples: Samples) -> Samples:
        """Return samples as they are after it."""
        return np.asarray(self._heard[samples.view(np.uint16)], np.int16)


class Adaptive:
    """G.722, of the band that a line of 8 kHz has."""

    def __init__(self) -> None:
        self._states = np.stack([g722.FRESH, g722.FRESH])

    def carry(self, samples: Samples) -> Samples:
        """Return samples as they are after it."""
        heard = samples.copy()
        g722.pass_through(self._states, heard)
        return heard


class Frames:
    """A codec that takes a frame at a time and may give it later: the first ones are silence then."""

    def __init__(self) -> None:
        self._left = np.zeros(0, np.int16)

    def carry(self, samples: Samples) -> Samples:
        """Return samples as they are after it."""
        return np.concatenate([self._next(frame) for frame in samples.reshape(-1, FRAME)] or [samples])

    def _next(self, frame: Samples) -> Samples:
        left = np.concatenate([self._left, self._heard(frame)])
        if len(left) < FRAME:
            left = np.concatenate([np.zeros(FRAME - len(left), np.int16), left])
        self._left = left[FRAME:]
        return left[:FRAME]

    def _heard(self, frame: Samples) -> Samples:
        raise NotImplementedError


class Gsm(Frames):
    """GSM 06.10 full rate, by libsndfile."""

    def __init__(self) -> None:
        super().__init__()
        # most lines have no such codec
        from ivr.lines.bad.tape import read, written

        self._write, tape = written("GSM610")
        self._read = read("GSM610", tape)

    def _heard(self, frame: Samples) -> Samples:
        self._write.write(frame)
        return np.asarray(self._read.read(FRAME, dtype="int16"), np.int16)


class Av(Frames):
    """Opus or AMR, by FFmpeg."""

    def __init__(self, name: str) -> None:
        super().__init__()
        try:
            import av
        except ImportError:
            raise NoCodec(f"the codec {name} of a line needs PyAV: pip install '.[formats]'") from None
        encoder, decoder, options, rate = _AV[name]
        try:
            self._encoder, self._decoder = _opened(av, encoder, "w"), _opened(av, decoder, "r")
        except av.error.FFmpegError:
            raise NoCodec(f"the PyAV that is installed here has no {name}: install another, "
                          "as by pip install '.[formats]'") from None
        self._encoder.format, self._encoder.bit_rate, self._encoder.options = "s16", rate, options
        self._level = av.AudioResampler("s16", "mono", RATE)
        self._frame, self._at = av.AudioFrame, 0

    def _heard(self, frame: Samples) -> Samples:
        sound = self._frame.from_ndarray(frame[np.newaxis, :], format="s16", layout="mono")
        sound.sample_rate, sound.pts = RATE, self._at
        self._at += FRAME
        parts = [part.to_ndarray()[0] for packet in self._encoder.encode(sound)
                 for decoded in self._decoder.decode(packet) for part in self._level.resample(decoded)]
        return np.concatenate([np.zeros(0, np.int16), *parts])


def _opened(av: Any, name: str, way: str) -> Any:  # noqa: ANN401  (PyAV's types know no encoders of sound)
    codec = av.CodecContext.create(name, way)
    codec.sample_rate, codec.layout, codec.thread_count = RATE, "mono", 1
    return codec


_AV = {"opus": ("libopus", "libopus", {"frame_duration": "20", "application": "voip"}, 12_000),
       "AMR": ("libopencore_amrnb", "amrnb", {}, 12_200)}
"""Encoder, decoder, options, and bits a second."""


def coded(name: str) -> Carries:
    """Return a codec by its name.

    Raises
    ------
    NoCodec
        If it is not installed.
    """
    if name in _AV:
        return Av(name)
    if name == "GSM":
        return Gsm()
    return Adaptive() if name == "G722" else ByTable(name)
