"""What a story writes once and means many times: variables, callers who do what another does, steps repeated.

A story is spelt out before it is read, so that all that follows knows of callers and steps only.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from ivr.clock import RATE
from ivr.reading import YamlNode, nearest
from ivr.scenario.including import Includer
from ivr.scenario.several import IN_VOICES, OF_CALLERS, OF_LISTS, OUTFIT, in_a_row
from ivr.scenario.steps import BEGINS, ENDS, OF
from ivr.scenario.table import TABLE, row_of
from ivr.scenario.values import duration
from ivr.scenario.variables import NAME, NUMBER, filled
from ivr.scenario.words import LIKE, REPEAT

MOST = 1000
"""The most callers of one group, or rounds."""

_GROUP = re.compile(r"([0-9]{1,4}) (\w[\w .-]*)")
_DIGITS = "digits of "


def spelt_out(root: YamlNode, given: Mapping[str, str], row: str = "") -> YamlNode:
    """Return a story without variables, tables, files that are included, templates, groups and repetitions.

    Parameters
    ----------
    given : mapping of str to str
        Values of variables, which count before those that the story gives.
    row : str
        Which row of its table it is; the first one if empty.
    """
    if not isinstance(root.value, dict):
        return root
    values = _values(root.value["vars"], given) if "vars" in root.value else {}
    if TABLE in root.value:
        values |= row_of(root.value[TABLE], row).values
    include = Includer(values)
    whole = {word: filled(include.included(node), values) for word, node in root.value.items()
             if word not in ("vars", TABLE)}
    templates = whole.pop("templates").fields("'templates'") if "templates" in whole else {}
    top = {name: _every(node, OF_LISTS[name]) if name in OF_LISTS else node for name, node in whole.items()}
    if "participants" in top and isinstance(people := top["participants"].value, dict):
        top["participants"] = top["participants"].elsewhere(top["participants"].line, {
            name: _every(node, IN_VOICES) for name, node in people.items()})
    if "callers" in top and isinstance(top["callers"].value, dict):
        callers, groups = _callers(top["callers"].value, templates)
        top["callers"] = top["callers"].elsewhere(top["callers"].line, callers)
        if "expect" in top and isinstance(top["expect"].value, list):
            wishes = [one for item in top["expect"].value for one in _of_all(item, groups, callers)]
            top["expect"] = top["expect"].elsewhere(top["expect"].line, wishes)
    return root.elsewhere(root.line, top)


def _values(node: YamlNode, given: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for name, one in node.fields("'vars'").items():
        if not re.fullmatch(NAME, name) or name == NUMBER:
            raise one.error(f"{name!r} cannot be a variable: use letters, digits, - and _, a letter first, and not "
                            f"{NUMBER!r}, which is the number of a copy")
        if name in given:
            values[name] = given[name]
        elif isinstance(one.value, str) and one.value:
            values[name] = one.value
        else:
            raise one.error(f"the variable {name!r} has no value: write one, or give it by --set {name}=VALUE")
    return values


def _callers(written: Mapping[str, YamlNode], templates: Mapping[str, YamlNode]
             ) -> tuple[dict[str, YamlNode], dict[str, list[str]]]:
    """Return each caller with his steps, those who are written out first, and who is in each group."""
    plain: dict[str, YamlNode] = {}
    copies: dict[str, YamlNode] = {}
    groups: dict[str, list[str]] = {}
    patterns = {**templates, **written}
    for name, node in written.items():
        group = _GROUP.fullmatch(name)
        if group and not 1 <= int(group[1]) <= MOST:
            raise node.error(f"{name!r} are too {'many' if int(group[1]) else 'few'}: a group has 1 to {MOST}")
        if not group and (not isinstance(node.value, dict) or "agent" in node.value):
            plain[name] = _with_steps(node)
            continue
        pattern = _pattern(name, node, patterns)
        names = [f"{group[2]} {n}" for n in range(1, int(group[1]) + 1)] if group else [name]
        if group:
            groups[group[2]] = names
        for n, one in enumerate(names):
            if (group and one in written) or one in copies:
                raise node.error(f"{one!r} is a caller already: name the group otherwise")
            copy = filled(_later(node, pattern, n), {}, number=str(n + 1))
            copies[one] = copy.elsewhere(node.line, copy.value)
    return plain | copies, groups


def _pattern(name: str, node: YamlNode, patterns: Mapping[str, YamlNode], within: tuple[YamlNode, ...] = ()
             ) -> YamlNode:
    """Return whose steps somebody does: his own, or those of another, who may be like a third one himself."""
    if _is_caller(node):
        return _with_steps(node)
    if isinstance(node.value, str) or any(word in OF_CALLERS for word in node.value if word not in LIKE):
        raise node.error(f"what {name} does is a list of steps: begin each with '- '")
    fields = node.fields(f"what {name} does", LIKE)
    if "like" not in fields:
        raise node.error(f"{name} needs 'like', whose steps are done, or a list of steps")
    like, others = fields["like"].text("who is copied"), [one for one in patterns if one != name]
    if like not in patterns:
        raise fields["like"].error(f"there is nobody {like!r}" + (
            nearest(like, others) if others else ": write his steps under 'templates'"))
    led = (*within, node)
    if any(patterns[like] is one for one in led):
        lines = " and ".join(f"line {one.line}" for one in led)
        raise node.error(f"{name} is like {like}, which " + (
            f"leads back here ({lines})" if len(led) > 1 else "is himself") + ": one needs steps of his own")
    return _later(patterns[like], _pattern(like, patterns[like], patterns, led))


def _later(node: YamlNode, pattern: YamlNode, place: int = 0) -> YamlNode:
    """Return a pattern as one does it who is like that: begun later, by a line of his own.

    Parameters
    ----------
    node : YamlNode
        What is said of him, or of his group.
    place : int
        Which one of the group he is, from 0.
    """
    if _is_caller(node):
        return pattern
    fields = node.fields("what is said of a copy")
    after, every = (duration(fields[word]) if word in fields else 0 for word in ("after", "every"))
    steps, before = _steps_of(pattern), []
    if later := after + every * place:
        wait = node.elsewhere(node.line, {"wait": node.elsewhere(node.line, f"{later * 1000 // RATE} ms")})
        before.append(wait)
    for own in ("line", "voice"):
        if own in fields:  # instead of the one that the pattern begins with
            before.append(fields[own].elsewhere(fields[own].line, {own: fields[own]}))
            steps = _without_first(own, steps)
    if before:
        steps = [*before, *(steps or [node.elsewhere(node.line, "dial")])]
    return _stepping(pattern, steps)


def _without_first(own: str, steps: list[YamlNode]) -> list[YamlNode]:
    """Return steps without the one of a kind that they begin with, if they do."""
    for n, step in enumerate(steps):
        words = step.value.keys() if isinstance(step.value, dict) else ()
        if own in words:
            return steps[:n] + steps[n + 1:]
        if not {"wait", *OUTFIT}.intersection(words):
            break
    return steps


def _with_steps(node: YamlNode) -> YamlNode:
    """Return a list of steps with repeated ones written out."""
    if not _is_caller(node):
        return node
    return _stepping(node, one_by_one(_steps_of(node)))


def _every(node: YamlNode, words: Collection[str]) -> YamlNode:
    """Return a list of steps of somebody else than a caller, one by one."""
    return node.elsewhere(node.line, one_by_one(node.value, words)) if isinstance(node.value, list) else node


def one_by_one(items: Sequence[YamlNode], words: Collection[str] = OF_CALLERS) -> list[YamlNode]:
    """Return steps one by one, repeated ones written out."""
    return [step for item in items for one in in_a_row(item, words) for step in _rounds(one, words)]


def _is_caller(node: YamlNode) -> bool:
    """Return whether it is a caller with steps of his own, or an agent."""
    return isinstance(node.value, list) or (isinstance(node.value, dict) and "agent" in node.value)


def _steps_of(node: YamlNode) -> list[YamlNode]:
    """Return a caller's steps; an agent may have none."""
    if isinstance(node.value, dict):
        node = node.value.get("steps", node.elsewhere(node.line, []))
    return [*node.value] if isinstance(node.value, list) else []


