"""The components of pages: styles and modules, which a report holds within itself and a live page fetches."""

import re
from importlib import resources
from importlib.resources.abc import Traversable

_STYLES = ("tokens", "base", "lanes", "journal", "report", "suite", "matrix", "print")
_IMPORT = re.compile(r'^import .* from "\./(.+)";\n+', re.M)
_EXPORT = re.compile(r"^export ", re.M)


def components() -> Traversable:
    """Return the folder of the components."""
    return resources.files("ivr.report") / "components"


def style() -> str:
    """Return all styles, those later in the order over those before."""
    return "".join(_read(f"{name}.css") for name in _STYLES)


def script(module: str) -> str:
    """Return a module and all that it imports as one script, which imports nothing."""
    found: dict[str, str] = {}
    _gather(module, found)
    return '"use strict";\n' + "\n".join(found.values())


def _gather(module: str, found: dict[str, str]) -> None:
    text = _read(module)
    for name in _IMPORT.findall(text):
        if name not in found:
            _gather(name, found)
    found[module] = _EXPORT.sub("", _IMPORT.sub("", text))


def _read(name: str) -> str:
    return (components() / name).read_text(encoding="utf-8")
