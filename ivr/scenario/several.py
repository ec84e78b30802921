"""Steps in one mapping: ``{press: 1234567#, hear: hold-music}`` is two of them, done in this order."""

from collections.abc import Collection, Mapping, Sequence

from ivr.reading import YamlNode
from ivr.scenario.app import OF_PARTICIPANTS
from ivr.scenario.app import WORDS as OF_THE_APP
from ivr.scenario.desk.orders import ORDERS
from ivr.scenario.desk.words import DONE_AT_DESK
from ivr.scenario.words import REPEAT, STEPS

OF_CALLERS = (*STEPS, REPEAT[0])
OUTFIT = ("line", "voice")
"""What somebody has for the steps that follow."""
OF_LISTS: Mapping[str, Collection[str]] = {
    "app": (*OF_THE_APP, REPEAT[0]), **dict.fromkeys(DONE_AT_DESK, (*ORDERS, REPEAT[0]))}
"""Words of the steps of lists that stand at the top of a story."""
IN_VOICES = (*OF_PARTICIPANTS, REPEAT[0])


def in_a_row(item: YamlNode, words: Collection[str] = OF_CALLERS) -> Sequence[YamlNode]:
    """Return each step of a mapping with what stands beside it, which comes after its word; else what is given.

    Parameters
    ----------
    words : collection of str
        Those that name steps.
    """
    if not isinstance(item.value, dict) or sum(word in words for word in item.value) < 2:
        return [item]
    parts: list[dict[str, YamlNode]] = [{}]
    for word, node in item.value.items():
        if word in OUTFIT and words is OF_CALLERS and any(one not in OUTFIT for part in parts for one in part):
            raise node.error(f"{word!r} holds from here on: write it before {next(iter(item.value))!r}")
        if word in words and any(one in words for one in parts[-1]):
            parts.append({})
        parts[-1][word] = node
    return [item.elsewhere(next(node.line for word, node in part.items() if word in words), part) for part in parts]

