"""Packets changed by chance, some of what the benchmark tries: nothing breaks off, calls are heard then."""

from benchmarks.rtp_fuzz import fuzzed


def test_packets_that_were_changed_by_chance_then_no_fault_and_all_calls_are_heard_afterwards():
    made = fuzzed(5000)
    assert made.packets == 5000
    assert made.keys > 50
    assert made.reports > 50
    assert made.heard == 32
