"""What callers have said, by name: in memory here, as files at the edge."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from ivr.clock import RATE
from ivr.directory.errors import NotFound
from ivr.voicemail import Samples


class Recordings(Protocol):
    """Where recordings are kept, each whole or not at all."""

    def keep(self, name: str, samples: Samples) -> None:
        """Keep a recording, so that it is there whatever happens next.

        Raises
        ------
        StoreError
            If it cannot be kept.
        """

    def read(self, name: str) -> Samples:
        """Return a recording. int16 array [shape=(n,)].

        Raises
        ------
        NotFound
            If it is not there.
        StoreError
            If it cannot be read.
        """

    def drop(self, name: str) -> None:
        """Keep it no longer; one that is not there is none."""

    def names(self) -> Iterable[str]:
        """Give the names of recordings that have been there for a while: those of now may still lack their row."""


@dataclass(slots=True)
class MemoryRecordings:
    """Recordings for as long as the program runs."""

    _kept: dict[str, Samples] = field(default_factory=dict, repr=False)

    def keep(self, name: str, samples: Samples) -> None:
        """Keep a recording."""
        self._kept[name] = samples.copy()

    def read(self, name: str) -> Samples:
        """Return a recording."""
        if name not in self._kept:
            raise NotFound(f"the recording {name} is there no more")
        return self._kept[name]

    def drop(self, name: str) -> None:
        """Keep it no longer."""
        self._kept.pop(name, None)

    def names(self) -> Iterable[str]:
        """Give none: memory ends before a recording without a row could be in the way."""
        return ()


def wav_of(samples: Samples) -> bytes:
    """Return samples as a WAV file, mu-law as on a telephone line: 8 kB a second."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, np.asarray(samples, np.int16), RATE, format="WAV", subtype="ULAW")
    return file.getvalue()
