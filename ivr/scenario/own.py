"""A story that calls an IVR of one's own: what can be heard there, and which exits of it no story takes."""

import os
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from ivr.custom.own import OwnFile
from ivr.custom.wording import Quoted
from ivr.engine.nodes import Say
from ivr.reading import YamlNode, nearest
from ivr.scenario.steps import RungStep


def called(node: YamlNode, hosts: Collection[str]) -> OwnFile:
    """Read the file that a story names."""
    from ivr.custom.loading import Known, load  # most stories do without

    name = node.text("the file of an IVR")
    return load(Path(os.path.normpath(node.path.parent / name)), Known.with_hosts(*hosts))


def rung(word: str, node: YamlNode, own: OwnFile | None) -> RungStep:
    """Read what somebody does who is dialled."""
    from ivr.custom.draft import telephone

    if own is None:  # voice mail dials numbers and extensions
        text = node.text("a number or an extension")
        number = text if re.fullmatch(r"[0-9]{1,20}", text) else telephone(node)
        return RungStep(line=node.line, said=f"{word}: {number}", word=word, number=number)
    number = telephone(node)
    if own.twiml is not None:  # which numbers it dials is its own affair
        return RungStep(line=node.line, said=f"{word}: {number}", word=word, number=number)
    dialled = sorted({one.to for one in own.duties.handovers.values()})
    if number not in dialled:
        meant = nearest(number, dialled) if dialled else ""
        raise node.error(f"this IVR never dials {number!r}{meant}")
    return RungStep(line=node.line, said=f"{word}: {number}", word=word, number=number)


def prompts_of(own: OwnFile) -> tuple[str, ...]:
    """Return the names of all that is said in an IVR: its own prompts, then those of the catalogue."""
    quoted = [one.prompt for wording in own.wordings.values() for said in wording.by_language.values()
              for one in said if isinstance(one, Quoted)]
    named = [prompt for flow in own.flows for _, prompt in flow.prompts()]
    return tuple(dict.fromkeys([*own.wordings, *own.recordings, *named, *quoted, "fault"]))


def ways_of(own: OwnFile) -> list[tuple[int, str, str]]:
    """Return all exits in the order of the file: the node's line, its name, the exit.

    That a sentence was cut by a key is no exit of its own: it leads the same way. Nor is what no call can take.
    """
    never = own.never
    return [(own.lines[name], name, exit_) for flow in own.flows for name, node in flow.nodes.items()
            if name in own.lines for exit_, _ in flow.ways(name)
            if (exit_ != "keyed" or not isinstance(node, Say)) and (name, exit_) not in never]


def untaken(own: OwnFile, taken: Iterable[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Return the exits that no call has taken, as `ways_of` does."""
    had = {(name, "ended" if exit_ == "keyed" else exit_) for name, exit_ in taken}
    return [one for one in ways_of(own) if one[1:] not in had]
