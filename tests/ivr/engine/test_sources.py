"""Keys beside the audio: which source counts, and that each key counts once."""

import random
from types import SimpleNamespace

import numpy as np
import pytest
from callers import KeypadLine
from hypothesis import given
from hypothesis import strategies as st

import dtmf
from dtmf import DigitEnded, DigitHeard
from ivr.clock import FRAME, RATE, samples
from ivr.engine.messages import DigitBegan, DigitOver
from ivr.engine.sources import Sources
from ivr.lines.memory import MemoryLine

MS = RATE // 1000
RANK = {"audio": 0, "info": 1, "stream": 2, "rfc4733": 3}


def tells(presses, by, late=0):
    """Give the events of keys: (seconds, keys), 100 ms each with pauses of 100 ms."""
    for at, keys in presses:
        for n, key in enumerate(keys):
            began = samples(at) + n * samples(0.2) + late
            yield DigitBegan(0, began, key, by)
            yield DigitOver(0, began + samples(0.1), by)


def entries(played, *events):
    return [(entry.event, *entry.facts.values()) for entry in played.bridge.journal.of(*events)]


@pytest.mark.parametrize("by", ["info", "stream", "rfc4733"])
def test_keys_beside_the_audio_then_they_are_the_callers_keys(world, by):
    played = world(MemoryLine("amos", np.zeros(0, np.int16), tells=[
        *tells([(0.1, "1234567#*48215#")], by)])).run(6)
    assert played.states("amos")[-1] == "meeting"
    assert entries(played, "keys-by", "not-counted") == [("keys-by", by)]
    assert "48215" not in played.bridge.journal.text() + played.bridge.journal.json_lines()


@pytest.mark.parametrize("late", [-samples(0.08), 0, samples(0.05), samples(0.12)])
def test_a_phone_that_sends_tones_and_events_then_each_key_counts_once(world, late):
    presses = [(0.3, "11"), (1.1, "22"), (1.9, "33"), (2.7, "4#")]
    anna = KeypadLine("anna", presses, tells=tells(presses, "rfc4733", late))
    played = world(anna).run(6)
    entered = played.bridge.journal.of("entered")[0]
    assert entered.facts["digits"] in ("****", "1122334")
    assert played.refusals("anna")[0] == "unknown"
    told = [entry.facts for entry in played.bridge.journal.of("not-counted")]
    assert len(told) == 8
    assert {fact["because"] for fact in told} <= {"the same key", "rfc4733"}
    assert all(set(fact) == {"by", "because"} for fact in told)


def test_a_gateway_that_leaks_a_bit_of_tone_before_its_event_then_each_key_counts_once(world):
    says = np.zeros(samples(3), np.int16)
    for n, key in enumerate("1234567#"):
        tone = dtmf.encode(key, RATE, tone_ms=30)
        says[samples(0.3 + 0.2 * n):][:len(tone)] = tone
    late = samples(0.03)
    played = world(MemoryLine("anna", says, tells=tells([(0.3, "1234567#")], "rfc4733", late))).run(4)
    assert played.bridge.journal.of("entered")[0].facts["digits"] == "1234567"
    assert {entry[1] for entry in entries(played, "not-counted")} <= {"audio"}


def test_a_key_that_is_down_beside_the_audio_then_the_time_for_the_next_stands_still(world):
    long = [DigitBegan(0, samples(0.3), "1", "rfc4733"), DigitOver(0, samples(9), "rfc4733")]
    played = world(MemoryLine("anna", np.zeros(0, np.int16), tells=long), inter_digit_timeout=samples(2)).run(12)
    assert [entry.at for entry in played.bridge.journal.of("refused")] == [samples(11)]


class Phone:
    """A call, and what counts of its keys."""

    def __init__(self, dialled_at=FRAME * 7):
        self.call = SimpleNamespace(serial=3, caller="anna", row=2, dialled_at=dialled_at)
        self.noted = []
        self.sources = Sources({3: self.call}, lambda *told, **facts: self.noted.append((told[2], facts)))

    def play(self, events):
        """Take events of (moment, source, key or None, start, end), in the frames they are told in."""
        down, up = [], []
        for now in range(0, max(at for at, *_ in events) + FRAME, FRAME):
            heard = []
            for at, by, key, start, end in sorted(e for e in events if now <= e[0] < now + FRAME):
                began = self.call.dialled_at
                if by != "audio":
                    self.sources.tell(self.call, DigitOver(2, began + at, by) if end else
                                      DigitBegan(2, began + at, key, by))
                elif end:
                    heard.append(DigitEnded(2, key, start, end, at, -10.0, 0.0, 697.0, 1209.0, 60.0))
                else:
                    heard.append(DigitHeard(2, key, at, start))
            if heard or self.sources:
                for one in self.sources.sift(heard, {2: 3}, self.call.dialled_at + now):
                    (down if isinstance(one, DigitHeard) else up).append((one.digit, one.start))
        return down, up


