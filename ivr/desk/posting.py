"""Delivering what the outbox holds, the way the settings say."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ivr.desk.opening import database_url, maildir, now
from ivr.directory.desk import Desk
from ivr.directory.errors import Unusable
from ivr.mail.delivery.maildir import MaildirCarrier
from ivr.mail.delivery.post import LetterCarrier, Posted, post
from ivr.mail.delivery.smtp import SmtpCarrier

LOOKS_EVERY_S = 2
"""How long a letter lies at most before somebody who keeps delivering takes it; looking only reads."""

SWEEPS_EVERY_S = 3600
"""How often he also has the outbox erase what it has kept for too long."""

PASSWORD = "IVR_SMTP_PASSWORD"  # noqa: S105  (the name of the variable that holds it)


def carrier(desk: Desk, chosen: str = "") -> LetterCarrier:
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


def watched(desk: Desk, chosen: str, wait: Callable[[float], object]) -> Iterator[Posted]:
    """Keep delivering what becomes due; gives what became of each round, also when the database was out of reach.

    Parameters
    ----------
    wait : callable
        Waits for so many seconds.
    """
    swept_at = 0
    while True:
        try:
            due_at = desk.outbox.lying().next_at
            if (due_at is not None and due_at <= now()) or now() - swept_at >= SWEEPS_EVERY_S:
                swept_at = now()
                yield deliver(desk, chosen)
        except Unusable as trouble:
            yield Posted(troubles=(str(trouble),))
        wait(LOOKS_EVERY_S)
