"""Inside the region where a receiver must hear, every key is heard once, and where it is.

`REGIONS` says how far all impairments may go *together*, each at its worst at the same time; that is more than the
recommendations ask, which vary one thing and leave the others at rest. It was found by experiment: 4,000 searched
lines of each region without one misread, but for noise, where chance decides (at 6 dB 1 line in 4,000 was). Beyond:

- the weaker tone under -44 dBm0 and 1.8 % off: 15 % of lines (windows hear a tone that is off more softly);
- both tones at +2 dBm0 or more, clipped by 5 dB, and 1.8 % off: up to 3 %;
- 34/27 ms with everything else at its worst: 1 in 3,000; a pause of 26 ms: .4 %;
- 40/40 ms at 11 dB of noise with everything at its worst: .07 %, at 8 dB 9 %;
- 8 bits at -30 dBm0 and 1.8 % off; `strict` with tones of 35 ms and 1.5 % off: 1 in some thousands;
- a DC offset of .2 to .5 of the stronger tone under keys of 35/27 ms: 4 % (less or more DC costs nothing);
- GSM 06.10 with tones off frequency or twisted: a fifth to a half; it is no carrier of keys, and no region here.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampled import examples

import dtmf

USUAL_RATE = st.just(8000)
MANY_RATES = st.sampled_from([11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000])
SEEDS = st.integers(0, 2**32 - 1)
KEYS = st.text(dtmf.KEYS, min_size=1, max_size=4)


@dataclass(frozen=True)
class Region:
    """How far a line may go; tones and gaps are at least so long, and the weaker tone at least `weakest` dBm0.

    `start_ms` and `end_ms` are how far the edges may be off.
    """

    about: str
    tone_ms: float = 35
    gap_ms: float = 27
    weakest: float = -42
    strongest: float = -3
    twist: tuple = (-9, 6)
    off: float = 1.8
    snr_db: float | None = None
    dc: int = 0
    code: str | None = None
    setting: str = "default"
    rates: st.SearchStrategy = USUAL_RATE
    start_ms: float = 5.0
    end_ms: float = 2.5


REGIONS = (
    Region("all at its worst at once"),
    Region("at any rate", rates=st.integers(8000, 96000)),
    Region("at the usual rates", rates=MANY_RATES),
    Region("softest", tone_ms=40, weakest=-45, strongest=-25, off=1.0),
    Region("nearly softest, 1.8 % off", tone_ms=40, weakest=-44, strongest=-25),
    Region("clipped by up to 4 dB", weakest=-9, strongest=1),
    Region("clipped by up to 6 dB", tone_ms=60, gap_ms=40, weakest=-9, strongest=3, off=1.0),
    Region("noise at 15 dB", weakest=-35, snr_db=15),
    Region("noise at 12 dB", tone_ms=40, gap_ms=40, weakest=-35, snr_db=12),
    Region("noise at 6 dB", tone_ms=50, gap_ms=50, weakest=-35, strongest=-6, twist=(-6, 4), off=1.0, snr_db=6,
           end_ms=5.0),
    Region("noise at 3 dB", tone_ms=60, gap_ms=50, weakest=-30, strongest=-6, twist=(-2, 2), off=1.0, snr_db=3,
           start_ms=6.0, end_ms=6.0),
    Region("noise at 0 dB", tone_ms=100, gap_ms=100, weakest=-30, strongest=-6, twist=(-2, 2), off=1.0, snr_db=0,
           start_ms=9.0, end_ms=9.0),
    Region("mu-law", weakest=-40, code="ULAW"),
    Region("A-law", weakest=-40, code="ALAW"),
    Region("8 bits", weakest=-25, code="PCM_U8"),
    Region("DC", tone_ms=50, gap_ms=50, weakest=-35, strongest=-10, twist=(-4, 4), off=1.5, dc=16000),
    Region("wide", setting="wide", twist=(-13, 13)),
    Region("wide, noise at 15 dB", tone_ms=40, gap_ms=40, weakest=-35, setting="wide", twist=(-13, 13), snr_db=15),
    Region("strict", tone_ms=40, gap_ms=30, weakest=-40, twist=(-8, 4), off=1.5, setting="strict"),
)  # fmt: skip


@st.composite
def conditions(draw, region):
    """What `line` takes, somewhere in a region; edges are tried more often than their share."""
    twist = draw(st.floats(*region.twist))
    tone = st.just(region.tone_ms) | st.floats(region.tone_ms, 150)
    gap = st.just(region.gap_ms) | st.floats(region.gap_ms, 120)
    shift = st.sampled_from([-region.off, region.off]) | st.floats(-region.off, region.off)
    return {
        "keys": draw(KEYS),
        "rate": draw(region.rates),
        "tone_ms": draw(tone),
        "gap_ms": draw(gap),
        "jitter_ms": draw(st.sampled_from([0.0, 13.0])),
        "lead_ms": draw(st.floats(100, 120)),
        "level": draw(st.floats(region.weakest + abs(twist), region.strongest)),
        "twist": twist,
        "off": (draw(shift), draw(shift)),
        "snr_db": region.snr_db,
        "dc": draw(st.integers(-region.dc, region.dc)),
        "code": region.code,
        "seed": draw(SEEDS),
    }


def heard_as_sent(sent, tones, start_ms=5.0, end_ms=2.5):
    assert dtmf.digits(tones) == sent.keys
    off_ms = (np.array([(tone.start, tone.end) for tone in tones]) - sent.spans) / sent.rate * 1000
    assert np.all(np.abs(off_ms) <= [start_ms, end_ms]), off_ms


@pytest.mark.parametrize("region", REGIONS, ids=[region.about for region in REGIONS])
def test_decode_inside_a_region_then_every_key_once_and_where_it_is(line, region):
    # each new rate takes its time: a filter is made for it
    @examples(50 if region.about == "at any rate" else 100)
    @given(where=conditions(region))
    def holds(where):
        sent = line(**where)
        tones = dtmf.decode(sent.samples, sent.rate, setting=region.setting)
        heard_as_sent(sent, tones, region.start_ms, region.end_ms)

    holds()


HARD = (
    {"keys": "4DA0", "tone_ms": 35.0, "gap_ms": 27.0, "twist": -9.0, "off": (-1.8, -1.8), "level": -33.0},
    {"keys": "67B5", "tone_ms": 35.0, "gap_ms": 27.0, "twist": -9.0, "off": (-1.8, -1.73), "level": -33.0},
    {"keys": "5CCB", "tone_ms": 35.0, "gap_ms": 27.0, "twist": 6.0, "off": (-1.524, -1.8), "level": -3.0},
    {"keys": "4B56", "tone_ms": 35.0, "gap_ms": 27.0, "twist": 6.0, "off": (1.8, -1.8), "level": -30.678},
    {"keys": "8C", "tone_ms": 40.0, "gap_ms": 40.0, "twist": 6.0, "off": (1.8, -1.8), "level": -22.0, "snr_db": 12},
    {"keys": "7C00", "tone_ms": 35.645, "gap_ms": 27.528, "twist": 0.212, "off": (0.22, -0.123), "level": 1.0},
    {"keys": "#CD*", "tone_ms": 50.0, "gap_ms": 50.0, "twist": 2.256, "off": (0.422, 1.5), "dc": 1763},
)
"""Lines near to some that were misread."""


@pytest.mark.parametrize("where", HARD, ids=[where["keys"] for where in HARD])
def test_decode_of_lines_that_were_nearly_misread_then_every_key(line, where):
    for seed in range(20):
        sent = line(**where, lead_ms=100 + seed / 2, seed=seed)
        heard_as_sent(sent, dtmf.decode(sent.samples, sent.rate))


@given(
    key=st.sampled_from(dtmf.KEYS), tone_ms=st.floats(80, 3000), level=st.floats(-30, -3), twist=st.floats(-8, 4),
    lead_ms=st.floats(0, 30), seed=SEEDS,
)  # fmt: skip
def test_decode_a_key_held_for_any_time_then_one_press(line, key, tone_ms, level, twist, lead_ms, seed):
    sent = line(key, tone_ms=tone_ms, level=level, twist=twist, lead_ms=lead_ms, seed=seed)
    heard_as_sent(sent, dtmf.decode(sent.samples, 8000))


@given(
    key=st.sampled_from(dtmf.KEYS), tone_ms=st.floats(100, 300), break_ms=st.floats(0, 20), place=st.floats(0, 1),
    level=st.floats(-30, -3), lead_ms=st.floats(20, 40), seed=SEEDS,
)  # fmt: skip
def test_decode_a_break_of_up_to_20_ms_inside_a_tone_then_one_press(
    line, key, tone_ms, break_ms, place, level, lead_ms, seed
):
    sent = line(key, tone_ms=tone_ms, level=level, lead_ms=lead_ms, seed=seed)
    (start, end), length = sent.spans[0], round(break_ms * 8)
    at = start + 240 + round(place * (end - start - 480 - length))
    broken = sent.samples.copy()
    broken[at : at + length] = 0
    assert dtmf.digits(dtmf.decode(broken, 8000)) == key


@given(
    key=st.sampled_from(dtmf.KEYS), count=st.integers(2, 6), tone_ms=st.floats(35, 120), gap_ms=st.floats(27, 60),
    lead_ms=st.floats(20, 40), twist=st.floats(-9, 6), seed=SEEDS,
)  # fmt: skip
def test_decode_the_same_key_again_and_again_then_as_often(line, key, count, tone_ms, gap_ms, lead_ms, twist, seed):
    sent = line(key * count, tone_ms=tone_ms, gap_ms=gap_ms, lead_ms=lead_ms, twist=twist, seed=seed)
    heard_as_sent(sent, dtmf.decode(sent.samples, 8000))


@given(
    keys=KEYS, rate=st.sampled_from([8000, 16000, 44100, 48000]), tone_ms=st.floats(60, 200),
    level=st.floats(-35, -3), twist=st.floats(-6, 4), off=st.tuples(*[st.floats(-1.8, 1.8)] * 2), seed=SEEDS,
)  # fmt: skip
def test_decode_measures_level_twist_and_frequencies_as_they_were_sent(
    line, keys, rate, tone_ms, level, twist, off, seed
):
    sent = line(keys, rate=rate, tone_ms=tone_ms, level=level, twist=twist, off=off, seed=seed)
    tones = dtmf.decode(sent.samples, rate)
    assert dtmf.digits(tones) == keys
    for tone in tones:
        low, high = dtmf.frequencies(tone.digit)
        assert tone.level_dbm0 == pytest.approx(level - abs(twist) / 2, abs=0.25)
        assert tone.twist_db == pytest.approx(twist, abs=0.25)
        assert tone.low_hz == pytest.approx(low * (1 + off[0] / 100), abs=1)
        assert tone.high_hz == pytest.approx(high * (1 + off[1] / 100), abs=1)


@given(
    keys=KEYS, tone_ms=st.floats(80, 150), gap_ms=st.floats(40, 100), lead_ms=st.floats(0, 30),
    level=st.floats(-30, -3), twist=st.floats(-8, 4), off=st.tuples(*[st.floats(-1.5, 1.5)] * 2), seed=SEEDS,
)  # fmt: skip
def test_detector_tones_of_80_ms_or_more_then_told_within_55_ms(
    line, keys, tone_ms, gap_ms, lead_ms, level, twist, off, seed
):
    sent = line(keys, tone_ms=tone_ms, gap_ms=gap_ms, lead_ms=lead_ms, level=level, twist=twist, off=off, seed=seed)
    detector = dtmf.Detector(1)
    told = []
    for end in range(160, len(sent.samples) + 1, 160):
        events = detector.feed(sent.samples[None, end - 160 : end])
        told += [(event, end) for event in events if isinstance(event, dtmf.DigitHeard)]
    assert "".join(event.digit for event, _ in told) == keys
    for (event, end), (start, _) in zip(told, sent.spans, strict=True):
        assert end - 160 < event.at <= end
        assert event.at - start <= 55 * 8
