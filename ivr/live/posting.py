"""Delivering what the outbox holds, the way the settings say."""

import os
from pathlib import Path

from ivr.directory.desk import Desk
from ivr.live.opening import database_url, maildir, now
from ivr.mail.delivery.maildir import MaildirCarrier
from ivr.mail.delivery.post import Carrier, Posted, post
from ivr.mail.delivery.smtp import SmtpCarrier

PASSWORD = "IVR_SMTP_PASSWORD"  # noqa: S105  (the name of the variable that holds it)


def carrier(desk: Desk, chosen: str = "") -> Carrier:
    """Return what carries letters from this desk: a Maildir, or a mail server.

    Parameters
    ----------
    chosen : str
        The database as the command named it: the Maildir lies beside it if no other is set.
    """
    if maildir := folder(desk, chosen):
        return MaildirCarrier(maildir)
    settings = desk.settings.values()
    return SmtpCarrier(str(settings["smtp-host"]), int(str(settings["smtp-port"])),
                       str(settings["smtp-security"]),  # type: ignore[arg-type]
                       user=str(settings["smtp-user"]), password=os.environ.get(PASSWORD, ""))


def folder(desk: Desk, chosen: str = "") -> Path | None:
    """Return the Maildir that letters of this desk are laid into; None if they go to a mail server."""
    settings = desk.settings.values()
    return None if settings["delivery"] == "smtp" else maildir(database_url(chosen), str(settings["maildir"]))


def deliver(desk: Desk, chosen: str = "") -> Posted:
    """Carry every letter that is due; what fails stays in the outbox for later."""
    return post(desk.outbox, carrier(desk, chosen), now)
