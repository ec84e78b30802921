"""Moments as they are told to the owner of a mailbox: in his language, his zone and by his clock."""

from ivr.mail.moments import date_and_time, date_of
from ivr.mail.wordings import nearest, wordings
from ivr.voicemail import Mailbox


def when(at: int, box: Mailbox) -> str:
    """Return a moment in words; seconds since 1970, UTC."""
    words = wordings(nearest(box.language))
    return date_and_time(at, 60 * box.zone, words, hours_24=box.hours_24)


def day(at: int, box: Mailbox) -> str:
    """Return the day of a moment by the owner's zone, such as "2026-11-30"."""
    return "{:04}-{:02}-{:02}".format(*date_of((at + 60 * box.zone) // 86_400))
