"""What must not matter does not: chunks, other channels, polarity, loudness, where the line begins, its rate.

Where no sample changes the events are the same bit for bit; where samples are rounded anew the keys are the same.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampled import examples

import dtmf
from dtmf import DigitEnded, DigitHeard

MANY = examples(60)
SEEDS = st.integers(0, 2**32 - 1)
RATES = st.sampled_from([8000, 8000, 8000, 11025, 16000, 44100, 48000])
LOWERED = 32767


def rough(seed, count, rate=8000):
    """Return a line with all that is hard: hums, keys good and bad, clicks, holes; int16 array [shape=(count,)]."""
    rng = np.random.default_rng(seed)
    time = np.arange(count) / rate
    sound = rng.normal(0, 10 ** rng.uniform(0, 3), count)
    for _ in range(int(rng.integers(1, 3 + 8 * count // rate))):
        begin, length = int(rng.integers(0, count)), int(rng.uniform(0.01, 0.15) * rate)
        kind, level = int(rng.integers(0, 6)), 10 ** rng.uniform(2, 4.1)
        part = slice(begin, begin + length)
        if kind < 3:
            low, high = dtmf.frequencies(dtmf.KEYS[rng.integers(0, 16)])
            shift, twist = 1 + rng.uniform(-0.025, 0.025, 2), 10 ** (rng.uniform(-12, 10) / 20)
            sound[part] += level * (np.sin(2 * np.pi * low * shift[0] * time[part])
                                    + twist * np.sin(2 * np.pi * high * shift[1] * time[part]))
        elif kind == 3:
            hum = rng.uniform(80, 300)
            sound[part] += level * sum(np.sin(2 * np.pi * hum * n * time[part]) / n for n in range(1, 12))
        elif kind == 4:
            sound[part] = rng.integers(-LOWERED, LOWERED)
        else:
            sound[part] = 0
    return np.clip(np.rint(sound), -LOWERED, LOWERED).astype(np.int16)


def fed(detector, samples, lengths=()):
    """Feed in chunks of these lengths, over and over, or at once."""
    events, at = [], 0
    while at < samples.shape[1]:
        step = lengths[len(events) % len(lengths)] if lengths else samples.shape[1]
        events.append(detector.feed(samples[:, at : at + step]))
        at += step
    return [event for several in events for event in several] + detector.flush()


def pressed(samples, rate=8000, setting="default"):
    return [(tone.digit, tone.start, tone.end) for tone in dtmf.decode(samples, rate, setting=setting)]


def of(events, channel):
    """Return a channel's events, in their order."""
    return [(e.at, e.start, isinstance(e, DigitEnded), e.digit, getattr(e, "end", None))
            for e in events if e.channel == channel]  # fmt: skip


