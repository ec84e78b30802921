"""Both devices of a caller, carried a frame at a time."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np

from dtmf.resample import Resampler
from ivr.clock import FRAME, RATE
from ivr.engine.ports import Frame
from ivr.lines.soundcard.devices import chosen, devices
from ivr.lines.soundcard.microphone import Microphone
from ivr.lines.soundcard.opening import opened
from ivr.lines.soundcard.portaudio import audio
from ivr.lines.soundcard.speaker import Speaker

_SILENCE: Frame = np.zeros(FRAME, np.int16)

_WARM_UP = 15
"""Frames that are carried before the call: until then devices take and give what they have in lumps."""


@dataclass(frozen=True, slots=True)
class Glitches:
    """What went wrong with the sound, counted.

    Attributes
    ----------
    lost : int
        Frames of the microphone that did not come.
    gaps : int
        Times that the speaker had nothing to play.
    dropped : int
        Frames that the speaker left out to catch up.
    """

    lost: int = 0
    gaps: int = 0
    dropped: int = 0

    def __str__(self) -> str:
        told = [f"{count} {name}" for count, name in (
            (self.lost, "frames of the microphone lost"), (self.gaps, "gaps in the speaker"),
            (self.dropped, "frames left out in the speaker")) if count]
        return ", ".join(told)

    def __bool__(self) -> bool:
        return bool(self.lost or self.gaps or self.dropped)


class Card:
    """A microphone and a speaker, either of which may be missing, though not both.

    Parameters
    ----------
    microphone : Microphone, optional
    speaker : Speaker, optional
    """

    def __init__(self, microphone: Microphone | None, speaker: Speaker | None) -> None:
        self._in, self._out = microphone, speaker
        self.microphone = None if microphone is None else microphone.opened
        self.speaker = None if speaker is None else speaker.opened
        self.heard: Frame = _SILENCE
        """What the microphone heard in this tick; silence without one."""

    def wait(self) -> None:
        """Return when the next 20 ms are due, with what was `heard` in them.

        Raises
        ------
        DeviceGone
            If a device does not go on.
        """
        if self._in is not None:
            self.heard = self._in.frame()
        elif self._out is not None and (early := self._out.wanting_s) > 0:
            time.sleep(early)

    def warm_up(self) -> None:
        """Carry silence until both devices run evenly.

        Raises
        ------
        DeviceGone
            If one does not run at all.
        """
        for _ in range(_WARM_UP):
            self.wait()
            self.play(_SILENCE)
        for part in (self._in, self._out):
            if part is not None:
                part.forgive()

    def play(self, frame: Frame) -> None:
        """Give the speaker its next 20 ms."""
        if self._out is not None:
            self._out.play(frame, coming_s=self._in.waiting * FRAME / RATE if self._in else 0.0)

    @property
    def lag_s(self) -> float:
        """Seconds by which sound is late, both ways together: what waits, what devices hold, a frame each way."""
        held = sum(one.opened.lag_s for one in (self._in, self._out) if one is not None)
        return self.waiting_s + held + 2 * FRAME / RATE

    @property
    def full(self) -> bool:
        """Whether the speaker has so much that what it is given now waits longer than it has to."""
        return self._out is not None and self._out.wanting_s > FRAME / RATE

    @property
    def late(self) -> int:
        """Frames that were taken more than a frame after they had come."""
        return self._in.late if self._in else 0

    @property
    def glitches(self) -> Glitches:
        """What went wrong so far."""
        return Glitches(self._in.lost if self._in else 0, self._out.gaps if self._out else 0,
                        self._out.dropped if self._out else 0)

    @property
    def clipped(self) -> int:
        """Samples of the microphone at the ends of the scale."""
        return self._in.clipped if self._in else 0

    @property
    def drift_ppm(self) -> float:
        """What the speaker's clock is now taken to be faster by than the microphone's, in millionths."""
        return self._out.drift_ppm if self._out else 0.0

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that wait: of the microphone to be taken, and of the speaker to be played."""
        return (self._in.waiting * FRAME / RATE if self._in else 0.0) + (self._out.waiting_s if self._out else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which devices a caller wants.

    Attributes
    ----------
    input, output : str
        A number, a name or a part of one; empty for the default.
    rate : int, optional
        Samples a second; if left out, what each device likes.
    microphone, speaker : bool
        Whether there is to be one.
    both : bool
        Whether one alone would not do.
    """

    input: str = ""
    output: str = ""
    rate: int | None = None
    microphone: bool = True
    speaker: bool = True
    both: bool = False


@contextmanager
def card(wanted: Wanted) -> Iterator[Card]:
    """Open the devices that are wanted, and let them go at the end.

    Raises
    ------
    SoundCardError
        If one cannot be used.
    AmbiguousDevice
        If a name fits several.
    """
    with audio() as there, ExitStack() as open_ones:
        among = devices(there)
        Resampler(1, 6 * RATE)  # loads what designs filters: that takes longer than an open device may wait
        source = chosen(among, wanted.input, "input", both=wanted.both) if wanted.microphone else None
        sink = chosen(among, wanted.output, "output", both=wanted.both) if wanted.speaker else None
        speaker = microphone = None
        if sink is not None:
            speaker = Speaker(opened(there, sink, "output", wanted.rate))
            open_ones.callback(speaker.close)
        if source is not None:
            microphone = Microphone(opened(there, source, "input", wanted.rate))
            open_ones.callback(microphone.close)
        yield Card(microphone, speaker)
