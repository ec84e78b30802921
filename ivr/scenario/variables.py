"""Values in the place of variables."""

import re
from collections.abc import Mapping

from ivr.reading import YamlNode, nearest

NAME = r"[A-Za-z][\w-]*"
"""How a variable is named."""
NUMBER = "n"
"""The variable that tells which one of a group it is, or which round."""

_PLACE = re.compile(r"\$\{([^{}]*)\}")


def filled(node: YamlNode, values: Mapping[str, str], *, number: str = "") -> YamlNode:
    """Return a part with values in the place of variables; without `number` that of a copy is left for later."""
    known = {**values, **({NUMBER: number} if number else {})}

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name in known:
            return known[name]
        if name == NUMBER:
            return found[0]
        raise node.error(f"there is no variable {name!r}" + (
            nearest(name, known) if known else ": name it under 'vars'"))

    match node.value:
        case str(text):
            return node.elsewhere(node.line, _PLACE.sub(value, text))
        case list(items):
            return node.elsewhere(node.line, [filled(item, values, number=number) for item in items])
        case dict(fields):
            return node.elsewhere(node.line, {_PLACE.sub(value, word): filled(one, values, number=number)
                                              for word, one in fields.items()})
