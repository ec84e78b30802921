"""`ivr serve`: telephones ring in, by SIP and RTP, and browsers show it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dtmf.limits import limits
from ivr.assembly import assembled
from ivr.cli.addresses import address, apart
from ivr.cli.faults import UsageError
from ivr.cli.keyboard import Keyboard
from ivr.cli.kit import check_outputs, prompts, stage, warm_up
from ivr.cli.meetings import directory_of, meetings_of
from ivr.cli.peers import Peers
from ivr.cli.saying import BROKEN, OK, complain
from ivr.cli.streaming import StreamOptions, Streams
from ivr.cli.telephones import TelephoneSetup, told_address
from ivr.cli.telling import told
from ivr.clock import samples, seconds
from ivr.desk.opening import open_desk
from ivr.engine.messages import Welcome
from ivr.engine.ports import Trunk
from ivr.lines.sip.locating import home_at
from ivr.lines.sip.trunk import SipTrunk
from ivr.lines.web.trunk import WebTrunk
from ivr.live.figures import figure_lines
from ivr.live.guests import Guests
from ivr.live.homes import HomeKeeper
from ivr.live.keeping import Keeper
from ivr.live.ledger import live_journal
from ivr.live.pace import WallClock, steady
from ivr.live.session import Session
from ivr.scenario.profiles import find
from ivr.screen import Panel, show
from ivr.screen.showing import can_show_a_screen, check_room

if TYPE_CHECKING:
    from ivr.cli.web import Browsers, Browsing

_LONGEST_S = 366 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What `ivr serve` was told.

    Attributes
    ----------
    sip : str
        HOST:PORT; empty for no telephones.
    browsing : Browsing, optional
        How browsers are answered.
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

    sip: str = ""
    browsing: "Browsing | None" = None
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
    streams: StreamOptions = field(default_factory=StreamOptions)


def serve(options: ServeOptions) -> int:
    """Take calls until it is ended; return the exit code.

    Raises
    ------
    NetworkError, WebError
        If an address cannot be listened at.
    """
    peers = options.peers
    telephones = TelephoneSetup(options.sip, options.rtp_ports, peers) if options.sip else None
    browsers = _browsers(options.browsing)
    streams = Streams(options.streams, peers) if options.streams.is_wanted else None
    apart({**(telephones.places if telephones else {}), **({"--web": browsers.at} if browsers else {}),
           **(streams.places if streams else {})})
    if options.rings < 0 or (options.is_early and not options.rings):
        raise UsageError(f"--rings {options.rings:g} is no length of time" if options.rings else
                         "--early-media is heard while it rings: say how long with --rings SECONDS")
    if options.seconds is not None and not 0 < options.seconds <= _LONGEST_S:
        raise UsageError(f"--seconds {options.seconds:g} is no length of time: take more than 0, up to "
                         f"{_LONGEST_S}")
    limits(options.setting)
    product = find(options.product)
    check_outputs({"--journal": options.journal, "--figures": options.figures}, read=peers.files)
    plain = options.plain or not can_show_a_screen()
    if not plain:
        check_room()
    known = meetings_of(options.meetings, options.database)
    if options.home and known:
        raise UsageError(f"--home {options.home} is for processes that share a directory: leave --meeting out")
    home = home_at(*address(options.home, is_open=True, option="--home")) if options.home else ""
    with ExitStack() as opened:
        network = opened.enter_context(telephones.network()) if telephones else None
        at = browsers.opened(opened) if browsers else None
        directory, numbers, leads = opened.enter_context(directory_of(known, options.database, patient=False,
                                                                      here=home, founds=True))
        keeper = opened.enter_context(_keeper(options.database, home)) if home else None
        sounds = stage()
        warm_up(network=True)
        keyboard = opened.enter_context(Keyboard() if plain else nullcontext())
        journal, unwritten = opened.enter_context(live_journal(options.journal))
        trunk = telephones.trunk(network, keeper) if telephones and network else None
        phones = WebTrunk() if at else None
        streamed = WebTrunk() if streams else None
        trunks: list[Trunk] = [one for one in (trunk, phones, streamed) if one is not None]
        welcome = Welcome(rings=samples(options.rings), early=options.is_early)
        bridge, exchange = assembled(sounds, directory, product, trunks, numbers=numbers, leads=leads,
                                     setting=options.setting, journal=journal, reception=lambda _: welcome)
        if keeper is not None:
            keeper.start(lambda: {one.meeting for one in list(bridge.conference.callers.values()) if one.meeting})
        ends = None if options.seconds is None else samples(options.seconds)
        guests = Guests(exchange, lambda text, name: sounds.studio.say(text, sounds.voice_of(name)))
        kept = Keeper(exchange)
        pace = WallClock(sleep=trunk.wait) if trunk else WallClock()
        figures = opened.enter_context(figure_lines(
            options.figures, bridge, pace, processor_s=time.process_time,
            delay_ms=lambda: trunk.media.delay_ms if trunk else 0.0))
        session = Session(exchange, pace=pace, words=prompts(), step=guests.step,
                          after=_each(kept.follow if browsers else None, figures.tick if figures else None),
                          over=lambda: ends is not None and bridge.now >= ends)
        page = browsers.address(at) if browsers and at else ""
        to_streams = opened.enter_context(streams.served(streamed)) if streams and streamed else ""
        title = "; ".join(filter(None, (_title(trunk, page), to_streams)))
        panel = Panel(title=title, tell=lambda entry: told(entry, prompts()),
                      status=lambda: (unwritten() or guests.fault or (figures.trouble if figures else "")
                                      or (trunk.unregistered if trunk else "")))
        opened.enter_context(steady())
        try:
            with browsers.shown(session, guests, kept, phones, at, product=product.name, stage=sounds,
                                database=None if known else options.database
                                ) if browsers and phones and at else nullcontext():
                show(session, panel, plain=plain, typed=keyboard.typed if keyboard else None)
        finally:
            if trunk is not None:
                trunk.close()
            exchange.step()
        print(f"{seconds(bridge.now):.1f} s served; {session.pace.late or 'no'} late ticks", flush=True)
        why = unwritten()
    return complain(why, BROKEN) if why else OK


def _browsers(browsing: "Browsing | None") -> "Browsers | None":
    if browsing is None:
        return None
    # the web's packages, which telephones do without
    from ivr.cli.web import Browsers

    return Browsers(browsing)


def _each(*acts: Callable[[], None] | None) -> Callable[[], None] | None:
    """Return what does all that there is to do after a tick; None if there is nothing."""
    given = [act for act in acts if act is not None]

    def all_of_them() -> None:
        for act in given:
            act()

    return all_of_them if given else None


@contextmanager
def _keeper(database: str, home: str) -> Iterator[HomeKeeper]:
    desk = open_desk(database, founds=False)
    keeper = HomeKeeper(desk.checks, home)
    try:
        yield keeper
    finally:
        keeper.close()
        desk.close()


def _title(trunk: SipTrunk | None, page: str) -> str:
    return "; ".join([*([f"Call {told_address(trunk)}"] if trunk else []), *([f"Open {page}"] if page else [])])
