"""XML as elements with their lines: without entities, without a DTD, and with an end to everything."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

MOST_BYTES, MOST_DEEP, MOST_ELEMENTS, MOST_ATTRIBUTES = 65_536, 6, 400, 30
"""A document has no more bytes, levels and elements, and an element no more attributes."""


class BadTwiml(ValueError):
    """A document that cannot be gone through.

    Attributes
    ----------
    line : int
        0 where none is to blame.
    code : int
        What Twilio's debugger would call it.
    """

    def __init__(self, line: int, sentence: str, code: int = 12200) -> None:
        self.line, self.code = line, code
        super().__init__(f"line {line}: {sentence}" if line else sentence)


PARSE_FAILURE = 12100


@dataclass(slots=True)
class Element:
    """One element.

    Attributes
    ----------
    text : str
        All text within it that is in no other element.
    """

    name: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: "list[Element]" = field(default_factory=list)


def elements(data: bytes) -> Element:
    """Read a document.

    Raises
    ------
    BadTwiml
        If it is no XML, or more than is read.
    """
    if len(data) > MOST_BYTES:
        raise BadTwiml(0, f"the document has more than {MOST_BYTES} bytes", PARSE_FAILURE)
    if not data.strip():
        raise BadTwiml(0, "the document is empty: the least is <Response/>", PARSE_FAILURE)
    return _Reader().read(data)


class _Reader:
    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._stack: list[Element] = []
        self._root: Element | None = None
        self._count = 0

    def read(self, data: bytes) -> Element:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise BadTwiml(error.lineno, f"this is no XML: {expat.ErrorString(error.code)}",
                           PARSE_FAILURE) from None
        except (ValueError, LookupError) as error:
            if isinstance(error, BadTwiml):
                raise
            raise BadTwiml(0, "this is no XML: its encoding cannot be read", PARSE_FAILURE) from None
        if self._root is None:
            raise BadTwiml(0, "the document has no element", PARSE_FAILURE)
        return self._root

    def _doctype(self, *_: object) -> None:
        raise BadTwiml(self._parser.CurrentLineNumber, "a document type is not read: leave out <!DOCTYPE>",
                       PARSE_FAILURE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        self._count += 1
        if len(self._stack) >= MOST_DEEP:
            raise BadTwiml(line, f"the document is nested more than {MOST_DEEP} deep", PARSE_FAILURE)
        if self._count > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            raise BadTwiml(line, f"the document has more than {MOST_ELEMENTS} elements, or one more than "
                           f"{MOST_ATTRIBUTES} attributes", PARSE_FAILURE)
        element = Element(name, line, {key: plain(value) for key, value in attributes.items()})
        if self._stack:
            self._stack[-1].children.append(element)
        else:
            self._root = element
        self._stack.append(element)

    def _end(self, _: str) -> None:
        element = self._stack.pop()
        element.text = plain(element.text)

    def _characters(self, text: str) -> None:
        self._stack[-1].text += text


def plain(text: str) -> str:
    """Return a text on one line, without what is no character."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+", " ", text).strip()
