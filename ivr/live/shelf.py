"""Recordings that an application can fetch: from this machine alone, as long as the command runs."""

import io
import threading
import weakref
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.clock import RATE

_MOST = 100
"""Recordings that are kept; the oldest goes."""


class RecordingShelf:
    """Gives recordings an address each; the port is open from the first one on, as long as somebody holds this."""

    def __init__(self) -> None:
        self._server: ThreadingHTTPServer | None = None
        self._kept: dict[str, NDArray[np.int16]] = {}

    def __call__(self, name: str, samples: NDArray[np.int16]) -> str:
        """Take a recording, int16 array [shape=(n,)]; return where it is."""
        if self._server is None:
            self._server = _opened(self._kept)
            weakref.finalize(self, _closed, self._server)
        while len(self._kept) >= _MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[name] = samples
        return f"http://127.0.0.1:{self._server.server_port}/recordings/{name}.wav"


def _opened(kept: dict[str, NDArray[np.int16]]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        """Hands out WAV files."""

        def do_GET(self) -> None:
            samples = kept.get(self.path.removeprefix("/recordings/").removesuffix(".wav"))
            if samples is None:
                self.send_error(404)
                return
            body = _wav(samples)
            self.send_response(200)
            self.send_header("Content-Type", "audio/wav")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:  # noqa: ANN401
            """Say nothing: what was recorded is nobody's business."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="ivr recordings",
                     daemon=True).start()
    return server


def _closed(server: ThreadingHTTPServer) -> None:
    server.shutdown()
    server.server_close()


def _wav(samples: NDArray[np.int16]) -> bytes:
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()
