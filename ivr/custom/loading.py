"""Reads a file of one's own IVR: into flows of the engine, or to one sentence about what is wrong.

docs/own-ivr.md explains every word.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from ivr.custom.asking import is_allowed
from ivr.custom.draft import FAREWELL, RESERVED, Draft, Fields, only, plain, telephone
from ivr.custom.kinds import OUTSIDE, URL, kind_of
from ivr.custom.own import Duties, OwnFile, TwimlLine
from ivr.custom.wording import Wording, WordingReader
from ivr.engine.flow import Flow, FlowError
from ivr.reading import BadFile, Writing, YamlNode, compose, nearest, read, yes
from prompts import languages
from prompts import load as load_catalogue
from prompts.values import As

MOST_BYTES, MOST_NODES, MOST_VARIABLES = 131_072, 500, 200
CALLER, CALLED = "caller", "called"
"""Variables that every call has: the caller's own number, and the one that was dialled."""

_MAIN = "main"
_HEAD = ("title", "numbers", "languages", "start", "flows")
_AT_A_URL = ("title", "numbers", "languages", "twiml", "method", "fallback", "status callback", "secret")
_NODE = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,39}")
_LIKELY = 0.8
"""A variable that nothing sets is taken for a slip if one is as much like it."""


class IvrFileError(BadFile):
    """One mistake in a file of one's own IVR."""


