"""`ivr mail`: the letters that were written, and what became of them."""

import sys
import time
from contextlib import suppress

from ivr.cli.desk.kit import (
    PAGE,
    Flag,
    Where,
    Whole,
    as_json,
    delivered,
    listed,
    noun,
    opened,
    paged,
    plain,
    shown,
    told_folder,
    told_lying,
    told_troubles,
)
from ivr.cli.faults import UsageError
from ivr.cli.options import LetterState
from ivr.desk.opening import new_key as made_key
from ivr.desk.posting import folder, watched
from ivr.directory.desk import Desk
from ivr.directory.outbox import STATES
from ivr.mail.delivery.post import Posted

app = noun("mail")

_HERE = Where()


@app.command(name="list")
def list_(who: str = "", /, *, state: LetterState = "", page: Whole = 1, page_size: Whole = PAGE,
          where: Where = _HERE) -> int:
    """List letters, the latest first.

    Example: ivr mail list --state waiting

    Parameters
    ----------
    who
        Only those about this organizer.
    state
        waiting, delivered, given-up or withdrawn.
    """
    if state and state.replace("-", " ") not in STATES:
        raise UsageError(f"--state takes {', '.join(STATES).replace(' up', '-up')}, not {state!r}")
    with opened(where) as desk:
        offset, limit = paged(page, page_size)
        organizer = desk.organizers.show(who).address if who else ""
        rows = desk.outbox.list(organizer=organizer, state=state.replace("-", " "), offset=offset, limit=limit)
    listed(rows, {"number": "LETTER", "kind": "KIND", "recipient": "TO", "state": "STATE",
                  "written_at": "WRITTEN", "delivered_at": "DELIVERED", "tries": "TRIES", "trouble": "TROUBLE"},
           where, page=page, size=page_size, none="There are no letters.")
    return 0


@app.command
def show(number: Whole, /, *, html: Flag = False, where: Where = _HERE) -> int:
    """Show a letter as it was written; a PIN in it is shown as stars.

    Example: ivr mail show 1

    Parameters
    ----------
    number
        As 'ivr mail list' shows it.
    html
        Print its HTML.
    """
    with opened(where) as desk:
        facts, letter = desk.outbox.show(number)
    if where.json:
        as_json({**plain(facts), "subject": letter.subject, "text": letter.text, "html": letter.html})
    elif html:
        print(letter.html)
    else:
        shown(facts)
        print(f"\n{letter.subject}\n\n{letter.text.rstrip()}")
    return 0


@app.command
def retry(number: Whole | None = None, /, *, where: Where = _HERE) -> int:
    """Deliver a letter that waits or was given up at once, or all of them, whoever else may have them in hand.

    Example: ivr mail retry

    Parameters
    ----------
    number
        As 'ivr mail list' shows it; all if left out.
    """
    with opened(where) as desk:
        desk.outbox.retry(number)
        return _delivered(desk, where)


@app.command
def deliver(*, watch: Flag = False, where: Where = _HERE) -> int:
    """Deliver the letters that are due; every command of the desk does so too.

    Example: ivr mail deliver

    Parameters
    ----------
    watch
        Keep delivering what becomes due, until Ctrl-C.
    """
    with opened(where) as desk:
        return _watched(desk, where) if watch else _delivered(desk, where)


def _delivered(desk: Desk, where: Where) -> int:
    """Deliver what is due and say what became of it; return the exit code."""
    done = delivered(desk, where)
    told_folder(desk, where, done.delivered)
    _told(done, where)
    told_lying(desk.outbox.lying())
    return 1 if done.troubles else 0


def _watched(desk: Desk, where: Where) -> int:
    """Keep delivering, and say what became of each round that had something to do."""
    before: tuple[str, ...] = ()
    print("ivr: delivering what becomes due, until Ctrl-C.", file=sys.stderr, flush=True)
    with suppress(KeyboardInterrupt):
        for done in watched(desk, where.database, time.sleep):
            told_troubles(trouble for trouble in done.troubles if trouble not in before)
            before = done.troubles
            if done.delivered or done.postponed or done.given_up:
                _told(done, where)
                sys.stdout.flush()
    return 0


def _told(done: Posted, where: Where) -> None:
    if where.json:
        as_json(done)
    else:
        print(f"{done.delivered} delivered, {done.postponed} put back for later, {done.given_up} given up.")


@app.command
def new_key(*, where: Where = _HERE) -> int:
    """Make a new key file where the one that PINs in letters are sealed with has been lost.

    Letters with PINs that still wait cannot be opened without the old one: they are given up when they are due.

    Example: ivr mail new-key
    """
    with opened(where):
        path = made_key(where.database)
    if where.json:
        as_json({"key": str(path)})
    else:
        print(f"The new key is {path}: keep a copy of it with those of the database.")
    return 0


@app.command(name="folder")
def folder_(*, where: Where = _HERE) -> int:
    """Print the Maildir that letters are laid into.

    Example: ivr mail folder
    """
    with opened(where) as desk:
        path = folder(desk, where.database)
    if where.json:
        as_json({"folder": str(path) if path else None})
    elif path:
        print(path)
    else:
        raise UsageError("letters go to a mail server (delivery is 'smtp'): there is no folder")
    return 0
