"""A bad line: what stands under `line:`, as one table of words for reader, schema and manual."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.clock import FRAME, samples
from ivr.reading import YamlNode, nearest

NOMINAL_DBM0 = -16.0
"""How loud callers and prompts speak here: what a noise in dB is softer than."""

NOISES = ("white", "pink", "car", "babble")
LINE_CODECS = ("PCMA", "PCMU", "G722", "GSM", "opus", "AMR")
"""By their names in SDP."""
NONE = "none"
"""What says of a word that there is nothing of it, so that one of several values can be nothing."""
SAME = "same"
"""What says that a caller hears by a line like the one he speaks by."""


@dataclass(frozen=True, slots=True)
class LineNoise:
    """A noise, one of `NOISES`, at a level."""

    kind: str
    dbm0: float


@dataclass(frozen=True, slots=True)
class LineEcho:
    """What goes the other way comes back so many samples later, and so many dB softer."""

    after: int
    db: float


@dataclass(frozen=True, slots=True)
class LineLoss:
    """What part of the packets of 20 ms is lost, and how many of them on end, on the average; 0: by chance."""

    share: float
    burst: float = 0.0


@dataclass(frozen=True, slots=True)
class DropOuts:
    """So many samples of nothing, once in every so many samples."""

    lasting: int
    every: int


@dataclass(frozen=True, slots=True)
class LineWay:
    """What happens to sound on its way in one direction, in the order of `LINE`: nothing, where all is left out.

    Attributes
    ----------
    level, twist, clipping : float
        In dB.
    codec : str
        One of `LINE_CODECS`, or empty.
    jitter : int
        By how many samples a packet is late at the most.
    drift : float
        By how many millionths the sender's clock is fast.
    """

    echo: LineEcho | None = None
    level: float = 0.0
    twist: float = 0.0
    clipping: float = 0.0
    noise: LineNoise | None = None
    drop_outs: DropOuts | None = None
    codec: str = ""
    drift: float = 0.0
    loss: LineLoss | None = None
    jitter: int = 0

    @property
    def late(self) -> int:
        """By how many samples sound may be late in this way, at the most: filters and codecs take some 40 ms."""
        return (samples(0.04) + self.jitter + 2 * FRAME) if self != LineWay() else 0


@dataclass(frozen=True, slots=True)
class StoryLine:
    """How a caller's line is: what he says goes one way, what he hears the other.

    Attributes
    ----------
    seed : str
        What is drawn depends on it, on the caller's name, and on nothing else.
    """

    says: LineWay = field(default_factory=LineWay)
    hears: LineWay = field(default_factory=LineWay)
    seed: str = ""


@dataclass(frozen=True, slots=True)
class LineWord:
    """What can be said of a line.

    Attributes
    ----------
    field : str
        Of `LineWay`.
    form : str
        How a value is written, as a pattern; `NONE` besides.
    example : str
    read : callable
        Makes a value of what the pattern has found; ValueError with what is wrong.
    """

    field: str
    form: str
    example: str
    read: Callable[[re.Match[str]], Any]


_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_DB = rf"[+-]?{_NUMBER} ?dB"
_SHORT = rf"{_NUMBER} ?(?:ms|s)"


_LACKING = (" dB", " %", " ppm", " ms", " 20 dB", " at -20 dB", " every 2 s")
"""What is forgotten behind a value."""


def _db(least: float, most: float) -> Callable[[re.Match[str]], float]:
    return lambda found: _within(float(found[1].removesuffix("dB")), least, most, "dB")


def _within(value: float, least: float, most: float, unit: str) -> float:
    if not least <= value <= most:
        raise ValueError(f"it takes {least:g} to {most:g} {unit}")
    return value


def _samples(text: str, least_ms: float, most_ms: float) -> int:
    number = float(text.rstrip("ms "))
    ms = number if text.endswith("ms") else number * 1000
    return samples(_within(ms, least_ms, most_ms, "ms") / 1000)


def _noise(found: re.Match[str]) -> LineNoise:
    number = float(found[2])
    if found[3] == "dBm0":
        return LineNoise(found[1], _within(number, -80, -3, "dBm0"))
    return LineNoise(found[1], NOMINAL_DBM0 - _within(number, -10, 60, "dB"))


def _loss(found: re.Match[str]) -> LineLoss | None:
    share = _within(float(found[1]), 0, 100, "%") / 100
    burst = _samples(found[2], 20, 10_000) / FRAME if found[2] else 0.0
    return LineLoss(share, burst) if share else None


def _drop_outs(found: re.Match[str]) -> DropOuts:
    lasting, every = _samples(found[1], 1, 10_000), _samples(found[2], 1, 3_600_000)
    if lasting > every:
        raise ValueError("they last longer than what they are in")
    return DropOuts(lasting, every)


LINE: Mapping[str, LineWord] = {
    "echo": LineWord("echo", rf"({_SHORT}) at ({_DB})", "150 ms at -20 dB", lambda found: LineEcho(
        _samples(found[1], 20, 2000), _within(float(found[2].removesuffix("dB")), -60, 0, "dB"))),
    "level": LineWord("level", rf"({_DB})", "-12 dB", _db(-60, 30)),
    "twist": LineWord("twist", rf"({_DB})", "6 dB", _db(-20, 20)),
    "clipping": LineWord("clipping", rf"({_DB})", "12 dB", _db(0, 40)),
    "noise": LineWord("noise", rf"({'|'.join(NOISES)}) (-?{_NUMBER}) ?(dB|dBm0)", "car 20 dB", _noise),
    "drop-outs": LineWord("drop_outs", rf"({_SHORT}) every ({_SHORT})", "50 ms every 2 s", _drop_outs),
    "codec": LineWord("codec", f"({'|'.join(LINE_CODECS)})", "GSM", lambda found: found[1]),
    "drift": LineWord("drift", rf"([+-]?{_NUMBER}) ?ppm", "200 ppm", lambda found: _within(
        float(found[1]), -10_000, 10_000, "ppm")),
    "loss": LineWord("loss", rf"({_NUMBER}) ?%(?: in bursts of ({_SHORT}))?", "2 % in bursts of 80 ms", _loss),
    "jitter": LineWord("jitter", f"({_SHORT})", "60 ms", lambda found: _samples(found[1], 0, 500)),
}
"""What can be said of a line, in the order in which sound meets it."""

LINE_WORDS = (*LINE, "seed", "hears")
"""What can stand under `line`."""


def story_line(node: YamlNode) -> StoryLine:
    """Read how a caller's line is."""
    if node.value == NONE:
        return StoryLine()
    if isinstance(node.value, str):
        raise node.error(f"{node.value!r} is no line: write what happens on it, as in {{codec: GSM, loss: 1 %}}, "
                         f"or {NONE!r}")
    fields = node.fields("'line'", LINE_WORDS)
    says = _way({word: one for word, one in fields.items() if word in LINE})
    seed = fields["seed"].text("a seed") if "seed" in fields else ""
    if "hears" not in fields or fields["hears"].value == NONE:
        return StoryLine(says, seed=seed)
    hears = fields["hears"]
    if hears.value == SAME:
        return StoryLine(says, says, seed)
    if isinstance(hears.value, str):
        raise hears.error(f"'hears' takes '{SAME}', or words of its own, as in {{loss: 2 %}}")
    return StoryLine(says, _way(hears.fields("'hears'", LINE)), seed)


