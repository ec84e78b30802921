"""`ivr phone` on a sound card that others play into and listen to, in real time: PortAudio on a private PulseAudio."""

import json
import subprocess

import numpy as np
import pytest
import soxr
from scipy.signal import correlate

import dtmf
from lobby import hold_music

MEETING = "--meeting=1234567:48215:Amos"


@pytest.fixture
def player(pulse):
    """Plays to the caller's side of the card: ``player(samples)``, int16 at 48 kHz; returns at their end."""
    def play(samples):
        both = np.stack([samples, np.zeros_like(samples)], axis=1).astype("<i2").tobytes()
        subprocess.run(["pacat", "--playback", "--raw", "-d", "line", "--rate=48000", "--channels=2",
                        "--latency-msec=60"], input=both, env=pulse.environment, check=True, timeout=60)
    return play


@pytest.fixture
def recorder(pulse, tmp_path):
    """Records the card from now on; calling it ends that: int16 array [shape=(n, 2)], the caller and the bridge."""
    path = tmp_path / "both.raw"
    with path.open("wb") as file:
        process = subprocess.Popen(["parec", "--raw", "-d", "line.monitor", "--rate=48000", "--channels=2",
                                    "--latency-msec=60"], env=pulse.environment, stdout=file)

    def end():
        process.terminate()
        process.wait(10)
        samples = np.fromfile(path, "<i2")
        return samples[:len(samples) // 2 * 2].reshape(-1, 2)

    yield end
    if process.poll() is None:
        process.kill()
        process.wait(10)


def until(process, words):
    """Read what is said until these words come; return it all."""
    said = ""
    while words not in said:
        line = process.stdout.readline()
        assert line, f"{words!r} did not come after:\n{said}{process.stderr.read()}"
        said += line
    return said


def likeness(heard, sound):
    """Return how like what was heard is to a sound, 0 to 1, where it fits best."""
    power = np.convolve(heard**2, np.ones(len(sound)), "valid")
    fit = correlate(heard, sound, "valid", "fft") / np.sqrt(np.maximum(power, 1) * (sound**2).sum())
    return float(np.abs(fit).max())


def test_keys_played_into_the_card_then_the_caller_is_in_the_lobby_and_the_music_comes_out(
        pulse, player, recorder, tmp_path):
    with pulse.start("phone", MEETING, "--input", "mic", "--output", "spk", "--plain",
                     "--journal", tmp_path / "journal.txt", stdin=-1) as process:
        said = until(process, "is told")
        player(dtmf.encode("1234567#", 48000, lead_ms=500))
        said += until(process, "Are you the organizer")
        player(dtmf.encode("1", 48000, lead_ms=300))
        said += until(process, "hold music starts")
        player(np.zeros(3 * 48000, np.int16))
        rest, err = process.communicate("q", timeout=60)
    assert (process.returncode, err) == (0, "")
    both = recorder()
    assert "has entered conference ID 1234567" in said
    assert "waits in the lobby of 1234567" in said
    assert "hung-up" in (tmp_path / "journal.txt").read_text()
    heard = soxr.resample(both[-5 * 48000:, 1].astype(float), 48000, 8000)
    music = hold_music().astype(float)
    assert max(likeness(heard, music[at:at + 4000]) for at in (0, 8000, 16000)) > 0.9
    assert likeness(np.random.default_rng(2).standard_normal(len(heard)), music[:4000]) < 0.3


def test_a_check_of_a_speaker_that_is_the_microphone_then_all_keys_are_heard(pulse):
    code, out, err = pulse.ivr("phone", "--check", "--input", "both_in", "--output", "both_out", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["heard"]["default"] == 16
    assert 10 < found["delay_ms"] < 400
    assert "all 16 keys are heard" in found["verdict"]
