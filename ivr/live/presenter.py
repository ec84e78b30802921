"""Who shows the demonstration: which caller he is, and where he listens."""

from collections.abc import Callable, Sequence

from ivr.engine.ports import Frame
from ivr.live.cast import Cast
from ivr.live.monitor import LOBBY, MEETING, NOWHERE, Monitor


class Presenter:
    """Somebody who is one caller at a time, and listens to that caller or into a room.

    Its methods belong into the session's thread: `Session.post` brings them there.

    Parameters
    ----------
    names : sequence of str
        The callers.
    monitor : Monitor
        The ear to be moved; it begins beside the first caller if it is nowhere yet.
    cast : Cast, optional
        Whom to lead; without one the callers are those of a story, who do what it says.

    Attributes
    ----------
    chosen : str
        Who he is.
    """

    def __init__(self, names: Sequence[str], monitor: Monitor, cast: Cast | None = None) -> None:
        self.names = tuple(names)
        self.chosen = next((name for name in self.names if name == monitor.at), self.names[0])
        self._monitor, self._cast = monitor, cast
        self._microphone: Callable[[], Frame] | None = None

    def plug(self, microphone: Callable[[], Frame]) -> None:
        """Give him a microphone: as the chosen caller he speaks with his own voice, if he leads him by hand."""
        self._microphone = microphone
        if self._cast is not None:
            self._monitor.own_voice = self._cast.speaks_live
        self._lend()

    def choose(self, steps: int) -> None:
        """Be the caller so many further on; the ear goes with him if it is beside a caller."""
        follows = self._monitor.at in self.names
        self.chosen = self.names[(self.names.index(self.chosen) + steps) % len(self.names)]
        if follows:
            self._monitor.at = self.chosen
        self._lend()

    def press(self, key: str) -> None:
        """Press a key of the keypad as the chosen caller."""
        if self._cast is not None:
            self._cast.press(self.chosen, key)
            self._lend()

    def next(self) -> None:
        """Let the chosen caller do what comes next."""
        if self._cast is not None:
            self._cast.next(self.chosen)

    def hang_up(self) -> None:
        """Let the chosen caller hang up."""
        if self._cast is not None:
            self._cast.hang_up(self.chosen)

    def change_hands(self) -> None:
        """Lead the chosen caller by hand, or give him back to the timetable."""
        if self._cast is not None:
            self._cast.hold(self.chosen, by_hand=not self._cast.by_hand(self.chosen))
            self._lend()

    def listen(self, where: str) -> None:
        """Listen in: "l" the lobby, "m" the meeting, "c" the chosen caller, "n" nowhere."""
        self._monitor.at = {"l": LOBBY, "m": MEETING, "n": NOWHERE}.get(where, self.chosen)

    def status(self) -> str:
        """Return who he is, who leads that caller, and where he listens."""
        leads = ("the story leads" if self._cast is None else
                 "the timetable leads" if not self._cast.by_hand(self.chosen) else
                 "you lead and speak for" if self._microphone else "you lead")
        rings = self._cast.ringing if self._cast is not None else ()
        told = f"; it rings at {' and '.join(rings)}: enter answers there, h declines" if rings else ""
        return f"You are {self.chosen}, whom {leads}; you listen to {self._monitor.at}{told}"

    def _lend(self) -> None:
        if self._cast is not None and self._microphone is not None:
            self._cast.lend(self._microphone, self.chosen)
