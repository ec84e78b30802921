"""`ivr phone`: be the caller, with a microphone, a speaker and the keys of the keyboard."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dtmf.audiofile import format_of
from dtmf.limits import limits
from ivr.assembly import assembled
from ivr.cli.called import called_own, recordings
from ivr.cli.called import checked as check_own
from ivr.cli.calledas import CalledAs
from ivr.cli.callees import Rung, by_option, callees
from ivr.cli.faults import UsageError
from ivr.cli.keyboard import Keyboard
from ivr.cli.kit import check_outputs, prompts, stage, warm_up
from ivr.cli.meetings import directory_of, meetings_of
from ivr.cli.saving import CallKeeper, check_saved_number, check_saving
from ivr.cli.saying import BROKEN, OK, complain
from ivr.cli.telling import told
from ivr.cli.wanted import check_devices
from ivr.clock import RATE, samples, seconds
from ivr.conference.profile import profile
from ivr.directory.meetings import Meetings
from ivr.directory.parameters import number as read_number
from ivr.engine.bridge import Bridge
from ivr.engine.handsets import Handsets
from ivr.engine.ports import Trunk
from ivr.lines.soundcard.card import Card, Wanted, card
from ivr.lines.soundcard.errors import DeviceGone
from ivr.lines.soundcard.line import SoundCardLine
from ivr.lines.soundcard.pace import CardPace
from ivr.live.ledger import live_journal
from ivr.live.recording import recording
from ivr.live.session import Session
from ivr.screen import Panel, PanelCommand, show
from ivr.screen.panel import keypad
from ivr.screen.showing import can_show_a_screen, check_room

CALLER = "caller"
_LONGEST_S = 24 * 3600.0
_TELLING = samples(60)
"""What the clocks differ by is not known sooner."""

_LOOKED_AT, _TOLD = RATE, samples(30)
"""How often it is looked for something wrong with the sound, and told that it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneOptions:
    """What `ivr phone` was told.

    Attributes
    ----------
    wanted : Wanted
        The devices.
    setting : str
        Of the decoder.
    meetings : list of str
        As --meeting gives them.
    own : Path, optional
        The file of an IVR to be called instead.
    hosts : sequence of str
        Those whose apps it may ask.
    save : Path, optional
        A folder for what callers record there.
    rung : mapping of word to sequence of str
        Whom it may have dialled.
    seconds : float, optional
        After which the caller hangs up.
    called, calling : str
        The number that is dialled, and the caller's own; empty where they are not known.
    record, journal : Path, optional
        Where what is heard and what happened are written.
    save_story : Path, optional
        Where the call is written as a story.
    """

    wanted: Wanted
    setting: str = "default"
    meetings: list[str] = field(default_factory=list, repr=False)  # they hold PINs
    database: str = ""
    own: Path | str | None = None
    hosts: Sequence[str] = ()
    save: Path | None = None
    rung: Rung = field(default_factory=dict)
    seconds: float | None = None
    called: str = ""
    calling: str = ""
    record: Path | None = None
    journal: Path | None = None
    save_story: Path | None = None
    plain: bool = False


