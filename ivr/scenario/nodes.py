"""YAML as text with line numbers: every scalar stays what was typed, so 0123456# is no number."""

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ivr.scenario.errors import ScenarioError

BRACES = 'what begins with a placeholder stands in quotation marks, as in press: "{pin of amos}#"'
_STAR = 'keys that begin with * stand in quotation marks, as in press: "*"'


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value of the file and where it stands: text, a list of nodes, or keys with nodes."""

    path: Path
    line: int
    value: "str | list[YamlNode] | dict[str, YamlNode]" = field(repr=False)  # it may be a PIN

    def error(self, message: str) -> ScenarioError:
        """Return the complaint about this place."""
        return ScenarioError(self.path, self.line, message)

    def text(self, what: str) -> str:
        """Return the text here; complain if it is a list or a mapping, or empty."""
        if not isinstance(self.value, str):
            raise self.error(f"{what} is text, not a list or a mapping: write it on one line")
        if not self.value.strip():
            raise self.error(f"{what} is empty: write it after the colon")
        return self.value.strip()

    def items(self, what: str) -> "list[YamlNode]":
        """Return the list here; complain if it is none, or empty."""
        if not isinstance(self.value, list) or not self.value:
            raise self.error(f"{what} is a list: begin each line of it with '- '")
        return self.value

    def fields(self, what: str, allowed: Collection[str] | None = None) -> "dict[str, YamlNode]":
        """Return the mapping here; complain if it is none, or has a key that is not allowed."""
        if not isinstance(self.value, dict):
            raise self.error(f"{what} is written as 'key: value' lines, not as {_short(self.value)}")
        for key, node in self.value.items():
            if allowed is not None and key not in allowed:
                raise node.error(f"{what} has no {key!r}{nearest(key, allowed)}")
        return self.value


def _short(value: object) -> str:
    return repr(value) if isinstance(value, str) else "a list"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return advice that names the known word nearest to `word`."""
    words = list(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; it takes {', '.join(sorted(words))}"


def compose(text: str, path: Path) -> YamlNode:
    """Return the file's one document.

    Raises
    ------
    ScenarioError
        If it is no YAML, or empty, or names a key twice.
    """
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
        if root is not None:
            return _node(root, path, set())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        # what YAML takes for an alias is a key * and perhaps a PIN, so its name is not repeated
        why = (_STAR if "alias" in f"{error.context} {error.problem}" else
               BRACES if _BARE_BRACE.search(_line(text, line)) else error.problem)
        raise ScenarioError(path, line, f"this is not YAML: {why}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(path, 0, f"this is not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise ScenarioError(path, 0, "this is nested too deep: a scenario has lists of steps under "
                            "callers, no more") from None
    raise ScenarioError(path, 0, "the file is empty: a scenario has at least 'callers'")


_BARE_BRACE = re.compile(r":\s*\{(old )?(pin|conference id) of ")


def _whole(text: str, path: Path, line: int) -> str:
    """Return the text; complain if it cannot be written anywhere."""
    if half := re.search("[\ud800-\udfff]", text):
        raise ScenarioError(path, line, f"\\u{ord(half[0]):04x} is half a character: write the character itself")
    return text


def _line(text: str, number: int) -> str:
    return next(iter(text.splitlines()[number - 1:number]), "")


def _node(node: yaml.Node, path: Path, seen: set[int]) -> YamlNode:
    line = node.start_mark.line + 1
    if id(node) in seen:
        # an alias may stand for its own parent, or for a text that doubles with every line
        raise ScenarioError(path, line, "'&' and '*' repeat a part of the file: write it out instead")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return YamlNode(path, line, _whole(str(node.value), path, line))
    if isinstance(node, yaml.SequenceNode):
        return YamlNode(path, line, [_node(item, path, seen) for item in node.value])
    fields: dict[str, YamlNode] = {}
    for key, value in node.value:
        at = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ScenarioError(path, at, "what stands before a colon is a word, not a list or a mapping")
        name = _whole(str(key.value), path, at)
        if name in fields:
            raise ScenarioError(path, at, f"{name!r} stands here twice: keep one of them")
        fields[name] = YamlNode(path, at, _node(value, path, seen).value)
    return YamlNode(path, line, fields)
