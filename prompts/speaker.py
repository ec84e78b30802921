"""Speaks one text into a WAV file and ends: run as a script, in a process of its own.

    python speaker.py VOICE WORDS_A_MINUTE PITCH OUT.wav [LIBRARY DATA] < text
    python speaker.py --many LIBRARY DATA < JSON, on Linux: [[text, voice, words a minute, pitch, out.wav], ...]

A process for each text, because the engine keeps state: the same words come out a few samples longer or shorter
after others have been spoken. Many texts are spoken by forks of one process, which has loaded what each needs and
has not begun to speak. Exit codes: 0 spoken, 3 no engine, 4 no such voice, 5 spoken too fast: try again.
It imports nothing of ours, so that it starts quickly; where espeak-ng's library and data are it is told for the
same reason, on Linux.
"""

import ctypes
import os
import signal
import sys

NO_ENGINE, NO_VOICE, TRY_AGAIN = 3, 4, 5

SEED = 1
"""Of the noise in breathy voices such as en-us+m1, which is otherwise seeded by the clock."""

_LONGEST_PATH = 120

_LONGEST_S = 30
"""Of many texts none takes the engine longer, so one that does hangs."""

_RATE, _PITCH, _CURRENT = 1, 3, 1
"""The engine's numbers for words a minute, for pitch, and for what holds now."""


def speak(text: str, voice: str, words_a_minute: int, pitch: int, out: str, espeak: str = "",
          data: str = "") -> int:
    """Write `text` to `out`; return the exit code."""
    on_linux = sys.platform.startswith("linux")
    library = None
    try:
        if on_linux:
            # the library cuts a longer path short, finds nothing there and ends the process
            if len(os.fsencode(data)) > _LONGEST_PATH:
                link = os.path.join(os.path.dirname(out), "data")  # noqa: PTH118, PTH120  (pathlib starts slowly)
                os.symlink(data, link)  # noqa: PTH211
                data = link
            os.environ["ESPEAK_DATA_PATH"] = data
            # found by its soname when pyttsx3 looks for a system library
            library = ctypes.CDLL(espeak, mode=ctypes.RTLD_GLOBAL)
        import pyttsx3

        engine = pyttsx3.init("espeak" if on_linux else None)
        if library is not None:
            library.espeak_ng_SetRandSeed(ctypes.c_long(SEED))
    except (ImportError, OSError, RuntimeError):
        return NO_ENGINE
    engine.setProperty("rate", words_a_minute)
    engine.setProperty("voice", voice)
    if library is not None:  # engines of other systems know no such pitch
        engine.setProperty("pitch", pitch)
    engine.save_to_file(text, out)
    engine.runAndWait()
    if library is not None:
        library.espeak_Synchronize()  # on a busy machine it returns before all is spoken
    # a voice is applied only while the engine runs, and one it lacks fails in silence
    if on_linux and str(engine.getProperty("voice")).rpartition("/")[2] != voice:
        return NO_VOICE
    # on a busy machine the engine loses a command now and then; it tells nobody
    if library is not None and (library.espeak_GetParameter(_RATE, _CURRENT) != words_a_minute
                                or library.espeak_GetParameter(_PITCH, _CURRENT) != pitch):
        return TRY_AGAIN
    return 0


def speak_many(asked: list[tuple[str, str, int, int, str]], espeak: str, data: str) -> int:
    """Write each text to its file, which is not there if that did not work; return the exit code."""
    try:
        ctypes.CDLL(espeak, mode=ctypes.RTLD_GLOBAL)
        import pyttsx3.drivers.espeak  # noqa: F401
    except (ImportError, OSError, RuntimeError):
        return NO_ENGINE
    for text, voice, words_a_minute, pitch, out in asked:
        forked = os.fork()
        if not forked:
            code = NO_ENGINE
            signal.alarm(_LONGEST_S)
            try:
                code = speak(text, voice, words_a_minute, pitch, out, espeak, data)
            finally:
                os._exit(code)
        if os.waitpid(forked, 0)[1] and os.path.exists(out):  # noqa: PTH110
            os.unlink(out)  # noqa: PTH108
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--many":
        import json

        sys.exit(speak_many(json.load(sys.stdin), *sys.argv[2:]))
    named, words, high, *others = sys.argv[1:]
    sys.exit(speak(sys.stdin.buffer.read().decode(), named, int(words), int(high), *others))
