"""What `ivr serve --web` opens for browsers: a socket, who may use it, and what answers there."""

import ipaddress
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ivr.cli.addresses import address
from ivr.cli.demo import stories
from ivr.cli.faults import UsageError
from ivr.cli.kit import prompts
from ivr.cli.private import private_text
from ivr.cli.telling import told
from ivr.conference.profile import PROFILES
from ivr.lines.web.trunk import WebTrunk
from ivr.live.guests import Guests
from ivr.live.keeping import Keeper
from ivr.live.session import Session
from ivr.scenario.grammar import load
from ivr.scenario.stage import Stage
from ivr.scenario.words import Words
from ivr.web.app import Web, web_app
from ivr.web.live import Live, Shown
from ivr.web.logins import Buckets, Logins
from ivr.web.phone import Phones
from ivr.web.programme import Programme
from ivr.web.serving import listening, served
from ivr.web.tls import SELF_SIGNED, SecuredWeb, secured_by, self_signed
from ivr.web.users import Hash, users_of
from prompts import languages

_USUAL = 8080
_REQUESTS = (400, 100)
"""That an address may make at once, and then a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """How browsers are answered, as options name it.

    Attributes
    ----------
    web : str
        HOST:PORT; empty for no browsers.
    users : Path, optional
        A file of those who may log in.
    tls : sequence of Path or str
        A certificate and its key, or "self-signed"; empty for none.
    stories : Path, optional
        A folder of stories besides those that ship.
    """

    web: str = ""
    users: Path | None = None
    tls: Sequence[str] = field(default_factory=tuple)
    stories: Path | None = None


class Browsers:
    """Where browsers are answered, and who may ask: looked at before anything is opened.

    Parameters
    ----------
    options : Browsing

    Attributes
    ----------
    at : address and port

    Raises
    ------
    UsageError, BadUsers, BadCertificate
        If it cannot be meant.
    """

    def __init__(self, options: Browsing) -> None:
        self.at = address(options.web, is_open=True, option="--web", usual=_USUAL)
        elsewhere = not ipaddress.ip_address(self.at[0]).is_loopback
        if elsewhere and options.users is None:
            raise UsageError(f"--web {options.web} can be reached by others than this machine: add --web-users "
                             "FILE, with those who may log in")
        if elsewhere and not options.tls:
            raise UsageError(f"--web {options.web} can be reached by others than this machine, who could read what "
                             "goes there: add --web-tls CERTIFICATE KEY, or --web-tls self-signed")
        self.stories = story_files(options.stories)
        self.users = None if options.users is None else _users(options.users)
        self.secured = _secured(options.tls, self.at[0])

    def opened(self, stack: ExitStack) -> socket.socket:
        """Return the socket, which waits for browsers from now on.

        Raises
        ------
        WebError
            If the address cannot be listened at.
        """
        at = listening(*self.at)
        stack.callback(at.close)
        return at

    def address(self, at: socket.socket) -> str:
        """Return what to open in a browser."""
        host, port = at.getsockname()[:2]
        url = f"http{'s' if self.secured else ''}://{f'[{host}]' if ':' in host else host}:{port}/"
        shown = self.secured.fingerprint if self.secured else ""
        return f"{url}, whose certificate has the SHA-256 {shown}" if shown else url

    @contextmanager
    def shown(self, session: Session, guests: Guests, keeper: Keeper, phones: WebTrunk,
              at: socket.socket, *, product: str, stage: Stage, database: str | None) -> Iterator[None]:
        """Show a session, and take calls of phones in pages, until the context ends.

        Parameters
        ----------
        guests : Guests
            Who is added to it.
        keeper : Keeper
            What is kept of its calls.
        phones : WebTrunk
            By which phones in pages call.
        stage : Stage
            The sounds of stories that are played beside it.
        database : str, optional
            The directory; None if there is none.
        """
        live = Live(Shown(session, "", product, languages(), keeper=keeper,
                          words=lambda entry: told(entry, prompts())), bridge=uuid.uuid4().hex)
        words = Words(prompts().names(), PROFILES)
        programme = Programme(live, self.stories, lambda path: load(path, words), stage)
        web = Web(live=live, programme=programme, guests=guests, database=database,
                  logins=Logins(self.users or {}, time.monotonic), requests=requests_of(time.monotonic),
                  names=self.secured.names if self.secured else (), asks=self.users is not None,
                  phones=Phones(phones))
        with served(web_app(web), at, self.secured):
            live.start()
            try:
                yield
            finally:
                phones.close()
                live.end()
                programme.close()


def requests_of(now: Callable[[], float]) -> Buckets:
    """Return how often an address may ask."""
    return Buckets(*_REQUESTS, now)


def story_files(folder: Path | None = None) -> dict[str, Path]:
    """Return the stories that ship, by name, and those in a folder and in the folders of it.

    Raises
    ------
    UsageError
        If that is no folder, or has none.
    """
    shipped = {path.stem: path for path in sorted(stories().glob("*.yaml"))}
    if folder is None:
        return shipped
    own = {str(path.relative_to(folder).with_suffix("")): path for path in sorted(folder.rglob("*.y*ml"))}
    if not own:
        raise UsageError(f"--web-stories {folder} has no stories: name a folder with .yaml files")
    return {**own, **shipped}


def _secured(tls: Sequence[str], host: str) -> SecuredWeb | None:
    match [*tls]:
        case []:
            return None
        case [only] if only == SELF_SIGNED:
            return self_signed(host)
        case [certificate, key]:
            return secured_by(Path(certificate), Path(key))
    raise UsageError("--web-tls takes a certificate and its key (PEM), or self-signed")


def _users(path: Path) -> Mapping[str, Hash]:
    return users_of(private_text(path, "who could try passwords on what is in it"), str(path))
