"""Delivery of letters: the edge, where they leave for a folder or a mail server.

It is given the outbox that it empties, a carrier and a clock; it knows no database.
"""

from ivr.mail.delivery.errors import Undelivered
from ivr.mail.delivery.maildir import MaildirCarrier
from ivr.mail.delivery.post import LetterCarrier, Postbox, Posted, back_off, post
from ivr.mail.delivery.smtp import SmtpCarrier
from ivr.mail.parcel import Parcel

__all__ = [
           "LetterCarrier",
           "MaildirCarrier",
           "Parcel",
           "Postbox",
           "Posted",
           "SmtpCarrier",
           "Undelivered",
           "back_off",
           "post",
]
