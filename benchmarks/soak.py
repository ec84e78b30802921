"""An hour on the line at the sound card, as fast as the machine can: memory, queues, gaps.

The devices are in memory; the speaker's clock is 200 ppm fast. Everything between them is what `ivr phone` uses.
The caller enters the lobby and stays there, with music.
"""

import resource
import sys
from dataclasses import dataclass

from ivr.cli.kit import prompts, stage
from ivr.clock import FRAME, RATE, seconds
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.lines.soundcard.card import Card
from ivr.lines.soundcard.devices import Device
from ivr.lines.soundcard.line import SoundCardLine
from ivr.lines.soundcard.microphone import Microphone
from ivr.lines.soundcard.opening import Opened
from ivr.lines.soundcard.pace import CardPace
from ivr.lines.soundcard.speaker import Speaker
from ivr.live.session import Session

_DEVICE = Device(0, "a device in memory", "memory", 1, 1, 48000, True, True)
_CARD_RATE, _PPM = 48000, 200
_LARGEST_GROWTH_KB = 4096
_LONGEST_QUEUE_MS, _SHORTEST_QUEUE_MS = 60.0, 5.0


class _Silence:
    """A microphone that always has more silence."""

    def get_read_available(self) -> int:
        return 4 * _CARD_RATE // 50

    def read(self, num_frames: int, exception_on_overflow: bool = True) -> bytes:  # noqa: ARG002
        return bytes(2 * num_frames)

    def close(self) -> None:
        """Nothing is open."""


class _Speaker:
    """A speaker whose clock is turned by hand."""

    def __init__(self) -> None:
        self.waiting = 0.0
        self._size = round(0.12 * _CARD_RATE)

    def go_on(self, passed_s: float) -> None:
        self.waiting = max(0.0, self.waiting - passed_s * _CARD_RATE)

    def get_write_available(self) -> int:
        return self._size - round(self.waiting)

    def write(self, frames: bytes, num_frames: int, exception_on_underflow: bool = False) -> None:  # noqa: ARG002
        self.waiting += num_frames

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Soaked:
    """What came of it.

    Attributes
    ----------
    grown_kb : int
        What the process's largest size has grown by after the first tenth.
    shortest_ms, longest_ms : float
        What waited for the speaker, after the first half minute.
    """

    seconds: float
    grown_kb: int
    shortest_ms: float
    longest_ms: float
    gaps: int
    dropped: int
    late: int
    drift_ppm: float

    @property
    def well(self) -> bool:
        """Whether nothing grew, drifted or broke."""
        queue = _SHORTEST_QUEUE_MS < self.shortest_ms <= self.longest_ms < _LONGEST_QUEUE_MS
        return queue and not self.gaps + self.dropped and self.grown_kb < _LARGEST_GROWTH_KB


def soak(minutes: float) -> Soaked:
    """Stay on the line for so long."""
    sounds = stage()
    device = _Speaker()
    microphone = Microphone(Opened(_DEVICE, _Silence(), _CARD_RATE, 1))  # type: ignore[arg-type]
    speaker = Speaker(Opened(_DEVICE, device, _CARD_RATE, 1))  # type: ignore[arg-type]
    card = Card(microphone, speaker)
    bridge = ConferenceBridge(directory=Meetings([Meeting("1234567", "48215", "Amos")]), voice=sounds.voice,
                              music=sounds.music, tones=sounds.tones, profile=profile("teams2021"))
    line = SoundCardLine("caller", card)
    session = Session(Exchange(bridge, [Handsets([line])]), pace=CardPace(card), words=prompts(),
                      after=lambda: device.go_on(FRAME / RATE * (1 + _PPM * 1e-6)))
    line.press("1234567#")
    ticks, shortest, longest, before = round(minutes * 60 * RATE / FRAME), 1.0, 0.0, 0
    for tick in range(ticks):
        session.step()
        if tick >= 30 * RATE // FRAME:
            shortest, longest = min(shortest, speaker.waiting_s), max(longest, speaker.waiting_s)
        if tick == ticks // 10:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    microphone.close()
    return Soaked(seconds(bridge.now), grown, 1000 * shortest, 1000 * longest, speaker.gaps, speaker.dropped,
                  session.pace.late, speaker.drift_ppm)


def main() -> int:
    """Soak for an hour, print, and return 1 if something grew, drifted or broke."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    came = soak(minutes)
    print(f"{came.seconds / 60:.0f} minutes on the line: {came.grown_kb} kB more memory after the first tenth, "
          f"{came.shortest_ms:.1f} to {came.longest_ms:.1f} ms waiting for the speaker, {came.gaps} gaps, "
          f"{came.dropped} frames left out, {came.late} late ticks; clocks {came.drift_ppm:+.0f} ppm apart "
          f"(as they are: {_PPM:+d})")
    return int(not came.well)


if __name__ == "__main__":
    sys.exit(main())