def _stepping(node: YamlNode, steps: list[YamlNode]) -> YamlNode:
    """Return a caller with other steps."""
    if not isinstance(node.value, dict):
        return node.elsewhere(node.line, steps)
    more = {"steps": node.elsewhere(node.line, steps)} if steps else {}
    return node.elsewhere(node.line, {**node.value, **more})


def _rounds(item: YamlNode, words: Collection[str]) -> Sequence[YamlNode]:
    if isinstance(item.value, dict) and "hear" in item.value and "times" in item.value:
        once = {word: node for word, node in item.value.items() if word != "times"}
        times = _times(item.value["times"], "times")
        return [item.elsewhere(item.line, {**once, "times": item.elsewhere(item.line, f"{n}{OF}{times}")})
                for n in range(1, times + 1)]
    if isinstance(item.value, dict) and "while" in item.value and {"not hear", "hear only"} & item.value.keys():
        return _stretch(item, item.value)
    if not isinstance(item.value, dict) or "repeat" not in item.value:
        return [item]
    fields = item.fields("the step 'repeat'", REPEAT)
    times = _times(fields["repeat"], "rounds")
    if "steps" not in fields:
        raise item.error("the step 'repeat' needs 'steps': write which")
    steps = one_by_one(fields["steps"].items("'steps'"), words)
    return [filled(step, {}, number=str(n)) for n in range(1, times + 1) for step in steps]


