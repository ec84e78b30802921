"""The five letters to an organizer (section D): what each holds, and writing them.

`CONTENTS` is the rule and `write` obeys it: an item that a kind does not hold never reaches the templates, whatever
the facts say. So no letter but the two that bring a PIN can ever show one.
"""

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from ivr.mail import added
from ivr.mail.errors import MissingFact
from ivr.mail.moments import moment
from ivr.mail.wordings import LANGUAGES, nearest, one_line, render, web_page, wordings

__all__ = [
    "CONTENTS",
    "LANGUAGES",
    "OF_MEETINGS",
    "WITH_IDS",
    "WITH_PIN",
    "Contents",
    "Facts",
    "Item",
    "Letter",
    "LetterKind",
    "ListedMeeting",
    "write",
]


class LetterKind(enum.Enum):
    """The kinds of letters; the value is the word for it in scenarios, commands and the database."""

    ENABLED = "enabled"
    INFO_CHANGED = "info-changed"
    PIN_RESET = "pin-reset"
    TURNED_OFF = "turned-off"
    INFO = "info"


class Item(enum.Enum):
    """What a letter can hold. The order is that of a letter; the value is the wording's key."""

    NAME = "name"
    ACCOUNT = "account"
    NUMBER = "number"
    CONFERENCE_ID = "conference-id"
    EXTENSION = "extension"
    PIN = "pin"
    MEETINGS = "meetings"
    EFFECTIVE_NOW = "effective-now"
    REST_UNCHANGED = "rest-unchanged"
    OLD_ID_ENDS = "old-id-ends"
    OLD_IDS_END = "old-ids-end"
    PIN_UNCHANGED = "pin-unchanged"
    MUST_CHANGE_PIN = "must-change-pin"
    HOW_TO_START = "how-to-start"
    KEEP_PIN = "keep-pin"
    PHONE_OFF = "phone-off"
    CONTACT_ADMIN = "contact-admin"
    UPDATE_TOOL = "update"
    ADDED_TEXT = "added-text"


@dataclass(frozen=True, slots=True)
class Contents:
    """What one kind of letter holds.

    Attributes
    ----------
    holds : frozenset of Item
        In every letter of the kind.
    if_given : frozenset of Item
        In it when the facts have it.
    """

    holds: frozenset[Item]
    if_given: frozenset[Item] = frozenset()


_DIAL_IN = frozenset({Item.NAME, Item.CONFERENCE_ID, Item.NUMBER})
_PIN = frozenset({Item.PIN, Item.HOW_TO_START, Item.KEEP_PIN})
_WITH_PIN = frozenset({Item.MUST_CHANGE_PIN, Item.ADDED_TEXT})
_IDS = frozenset({Item.MEETINGS, Item.EXTENSION})

CONTENTS: Mapping[LetterKind, Contents] = MappingProxyType({
    # M1, S3.3, S0.17, S4.15; the rest by F2 and S2.16
    LetterKind.ENABLED: Contents(_DIAL_IN | _PIN | {Item.ACCOUNT, Item.UPDATE_TOOL}, _WITH_PIN | _IDS),
    # M2, S3.5, S1.9, S1.13
    LetterKind.INFO_CHANGED: Contents(_DIAL_IN | {Item.UPDATE_TOOL, Item.PIN_UNCHANGED},
                                _IDS | {Item.OLD_ID_ENDS, Item.OLD_IDS_END}),
    # M3, S3.6; the rest by F2, S2.12 and S2.16
    LetterKind.PIN_RESET: Contents(_DIAL_IN | _PIN | {Item.EFFECTIVE_NOW, Item.REST_UNCHANGED}, _WITH_PIN | _IDS),
    # M4, S3.7; update information in the product that has it, which says so by giving the link
    LetterKind.TURNED_OFF: Contents(frozenset({Item.NAME, Item.ACCOUNT, Item.PHONE_OFF, Item.CONTACT_ADMIN}),
                              frozenset({Item.UPDATE_TOOL})),
    # M5, S1.10
    LetterKind.INFO: Contents(_DIAL_IN | {Item.PIN_UNCHANGED}, _IDS),
})
"""What each kind of letter holds (M1 to M5); it omits everything else, whatever the facts say."""

