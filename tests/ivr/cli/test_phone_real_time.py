"""`ivr phone` in real time, on a card that others play into and listen to: PortAudio on a private PulseAudio."""

import numpy as np
import soxr
from scipy.signal import correlate

import dtmf
from benchmarks.private_card import both_sides, play, recorded
from lobby import hold_music

MEETING = "--meeting=1234567:48215:Amos"


def likeness(heard, sound):
    """Return how like what was heard is to a sound, 0 to 1, where it fits best."""
    power = np.convolve(heard**2, np.ones(len(sound)), "valid")
    fit = correlate(heard, sound, "valid", "fft") / np.sqrt(np.maximum(power, 1) * (sound**2).sum())
    return float(np.abs(fit).max())


def test_keys_played_into_the_card_then_the_caller_is_in_the_lobby_and_the_music_comes_out(
        pulse, tmp_path):
    with recorded(pulse.environment, tmp_path / "both.raw"), pulse.start(
            "phone", MEETING, "--input", "mic", "--output", "spk", "--plain",
            "--journal", tmp_path / "journal.txt", stdin=-1) as process:
        said = pulse.until(process, "is told")
        play(pulse.environment, dtmf.encode("1234567#", 48000, lead_ms=500))
        said += pulse.until(process, "Are you the organizer")
        play(pulse.environment, dtmf.encode("1", 48000, lead_ms=300))
        said += pulse.until(process, "hold music starts")
        play(pulse.environment, np.zeros(3 * 48000, np.int16))
        _, err = process.communicate("q")
    assert (process.returncode, err) == (0, "")
    both = both_sides(tmp_path / "both.raw")
    assert "has entered conference ID 1234567" in said
    assert "waits in the lobby of 1234567" in said
    assert "hung-up" in (tmp_path / "journal.txt").read_text()
    heard = soxr.resample(both[-5 * 48000:, 1].astype(float), 48000, 8000)
    music = hold_music().astype(float)
    # short pieces: the speaker's pace may be a thousandth off in its first seconds
    assert max(likeness(heard, music[at:at + 1600]) for at in range(0, 24000, 1600)) > 0.9
    assert likeness(np.random.default_rng(2).standard_normal(len(heard)), music[:1600]) < 0.3
