"""What commands that ring out share: whom they reach, from where, and as whom."""

import os
import re
import socket
from pathlib import Path

from ivr.cli.addresses import address, ports
from ivr.cli.faults import UsageError
from ivr.lines.sip.accounts import Account
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.sockets import Network, NetworkError
from ivr.scenario.target import Target

PASSWORD = "IVR_SIP_PASSWORD"  # noqa: S105  (its name)

_FROM = re.compile(r'(?:"?(?P<name>[^"<>]*?)"?\s*<)?(?:sips?:)?(?P<user>[^@<>\s:;]+)'
                   r'(?:@(?P<domain>[\w.:\[\]-]+))?>?')
_CONNECT_S = 5.0


def account_of(from_: str, login: str, password_file: Path | None) -> Account:
    """Return as whom calls are made.

    Raises
    ------
    UsageError
        If it cannot be meant, or there is no password for a login.
    """
    account = Account()
    if from_:
        found = _FROM.fullmatch(from_.strip())
        if not found or not from_.isprintable() or ("<" in from_) != (">" in from_):
            raise UsageError(f'--from {from_} is nobody: write ann, ann@example.com or '
                             '"Ann Lee <sip:ann@example.com>"')
        account = Account(user=found["user"], name=(found["name"] or "").strip(), domain=found["domain"] or "")
    if not login:
        if password_file is not None:
            raise UsageError(f"--password-file {password_file} is for somebody: name him with --auth")
        return account
    if not login.isprintable() or login != login.strip():
        raise UsageError(f"--auth {login!r} is no user name")
    if from_ == "":
        account.user = login if re.fullmatch(r"[\w.+-]+", login, re.ASCII) else account.user
    account.login, account.password = login, _password(login, password_file)
    return account


def _password(login: str, path: Path | None) -> str:
    if path is None:
        password = os.environ.get(PASSWORD, "")
        if not password:
            raise UsageError(f"there is no password for --auth {login}: name a file with --password-file, or set "
                             f"{PASSWORD}")
        return password
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise UsageError(f"{path} can be read by others, and holds a password: chmod 600 {path}")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}") from None
    password = text.removesuffix("\n").removesuffix("\r")
    if not password or "\n" in password:
        raise UsageError(f"{path} has no password: it holds one, in one line")
    return password


def reached(target: Target, local: str) -> Peer:
    """Return where a target's requests go.

    Raises
    ------
    NetworkError
        If its name is not known, or nobody takes connections there.
    """
    kind = socket.SOCK_DGRAM if target.transport == "UDP" else socket.SOCK_STREAM
    try:
        found = socket.getaddrinfo(target.host, target.port, type=kind)
    except OSError as error:
        raise NetworkError(f"{target.host} is not known here: {error.strerror}; check the name") from None
    if local:
        family = socket.AF_INET6 if ":" in address(local, is_open=True, option="--local")[0] else socket.AF_INET
        found = [one for one in found if one[0] == family]
        if not found:
            raise NetworkError(f"{target.host} cannot be reached from --local {local}: one is IPv6 and one is not")
    where = found[0][4]
    peer = Peer(str(where[0]), target.port, target.transport)
    if target.transport != "UDP":
        try:
            socket.create_connection((peer.host, peer.port), _CONNECT_S).close()
        except OSError as error:
            raise NetworkError(f"{target.host}:{peer.port} takes no connection: {error.strerror or 'it is silent'}"
                               ) from None
    return peer


def network_to(to: Peer, local: str, rtp_ports: str, authorities: Path | None = None, name: str = "") -> Network:
    """Return sockets from which somebody is called.

    Parameters
    ----------
    authorities, name
        As of `Network` and `Network.reach`.

    Raises
    ------
    UsageError
        If the words cannot be meant.
    NetworkError
        If they cannot be had.
    """
    host, port = address(local, is_open=True, option="--local") if local else (_own(to), 0)
    network = Network(host, port, ports(rtp_ports), timed=True, authorities=authorities, option="--local")
    network.reach(to, name)
    return network


def _own(to: Peer) -> str:
    """Return our address, as somebody sees it."""
    with socket.socket(socket.AF_INET6 if ":" in to.host else socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect((to.host, to.port))
            return str(way.getsockname()[0])
        except OSError as error:
            raise NetworkError(f"{to.host} cannot be reached from here: {error.strerror}") from None
