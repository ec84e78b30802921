"""The voice: pyttsx3, and on Linux the espeak-ng library that comes with a Python package.

Called only when something has to be spoken anew; `prompts.cache` keeps what has been spoken.
"""

import contextlib
import functools
import importlib.metadata
import json
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from prompts import speaker
from prompts.errors import NoVoice
from prompts.level import Samples

PACE = 165
"""Words a minute, where nothing else is asked for."""

_LONGEST_S = 60
"""No text takes the engine longer, so one that does hangs."""

_TRIES = 3
"""A busy engine can lose what it was told about its voice or its rate; not three times."""

_INSTALL = {
    "linux": "the Python packages pyttsx3 and espeakng-loader ('pip install pyttsx3 espeakng-loader')",
    "darwin": "the Python packages pyttsx3 and pyobjc ('pip install pyttsx3 pyobjc')",
    "win32": "the Python packages pyttsx3 and pywin32 ('pip install pyttsx3 pywin32')",
}

PITCH = 50
"""As a voice is by itself."""

VARIANTS = ("", "+f2", "+m3", "+f4", "+m7", "+f3", "+m1", "+f5", "+m5", "+f1")
"""Voices to choose from, as variants of a language's voice; the empty one is the bridge's own."""


@functools.cache
def identity() -> str:
    """Return name and version of the engine, without loading it."""
    found = []
    for package in ("pyttsx3", "espeakng-loader"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{package} {importlib.metadata.version(package)}")
    return ", ".join(found)


@functools.cache
def _library() -> tuple[str, ...]:
    """Return the paths of espeak-ng's library and data, on Linux: each process would look them up for itself."""
    if not sys.platform.startswith("linux"):
        return ()
    import espeakng_loader

    return str(espeakng_loader.get_library_path()), str(espeakng_loader.get_data_path())


def speak(text: str, voice: str, pace: int = PACE, pitch: int = PITCH) -> tuple[Samples, int]:
    """Return `text` as samples and their rate: int16 array [shape=(n,)], samples a second.

    Raises
    ------
    NoVoice
        If there is no engine, or it has no such voice.
    """
    advice = f"install {_INSTALL.get(sys.platform, _INSTALL['linux'])}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoken.wav"
        code = speaker.TRY_AGAIN
        for _ in range(_TRIES):
            try:
                command = [sys.executable, speaker.__file__, voice, str(pace), str(pitch), str(path),
                           *_library()]
                code = subprocess.run(command, input=text.encode(), capture_output=True, check=False,  # noqa: S603
                                      timeout=_LONGEST_S).returncode
            except (ImportError, OSError, subprocess.TimeoutExpired):
                code = speaker.NO_ENGINE
            if code not in (speaker.TRY_AGAIN, speaker.NO_VOICE):
                break
            # the link to the engine's data is made anew each time
            for left in Path(folder).iterdir():
                left.unlink()
        if code == speaker.NO_VOICE:
            raise NoVoice(f"the speech engine here has no voice {voice!r}: choose another language or voice")
        if code or not path.exists():
            raise NoVoice(f"no voice can be loaded: {advice}")
        return _read(path)


def speak_many(texts: Sequence[tuple[str, str, int, int]]) -> Iterator[tuple[Samples, int] | None]:
    """Give texts as samples and their rate, as `speak` does, in a third of the time; None for what did not work.

    Whoever gets none asks `speak`, which tries again, and tells why.

    Parameters
    ----------
    texts : sequence of tuple
        Each text, its voice, its pace and its pitch.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / str(number) / "spoken.wav" for number in range(len(texts))]
        if texts and sys.platform.startswith("linux"):
            for path in paths:
                path.parent.mkdir()
            asked = [[*text, str(path)] for text, path in zip(texts, paths, strict=True)]
            with contextlib.suppress(ImportError, OSError, subprocess.TimeoutExpired):
                subprocess.run([sys.executable, speaker.__file__, "--many", *_library()], check=False,  # noqa: S603
                               input=json.dumps(asked).encode(), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, timeout=_LONGEST_S)
        for path in paths:
            yield _read(path) if path.exists() else None


def _read(path: Path) -> tuple[Samples, int]:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate()