def _way(fields: Mapping[str, YamlNode]) -> LineWay:
    found = {LINE[word].field: value for word, node in fields.items()
             if (value := _value(word, LINE[word], node)) is not None}
    return LineWay(**found)


def _value(word: str, rule: LineWord, node: YamlNode) -> Any:  # noqa: ANN401
    text = node.text(f"the line's {word}")
    if text == NONE:
        return None
    match = re.fullmatch(rule.form, text)
    if match is None:
        known = LINE_CODECS if word == "codec" else NOISES if word == "noise" else ()
        if lacks := next((more for more in _LACKING if re.fullmatch(rule.form, text + more)), ""):
            raise node.error(f"{text!r} is not all of a line's {word}: write how much as well, "
                             f"as in '{word}: {text}{lacks}'")
        raise node.error(f"{text!r} is no {word} of a line, which is written as in '{word}: {rule.example}', or "
                         f"{NONE!r}{nearest(text.split(' ')[0], known) if known else ''}")
    try:
        return rule.read(match)
    except ValueError as error:
        raise node.error(f"{text!r} is no {word} of a line: {error}") from None


def written(node: YamlNode) -> str:
    """Return what stands under `line` as one line."""
    if not isinstance(node.value, dict):
        return str(node.value)
    return "{" + ", ".join(f"{word}: {written(one)}" for word, one in node.value.items()) + "}"
