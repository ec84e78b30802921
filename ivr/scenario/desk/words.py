"""What a scenario says about the desk, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SECTIONS = ("administration", "settings", "policies", "numbers", "begins", "organizers", "set up", "administrator",
            "tear down")
"""Words at the top of a scenario; with any of them the meetings are kept at the desk."""

DONE_AT_DESK = ("set up", "administrator", "tear down")
"""Those of them that are lists of the administrator's steps."""

PIN_STATES = {
    "changed": "is another than at the beginning",
    "unchanged": "is the same as at the beginning",
    "locked": "opens nothing until it is unlocked or the lock is over",
    "not locked": "is there and not locked",
    "due for a change": "has to be changed before it opens anything",
    "gone": "is taken away",
}
"""What can be expected of an organizer's PIN."""

CLAIMS = ("the new PIN", "no PIN", "the new conference ID", "no conference ID")
"""What can be expected of a letter's words."""
LANGUAGE, SUBJECT = "language ", "subject "
"""With what other claims begin: the language that a letter says it is in, and words that stand in its subject."""


@dataclass(frozen=True, slots=True)
class StoryOrganizer:
    """Somebody who is enabled when the story begins; what is empty is drawn, or not known.

    Attributes
    ----------
    facts : mapping
        By field of `ivr.directory.organizers.NewOrganizer`.
    """

    line: int
    address: str
    pin: str = field(default="", repr=False)
    conference_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """Parameters of a group and their values as they were typed.

    Attributes
    ----------
    identity : str
        "site:NAME" or a user policy's name; empty for what holds for all.
    """

    line: int
    group: str
    values: Mapping[str, str]
    identity: str = ""

    def __str__(self) -> str:
        values = ", ".join(f"{name} {value}" for name, value in self.values.items())
        of = f"{self.group} {self.identity}".strip()
        return values if of == "settings" else f"{of}: {values}"


@dataclass(frozen=True, slots=True)
class Order:
    """One thing the administrator does or waits for.

    Attributes
    ----------
    line : int
        Its line in the file.
    said : str
        The step as written, PINs masked.
    word : str
        One of `ivr.scenario.desk.grammar.ORDERS`.
    subject : str
        Whom or what it is about: an organizer's address, a meeting's name or ID, a caller.
    options : mapping
        What stands beside it, in its units: samples, seconds, words.
    refused : str, optional
        A part of the sentence with which the desk must refuse it; empty for any; None if it is to be done.
    """

    line: int
    said: str
    word: str
    subject: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)  # one of them may be a PIN
    settings: tuple[Setting, ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Founding:
    """The desk as it is when the story begins, and what is done at it.

    Attributes
    ----------
    administration : str
        The product; empty for the desk's own default.
    leads : mapping of number to str
        Which application numbers lead to.
    set_up, tear_down : tuple of Order
        What is done before the first call, and after the last one, whatever has become of the story.
    begins : tuple of int, optional
        When the story begins, in seconds since 1970, and by how many the desk's zone is before UTC.
    """

    administration: str
    line: int
    settings: tuple[Setting, ...]
    organizers: tuple[StoryOrganizer, ...]
    orders: tuple[Order, ...]
    leads: Mapping[str, str] = field(default_factory=dict)
    set_up: tuple[Order, ...] = ()
    tear_down: tuple[Order, ...] = ()
    begins: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ExpectMails:
    """Letters that were delivered.

    Attributes
    ----------
    count : int, optional
        How many in all; None where one letter, or one kind, is meant.
    organizer : str
        Whose account it is about, an address; empty for all of a kind.
    kind : str
        A value of `ivr.mail.letters.Kind`; empty for "nothing".
    recipient : str
        To whom it goes; the organizer himself if empty.
    claims : tuple of str
        What its words must hold: some of `CLAIMS`, or one that begins with `LANGUAGE` or `SUBJECT`.
    """

    line: int
    said: str
    count: int | None = None
    organizer: str = ""
    kind: str = ""
    recipient: str = ""
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectId:
    """A conference ID leads to a meeting in the end, or nowhere."""

    line: int
    said: str
    conference_id: str
    works: bool


@dataclass(frozen=True, slots=True)
class ExpectPin:
    """How an organizer's PIN stands in the end: one of `PIN_STATES`."""

    line: int
    said: str
    organizer: str
    state: str
