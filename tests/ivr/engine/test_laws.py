"""The three laws: alone = among 1,000; any order and chunking = any other; a run = its rerun, to the byte."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dtmf
from ivr.clock import RATE, samples
from ivr.lines.memory import MemoryLine

PRESSES = ("1234567#1", "1234567#*48215#", "7654321#*11111#", "99#", "5550000#", "*#*#A", "123456789#", "")


QUICK = {"first_digit_timeout": samples(0.8), "inter_digit_timeout": samples(0.4),
         "organizer_timeout": samples(0.4)}
"""Questions that are over soon, so that keys are held for longer than that."""


def line(caller, seed, keys, seconds, tone_ms=70):
    """A caller with noise of his own level who presses keys after a while."""
    random = np.random.default_rng(seed)
    says = random.normal(0, random.uniform(5, 400), samples(seconds))
    tones = dtmf.encode(keys, RATE, tone_ms=tone_ms, gap_ms=60) if keys else np.zeros(0, np.int16)
    at = int(random.integers(0, samples(1)))
    says[at:at + len(tones)] += tones[:len(says) - at]
    return MemoryLine(caller, np.clip(np.rint(says), -32768, 32767).astype(np.int16))


def account(world, caller):
    """All that a caller's journal says, but for the number of his call."""
    return [(e.at, e.event, dict(e.facts)) for e in world.bridge.journal if e.caller == caller]


@pytest.mark.parametrize(("keys", "tone_ms"), [
    pytest.param("5550000#", 70, marks=pytest.mark.slow), ("99#1234567#*48215#", 70),
    pytest.param("99", 1500, marks=pytest.mark.slow)], ids=["joins", "starts", "holds"])
def test_a_call_alone_is_the_same_call_among_a_thousand(world, keys, tone_ms):
    """The others are in meetings of their own or nowhere; the one is never told of them."""
    alone = world(line("one", 42, keys, 4, tone_ms), **QUICK).run(4)
    others = [line(f"o{n}", n, ("7654321#1", "99#", "*#A", "", "1111111#")[n % 5], 4) for n in range(999)]
    place = 437
    many = world(*others[:place], line("one", 42, keys, 4, tone_ms), *others[place:], **QUICK).run(4)
    assert account(many, "one") == account(alone, "one")
    assert np.array_equal(many.lines[place].heard(), alone.lines[0].heard())
    assert alone.lines[0].heard().any()


@settings(max_examples=6)
@given(order=st.permutations(range(7)), seed=st.integers(0, 1000))
def test_lines_plugged_in_in_any_order_then_each_caller_has_the_same_call(world_of, order, seed):
    """Callers of one lobby, a meeting and none; who is in which row is of no matter."""
    def lines():
        return [line(f"c{n}", seed + n, keys, 5) for n, keys in enumerate(
            ("1234567#1", "7654321#*11111#", "5550000#", "99#", "*#*#A", "123456789"))] + [
                line("c6", seed, "12#", 5, 900)]

    straight = world_of(lines(), **QUICK).run(5)
    shuffled = world_of([lines()[n] for n in order], **QUICK).run(5)
    for n in range(7):
        assert account(shuffled, f"c{n}") == account(straight, f"c{n}")
        assert np.array_equal(shuffled.lines[order.index(n)].heard(), straight.lines[n].heard())


@settings(max_examples=5)
@given(keys=st.lists(st.sampled_from(PRESSES), min_size=1, max_size=5), seed=st.integers(0, 1000))
def test_a_run_played_again_then_the_same_to_the_byte(world_of, keys, seed):
    """Journal as text and as JSON lines, and every sample that anybody heard."""
    def digest():
        played = world_of([line(f"c{n}", seed + n, k, 6) for n, k in enumerate(keys)]).run(6)
        journal = played.bridge.journal
        parts = [journal.text().encode(), journal.json_lines().encode()]
        parts += [one.heard().tobytes() for one in played.lines]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    assert digest() == digest()
