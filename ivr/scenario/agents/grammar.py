"""What stories say of agents: where one is, and what is expected of him."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ivr.reading import YamlNode
from ivr.scenario.agents.steps import OfAgent, Presses, Replies, Yields
from ivr.scenario.leading import CODE, SIP, STREAM, AgentAt
from ivr.scenario.steps import WITHIN
from ivr.scenario.target import BadTarget, target
from ivr.scenario.values import duration

AGENTS = ("presses", "replies", "yields")
"""Steps about what an agent does by himself."""

FIELDS = ("agent", "silent at most", "steps")
"""What is said of a caller who is an agent."""

DONE_BY_HIM = ("press", "play", "say", "answers", "busy", "no answer", "refused", "transferred")
"""Steps of other callers: he does as he thinks best."""

_MODULE = re.compile(r"(?P<module>[A-Za-z_][\w.]*):(?P<name>[A-Za-z_]\w*)")
_FILE = re.compile(r"(?P<file>.+\.py)(?::(?P<name>[A-Za-z_]\w*))?")
_NAME = "agent"
_TAKES = ("name a file (navigator.py), a coroutine in a module (my.agents:navigator), a stream "
          "(ws://127.0.0.1:8765) or a telephone (sip:bot@127.0.0.1)")


@dataclass(frozen=True, slots=True)
class Led:
    """A caller as he is written.

    Attributes
    ----------
    steps : sequence of YamlNode
        What he does, or what is expected of the agent.
    agent, silent_at_most
        As of `StoryCaller`.
    """

    steps: Sequence[YamlNode] = ()
    agent: AgentAt | None = None
    silent_at_most: int = 0

    def takes(self, word: str) -> bool:
        """Return whether a step is for him."""
        return word not in (AGENTS if self.agent is None else DONE_BY_HIM)

    def check(self, word: str, node: YamlNode) -> None:
        """Refuse a step that is not for him."""
        if self.takes(word):
            return
        if self.agent is None:
            raise node.error(f"the step {word!r} is said of an agent, who acts by himself: give the caller one, "
                             "as in {agent: navigator.py, steps: [..]}, or tell him what to do")
        raise node.error(f"the step {word!r} is not for an agent, who acts by himself: say what is expected of "
                         "him, with 'presses', 'replies' and 'yields'")


def led(name: str, node: YamlNode, folder: Path, *, calls_out: bool) -> Led:
    """Read who leads a caller's line: steps, or an agent."""
    if not isinstance(node.value, dict):
        return Led(node.items(f"what {name} does"))
    fields = node.fields(f"what {name} is", FIELDS)
    if "agent" not in fields:
        raise node.error(f"{name} has no 'agent': name one, or write what he does as a list")
    if calls_out:
        raise fields["agent"].error("an agent is for calls of a bridge of ours: here callers ring out")
    silent = duration(fields["silent at most"]) if "silent at most" in fields else 0
    if "silent at most" in fields and not silent:
        raise fields["silent at most"].error("nobody may be silent for no time at all: write more, as in 10 s")
    if "steps" in fields:
        steps: Sequence[YamlNode] = fields["steps"].items(f"what is expected of {name}")
    else:
        ended = {"ended": node.elsewhere(node.line, ""), "within": node.elsewhere(node.line, "10 min")}
        steps = [node.elsewhere(node.line, "dial"), node.elsewhere(node.line, ended)]
    return Led(steps, agent_at(fields["agent"], folder), silent)


def agent_at(node: YamlNode, folder: Path) -> AgentAt:
    """Read where an agent is; a file is named from the story's folder."""
    text = node.text("an agent")
    scheme = text.partition(":")[0].lower()
    if scheme in ("ws", "wss"):
        return AgentAt(STREAM, _url(text, node))
    if scheme in ("sip", "sips"):
        try:
            target(text)
        except BadTarget as error:
            raise node.error(str(error)) from None
        return AgentAt(SIP, text)
    if found := _FILE.fullmatch(text):
        path = folder / found["file"]
        if not path.is_file():
            raise node.error(f"there is no agent {found['file']!r} beside the scenario: check the path")
        return AgentAt(CODE, found["name"] or _NAME, path=path)
    if found := _MODULE.fullmatch(text):
        return AgentAt(CODE, found["name"], module=found["module"])
    raise node.error(f"{text!r} is no agent: {_TAKES}")


def _url(text: str, node: YamlNode) -> str:
    try:
        parts = urlsplit(text)
        known = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or not text.isprintable() or " " in text:
        raise node.error(f"{text!r} is no URL of a stream: write ws://HOST:PORT or wss://HOST/PATH")
    if parts.username is not None:
        raise node.error("the URL of a stream has no user: what it needs to know him by goes into its path")
    return text


def of_agent(word: str, node: YamlNode, fields: Mapping[str, YamlNode],
              keys: Callable[[YamlNode], tuple[str, str]]) -> OfAgent:
    """Read what is expected of an agent.

    Parameters
    ----------
    keys : callable
        Reads keys; returns them, and as they are said.
    """
    for key, other in fields.items():
        if key != word and (key != "within" or word == "replies"):
            raise other.error(f"the step {word!r} has no {key!r}" + (
                "" if word == "replies" else ": there is 'within'"))
    within = duration(fields["within"]) if "within" in fields else WITHIN
    if word == "presses":
        pressed, said = keys(node)
        return Presses(line=node.line, said=f"presses: {said}", keys=pressed, within=within)
    said = f"{word}: {node.text('a length of time')}"
    if word == "replies":
        return Replies(line=node.line, said=said, limit=duration(node))
    return Yields(line=node.line, said=said, limit=duration(node), within=within)
