"""Calls that come to `ivr serve` as streams: where they are listened for, and who may bring them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.cli.addresses import address
from ivr.cli.faults import UsageError
from ivr.cli.peers import Peers
from ivr.lines.web.trunk import WebTrunk

_USUAL, _USUAL_AUDIOSOCKET = 8765, 9092
_SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOptions:
    """What was said of streams.

    Attributes
    ----------
    media, audiosocket : str
        HOST:PORT; empty for none.
    token : Path, optional
        A file whose one line is the last part of the path that media streams have.
    """

    media: str = ""
    audiosocket: str = ""
    token: Path | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether anything was said."""
        return bool(self.media or self.audiosocket or self.token)


class Streams:
    """Streams as they were asked for: looked at before anything is opened.

    Attributes
    ----------
    places : dict of str to address and port
        Where is listened, by option.

    Raises
    ------
    UsageError
        If they cannot be meant.
    """

    def __init__(self, options: StreamOptions, peers: Peers) -> None:
        if options.token and not options.media:
            raise UsageError("--stream-token is for --streams HOST:PORT: say where to listen")
        self._token = _token(options.token) if options.token else ""
        self._trusts = peers.trusts(None)
        self._open = peers.is_open
        self._media = address(options.media, is_open=bool(self._token) or self._open, option="--streams",
                              usual=_USUAL, instead="--stream-token FILE") if options.media else None
        self._audiosocket = address(
            options.audiosocket, is_open=bool(peers.trust) or self._open, option="--audiosocket",
            usual=_USUAL_AUDIOSOCKET, instead="--trust ADDRESS of the Asterisk") if options.audiosocket else None

        places = {"--streams": self._media, "--audiosocket": self._audiosocket}
        self.places = {option: at for option, at in places.items() if at is not None}

    @contextmanager
    def served(self, trunk: WebTrunk) -> Iterator[str]:
        """Take streams for a trunk, until the context ends; gives what callers are told, where they are.

        Raises
        ------
        NetworkError
            If an address cannot be listened at.
        """
        from ivr.lines.streams.serving import StreamServer

        server = StreamServer(trunk, media=self._media, audiosocket=self._audiosocket, token=self._token,
                              admits=self._admits)
        told = []
        if server.media:
            told.append(f"Stream to ws://{_shown(server.media)}/{'TOKEN' if self._token else ''}")
        if server.audiosocket:
            told.append(f"AudioSocket at {_shown(server.audiosocket)}")
        try:
            yield "; ".join(told)
        finally:
            trunk.close()
            server.close()

    def _admits(self, host: str) -> bool:
        return self._open or host in ("127.0.0.1", "::1") or self._trusts(host)


def _token(path: Path) -> str:
    try:
        if os.name == "posix" and path.is_file() and path.stat().st_mode & 0o077:
            raise UsageError(f"{path} can be read by others, and lets whoever reads it call: chmod 600 {path}")
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}") from None
    if len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.replace("-", "").replace("_", "").isalnum():
        raise UsageError(f"{path} holds no token: one line of at least {_SHORTEST_TOKEN} letters, digits, - and _, "
                         "as 'openssl rand -hex 16' makes it")
    return token


def _shown(at: tuple[str, int]) -> str:
    host = f"[{at[0]}]" if ":" in at[0] else at[0]
    return f"{host}:{at[1]}"
