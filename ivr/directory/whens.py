"""Moments as they are told to the owner of a mailbox: in his language, his zone and by his clock."""

from ivr.mail.moments import date_and_time
from ivr.mail.wordings import nearest, wordings
from ivr.voicemail import Mailbox


def when(at: int, box: Mailbox) -> str:
    """Return a moment in words; seconds since 1970, UTC."""
    words = wordings(nearest(box.language))
    return date_and_time(at, 60 * box.zone, words, hours_24=box.hours_24)