@examples(50)
@given(seed=SEEDS, rate=RATES, lengths=st.lists(st.integers(1, 4000), min_size=1, max_size=8))
def test_detector_of_a_rough_line_in_any_chunks_then_the_same_events(seed, rate, lengths):
    sound = rough(seed, rate, rate)
    samples = np.concatenate([sound, np.zeros(rate, np.int16), sound[: rate // 2]])[None]
    assert fed(dtmf.Detector(1, rate), samples, [*lengths, 3000]) == fed(dtmf.Detector(1, rate), samples)


@settings(max_examples=25)
@given(seed=SEEDS, rate=RATES, others=st.integers(1, 12), place=st.integers(0, 12), step=st.integers(40, 3000))
def test_detector_a_rough_line_among_others_then_the_events_it_has_alone(seed, rate, others, place, step):
    lines = [rough(seed + n, rate, rate) for n in range(others + 1)]
    place = min(place, others)
    alone = fed(dtmf.Detector(1, rate), lines[place][None])
    assert of(fed(dtmf.Detector(others + 1, rate), np.stack(lines), [step]), place) == of(alone, 0)


@MANY
@given(seed=SEEDS, rate=RATES, setting=st.sampled_from(["default", "wide", "strict"]))
def test_detector_of_a_rough_line_then_presses_in_order_each_heard_and_over(seed, rate, setting):
    samples = rough(seed, 2 * rate, rate)
    events = fed(dtmf.Detector(1, rate, setting=setting), samples[None], [rate // 50])
    told = {event.start: event for event in events if isinstance(event, DigitHeard)}
    over = [event for event in events if isinstance(event, DigitEnded)]
    assert list(told) == sorted(told) == [event.start for event in over]
    for event in over:
        heard = told[event.start]
        assert heard.digit == event.digit
        assert 0 <= event.start < event.end <= len(samples)
        assert event.start < heard.at <= event.at
    # a key that takes another's place without a pause may begin in its last window and a half
    assert all(after.start - before.end > -0.04 * rate for before, after in pairwise(over))
    assert [(event.digit, event.start, event.end) for event in over] == pressed(samples, rate, setting)


@MANY
@given(seed=SEEDS, rate=RATES)
def test_decode_a_rough_line_turned_over_then_the_same_presses(seed, rate):
    samples = rough(seed, rate, rate)
    assert pressed(-samples, rate) == pressed(samples, rate)


@MANY
@given(seed=SEEDS, rate=RATES, blocks=st.integers(0, 60))
def test_decode_a_rough_line_later_by_whole_blocks_then_the_same_presses_as_much_later(seed, rate, blocks):
    samples = np.concatenate([np.zeros(rate // 5, np.int16), rough(seed, rate, rate)])
    # 10 ms are a whole number of samples at the rates that are multiples of 100; 40 ms are one at 11025 too
    late = 4 * blocks * rate // 100
    moved = pressed(np.concatenate([np.zeros(late, np.int16), samples]), rate)
    assert moved == [(digit, start + late, end + late) for digit, start, end in pressed(samples, rate)]


@MANY
@given(first=SEEDS, second=SEEDS, seconds=st.integers(1, 3))
def test_decode_two_rough_lines_one_after_the_other_then_the_presses_of_both(first, second, seconds):
    one, other = rough(first, 8000), rough(second, 8000)
    pause = np.zeros(8000 * seconds, np.int16)
    both = np.concatenate([pause, one, pause, other])
    at = 2 * len(pause) + len(one)
    after = [(digit, start + at, end + at) for digit, start, end in pressed(np.concatenate([pause, other]))]
    after = [(digit, start - len(pause), end - len(pause)) for digit, start, end in after]
    assert pressed(both) == pressed(np.concatenate([pause, one, pause])) + after


@MANY
@given(seed=SEEDS, cuts=st.lists(st.integers(0, 100), min_size=1, max_size=3))
def test_detector_when_reset_between_frames_then_as_new_and_the_other_channel_as_before(seed, cuts):
    before, other, line = (rough(seed + n, 8000) for n in range(3))
    detector, events, at = dtmf.Detector(2), [], 0
    for cut in sorted(80 * cut for cut in cuts):
        events += detector.feed(np.stack([before, other])[:, at:cut])
        detector.reset(0)
        at = cut
    last = detector.feed(np.stack([line, np.pad(other[at:], (0, at))]))
    assert of(last, 0) == of(dtmf.Detector(1).feed(line[None]), 0)
    assert of(events + last, 1) == of(dtmf.Detector(1).feed(np.pad(other, (0, at))[None]), 0)


@MANY
@given(seed=SEEDS, noise=SEEDS, lost=st.sets(st.integers(0, 49), max_size=12), rate=RATES)
def test_detector_when_frames_are_missing_then_what_is_in_them_is_not_looked_at(seed, noise, lost, rate):
    frame = rate // 50
    samples, garbage = rough(seed, 50 * frame, rate), rough(noise, 50 * frame, rate)
    alike, other = dtmf.Detector(1, rate), dtmf.Detector(1, rate)
    for n in range(50):
        here = slice(n * frame, (n + 1) * frame)
        missing = np.array([n in lost])
        events = alike.feed(samples[None, here], missing)
        assert other.feed((garbage if n in lost else samples)[None, here], missing) == events
    assert alike.flush() == other.flush()


@MANY
@given(seed=SEEDS, rate=RATES)
def test_decode_a_rough_line_with_a_wider_setting_then_all_that_a_stricter_one_hears(seed, rate):
    samples = rough(seed, 2 * rate, rate)
    strict, default, wide = (pressed(samples, rate, setting) for setting in ("strict", "default", "wide"))
    for fewer, more in ((strict, default), (default, wide)):
        for digit, start, end in fewer:
            assert any(digit == other and start < until and since < end for other, since, until in more)


@st.composite
def calls(draw):
    """What `line` takes: an ordinary line on which every key is heard."""
    return {
        "keys": draw(st.text(dtmf.KEYS, min_size=1, max_size=4)),
        "tone_ms": draw(st.floats(45, 150)),
        "gap_ms": draw(st.floats(40, 120)),
        "lead_ms": draw(st.floats(100, 120)),
        "level": draw(st.floats(-25, -6)),
        "twist": draw(st.floats(-8, 4)),
        "off": (draw(st.floats(-1.5, 1.5)), draw(st.floats(-1.5, 1.5))),
        "seed": draw(SEEDS),
    }


def edges_ms(tones, rate):
    return np.array([(tone.start, tone.end) for tone in tones]).reshape(-1, 2) * 1000 / rate


@MANY
@given(where=calls(), rates=st.tuples(*[st.sampled_from([8000, 11025, 16000, 22050, 44100, 48000, 96000])] * 2))
def test_decode_a_line_at_two_rates_then_the_same_keys_at_the_same_times(line, where, rates):
    tones = [dtmf.decode(line(**where, rate=rate).samples, rate) for rate in rates]
    assert dtmf.digits(tones[0]) == dtmf.digits(tones[1]) == where["keys"]
    assert np.abs(edges_ms(tones[0], rates[0]) - edges_ms(tones[1], rates[1])).max() <= 2.5


@MANY
@given(where=calls(), gain_db=st.floats(-12, 8))
def test_decode_a_line_louder_or_softer_then_the_same_keys_at_the_same_times(line, where, gain_db):
    sent, other = line(**where), line(**{**where, "level": where["level"] + gain_db})
    tones, changed = dtmf.decode(sent.samples, 8000), dtmf.decode(other.samples, 8000)
    assert dtmf.digits(tones) == dtmf.digits(changed) == where["keys"]
    assert np.abs(edges_ms(tones, 8000) - edges_ms(changed, 8000)).max() <= 1.0
    for tone, after in zip(tones, changed, strict=True):
        assert after.level_dbm0 - tone.level_dbm0 == pytest.approx(gain_db, abs=0.3)


@MANY
@given(where=calls(), late=st.integers(0, 2000))
def test_decode_a_line_that_begins_later_by_any_samples_then_the_same_keys_as_much_later(line, where, late):
    samples = line(**where).samples
    tones, moved = dtmf.decode(samples, 8000), dtmf.decode(np.pad(samples, (late, 0)), 8000)
    assert dtmf.digits(tones) == dtmf.digits(moved) == where["keys"]
    assert np.abs(edges_ms(moved, 8000) - edges_ms(tones, 8000) - late / 8).max() <= 2.5


@MANY
@given(where=calls(), rate=st.sampled_from([8000, 16000]))
def test_detector_that_is_asked_for_near_misses_then_the_same_keys_of_an_ordinary_line(line, where, rate):
    samples = line(**where, rate=rate).samples[None]
    asked = dtmf.Detector(1, rate, near_misses=True)
    heard = [event.digit for event in fed(asked, samples) if isinstance(event, DigitHeard)]
    assert "".join(heard) == where["keys"]


@MANY
@given(seed=SEEDS)
def test_detector_that_is_asked_for_near_misses_then_none_of_them_while_a_key_of_its_own_is_down(seed):
    detector = dtmf.Detector(1, near_misses=True)
    ended = [event for event in fed(detector, rough(seed, 16000)[None]) if isinstance(event, DigitEnded)]
    for miss in detector.refused:
        assert miss.start < miss.end
        shared = [min(e.end, miss.end) - max(e.start, miss.start) for e in ended if e.digit == miss.digit]
        assert max(shared, default=0) <= 160
