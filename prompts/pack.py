"""A voice pack: a user's own recordings, in a folder a language, named as `prompts.pieces` names them.

What is missing is spoken. Recordings are brought to the line's rate, to one channel and to the prompts' level, and
their silence is trimmed; what cannot be used is told, and spoken instead.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prompts.catalogue import languages
from prompts.errors import BadPack
from prompts.level import Samples, for_the_line
from prompts.pieces import every, spoken_as
from prompts.slots import nearest

ENDINGS = (".wav", ".flac")
LONGEST_S = 60
_FAINTEST = 30
"""A recording whose peak is below this, 60 dB under full scale, holds no voice."""


@dataclass(frozen=True, slots=True)
class FileSound:
    """What a file holds: float64 array [shape=(n, channels)] in units of int16, and its samples a second."""

    samples: NDArray[np.float64]
    rate: int


@dataclass(slots=True)
class Pack:
    """Recordings instead of the voice.

    Parameters
    ----------
    folder : Path
        Holds a folder a language, such as `en-US`; or the recordings themselves, then of `language`.
    language : str

    Attributes
    ----------
    faults : list of str
        A sentence for each file that was not used, filled as languages are read.

    Raises
    ------
    BadPack
        If there is no such folder, or nothing in it can be a recording.
    """

    folder: Path
    language: str = "en-US"
    faults: list[str] = field(default_factory=list)
    _known: dict[tuple[str, int], dict[str, Samples]] = field(default_factory=dict)
    _identity: str = ""

    def __post_init__(self) -> None:
        """Look whether there is anything at all."""
        if not self.folder.is_dir():
            raise BadPack(f"there is no folder {self.folder}: a voice pack is a folder of recordings")
        if not self.languages():
            raise BadPack(f"the folder {self.folder} holds no recording, neither itself nor in a folder such as "
                          f"{self.language}: 'ivr prompts export' makes a start")

    def languages(self) -> tuple[str, ...]:
        """Return the languages of which there are recordings."""
        return tuple(language for language in languages() if self.files(language))

    def clips(self, language: str, rate: int) -> Mapping[str, Samples]:
        """Return the recordings of a language that can be used, by the words they say."""
        if (language, rate) not in self._known:
            found: dict[str, Samples] = {}
            self._known[language, rate] = found
            for path, name in self.files(language):
                try:
                    words, sound = words_of(path, name, language), sound_of(path)
                except BadPack as error:
                    self.faults.append(f"{error}: it is spoken instead")
                    continue
                one = np.rint(sound.samples.mean(axis=1)).astype(np.int16)
                found.setdefault(words, for_the_line(one, sound.rate, rate))
        return self._known[language, rate]

    def identity(self) -> str:
        """Return what tells this pack from every other: a hash of its recordings."""
        if self._identity:
            return self._identity
        whole = hashlib.sha256()
        for language in self.languages():
            for path, name in self.files(language):
                whole.update(f"{language}/{name}\0".encode() + path.read_bytes())
        self._identity = f"voice pack {whole.hexdigest()[:12]}"
        return self._identity

    def files(self, language: str) -> list[tuple[Path, str]]:
        """Return the recordings of a language, and the piece that each one's name says it is."""
        folder = self.folder / language
        if not folder.is_dir():
            split = any((self.folder / other).is_dir() for other in languages())
            if split or language != self.language:
                return []
            folder = self.folder
        files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
        return [(path, path.relative_to(folder).with_suffix("").as_posix()) for path in files]


def words_of(path: Path, name: str, language: str) -> str:
    """Return the words of a recording.

    Raises
    ------
    BadPack
        If nothing has its name.
    """
    known = every(language)
    if name not in known:
        raise BadPack(f"{path}: nothing that is said is called {name!r}{nearest(name, known)}")
    return spoken_as(known[name])


def sound_of(path: Path) -> FileSound:
    """Read a recording.

    Raises
    ------
    BadPack
        If it is no audio, silent, empty, or longer than any prompt.
    """
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            if file.frames > LONGEST_S * file.samplerate:
                seconds = file.frames / file.samplerate
                raise BadPack(f"{path}: {seconds:.0f} s are too long, {LONGEST_S} s is the most")
            samples = file.read(dtype="float64", always_2d=True) * 32767.0
            rate = int(file.samplerate)
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise BadPack(f"{path}: this is no recording that can be read ({error})") from None
    if not np.abs(samples).max(initial=0.0) >= _FAINTEST:
        raise BadPack(f"{path}: nothing is to be heard in it")
    return FileSound(samples, rate)
