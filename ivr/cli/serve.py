"""`ivr serve`: telephones ring in, by SIP and RTP."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from dtmf.limits import limits
from ivr.assembly import assembled
from ivr.cli.addresses import address, ports
from ivr.cli.faults import UsageError
from ivr.cli.keyboard import Keyboard
from ivr.cli.kit import check_outputs, prompts, stage, warm_up
from ivr.cli.meetings import directory_of, meetings_of
from ivr.cli.peers import Peers
from ivr.cli.saying import BROKEN, OK, complain
from ivr.cli.telling import told
from ivr.clock import samples, seconds
from ivr.desk.opening import open_desk
from ivr.engine.messages import Welcome
from ivr.lines.sip.locating import home_at
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.trunk import SipTrunk
from ivr.lines.sip.writing import host_in
from ivr.live.figures import figure_lines
from ivr.live.homes import HomeKeeper
from ivr.live.ledger import live_journal
from ivr.live.pace import WallClock, steady
from ivr.live.session import Session
from ivr.scenario.profiles import find
from ivr.screen import Panel, show
from ivr.screen.showing import can_show_a_screen, check_room

_LONGEST_S = 366 * 86_400


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
    peers : Peers
        Who may call, whom it registers with, and such.
    home : str
        HOST:PORT by which others reach this process, where several share a directory.
    rings : float
        How long it rings, in seconds.
    is_early : bool
        Whether who calls is on the bridge meanwhile.
    seconds : float, optional
        After which it ends.
    """

    sip: str
    meetings: list[str] = field(default_factory=list, repr=False)  # they hold PINs
    database: str = ""
    rtp_ports: str = "20000-29999"
    peers: Peers = field(default_factory=Peers)
    home: str = ""
    rings: float = 0.0
    is_early: bool = False
    product: str = "teams2021"
    setting: str = "default"
    seconds: float | None = None
    journal: Path | None = None
    figures: Path | None = None
    plain: bool = False


def serve(options: Options) -> int:
    """Take calls until it is ended; return the exit code.

    Raises
    ------
    NetworkError
        If the address cannot be listened at.
    """
    peers = options.peers
    host, port = address(options.sip, is_open=peers.admit)
    sound, secured, enrolment = ports(options.rtp_ports), peers.secured(), peers.enrolment(options.sip)
    trusts, targets = peers.trusts(enrolment), peers.targets(options.sip)
    if options.rings < 0 or (options.is_early and not options.rings):
        raise UsageError(f"--rings {options.rings:g} is no length of time" if options.rings else
                         "--early-media is heard while it rings: say how long with --rings SECONDS")
    if options.seconds is not None and not 0 < options.seconds <= _LONGEST_S:
        raise UsageError(f"--seconds {options.seconds:g} is no length of time: take more than 0, up to "
                         f"{_LONGEST_S}")
    limits(options.setting)
    product = find(options.product)
    check_outputs({"--journal": options.journal, "--figures": options.figures}, read=peers.files)
    doorman = peers.doorman(trusts)
    plain = options.plain or not can_show_a_screen()
    if not plain:
        check_room()
    known = meetings_of(options.meetings, options.database)
    if options.home and known:
        raise UsageError(f"--home {options.home} is for processes that share a directory: leave --meeting out")
    home = home_at(*address(options.home, is_open=True, option="--home")) if options.home else ""
    with ExitStack() as opened:
        network = Network(host, port, sound, timed=True, secured=secured, authorities=peers.authorities)
        opened.callback(network.close)
        directory, numbers, leads = opened.enter_context(directory_of(known, options.database, patient=False,
                                                                      here=home))
        keeper = opened.enter_context(_keeper(options.database, home)) if home else None
        sounds = stage()
        warm_up(network=True)
        keyboard = opened.enter_context(Keyboard() if plain else nullcontext())
        journal, unwritten = opened.enter_context(live_journal(options.journal))
        trunk = SipTrunk(network, doorman=doorman, trusts=trusts, targets=targets, locator=keeper)
        if enrolment is not None:
            trunk.register(enrolment, enrolment.domain.partition(":")[0])
        welcome = Welcome(rings=samples(options.rings), early=options.is_early)
        bridge, exchange = assembled(sounds, directory, product, [trunk], numbers=numbers, leads=leads,
                                     setting=options.setting, journal=journal, reception=lambda _: welcome)
        if keeper is not None:
            keeper.start(lambda: {one.meeting for one in list(bridge.conference.callers.values()) if one.meeting})
        ends = None if options.seconds is None else samples(options.seconds)
        pace = WallClock(sleep=trunk.wait)
        figures = opened.enter_context(figure_lines(options.figures, bridge, pace, processor_s=time.process_time,
                                                      delay_ms=lambda: trunk.media.delay_ms))
        session = Session(exchange, pace=pace, words=prompts(), after=figures.tick if figures else None,
                          over=lambda: ends is not None and bridge.now >= ends)
        panel = Panel(title=_title(trunk), tell=lambda entry: told(entry, prompts()),
                      status=lambda: unwritten() or (figures.trouble if figures else "") or trunk.unregistered)
        opened.enter_context(steady())
        try:
            show(session, panel, plain=plain, typed=keyboard.typed if keyboard else None)
        finally:
            trunk.close()
            exchange.step()
        print(f"{seconds(bridge.now):.1f} s served; {session.pace.late or 'no'} late ticks", flush=True)
        why = unwritten()
    return complain(why, BROKEN) if why else OK


@contextmanager
def _keeper(database: str, home: str) -> Iterator[HomeKeeper]:
    desk = open_desk(database, founds=False)
    keeper = HomeKeeper(desk.checks, home)
    try:
        yield keeper
    finally:
        keeper.close()
        desk.close()


def _title(trunk: SipTrunk) -> str:
    return f"Call sip:1000@{host_in(trunk.here.host)}:{trunk.here.port}"
