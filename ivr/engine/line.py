"""What is asked of one caller who does one thing after the other."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from ivr.engine.ports import Frame, Signal
from ivr.engine.sound import Samples


class Line(Protocol):
    """One caller, who decides from tick to tick.

    In every tick he is asked, in this order, `signal`, then if he is in a call `speak` and `hear`. One who is in no
    call is asked for his signal only, until he says that he is gone. One who dials a certain number, or whose
    own is known, has the attributes `number` and `phone` as well: text such as "+14255550100". One who can be
    dialled has `answers`, the number by which he is now, and `ring`; then he signals that he answers, or declines.
    """

    caller: str
    """The name that stands in the journal."""

    def signal(self) -> Signal | None:
        """Return what he does at the start of this tick, if anything."""

    def speak(self) -> Frame:
        """Return his next frame. int16 array [shape=(160,)]."""

    def hear(self, frame: Frame) -> None:
        """Take what the bridge says to him in the same tick; it is not his to keep. int16 array [shape=(160,)]."""

    def hung_up(self) -> None:
        """Learn that the bridge has ended the call, or that all lines are busy; `hear` is not called again."""


class Patient(ABC):
    """A line of one who knows how long he will go on as he does, so that many frames can be carried at once.

    After his `signal` he is asked `until`; then, if he is in a call, `ahead`, and, if anybody `listens`, what he
    `would_hear`; then everybody `heeds`; and in the end he `went_on` for some of those frames. Where what would be
    heard is not known, who `listens` is asked for how long he does so `unheeding`. He is not asked at all while he
    `rests`, which he does `alone`, whatever others do.
    """

    @property
    @abstractmethod
    def listens(self) -> bool:
        """Whether it matters to him what he, or anybody, hears meanwhile."""

    @property
    @abstractmethod
    def overhears(self) -> bool:
        """Whether it matters to him what another hears meanwhile."""

    @property
    @abstractmethod
    def outgoing(self) -> int:
        """How many frames he is about to send; then he is silent."""

    @abstractmethod
    def alone(self) -> int:
        """Return for how many samples from this tick's beginning on he is not to be asked, whatever he hears."""

    @abstractmethod
    def rests(self, owed: Callable[[], None]) -> None:
        """Take it that he is not asked again; whoever looks at what he has sent or heard calls `owed` first."""

    @abstractmethod
    def wakes(self, now: int) -> None:
        """Take it that it is this moment for him, and that he is asked again."""

    @abstractmethod
    def until(self) -> int:
        """Return for how many samples from this tick's beginning on he does nothing new, unless he hears it."""

    @abstractmethod
    def ahead(self, frames: int) -> Samples:
        """Return his next frames, which stay his to speak. int16 array [shape=(frames * 160,)]."""

    @abstractmethod
    def would_hear(self, sound: Samples) -> None:
        """Take what he hears if all goes on; some of it at least he does hear. int16 array [shape=(k * 160,)]."""

    @abstractmethod
    def heeds(self, frames: int) -> int:
        """Return after how many of these frames he may do something about what he, or others, would hear."""

    @abstractmethod
    def unheeding(self) -> int:
        """Return for how many samples from this tick on he does not look at what he, or others, hear."""

    @abstractmethod
    def went_on(self, sound: Samples) -> None:
        """Speak, and hear this, which may be less than he `would_hear`. int16 array [shape=(k * 160,)]."""
