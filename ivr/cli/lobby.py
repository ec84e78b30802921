"""`ivr lobby`: callers arrive, wait, talk and press keys, at a real pace, for people to see and hear."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from ivr.assembly import assembled
from ivr.cli.called import Called, asking_aside, called_own, recordings, token
from ivr.cli.called import checked as check_own
from ivr.cli.callees import Rung, by_option, callees
from ivr.cli.faults import UsageError
from ivr.cli.keyboard import Keyboard
from ivr.cli.kit import LANGUAGE, check_outputs, prompts, stage, warm_up
from ivr.cli.listening import Listening, SoundDevices, listening
from ivr.cli.meetings import meeting_of
from ivr.cli.own import texts_of
from ivr.cli.saying import BROKEN, FAILED, OK, complain
from ivr.cli.telling import told
from ivr.clock import seconds
from ivr.conference.profile import PROFILES, profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.engine.sound import Voice
from ivr.journal import Entry, Journal
from ivr.live.apps import AskingApps
from ivr.live.cast import Cast
from ivr.live.ledger import ledger, live_journal
from ivr.live.monitor import LOBBY, MEETING, Monitor
from ivr.live.parts import MOST, CastPart, cast_of
from ivr.live.presenter import Presenter
from ivr.live.puppet import Puppet
from ivr.live.session import Session
from ivr.live.shelf import RecordingShelf
from ivr.scenario.grammar import load
from ivr.scenario.player import Performance, Result, Samples
from ivr.scenario.rehearsal import rehearse
from ivr.scenario.stage import Stage
from ivr.scenario.steps import Scenario
from ivr.scenario.words import Words
from ivr.screen import Panel, PanelCommand, show
from ivr.screen.panel import keypad
from ivr.screen.showing import can_show_a_screen, check_room

_DEMONSTRATION = Meeting("1234567", "48215", "amos")
_SLOWEST, _FASTEST = 0.1, 1000.0
_PIN = re.compile("[0-9]{4,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LobbyOptions:
    """How a demonstration is shown.

    Attributes
    ----------
    speed : float
        1 for real time.
    listen : str
        "lobby", "meeting" or a caller's name; empty for the first caller.
    devices : SoundDevices
        The speaker, and perhaps a microphone.
    record : Path, optional
        Where what is heard is written.
    journal : Path, optional
        Where the journal is written.
    own : Path, optional
        The file of an IVR that is called instead of the conference, by callers who are led by hand.
    hosts : sequence of str
        Those whose apps an IVR of one's own may ask.
    save : Path, optional
        A folder for what callers record there.
    rung : mapping of word to sequence of str
        Whom it may have dialled.
    """

    speed: float = 1.0
    listen: str = ""
    devices: SoundDevices = field(default_factory=SoundDevices)
    record: Path | None = None
    journal: Path | None = None
    plain: bool = False
    by_hand: bool = False
    own: Path | str | None = None
    hosts: Sequence[str] = ()
    save: Path | None = None
    rung: Rung = field(default_factory=dict)
    meeting: str = field(default="", repr=False)  # it holds a PIN


def lobby(callers: int | None, script: Path | None, options: LobbyOptions) -> int:
    """Show the demonstration, or a story; return the exit code."""
    checked(options)
    if script is None:
        count = 3 if callers is None else callers
        if not 1 <= count <= MOST:
            raise UsageError(f"--callers {count}: the demonstration has 1 to {MOST} callers")
        return _demonstration(cast_of(count), options)
    for name, given in (("--callers", callers is not None), ("--by-hand", options.by_hand),
                        ("--ivr", options.own is not None), ("--meeting", bool(options.meeting)),
                        *by_option(options.rung).items(),
                        ("--microphone", options.devices.microphone)):
        if given:
            raise UsageError(f"{name} is for a demonstration without --script: a story says itself who does what")
    check_outputs({"--record": options.record, "--journal": options.journal}, read={"--script": script})
    words = Words(prompts().names(), PROFILES, hosts=options.hosts)
    result, left, lacks = story(load(script, words), options)
    code = verdict(result, left=left)
    return complain(lacks, BROKEN) if lacks else code


def checked(options: LobbyOptions) -> None:
    """See that the options can be meant, before anything is opened.

    Raises
    ------
    UsageError
        If one cannot.
    TooSmall
        If the terminal has no room for the screen.
    """
    if not _SLOWEST <= options.speed <= _FASTEST:
        raise UsageError(f"--speed {options.speed:g} is no pace: take {_SLOWEST:g} to {_FASTEST:g}, 1 is real time")
    if options.devices.output and not options.devices.speaker:
        raise UsageError("--output names a speaker and --no-speaker wants none: leave out one of them")
    if options.devices.microphone and options.speed != 1:
        raise UsageError(f"--microphone needs real time, not --speed {options.speed:g}: leave out one of them")
    check_outputs({"--record": options.record, "--journal": options.journal})
    if not options.plain and can_show_a_screen():
        check_room()


def story(scenario: Scenario, options: LobbyOptions) -> tuple[Result, bool, str]:
    """Show a story at its pace; return how it went, whether somebody left early, and what is not written."""
    names = tuple(caller.name for caller in scenario.callers)
    monitor = _ear(options.listen, names)
    language = scenario.own.languages[0] if scenario.own else LANGUAGE
    sounds = replace(stage(), apps=AskingApps(options.hosts), fetches=asking_aside(options.hosts, language),
                     token=token(), shelf=RecordingShelf())
    presenter = Presenter(names, monitor)
    rehearse(scenario, sounds)
    with ExitStack() as opened:
        performance = opened.enter_context(Performance(scenario, sounds))
        unwritten = _written(performance.exchange.bridge.journal, options.journal, opened)
        _, left = _shown(performance.exchange, presenter, monitor, options, title=scenario.title,
                         step=performance.step, over=lambda: performance.over, led=False, unwritten=unwritten,
                         words=performance.words, texts=texts_of(scenario.own, named=False) if scenario.own else {})
        result = performance.end()
    return result, left, unwritten()


def _written(journal: Journal, path: Path | None, opened: ExitStack) -> Callable[[], str]:
    """Have a journal written while it happens; return what tells what is not on the disk."""
    if path is None:
        return lambda: ""
    sink = opened.enter_context(ledger(path))
    for entry in journal:
        sink.write(entry)
    journal.add(sink)
    return lambda: sink.trouble


def verdict(result: Result, *, left: bool) -> int:
    """Say what of a story has not come true; return the exit code."""
    if left:
        return complain(f"stopped at your wish, {seconds(result.ended_at):.1f} s into the story: what it expects "
                        "is not known", BROKEN)
    for failure in result.failures:
        print(f"FAILED {failure}")
    return OK if result.passed else FAILED


def _demonstration(parts: tuple[CastPart, ...], options: LobbyOptions) -> int:
    check_own(options.own, options.save, {"--meeting": options.meeting}, by_option(options.rung))
    meeting = _meeting(options.meeting)
    with live_journal(options.journal) as (journal, unwritten), recordings(options.save) as keep:
        called = None
        if options.own is not None:
            called = called_own(options.own, stage(), options.hosts, live=True, keep=keep)
            cast, title = _callers_of(called, parts, options.rung, journal), called.own.title
        else:
            cast = demonstration(parts, stage(), meeting, by_hand=options.by_hand, journal=journal)
            title = f"The lobby of {meeting.conference_id}"
        names = cast.names
        monitor = _ear(options.listen, names)
        _shown(cast.exchange, Presenter(names, monitor, cast), monitor, options, unwritten=unwritten, called=called,
               title=title, step=cast.step, over=lambda: cast.over, led=True)
        for name in names:
            cast.hang_up(name)
        cast.exchange.step()
    return complain(why, BROKEN) if (why := unwritten()) else OK


def _callers_of(called: Called, parts: Sequence[CastPart], rung: Rung, journal: Journal) -> Cast:
    """Return a cast that calls an IVR of one's own or is dialled there, each led by hand."""
    dialled = callees(called.own, rung, called.sounds)
    parts = [*parts, *(CastPart(name=one.caller, arrives_s=0) for one in dialled)]
    puppets = [*(Puppet(part.name) for part in parts[:len(parts) - len(dialled)]), *dialled]
    _, exchange = called.assembled([Handsets(puppets)], journal=journal)
    return Cast(parts, puppets, exchange, conference_id="", pin="", say=_voices(parts, called.sounds), by_hand=True)


