"""Where actors get what they play, and the lines that they play it into."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dtmf.channels import One
from ivr.scenario.badline import StoryLine

Samples = NDArray[np.int16]


class Carriage(Protocol):
    """A line between a caller and what he calls; it takes and gives int16 arrays [shape=(n * 160,)]."""

    def says(self, samples: Samples, /) -> Samples:
        """Return what arrives of what he says."""

    def voice(self, samples: Samples, /) -> None:
        """Take what he says but for keys, before what he hears meanwhile is asked for."""

    def hears(self, samples: Samples, /) -> Samples:
        """Return what arrives of what is said to him."""


@dataclass(frozen=True, slots=True)
class Studio:
    """What actors cannot make themselves: texts spoken in a voice, recordings, and a caller's bad line."""

    say: Callable[[str, str], Samples]
    recording: Callable[[Path, One], Samples]
    line: Callable[[StoryLine, str], Carriage]
