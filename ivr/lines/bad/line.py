"""A caller's line, from what a story says of it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ivr.lines.bad.analogue import Clipping, Drift, Echo, Interrupted, Level, Twist
from ivr.lines.bad.chance import Chance
from ivr.lines.bad.codecs import Carries, coded
from ivr.lines.bad.network import Jitter, Losing
from ivr.lines.bad.noise import NoiseOnLine, Say
from ivr.scenario.badline import LineWay, StoryLine

Samples = NDArray[np.int16]


class BadLine:
    """Carries what one caller says and hears, whole frames at a time: what comes of them is the same however many.

    Parameters
    ----------
    line : StoryLine
    caller : str
        His name: what is drawn for him is drawn for nobody else.
    say : callable
    voices : tuple of str
        Who talks where many talk.

    Raises
    ------
    NoCodec
        If a codec is not installed.
    """

    def __init__(self, line: StoryLine, caller: str, say: Say, voices: tuple[str, ...]) -> None:
        about = (line.seed, caller)
        self._said = [*_stages(line.says, (*about, "says"), say, voices)]
        self._heard = [*_stages(line.hears, (*about, "hears"), say, voices)]

    def says(self, samples: Samples) -> Samples:
        """Return what arrives of what he says. int16 array [shape=(n * 160,)]."""
        return _carried(samples, self._said)

    def voice(self, samples: Samples) -> None:
        """Take what he says but for keys: what comes back to him, and to those who keep what he hears, has none."""
        for stage in self._heard:
            if isinstance(stage, Echo):
                stage.overhear(samples)

    def hears(self, samples: Samples) -> Samples:
        """Return what arrives of what is said to him. int16 array [shape=(n * 160,)]."""
        heard = _carried(samples, self._heard)
        for stage in self._said:
            if isinstance(stage, Echo):
                stage.overhear(heard)
        return heard


def _carried(samples: Samples, stages: list[Carries]) -> Samples:
    for stage in stages:
        samples = stage.carry(samples)
    return samples


def _stages(way: LineWay, about: tuple[str, ...], say: Say, voices: tuple[str, ...]) -> Iterator[Carries]:
    """Give what happens in one direction, in the order of the table of words."""
    if way.echo is not None:
        yield Echo(way.echo)
    if way.level:
        yield Level(way.level)
    if way.twist:
        yield Twist(way.twist)
    if way.clipping:
        yield Clipping(way.clipping)
    if way.noise is not None:
        yield NoiseOnLine(way.noise, Chance(*about, "noise"), say, voices)
    if way.drop_outs is not None:
        yield Interrupted(way.drop_outs, Chance(*about, "drop-outs"))
    if way.codec:
        yield coded(way.codec)
    if way.drift:
        yield Drift(way.drift)
    if way.loss is not None:
        yield Losing(way.loss, Chance(*about, "loss"))
    if way.jitter:
        yield Jitter(way.jitter, Chance(*about, "jitter"))
