"""`ivr phone`: be the caller, with a microphone, a speaker and the keys of the keyboard."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import numpy as np
import soundfile

from dtmf import KEYS
from dtmf.audiofile import format_of, replacing
from dtmf.limits import limits
from ivr.bridge.bridge import Bridge
from ivr.bridge.exchange import Exchange
from ivr.bridge.ports import Frame
from ivr.call.profile import profile
from ivr.cli.faults import UsageError
from ivr.cli.keyboard import Keyboard
from ivr.cli.kit import prompts, stage
from ivr.cli.meetings import directory_of, meeting_of
from ivr.cli.telling import told
from ivr.clock import RATE, samples, seconds
from ivr.lines.soundcard.card import Card, Wanted, card
from ivr.lines.soundcard.line import SoundCardLine
from ivr.lines.soundcard.pace import CardPace

_LONGEST_S = 24 * 3600.0
_RATES = (8000, 192_000)
_TELLING = samples(60)
"""What the clocks differ by is not known sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `ivr phone` was told.

    Attributes
    ----------
    wanted : Wanted
        The devices.
    meetings : list of str
        As --meeting gives them.
    """

    wanted: Wanted
    setting: str = "default"
    meetings: list[str]
    database: str = ""
    seconds: float | None = None
    record: Path | None = None


def phone(options: Options) -> int:
    """Make the call; return the exit code."""
    checked(options)
    known = [meeting_of(text) for text in options.meetings]
    sounds = stage()  # before a device is opened, which would wait meanwhile
    with directory_of(known, options.database, patient=False) as directory, _recording(options.record) as keep, \
            _stopping() as stopped, card(options.wanted) as sound, Keyboard() as keyboard:
        sound.warm_up()
        bridge = Bridge(directory=directory, voice=sounds.voice, music=sounds.music, tones=sounds.tones,
                        profile=profile("teams2021"), setting=options.setting)
        line = _Kept("caller", sound, keep,
                     hangs_up_after=None if options.seconds is None else samples(options.seconds))
        exchange, pace = Exchange(bridge, [line]), CardPace(sound)
        print(_opening(sound), flush=True)
        said = 0
        try:
            while True:
                pace.wait()
                for key in keyboard.typed():
                    if key.upper() in KEYS:
                        line.press(key.upper())
                    elif key in "qQ":
                        line.hang_up()
                if stopped:
                    line.hang_up()
                exchange.step()
                for entry in bridge.journal.entries[said:]:
                    if sentence := told(entry, prompts()):
                        print(sentence, flush=True)
                said = len(bridge.journal.entries)
                if not line.on_the_line:
                    break
        finally:
            print(_closing(sound, pace, bridge.now), flush=True)
    return 0


def checked(options: Options) -> None:
    """See that the options can be meant, before a device is opened.

    Raises
    ------
    UsageError
        If one cannot.
    """
    wanted = options.wanted
    if not wanted.microphone and not wanted.speaker:
        raise UsageError("--no-microphone and --no-speaker together leave nothing to call with: leave out one")
    if wanted.rate is not None and not _RATES[0] <= wanted.rate <= _RATES[1]:
        raise UsageError(f"--rate {wanted.rate} is no rate for a call: take {_RATES[0]} to {_RATES[1]} samples a "
                         "second, or leave it out")
    if options.seconds is not None and not 0 < options.seconds <= _LONGEST_S:
        raise UsageError(f"--seconds {options.seconds:g} is no length of a call: take more than 0, up to "
                         f"{_LONGEST_S:g}")
    limits(options.setting)
    if options.record is not None:
        format_of(options.record)


class _Kept(SoundCardLine):
    """A caller whose call is recorded: what he hears."""

    def __init__(self, caller: str, card: Card, keep: "soundfile.SoundFile | None", *,
                 hangs_up_after: int | None) -> None:
        super().__init__(caller, card, hangs_up_after=hangs_up_after)
        self._keep = keep

    def hear(self, frame: Frame) -> None:
        if self._keep is not None:
            self._keep.write(np.asarray(frame, np.int16))
        super().hear(frame)


@contextmanager
def _recording(path: Path | None) -> Iterator["soundfile.SoundFile | None"]:
    """Give a file that grows with the call, put in its place when the call is over."""
    if path is None:
        yield None
        return
    with replacing(path) as part, soundfile.SoundFile(part, "w", RATE, 1, format=format_of(path)) as file:
        yield file


@contextmanager
def _stopping() -> Iterator[list[int]]:
    """Take Ctrl-C as hanging up: gives a list that is no longer empty then. A second one stops at once."""
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (the signature of a handler)
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _opening(sound: Card) -> str:
    parts = [f"{what} {one.device.name!r} at {one.rate} Hz" for what, one in (
        ("microphone", sound.microphone), ("speaker", sound.speaker)) if one is not None]
    return f"{', '.join(parts)}; keys 0-9 * # A-D are sent, q hangs up"


def _closing(sound: Card, pace: CardPace, now: int) -> str:
    trouble = f"glitches: {sound.glitches}" if sound.glitches else "no glitches"
    apart = f"; clocks {sound.drift_ppm:+.0f} ppm apart" if now >= _TELLING else ""
    return f"\n{seconds(now):.1f} s on the line; {trouble}; {pace.late} late ticks{apart}"


