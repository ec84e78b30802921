"""A document as a flow of the engine: each verb is a node of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ivr.clock import samples
from ivr.custom.kinds import OUTSIDE
from ivr.custom.twiml.elements import BadTwiml
from ivr.custom.twiml.speech import SAID, SPEAKS
from ivr.custom.twiml.verbs import (
    DialVerb,
    GatherVerb,
    HangupVerb,
    PauseVerb,
    PlayVerb,
    RecordVerb,
    RedirectVerb,
    RejectVerb,
    SayVerb,
    Spoken,
    TwimlDocument,
    Verb,
)
from ivr.engine.call import Call
from ivr.engine.dialling import BUSY, NO_ANSWER
from ivr.engine.flow import STAY, Flow, Node, To
from ivr.engine.nodes import Ask, Collect, End, Park, Record, Return, Say, Sub
from ivr.engine.requests import Do, Request
from ivr.engine.sound import Samples
from ivr.engine.together import OVER, TOGETHER
from ivr.secrecy import Secrecy

DOCUMENT, FETCHED, BROKEN = "document", "fetched", "failed"
MORE = "more"
_OUTSIDE = (*OUTSIDE, SPEAKS, SAID)
_MOST_DIGITS, _MOST_NODES, _MOST_SAID, _MOST_RECORDINGS, _MOST_WAITS = 1000, 2000, 60, 30, 10

BASE = Flow("twiml", "application", {
    "application": Ask(state="application", question=DOCUMENT, answers=frozenset({FETCHED, BROKEN}),
                       exits={FETCHED: To("run"), BROKEN: To("fault")}),
    "run": Sub(state=None, flow=DOCUMENT, ends=frozenset({MORE}), exits={MORE: To("application")}),
    "fault": Say(state="fault", prompts=("fault",), exits={"ended": To("end"), "keyed": To("end")}),
    "end": End()}, fault=To("fault"))
"""What leads every call: from document to document."""


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Something that is said or played.

    Attributes
    ----------
    text, url, digits : str
        One of these, or none: silence.
    silence : int
        Seconds of it.
    parts : tuple of SpokenLine
        Several instead, one after the other.
    """

    text: str = ""
    language: str = ""
    url: str = ""
    digits: str = ""
    silence: int = 0
    parts: "tuple[SpokenLine, ...]" = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """The recordings that are played."""
        return tuple(line.url for line in (self, *self.parts) if line.url)


@dataclass(frozen=True, kw_only=True)
class InTheWings(Say):
    """Say something again and again to a call that waits for others.

    Attributes
    ----------
    does : tuple of str
        What the application is to do when it comes.
    """

    does: tuple[str, ...] = ()

    def begin(self, call: Call) -> list[Request]:  # noqa: ARG002
        """Take a call that has come here."""
        return [Do(command) for command in self.does]


@dataclass(frozen=True, kw_only=True)
class Connected(Park):
    """Have a call be with others.

    Attributes
    ----------
    star : bool
        Whether `*` ends that.
    """

    star: bool = False

    def key(self, call: Call, key: str, at: int) -> list[Request]:
        """Take a key."""
        if self.star and key == "*":
            return [self.noted(key, valid=True), Do("part")]
        return super().key(call, key, at)


@dataclass(frozen=True, kw_only=True)
class WordsAlone(Collect):
    """Wait for words: keys mean nothing."""

    def key(self, call: Call, key: str, at: int) -> list[Request]:  # noqa: ARG002
        """Take a key."""
        return [self.noted(key, ignored=True)]


@dataclass(frozen=True, slots=True)
class Going:
    """What is asked next."""

    url: str
    method: str


@dataclass(slots=True)
class Compiled:
    """A document, ready to be gone through.

    Attributes
    ----------
    url : str
        Where it came from.
    lines : dict of prompt to SpokenLine
        What the prompts of its nodes are.
    goings : dict of node to Going
        What is asked where a call comes to this node.
    dials, records, pauses : dict of node to DialVerb, to RecordVerb, or to samples
    gathers : dict of node to GatherVerb
        Those that collect digits or words.
    waits : dict of node to Going
        The documents that say what is heard in conferences until they begin.
    played : dict of URL to int16 array [shape=(n,)]
        The recordings that are there.
    rejects : bool
        Whether a call that rings is not to be answered.
    """

    url: str
    flow: Flow = field(init=False)
    lines: dict[str, SpokenLine] = field(default_factory=dict)
    goings: dict[str, Going] = field(default_factory=dict)
    dials: dict[str, DialVerb] = field(default_factory=dict)
    records: dict[str, RecordVerb] = field(default_factory=dict)
    pauses: dict[str, int] = field(default_factory=dict)
    gathers: dict[str, GatherVerb] = field(default_factory=dict)
    waits: dict[str, Going] = field(default_factory=dict)
    played: dict[str, Samples] = field(default_factory=dict, repr=False)
    rejects: bool = False

    @property
    def media(self) -> Iterable[str]:
        """The recordings that are played."""
        return dict.fromkeys(url for line in self.lines.values() for url in line.urls)

    def wait(self, name: str, document: TwimlDocument, url: str) -> None:
        """Take the document that says what is heard in a conference until it begins; only what is said counts.

        Raises
        ------
        BadTwiml
            If it leads to what is no URL.
        """
        parts = tuple(line_of(verb, url) for verb in document.verbs
                      if isinstance(verb, SayVerb | PlayVerb | PauseVerb))
        if len({line.url for line in parts}) > _MOST_RECORDINGS:
            raise BadTwiml(0, f"the document plays more than {_MOST_RECORDINGS} recordings")
        self.lines[waited(name)] = SpokenLine(parts=parts) if parts else _LONG