def demonstration(parts: Sequence[CastPart], sounds: Stage, meeting: Meeting = _DEMONSTRATION, *,
                  by_hand: bool = False, journal: Journal | None = None) -> Cast:
    """Return a cast on a bridge of its own, with every sentence ready."""
    puppets = [Puppet(part.name) for part in parts]
    _, exchange = assembled(sounds, Meetings([meeting]), profile("teams2021"), [Handsets(puppets)], journal=journal)
    return Cast(parts, puppets, exchange, conference_id=meeting.conference_id, pin=meeting.pin,
                say=_voices(parts, sounds), by_hand=by_hand)


def _meeting(text: str) -> Meeting:
    if not text:
        return _DEMONSTRATION
    meeting = meeting_of(text)
    if not _PIN.fullmatch(meeting.pin):
        raise UsageError(f"--meeting {meeting.conference_id[:7]} has no PIN of 4 to 12 digits: write ID:PIN, so "
                         "that the organizer can start the meeting")
    return meeting


def _ear(listen: str, names: tuple[str, ...]) -> Monitor:
    rooms = {"": names[0], "lobby": LOBBY, "meeting": MEETING}
    if listen not in rooms and listen not in names:
        raise UsageError(f"--listen {listen} is nobody here: take lobby, meeting, {', '.join(names)}")
    return Monitor(rooms.get(listen, listen))