def pressed(keys, seed, sources):
    """Give what a phone sends of keys by these sources, each with a delay of its own, and the keys' moments."""
    chance, at, events = random.Random(seed), 4000, []  # noqa: S311
    late = {"audio": 34 * MS, "info": chance.randrange(0, 120 * MS), "rfc4733": chance.randrange(0, 60 * MS)}
    for n, key in enumerate(keys):
        length = chance.randrange(50 * MS, 400 * MS)
        for by in sources:
            if by == "audio":
                events += [(at + late[by], by, key, at, 0), (at + length + 10 * MS, by, key, at, at + length)]
            elif n >= sources[by]:
                events += [(at + late[by], by, key, at + late[by], 0),
                           (at + length + late[by], by, key, at + late[by], at + length + late[by])]
        at += length + chance.randrange(50 * MS, 900 * MS)
    return events


@given(keys=st.text("0123456789*#", min_size=1, max_size=12), seed=st.integers(0, 10**6),
       info=st.none() | st.integers(0, 5), rfc4733=st.none() | st.integers(0, 5))
def test_a_phone_that_sends_by_any_sources_then_every_key_counts_once_in_its_order(keys, seed, info, rfc4733):
    """All keys are in the audio; of the others each begins with some key, and then leaves none out."""
    sources = {"audio": 0} | ({"info": info} if info is not None else {}) | (
        {"rfc4733": rfc4733} if rfc4733 is not None else {})
    phone = Phone()
    events = pressed(keys, seed, sources)
    down, up = phone.play(events)
    assert "".join(key for key, _ in down) == keys
    assert sorted(up) == sorted(down)  # whatever went down comes up again
    told = sum(1 for _, _, _, _, end in events if not end)
    assert sum(event == "not-counted" for event, _ in phone.noted) == told - len(keys)
    assert all("key" not in facts and set(facts) <= {"by", "because"} for _, facts in phone.noted)


@given(keys=st.text("0123456789*#", min_size=2, max_size=12), seed=st.integers(0, 10**6),
       higher=st.sampled_from(["info", "rfc4733"]))
def test_a_higher_source_then_nothing_of_a_lower_one_counts_any_more(keys, seed, higher):
    """The lower one goes on with other keys, which the higher one does not know of."""
    phone = Phone()
    first = pressed(keys[:1], seed, {higher: 0})
    since = max(event[0] for event in first) + 3 * RATE
    later = [(at + since, by, key, start + since, end and end + since)
             for at, by, key, start, end in pressed(keys[1:], seed, {"audio": 0})]
    down, _ = phone.play(first + later)
    assert [key for key, _ in down] == [keys[0]]
    assert [event for event, _ in phone.noted] == ["keys-by"] + ["not-counted"] * (len(keys) - 1)


def test_the_audio_alone_then_what_the_decoder_told_in_its_order():
    phone = Phone()
    heard = [DigitHeard(9, "1", 500, 300), DigitHeard(2, "2", 400, 200),
             DigitEnded(2, "2", 200, 600, 700, -9.0, 1.0, 697.0, 1336.0, 50.0)]
    assert phone.sources.sift(heard, {2: 3}, 0) == heard
    assert phone.noted == []
    phone.sources.forget(3)
    assert not phone.sources


@pytest.mark.parametrize(("began", "count"), [(4000 - samples(0.149), 1), (4560 + samples(0.149), 1),
                                              (4000 - samples(0.151), 2), (4560 + samples(0.151), 2)])
def test_a_key_of_another_source_then_the_same_within_150_ms_of_its_sound_and_another_beyond(began, count):
    """The sound lasts from 4000 to 4560; the event comes when both are over, and says when its key began."""
    phone = Phone()
    down, _ = phone.play([(4272, "audio", "5", 4000, 0), (4640, "audio", "5", 4000, 4560)])
    zero = phone.call.dialled_at
    phone.sources.tell(phone.call, DigitBegan(2, zero + began, "5", "rfc4733"))
    later = phone.sources.sift([], {2: 3}, zero + samples(1))
    assert len(down) + len(later) == count
