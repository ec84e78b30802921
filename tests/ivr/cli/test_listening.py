"""Where the presenter listens: the sound card sets the pace until it goes, then the clock on the wall does."""

import sys

import numpy as np
import pytest
import soundfile

from ivr.cli.listening import Listening, SoundDevices, listening
from ivr.lines.soundcard.card import Glitches
from ivr.lines.soundcard.errors import DeviceGone
from ivr.live.pace import WallClock

FRAME = np.full(160, 5, np.int16)


class FickleCard:
    """A sound card that is pulled out after so many frames."""

    def __init__(self, lasts):
        self.left, self.late, self.glitches = lasts, 2, Glitches(gaps=3)
        self.played, self.waits, self.heard = [], 0, FRAME + 1

    def wait(self):
        self.waits += 1

    def play(self, frame):
        if not self.left:
            raise DeviceGone("the speaker has gone: the call is over")
        self.left -= 1
        self.played.append(frame)


class Clock(WallClock):
    """A clock whose time passes by being waited for."""

    def __init__(self):
        self.slept = []
        super().__init__(now=lambda: sum(self.slept), sleep=self.slept.append)


def test_the_card_while_it_is_there_then_sets_the_pace_and_plays_all():
    card, clock, kept = FickleCard(9), Clock(), []
    sound = Listening(clock, card, kept.append, "")
    for _ in range(9):
        sound.wait()
        sound.hear(FRAME)
    assert (card.waits, len(card.played), len(kept), clock.slept) == (9, 9, 9, [])
    assert (sound.late, sound.gaps, sound.said) == (2, 3, "")
    assert sound.voice()[0] == 6


def test_the_card_when_it_goes_then_said_once_and_the_clock_goes_on():
    card, clock, kept = FickleCard(3), Clock(), []
    sound = Listening(clock, card, kept.append, "")
    for _ in range(9):
        sound.wait()
        sound.hear(FRAME)
    assert (card.waits, len(card.played), len(kept)) == (4, 3, 9)
    assert sum(clock.slept) == pytest.approx(4 * 0.02)  # the first of the five is due at once
    assert sound.said == "The sound card has gone, so nothing is played any more."
    assert not sound.voice().any()


@pytest.mark.parametrize(("devices", "speed", "said"), [
    (SoundDevices(speaker=False), 1,
     "Nothing is played, as you wish. --record FILE.wav writes what would be heard."),
    (SoundDevices(), 4,
     "Nothing is played at --speed 4: sound has its own pace. --record FILE.wav writes what would be heard."),
])
def test_listening_without_sound_then_says_why(devices, speed, said):
    with listening(devices, speed=speed, record=None) as sound:
        assert sound.said == said


def test_listening_without_pyaudio_then_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyaudio", None)  # what Python does with a module that cannot be imported
    with listening(SoundDevices(), speed=1, record=None) as sound:
        assert sound.said == ("Nothing is played: PyAudio is not installed, which 'make setup-soundcard' mends. "
                              "--record FILE.wav writes what would be heard.")


def test_listening_when_recorded_then_every_frame_is_in_the_file(tmp_path):
    with listening(SoundDevices(speaker=False), speed=100, record=tmp_path / "heard.flac") as sound:
        assert sound.said == "Nothing is played, as you wish."
        for _ in range(50):
            sound.hear(FRAME)
    samples, rate = soundfile.read(tmp_path / "heard.flac", dtype="int16")
    assert (rate, samples.tolist()) == (8000, [5] * 8000)
    assert [path.name for path in tmp_path.iterdir()] == ["heard.flac"]
