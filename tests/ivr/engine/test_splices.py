"""What is cut short or begins at once does not click: steps from sample to sample at every splice."""

import numpy as np
import pytest

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.engine.mixing import Mixing
from ivr.engine.sound import Heads
from ivr.engine.store import Store
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import play
from lobby import hold_music

FADE = 40


@pytest.fixture
def store():
    return Store()


def wave(seed, frames=6):
    """Return something loud that neither begins nor ends at rest."""
    walk = np.random.default_rng(seed).standard_normal(160 * frames + 64)
    smooth = np.convolve(walk, np.hanning(64), "valid")[:160 * frames]
    return np.rint(smooth / np.abs(smooth).max() * 20000).astype(np.int16)


def rendered(heads, frames):
    return np.concatenate([heads.render()[0] for _ in range(frames)])


def roughest(samples):
    return int(np.abs(np.diff(samples.astype(int))).max())


@pytest.mark.parametrize("then", ["silence", "another clip", "itself from its beginning"])
@pytest.mark.parametrize("after", [1, 2, 3])
def test_clip_when_cut_short_then_fades_within_5_ms(store, then, after):
    first, second = wave(1), wave(2)
    clips = [store.add(first), store.add(second)]
    heads = Heads(1, store)
    heads.play(0, clips[0])
    before = rendered(heads, after)
    if then == "silence":
        heads.stop(0)
        new = np.zeros(320, np.int16)
    else:
        heads.play(0, clips[then == "another clip"])
        new = second if then == "another clip" else first
    sound = np.concatenate([before, rendered(heads, 2)])
    cut = 160 * after
    # it goes on as if nothing were, and 5 ms later the old is gone
    assert abs(int(sound[cut]) - int(first[cut])) <= 1
    assert np.array_equal(sound[cut + FADE:], new[FADE:320])
    assert roughest(sound[cut - 1:cut + FADE + 1]) <= roughest(first) + roughest(new) + 40000 // FADE


def test_clip_when_it_begins_loud_then_fades_in(store):
    loud = wave(3)
    heads = Heads(1, store)
    heads.play(0, store.add(loud))
    sound = rendered(heads, 2)
    assert sound[0] == 0
    assert np.array_equal(sound[FADE:], loud[FADE:320])


def test_music_when_it_goes_round_then_has_no_seam(store):
    music = hold_music(8000)
    loop = store.add(music)
    heads = Heads(1, store)
    heads.play(0, loop)
    rendered(heads, loop.length // 160)
    heads.play(0, loop)
    assert np.array_equal(rendered(heads, 2), music[:320])


def test_clip_when_it_begins_and_ends_at_rest_then_played_as_it_is(store):
    said = prompts().clips("welcome")[0]
    clip = store.add(said)
    heads = Heads(1, store)
    heads.play(0, clip)
    assert np.array_equal(rendered(heads, clip.length // 160)[:len(said)], said)


def test_row_when_it_is_cut_twice_in_a_frame_then_fades_from_what_was_heard(store):
    first, second, third = (store.add(wave(k)) for k in (1, 2, 3))
    heads = Heads(1, store)
    heads.play(0, first)
    before = rendered(heads, 2)
    heads.stop(0)
    heads.play(0, second)
    heads.play(0, third)
    sound = np.concatenate([before, rendered(heads, 1)])
    assert abs(int(sound[320]) - int(wave(1)[320])) <= 1
    assert np.array_equal(sound[320 + FADE:], wave(3)[FADE:160])


def test_clip_when_another_takes_its_place_before_it_was_heard_then_that_one_fades_in_from_silence(store):
    soft, loud = wave(5), wave(4)
    soft[0], loud[0] = 0, 9000
    heads = Heads(1, store)
    heads.play(0, store.add(soft))
    heads.play(0, store.add(loud))
    sound = rendered(heads, 1)
    assert sound[0] == 0
    assert np.array_equal(sound[FADE:], loud[FADE:160])
    assert (np.abs(sound[:FADE].astype(int)) <= np.abs(loud[:FADE].astype(int))).all()


STORY = """
title: Keys in the middle of prompts, and a meeting that starts in the middle of the music
meetings: [{conference id: 1234567, pin: 48215}]
callers:
  anna:
    - dial
    - wait: WAIT s
    - press: "1"
    - wait: 1.3 s
    - press: 234567#
    - hear: organizer-question
    - press: "#"
    - hear: hold-music
      within: 20 s
    - in: meeting
      within: 60 s
  amos:
    - wait: 17.9 s
    - dial
    - press: 1234567#*48215#
    - in: meeting
"""


@pytest.mark.parametrize("wait", [0.5, 0.7, 0.9, 1.4])
def test_call_when_a_prompt_or_the_music_is_cut_then_it_fades_from_the_sample_it_had_come_to(tmp_path, wait):
    (tmp_path / "story.yaml").write_text(STORY.replace("WAIT", str(wait)))
    result = play(load(tmp_path / "story.yaml", Words(prompts().names(), PROFILES)), stage())
    assert result.passed
    take = next(take for take in result.takes if take.caller == "anna")
    heard, cuts = take.heard, []
    entries = [entry for entry in result.journal if entry.caller == "anna"]
    music = [entry.at for entry in entries if entry.event == "music"]
    spans = [(prompts().clips(entry.facts["prompt"])[0], entry.facts["began_at"], entry.at) for entry in entries
             if entry.event == "prompt" and entry.facts["interrupted"] and entry.at < music[1]]
    for clip, began_at, ended_at in [*spans, (hold_music(8000), *music[:2])]:
        begin, cut = ((at - take.dialled_at) // 160 * 160 for at in (began_at, ended_at))
        assert np.array_equal(heard[begin + FADE:cut], clip[FADE:cut - begin])
        cuts.append((int(clip[cut - begin]), heard[cut]))
    assert len(cuts) >= 3
    assert max(abs(left - came) for left, came in cuts) <= 40, cuts


def test_room_when_somebody_comes_in_the_middle_of_a_word_then_it_fades_in():
    mixing = Mixing(3, {})
    loud = np.full((3, 160), 20000, np.int16)
    loud[1:] = 0
    for row in (0, 1):
        mixing.enter(row, 1)

    def mixed():
        frame = np.zeros((3, 160), np.int16)
        mixing.add(loud, frame, set())
        return frame

    for _ in range(6):
        mixed()
    mixing.enter(2, 1)
    frames = [mixed() for _ in range(5)]
    heard = np.concatenate([frame[2] for frame in frames])
    assert roughest(heard) <= 20000 // FADE + 1
    assert heard[-1] == 20000
    # those who were there hear no gap
    assert (np.concatenate([frame[1] for frame in frames]) == 20000).all()
