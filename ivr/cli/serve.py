"""`ivr serve`: telephones ring in, by SIP and RTP."""

import ipaddress
import os
import re
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from dtmf.limits import limits
from ivr.assembly import assembled
from ivr.cli.faults import UsageError
from ivr.cli.keyboard import Keyboard
from ivr.cli.kit import check_outputs, prompts, stage, warm_up
from ivr.cli.meetings import directory_of, meetings_of
from ivr.cli.saying import BROKEN, OK, complain
from ivr.cli.telling import told
from ivr.clock import samples, seconds
from ivr.lines.sip.authenticating import Doorman, Users, users_of
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.trunk import SipTrunk
from ivr.lines.sip.writing import host_in
from ivr.live.ledger import live_journal
from ivr.live.pace import WallClock
from ivr.live.session import Session
from ivr.scenario.profiles import find
from ivr.screen import Panel, show
from ivr.screen.showing import can_show_a_screen, check_room

_ADDRESS = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::([0-9]{1,5}))?")
_PORTS = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")
_LONGEST_S = 366 * 86_400
_USUAL, _LOWEST, _HIGHEST = 5060, 1024, 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `ivr serve` was told.

    Attributes
    ----------
    sip : str
        HOST:PORT.
    meetings : list of str
        As --meeting gives them.
    rtp_ports : str
        FIRST-LAST.
    is_open : bool
        Whether anybody may call who reaches the address.
    users : Path, optional
        The file of those who may.
    seconds : float, optional
        After which it ends.
    """

    sip: str
    meetings: list[str] = field(default_factory=list, repr=False)  # they hold PINs
    database: str = ""
    rtp_ports: str = "20000-29999"
    is_open: bool = False
    users: Path | None = None
    product: str = "teams2021"
    setting: str = "default"
    seconds: float | None = None
    journal: Path | None = None
    plain: bool = False


def serve(options: Options) -> int:
    """Take calls until it is ended; return the exit code.

    Raises
    ------
    NetworkError
        If the address cannot be listened at.
    """
    host, port = _address(options.sip, is_open=options.is_open or options.users is not None)
    ports = _ports(options.rtp_ports)
    if options.seconds is not None and not 0 < options.seconds <= _LONGEST_S:
        raise UsageError(f"--seconds {options.seconds:g} is no length of time: take more than 0, up to "
                         f"{_LONGEST_S}")
    limits(options.setting)
    product = find(options.product)
    check_outputs({"--journal": options.journal}, read={"--users": options.users})
    users = None if options.users is None else _users(options.users)
    plain = options.plain or not can_show_a_screen()
    if not plain:
        check_room()
    known = meetings_of(options.meetings, options.database)
    with ExitStack() as opened:
        network = Network(host, port, ports)
        opened.callback(network.close)
        directory, numbers, leads = opened.enter_context(directory_of(known, options.database, patient=False))
        sounds = stage()
        warm_up()
        keyboard = opened.enter_context(Keyboard() if plain else nullcontext())
        journal, unwritten = opened.enter_context(live_journal(options.journal))
        doorman = None if users is None else Doorman(users, lambda: token_hex(16))
        trunk = SipTrunk(network, doorman=doorman)
        bridge, exchange = assembled(sounds, directory, product, [trunk], numbers=numbers, leads=leads,
                                     setting=options.setting, journal=journal)
        ends = None if options.seconds is None else samples(options.seconds)
        session = Session(exchange, pace=WallClock(sleep=trunk.wait), words=prompts(),
                          over=lambda: ends is not None and bridge.now >= ends)
        panel = Panel(title=_title(trunk), tell=lambda entry: told(entry, prompts()), status=unwritten)
        try:
            show(session, panel, plain=plain, typed=keyboard.typed if keyboard else None)
        finally:
            trunk.close()
            exchange.step()
        print(f"{seconds(bridge.now):.1f} s served; {session.pace.late or 'no'} late ticks", flush=True)
        why = unwritten()
    return complain(why, BROKEN) if why else OK


def _title(trunk: SipTrunk) -> str:
    return f"Call sip:1000@{host_in(trunk.here.host)}:{trunk.here.port}"


def _address(text: str, *, is_open: bool) -> tuple[str, int]:
    """Return the address and port to listen at.

    Raises
    ------
    UsageError
        If it is none, or others than this machine would reach it and nobody is asked who he is.
    """
    found = _ADDRESS.fullmatch(text)
    try:
        host = ipaddress.ip_address((found[1] or found[2]) if found else "")
    except ValueError:
        raise UsageError(f"--sip {text} is no address: take an IP address and a port, as in 127.0.0.1:5060 or "
                         "[::1]:5060") from None
    port = int(found[3]) if found and found[3] else _USUAL
    if port > _HIGHEST:
        raise UsageError(f"--sip {text} has no port: take 1 to {_HIGHEST}, or 0 for any")
    if not host.is_loopback and not is_open:
        raise UsageError(f"--sip {text} can be called by others than this machine, and nobody is asked who he is: "
                         "add --users FILE, or --open if anybody may")
    return str(host), port


def _users(path: Path) -> Users:
    """Return the users of a file that nobody else can read.

    Raises
    ------
    UsageError
        If it cannot be read, or others can.
    """
    try:
        if os.name == "posix" and not path.is_dir() and path.stat().st_mode & 0o077:
            raise UsageError(f"{path} can be read by others, and what is in it is as good as the passwords: "
                             f"chmod 600 {path}")
        return users_of(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}") from None


def _ports(text: str) -> range:
    found = _PORTS.fullmatch(text)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if not _LOWEST <= first < last <= _HIGHEST:
        raise UsageError(f"--rtp-ports {text} are no ports: take two between {_LOWEST} and {_HIGHEST}, as in "
                         "20000-29999")
    return range(first, last + 1)
