"""Keys and queues over bad networks: some of what benchmarks/bad_networks.py measures at length."""

import numpy as np
import pytest

from benchmarks.bad_networks import Conditions, carried, judged
from ivr.clock import samples

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
