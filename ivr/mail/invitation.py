"""The block at the foot of an invitation: how to join the meeting by phone (S1.1, C-14)."""

from dataclasses import dataclass

from ivr.mail.errors import MissingFact
from ivr.mail.wordings import nearest, one_line, render, web_page, wordings

_RULE = "-" * 64
_GROUP = 3


@dataclass(frozen=True, slots=True)
class DialIn:
    """What an invitation says about joining by phone; plain values only, and never a PIN.

    Attributes
    ----------
    conference_id : str
        The meeting's own, or the organizer's where IDs are static.
    number, toll_free_number : str
        As people should read them: the organizer's default number, and at most one that is free to call (D7).
    place : str
        Where `number` is a local call, such as "Redmond, United States".
    numbers_link, pin_link, options_link : str
        Web pages: all numbers of the bridge, resetting one's PIN, options of the meeting. Without the first two the
        block says in words what to do; without the third it says nothing.
    by_owner : bool
        Whether the organizer can reset his PIN himself; else an administrator has to, whatever the `pin_link` (C4).
    stale : bool
        Invitations with an earlier ID or number are about (C-11): the block then says that it replaces them.
    """

    conference_id: str
    number: str
    place: str = ""
    toll_free_number: str = ""
    numbers_link: str = ""
    pin_link: str = ""
    options_link: str = ""
    by_owner: bool = False
    stale: bool = False


def spelled(conference_id: str) -> str:
    """Group an ID as people read it aloud, with the key that ends it: "1234567" gives "123 456 7#"."""
    return " ".join(conference_id[i:i + _GROUP] for i in range(0, len(conference_id), _GROUP)) + "#"


def block(dial_in: DialIn, language: str) -> str:
    """Return the block as plain text, in the nearest of the languages there are.

    Raises
    ------
    MissingFact
        If there is no conference ID or no number.
    BadFact
        If a link is no web page.
    """
    conference_id, number = one_line(dial_in.conference_id), one_line(dial_in.number)
    if not conference_id:
        raise MissingFact("an invitation needs a conference ID; schedule the meeting first")
    if not number:
        raise MissingFact(f"the invitation to {conference_id} needs a number to dial; give its organizer a number",
                          value=conference_id)
    catalogue = wordings(nearest(language))
    words = catalogue["invitation"]

    def line(label: str, value: str) -> str:
        return str(catalogue["line"]).format(label=words[label], value=value)

    def linked(label: str, link: str) -> str:
        return line(label, web_page(link)) if link else str(words.get(f"{label}-without-link", ""))

    toll_free, place = one_line(dial_in.toll_free_number), one_line(dial_in.place)
    numbers = [words["number"].format(number=number, place=place) if place else number]
    if toll_free:
        numbers.append(words["number"].format(number=toll_free, place=words["toll-free"]))
    pin = (linked("pin", dial_in.pin_link) if dial_in.by_owner and dial_in.pin_link else
           str(words["pin-by-owner" if dial_in.by_owner else "pin-without-link"]))
    organizers = [pin, linked("options", dial_in.options_link)]
    return render(
        "invitation.txt.j2", rule=_RULE, words=words, numbers=numbers,
        conference_id=line("conference-id", spelled(conference_id)),
        replaces=words["replaces"] if dial_in.stale else "",
        local_numbers=linked("numbers", dial_in.numbers_link),
        for_organizers=[said for said in organizers if said],
    )
