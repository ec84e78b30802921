"""Where the presenter listens: a speaker if there is one, a file if one is wanted; and the pace of it all."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ivr.clock import FRAME
from ivr.engine.ports import Frame
from ivr.live.pace import Pace, WallClock
from ivr.live.recording import recording

if TYPE_CHECKING:
    from ivr.lines.soundcard.card import Card

_SILENCE: Frame = np.zeros(FRAME, np.int16)


class Listening:
    """The pace of a session whose sound somebody listens to, and where the sound goes.

    The speaker sets the pace. Where there is none, or when it goes away, the clock on the wall does.

    Attributes
    ----------
    said : str
        One sentence about why nothing is played; empty while something is.
    gone : bool
        Whether the sound card went away.
    """

    def __init__(self, pace: WallClock, card: "Card | None", keep: Callable[[Frame], None] | None,
                 said: str) -> None:
        self.said, self.gone = said, False
        self._clock, self._card, self._keep = pace, card, keep
        self._paces: list[Pace] = [pace]
        if card is not None:
            from ivr.lines.soundcard.pace import CardPace

            self._paces.append(CardPace(card))

    @property
    def late(self) -> int:
        """Ticks more than a frame late."""
        return sum(pace.late for pace in self._paces)

    @property
    def gaps(self) -> int:
        """Times that the speaker had nothing to play."""
        return 0 if self._card is None else self._card.glitches.gaps

    def wait(self) -> None:
        """Return when the next tick is due."""
        if self._card is None or self.gone:
            self._clock.wait()
        else:
            self._carried(self._paces[-1].wait)

    def voice(self) -> Frame:
        """Return what the microphone has heard in this tick; silence without one."""
        return _SILENCE if self._card is None or self.gone else self._card.heard

    def hear(self, frame: Frame) -> None:
        """Take what is heard in a tick."""
        if self._keep is not None:
            self._keep(frame)
        card = self._card
        if card is not None and not self.gone:
            self._carried(lambda: card.play(frame))

    def _carried(self, act: Callable[[], None]) -> None:
        from ivr.lines.soundcard.errors import DeviceGone

        try:
            act()
        except DeviceGone:
            self.said, self.gone = "The sound card has gone, so nothing is played any more.", True


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundDevices:
    """What to listen and to speak with.

    Attributes
    ----------
    input, output : str
        Microphone and speaker, by number or name; empty for the default.
    microphone, speaker : bool
        Whether there is to be one. Without a speaker of one's own choice it goes on in silence.
    """

    input: str = ""
    output: str = ""
    microphone: bool = False
    speaker: bool = True


@contextmanager
def listening(devices: SoundDevices, *, speed: float, record: Path | None) -> Iterator[Listening]:
    """Open what there is to listen and to speak with.

    Raises
    ------
    SoundCardError
        If a device that is named, or a microphone that is wanted, cannot be used.
    AmbiguousDevice
        If its name fits several.
    """
    with ExitStack() as opened:
        keep = None if record is None else opened.enter_context(recording(record))
        card, said = None, "Nothing is played, as you wish."
        if speed != 1 and devices.speaker:
            said = f"Nothing is played at --speed {speed:g}: sound has its own pace."
        elif devices.speaker or devices.microphone:
            card, said = _card(devices, opened)
        if said and record is None:
            said += " --record FILE.wav writes what would be heard."
        yield Listening(WallClock(speed), card, keep, said)


def _card(devices: SoundDevices, opened: ExitStack) -> "tuple[Card | None, str]":
    from ivr.lines.soundcard.card import Wanted, card
    from ivr.lines.soundcard.errors import NoPyAudio, SoundCardError

    try:
        found = opened.enter_context(card(Wanted(
            input=devices.input, output=devices.output, microphone=devices.microphone, speaker=devices.speaker)))
        found.warm_up()
    except SoundCardError as error:
        if devices.output or devices.microphone:
            raise
        why = str(error).partition(": ")[0].rstrip(".")
        how = f", which '{error.remedy}' mends" if isinstance(error, NoPyAudio) else ""
        return None, f"Nothing is played: {why}{how}."
    return found, "" if devices.speaker else "Nothing is played, as you wish."
