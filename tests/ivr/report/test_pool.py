"""Sound that is kept once: what many heard, put together again for each, to the sample."""

import numpy as np
import pytest

from ivr.clock import RATE
from ivr.report.pool import Pool, PoolPiece


def noise(seed: int, seconds: float) -> np.ndarray:
    return np.random.default_rng(seed).integers(-3000, 3000, round(seconds * RATE)).astype(np.int16)


def together(pool: Pool, pieces: list[PoolPiece], length: int) -> np.ndarray:
    whole = np.zeros(length, np.int16)
    for piece in pieces:
        whole[piece.at:piece.at + piece.length] = pool.samples[piece.begin:piece.begin + piece.length]
    return whole


@pytest.mark.parametrize("seed", range(8))
def test_add_when_sounds_come_again_anywhere_then_all_is_put_together_as_it_was(seed: int) -> None:
    random = np.random.default_rng(seed)
    sounds = [noise(n, float(random.uniform(0.01, 12))) for n in range(4)]
    pool = Pool()
    for _ in range(4):
        parts = [np.zeros(0, np.int16)]
        for n in random.integers(0, 4, 6):
            begin = int(random.integers(0, len(sounds[n])))
            parts += [np.zeros(int(random.integers(0, 3000)), np.int16), sounds[n][begin:]]
        audio = np.concatenate(parts)
        assert np.array_equal(together(pool, pool.add(audio), len(audio)), audio)
    assert len(pool.samples) < 2 * sum(map(len, sounds))


def test_add_when_many_hear_the_same_music_then_it_is_kept_once() -> None:
    music, pool = noise(1, 20), Pool()
    for n in range(10):
        own = noise(100 + n, 1)
        pool.add(np.concatenate([own, np.tile(music, 3)[n * 777:]]))
    assert len(pool.samples) < len(music) + 10 * (RATE + RATE)


def test_add_when_nothing_sounds_then_nothing_is_kept() -> None:
    pool = Pool()
    assert pool.add(np.zeros(60 * RATE, np.int16)) == pool.add(np.zeros(0, np.int16)) == []
    assert not len(pool.samples)


def test_add_when_there_is_silence_between_sounds_then_it_costs_nothing() -> None:
    pool, sound = Pool(), noise(3, 1)
    pieces = pool.add(np.concatenate([sound, np.zeros(600 * RATE, np.int16), sound[::-1]]))
    assert len(pool.samples) == 2 * RATE
    assert [piece.at for piece in pieces] == [0, 601 * RATE]
