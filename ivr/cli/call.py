"""`ivr call`: the callers of a story ring out, in real time."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from dtmf.audiofile import replacing
from ivr.cli.carded import at_card, check_called
from ivr.cli.dialling import account_of, network_to, reached
from ivr.cli.faults import UsageError
from ivr.cli.folders import folder
from ivr.cli.kit import check_outputs, prompts, stage, warm_up
from ivr.cli.leaving import leave
from ivr.cli.options import Dials
from ivr.cli.saying import BROKEN, FAILED, OK, complain, remark, tell, tell_json
from ivr.cli.telling import explained, told
from ivr.clock import samples, seconds
from ivr.conference.profile import PROFILES
from ivr.journal import Entry, Journal
from ivr.lines.sip import securing
from ivr.lines.sip.capture.cleaning import cleaned
from ivr.lines.sip.capture.keeping import Capture
from ivr.lines.sip.capture.pcap import pcap_of
from ivr.lines.sip.phones import SipPhones
from ivr.lines.sip.sockets import NetworkError
from ivr.lines.sip.writing import host_in
from ivr.lines.soundcard.band import through
from ivr.lines.soundcard.card import Wanted
from ivr.live.ledger import live_journal
from ivr.live.pace import Pace, WallClock, steady
from ivr.reading import nearest
from ivr.report.redact import keyed
from ivr.scenario.foreign.calling import CallingOut, Telephones
from ivr.scenario.foreign.grammar import WAYS
from ivr.scenario.grammar import load
from ivr.scenario.player import Result
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario
from ivr.scenario.target import SOUNDCARD, target
from ivr.scenario.words import Words
from prompts import languages


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """What `ivr call` was told besides whom and what.

    Attributes
    ----------
    dials : Dials
    wanted : Wanted
        The devices, where a sound card is called.
    timeout : float, optional
        In seconds.
    pcap : Path, optional
        For what goes over the network.
    with_secrets : bool
        Whether it may hold PINs.
    """

    dials: Dials = field(default_factory=Dials)
    wanted: Wanted = field(default_factory=Wanted)
    timeout: float | None = None
    report: Path | None = None
    audio: bool = True
    pcap: Path | None = None
    with_secrets: bool = False
    journal: Path | None = None
    as_json: bool = False


def call(words: list[str], options: CallOptions) -> int:
    """Play a story at whoever is called; return the exit code.

    Raises
    ------
    NetworkError
        If he cannot be reached, or nothing can be listened at here.
    """
    if options.timeout is not None and options.timeout <= 0:
        raise UsageError(f"--timeout {options.timeout:g} is no length of time: take more than 0")
    scenario, path = story_of(words, options)
    if options.with_secrets and options.pcap is None:
        raise UsageError("--with-secrets is for a file of packets: name one with --pcap")
    check_outputs({"--journal": options.journal, "--pcap": options.pcap}, read={"the story": path})
    if options.report is not None:
        folder(options.report)
    with live_journal(options.journal) as (kept, unwritten):
        lines: list[str] = []

        def show(entry: Entry) -> None:
            kept.write(entry)
            if not options.as_json and (line := told(entry, prompts())):
                lines.append(line)
                tell(line)

        result, late = ring_out(scenario, stage(), options, watch=show)
        why = unwritten()
    if explanation := explained(lines):
        tell(explanation)
    _verdict(result, late, as_json=options.as_json)
    if options.report is not None:
        leave(result, options.report, wall_s=None, audio=options.audio)
    if late:
        remark(f"{late} ticks came late: this machine had other things to do, and what was heard may have gaps")
    if why:
        return complain(why, BROKEN)
    return OK if result.passed else FAILED


def story_of(words: list[str], options: CallOptions, *, rung: bool = False) -> tuple[Scenario, Path]:
    """Return the story that words name, with who is called in it, and its file.

    Parameters
    ----------
    rung : bool
        As of `Words`.

    Raises
    ------
    UsageError
        If nobody is called, or options cannot be meant.
    """
    uri, path = _named(words)
    dials = options.dials
    if dials.srtp and not securing.is_there():
        raise UsageError("--srtp needs libsrtp: pip install 'dial-in-conference-simulator[srtp]'")
    if dials.dtmf and dials.dtmf not in WAYS:
        raise UsageError(f"--dtmf {dials.dtmf}: keys go by events, info or audio{nearest(dials.dtmf, WAYS)}")
    scenario = load(path, Words(prompts().names(), PROFILES, languages(), target=uri, rung=rung))
    if not scenario.target:
        raise UsageError(f"nobody is called: write sip:USER@HOST or {SOUNDCARD} before {path}, or a 'target' in "
                         "the story")
    check_called(scenario, options.wanted, dials, {"--pcap": options.pcap})
    return replace(scenario, dtmf=dials.dtmf or scenario.dtmf), path


@contextmanager
def telephones(scenario: Scenario, options: CallOptions) -> Iterator[SipPhones]:
    """Give telephones that ring a story's target; in the end everybody has hung up.

    Raises
    ------
    UsageError
        If the options cannot be meant.
    NetworkError
        If nobody can be reached, or nothing can be listened at here.
    """
    dials, where = options.dials, target(scenario.target)
    account = account_of(dials.from_, dials.auth, dials.password_file)
    to = reached(where, dials.local)
    with ExitStack() as opened:
        network = network_to(to, dials.local, dials.rtp_ports, dials.sip_ca, where.host)
        opened.callback(network.close)
        if options.pcap is not None:
            network.sound.capture = capture = Capture(time.time)
            opened.callback(_write_pcap, capture, options.pcap, with_secrets=options.with_secrets)
        warm_up(network=True)
        phones = SipPhones(network, where.uri, to, account=account, secures=dials.srtp, clock=time.perf_counter)
        opened.callback(phones.close)
        yield phones


def ring_out(scenario: Scenario, sounds: Stage, options: CallOptions, *,
             watch: Callable[[Entry], None] | None = None) -> tuple[Result, int]:
    """Play a story at its target; return how it went, and how many ticks were late.

    Raises
    ------
    UsageError, NetworkError
        As `telephones`; and where nothing has come back from who was called.
    BadFile, SoundCardError, AmbiguousDevice
        As `at_card`.
    """
    most = None if options.timeout is None else samples(options.timeout)

    def begin(phones: Telephones) -> CallingOut:
        return CallingOut(scenario, sounds, phones, watch=watch, journal=Journal(),
                          through=through if scenario.card else None)

    def lead(calling: CallingOut, pace: Pace) -> None:
        with steady():
            while not calling.over:
                pace.wait()
                calling.step()
                if most is not None and calling.now >= most:
                    calling.give_up(f"the story was not over after {seconds(most):.0f} s")

    if scenario.target == SOUNDCARD:
        return at_card(scenario, options.wanted, begin, lead)
    with telephones(scenario, options) as phones:
        calling, pace = begin(phones), WallClock(sleep=phones.wait)
        lead(calling, pace)
        result = calling.end()
        dialled = any(entry.event == "dialled" for entry in result.journal.entries)
        if dialled and not (result.passed or phones.came):
            raise NetworkError(nobody_at(scenario))
        return result, pace.late


def nobody_at(scenario: Scenario) -> str:
    """Return the sentence about one who is called, and from whom nothing has come back."""
    where = target(scenario.target)
    return (f"{host_in(where.host)}:{where.port} cannot be reached: nothing has come back from there; check its "
            "address and port, and whether a firewall stands between")


def _write_pcap(capture: Capture, path: Path, *, with_secrets: bool) -> None:
    """Write what went over the network; with secrets in it nobody else can read the file."""
    with replacing(path) as part:
        part.write_bytes(pcap_of(capture.kept if with_secrets else cleaned(capture.kept, keyed)))
        if with_secrets:
            part.chmod(0o600)
    if capture.lost:
        remark(f"{path} is not complete: {capture.lost} packets were more than is kept")


def _named(words: list[str]) -> tuple[str, Path]:
    """Return who is called, if that is said, and the story."""
    uris = [word for word in words if word.lower().startswith(("sip:", "sips:")) or word.rstrip(":") == SOUNDCARD]
    files = [word for word in words if word not in uris]
    if len(uris) > 1 or len(files) != 1:
        raise UsageError("one story is played, at one who is called: write 'ivr call sip:USER@HOST STORY.yaml', or "
                         f"'ivr call {SOUNDCARD} STORY.yaml'")
    if uris and uris[0].rstrip(":") == SOUNDCARD:
        return SOUNDCARD, Path(files[0])
    if uris:
        target(uris[0])
    return uris[0] if uris else "", Path(files[0])


def _verdict(result: Result, late: int, *, as_json: bool) -> None:
    scenario, lasted = result.scenario, seconds(result.ended_at)
    if as_json:
        tell_json({
            "file": str(scenario.path), "title": scenario.title, "target": scenario.target, "passed": result.passed,
            "seconds": lasted, "late_ticks": late,
            "failures": [{"line": f.line, "caller": f.caller, "step": f.step, "at": seconds(f.at),
                          "instead": f.instead} for f in result.failures],
            "journal": [entry.as_json() for entry in result.journal.entries]})
        return
    tell(f"{'pass' if result.passed else 'FAIL'}  {scenario.path}  {lasted:.1f} s  {scenario.title}")
    for failure in result.failures:
        tell(f"      {failure}")
