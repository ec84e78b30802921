"""The voice: pyttsx3, and on Linux the espeak-ng library that comes with a Python package.

Loaded only when something has to be spoken anew; `prompts.cache` keeps what has been spoken.
"""

import contextlib
import ctypes
import importlib.metadata
import os
import sys
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from prompts.errors import NoVoice
from prompts.level import Samples

WORDS_A_MINUTE = 165

_INSTALL = {
    "linux": "install the Python packages pyttsx3 and espeakng-loader ('pip install pyttsx3 espeakng-loader')",
    "darwin": "install the Python packages pyttsx3 and pyobjc ('pip install pyttsx3 pyobjc')",
    "win32": "install the Python packages pyttsx3 and pywin32 ('pip install pyttsx3 pywin32')",
}

VARIANTS = ("", "+f2", "+m3", "+f4", "+m7", "+f3", "+m1", "+f5", "+m5", "+f1")
"""Voices of callers, as variants of a language's voice; the empty one is the bridge's own."""


def identity() -> str:
    """Return name and version of the engine, without loading it."""
    found = []
    for package in ("pyttsx3", "espeakng-loader"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{package} {importlib.metadata.version(package)}")
    return ", ".join(found)


class Voice:
    """An engine that speaks text in one voice at a time."""

    def __init__(self) -> None:
        self._engine = _engine()

    def speak(self, text: str, voice: str) -> tuple[Samples, int]:
        """Return `text` as samples and their rate: int16 array [shape=(n,)], samples a second.

        Raises
        ------
        NoVoice
            If the engine has no such voice, or says nothing.
        """
        with tempfile.TemporaryDirectory() as folder, _nothing_printed():
            path = Path(folder) / "spoken.wav"
            # the engine applies a voice only while it runs, and a voice it lacks fails in silence
            self._engine.setProperty("rate", WORDS_A_MINUTE)
            self._engine.setProperty("voice", voice)
            self._engine.save_to_file(text, str(path))
            self._engine.runAndWait()
            if not path.exists():
                raise NoVoice(f"the speech engine has no voice {voice!r}; {_advice()}")
            with wave.open(str(path)) as file:
                samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
                rate = file.getframerate()
        if not samples.size:
            raise NoVoice(f"the speech engine said nothing in the voice {voice!r}; {_advice()}")
        return samples, rate


def _advice() -> str:
    return _INSTALL.get(sys.platform, _INSTALL["linux"])


def _engine() -> Any:  # noqa: ANN401  (pyttsx3 has no types)
    try:
        if sys.platform.startswith("linux"):
            import espeakng_loader

            os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
            # found by its soname when pyttsx3 looks for a system library
            ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
        with _nothing_printed():
            import pyttsx3

            return pyttsx3.init("espeak" if sys.platform.startswith("linux") else None)
    except (ImportError, OSError, RuntimeError) as error:
        raise NoVoice(f"no voice can be loaded: {_advice()}") from error


@contextlib.contextmanager
def _nothing_printed() -> Iterator[None]:
    """Keep the engine's chatter, C's included, off the terminal."""
    sys.stdout.flush()
    saved = os.dup(1)
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  (a descriptor is wanted)
            os.dup2(nowhere.fileno(), 1)
            with contextlib.redirect_stdout(None):
                yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
