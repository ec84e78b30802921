"""What `ivr serve --web` opens for browsers: a socket, and what answers there."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ivr.cli.addresses import address
from ivr.cli.kit import prompts
from ivr.cli.telling import told
from ivr.lines.web.trunk import WebTrunk
from ivr.live.session import Session
from ivr.web.app import web_app
from ivr.web.live import Live
from ivr.web.phone import Phones
from ivr.web.serving import listening, served
from prompts import languages

_USUAL = 8080


class Browsers:
    """Where browsers are answered: looked at before anything is opened.

    Parameters
    ----------
    web : str
        HOST:PORT.

    Raises
    ------
    UsageError
        If it cannot be meant.
    """

    def __init__(self, web: str) -> None:
        self._at = address(web, is_open=False, option="--web", usual=_USUAL)

    def opened(self, stack: ExitStack) -> socket.socket:
        """Return the socket, which waits for browsers from now on.

        Raises
        ------
        WebError
            If the address cannot be listened at.
        """
        at = listening(*self._at)
        stack.callback(at.close)
        return at


@contextmanager
def shown(session: Session, at: socket.socket, *, product: str, trunk: WebTrunk) -> Iterator[None]:
    """Show a session in browsers, and let them call by a trunk, until the context ends."""
    live = Live(session, title="The lobby", product=product, languages=languages(),
                tell=lambda entry: told(entry, prompts()))
    with served(web_app(live, phones=Phones(trunk)), at):
        live.start()
        try:
            yield
        finally:
            trunk.close()
            live.end()


def told_address(at: socket.socket) -> str:
    """Return what to open in a browser."""
    host, port = at.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
