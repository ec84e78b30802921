"""Letters as they are delivered in a story, and what their words hold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

from ivr.directory.outbox import Outbox
from ivr.mail.addresses import plain
from ivr.scenario.desk.words import LANGUAGE, SUBJECT
from ivr.scenario.deskwork.memory import Memory
from ivr.scenario.deskwork.world import MemoryVault

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Delivered:
    """A letter, read as its recipient's mail program reads it.

    Attributes
    ----------
    at : int
        Sample at which it was delivered.
    kind : str
        A value of `ivr.mail.letters.Kind`.
    organizer, recipient : str
        Whose account it is about, and to whom it went.
    words : str
        Subject, text and HTML, decoded.
    pin : str
        The PIN that its organizer had when it came; empty if he had none.
    conference_ids : tuple of str
        The IDs of his meetings then.
    subject, language : str
        As its head has them; the subject never holds a PIN.
    """

    at: int
    kind: str
    organizer: str
    recipient: str
    words: str = field(repr=False)
    pin: str = field(repr=False)
    conference_ids: tuple[str, ...]
    subject: str = ""
    language: str = ""

    def holds(self, claim: str, every_pin: Sequence[str]) -> bool:
        """Tell whether one of `ivr.scenario.desk.words.CLAIMS` is true of it, or what is claimed of its head."""
        if claim.startswith(LANGUAGE):
            return claim.removeprefix(LANGUAGE).strip() == self.language
        if claim.startswith(SUBJECT):
            return claim.removeprefix(SUBJECT).strip().casefold() in self.subject.casefold()
        match claim:
            case "the new PIN":
                return bool(self.pin) and _stands(self.pin, self.words)
            case "no PIN":
                return not any(_stands(pin, self.words) for pin in every_pin)
            case "the new conference ID":
                return any(_stands(own, self.words) for own in self.conference_ids)
            case _:
                return not any(_stands(own, self.words) for own in self.conference_ids)


def _stands(digits: str, words: str) -> bool:
    """Tell whether a number stands among the words, not within a longer one or a colour of the HTML."""
    return re.search(rf"(?<![0-9+]){digits}(?![0-9])", _COLOUR.sub("", words)) is not None


_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")


def deliver(outbox: Outbox, vault: MemoryVault, memory: Memory, *, at: int, now: int) -> list[Delivered]:
    """Take every letter that is due out of the outbox."""
    delivered: list[Delivered] = []
    while True:
        vault.opened = ""
        parcels = outbox.claim(now, now + _MINUTE, 1)
        if not parcels:
            return delivered
        parcel = parcels[0]
        if parcel.message is None:
            outbox.failed(parcel.number, now, parcel.trouble, None)
            continue
        about = next(shown for shown in outbox.list(limit=_ALL) if shown.number == parcel.number)
        if vault.opened and memory.knows_not(about.organizer):
            memory.given(about.organizer, vault.opened)
        delivered.append(Delivered(
            at=at, kind=about.kind, organizer=about.organizer, recipient=plain(parcel.recipient),
            words=_read(parcel.message), pin=memory.present_pin(about.organizer),
            conference_ids=tuple(memory.ids_of(about.organizer)), subject=str(parcel.message["Subject"]),
            language=str(parcel.message["Content-Language"] or "")))
        outbox.delivered(parcel.number, now)


_ALL = 10_000


def _read(message: EmailMessage) -> str:
    parts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(message["Subject"]), *parts])
