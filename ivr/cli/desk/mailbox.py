"""`ivr mailbox`: mailboxes, the messages in them, and their greetings."""

from pathlib import Path
from typing import Literal

from ivr.cli.desk.kit import Flag, Where, Whole, as_json, listed, noun, opened, plain, shown
from ivr.cli.faults import UsageError

app = noun("mailbox")

_HERE = Where()
Kind = Literal["standard", "away"]


@app.command(name="list")
def list_(*, where: Where = _HERE) -> int:
    """List mailboxes: of every organizer with an extension, where the administration is um.

    Example: ivr mailbox list
    """
    with opened(where) as desk:
        rows = desk.boxes.list()
    listed(rows, {"extension": "EXTENSION", "address": "ADDRESS", "name": "NAME", "new": "NEW", "read": "READ",
                  "deleted": "DELETED", "away": "AWAY", "greeting": "GREETING"}, where, size=max(1, len(rows)))
    return 0


@app.command
def show(who: str, /, *, where: Where = _HERE) -> int:
    """Show a mailbox and its messages, the latest first; what is said in them 'ivr mailbox export' writes.

    Example: ivr mailbox show tonysmith@contoso.com

    Parameters
    ----------
    who
        Whose: mail address, display name or the part before the @.
    """
    with opened(where) as desk:
        box, messages = desk.boxes.show(who)
    if where.json:
        as_json({"mailbox": plain(box), "messages": [plain(one) for one in messages]})
        return 0
    shown(box)
    if messages:
        print()
        listed(messages, {"number": "NUMBER", "state": "STATE", "sender": "FROM", "sent_at": "LEFT",
                          "seconds": "SECONDS", "important": "IMPORTANT", "private": "PRIVATE"}, where,
               size=len(messages))
    return 0


@app.command
def export(who: str, number: Whole, output: Path, /, *, where: Where = _HERE) -> int:
    """Write what is said in a message into a file.

    Example: ivr mailbox export tonysmith@contoso.com 1 message.wav

    Parameters
    ----------
    who
        Whose mailbox.
    number
        The message's, as 'ivr mailbox show' lists it.
    output
        The file; its name says which format.
    """
    from dtmf.audiofile import fill, format_of, replacing
    from ivr.clock import RATE

    format_of(output)
    with opened(where) as desk:
        samples = desk.boxes.message(who, number)
    with replacing(output) as part:
        fill(part, output, samples, RATE)
    if where.json:
        as_json({"message": number, "file": str(output), "seconds": round(len(samples) / RATE, 2)})
    else:
        print(f"Message {number} is in {output}, {len(samples) / RATE:.1f} s.")
    return 0


@app.command
def greeting(who: str, recording: Path | None = None, /, *, kind: Kind = "standard",
             output: Path | None = None, standard: Flag = False, where: Where = _HERE) -> int:
    """Show, set or write out how a mailbox greets callers.

    Example: ivr mailbox greeting tonysmith@contoso.com greeting.wav --kind away

    Parameters
    ----------
    who
        Whose mailbox.
    recording
        Greet callers with this recording, of any format and rate.
    kind
        standard, for every day, or away.
    output
        Write the greeting that was recorded into this file.
    standard
        Greet callers with the words that nobody has recorded again.
    """
    if sum((recording is not None, output is not None, standard)) > 1:
        raise UsageError("a recording, --output and --standard are three things: take one of them")
    samples = None
    if recording is not None:
        from ivr.lines.wav import samples_of

        samples = samples_of(recording)
        if not len(samples):
            raise UsageError(f"{recording} is empty: name a recording in which something is said")
    with opened(where) as desk:
        if output is not None:
            _write(desk.boxes.greeting(who, kind), who, output)
        box = desk.boxes.greet(who, kind, samples) if samples is not None or standard else desk.boxes.show(who)[0]
    (as_json if where.json else shown)(box)
    return 0


def _write(samples: object, who: str, output: Path) -> None:
    import numpy as np

    from dtmf.audiofile import fill, format_of, replacing
    from ivr.clock import RATE

    if samples is None:
        raise UsageError(f"{who} has recorded no such greeting, so there is nothing to write")
    format_of(output)
    with replacing(output) as part:
        fill(part, output, np.asarray(samples, np.int16), RATE)
