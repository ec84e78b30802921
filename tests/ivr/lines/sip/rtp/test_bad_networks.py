"""Keys and queues over bad networks: some of what benchmarks/bad_networks.py measures at length."""

import numpy as np
import pytest

from benchmarks.bad_networks import Conditions, carried, judged, texts, tones
from ivr.clock import samples
from ivr.lines.sip.rtp.g711 import CODECS
from lobby import hold_music

CALLS, KEYS = 20, 30


@pytest.mark.parametrize(("by", "conditions"), [
    ("events", Conditions(lost=0.05, jitter_ms=60, doubled=0.02)), ("audio", Conditions(lost=0.01)),
    ("audio", Conditions(lost=0.01, jitter_ms=60, doubled=0.02)), ("audio", Conditions(jitter_ms=60, ppm=200))])
def test_keys_over_a_bad_network_then_all_and_none_twice(by, conditions):
    assert judged(conditions, CALLS, by, keyed=KEYS) == (0, 0)


@pytest.mark.parametrize("by", ["events", "audio"])
def test_a_third_of_all_packets_lost_then_keys_lack_and_none_is_made_up(by):
    missed, more = judged(Conditions(lost=0.3, jitter_ms=60, doubled=0.1), CALLS, by, keyed=KEYS)
    assert 0 <= missed < CALLS * KEYS * 0.2
    assert more == 0


@pytest.mark.parametrize("ppm", [-2000, 2000])
def test_a_sender_whose_clock_is_wrong_then_the_queue_does_not_grow(ppm):
    """Two minutes at 2000 ppm are 20 at 200; it talks and pauses over noise that is never quite quiet."""
    drawn = np.random.default_rng(3)
    said = np.rint(drawn.normal(0, 300, 4 * 8000))
    said[:2 * 8000] *= 10
    made = carried(Conditions(jitter_ms=20, ppm=ppm), said.astype(np.int16)[None], ticks=6000, listens=False)
    assert max(made.delays[10:]) <= samples(0.08)
    assert made.receiving.calls["late"][0] == 0


@pytest.mark.parametrize("codec", ["PCMU", "G722"])
def test_music_without_a_pause_from_a_fast_clock_then_the_queue_does_not_grow(codec):
    """Two minutes at 1000 ppm are ten at 200."""
    made = carried(Conditions(jitter_ms=20, ppm=1000), hold_music()[None], codec=CODECS.index(codec), ticks=6000,
                   listens=False)
    assert max(made.delays[10:]) <= samples(0.1)
    assert (made.receiving.calls["late"][0], made.receiving.calls["missed"][0] <= 2) == (0, True)


def test_keys_without_a_pause_between_them_from_a_fast_clock_then_all_and_none_twice():
    """So the delay shrinks while keys are down: a noise that is never quiet fills the gaps."""
    keys = texts(CALLS, 5, 150)
    said = tones(keys).astype(np.int32)
    noise = np.random.default_rng(4).normal(0, 60, said.shape) + 400 * np.sin(np.arange(said.shape[1]))
    said = np.where(np.abs(said) < 1, np.clip(8 * noise, -4000, 4000), said).astype(np.int16)
    made = carried(Conditions(jitter_ms=20, ppm=1000), said)
    assert made.heard == keys
