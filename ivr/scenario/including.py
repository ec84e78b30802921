"""Lists that stand in files of their own: steps, meetings, orders; put where a story includes them."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

from ivr.reading import YamlNode, compose, read
from ivr.scenario.variables import filled
from ivr.scenario.writing import SCENARIO

INCLUDE = "include"
_MOST = 1000
"""The most files that are included in one story: one that includes two that include two has no end."""


class Includer:
    """Puts the items of files in the places of those that name them.

    Parameters
    ----------
    values : mapping of str to str
        Variables, which names of files may hold.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values, self._count = values, 0

    def included(self, node: YamlNode, within: Sequence[Path] = ()) -> YamlNode:
        """Return a part of a story with all that it includes."""
        within = within or (_known(node.path),)
        match node.value:
            case list(items):
                return node.elsewhere(node.line, [one for item in items for one in self._items(item, within)])
            case dict(fields):
                return node.elsewhere(node.line, {word: self.included(one, within) for word, one in fields.items()})
            case _:
                return node

    def _items(self, item: YamlNode, within: Sequence[Path]) -> list[YamlNode]:
        if not isinstance(item.value, dict) or INCLUDE not in item.value:
            return [self.included(item, within)]
        fields = item.fields("'include'", (INCLUDE,))
        name = filled(fields[INCLUDE], self._values).text("the file that is included")
        path = Path(os.path.normpath(item.path.parent / name))
        self._count += 1
        if _known(path) in within or self._count > _MOST:
            way = [one.name for one in within[1:]] if within[-1] != _known(path) else []
            raise item.error(f"{name} includes itself{', by way of ' if way else ''}{' and '.join(way)}"
                             if _known(path) in within else
                             f"this includes more than {_MOST} files")
        if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for a name that is too long
            raise item.error(f"there is no file {name!r} beside {item.path.name}: check the path")
        told = compose(read(path, SCENARIO, "a file of steps"), path, SCENARIO)
        told.items(f"a file that is included in {item.path.name}")
        whole = self.included(told.led_to(item.here), (*within, _known(path)))
        return whole.items("what is included")


def _known(path: Path) -> Path:
    return Path(os.path.realpath(path))


Told = TypeVar("Told")


def led_to(step: Told, node: YamlNode) -> Told:
    """Return a step with the line of the story that leads to it: of one that is included, where that is done."""
    if not node.by:
        return step
    told: Any = step
    told = replace(told, line=node.by, said=f"{told.said} ({node.path.name}:{node.line})")
    return cast("Told", told)
