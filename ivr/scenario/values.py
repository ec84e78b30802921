"""Values that stand in several places of a scenario: lengths of time, levels, tags, IDs, PINs."""

import os
import re
from calendar import monthrange, timegm
from pathlib import Path

from dtmf.channels import One
from ivr.clock import RATE, samples
from ivr.directory.errors import BadValue
from ivr.reading import UNITS, YamlNode, length_of_time

DAY = 24 * 3600
"""Seconds a story lasts at the most."""

TAG = r"[A-Za-z][\w-]*"
"""How a tag is written."""

RESERVED = ("and", "or", "not", "None", "True", "False", "skip", "skipif", "xfail", "parametrize", "usefixtures",
            "filterwarnings")
"""Words that would not choose a story."""

LONGEST_SAID = 4000
"""The most characters of one step's speech, some four minutes: the engine is given up on after a minute of work."""

_DAYS = {**UNITS, "day": float(DAY), "days": float(DAY)}
_MOST_DAYS = 3650
_YEARS = range(1971, 2100)


def duration(node: YamlNode) -> int:
    """Return a length of time in samples: a day at most."""
    text = node.text("a length of time")
    length = length_of_time(node)
    if length > DAY:
        raise node.error(f"{text!r} is longer than a day: a story is over by then")
    return samples(length)


def days(node: YamlNode) -> int:
    """Return a length of time in whole seconds: days are a unit too."""
    text = node.text("a length of time")
    length = length_of_time(node, _DAYS, "s, min, h or days, as in '61 days'")
    if not 1 <= length <= _MOST_DAYS * DAY:
        raise node.error(f"{text!r} cannot pass: it takes 1 s to {_MOST_DAYS} days")
    return round(length)


def moment(node: YamlNode) -> tuple[int, int]:
    """Return a date and a time of day in seconds since 1970, and by how many its zone is before UTC."""
    text = node.text("a moment")
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2})"
                         r"(?: ?(?:UTC|Z|([+-])([0-9]{2}):([0-9]{2})))?", text)
    numbers = [int(one or 0) for one in match.group(1, 2, 3, 4, 5, 7, 8)] if match else []
    if not match or not _is_moment(*numbers):
        raise node.error(f"{text!r} is no moment of {_YEARS[0]} to {_YEARS[-1]}: write one as in "
                         "'2021-12-24 17:30 +01:00', or without a zone for UTC")
    *when, hours, minutes = numbers
    ahead = (hours * 60 + minutes) * (-60 if match[6] == "-" else 60)
    return timegm((*when, 0)) - ahead, ahead


def _is_moment(year: int, month: int, day: int, hour: int, minute: int, hours: int, minutes: int) -> bool:
    return (year in _YEARS and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] and hour < 24
            and minute < 60 and hours <= 14 and minutes < 60)


def milliseconds(node: YamlNode) -> float:
    """Return how long a key lasts, in milliseconds."""
    length = duration(node) * 1000 / RATE
    if not 10 <= length <= 60_000:
        raise node.error(f"{node.text('a length')!r} is no length for a key: it takes 10 ms to 60 s")
    return length


def level(node: YamlNode) -> float:
    """Return the level of one of a key's two tones, in dBm0."""
    text = node.text("a level")
    match = re.fullmatch(r"([+-]?[0-9]+(?:\.[0-9]+)?)(?:\s*dBm0)?", text)
    # two tones that are any louder together exceed 16 bits
    if not match or not -60 <= float(match[1]) <= -3:
        raise node.error(f"{text!r} is not a level: write dBm0 a tone, from -60 to -3, as in '-10 dBm0'")
    return float(match[1])


def telephone(node: YamlNode) -> str:
    """Return a telephone number with its plus."""
    # most stories dial none, and have no desk, whose words come with this
    from ivr.directory.parameters.numbers import number

    try:
        return number(node.text("a telephone number"))
    except BadValue as error:
        raise node.error(str(error)) from None


def tags(node: YamlNode) -> tuple[str, ...]:
    """Return the words by which a story is chosen: a list, or one line with commas between them."""
    typed = [(one.text("a tag"), one) for one in node.items("'tags'")] if isinstance(node.value, list) else [
        (one.strip(), node) for one in node.text("'tags'").split(",")]
    for tag, where in typed:
        if not re.fullmatch(TAG, tag):
            raise where.error(f"{tag!r} cannot be a tag: use letters, digits, - and _, and a letter first")
        if tag in RESERVED:
            raise where.error(f"{tag!r} cannot be a tag: it means something else to pytest")
    return tuple(dict.fromkeys(tag for tag, _ in typed))


def conference_id(node: YamlNode) -> str:
    """Return a conference ID: seven digits (A1.10)."""
    text = node.text("a conference ID")
    if not re.fullmatch(r"[0-9]{7}", text):
        raise node.error(f"{text!r} is not a conference ID: one has exactly 7 digits")
    return text


def pin(node: YamlNode) -> str:
    """Return a PIN as a call can take it: 4 to 12 digits (B1.2)."""
    text = node.text("a PIN")
    if not re.fullmatch(r"[0-9]{4,12}", text):
        raise node.error(f"this PIN has {len(text)} characters: a PIN has 4 to 12 digits and nothing else")
    return text


def recording(node: YamlNode) -> tuple[str, Path]:
    """Return a recording as it is written, and where it is: beside the file in which it stands."""
    name = node.text("the recording")
    path = node.path.parent / name
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for a name that is too long
        raise node.error(f"there is no recording {name!r} beside the scenario: check the path")
    return name, path


def channel_of(node: YamlNode) -> One:
    """Return which channel of a recording is meant."""
    text = node.text("a channel")
    if text == "mix":
        return "mix"
    if not re.fullmatch("[0-9]{1,4}", text):
        raise node.error(f"{text!r} is no channel: write a number from 0, or mix for all of them in one")
    return int(text)
