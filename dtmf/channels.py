"""Which channels of a recording are listened to."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import AudioError

One = int | Literal["mix"] | None
"""One channel from 0, all mixed down, or None: the one with keys."""

Channel = int | Literal["all", "mix"] | None
"""One channel from 0, each by itself, all mixed down, or None: each by itself, and the one with keys wins."""


def picked(block: NDArray[np.int16], channel: Channel) -> NDArray[np.int16]:
    """Return the channels of a block that are listened to, each as a row.

    Parameters
    ----------
    block : int16 array [shape=(n, channels)]
    channel : int, "all", "mix" or None
        One channel, all of them mixed down to their mean, or else each by itself.

    Returns
    -------
    int16 array [shape=(rows, n)]
    """
    if isinstance(channel, int):
        return np.ascontiguousarray(block[:, channel])[None]
    if channel != "mix" or block.shape[1] == 1:
        return np.ascontiguousarray(block.T)
    mixed: NDArray[np.int16] = (block.sum(axis=1, dtype=np.int64) // block.shape[1]).astype(np.int16)
    return mixed[None]


def rows_of(count: int, channel: Channel) -> int:
    """Return how many rows `picked` makes of a block of `count` channels."""
    return count if channel in ("all", None) else 1


def check_channel(count: int, channel: Channel, name: object) -> None:
    """See that there is such a channel.

    Raises
    ------
    AudioError
        If there is not.
    """
    if isinstance(channel, int) and not 0 <= channel < count:
        have = "only channel 0" if count == 1 else f"channels 0 to {count - 1}"
        raise AudioError(f"{name} has no channel {channel}; it has {have}.", value=channel)
