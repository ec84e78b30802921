"""YAML as text with line numbers: every scalar stays what was typed, so 0123456# is no number."""

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

UNITS: Mapping[str, float] = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
"""Seconds of each unit of time."""


_SHORT = 60
"""Characters of what is quoted."""

_MENDS: Mapping[str, str] = {
    r"mapping values are not allowed|but got ':'":
        "there is a colon where a value stands already: text with a colon stands in quotation marks, and what "
        "belongs to the word above is not indented further than that",
    r"<block end>, but found '(\?|-|<block \w+ start>)'":
        "this line is indented otherwise than the one that it stands beside",
    r"'\\t' that cannot start": "there is a tab: indent with spaces",
    r"mapping.*but got '<stream end>'|mapping.*but got ']'": "a { is not closed by a }",
    r"sequence.*but got '(<stream end>|})'": "a [ is not closed by a ]",
    r"but got '({|\[|<scalar>)'": "a comma lacks here, or quotation marks around a text",
    r"but found '(}|])'": "there is a bracket too many",
    r"quoted scalar.*end of stream": "a quotation mark is not closed",
    r"block mapping.*but found '<scalar>'": "nothing can follow on a text in quotation marks"}
"""What to do about what YAML complains of, by a pattern of its words."""


class BadFile(Exception):
    """One mistake in a file that a user has written.

    Attributes
    ----------
    path : Path
        The file.
    line : int
        The line, from 1; 0 when no line is to blame.
    message : str
        What is wrong there.
    """

    exit_code = 2

    def __init__(self, path: Path, line: int, message: str) -> None:
        self.path, self.line, self.message = path, line, message
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written in a kind of file, for its complaints.

    Attributes
    ----------
    fault : type of BadFile
        What its complaints are.
    empty, deep : str
        What to write into a file that is empty, and why none is nested so deep.
    hints : mapping of str to str
        What to do about a line that is no YAML: by a pattern of the line.
    alias : str
        What to do where YAML finds a `*` that repeats nothing.
    items : collection of str
        Words of items of lists, of which one that stands twice needs an item of its own.
    """

    fault: type[BadFile]
    empty: str
    deep: str
    alias: str
    hints: Mapping[str, str] = field(default_factory=dict)
    items: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value of the file and where it stands: text, a list of nodes, or keys with nodes.

    Attributes
    ----------
    by : int
        For a place of a file that another includes: the line there; else 0.
    """

    path: Path
    line: int
    value: "str | list[YamlNode] | dict[str, YamlNode]" = field(repr=False)  # it may be a PIN
    fault: type[BadFile] = field(default=BadFile, repr=False)
    by: int = 0

    @property
    def here(self) -> int:
        """The line of the file that was named which leads here."""
        return self.by or self.line

    def led_to(self, by: int) -> "YamlNode":
        """Return the same, as what a line of another file includes."""
        match self.value:
            case list(items):
                return YamlNode(self.path, self.line, [one.led_to(by) for one in items], self.fault, by)
            case dict(fields):
                return YamlNode(self.path, self.line, {word: one.led_to(by) for word, one in fields.items()},
                                self.fault, by)
            case text:
                return YamlNode(self.path, self.line, text, self.fault, by)

    def error(self, message: str) -> BadFile:
        """Return the complaint about this place."""
        return self.fault(self.path, self.line, message)

    def elsewhere(self, line: int, value: "str | list[YamlNode] | dict[str, YamlNode]" = "") -> "YamlNode":
        """Return a place of the same file, for a complaint about it."""
        return YamlNode(self.path, line, value, self.fault, self.by)

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
    if not isinstance(value, str):
        return "a list"
    # it may be a whole file of another kind, PINs and all
    return repr(value if len(value) <= _SHORT else f"{re.sub('[0-9]{4,}', '...', value[:_SHORT])}...")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return advice that names the known word nearest to `word`."""
    words = list(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; it takes {', '.join(sorted(words))}"


def read(path: Path, writing: Writing, what: str, *, most: int | None = None) -> str:
    """Return what stands in a file.

    Parameters
    ----------
    what : str
        What file is meant, as in "a scenario file".
    most : int, optional
        How many bytes it may have.

    Raises
    ------
    BadFile
        If it is not there, or cannot be read.
    """
    try:
        if most is not None and path.is_file() and path.stat().st_size > most:
            raise writing.fault(path, 0, f"this file has {path.stat().st_size} bytes: {most} at most")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise writing.fault(path, 0, "there is no such file") from None
    except IsADirectoryError:
        raise writing.fault(path, 0, f"this is a folder: name {what} in it") from None
    except UnicodeDecodeError:
        raise writing.fault(path, 0, "this is not UTF-8 text: save it as UTF-8") from None
    except (OSError, ValueError) as error:
        raise writing.fault(path, 0, f"this cannot be read: {getattr(error, 'strerror', '') or error}") from None


def compose(text: str, path: Path, writing: Writing) -> YamlNode:
    """Return the file's one document.

    Raises
    ------
    BadFile
        If it is no YAML, or empty, or names a key twice.
    """
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
        if root is not None:
            return _Composer(path, writing.fault, writing.items).node(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        # what YAML takes for an alias may be a secret, so its name is not repeated
        hint = next((hint for pattern, hint in writing.hints.items() if re.search(pattern, _line(text, line))), "")
        words = f"{error.context} {error.problem}"
        mend = next((mend for pattern, mend in _MENDS.items() if re.search(pattern, words)), "")
        began = error.context_mark.line + 1 if error.context_mark else line
        if "flow" in words and began < line:
            mend = f"this is not closed, or a comma lacks before line {line}"
            line = began
        why = writing.alias if "alias" in words else hint or mend or error.problem
        raise writing.fault(path, line, f"this is not YAML: {why}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise writing.fault(path, 0, f"this is not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise writing.fault(path, 0, f"this is nested too deep: {writing.deep}") from None
    raise writing.fault(path, 0, f"the file is empty: {writing.empty}")


def length_of_time(node: YamlNode, units: Mapping[str, float] = UNITS,
                   wanted: str = "ms, s, min or h, as in '20 s'") -> float:
    """Return a length of time in seconds.

    Parameters
    ----------
    units : mapping of str to float
        Seconds of each unit.
    wanted : str
        What to write, for the complaint.
    """
    text = node.text("a length of time")
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)", text)
    if not match or match[2] not in units:
        raise node.error(f"{text!r} is not a length of time: write a number and {wanted}")
    return float(match[1]) * units[match[2]]


def yes(node: YamlNode) -> bool:
    """Return yes or no."""
    text = node.text("yes or no")
    if text not in ("yes", "no"):
        raise node.error(f"{text!r} is neither 'yes' nor 'no'")
    return text == "yes"


def _line(text: str, number: int) -> str:
    return next(iter(text.splitlines()[number - 1:number]), "")


@dataclass(slots=True)
class _Composer:
    """Makes nodes of what YAML has found; each part of a file once."""

    path: Path
    fault: type[BadFile]
    items: Collection[str] = ()
    seen: set[int] = field(default_factory=set)

    def node(self, node: yaml.Node) -> YamlNode:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            # an alias may stand for its own parent, or for a text that doubles with every line
            raise self.fault(self.path, line, "'&' and '*' repeat a part of the file: write it out instead")
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self._made(line, self._whole(str(node.value), line))
        if isinstance(node, yaml.SequenceNode):
            return self._made(line, [self.node(item) for item in node.value])
        fields: dict[str, YamlNode] = {}
        for key, value in node.value:
            at = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self.fault(self.path, at, "what stands before a colon is a word, not a list or a mapping")
            name = self._whole(str(key.value), at)
            if name in fields:
                mend = "begin the second one with '- '" if name in self.items else "keep one of them"
                raise self.fault(self.path, at, f"{name!r} stands here twice: {mend}")
            fields[name] = self._made(at, self.node(value).value)
        return self._made(line, fields)

    def _made(self, line: int, value: str | list[YamlNode] | dict[str, YamlNode]) -> YamlNode:
        return YamlNode(self.path, line, value, self.fault)

    def _whole(self, text: str, line: int) -> str:
        """Return the text; complain if it cannot be written anywhere."""
        if half := re.search("[\ud800-\udfff]", text):
            raise self.fault(self.path, line,
                             f"\\u{ord(half[0]):04x} is half a character: write the character itself")
        return text
