"""The administrator's steps as a table: what each is about, and what can stand beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.reading import YamlNode, yes
from ivr.scenario.desk.parameters import split_policy
from ivr.scenario.profiles import languages
from ivr.scenario.values import conference_id, days, duration, pin

Reader = Callable[[YamlNode], Any]


def text(node: YamlNode) -> str:
    """Return a word or a line."""
    return node.text("this")


def as_written(node: YamlNode) -> YamlNode:
    """Return what is read later, when all that it can name is known."""
    return node


def spoken(node: YamlNode) -> tuple[str, ...]:
    """Return the languages of a number, the first one first; that the bridge speaks them was seen to before."""
    return languages(node.text("the languages"), node, ())


def digits(node: YamlNode) -> str:
    """Return a PIN as it was typed: the desk judges it, for that is often what a story is about."""
    return node.text("a PIN")


def policy(node: YamlNode) -> tuple[str, str]:
    """Return kind and identity of a policy."""
    return split_policy(node.text("a policy"), node)


PERSON: Mapping[str, Reader] = {
    "name": text, "sip uri": text, "phone": text, "extension": text, "country": text, "site": text,
    "language": text, "service number": text, "toll-free number": text, "pstn only": yes,
}
"""What may be known of an organizer; the field of `NewOrganizer` has the same name, with underscores."""

BEGINNING: Mapping[str, Reader] = {**PERSON, "pin": pin, "conference id": conference_id}
"""What may be known of one who is enabled when the story begins."""

_MAIL: Mapping[str, Reader] = {"send mail": yes, "send to": text, "from address": text, "from name": text}
_SENT: Mapping[str, Reader] = {name: reader for name, reader in _MAIL.items() if name != "send mail"}


@dataclass(frozen=True, slots=True)
class Word:
    """A step of the administrator.

    Attributes
    ----------
    about : str
        What its value names: "organizer", "address", "meeting", "number", "caller"; "time" for a length of time,
        "values" for a mapping of parameters.
    read : callable, optional
        Reads the value where that is no name.
    options : mapping
        What can stand beside it.
    needed : tuple of str
        What must.
    """

    about: str
    options: Mapping[str, Reader] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    read: Reader | None = None


ORDERS: Mapping[str, Word] = {
    "wait": Word("time", read=duration),
    "wait for": Word("caller", {"in": text, "hears": as_written, "within": duration}),
    "let pass": Word("time", read=days),
    "enable": Word("address", {**PERSON, "pin": digits, "conference id": text, **_MAIL}),
    "disable": Word("organizer", _MAIL),
    "set": Word("organizer", {**PERSON, "toll-free dial-in": yes, **_MAIL}),
    "reset pin": Word("organizer", {"pin": digits, "first use": yes, "by owner": yes, "lock": yes, **_MAIL}),
    "lock pin": Word("organizer"),
    "unlock pin": Word("organizer"),
    "reset conference id": Word("organizer", {"meeting": text, "conference id": text, **_MAIL}),
    "send info": Word("organizer", _SENT),
    "schedule": Word("organizer", {"name": text, "conference id": text, "in": days, "for": days}),
    "cancel": Word("meeting"),
    "add number": Word("number", {"languages": spoken, "toll-free": yes, "shared": yes}),
    "settings": Word("values"),
    "policies": Word("values"),
    "grant": Word("organizer", {"policy": policy}, needed=("policy",)),
}
"""Every step; `refused` can stand beside any but those that wait."""

WAITING = ("wait", "wait for", "let pass")