def phone(options: PhoneOptions) -> int:
    """Make the call; return the exit code.

    Raises
    ------
    SoundCardError
        If a device cannot be used, or ends during the call.
    """
    checked(options)
    check_own(options.own, options.save, {"--meeting": options.meetings, "--database": options.database},
              by_option(options.rung))
    known = meetings_of(options.meetings, options.database)
    plain = options.plain or not can_show_a_screen()
    keeper = CallKeeper(CALLER)
    gone: DeviceGone | None = None
    with ExitStack() as opened:
        keep_all = opened.enter_context(recordings(options.save))
        called = None if options.own is None else called_own(options.own, stage(), options.hosts, live=True,
                                                             keep=keep_all)
        directory, numbers, leads = (Meetings([]), {}, {}) if called else opened.enter_context(
            directory_of(known, options.database, patient=False))
        number, own_number = "" if called else _number(options.called), _number(options.calling)
        check_saved_number(options.save_story, number, leads)
        keep = opened.enter_context(recording(options.record)) if options.record else None
        # before a device is opened, which would not wait meanwhile
        sounds = stage()
        warm_up()
        sound = opened.enter_context(card(options.wanted))
        keyboard = opened.enter_context(Keyboard() if plain else nullcontext())
        sound.warm_up()
        journal, unwritten = opened.enter_context(live_journal(options.journal))
        if options.save_story is not None:
            journal.add(keeper)
        line = SoundCardLine(CALLER, sound, keep=keep, tape=keeper.tape.take if options.save_story else None,
                             number=called.number if called else number, phone=own_number,
                             hangs_up_after=None if options.seconds is None else samples(options.seconds))
        trunks: list[Trunk] = [Handsets([line], can=frozenset())]
        bridge: Bridge
        if called:
            trunks += called.dialled(callees(called.own, options.rung, called.sounds))
            bridge, exchange = called.assembled(trunks, setting=options.setting, journal=journal)
        else:
            bridge, exchange = assembled(sounds, directory, profile("teams2021"), trunks, numbers=numbers,
                                         leads=leads, setting=options.setting, journal=journal)
        texts = called.texts if called else {}
        session = Session(exchange, pace=CardPace(sound), over=lambda: not line.on_the_line,
                          words=called.voice if called else prompts())
        panel = Panel(title=_title(sound), tell=lambda entry: told(entry, prompts(), texts),
                      commands=_commands(line), callers=lambda: [CALLER], chosen=lambda: CALLER,
                      status=_Status(sound, bridge, unwritten))
        try:
            show(session, panel, plain=plain, typed=keyboard.typed if keyboard else None)
        except DeviceGone as error:
            gone = error  # told when what was recorded is in its place
        finally:
            if line.on_the_line:
                line.hang_up()
                with suppress(DeviceGone):
                    exchange.step()
            print(_summary(sound, session), flush=True)
    code = complain(why, BROKEN) if (why := unwritten()) else OK
    if options.save_story is not None:
        said = CalledAs(own=called.own if called else None, file=options.own, hosts=options.hosts, number=number,
                        phone=own_number, languages=numbers.get(number, ()), rung=options.rung)
        code = keeper.save(options.save_story, known, options.setting, said) or code
    if gone is not None:
        raise gone
    return code


def _number(typed: str) -> str:
    return read_number(typed) if typed else ""


def checked(options: PhoneOptions) -> None:
    """See that the options can be meant, before a device is opened.

    Raises
    ------
    UsageError
        If one cannot.
    """
    check_devices(options.wanted)
    if options.seconds is not None and not 0 < options.seconds <= _LONGEST_S:
        raise UsageError(f"--seconds {options.seconds:g} is no length of a call: take more than 0, up to "
                         f"{_LONGEST_S:g}")
    limits(options.setting)
    check_outputs({"--record": options.record, "--journal": options.journal, "--save-story": options.save_story})
    check_saving(options.save_story)
    if options.record is not None:
        format_of(options.record)
    if not options.plain and can_show_a_screen():
        check_room()


def _commands(line: SoundCardLine) -> list[PanelCommand]:
    small = PanelCommand(tuple("abcd"), "", lambda key: line.press(key.upper()))
    return [keypad(line.press), small, PanelCommand(("h",), "hang up", lambda _: line.hang_up())]


def _title(sound: Card) -> str:
    parts = [f"{what} {one.device.name!r} at {one.rate} Hz" for what, one in (
        ("microphone", sound.microphone), ("speaker", sound.speaker)) if one is not None]
    return f"A call by {', '.join(parts)}"


class _Status:
    """What is wrong with the sound, and the journal. It would be told in every tick otherwise."""

    def __init__(self, sound: Card, bridge: Bridge, unwritten: Callable[[], str]) -> None:
        self._sound, self._bridge, self._unwritten = sound, bridge, unwritten
        self._due, self._said = 0, ""

    def __call__(self) -> str:
        if self._bridge.now >= self._due:
            clipped = "the microphone is overdriven" if self._sound.clipped else ""
            self._said = "; ".join(part for part in (str(self._sound.glitches), clipped, self._unwritten())
                                   if part)
            self._due = self._bridge.now + (_TOLD if self._said else _LOOKED_AT)
        return self._said


def _summary(sound: Card, session: Session) -> str:
    now = session.bridge.now
    trouble = f"glitches: {sound.glitches}" if sound.glitches else "no glitches"
    parts = [f"{seconds(now):.1f} s on the line", trouble, f"{session.pace.late or 'no'} late ticks"]
    if sound.clipped:
        parts.append(f"{sound.clipped} samples of the microphone were overdriven")
    if now >= _TELLING and sound.microphone and sound.speaker:
        parts.append(f"the speaker's clock is {sound.drift_ppm:+.0f} ppm off the microphone's")
    return "; ".join(parts)