OF_MEETINGS = frozenset({Item.CONFERENCE_ID, Item.MEETINGS, Item.OLD_ID_ENDS, Item.OLD_IDS_END, Item.UPDATE_TOOL})
"""What a letter about a voice mailbox does not hold (F2): it has an extension."""

WITH_PIN = frozenset(kind for kind, contents in CONTENTS.items() if Item.PIN in contents.holds)
"""The kinds that bring a PIN."""

WITH_IDS = frozenset(kind for kind, contents in CONTENTS.items() if Item.CONFERENCE_ID in contents.holds)
"""The kinds that tell conference IDs, if they are not about a mailbox."""

_ROWS = (Item.ACCOUNT, Item.NUMBER, Item.CONFERENCE_ID, Item.EXTENSION, Item.PIN)
_APART = (Item.NAME, Item.MEETINGS, Item.UPDATE_TOOL, Item.ADDED_TEXT)
_REQUIRED = {Item.NAME: "name", Item.ACCOUNT: "account", Item.NUMBER: "number", Item.PIN: "pin"}
_GIVEN = {Item.OLD_ID_ENDS: "conference_id", Item.OLD_IDS_END: "meetings", Item.MEETINGS: "meetings",
          Item.EXTENSION: "extension", Item.MUST_CHANGE_PIN: "must_change_pin", Item.ADDED_TEXT: "added_text",
          Item.UPDATE_TOOL: "update_link"}


class ListedMeeting(NamedTuple):
    """A meeting as a letter lists it: its own ID, and when it begins.

    Attributes
    ----------
    starts_at : int
        Seconds since 1970, UTC.
    offset : int
        What the zone in which that is told has then on UTC, in seconds.
    """

    conference_id: str
    subject: str
    starts_at: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter is made from; plain values only.

    Attributes
    ----------
    name, account : str
        The organizer's display name, and the address that he signs in with.
    conference_id : str
        Of all meetings of the organizer; empty with dynamic IDs.
    meetings : sequence of ListedMeeting
        With dynamic IDs, each meeting that there is (C10, S3.4); without one the letter says where IDs stand.
    more_meetings : int
        How many there are that are not listed.
    number, toll_free_number : str
        As people should read them.
    pin : str
        The new PIN, for the letters that bring one.
    must_change_pin : bool
        The PIN has to be changed at the first sign-in (S2.12, S2.16).
    added_text : str
        The administrator's own words in simple HTML, at most 512 characters (F2).
    update_link : str
        Web page that tells how to update meetings.
    mailbox : bool
        Whether the letter is about a voice mailbox, and its PIN is that mailbox's (F2).
    extension : str
        By which a mailbox is reached (F1.1).
    """

    name: str
    account: str
    conference_id: str = ""
    number: str = ""
    toll_free_number: str = ""
    pin: str = field(default="", repr=False)
    must_change_pin: bool = False
    added_text: str = ""
    update_link: str = ""
    meetings: Sequence[ListedMeeting] = ()
    more_meetings: int = 0
    mailbox: bool = False
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as plain text and as HTML; both may hold a PIN, the subject never does."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One fact with its label; `style` is how it is set: a big code, a phone number, or words."""

    style: str
    label: str
    value: str
    line: str
    dial: str = ""


