"""Sound that comes in pieces: the tones of the whole, to the last bit, whatever the pieces."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dtmf
from dtmf.listen import Listener, ToneEnded

RATES = [8000, 8001, 11025, 16000, 22050, 44100, 44101, 48000, 96000]


def line(rate, seed=5):
    """Return keys of several lengths in a little noise, and one that is held for three seconds."""
    rng = np.random.default_rng(seed)
    parts = [dtmf.encode(key, rate, tone_ms=int(rng.integers(45, 120)), gap_ms=int(rng.integers(45, 90)),
                         level_dbm0=-12.0) for key in "159D#"]
    held = dtmf.encode("7", rate, tone_ms=3000, gap_ms=70)
    whole = np.concatenate([*parts, held, *parts[:2]]).astype(np.int64)
    return (whole + rng.integers(-40, 40, len(whole))).astype(np.int16)


def pieces(samples, rate, lengths):
    """Return the tones of channel 0 and of all others; a length is one of ten milliseconds."""
    listener, told, at, turn = Listener(len(samples), rate), [], 0, 0
    while at < samples.shape[1]:
        length = max(1, lengths[turn % len(lengths)] * rate // 1000)
        told += listener.feed(samples[:, at : at + length])
        at, turn = at + length, turn + 1
    told += listener.flush()
    return [[e.tone for e in told if isinstance(e, ToneEnded) and e.channel == c] for c in range(len(samples))]


@settings(max_examples=20)
@given(st.sampled_from(RATES), st.lists(st.integers(0, 5000), min_size=1, max_size=6).filter(any))
@example(8000, [20])
@example(44100, [20])
@example(96000, [7, 4500])
def test_listen_in_pieces_of_any_length_then_the_tones_of_the_whole(rate, lengths):
    samples = line(rate)
    whole = dtmf.decode(samples, rate)
    assert dtmf.digits(whole) == "159D#715"
    lengths = [max(7, length) for length in lengths]
    assert pieces(samples[None], rate, lengths) == [whole]


def test_listen_to_several_channels_then_each_as_if_alone():
    lines = [line(16000, seed) for seed in range(4)]
    length = max(map(len, lines))
    together = np.stack([np.pad(one, (0, length - len(one))) for one in lines])
    assert pieces(together, 16000, [20]) == [dtmf.decode(one, 16000) for one in together]


@settings(max_examples=25)
@given(st.integers(8000, 96000))
@example(8001)
@example(95999)
def test_decode_at_any_rate_then_the_keys_where_they_are(rate):
    tones = dtmf.decode(dtmf.encode("14*D", rate, tone_ms=60, gap_ms=60), rate)
    assert dtmf.digits(tones) == "14*D"
    assert [tone.start / rate for tone in tones] == pytest.approx([0, 0.12, 0.24, 0.36], abs=0.0015)
    assert [tone.end / rate for tone in tones] == pytest.approx([0.06, 0.18, 0.3, 0.42], abs=0.0015)


def test_listen_when_a_key_is_held_for_long_then_its_sound_is_not_kept():
    listener, second = Listener(1, 8000), dtmf.encode("5", tone_ms=1000, gap_ms=0)[None]
    tracemalloc.start()
    try:
        peaks = []
        for _ in range(120):
            listener.feed(second)
            peaks.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert max(peaks[60:]) <= max(peaks[:60]) + 50_000
