"""The text that an administrator adds to letters (F2, ResetPINText and UMEnabledText): simple HTML, made safe."""

import re
from html import escape
from html.parser import HTMLParser

from markupsafe import Markup

from ivr.mail.errors import BadFact
from ivr.mail.wordings import is_link, is_writable

LONGEST = 512
"""Characters of an added text at most, tags included (F2)."""

_KEPT = frozenset({"a", "b", "br", "i", "li", "p", "u", "ul"})
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_CLOSED_BY = {"p": ("p",), "li": ("li", "p"), "ul": ("p",)}


def simple_html(added: str) -> Markup:
    """Return the text as HTML in which only simple tags are left, each of them closed.

    Raises
    ------
    BadFact
        If the text is longer than `LONGEST`.
    """
    return Markup(_read(added).html)  # noqa: S704 - what is left of it was escaped piece by piece


def plain_text(added: str) -> str:
    """Return the text without tags; a link's address follows its words in brackets.

    Raises
    ------
    BadFact
        If the text is longer than `LONGEST`.
    """
    lines = (" ".join(line.split()) for line in _read(added).text.splitlines())
    return "\n".join(line for line in lines if line)


def _read(added: str) -> "_Simple":
    if len(added) > LONGEST:
        raise BadFact(f"the text to add to letters has {len(added)} characters; shorten it to {LONGEST} or fewer",
                      value=len(added))
    simple = _Simple()
    simple.feed(added)
    simple.close()
    simple.leave(down_to=0)
    return simple


class _Simple(HTMLParser):
    """Collects what may stay, as HTML and as plain text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.html = ""
        self.text = ""
        self._open: list[tuple[str, str]] = []  # tag, address of a link
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        if tag not in _KEPT or self._unseen:
            return
        while self._open and self._open[-1][0] in _CLOSED_BY.get(tag, ()):
            self.leave(down_to=len(self._open) - 1)
        if tag in {"br", "p", "ul", "li"}:
            self.text += "\n- " if tag == "li" else "\n"
        if tag == "br":
            self.html += "<br>"
            return
        link = (dict(attrs).get("href") or "").strip() if tag == "a" else ""
        if tag == "a" and not is_link(link, ("http", "https", "mailto")):
            return
        self.html += f'<a href="{escape(link)}">' if link else f"<{tag}>"
        self._open.append((tag, link))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        places = [place for place, (opened, _) in enumerate(self._open) if opened == tag]
        if places and not self._unseen:
            self.leave(down_to=places[-1])

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            seen = "".join(c for c in data if c.isspace() or is_writable(c))
            self.html += escape(seen)
            self.text += re.sub(r"\s+", " ", seen)

    def leave(self, *, down_to: int) -> None:
        """Close open tags until only `down_to` of them are left."""
        while len(self._open) > down_to:
            tag, link = self._open.pop()
            self.html += f"</{tag}>"
            if link:
                self.text += f" ({link.removeprefix('mailto:')})"
            if tag in {"p", "ul", "li"}:
                self.text += "\n"