def _times(node: YamlNode, what: str) -> int:
    times = node.text("how often")
    if not re.fullmatch("[0-9]{1,4}", times) or not 1 <= int(times) <= MOST:
        raise node.error(f"{times!r} is no number of {what}: write 1 to {MOST}")
    return int(times)


def _stretch(item: YamlNode, fields: Mapping[str, YamlNode]) -> Sequence[YamlNode]:
    """Return the steps during which something is not heard, between where that begins and where it is looked at."""
    if "for" in fields:
        raise fields["for"].error("'while' and 'for' both say how long: keep one of them")
    steps = one_by_one(fields["while"].items("'while'"))
    mark = item.elsewhere(item.line, {**fields, "while": item.elsewhere(item.line, BEGINS)})
    return [mark, *steps, item.elsewhere(item.line, {**fields, "while": item.elsewhere(item.line, ENDS)})]


def _of_all(item: YamlNode, groups: Mapping[str, list[str]], callers: Collection[str]) -> list[YamlNode]:
    """Return an expectation with each of a group in the group's place: as many as that makes, of the journal."""
    if not isinstance(item.value, dict):
        return [item]
    told: dict[str, YamlNode] = {}
    more = []
    for word, node in item.value.items():
        kind, who = (_DIGITS, word.removeprefix(_DIGITS)) if word.startswith(_DIGITS) else ("", word)
        if word == "journal" and isinstance(node.value, str) and (group := _first(node.value, groups, callers)):
            more += [item.elsewhere(item.line, {word: node.elsewhere(node.line, one + node.value[len(group):])})
                     for one in groups[group]]
        else:
            told |= dict.fromkeys((kind + one for one in groups.get(who, [who])), node)
    return [*([item.elsewhere(item.line, told)] if told or not more else []), *more]


def _first(words: str, groups: Mapping[str, list[str]], callers: Collection[str]) -> str:
    """Return the group that words begin with; empty if they begin with nobody, or with one caller."""
    who = max((name for name in (*groups, *callers) if words.startswith(f"{name} ")), key=len, default="")
    return who if who in groups else ""
