"""Reads a catalogue's file: plain YAML in which every scalar is text, and every fault has a line."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

import yaml

from prompts.errors import BadCatalogue
from prompts.slots import nearest


class FileEntry:
    """A value of the file, with the line it stands on.

    Parameters
    ----------
    node : yaml.Node
    file : str
        The file's name, for messages.
    """

    __slots__ = ("_node", "file")

    def __init__(self, node: yaml.Node, file: str) -> None:
        self._node, self.file = node, file

    @property
    def is_text(self) -> bool:
        """Whether this is text rather than a mapping or a list."""
        return isinstance(self._node, yaml.ScalarNode)

    def fault(self, sentence: str) -> BadCatalogue:
        """Return an error that names this line."""
        return BadCatalogue(f"{self.file}:{self._node.start_mark.line + 1}: {sentence}")

    def text(self) -> str:
        """Return the text, its lines joined.

        Raises
        ------
        BadCatalogue
            If it is none, or empty.
        """
        if not isinstance(self._node, yaml.ScalarNode) or not self._node.value.strip():
            raise self.fault("a text is expected here")
        return re.sub(r"[ \t\n]+", " ", self._node.value).strip()  # a space that does not break stays one

    def raw(self) -> str:
        """Return the text as it stands, which may be empty."""
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.fault("a text is expected here")
        return str(self._node.value)

    def items(self) -> Iterator[tuple[str, "FileEntry"]]:
        """Give the names and values of a mapping.

        Raises
        ------
        BadCatalogue
            If it is no mapping, or a name stands there twice.
        """
        if not isinstance(self._node, yaml.MappingNode):
            raise self.fault("names and their texts are expected here")
        seen = set()
        for key, value in self._node.value:
            name = FileEntry(key, self.file)
            if (text := name.text()) in seen:
                raise name.fault(f"{text!r} stands here a second time: leave one out")
            seen.add(text)
            yield text, FileEntry(value, self.file)

    def mapping(self, known: Mapping[str, bool]) -> dict[str, "FileEntry"]:
        """Return a mapping that has only known names, and those that must be there.

        Parameters
        ----------
        known : mapping
            Each name, and whether it must be there.

        Raises
        ------
        BadCatalogue
            If a name is unknown or missing.
        """
        found = {}
        for name, value in self.items():
            if name not in known:
                raise value.fault(f"there is nothing called {name!r} here{nearest(name, known)}")
            found[name] = value
        for name, needed in known.items():
            if needed and name not in found:
                raise self.fault(f"{name!r} is missing here")
        return found


def read(text: str, file: str | PurePath) -> FileEntry:
    """Read a catalogue's text.

    Raises
    ------
    BadCatalogue
        If it is no YAML.
    """
    try:
        node = _composed(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise BadCatalogue(f"{file}:{line}: this is no YAML: {getattr(error, 'problem', None) or error}") from None
    if node is None:
        raise BadCatalogue(f"{file}:1: the file is empty")
    return FileEntry(node, str(file))


def _composed(text: str) -> yaml.Node | None:
    """Return the root of a text; by libyaml in a tenth of the time, and what is wrong in the words of PyYAML."""
    if yaml.__with_libyaml__:
        with contextlib.suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=yaml.CBaseLoader)
    return yaml.compose(text, Loader=yaml.BaseLoader)
