"""What was heard in words: what is left out, what is told as one, and from when to when."""

import numpy as np
import pytest

from ivr.scenario.correlate import power_of
from ivr.scenario.described import HeardPart, joined, told

RATE, BEGAN = 8000, 16000


def words(sounds, known=(), since=0.0, until=10.0):
    """Describe sounds of (begin, end, dBm0), in seconds, of which `known` ones of (begin, end, name) are known."""
    powers = np.zeros(10 * 50)
    for begin, end, level in sounds:
        powers[round(begin * 50):round(end * 50)] = power_of(level)
    parts = [HeardPart(round(begin * RATE), round(end * RATE), name) for begin, end, name in known]
    return told(parts, powers, powers < power_of(-50), begin=round(since * RATE), end=round(until * RATE),
                rate=RATE, zero=BEGAN)


UNKNOWN = "something unknown at -20 dBm0"


@pytest.mark.parametrize(("sounds", "said"), [
    ([(2, 3, -20), (3.4, 5, -20)], f"silence from 2.0 s to 4.0 s, then {UNKNOWN} from 4.0 s to 7.0 s, "
                                   "then silence"),
    ([(2, 3, -20), (3.42, 5, -20)], f"silence from 2.0 s to 4.0 s, then {UNKNOWN} from 4.0 s to 5.0 s, "
                                    f"then {UNKNOWN} from 5.4 s to 7.0 s, then silence"),
    ([(0.9, 1.1, -20)], f"{UNKNOWN} from 2.9 s to 3.1 s, then silence"),
    ([(0.9, 1.08, -20)], "silence"),
    ([(0, 5, -20), (5, 10, -17)], "something unknown at -18 dBm0"), ([(0, 10, -51)], "nothing but silence")])
def test_sounds_when_nothing_is_known_of_them_then_long_ones_are_told_and_near_ones_are_one(sounds, said):
    assert words(sounds) == said


def test_stretch_when_it_begins_amid_a_known_sound_then_from_there_and_its_silence_is_none():
    sounds, known = [(1, 4, -20), (6, 7, -30)], [(1, 5.5, "hold-music")]
    assert words(sounds, known, 3, 8) == ("hold-music from 5.0 s to 7.5 s, "
                                          "then something unknown at -30 dBm0 from 8.0 s to 9.0 s, then silence")


def test_known_sounds_when_of_one_name_and_near_then_one():
    parts = [HeardPart(50, 90, "b"), HeardPart(0, 40, "a"), HeardPart(30, 35, "a"), HeardPart(50, 60, "a"),
             HeardPart(71, 80, "a")]
    assert joined(parts, 10) == [HeardPart(0, 60, "a"), HeardPart(50, 90, "b"), HeardPart(71, 80, "a")]
