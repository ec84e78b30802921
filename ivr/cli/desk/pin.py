"""`ivr pin`: PINs are made anew, locked and unlocked; what they are is never shown again."""

from ivr.cli.desk.kit import Flag, Sending, Sure, Where, as_json, letter_line, noun, opened, posted, shown, sure
from ivr.cli.desk.telling import told_pin
from ivr.cli.desk.typed_pin import TypedPin, secret, told_seen, typed
from ivr.cli.faults import UsageError

app = noun("pin")

_HERE, _ASK, _SEND = Where(), Sure(), Sending()


@app.command
def reset(who: str, /, *, pin: TypedPin = "", by_owner: Flag = False, change_at_first_use: bool | None = None,
          lock: Flag = False, given: Sure = _ASK, sending: Sending = _SEND, where: Where = _HERE) -> int:
    """Give an organizer a new PIN. It is shown once, to you; the old one fails at once.

    Example: ivr pin reset amos.marble@contoso.com --yes

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    pin
        The new PIN, where the administration lets it be typed; '-' asks for it without showing it.
    by_owner
        Do it as the organizer himself, who may do less.
    change_at_first_use
        Whether he must change it when he first uses it; as the administration has it if left out.
    lock
        Leave the new PIN locked.
    """
    with opened(where) as desk:
        organizer = desk.pins.info(who)
        if organizer.is_set:
            sure(f"Give {organizer.address} a new PIN? The old one fails at once.", given)
        new = desk.pins.reset(organizer.address, pin=typed(pin), by_owner=by_owner, first_use=change_at_first_use,
                              lock=lock, mailing=sending.mailing())
        told_pin(new, where)
        told_seen(pin)
        return posted(desk, where, shows_pin=True)


@app.command
def change(who: str, /, *, where: Where = _HERE) -> int:
    """Change your own PIN, where the administration lets owners do so: asks for the old one and the new one.

    Example: ivr pin change tonysmith@contoso.com

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        address = desk.pins.info(who).address
        desk.pins.change(address, secret("Old PIN: "), secret("New PIN: "))
        if where.json:
            as_json({"address": address, "changed": True})
        else:
            print(f"{address} has the new PIN; the old one fails from now on.")
        return posted(desk, where)


@app.command
def lock(who: str, /, *, where: Where = _HERE) -> int:
    """Lock a PIN: it opens nothing by phone until it is unlocked.

    Example: ivr pin lock amos.marble@contoso.com

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        (as_json if where.json else shown)(desk.pins.lock(who))
    return 0


@app.command
def unlock(who: str, /, *, where: Where = _HERE) -> int:
    """Unlock a PIN: every count of wrong tries is 0 again.

    Example: ivr pin unlock amos.marble@contoso.com

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        (as_json if where.json else shown)(desk.pins.unlock(who))
    return 0


@app.command
def info(who: str, /, *, where: Where = _HERE) -> int:
    """Show what may be known of a PIN: whether it is set, locked or due for a change, never the PIN.

    Example: ivr pin info amos.marble@contoso.com

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        (as_json if where.json else shown)(desk.pins.info(who))
    return 0


@app.command
def welcome(who: str, /, *, force: Flag = False, given: Sure = _ASK, sending: Sending = _SEND,
            where: Where = _HERE) -> int:
    """Send the letter of welcome once more, with a new PIN, as the copy of the old one cannot be had.

    Example: ivr pin welcome amos.marble@contoso.com --force --yes

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    force
        Do so even though he has a PIN, which is then replaced.
    """
    if sending.send_email is False:
        raise UsageError("this command is for a letter: leave out --no-send-email")
    with opened(where) as desk:
        organizer = desk.pins.info(who)
        if organizer.is_set and force:
            sure(f"Give {organizer.address} a new PIN? The old one fails at once.", given)
        new = desk.pins.welcome(organizer.address, force=force, mailing=sending.mailing())
        if where.json:
            as_json({"address": new.address, "mailed_to": new.mailed_to})
        else:
            print(letter_line(new.mailed_to, "The letter of welcome, with a new PIN,"))
        return posted(desk, where)
