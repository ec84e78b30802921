"""Keys that only the whole of a press makes one: under other sound, clipped, close to the next."""

import numpy as np
import pytest

import dtmf

KEYS = "159D*07"
SILENCE = np.zeros(800)


def pressed(keys=KEYS, tone_ms=70, gap_ms=70, level=-10.0):
    sent = dtmf.encode(keys, 8000, tone_ms=tone_ms, gap_ms=gap_ms, level_dbm0=level)
    return np.concatenate([SILENCE, sent, SILENCE])


def tone(samples, hertz, size):
    """A tone all along, of so much of a key's tone at -10 dBm0."""
    return size * 7230 * np.sin(2 * np.pi * hertz / 8000 * np.arange(len(samples)) + 1)


def to_int16(samples):
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def voice(samples):
    """A hundred harmonics of a voice that glides, 6 dB under both tones."""
    time = np.arange(len(samples)) / 8000
    turn = 2 * np.pi * np.cumsum(120 + 30 * np.sin(2 * np.pi * 3 * time)) / 8000
    sound = sum(np.sin(n * turn + n * n) / n for n in range(1, 30)) * (1 + 0.5 * np.sin(2 * np.pi * 5 * time))
    return sound * (7230 / 2 / float(sound.std()))


def like(key):
    return key.digit, key.start, key.end, key.level_dbm0, key.low_hz, key.high_hz, key.snr_db


SOUND = {
    "a voice": lambda sent: sent + voice(sent),
    "a hum": lambda sent: sent + tone(sent, 120, 1),
    "a tone below the keys": lambda sent: sent + tone(sent, 620, 0.5),
    "a tone between": lambda sent: sent + tone(sent, 1000, 0.5),
    "a tone above": lambda sent: sent + tone(sent, 2100, 0.5),
    "clipping": lambda sent: sent * 10,
}


@pytest.mark.parametrize("spoil", SOUND.values(), ids=SOUND)
def test_decode_keys_under_other_sound_then_heard_and_in_frames_the_same(spoil):
    samples = to_int16(spoil(pressed()))
    tones = dtmf.decode(samples, 8000)
    assert dtmf.digits(tones) == KEYS
    assert all(abs(tone.start - 800 - 1120 * place) < 80 for place, tone in enumerate(tones))
    detector, told = dtmf.Detector(1), []
    for frame in np.array_split(samples, 97):
        told += detector.feed(frame[None])
    told += detector.flush()
    assert [event.digit for event in told if isinstance(event, dtmf.DigitHeard)] == list(KEYS)
    over = [event for event in told if isinstance(event, dtmf.DigitEnded)]
    assert [like(event) for event in over] == [like(one) for one in tones]


@pytest.mark.parametrize("gap_ms", [6, 10, 16])
def test_decode_keys_close_to_each_other_then_heard(gap_ms):
    assert dtmf.digits(dtmf.decode(to_int16(pressed("15937", tone_ms=60, gap_ms=gap_ms)), 8000)) == "15937"


@pytest.mark.parametrize("hertz", [(600,), (1040,), (1750,), (2600,), (1000, 1800, 2600)])
def test_decode_other_tones_within_the_key_only_then_none(hertz):
    sent = pressed("5")
    third = np.where(sent != 0, sum(tone(sent, hz, 0.6) for hz in hertz), 0)
    assert dtmf.decode(to_int16(sent + third), 8000) == []


def test_decode_a_voice_alone_then_none():
    assert dtmf.decode(to_int16(voice(np.zeros(80000))), 8000) == []


def test_decode_keys_under_other_sound_when_strict_then_none():
    assert dtmf.decode(to_int16(SOUND["a hum"](pressed())), 8000, setting="strict") == []
