"""What a campaign's file says: a story with places to be filled, and the values that are put there."""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.reading import BadFile, Writing, YamlNode, compose, nearest, read
from ivr.scenario.kinds import another_kind

WRITING = Writing(BadFile, empty="a campaign has 'story' and 'vary'",
                  deep="a campaign has lists under vary, no more",
                  alias="what begins with * stands in quotation marks")
TURN = "turn"
"""The place that is filled with which time it is, from 1: a delay, or the seed of a noise."""

_PLACE = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"[a-z][\w -]*")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign.

    Attributes
    ----------
    path, story : Path
        Its file, and the story's.
    title : str
    text : str
        The story, with its places.
    vary : mapping of name to tuple of str
        The values of each place, in the order of the file.
    times : int
        How often the story is played at each point.
    """

    path: Path
    story: Path
    title: str
    text: str
    vary: Mapping[str, tuple[str, ...]]
    times: int

    @property
    def points(self) -> int:
        """How many combinations of values there are."""
        return math.prod(map(len, self.vary.values()))

    def values(self, point: int) -> tuple[str, ...]:
        """Return one combination, by its number from 0: the last name's value changes fastest."""
        found = []
        for values in reversed([*self.vary.values()]):
            point, place = divmod(point, len(values))
            found.append(values[place])
        return tuple(reversed(found))

    @property
    def runs(self) -> int:
        """How often the story is played in all."""
        return self.points * self.times

    @property
    def digest(self) -> str:
        """What tells it from any other campaign."""
        return hashlib.sha256(repr((self.text, [*self.vary.items()], self.times)).encode()).hexdigest()

    def filled(self, number: int) -> str:
        """Return the story of one run, by its number from 0."""
        point, turn = divmod(number, self.times)
        values = {**dict(zip(self.vary, self.values(point), strict=True)), TURN: str(turn + 1)}
        return _PLACE.sub(lambda place: values[place[1].strip()], self.text)


def load(path: Path) -> Campaign:
    """Read a campaign's file, and the story that it names.

    Raises
    ------
    BadFile
        With file, line and what to do.
    """
    root = compose(read(path, WRITING, "a campaign's file"), path, WRITING)
    if sentence := another_kind(root, "a campaign"):
        raise root.error(sentence)
    top = root.fields("a campaign", ("title", "story", "vary", "times"))
    for need in ("story", "vary"):
        if need not in top:
            raise BadFile(path, 0, f"a campaign needs {need!r}")
    story = path.parent / top["story"].text("the story")
    text = read(story, WRITING, "a story")
    vary = {name: _values(name, node) for name, node in top["vary"].fields("'vary'").items()}
    times = _times(top["times"]) if "times" in top else 1
    _fits(text, story, vary, top["vary"])
    title = top["title"].text("the title") if "title" in top else path.stem
    campaign = Campaign(path, story, title, text, vary, times)
    if campaign.runs > _MOST:
        raise top["vary"].error(f"these are {campaign.runs} runs: {_MOST} at most")
    return campaign


def _values(name: str, node: YamlNode) -> tuple[str, ...]:
    if not _NAME.fullmatch(name) or name == TURN:
        raise node.error(f"{name!r} cannot be varied: use a word of small letters, and not {TURN!r}")
    values = tuple(one.text("a value") for one in node.items(f"what {name!r} takes"))
    if len(set(values)) < len(values):
        raise node.error(f"a value of {name!r} stands here twice: keep one of them")
    return values


def _times(node: YamlNode) -> int:
    text = node.text("how often")
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise node.error(f"{text!r} is not how often: write a whole number from 1")
    return int(text)


def _fits(text: str, story: Path, vary: Mapping[str, object], node: YamlNode) -> None:
    """See that every place has values, and all values a place."""
    places: dict[str, int] = {}
    for place in _PLACE.finditer(text):
        places.setdefault(place[1].strip(), text.count("\n", 0, place.start()) + 1)
    for name, line in places.items():
        if name != TURN and name not in vary:
            raise BadFile(story, line, f"${{{name}}} is not varied{nearest(name, [*vary, TURN])}")
    for name in vary:
        if name not in places:
            raise node.error(f"the story {story} has no place ${{{name}}}{nearest(name, places) if places else ''}")
