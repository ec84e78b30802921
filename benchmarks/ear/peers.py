"""Other receivers, as far as they are installed: SpanDSP, multimon-ng and PyDTMF. Called, never copied."""

import ctypes
import ctypes.util
import re
import shutil
import struct
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import soxr

from benchmarks.ear.material import cache
from benchmarks.ear.rows import Receiver, Unavailable
from benchmarks.ear.signals import RATE, Line, Samples

_SECOND = RATE


class SpanDSP:
    """SpanDSP's `dtmf_rx` in C, through ctypes, with its own defaults."""

    name, share = "SpanDSP", 1.0

    def __init__(self) -> None:
        found = ctypes.util.find_library("spandsp")
        if not found:
            raise Unavailable("SpanDSP is not installed: apt-get install libspandsp2")
        self.library = ctypes.CDLL(found)
        self.library.dtmf_rx_init.restype = ctypes.c_void_p
        self.library.dtmf_rx_init.argtypes = [ctypes.c_void_p] * 3
        self.library.dtmf_rx.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
        self.library.dtmf_rx_get.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        self.library.dtmf_rx_get.restype = ctypes.c_size_t
        self.library.dtmf_rx_free.argtypes = [ctypes.c_void_p]

    def open(self) -> int:
        """Return a new receiver's state."""
        return int(self.library.dtmf_rx_init(None, None, None))

    def feed(self, state: int, samples: Samples) -> None:
        """Let a receiver hear samples."""
        self.library.dtmf_rx(state, samples.ctypes.data, len(samples))

    def take(self, state: int) -> str:
        """Return the digits since the last time."""
        held = ctypes.create_string_buffer(129)
        self.library.dtmf_rx_get(state, held, 128)
        return held.value.decode("ascii")

    def close(self, state: int) -> None:
        """Free a receiver's state."""
        self.library.dtmf_rx_free(state)

    def ticks(self, line: Line, size: int = _SECOND) -> Iterator[tuple[str, int]]:
        """Yield each digit with the end of the chunk of `size` samples after which it was told."""
        state, samples = self.open(), np.ascontiguousarray(line.samples)
        for end in range(size, len(samples) + size, size):
            self.feed(state, samples[end - size : end])
            yield from ((digit, end) for digit in self.take(state))
        self.close(state)

    def hear(self, lines: Sequence[Line]) -> list[str]:
        """Return the digits heard on each line."""
        return ["".join(digit for digit, _ in self.ticks(line)) for line in lines]


class Multimon:
    """multimon-ng, which takes raw audio at 22050 Hz."""

    name, share = "multimon-ng", 1.0
    _RATE = 22050

    def __init__(self) -> None:
        self._program = shutil.which("multimon-ng")
        if not self._program:
            raise Unavailable("multimon-ng is not installed: apt-get install multimon-ng")

    def hear(self, lines: Sequence[Line]) -> list[str]:
        """Return the digits heard on each line."""
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda line: self.decode(self.prepared(line)), lines))

    def prepared(self, line: Line) -> bytes:
        """Return a line at its rate, with silence behind that lets it finish the last digit."""
        samples = np.concatenate([line.samples, np.zeros(_SECOND // 5, np.int16)])
        return bytes(soxr.resample(samples, RATE, self._RATE).tobytes())

    def decode(self, raw: bytes) -> str:
        """Return the digits heard in raw audio."""
        command = [str(self._program), "-q", "-c", "-a", "DTMF", "-t", "raw", "-"]
        said = subprocess.run(command, input=raw, capture_output=True, check=True).stdout
        return "".join(re.findall(r"^DTMF: (.)", said.decode("ascii", "replace"), re.MULTILINE))


class PyDTMF:
    """PyDTMF from PyPI, in a Python of its own: it needs none of our packages, and is under the GPL."""

    name, share = "PyDTMF", 0.1

    def __init__(self) -> None:
        folder = cache() / "pydtmf"
        python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        if not (folder / "ready").exists():
            venv.create(folder, with_pip=True, clear=True)
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "PyDTMF==1.0.0"]
            if subprocess.run(pip, capture_output=True, check=False).returncode:
                raise Unavailable(f"PyDTMF cannot be installed: {python} -m pip install PyDTMF==1.0.0")
            (folder / "ready").touch()
        self._command = [str(python), str(Path(__file__).with_name("pydtmf_worker.py"))]

    def hear(self, lines: Sequence[Line]) -> list[str]:
        """Return the digits heard on each line."""
        pieces = [line.samples.astype("<i2").tobytes() for line in lines]
        fed = b"".join(struct.pack("<i", len(piece) // 2) + piece for piece in pieces)
        said = subprocess.run(self._command, input=fed, capture_output=True, check=True).stdout
        return said.decode("ascii").splitlines()


def installed() -> tuple[list[Receiver], list[str]]:
    """Return the peers that can be asked, and a line for each that cannot."""
    found: list[Receiver] = []
    missing = []
    for peer in PEERS:
        try:
            found.append(peer())
        except Unavailable as error:
            missing.append(str(error))
    return found, missing


PEERS: tuple[type[SpanDSP] | type[Multimon] | type[PyDTMF], ...] = (SpanDSP, Multimon, PyDTMF)
