"""What is gathered while a file is read: nodes, prompts, and where exits lead."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from ivr.clock import samples
from ivr.custom.own import Duties
from ivr.custom.wording import VARIABLE, Wording, WordingReader
from ivr.engine.flow import Node, To
from ivr.engine.nodes import End, Return, Say
from ivr.reading import YamlNode, length_of_time, nearest

HANG_UP, FAREWELL, FAULT = "hang up", "farewell", "fault"

RESERVED = frozenset({"main", HANG_UP, FAREWELL, FAULT, "ended", "idle", "talking", "silence", "hold-music",
                      "arrival-tone", "departure-tone", "record-tone"})
"""Names that nodes cannot have: they mean something already, in a file or in a story about it."""

_TELEPHONE = re.compile(r"\+?[0-9]{2,15}")
_TRIES = range(1, 21)
_LONGEST_S = 24 * 3600.0

Fields = dict[str, YamlNode]


@dataclass(slots=True)
class Draft:
    """One flow on its way.

    Attributes
    ----------
    names, flows : tuple of str
        The nodes that the file has in this flow, and all flows within flows.
    taken : collection of str
        The names of all nodes of the file, which no variable can have.
    asking : frozenset of str
        Nodes that ask for a key: one that cuts short what is said before is their answer.
    duties : Duties
        Those of all flows.
    inner : bool
        Whether another flow goes through this one.
    places : dict of prompt to YamlNode
    confirming : set of prompts
        They read digits out.
    secret, variables, given : dict of variable to YamlNode
        What is keyed and not shown, keyed at all, and set by answers.
    sent : list of (variable, YamlNode)
    saved : set of str
    played : dict of name to YamlNode
        Recordings of callers.
    addresses : list of (URL, YamlNode)
    done : list of (flow, YamlNode)
        Flows that this one goes through, and the exits there.
    ends : dict of str to YamlNode
        How it returns.
    """

    reader: WordingReader
    names: tuple[str, ...]
    flows: tuple[str, ...]
    taken: Collection[str]
    asking: frozenset[str]
    duties: Duties
    inner: bool
    nodes: dict[str, Node] = field(default_factory=dict)
    wordings: dict[str, Wording] = field(default_factory=dict)
    places: dict[str, YamlNode] = field(default_factory=dict)
    confirming: set[str] = field(default_factory=set)
    secret: dict[str, YamlNode] = field(default_factory=dict)
    variables: dict[str, YamlNode] = field(default_factory=dict)
    given: dict[str, YamlNode] = field(default_factory=dict)
    sent: list[tuple[str, YamlNode]] = field(default_factory=list)
    saved: set[str] = field(default_factory=set)
    played: dict[str, YamlNode] = field(default_factory=dict)
    addresses: list[tuple[str, YamlNode]] = field(default_factory=list)
    done: list[tuple[str, YamlNode]] = field(default_factory=list)
    ends: dict[str, YamlNode] = field(default_factory=dict)

    # prompts

    def prompt(self, name: str, node: YamlNode) -> str:
        """Read a prompt; return its name."""
        wording = self.reader.read(node)
        if not all(wording.by_language.values()):
            raise node.error("there is nothing to be said here: write words")
        self.wordings[name] = wording
        self.places[name] = node
        return name

    def prompts(self, name: str, fields: Fields) -> tuple[str, ...]:
        """Return the prompts of a node: that of its 'say', if it has one."""
        return (self.prompt(name, fields["say"]),) if "say" in fields else ()

    def or_else(self, name: str, word: str, fields: Fields, common: str) -> str:
        """Return the prompt that a node says where its file says so, else one of the catalogue."""
        return self.prompt(f"{name} {word}", fields[word]) if word in fields else common

    # where it goes on

    def target(self, node: YamlNode) -> To:
        """Return where an exit leads."""
        where = node.text("where it goes on")
        if where == HANG_UP:
            return self.hang_up()
        if where.startswith("return ") or where == "return":
            how = where.removeprefix("return").strip()
            if not self.inner:
                raise node.error("'return' ends a flow of 'flows', and this is none: write 'hang up' or a node")
            if not re.fullmatch(r"\w[\w -]{0,39}", how):
                raise node.error("'return' says how, as in 'return right'")
            self.ends.setdefault(how, node)
            self.nodes.setdefault(where, Return(state=None, how=how))
            return To(where)
        if where not in self.names:
            raise node.error(f"there is no node {where!r}{nearest(where, [*self.names, HANG_UP])}")
        return To(where)

    def keyed(self, to: To) -> To:
        """Return the same for a key that is an answer to what comes next: it is handed on to a question."""
        return replace(to, with_key=to.node in self.asking)

    def hang_up(self) -> To:
        """Return the way to the end."""
        self.nodes.setdefault(HANG_UP, End())
        return To(HANG_UP)

    def farewell(self) -> To:
        """Return the way to the end, with a word of goodbye."""
        end = self.hang_up()
        self.nodes.setdefault(FAREWELL, Say(state=FAREWELL, prompts=("farewell",),
                                            exits={"ended": end, "keyed": end}))
        return To(FAREWELL)

    def fault(self) -> To:
        """Return the way to the end for whom something of ours has failed."""
        end = self.hang_up()
        self.nodes.setdefault(FAULT, Say(state=FAULT, exits={"ended": end, "keyed": end}))
        return To(FAULT, ("fault",))

    def then(self, fields: Fields, where: YamlNode, name: str, word: str = "then") -> To:
        """Return where a node goes on; complain if it does not say."""
        if word not in fields:
            raise where.error(f"the node {name!r} does not say what follows: add 'then', as in 'then: hang up'")
        return self.target(fields[word])

    def failed(self, fields: Fields) -> To:
        """Return where a caller goes whose tries are used up."""
        return self.target(fields["failed"]) if "failed" in fields else self.farewell()

    # values

    def variable(self, node: YamlNode) -> str:
        """Read the name of a variable."""
        name = node.text("the name of a variable")
        if not VARIABLE.fullmatch(name):
            raise node.error(f"{name!r} is no name of a variable: it has letters, digits, - and _, and begins with "
                             "a letter")
        if name in self.taken:
            raise node.error(f"{name!r} is the name of a node: call the variable something else")
        return name


def duration(node: YamlNode, *, least_s: float = 0.1, most_s: float = _LONGEST_S) -> int:
    """Return a length of time in samples."""
    length = length_of_time(node)
    if not least_s <= length <= most_s:
        raise node.error(f"{node.text('a length')!r} is no length for this: it takes {least_s:g} s to {most_s:g} s")
    return samples(length)


def tries(fields: Fields) -> int:
    """Return how often a question is asked; three times if the file says nothing."""
    if "tries" not in fields:
        return 3
    text = fields["tries"].text("a number of tries")
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) in _TRIES):
        raise fields["tries"].error(f"{text!r} is no number of tries: it takes {_TRIES.start} to {_TRIES.stop - 1}")
    return int(text)


def telephone(node: YamlNode) -> str:
    """Return a number that can be dialled."""
    text = re.sub(r"[\s().-]", "", node.text("a telephone number"))
    if not _TELEPHONE.fullmatch(text):
        raise node.error(f"{node.text('a number')[:40]!r} is no telephone number: write one such as "
                         "\"+14255550100\"")
    return text


def only(fields: Fields, what: str, allowed: Collection[str]) -> None:
    """Complain about a word that does not belong here."""
    for key, node in fields.items():
        if key not in allowed:
            raise node.error(f"{what} has no {key!r}{nearest(key, allowed)}")


def plain(node: YamlNode, what: str) -> Fields:
    """Return a mapping whose words are the same with a hyphen as with a space."""
    fields: Fields = {}
    for key, value in node.fields(what).items():
        word = key.replace("-", " ")
        if word in fields:
            raise value.error(f"{key!r} stands here twice: keep one of them")
        fields[word] = value
    return fields