def _voices(parts: Sequence[CastPart], sounds: Stage) -> Callable[[str, str], Samples]:
    """Return what speaks; every sentence is spoken once before, since an engine takes longer than a tick."""
    def say(text: str, name: str) -> Samples:
        return sounds.studio.say(text, sounds.voice_of(name))

    for part in parts:
        for text in (*part.waiting, *part.talking):
            say(text, part.name)
    return say


def _shown(exchange: Exchange, presenter: Presenter, monitor: Monitor, options: LobbyOptions, *, title: str,
           step: Callable[[], None], over: Callable[[], bool], led: bool,
           unwritten: Callable[[], str] = lambda: "", called: Called | None = None, words: Voice | None = None,
           texts: Mapping[str, str] | None = None) -> tuple[Session, bool]:
    """Run an exchange before somebody's eyes and ears; return its session, and whether somebody left early."""
    plain = options.plain or not can_show_a_screen()
    account = _Account()
    exchange.bridge.journal.add(account)
    warm_up()
    with listening(options.devices, speed=options.speed, record=options.record) as sound, \
            (Keyboard() if plain else nullcontext()) as keyboard:
        if options.devices.microphone:
            presenter.plug(sound.voice)
        session = Session(exchange, pace=sound, step=step, over=over,
                          words=called.voice if called else words or prompts(),
                          after=lambda: sound.hear(monitor.frame(session)))
        texts = called.texts if called else texts or {}
        panel = presenters_panel(title, presenter, led=led, speed=options.speed, texts=texts,
                                 said=lambda: " ".join(part for part in (sound.said, unwritten()) if part))
        left = show(session, panel, plain=plain, typed=keyboard.typed if keyboard else None)
        print(_summary(session, account, sound, left=left, meets=called is None), flush=True)
    return session, left


def presenters_panel(title: str, presenter: Presenter, *, led: bool, said: Callable[[], str] = lambda: "",
                     speed: float = 1.0, texts: Mapping[str, str] | None = None) -> Panel:
    """Return what the presenter's screen shows; `said` is a sentence about the sound."""
    return Panel(title=title, tell=lambda entry: told(entry, prompts(), texts),
                 commands=_commands(presenter, led=led),
                 callers=lambda: presenter.names, chosen=lambda: presenter.chosen,
                 status=lambda: f"{presenter.status()}\n{said()}".rstrip(), speed=speed)


def _commands(presenter: Presenter, *, led: bool) -> list[PanelCommand]:
    """Return what the presenter's keys do; whoever shows a story leads nobody."""
    moves = [PanelCommand(("down", "tab"), "caller", lambda _: presenter.choose(1), "tab", "be the next caller"),
             PanelCommand(("up",), "", lambda _: presenter.choose(-1))]
    ears = PanelCommand(("l", "m", "c", "n"), "hear" if led else "hear lobby/meeting/caller/none", presenter.listen,
                        "l/m/c/n", "hear lobby/meeting/caller/nothing")
    if not led:
        return [*moves, ears]
    return [*moves, keypad(presenter.press),
            PanelCommand(("enter",), "next", lambda _: presenter.next(), "enter", "do what comes next"),
            PanelCommand(("h",), "hang up", lambda _: presenter.hang_up()),
            PanelCommand(("t",), "hand", lambda _: presenter.change_hands(), "t", "by hand or by the timetable"),
            ears]


class _Account:
    """A sink of the journal: what is told of a session when it is over, however long it was."""

    def __init__(self) -> None:
        self.calls = 0
        self.started_by = ""

    def write(self, entry: Entry) -> None:
        self.calls += entry.event == "dialled"
        if entry.event == "started" and not self.started_by:
            self.started_by = str(entry.facts["by"])


def _summary(session: Session, account: _Account, sound: Listening, *, left: bool, meets: bool) -> str:
    calls, by = account.calls, account.started_by
    parts = [f"{'Left after ' if left else ''}{seconds(session.bridge.now):.1f} s",
             f"{calls} call{'' if calls == 1 else 's'}",
             *([f"the meeting was started by {by}" if by else "no meeting was started"] if meets else []),
             f"{sound.late or 'no'} late ticks"]
    return "; ".join([*parts, *([f"{sound.gaps} gaps in the speaker"] if sound.gaps else [])])
