"""Clips have users and the store an end; what is heard is as if every clip were kept for ever."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampled import examples

from ivr.engine.sound import Heads
from ivr.engine.store import Store


def clip(seed, length=None):
    """Return noise: of a length of its own, seldom whole frames, and loud from its first sample."""
    random = np.random.default_rng(seed)
    return random.integers(1000, 9000, length or int(random.integers(1, 900))).astype(np.int16)


def told(store, seeds):
    """Take clips into use and out of it, one after the other, as a tick does."""
    for seed in seeds:
        store.release(store.add(clip(seed, 4800)))
        store.tidy()


def test_two_thousand_names_when_nobody_plays_them_any_more_then_as_much_is_kept_as_of_two_hundred():
    store = Store(spare=100_000)
    told(store, range(200))
    size, clips = store.size, store.clips
    told(store, range(200, 2000))
    assert (store.size, store.clips) == (size, clips)


def test_clip_when_it_is_used_again_and_again_then_stays_while_names_come_and_go():
    store = Store(spare=50_000)
    prompt = clip(1)
    begin = store.add(prompt).begin
    store.release(store.add(prompt))
    for seed in range(100, 400):
        told(store, [seed])
        assert store.add(prompt).begin == begin
        store.release(store.add(prompt))


def test_clip_when_one_of_two_users_is_done_then_the_other_still_has_it():
    store = Store(spare=0)
    mine, yours = store.add(clip(1)), store.add(clip(1))
    assert mine is yours
    store.release(mine)
    told(store, range(2, 50))
    assert np.array_equal(store.windows[yours.begin][:160], np.resize(clip(1), 160)[:160])
    store.release(yours)
    store.tidy()
    assert store.clips == 0


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_neighbours_when_all_have_gone_in_any_order_then_a_longer_one_fits_in_their_place(order):
    store = Store(spare=0)
    kept = store.add(clip(9, 160))
    three = [store.add(clip(seed, 1600)) for seed in range(3)]
    after = store.add(clip(8, 160))
    for place in order:
        store.release(three[place])
        store.tidy()
    assert store.add(clip(7, 4800)).begin == three[0].begin == kept.end
    assert after.begin == three[2].end


def test_clip_in_the_place_of_a_longer_one_then_silence_follows_it():
    store = Store(spare=0)
    old = store.add(clip(1, 320))
    store.release(old)
    store.tidy()
    new = store.add(clip(2, 200))
    assert new.begin == old.begin
    assert not store.windows[new.begin + 160][40:].any()


DEEDS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["play", "stop", "go on", "go on", "go on"]),
                           st.integers(0, 11)), max_size=60)


class Rows:
    """Three rows, each of which plays what it is given, or silence."""

    def __init__(self, store):
        self.store, self.heads = store, Heads(3, store)
        self.clips, self.left = [None] * 3, [0] * 3

    def play(self, row, coming):
        before, self.clips[row] = self.clips[row], coming
        if coming is None:
            self.heads.stop(row)
        else:
            self.heads.play(row, coming)
            self.left[row] = coming.length
        if before is not None:
            self.store.release(before)

    def go_on(self, seed):
        """Return the next frame; a clip that is over then goes round, or another one or silence follows."""
        frame = self.heads.render()
        self.store.tidy()
        self.left = [left - 160 for left in self.left]
        for row, over in enumerate(self.clips):
            if over is not None and self.left[row] == 0:
                self.play(row, self.store.hold(over) if seed % 3 == 2 else self.store.add(clip(seed)) if seed % 3
                          else None)
        return frame


def heard(store, deeds):
    rows, frames = Rows(store), [np.zeros((3, 160), np.int16)]
    for row, deed, seed in deeds:
        if deed == "go on":
            frames.append(rows.go_on(seed))
        else:
            rows.play(row, store.add(clip(seed)) if deed == "play" else None)
    for row in range(3):
        rows.play(row, None)
    frames.append(rows.go_on(0))
    return np.concatenate(frames)


@examples(60)
@given(deeds=DEEDS, others=st.integers(0, 5))
def test_rows_when_clips_are_let_go_at_once_then_hear_the_same_as_if_all_were_kept(deeds, others):
    """Wherever clips lie, too: one of the stores has others in it."""
    quick = Store(spare=0)
    for seed in range(50, 50 + others):
        quick.add(clip(seed))
    assert np.array_equal(heard(quick, deeds), heard(Store(spare=1 << 40), deeds))
    assert quick.clips == others
