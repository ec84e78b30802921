"""PortAudio through PyAudio: loaded when it is needed, kept from talking, its errors as ours."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO, cast

from ivr.lines.soundcard.errors import NoPyAudio, SoundCardError

INT16 = 8
"""PortAudio's paInt16."""

UNDERFLOWED, UNAVAILABLE, BAD_RATE = -9980, -9985, -9997
"""Errors of PortAudio: nothing to play, the device is busy, it does not take this rate."""


class Stream(Protocol):
    """An open device, as PyAudio has it. Counts are of samples a channel.

    PyAudio closes a stream that it makes an exception for, so over- and underflows are better found otherwise.
    """

    def read(self, num_frames: int, exception_on_overflow: bool = True) -> bytes:
        """Return the next samples; blocks until they have come."""

    def get_read_available(self) -> int:
        """Return how many samples can be read at once; below 0 is an error."""

    def write(self, frames: bytes, num_frames: int | None = None, exception_on_underflow: bool = False) -> None:
        """Give samples to be played; blocks until there is room."""

    def get_write_available(self) -> int:
        """Return how many samples can be written at once; below 0 is an error."""

    def get_input_latency(self) -> float:
        """Return how many seconds late sound comes from an input."""

    def get_output_latency(self) -> float:
        """Return how many seconds late sound is heard from an output."""

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
             frames_per_buffer: int = 0) -> Stream:
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
                        "PortAudio is there", remedy="make setup-soundcard") from None
    except ImportError as error:
        raise NoPyAudio(f"PyAudio does not load ({error}): install PortAudio, on Debian and Ubuntu by "
                        "'apt-get install libportaudio2'", remedy="apt-get install libportaudio2") from None
    with _deaf():
        try:
            handle = cast(Audio, pyaudio.PyAudio())
        except OSError as error:
            raise SoundCardError(
                f"PortAudio does not start ({reason(error)}): see that the system has sound") from None
        try:
            yield handle
        finally:
            handle.terminate()


@contextmanager
def _deaf() -> Iterator[None]:
    """Let nothing of what C libraries print reach the terminal, where a screen may be drawn; Python still does.

    PortAudio, ALSA and JACK print up to 90 lines while they look for devices, and some more when one is pulled out.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error to be kept quiet
        yield
        return
    ours = os.fdopen(os.dup(kept), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    before = sys.stderr, sys.__stderr__
    try:
        sys.stderr = _instead(sys.stderr, ours)
        # programs that draw on the terminal take this one
        sys.__stderr__ = _instead(sys.__stderr__, ours)  # type: ignore[misc, assignment]
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        sys.stderr, sys.__stderr__ = before  # type: ignore[misc]
        ours.close()


def _instead(stream: TextIO | None, ours: TextIO) -> TextIO:
    """Return what Python writes to from now on; a stream that is not the terminal's stays."""
    try:
        if stream is None or stream.fileno() != 2:
            return stream or ours
    except (OSError, ValueError):
        return stream or ours
    stream.flush()
    return ours


def reason(error: OSError) -> str:
    """Return what PortAudio says, without the number before it."""
    return str(error.args[1] if len(error.args) > 1 else error)
