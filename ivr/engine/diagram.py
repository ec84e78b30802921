"""Flows as pictures."""

import re
from collections.abc import Collection, Iterator

from ivr.engine.flow import STAY, Flow, To


def mermaid(flow: Flow, part: Collection[str] | None = None, *, without: Collection[str] = (),
            never: Collection[tuple[str, str]] = ()) -> str:
    """Return a flow as a Mermaid state diagram; exits with the same two ends share an arrow.

    Parameters
    ----------
    part : collection of str, optional
        The nodes whose ways are drawn; by default all.
    without : collection of str
        Exits and events that are left out.
    never : collection of (node, exit)
        The same, of single nodes.
    """
    part = flow.nodes.keys() if part is None else part
    arrows: dict[tuple[str, str], list[str]] = {}
    for name, what, to in _ways(flow):
        if to.node != STAY and name in part and what not in without and (name, what) not in never:
            arrows.setdefault((name, to.node), []).append(what)
    drawn = {*part, *(to for _, to in arrows)}
    lines = ["stateDiagram-v2", *([f"    [*] --> {_name(flow.start)}"] if flow.start in part else [])]
    lines += [f"    {_name(name)}: ({name})" for name, node in flow.nodes.items()
              if node.state is None and name in drawn]
    lines += [f"    {_name(name)}: {name}" for name, node in flow.nodes.items()
              if node.state is not None and name in drawn and re.search(r"[^\w-]", name)]
    lines += [f"    {_name(a)} --> {_name(b)}: {_text(', '.join(ways))}" for (a, b), ways in arrows.items()]
    ends = [name for name, node in flow.nodes.items() if name in part and not node.exits and not node.on]
    return "\n".join([*lines, *(f"    {_name(name)} --> [*]" for name in ends)])


def nodes(flow: Flow) -> str:
    """Return the nodes of a flow as a Markdown table: what each asks by itself, and how secret its keys are."""
    rows = ["| node | kind | what it says | what is keyed there |", "|---|---|---|---|"]
    for name, node in flow.nodes.items():
        said = ", ".join(f"`{prompt}`" for prompt in node.own_prompts())
        rows.append(f"| {name} | {type(node).__name__} | {said} | {node.secrecy.value} |")
    return "\n".join(rows) + "\n"


def table(flow: Flow) -> str:
    """Return every way of a flow as a row of a Markdown table."""
    rows = ["| node | kind | exit or event | next | what is done and said on the way |", "|---|---|---|---|---|"]
    for name, what, to in _ways(flow):
        done = "; ".join([*to.does, *(f"say `{prompt}`" for prompt in to.says)])
        rows.append(f"| {name} | {type(flow.nodes[name]).__name__} | {what} | {to.node or 'stays'} | {done} |")
    return "\n".join(rows) + "\n"


def _ways(flow: Flow) -> Iterator[tuple[str, str, To]]:
    for name in flow.nodes:
        for what, to in flow.ways(name):
            yield name, str(what), to


def _name(node: str) -> str:
    return re.sub(r"\W", "_", node)


def _text(label: str) -> str:
    """Return a label without what Mermaid would take for its own signs: it shows the codes of those as they are."""
    return label.translate(_ALIKE)


_ALIKE = str.maketrans("#:;", "\N{MUSIC SHARP SIGN}\N{RATIO},")
"""What looks like those signs, and means nothing to Mermaid."""
