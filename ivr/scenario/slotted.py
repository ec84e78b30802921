"""What stands beside a prompt for what is not always the same in it: from the file to slots."""

from collections.abc import Callable, Collection, Mapping

from ivr.custom.own import OwnFile
from ivr.reading import YamlNode, nearest
from ivr.scenario.sounds import Slot
from prompts.catalogue import load
from prompts.slots import KINDS, SlotKind, wrong

SLOTS = {name.replace("_", " "): name for name in KINDS}
"""The words, and the slots' names in the catalogue."""
_CATALOGUE = "en-US"
"""Whose prompts are looked at: those of every language have the same slots."""


def read_slots(prompt: str, given: Mapping[str, YamlNode], own: OwnFile | None, prompts: Collection[str],
               placed: Callable[[str, YamlNode], str]) -> tuple[Slot, ...]:
    """Return what a prompt is to say: all of its slots, or variables of an IVR of one's own.

    Parameters
    ----------
    prompts : collection of str
        Names of prompts.
    placed : callable
        Sees to it that placeholders name somebody.
    """
    its_own = own is not None and prompt in own.wordings
    if own is not None and its_own:
        known = {blank.variable: blank.variable for blank in own.wordings[prompt].blanks()}
    else:
        names = load(_CATALOGUE).slots(prompt) if prompt in prompts else ()
        known = {word: name for word, name in SLOTS.items() if name in names}
        known |= {"name": "names"} if "names" in names else {}
    slots = []
    for word, node in given.items():
        if word not in known:
            raise node.error(f"the prompt {prompt!r} has no {word!r}" + (
                nearest(word, known) if known else ": it says the same each time"))
        values = tuple(placed(value, node) for value in _values(node, KINDS[known[word]] if not its_own else None))
        slots.append(Slot(known[word], None if its_own else KINDS[known[word]], values))
    lacks = sorted(set(known.values()) - {slot.name for slot in slots})
    if lacks or len(slots) > len(set(known.values())):
        raise next(iter(given.values())).error(
            f"the prompt {prompt!r} says {' and '.join(sorted({*known} - {*given}))} too: write what that is to be"
            if lacks else "'name' and 'names' say the same: keep one of them")
    return tuple(slots)


def written(node: YamlNode) -> str:
    """Return what a slot holds as it is told."""
    return ", ".join(_values(node, SlotKind.NAMES))


def _values(node: YamlNode, kind: SlotKind | None) -> tuple[str, ...]:
    if isinstance(node.value, list):
        values = tuple(one.text("a name") for one in node.value)
    else:
        text = node.text("what a prompt says")
        values = tuple(one.strip() for one in text.split(",")) if kind is SlotKind.NAMES else (text,)
    if kind is not SlotKind.NAMES and len(values) != 1:
        raise node.error("a prompt says one thing here, not a list")
    held = [*values] if kind is SlotKind.NAMES else values[0]
    if kind is not None and "{" not in values[0] and (fault := wrong(kind, held)):
        raise node.error(f"what a prompt says here {fault}")
    return values
