"""What was expected of the desk and is not so: letters as they were delivered, IDs, PINs."""

from collections.abc import Sequence

from ivr.scenario.desk.words import LANGUAGE, SUBJECT, ExpectMails, ExpectPin
from ivr.scenario.deskwork.clerk import Clerk
from ivr.scenario.deskwork.mailing import Delivered

_OPPOSITE = {"the new PIN": "does not hold the new PIN", "no PIN": "holds a PIN",
             "the new conference ID": "does not hold the present conference ID",
             "no conference ID": "holds the present conference ID"}


def of_mails(wish: ExpectMails, clerk: Clerk) -> str:
    """Return what letters there were instead; empty if the wish has come true."""
    mails = clerk.mails
    if wish.count is not None:
        return "" if len(mails) == wish.count else _told(mails)
    if not wish.kind:
        got = [letter for letter in mails if letter.organizer == wish.organizer]
        return _told(got) if got else ""
    own = [letter for letter in mails if letter.kind == wish.kind and wish.organizer in ("", letter.organizer)]
    if not own:
        return _told([letter for letter in mails if wish.organizer in ("", letter.organizer)])
    to = wish.recipient or wish.organizer
    there = [letter for letter in own if to in ("", letter.recipient)]
    if not there:
        astray = " and ".join(dict.fromkeys(letter.recipient for letter in own))
        return "; ".join(dict.fromkeys([f"it went to {astray}",
                                        *filter(None, (_wrong(letter, wish.claims, clerk) for letter in own))]))
    wrong = [_wrong(letter, wish.claims, clerk) for letter in there]
    # of several letters to one organizer one is meant; what a kind holds must hold for each
    enough = not all(wrong) if wish.organizer else not any(wrong)
    return "" if enough else " and ".join(dict.fromkeys(one for one in wrong if one))


def _wrong(letter: Delivered, claims: Sequence[str], clerk: Clerk) -> str:
    every_pin = clerk.memory.every_pin()
    wrong = []
    for claim in claims:
        if not letter.holds(claim, every_pin):
            what = (f"is in {letter.language or 'no language'}" if claim.startswith(LANGUAGE) else
                    f"has the subject {letter.subject!r}" if claim.startswith(SUBJECT) else _OPPOSITE[claim])
            if claim == "no PIN":
                what += ", the one in force then" if letter.holds("the new PIN", every_pin) else ", one of before"
            wrong.append(what)
    return f"the letter {letter.kind} to {letter.recipient} {' and '.join(wrong)}" if wrong else ""


def _told(mails: Sequence[Delivered]) -> str:
    if not mails:
        return "no letter was sent"
    told = ", ".join(f"{letter.kind} to {letter.recipient}" for letter in mails)
    return f"{len(mails)} {'letter was' if len(mails) == 1 else 'letters were'} sent: {told}"


def of_pin(wish: ExpectPin, clerk: Clerk) -> str:
    """Return how the PIN stands instead; empty if the wish has come true."""
    standing = clerk.memory.now.people.get(wish.organizer)
    if standing is None or not standing.pin_hash:
        return "" if wish.state == "gone" else f"{wish.organizer} has no PIN"
    locked, due = clerk.locked(wish.organizer), clerk.change_due(wish.organizer)
    changed = not clerk.memory.is_first(wish.organizer)
    true = {"changed": changed, "unchanged": not changed, "locked": locked, "not locked": not locked,
            "due for a change": bool(due), "gone": False}
    if true[wish.state]:
        return ""
    is_so = ["it was changed" if changed else "it is the one of the beginning",
             "it is locked" if locked else "it is not locked",
             {"": "it need not be changed", "first-use": "it has to be changed at its first use",
              "expired": "it has expired", "too-short": "it is too short by now"}[due]]
    return ", ".join(is_so)