def write(kind: LetterKind, facts: Facts, language: str) -> Letter:
    """Write a letter in the nearest of the `LANGUAGES`.

    Raises
    ------
    MissingFact
        If the facts lack an item that this kind holds.
    BadFact
        If the text to add is too long, or the link is no web page.
    """
    items = _items(kind, facts)
    for item in items:
        if item in _REQUIRED and not one_line(getattr(facts, _REQUIRED[item])):
            raise MissingFact(f"the letter {kind.value!r} to {facts.account!r} needs the organizer's {item.value}; "
                              f"give Facts.{_REQUIRED[item]}", value=item.value)
    language = nearest(language)
    words = _words(language, mailbox=facts.mailbox)
    kind_words = words["letters"][kind.value]
    own_text = facts.added_text if Item.ADDED_TEXT in items else ""
    page: dict[str, object] = {
        "language": language,
        "subject": kind_words["subject"],
        "greeting": words["greeting"].format(name=one_line(facts.name)),
        "opening": kind_words["opening"],
        "rows": [row for item in items if item in _ROWS for row in _rows(item, facts, words)],
        "meetings": _meetings(facts, words) if Item.MEETINGS in items else None,
        "notes": [words["sentences"][item.value] for item in items if item not in (*_ROWS, *_APART)],
        "update": _update(facts, words, kind_words) if Item.UPDATE_TOOL in items else None,
        "footer": words["footer"],
    }
    return Letter(
        subject=kind_words["subject"],
        text=render("letter.txt.j2", added_text=added.plain_text(own_text), **page) + "\n",
        html=render("letter.html.j2", added_html=added.simple_html(own_text), **page) + "\n",
        language=language,
    )


def _items(kind: LetterKind, facts: Facts) -> list[Item]:
    """Return what a letter holds, in its order."""
    contents = CONTENTS[kind]
    given = {item for item, name in _GIVEN.items() if getattr(facts, name)}
    never = OF_MEETINGS if facts.mailbox else {Item.EXTENSION}
    if facts.meetings:  # which say it all, unless the organizer has an ID for the others besides
        never = never | {Item.OLD_ID_ENDS} | (set() if facts.conference_id else {Item.CONFERENCE_ID})
    has = contents.holds | contents.if_given & given
    return [item for item in Item if item in has - never]


def sender_name(language: str, *, mailbox: bool) -> str:
    """Return the name of the service that a letter is from, in the nearest of the `LANGUAGES`."""
    return str(_words(nearest(language), mailbox=mailbox)["sender"])


def _words(language: str, *, mailbox: bool) -> dict[str, Any]:
    """Return the wordings of a language; of a mailbox, where one is meant."""
    words = wordings(language)
    own = words["mailbox"]
    return words | {"sender": own["sender"], "footer": own["footer"], "letters": own["letters"],
                    "sentences": words["sentences"] | own["sentences"]} if mailbox else words


def _meetings(facts: Facts, words: Mapping[str, Any]) -> dict[str, object]:
    """Return the list of an organizer's meetings, each with its ID."""
    listed = [ListedMeeting(*one) for one in facts.meetings]
    return {"title": words["labels"]["meetings"],
            "rows": [{"id": one_line(one.conference_id), "subject": one_line(one.subject) or words["no-subject"],
                      "moment": moment(one.starts_at, one.offset, words)} for one in listed],
            "more": words["line"].format(label=words["labels"]["more-meetings"], value=facts.more_meetings)
            if facts.more_meetings else ""}


def _rows(item: Item, facts: Facts, words: Mapping[str, Any]) -> list[_Row]:
    """Return an item's facts, each with its label."""
    shown = {
        Item.ACCOUNT: [("account", "words", facts.account)],
        Item.NUMBER: [("number", "phone", facts.number), ("toll-free-number", "phone", facts.toll_free_number)],
        Item.CONFERENCE_ID: [("conference-id", "code", facts.conference_id) if facts.conference_id
                             else ("conference-id", "words", words["own-id"])],
        Item.EXTENSION: [("extension", "code", facts.extension)],
        Item.PIN: [("pin", "code", facts.pin)],
    }[item]
    rows = []
    for label, style, value in shown:
        if clean := one_line(value):
            name = words["labels"][label]
            rows.append(_Row(style=style, label=name, value=clean,
                             line=words["line"].format(label=name, value=clean),
                             dial=re.sub(r"[^+0-9]", "", clean) if style == "phone" else ""))
    return rows


def _update(facts: Facts, words: Mapping[str, Any], kind_words: Mapping[str, str]) -> dict[str, str]:
    """Return how to update meetings: title, text, and a link if there is one."""
    link, name = web_page(facts.update_link), words["how-to-update"]
    return {"title": kind_words["update-title"], "text": kind_words["update"], "link": link, "link_name": name,
            "link_line": words["line"].format(label=name, value=link)}
