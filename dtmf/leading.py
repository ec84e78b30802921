"""The keys of several channels as they come: told once where the channels agree, else each by itself."""

from dataclasses import dataclass

from dtmf.choosing import SAME_S, same_press
from dtmf.detector import DigitHeard


@dataclass(slots=True, eq=False)
class _Press:
    """A key press, and which channels hold it."""

    first: DigitHeard
    held: set[int]


class Leading:
    """Tells of the channel with keys while it is heard, as `dtmf.choosing.choose` does in the end.

    The channel that is heard first leads. What only another one holds waits as long as an echo may take; then that
    channel leads, if it holds all that was told, or the channels differ.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second.
    differ : bool
        Whether each is told by itself from the beginning.

    Attributes
    ----------
    differ : bool
        Whether the channels hold different keys. From then on what is told is told of a channel.
    """

    def __init__(self, channels: int, rate: int, *, differ: bool = False) -> None:
        self._rate = rate
        self._patience = int(SAME_S * rate)
        self._leader: int | None = None
        self._known = [0] * channels
        """How many of the presses that were told each channel holds."""
        self._told = 0
        self._recent: list[_Press] = []
        """What was told not long ago."""
        self._waiting: list[_Press] = []
        self._heard: list[list[DigitHeard]] = [[] for _ in range(channels)]
        self.differ = differ

    @property
    def keyed(self) -> list[int]:
        """The channels with keys."""
        return [channel for channel, keys in enumerate(self._heard) if keys]

    def feed(self, events: list[DigitHeard], now: int) -> list[DigitHeard]:
        """Take what was heard until `now`, samples a channel; return what is to be told."""
        for event in events:
            self._heard[event.channel].append(event)
        if self.differ:
            return events
        for event in events:
            self._note(event)
        told: list[DigitHeard] = []
        while self._waiting:
            press = self._waiting[0]
            if self._leader is not None and self._leader not in press.held:
                if press.first.at + self._patience > now:
                    break
                whole = [channel for channel in press.held if self._known[channel] == self._told]
                if not whole:
                    self.differ = True
                    every = [event for keys in self._heard for event in keys]
                    return sorted(every, key=lambda event: (event.at, event.channel))
                self._leader = whole[0]
            told.append(self._tell(self._waiting.pop(0)))
        return told

    def flush(self) -> list[DigitHeard]:
        """End the input: nothing waits any more."""
        last = max((press.first.at for press in self._waiting), default=0)
        return self.feed([], last + self._patience)

    def _note(self, event: DigitHeard) -> None:
        """Put a key to the press that it is of, a new one if it is of none."""
        for press in (*self._recent, *self._waiting):
            first = press.first
            if event.channel not in press.held and same_press(event.digit, event.start, first.digit, first.start,
                                                              self._rate):  # fmt: skip
                press.held.add(event.channel)
                self._known[event.channel] += press in self._recent
                return
        self._waiting.append(_Press(event, {event.channel}))

    def _tell(self, press: _Press) -> DigitHeard:
        if self._leader is None:
            self._leader = press.first.channel
        for channel in press.held:
            self._known[channel] += 1
        self._told += 1
        oldest = press.first.start - 2 * self._patience
        self._recent = [one for one in self._recent if one.first.start >= oldest] + [press]
        return press.first
