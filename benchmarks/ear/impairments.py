"""What a line does to a tone: noise, other tones, lost packets, echo, files of few bits."""

import io

import numpy as np

from benchmarks.ear.rows import Unavailable
from benchmarks.ear.signals import RATE, Floats, Samples, amplitude, sine

FRAME = 160
"""Samples of a packet of 20 ms."""

SPOKEN = {
    "Opus 8k": ("libopus", "libopus", 8_000), "Opus 6k": ("libopus", "libopus", 6_000),
    "AMR 12.2": ("libopencore_amrnb", "amrnb", 12_200), "AMR 4.75": ("libopencore_amrnb", "amrnb", 4_750),
}  # fmt: skip
"""Codecs of speech by FFmpeg: encoder, decoder, and bits a second."""


def noise(count: int, snr_db: float, level_dbm0: float, rng: np.random.Generator) -> Floats:
    """Return white noise `snr_db` below the power of one tone at `level_dbm0`."""
    return rng.normal(0, amplitude(level_dbm0 - snr_db) / np.sqrt(2), count)


def dial_tone(hertz: tuple[float, ...], count: int, level_dbm0: float, rng: np.random.Generator) -> Floats:
    """Return a continuous tone of these frequencies, each at `level_dbm0`."""
    tones = [sine(hz, count, level_dbm0, rng.uniform(0, 2 * np.pi)) for hz in hertz]
    return np.asarray(np.sum(tones, axis=0), np.float64)


def lose(samples: Floats, at: int, *, repeat: bool) -> None:
    """Lose the 20 ms from `at`, in place: zeros instead, or the 20 ms before once more."""
    samples[at : at + FRAME] = samples[at - FRAME : at] if repeat else 0


def echo(samples: Floats, late_ms: float, level_db: float) -> Floats:
    """Return the samples with their echo."""
    late = round(late_ms * RATE / 1000)
    heard = samples.copy()
    heard[late:] += 10 ** (level_db / 20) * samples[:-late]
    return heard


def coded(samples: Samples, code: str) -> Samples:
    """Return the samples after a file of 8 bits or less and back; `code` is ULAW, ALAW, GSM610 or PCM_U8."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype=code)
    file.seek(0)
    return np.asarray(soundfile.read(file, dtype="int16")[0], np.int16)


def spoken(samples: Samples, codec: str) -> Samples:
    """Return the samples after a codec of speech, GSM 06.10 or one of `SPOKEN`, and back; later by its delay.

    Raises
    ------
    Unavailable
        If it is not installed.
    """
    if codec == "GSM 06.10":
        return coded(samples, "GSM610")
    name, decoder_name, bits = SPOKEN[codec]
    try:
        import av

        encoder, decoder = av.CodecContext.create(name, "w"), av.CodecContext.create(decoder_name, "r")
    except (ImportError, ValueError):
        raise Unavailable(f"{codec} needs a PyAV that has it: pip install '.[formats]'") from None
    for each in (encoder, decoder):
        each.sample_rate, each.layout, each.thread_count = RATE, "mono", 1
    encoder.format, encoder.bit_rate = "s16", bits
    encoder.options = {"application": "voip"} if name == "libopus" else {}
    level = av.AudioResampler("s16", "mono", RATE)
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
    frame.sample_rate = RATE
    packets = [packet for part in (frame, None) for packet in encoder.encode(part)]
    heard = [piece for packet in (*packets, None) for piece in decoder.decode(packet)]
    return np.concatenate([piece.to_ndarray()[0] for one in (*heard, None) for piece in level.resample(one)])
