"""PortAudio through PyAudio: loaded when it is needed, kept from talking, its errors as ours."""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Protocol, cast

from ivr.lines.soundcard.errors import NoPyAudio, SoundCardError

INT16 = 8
"""PortAudio's paInt16."""

UNDERFLOWED, UNAVAILABLE, BAD_RATE = -9980, -9985, -9997
"""Errors of PortAudio: nothing to play, the device is busy, it does not take this rate."""


Callback = Callable[[bytes | None, int, Mapping[str, float], int], tuple[bytes | None, int]]
"""Takes samples, their number, times and flags; returns samples and whether to go on."""

GO_ON, ABORT = 0, 2
"""What a callback may return."""

INPUT_OVERFLOW = 2
"""The flag by which a callback learns that samples before these were lost."""


class Stream(Protocol):
    """An open device, as PyAudio has it. Counts are of samples a channel."""

    def write(self, frames: bytes, num_frames: int | None = None, exception_on_underflow: bool = False) -> None:
        """Give samples to be played; blocks until there is room.

        With `exception_on_underflow` PyAudio closes the stream when it has run dry once.
        """

    def get_write_available(self) -> int:
        """Return how many samples can be written at once."""

    def is_active(self) -> bool:
        """Return whether a stream with a callback still goes on."""

    def stop_stream(self) -> None:
        """Stop; what was written is played first."""

    def close(self) -> None:
        """Let the device go."""


class Audio(Protocol):
    """PyAudio's `PyAudio`."""

    def get_device_count(self) -> int:
        """Return how many devices there are."""

    def get_device_info_by_index(self, device_index: int) -> Mapping[str, str | int | float]:
        """Return what is known of a device."""

    def get_host_api_info_by_index(self, host_api_index: int) -> Mapping[str, str | int | float]:
        """Return what is known of a system of devices."""

    def get_default_host_api_info(self) -> Mapping[str, str | int | float]:
        """Return what is known of the system that is used if none is named."""

    def open(self, rate: int, channels: int, format: int, *, input: bool = False, output: bool = False,
             input_device_index: int | None = None, output_device_index: int | None = None,
             frames_per_buffer: int = 0, stream_callback: Callback | None = None) -> Stream:
        """Open a device."""

    def terminate(self) -> None:
        """Let everything go."""


@contextmanager
def audio() -> Iterator[Audio]:
    """Give PortAudio, and let it go at the end.

    Raises
    ------
    NoPyAudio
        If it is not installed.
    SoundCardError
        If it does not start.
    """
    # PortAudio would start a JACK server just by looking for one
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    try:
        import pyaudio
    except ModuleNotFoundError:
        raise NoPyAudio("PyAudio is not installed: run 'make setup-soundcard', or 'pip install pyaudio' where "
                        "PortAudio is there") from None
    except ImportError as error:
        raise NoPyAudio(f"PyAudio does not load ({error}): install PortAudio, on Debian and Ubuntu by "
                        "'apt-get install libportaudio2'") from None
    handler = _deaf_to_alsa()
    try:
        with quiet():
            handle = cast(Audio, pyaudio.PyAudio())
    except OSError as error:
        raise SoundCardError(f"PortAudio does not start ({reason(error)}): see that the system has sound") from None
    try:
        yield handle
    finally:
        with quiet():
            handle.terminate()
        del handler


@contextmanager
def quiet() -> Iterator[None]:
    """Keep C libraries from writing to the terminal: PortAudio prints up to 90 lines while it looks for devices."""
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error to be kept quiet
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def reason(error: OSError) -> str:
    """Return what PortAudio says, without the number before it."""
    return str(error.args[1] if len(error.args) > 1 else error)


_Handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)


def _deaf_to_alsa() -> object:
    """Keep ALSA from printing during a call, when a screen may be drawn; return what has to be kept alive."""
    if sys.platform != "linux":
        return None
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("libasound.so.2")
        _HANDLERS.append(_Handler(lambda *_: None))
        library.snd_lib_error_set_handler(_HANDLERS[-1])
    return _HANDLERS


_HANDLERS: list[object] = []
"""C keeps no count of references, and ALSA may call until the process ends."""
