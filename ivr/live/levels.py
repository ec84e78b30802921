"""How loud callers are: what others may hear of them, so without their keys."""

from collections import deque

import numpy as np

from dtmf.keys import FULL_SCALE_DBM0
from ivr.engine.sound import Samples

FRAMES = 5
"""Over how many frames, the last ones, a level is taken: 100 ms."""


class Levels:
    """The last frames of all rows; what they come to is worked out when somebody asks."""

    def __init__(self) -> None:
        self._frames: deque[Samples] = deque(maxlen=FRAMES)

    @property
    def followed(self) -> bool:
        """Whether there is anything to go by."""
        return bool(self._frames)

    def took(self, clamped: Samples) -> None:
        """Take the next frame of every row, without keys. int16 array [shape=(rows, 160)]."""
        self._frames.append(clamped)

    def forget(self) -> None:
        """Forget what was before: it is taken no longer."""
        self._frames.clear()

    def dbm0(self, new: dict[int, int]) -> list[float]:
        """Return the level of each row, in dBm0; -inf for silence.

        Parameters
        ----------
        new : dict of int to int
            Of rows whose call is not yet as old as all of the frames: how many of them are its own.
        """
        power = np.zeros(len(self._frames[-1]), np.float32)
        for age, frame in enumerate(reversed(self._frames)):
            floats = frame.astype(np.float32)
            of_frame = np.einsum("ij,ij->i", floats, floats)
            of_frame[[row for row, own in new.items() if own <= age and row < len(of_frame)]] = 0
            both = min(len(power), len(of_frame))  # rows come and go at the end; those that stay keep their numbers
            power[:both] += of_frame[:both]
        samples = len(self._frames) * self._frames[-1].shape[1]
        with np.errstate(divide="ignore"):
            levels: list[float] = (10 * np.log10(power / (samples * 32768.0 ** 2 / 2)) + FULL_SCALE_DBM0).tolist()
        return levels
