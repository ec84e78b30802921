"""Lines that are not live: memory, recordings, a keypad."""

import numpy as np
import pytest

import dtmf
from dtmf.audiofile import write
from ivr.clock import FRAME, RATE, samples
from ivr.engine.ports import Signal
from ivr.lines.keypad import KeypadLine
from ivr.lines.memory import MemoryLine
from ivr.lines.wav import samples_of


def test_a_memory_line_then_dials_says_hears_and_hangs_up_when_told():
    line = MemoryLine("anna", np.arange(200, dtype=np.int16), dials_at=2 * FRAME, hangs_up_after=3 * FRAME,
                      lost=frozenset({1}))
    assert [line.signal(), line.signal(), line.signal()] == [None, None, Signal.DIAL]
    assert line.speak().tolist() == list(range(160))
    assert line.speak() is None
    line.hear(np.full(FRAME, 7, np.int16))
    assert line.signal() is None
    assert line.has_said_all
    assert not line.speak().any()
    assert line.signal() is Signal.HANG_UP
    assert [line.signal(), line.signal()] == [Signal.GONE, Signal.GONE]
    assert line.heard().tolist() == [7] * FRAME


def test_a_line_that_heard_nothing_then_no_samples():
    assert len(MemoryLine("anna", np.zeros(0, np.int16)).heard()) == 0


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 48000, 96000])
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_a_recording_of_any_rate_and_channels_then_its_keys_are_on_the_line(tmp_path, rate, channels):
    keys = dtmf.encode("1234567#", rate)
    path = tmp_path / "call.wav"
    write(path, np.repeat(keys[:, None], channels, axis=1), rate)
    said = samples_of(path)
    assert said.dtype == np.int16
    assert abs(len(said) - len(keys) * RATE / rate) < 2
    assert dtmf.digits(dtmf.decode(said, RATE)) == "1234567#"


def test_a_keypad_line_then_real_tones_at_their_moments():
    line = KeypadLine("anna", [(0.5, "12"), (2, "#")])
    line.signal()
    said = np.concatenate([line.speak() for _ in range(120)])
    tones = dtmf.decode(said, RATE)
    assert dtmf.digits(tones) == "12#"
    assert [round(tone.start / RATE, 2) for tone in tones] == [0.5, 0.7, 2.0]


def test_a_keypad_line_without_keys_then_silent():
    line = KeypadLine("anna", [])
    line.signal()
    assert not line.speak().any()
    assert samples(0) == 0
