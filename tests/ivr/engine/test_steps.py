"""Steps of many frames: not a byte of what is told or heard differs from what single frames give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dtmf
from dtmf import Detector
from ivr.clock import FRAME, RATE, samples
from ivr.engine.exchange import Exchange
from ivr.engine.messages import DigitBegan, DigitOver, Held, Resumed, Welcome
from ivr.lines.memory import MemoryLine, MemoryTrunk

KEYS = ("1234567#1", "1234567#*48215#", "5550000#", "5550000#1", "99#", "*#*#A", "123456789#", "*1", "")
QUICK = {"first_digit_timeout": samples(0.8), "inter_digit_timeout": samples(0.4), "announcements": True,
         "announce_with": "names", "name_recording": True}
WELCOMES = (Welcome(), Welcome(rings=samples(0.73)), Welcome(rings=1234, early=True), Welcome(refused=486))

callers = st.fixed_dictionaries({
    "seed": st.integers(0, 1000), "keys": st.sampled_from(KEYS), "later": st.sampled_from(KEYS),
    "dials_at": st.integers(0, samples(2)), "stays": st.none() | st.integers(0, samples(5)),
    "loses": st.frozensets(st.integers(0, 200), max_size=4), "beside": st.sampled_from(("", "", "rfc4733", "info")),
    "held": st.booleans(), "talks": st.booleans()})


def line(n, seed, keys, later, dials_at, stays, loses, beside, held, talks):
    """A caller who presses keys, and later others; in his sound or beside it."""
    random = np.random.default_rng(seed)
    says = random.normal(0, 900 if talks else random.uniform(0, 30), samples(6))
    tells = [Held(0, samples(2)), Resumed(0, samples(3))] if held else []
    for at, some in ((samples(0.6), keys), (samples(3.1), later)):
        if beside:
            for place, key in enumerate(some):
                begins = at + place * 900
                tells += [DigitBegan(0, begins, key, beside), DigitOver(0, begins + 500, beside)]
        elif some:
            tones = dtmf.encode(some, RATE, tone_ms=60, gap_ms=60)[:len(says) - at]
            says[at:at + len(tones)] += tones
    return MemoryLine(f"c{n}", np.clip(np.rint(says), -32768, 32767).astype(np.int16), dials_at=dials_at,
                      hangs_up_after=stays, lost=loses, tells=tells)


def told(world_of, some, steps, welcome):
    """Return the journal, and what every caller heard."""
    world = world_of([], **QUICK)
    lines = [line(n, **one) for n, one in enumerate(some)]
    trunks = [MemoryTrunk(lines[::2], stays=True), MemoryTrunk(lines[1::2])]
    exchange = Exchange(world.bridge, trunks,
                        reception=lambda event: WELCOMES[(welcome + int(event.caller[1:])) % 4])
    end, n = samples(8), 0
    while (left := (end - world.bridge.now) // FRAME) > 0:
        exchange.step(min(left, steps[n % len(steps)]))
        n += 1
    return world.bridge.journal.json_lines(), [one.heard().tobytes() for one in lines], n


@settings(max_examples=25)
@given(some=st.lists(callers, min_size=1, max_size=5), steps=st.lists(st.integers(1, 60), min_size=1, max_size=4),
       welcome=st.integers(0, 3))
def test_steps_of_any_length_then_what_single_frames_give(world_of, some, steps, welcome):
    """Ringing, refusing, names recorded, rooms, keys beside the audio, hold, loss and hanging up among them."""
    assert told(world_of, some, steps, welcome)[:2] == told(world_of, some, [1], welcome)[:2]


def test_a_caller_who_waits_with_music_then_a_few_steps_take_minutes(world):
    """A wait costs what happens in it: every loop of the music and every timer ends a stretch, and nothing else."""
    played = world(MemoryLine("anna", dtmf.encode("1234567#1", RATE), dials_at=0))
    carried = [played.exchange.step(5_000)]
    assert carried == [5_000]
    assert played.bridge.now == 5_000 * FRAME
    assert "lobby" in played.states("anna")
    assert len(played.lines[0].heard()) == 5_000 * FRAME


@pytest.mark.parametrize("frame", [FRAME, 400])
@settings(max_examples=20)
@given(data=st.data())
def test_skimmed_then_all_is_taken_before_the_frame_that_has_something(frame, data):
    """The detector is then where frames alone would have brought it, clamp included."""
    keys = data.draw(st.text("0123456789*#ABCD", max_size=3))
    before = data.draw(st.integers(0, samples(0.5)))
    tones = dtmf.encode(keys, RATE, tone_ms=data.draw(st.integers(30, 90))) if keys else np.zeros(0, np.int16)
    sound = np.concatenate([np.zeros(before, np.int16), tones, np.zeros(samples(0.4), np.int16)])
    noise = np.random.default_rng(before).integers(-200, 200, (2, len(sound) // frame * frame)).astype(np.int16)
    noise[1] += sound[:noise.shape[1]] // 2
    straight, other = (Detector(2, RATE, clamp=True) for _ in range(2))
    at = 0
    while at < noise.shape[1]:
        taken = other.skim(noise[:, at:], frame)
        for begin in range(at, at + taken, frame):
            assert not straight.feed(noise[:, begin:begin + frame])
        at += taken
        if at < noise.shape[1]:
            this = noise[:, at:at + frame]
            found = straight.feed(this)
            assert other.feed(this) == found != []
            assert np.array_equal(other.clamped(frame), straight.clamped(frame))
            at += frame
