"""The pages' words in five languages, and the pages made of them: which language a browser is answered in."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = {"en-US": "English", "fr-FR": "Français", "zh-CN": "中文", "de-DE": "Deutsch", "es-ES": "Español"}
"""Tag of a language -> what it calls itself, in the order of the switch."""

_ONE_PAGE = frozenset({"desk", "phone", "login", "missing", "saved"})
"""Pages whose words, beginning with their names, no other page has."""

_FIRST = next(iter(LANGUAGES))


def language(asked: str = "", kept: str = "", accepted: str = "") -> str:
    """Return the language that a page is written in.

    Parameters
    ----------
    asked : str
        By the page's address; "de" is as good as "de-DE".
    kept : str
        Chosen before, as a cookie tells.
    accepted : str
        The browser's Accept-Language (RFC 9110, 12.5.4).
    """
    for tag in (asked, kept, *_by_weight(accepted)):
        if found := _known(tag):
            return found
    return _FIRST


def _by_weight(accepted: str) -> list[str]:
    weighed = []
    for one in accepted.split(",")[:20]:
        tag, _, weight = one.strip().partition(";")
        try:
            weighed.append((-float(weight.strip().removeprefix("q=") or 1), tag))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda one: one[0]) if weight]


def _known(tag: str) -> str:
    primary = tag.strip().lower().partition("-")[0]
    return next((one for one in LANGUAGES if primary and one.lower().startswith(f"{primary}-")), "")


@cache
def words(tag: str) -> Mapping[str, Any]:
    """Return a language's words: key -> text, or -> plural category -> text."""
    file = resources.files("ivr.web") / "static" / "words" / f"{tag}.json"
    found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def page(name: str, tag: str, **facts: Any) -> str:  # noqa: ANN401  (a fact is any plain value)
    """Return a page as HTML.

    Parameters
    ----------
    name : str
        Of its template, without the ending.
    tag : str
        Of its language.
    facts : plain values
        What stands in it besides words; all of it is escaped.
    """
    told = words(tag)
    others = _ONE_PAGE - {name}
    own = {key: text for key, text in told.items() if key.partition(".")[0] not in others}
    return str(_environment().get_template(f"{name}.html.j2").render(
        t=lambda key: told[key], words=own, tag=tag, languages=LANGUAGES, page=name, **facts))


@cache
def _environment() -> Any:  # noqa: ANN401  (jinja2 is loaded when the first page is)
    import jinja2

    def text(name: str) -> str:
        return (resources.files("ivr.web") / "templates" / name).read_text(encoding="utf-8")

    return jinja2.Environment(loader=jinja2.FunctionLoader(text), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True)
