"""Where the presenter listens: a speaker if there is one, a file if one is wanted; and the pace of it all."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.bridge.ports import Frame
from ivr.live.pace import Pace, WallClock
from ivr.live.recording import recording

if TYPE_CHECKING:
    from ivr.lines.soundcard.card import Card


class Listening:
    """The pace of a session whose sound somebody listens to, and where the sound goes.

    The speaker sets the pace. Where there is none, or when it goes away, the clock on the wall does.

    Attributes
    ----------
    said : str
        One sentence about why nothing is played; empty while something is.
    """

    def __init__(self, pace: WallClock, card: "Card | None", keep: Callable[[Frame], None] | None,
                 said: str) -> None:
        self.said = said
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
        if self.said or self._card is None:
            self._clock.wait()
        else:
            self._carried(self._paces[-1].wait)

    def hear(self, frame: Frame) -> None:
        """Take what is heard in a tick."""
        if self._keep is not None:
            self._keep(frame)
        card = self._card
        if card is not None and not self.said:
            self._carried(lambda: card.play(frame))

    def _carried(self, act: Callable[[], None]) -> None:
        from ivr.lines.soundcard.errors import DeviceGone

        try:
            act()
        except DeviceGone:
            self.said = "The speaker has gone, so nothing is played any more."


@contextmanager
def listening(*, output: str, speaker: bool, speed: float, record: Path | None) -> Iterator[Listening]:
    """Open what there is to listen with.

    Parameters
    ----------
    output : str
        The speaker, by number or name; empty for the default, without which it goes on in silence.
    speaker : bool
        Whether one is wanted at all.

    Raises
    ------
    SoundCardError
        If the named speaker cannot be used.
    AmbiguousDevice
        If its name fits several.
    """
    with ExitStack() as opened:
        keep = None if record is None else opened.enter_context(recording(record))
        card, said = None, "Nothing is played, as you wish."
        if speaker and speed != 1:
            said = f"Nothing is played at --speed {speed:g}: sound has its own pace."
        elif speaker:
            card, said = _speaker(output, opened)
        if said and record is None:
            said += " --record FILE.wav writes what would be heard."
        yield Listening(WallClock(speed), card, keep, said)


def _speaker(output: str, opened: ExitStack) -> "tuple[Card | None, str]":
    from ivr.lines.soundcard.card import Wanted, card
    from ivr.lines.soundcard.errors import SoundCardError

    try:
        found = opened.enter_context(card(Wanted(output=output, microphone=False)))
        found.warm_up()
    except SoundCardError as error:
        if output:
            raise
        why = str(error).partition(": ")[0].rstrip(".")
        return None, f"Nothing is played: {why}."
    return found, ""
