"""Each hears all but himself, nobody hears another room, and nothing clips."""

import numpy as np
import pytest

from lobby.mixing import Mixer

FRAME = 160


def said(rows, frames, level, seed=3):
    shape = (frames, rows, FRAME)
    return np.random.default_rng(seed).integers(-level, level + 1, shape).astype(np.int16)


def mixed(rooms, frames, extra=None):
    mixer = Mixer(len(rooms))
    for row, room in enumerate(rooms):
        if room >= 0:
            mixer.move(row, room)
    return np.stack([mixer.mix(frame, extra) for frame in frames])


def test_quiet_talkers_then_each_hears_the_sum_of_the_others_a_frame_later():
    frames = said(4, 6, 3000)
    heard = mixed([7, 7, 7, 7], frames)
    wanted = frames.sum(axis=1, keepdims=True, dtype=np.int32) - frames
    assert np.array_equal(heard[1:], wanted[:-1])
    assert not heard[0].any()


def test_a3_15_other_rooms_and_none_then_never_heard():
    frames = said(5, 6, 3000)
    heard = mixed([1, 1, 2, 2, -1], frames)
    assert np.array_equal(heard[1:, 0], frames[:-1, 1])
    assert np.array_equal(heard[1:, 2], frames[:-1, 3])
    assert not heard[:, 4].any()


def test_a_room_among_a_thousand_rows_then_the_same_bits_as_alone():
    frames = said(1000, 5, 32767)
    rooms = np.random.default_rng(4).integers(-1, 90, 1000)
    everyone = mixed(rooms.tolist(), frames)
    for room in (0, 41, 89):
        rows = np.flatnonzero(rooms == room)
        assert np.array_equal(everyone[:, rows], mixed([0] * len(rows), frames[:, rows]))


def test_rows_in_another_order_then_the_same_in_that_order():
    frames = said(12, 5, 32767)
    rooms = [0, 1, 2] * 4
    order = np.random.default_rng(5).permutation(12)
    shuffled = mixed([rooms[n] for n in order], frames[:, order])
    assert np.array_equal(shuffled, mixed(rooms, frames)[:, order])


def test_fifty_talkers_at_full_level_then_nothing_reaches_the_rail_and_nothing_clicks():
    time = np.arange(60 * FRAME)
    tones = [12000 * np.sin(2 * np.pi * (200 + 11 * n) * time / 8000 + n) for n in range(50)]
    loud = np.rint(tones).astype(np.int16).reshape(50, 60, FRAME).swapaxes(0, 1)
    loud[:20] //= 50  # soft at first: the limiter has to set in
    heard = mixed([0] * 50, loud).swapaxes(0, 1).reshape(50, -1).astype(int)
    assert np.abs(heard).max() <= 32001
    others = loud.sum(axis=1, dtype=np.int64)[:, None] - loud
    others = others.swapaxes(0, 1).reshape(50, -1)
    # no step is larger than the sum's own largest step brought down by the gain of its peak
    for row in (0, 25, 49):
        limit = np.abs(np.diff(others[row])).max() * 32000 / np.abs(others[row]).max()
        assert np.abs(np.diff(heard[row])).max() <= 1.15 * limit


def test_a_tone_too_loud_then_it_stays_a_tone():
    """Two at full scale, the same tone: what comes out is less than 1 % anything else."""
    time = np.arange(100 * FRAME)
    tone = np.rint(32000 * np.sin(2 * np.pi * 400 * time / 8000)).astype(np.int16).reshape(100, FRAME)
    frames = np.stack([tone, tone, np.zeros_like(tone)], axis=1)
    heard = mixed([0, 0, 0], frames)[50:, 2].reshape(-1).astype(float)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) ** 2
    at = round(400 * len(heard) / 8000)
    fundamental = spectrum[at - 4:at + 5].sum()
    assert (spectrum.sum() - fundamental) / fundamental < 1e-4


def test_a_tone_of_the_room_then_everyone_in_it_hears_it_and_nobody_else():
    frames = said(4, 3, 100)
    chime = np.full(FRAME, 1000, np.int16)
    plain, with_tone = mixed([1, 1, 2, -1], frames), mixed([1, 1, 2, -1], frames, {1: chime})
    assert np.array_equal(with_tone[1:, :2] - plain[1:, :2], np.full((2, 2, FRAME), 1000))
    assert np.array_equal(with_tone[:, 2:], plain[:, 2:])


def test_growing_and_moving_then_the_others_go_on_undisturbed():
    frames = said(8, 8, 20000)
    still = mixed([0, 0, 0], frames[:, :3])
    mixer, heard = Mixer(3), []
    for row in range(3):
        mixer.move(row, 0)
    for number, frame in enumerate(frames):
        if number == 3:
            mixer.resize(8)
        if number in (3, 5):
            mixer.move(6, 9 if number == 3 else -1)
        heard.append(mixer.mix(frame[:3] if number < 3 else frame)[:3])
    assert np.array_equal(np.stack(heard), still)


@pytest.mark.parametrize("room", [0, 5])
def test_alone_in_a_room_then_silence(room):
    mixer = Mixer(1)
    assert not mixer.active
    mixer.move(0, room)
    assert mixer.active
    assert not mixer.mix(said(1, 1, 30000)[0]).any()
