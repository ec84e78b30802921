"""G.722 against FFmpeg's, both ways: what one says the other hears."""

import av
import numpy as np
import pytest
from rtp import sent, take

from ivr.lines.sip.rtp.g711 import CODECS
from ivr.lines.sip.rtp.packets import packet
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.sending import RtpSender

G722 = CODECS.index("G722")
TIME = np.arange(8000) / 8000


def tone(time, *hertz, amplitude=6000):
    return sum(amplitude * np.sin(2 * np.pi * one * time) for one in hertz)


def sweep(time, amplitude=12000):
    loud = np.minimum(1, 20 * abs(time % 0.3 - 0.15))
    return amplitude * loud * np.sin(2 * np.pi * (200 * time + 1400 * time**2))


SOUNDS = {"a key": lambda time: tone(time, 941, 1633), "a sweep": sweep,
          "faint": lambda time: tone(time, 440, amplitude=60),
          "loud": lambda time: tone(time, 700, amplitude=32000)}


def encoded(said):
    """Return the bytes that we send. uint8 array [shape=(n,)]."""
    sending = RtpSender(lambda: 1)
    sending.begin(0, G722, 9, None)
    rows = np.rint(said).astype(np.int16).reshape(-1, 1, 160)
    return np.frombuffer(b"".join(data[12:] for row in rows for _, data in sent(sending.packets(row))), np.uint8)


def decoded(data):
    """Return what we play of bytes. int16 array [shape=(n,)]."""
    receiving, heard = Receiving(), []
    receiving.begin(0, G722, 9, None)
    for n in range(len(data) // 160):
        take(receiving, [(0, packet(9, n, 160 * n, 1, bytes(data[160 * n:160 * n + 160])))])
        row = np.zeros((1, 160), np.int16)
        receiving.play(row)
        heard.append(row[0])
    return np.concatenate(heard)[160:]


def noise_db(heard, said, longest=60):
    """Return how far what was heard is under what was said, at the best shift and in the middle."""
    best = -np.inf
    for shift in range(longest):
        ours = heard[500 + shift:7000 + shift].astype(float)
        theirs = said[500:7000]
        gain = ours @ theirs / (theirs @ theirs)
        if abs(20 * np.log10(max(gain, 1e-9))) < 0.5:
            best = max(best, 10 * np.log10(theirs @ theirs / ((ours - theirs) @ (ours - theirs))))
    return best


def nearest_db(heard, sound, rate):
    """Return the same at the best shift of parts of a sample too: filters need any time."""
    time = np.arange(rate) / rate
    return max(noise_db(heard, SOUNDS[sound](time + late / rate)) for late in np.arange(0, 1, 0.125))


LEAST_DB = [("a key", 25), ("a sweep", 18), ("faint", 12), ("loud", 25)]


@pytest.mark.parametrize(("sound", "least_db"), LEAST_DB)
def test_what_we_send_then_heard_by_ffmpeg(sound, least_db):
    said = SOUNDS[sound](TIME)
    decoder = av.CodecContext.create("g722", "r")
    decoder.sample_rate = 16000
    decoder.layout = "mono"
    frames = decoder.decode(av.Packet(encoded(said).tobytes()))
    heard = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
    assert nearest_db(heard, sound, 16000) > least_db


@pytest.mark.parametrize(("sound", "least_db"), LEAST_DB)
def test_what_ffmpeg_sends_then_heard_by_us(sound, least_db):
    encoder = av.CodecContext.create("g722", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 16000, "mono", "s16"
    said = np.rint(SOUNDS[sound](np.arange(16000) / 16000)).astype(np.int16)
    data = b""
    for n in range(0, 16000, 320):
        frame = av.AudioFrame.from_ndarray(said[None, n:n + 320], format="s16", layout="mono")
        frame.sample_rate = 16000
        data += b"".join(bytes(one) for one in encoder.encode(frame))
    data += b"".join(bytes(one) for one in encoder.encode(None))
    assert nearest_db(decoded(np.frombuffer(data, np.uint8)), sound, 8000) > least_db


def test_silence_then_next_to_nothing_is_heard():
    assert abs(decoded(encoded(np.zeros(1600)))).max() <= 4