_LONG = SpokenLine(silence=60)


def waited(name: str) -> str:
    """Return the prompt that is said in a conference until it begins."""
    return f"#{name}"


def line_of(verb: Spoken, base: str) -> SpokenLine:
    """Return what a verb says.

    Raises
    ------
    BadTwiml
        If it plays what is no URL.
    """
    match verb:
        case SayVerb(text=text, language=language):
            return SpokenLine(text=text, language=language)
        case PlayVerb(url=url) if url:
            return SpokenLine(url=_absolute(verb, base, url))
        case PlayVerb(digits=digits):
            return SpokenLine(digits=digits)
        case PauseVerb(length=length):
            return SpokenLine(silence=min(length, 60))


def _absolute(verb: Verb, base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        raise BadTwiml(verb.line, f"{url[:40]!r} is no URL") from None


def compiled(document: TwimlDocument, url: str, *, secret: bool) -> Compiled:
    """Return a document as a flow.

    Parameters
    ----------
    url : str
        Where it came from: what its URLs are relative to.
    secret : bool
        Whether what callers key is shown nowhere.

    Raises
    ------
    BadTwiml
        If it leads to what is no URL, or is too long.
    """
    return _Compiler(url, secret=secret).document(document)


def _come_to(verbs: Sequence[Verb]) -> Sequence[Verb]:
    """Return the verbs that a call can come to: none after one that leads elsewhere, or ends it."""
    last = next((n for n, verb in enumerate(verbs, 1) if isinstance(verb, RedirectVerb | RejectVerb | HangupVerb)),
                len(verbs))
    return verbs[:last]


class _Compiler:
    def __init__(self, url: str, *, secret: bool) -> None:
        self._made = Compiled(url)
        self._secrecy = Secrecy.HIDDEN if secret else Secrecy.SHOWN
        self._nodes: dict[str, Node] = {}

    def document(self, document: TwimlDocument) -> Compiled:
        """Make the nodes from the last to the first, as each knows where it leads."""
        following = "end"
        self._nodes["end"] = End()
        self._made.rejects = isinstance(next(iter(document.verbs), None), RejectVerb)
        for n, verb in reversed(list(enumerate(_come_to(document.verbs), 1))):
            following = self._verb(n, verb, following)
            if len(self._nodes) > _MOST_NODES:
                raise BadTwiml(verb.line, "the document repeats too much")
        self._nodes["fault"] = Say(state="fault", prompts=("fault",),
                                   exits={"ended": To("end"), "keyed": To("end")})
        nodes = self._reached(following)
        nowhere = {event: frozenset(name for name, node in nodes.items() if event not in node.on)
                   for event in _OUTSIDE}
        self._made.flow = Flow(DOCUMENT, following, nodes, fault=To("fault"), outside=frozenset(_OUTSIDE),
                               impossible=nowhere)
        if len(list(self._made.media)) > _MOST_RECORDINGS:
            raise BadTwiml(0, f"the document plays more than {_MOST_RECORDINGS} recordings")
        if len(self._made.waits) > _MOST_WAITS:
            raise BadTwiml(0, f"the document has more than {_MOST_WAITS} conferences with a waitUrl")
        lines = {prompt for node in nodes.values() for prompt in node.own_prompts()}
        self._made.lines = {prompt: line for prompt, line in self._made.lines.items() if prompt in lines}
        return self._made

    def _reached(self, start: str) -> dict[str, Node]:
        """Return the nodes that a call can come to: what follows a Redirect is passed over."""
        reached: dict[str, Node] = {}
        stack = [start, "fault"]
        while stack:
            name = stack.pop()
            if name not in reached:
                node = reached[name] = self._nodes[name]
                stack += [to.node for to in (*node.exits.values(), *node.on.values()) if to.node != STAY]
        return reached

    def _verb(self, n: int, verb: Verb, following: str) -> str:
        """Make what a verb is; return the name of its first node."""
        match verb:
            case SayVerb() | PlayVerb():
                return self._spoken(n, verb, following)
            case PauseVerb(length=length):
                return self._pause(n, length, following)
            case GatherVerb():
                return self._gather(n, verb, following)
            case RecordVerb():
                return self._record(n, verb, following)
            case RedirectVerb(url=url, method=method):
                return self._going(n, verb, url, method)
            case RejectVerb(reason=reason):
                return self._node(f"{n} reject", Park(state="rejected", does=(f"reject {reason}",),
                                                      on={OVER: To("end")}))
            case HangupVerb():
                return "end"
            case DialVerb():
                return self._dial(n, verb, following)

    def _node(self, name: str, node: Node) -> str:
        self._nodes[name] = node
        return name

    def _going(self, n: int, verb: Verb, url: str, method: str) -> str:
        name = self._node(f"{n} go", Return(state=None, how=MORE))
        self._made.goings[name] = Going(_absolute(verb, self._made.url, url), method)
        return name

    # what is said

    def _line(self, name: str, verb: Spoken) -> str:
        self._made.lines[name] = line_of(verb, self._made.url)
        return name

    def _spoken(self, n: int, verb: SayVerb | PlayVerb, following: str) -> str:
        state = "say" if isinstance(verb, SayVerb) else "play"
        prompt = self._line(f"#{n}", verb)
        name = f"{n} {state}"
        if not verb.loop:
            return self._node(name, Say(state=state, prompts=(prompt,), barge_in=False, exits={"ended": To(name)}))
        for again in range(verb.loop, 0, -1):
            name = f"{n} {state}{f' {again}' if again > 1 else ''}"
            following = self._node(name, Say(state=state, prompts=(prompt,), barge_in=False,
                                             exits={"ended": To(following)}))
        return following

    def _pause(self, n: int, length: int, following: str) -> str:
        if not length:
            return following
        name = self._node(f"{n} pause", Park(state="pause", does=(f"wait {n} pause",), on={OVER: To(following)}))
        self._made.pauses[name] = samples(length)
        return name

    # what is asked for

    def _gather(self, n: int, verb: GatherVerb, following: str) -> str:
        prompts = [prompt for m, one in enumerate(verb.prompts)
                   for prompt in [self._line(f"#{n}.{m}", one)] * self._times(one)]
        if not prompts:  # a question is what begins the time to answer it
            self._made.lines[f"#{n}"] = SpokenLine()
            prompts = [f"#{n}"]
        go = self._going(n, verb, verb.action, verb.method)
        empty = To(go if verb.on_empty else following)
        name = f"{n} gather"
        self._made.gathers[name] = verb
        wait = samples(verb.timeout) or 1
        speaks = self._node(f"{n} listening", Park(state=None, on={SAID: To(go)})) if verb.words else ""
        return self._node(name, (Collect if verb.keys else WordsAlone)(
            on={SPEAKS: To(speaks)} if speaks else {}, state="gather", label="digits",
            prompts=tuple(prompts[:_MOST_SAID]),
            lengths=range(1, (verb.most or _MOST_DIGITS) + 1), complete=bool(verb.most), first=wait, next_=wait,
            terminator=verb.finish, begin_again="", barge_in=verb.barge_in, ends_empty=False, tries=1,
            secrecy=self._secrecy,
            exits={"entered": To(go), "nothing heard": empty, "gave up": empty, "wrong": empty}))

    @staticmethod
    def _times(verb: Spoken) -> int:
        return 1 if isinstance(verb, PauseVerb) else min(verb.loop or _MOST_SAID, _MOST_SAID)

    def _record(self, n: int, verb: RecordVerb, following: str) -> str:
        self._made.records[f"{n} record"] = verb
        return self._node(f"{n} record", Record(
            state="record", longest=samples(verb.longest), silence=samples(verb.timeout), terminator=verb.finish,
            beep=verb.beep, keeps=True, exits={"recorded": To(self._going(n, verb, verb.action, verb.method)),
                                   "nothing": To(following)}))

    # others

    def _dial(self, n: int, verb: DialVerb, following: str) -> str:
        then = To(self._going(n, verb, verb.action, verb.method) if verb.action else following)
        if verb.conference is None:
            name = f"{n} dial"
            self._made.dials[name] = verb
            return self._node(name, Connected(
                state="dial", music=True, star=verb.star, does=(f"dial {name}",),
                on={BUSY: then, NO_ANSWER: then, TOGETHER: To(STAY, does=("meet",)), OVER: then}))
        name = f"{n} conference"
        self._made.dials[name] = verb
        if verb.conference.wait_url:
            self._made.waits[name] = Going(_absolute(verb, self._made.url, verb.conference.wait_url),
                                           verb.conference.wait_method)
            self._made.lines[waited(name)] = _LONG
            return self._node(name, InTheWings(
                state="conference", prompts=(waited(name),), barge_in=False, does=(f"join {name}",),
                exits={"ended": To(name)}, on={TOGETHER: To(STAY, does=("begin",)), OVER: then}))
        return self._node(name, Connected(state="conference", star=verb.star, does=(f"join {name}",),
                                          on={TOGETHER: To(STAY, does=("begin",)), OVER: then}))
