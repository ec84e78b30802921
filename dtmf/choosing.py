"""Which channel of several speaks for a recording: the one with keys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.channels import One, check_channel, picked
from dtmf.errors import AudioError
from dtmf.recording import Tone, decode, digits

HOW = "--channel {}, or --mix"
"""How a channel is chosen on a command line."""

SAME_S = 0.5
"""Seconds within which the same key on another channel is the same press: an echo by satellite is that late."""


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """Which channel speaks for a recording; None without keys, or where those in `differ` differ."""

    winner: int | None
    differ: tuple[int, ...] = ()


def choose(heard: Sequence[Sequence[Tone]], rate: int) -> ChannelChoice:
    """Choose the channel that holds the keys.

    The one with the most keys wins, of two with as many the louder one. It speaks for another one that holds the
    same digits, or some of its presses: what leaks from one channel into the other.

    Parameters
    ----------
    heard : sequence of sequences of Tone
        The presses of each channel.
    rate : int
        Samples a second.
    """
    if len(heard) == 1:
        return ChannelChoice(0)
    keyed = [number for number, tones in enumerate(heard) if tones]
    if not keyed:
        return ChannelChoice(None)
    winner = max(keyed, key=lambda number: (len(heard[number]), _level(heard[number]), -number))
    if all(_within(heard[number], heard[winner], rate) for number in keyed):
        return ChannelChoice(winner)
    return ChannelChoice(None, tuple(keyed))


def _level(tones: Sequence[Tone]) -> float:
    return sum(tone.level_dbm0 for tone in tones) / len(tones)


def _within(some: Sequence[Tone], tones: Sequence[Tone], rate: int) -> bool:
    """Tell whether all these presses are among others, in their order."""
    if digits(some) == digits(tones):
        return True
    rest = iter(tones)
    return all(any(same_press(one.digit, one.start, other.digit, other.start, rate) for other in rest)
               for one in some)


def same_press(digit: str, start: int, other: str, other_start: int, rate: int) -> bool:
    """Tell whether a key on one channel is what is heard on another one, too; starts are samples."""
    return digit == other and abs(start - other_start) <= SAME_S * rate


def chosen(
    samples: NDArray[np.int16], rate: int, channel: One, name: object, *, how: str = HOW
) -> NDArray[np.int16]:
    """Return the one channel of a recording that is meant.

    Parameters
    ----------
    samples : int16 array [shape=(n, channels)]
    rate : int
        Samples a second.
    channel : int, "mix" or None
        One from 0, all of them mixed down, or the one with keys; where none has keys, the loudest.
    name : object
        What errors call the recording.
    how : str
        How a channel is chosen, `{}` in the place of its number.

    Returns
    -------
    int16 array [shape=(n,)]

    Raises
    ------
    AudioError
        If there is no such channel, or the channels hold different keys and none was chosen.
    RateError
        If keys cannot be looked for at this rate.
    """
    check_channel(samples.shape[1], channel, name)
    rows = picked(samples, channel)
    choice = choose([decode(row, rate) for row in rows], rate) if len(rows) > 1 else ChannelChoice(0)
    if choice.differ:
        raise AudioError(f"{name}: {differing(choice.differ, how)}", value=name)
    winner = choice.winner
    if winner is None:
        winner = int(np.argmax([np.square(row, dtype=np.float64).sum() for row in rows]))
    one: NDArray[np.int16] = rows[winner]
    return one


def differing(channels: Sequence[int], how: str = HOW) -> str:
    """Say that channels hold different keys, and what helps; which keys they are may be a secret."""
    named = f"{', '.join(map(str, channels[:-1]))} and {channels[-1]}"
    return f"channels {named} hold different keys; choose with {how.format(channels[0])}."
