"""What letters and invitations share: the wordings of each language, the templates, and care with plain values.

A catalogue in `languages/` holds all sentences of one language, by the same keys in each; the templates hold the
layout, which is the same for all. So a new language is one more file and its name in `LANGUAGES`.
"""

import functools
import importlib.resources
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml

from ivr.mail.errors import BadFact

if TYPE_CHECKING:
    import jinja2

LANGUAGES = ("en-US", "fr-FR", "zh-CN", "de-DE", "es-ES")
"""Languages that letters are written in; the first is for everybody whose own is not here."""


def nearest(language: str) -> str:
    """Return the language of `LANGUAGES` for a culture name.

    The same language of another country comes before English: "fr-CA" gives "fr-FR", "zh-HK" gives "zh-CN".
    """
    spoken = _spoken(language)
    return next((known for known in LANGUAGES if _spoken(known) == spoken), LANGUAGES[0])


def _spoken(language: str) -> str:
    return language.strip().replace("_", "-").partition("-")[0].lower()


@functools.cache
def wordings(language: str) -> dict[str, Any]:
    """Return the catalogue of one of `LANGUAGES`: nested mappings whose leaves are text."""
    text = (importlib.resources.files("ivr.mail") / "languages" / f"{language}.yaml").read_text(encoding="utf-8")
    # the safe loader reads "no" and 1.0 as other things than text
    read: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    return read


def render(template: str, **facts: object) -> str:
    """Fill in a template; those that end in `.html.j2` escape every value."""
    return _environment().get_template(template).render(facts)


@functools.cache
def _environment() -> "jinja2.Environment":
    import jinja2  # here, because commands that write no letter should not wait for it

    files = importlib.resources.files("ivr.mail") / "templates"
    loader = jinja2.FunctionLoader(lambda name: (files / name).read_text(encoding="utf-8"))
    return jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                              autoescape=jinja2.select_autoescape(("html.j2",), default=False))


def one_line(text: str) -> str:
    """Return the text on one line, without what cannot be written there.

    Control characters go, and halves of surrogate pairs, which UTF-8 has no bytes for.
    """
    return "".join(c for c in " ".join(text.split()) if is_writable(c))


def is_writable(character: str) -> bool:
    """Tell whether a character may stand in a letter."""
    return unicodedata.category(character) not in {"Cc", "Cs"}


def web_page(link: str) -> str:
    """Return the address of a web page as it is; an empty one stays empty.

    Raises
    ------
    BadFact
        If it is not an http or https address: a click in a mail must do nothing else.
    """
    if link and not is_link(link, ("http", "https")):
        raise BadFact(f"{link!r} is not the address of a web page; give one that begins with https://", value=link)
    return link


def is_link(link: str, schemes: tuple[str, ...]) -> bool:
    """Tell whether this is one whole address of one of these schemes."""
    if not link.isprintable() or " " in link:
        return False
    try:
        parts = urlsplit(link)
    except ValueError:  # a bracket that never closes
        return False
    return parts.scheme in schemes and bool(parts.path if parts.scheme == "mailto" else parts.hostname)
