"""`ivr mail`: the letters that were written, and what became of them."""

import sys
from dataclasses import replace

from ivr.cli.desk.kit import PAGE, Flag, Where, Whole, as_json, listed, noun, opened, paged, plain, posted, shown
from ivr.cli.faults import UsageError
from ivr.directory.desk import Desk
from ivr.live.posting import folder

app = noun("mail")

_HERE = Where()
_STATES = ("waiting", "delivered", "given up")


@app.command(name="list")
def list_(who: str = "", /, *, state: str = "", page: Whole = 1, page_size: Whole = PAGE,
          where: Where = _HERE) -> int:
    """List letters, the latest first.

    Example: ivr mail list --state waiting

    Parameters
    ----------
    who
        Only those about this organizer.
    state
        waiting, delivered or 'given up'.
    """
    if state and state.replace("-", " ") not in _STATES:
        raise UsageError(f"--state takes {', '.join(_STATES)}, not {state!r}")
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
    """Deliver a letter that waits or was given up now, or all of them.

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
def deliver(*, where: Where = _HERE) -> int:
    """Deliver the letters that are due; every command of the desk does so too.

    Example: ivr mail deliver
    """
    with opened(where) as desk:
        return _delivered(desk, where)


def _delivered(desk: Desk, where: Where) -> int:
    """Deliver what is due and say what became of it; return the exit code."""
    before = _given_up(desk)
    done = posted(desk, where)
    # the outbox itself gives up those whose PIN cannot be read, before they come to whoever delivers
    unread = {number: trouble for number, trouble in _given_up(desk).items()
              if number not in before and trouble not in done.troubles}
    for number, trouble in unread.items():
        print(f"ivr: letter {number} was given up: {trouble}.", file=sys.stderr)
    done = replace(done, given_up=done.given_up + len(unread), troubles=(*done.troubles, *unread.values()))
    if where.json:
        as_json(done)
    else:
        print(f"{done.delivered} delivered, {done.postponed} put back for later, {done.given_up} given up.")
    return 1 if done.troubles else 0


def _given_up(desk: Desk) -> dict[int, str]:
    return {letter.number: letter.trouble for letter in desk.outbox.list(state="given up", limit=1000)}


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