OWN_IVR = Writing(
    IvrFileError, empty="it begins with lines such as 'title: My line' and 'start: menu'",
    deep="a node has values, and these have no more than lists and names in them",
    alias='keys that begin with * stand in quotation marks, as in "*": menu',
    hints={r"(say|text):\s*\{\w+(\s+as\s+\w+)?\}":
           'what begins with a variable stands in quotation marks, as in "{number} leaves today."'})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the file: prompts with their slots, languages, and hosts that may be asked."""

    prompts: Mapping[str, Collection[str]]
    languages: Collection[str]
    hosts: Collection[str] = field(default=())

    @classmethod
    def with_hosts(cls, *hosts: str) -> "Known":
        """Return what the catalogue knows, and hosts that may be asked besides this machine."""
        catalogue = load_catalogue("en-US")
        return cls({name: catalogue.slots(name) for name in catalogue.texts}, languages(),
                   [host.lower() for host in hosts])


def load(path: Path, known: Known) -> OwnFile:
    """Read a file.

    Raises
    ------
    IvrFileError
        With file, line, word and what to do.
    """
    return parse(read(path, OWN_IVR, "the file of an IVR", most=MOST_BYTES), path, known)


def parse(text: str, path: Path, known: Known) -> OwnFile:
    """Read it from text; `path` is what messages name, and recordings are in its folder."""
    return _Loader(path, known).file(compose(text, path, OWN_IVR))


def at_url(url: str, known: Known, status: str = "") -> OwnFile:
    """Return an application at a URL, as a file would name it; `status` is what is told when a call is over.

    Raises
    ------
    IvrFileError
        If it is none that may be asked.
    """
    given = Path("--twiml")
    told = {"status callback": YamlNode(Path("--status-callback"), 0, status, IvrFileError)} if status else {}
    own = _Loader(given, known).at_a_url({"twiml": YamlNode(given, 0, url, IvrFileError), **told})
    return replace(own, title=url.partition("?")[0])


class _Loader:
    def __init__(self, path: Path, known: Known) -> None:
        self._path, self._known = path, known
        self._lines: dict[str, int] = {}

    def file(self, root: YamlNode) -> OwnFile:
        top = root.fields("the file of an IVR")
        if "twiml" in top:
            top = plain(root, "a file with 'twiml'")
            only(top, "a file with 'twiml'", _AT_A_URL)
            return self.at_a_url(top)
        languages = self._languages(top)
        flows = top["flows"].fields("'flows'") if "flows" in top else {}
        reader = WordingReader(languages, self._known.prompts)
        nodes = {name: node for name, node in top.items() if name not in _HEAD}
        self._named(nodes, root)
        inside = {name: node.fields(f"the flow {name!r}") for name, node in flows.items()}
        for name, node in flows.items():
            self._check_name(name, node, "a flow")
            self._named(_without_start(inside[name]), node)
        duties = Duties()
        drafts = {_MAIN: self._draft(_MAIN, root, {**nodes, **_start(top)}, reader, tuple(flows), duties)}
        for name, node in flows.items():
            drafts[name] = self._draft(name, node, inside[name], reader, tuple(flows), duties)
        self._check_flows(drafts, flows)
        secrets, variables = self._variables(list(drafts.values()))
        return OwnFile(
            self._path, top["title"].text("the title")[:200] if "title" in top else self._path.stem,
            self._numbers(top), languages,
            tuple(self._flow(name, draft, inside.get(name, top)) for name, draft in drafts.items()),
            _filled(drafts.values()), duties, self._lines, variables, frozenset(secrets), reader.recordings)

    def at_a_url(self, top: Fields) -> OwnFile:
        """Return an application that lives at a URL."""
        method = top["method"].text("the method") if "method" in top else "POST"
        if method not in ("GET", "POST"):
            raise top["method"].error(f"{method!r} is no method: it takes GET or POST")
        fallback, status = (self._url(top[word]) if word in top else "" for word in ("fallback", "status callback"))
        line = TwimlLine(self._url(top["twiml"]), method, fallback, status=status,
                         secret="secret" not in top or yes(top["secret"]))
        return OwnFile(self._path, top["title"].text("the title")[:200] if "title" in top else self._path.stem,
                       self._numbers(top), self._languages(top), (), {}, Duties(), {}, frozenset(), frozenset(), {},
                       line)

    def _url(self, node: YamlNode) -> str:
        url = node.text("where the application is")
        if len(url) > 2000 or not URL.fullmatch(url):
            raise node.error(f"{url[:60]!r} is no address to ask: write one such as http://127.0.0.1:5000/voice")
        self._check_allowed(url, node)
        return url

    def _check_allowed(self, url: str, node: YamlNode) -> None:
        if not is_allowed(url, self._known.hosts):
            raise node.error(f"{url[:60]!r} is not on this machine: use http://127.0.0.1..., or allow its host by "
                             "--allow-host")

    # the head

    def _languages(self, top: Fields) -> tuple[str, ...]:
        if "languages" not in top:
            return ("en-US",)
        node = top["languages"]
        named = ([item.text("a language") for item in node.items("'languages'")] if isinstance(node.value, list)
                 else [one.strip() for one in node.text("a language").split(",")])
        for one in named:
            if one not in self._known.languages:
                raise node.error(f"there is no language {one!r}{nearest(one, self._known.languages)}")
        return tuple(dict.fromkeys(named))

    @staticmethod
    def _numbers(top: Fields) -> tuple[str, ...]:
        if "numbers" not in top:
            return ()
        node = top["numbers"]
        items = node.items("'numbers'") if isinstance(node.value, list) else [node]
        return tuple(dict.fromkeys(telephone(item) for item in items))

    # the nodes

    def _named(self, nodes: Fields, where: YamlNode) -> None:
        """See that every node can have its name."""
        if not nodes:
            raise where.error("there is no node: write at least one, as in bye: {say: \"Goodbye.\", then: hang up}")
        for name, node in nodes.items():
            if not isinstance(node.value, dict):
                near = difflib.get_close_matches(name, _HEAD, n=1, cutoff=0.6)
                raise node.error(f"{name!r} is no node: a node is written as {{say: \"...\", then: ...}}" + (
                    f"; did you mean {near[0]!r}?" if near else ""))
            self._check_name(name, node, "a node")
            if name in self._lines:
                raise node.error(f"a node {name!r} stands in line {self._lines[name]}: no two have one name")
            self._lines[name] = node.line
        if len(self._lines) > MOST_NODES:
            raise where.error(f"there are more than {MOST_NODES} nodes: make two files of it")

    @staticmethod
    def _check_name(name: str, node: YamlNode, what: str) -> None:
        if name in RESERVED or name.split()[:1] == ["return"]:
            raise node.error(f"{name!r} means something already: give {what} another name")
        if not _NODE.fullmatch(name):
            raise node.error(f"{name[:60]!r} is no name for {what}: use letters, digits, spaces, - and _, and "
                             "begin with a letter")

    def _draft(self, flow: str, where: YamlNode, top: Fields, reader: WordingReader, flows: tuple[str, ...],
               duties: Duties) -> Draft:
        nodes = _without_start(top)
        if "start" not in top:
            raise where.error(f"nothing says which node is the first: add 'start: {next(iter(nodes))}'")
        start = top["start"].text("the first node")
        if start not in nodes:
            raise top["start"].error(f"there is no node {start!r}{nearest(start, nodes)}")
        fields = {name: plain(node, f"the node {name!r}") for name, node in nodes.items()}
        asking = frozenset(name for name, given in fields.items()
                           if {"collect", "choose"} & given.keys() or ("keys" in given and "play" not in given))
        draft = Draft(reader, tuple(nodes), flows, self._lines, asking, duties, inner=flow != _MAIN)
        for name, node in nodes.items():
            kind_of(name, node, fields[name])(draft, name, node, fields[name])
        for url, node in draft.addresses:
            self._check_allowed(url, node)
        return draft

    def _flow(self, name: str, draft: Draft, top: Fields) -> Flow:
        fault = draft.fault()
        if not any(to.node == FAREWELL for node in draft.nodes.values() for to in (*node.exits.values(),
                                                                                  *node.on.values())):
            draft.nodes.pop(FAREWELL, None)
        nowhere = {event: frozenset(one for one, node in draft.nodes.items() if event not in node.on)
                   for event in OUTSIDE}
        try:
            return Flow(name, top["start"].text("the first node"), draft.nodes, fault=fault,
                        outside=frozenset(OUTSIDE), impossible=nowhere)
        except FlowError as error:
            why = str(error).removeprefix(f"{name}: ")
            raise IvrFileError(self._path, self._lines.get(error.where, 0), why) from None

    def _check_flows(self, drafts: Mapping[str, Draft], flows: Fields) -> None:
        """See that flows within flows come back, and none goes through itself."""
        uses: dict[str, set[str]] = {name: set() for name in drafts}
        for name, draft in drafts.items():
            for flow, node in draft.done:
                uses[name].add(flow)
                exits = node.fields("'exits'")
                for end, place in drafts[flow].ends.items():
                    if end not in exits:
                        raise node.error(f"'exits' lacks {end!r}, by which the flow {flow!r} returns in line "
                                         f"{place.line}")
                for end, place in exits.items():
                    if end not in drafts[flow].ends:
                        raise place.error(f"the flow {flow!r} never returns {end!r}"
                                          f"{nearest(end, drafts[flow].ends) if drafts[flow].ends else ''}")
        try:
            TopologicalSorter(uses).prepare()
        except CycleError as error:
            circle = [name for name in error.args[1] if name != _MAIN]
            raise flows[circle[0]].error(f"the flow {circle[0]!r} goes through itself: let it return instead"
                                         ) from None
        used = set().union(*uses.values())
        for name, node in flows.items():
            if name not in used:
                raise node.error(f"nothing goes through the flow {name!r}: add a node with 'do: {name}'")

    # variables

    def _variables(self, drafts: list[Draft]) -> tuple[set[str], frozenset[str]]:
        """Return which variables are secret, and all there are; complain about one that nothing sets."""
        set_by = {name: node for draft in drafts for name, node in draft.variables.items()}
        given = {name for draft in drafts for name in draft.given}
        secrets = {name for draft in drafts for name in draft.secret}
        known = {*set_by, *given, CALLER, CALLED}
        # an answer may set whatever it likes, unless the file says what
        open_ = any(draft.addresses for draft in drafts) and not given
        for name, node in ((name, node) for draft in drafts for name, node in draft.variables.items()):
            if name in (CALLER, CALLED):
                raise node.error(f"{name!r} is a number of the call already: call the variable something else")
        for draft in drafts:
            for prompt, wording in draft.wordings.items():
                confirms = prompt in draft.confirming
                for blank in wording.blanks():
                    at = draft.places[prompt].elsewhere(blank.line)
                    if blank.variable in secrets:
                        raise at.error(f"{blank.variable!r} is secret, so it is not said: leave it out")
                    if not (confirms and blank.variable == "digits"):
                        self._is_set(blank.variable, at, known, open_)
                        known |= {blank.variable} if open_ else set()
            for name, node in draft.sent:
                self._is_set(name, node, known, open_)
            saved = {name for one in drafts for name in one.saved}
            for name, node in draft.played.items():
                if name not in saved:
                    raise node.error(f"nothing records {name!r}" + (nearest(name, saved) if saved else
                                     ": add 'save' to a node with 'record', or name a file such as hello.wav"))
        return secrets, frozenset(known)

    def _is_set(self, name: str, node: YamlNode, known: set[str], open_: bool) -> None:
        if name in self._lines:
            raise node.error(f"{name!r} is the name of a node, not of a variable: call the variable something else")
        if name in known:
            return
        if len(known) >= MOST_VARIABLES and open_:
            raise node.error(f"there are more than {MOST_VARIABLES} variables: leave some out, or say beside 'ask' "
                             "which an answer sets, by 'gives'")
        near = difflib.get_close_matches(name, known, n=1, cutoff=_LIKELY if open_ else 0.5)
        if near or not open_:
            meant = f"did you mean {near[0]!r}?" if near else "add 'into' to a node that collects it"
            raise node.error(f"nothing sets the variable {name!r}; {meant}" + (
                f" If an answer does, say so beside 'ask': gives: [{name}]" if open_ or not near else ""))


def _filled(drafts: Iterable[Draft]) -> dict[str, Wording]:
    """Return all prompts, each variable said as what it is: what was keyed, and a telephone number, by digits."""
    drafts = list(drafts)
    kinds = {name: As.DIGITS for draft in drafts for name in draft.variables}
    kinds |= dict.fromkeys((CALLER, CALLED, "digits"), As.DIGITS)
    return {name: wording.filled(kinds) for draft in drafts for name, wording in draft.wordings.items()}


def _start(top: Fields) -> Fields:
    return {"start": top["start"]} if "start" in top else {}


def _without_start(flow: Fields) -> Fields:
    return {name: node for name, node in flow.items() if name != "start"}
