"""`ivr organizer`: who may organize meetings that are joined by phone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cyclopts import Parameter

from ivr.cli.desk.kit import (
    PAGE,
    Flag,
    Sending,
    Sure,
    Where,
    Whole,
    as_json,
    counted,
    letter_line,
    listed,
    noun,
    opened,
    paged,
    posted,
    shown,
    sure,
)
from ivr.cli.desk.telling import shows_pin, told_enabled, told_ids, told_pin
from ivr.cli.desk.typed_pin import TypedPin, told_seen, typed
from ivr.cli.faults import UsageError
from ivr.cli.options import Written
from ivr.directory.organizers import NewOrganizer

app = noun("organizer")


@Parameter(name="*")
@dataclass(frozen=True)
class Person:
    """What may be known of an organizer."""

    name: str | None = None
    """The display name."""

    sip_uri: str | None = None
    """The SIP URI, by which he is found too."""

    phone: str | None = None
    """His own number, which his PIN must not be."""

    extension: str | None = None
    """His extension, which his PIN must not be."""

    country: str | None = None
    """Two letters; a number of this country is his default."""

    site: str | None = None
    """His site, whose policies hold for him."""

    language: Written | None = None
    """Of his letters and invitations, such as fr-FR."""

    service_number: str | None = None
    """His default toll number, one of the bridge's."""

    toll_free_number: str | None = None
    """His toll-free number, one of the bridge's."""

    pstn_only: bool | None = None
    """Whether callers may start his meetings without a PIN."""

    def given(self) -> dict[str, Any]:
        """Return what was said."""
        return {name: value for name in self.__dataclass_fields__
                if (value := getattr(self, name)) is not None}


_TELLING = {"service_number", "toll_free_number"}
"""Changes that a letter tells of by themselves."""

_NOBODY, _HERE, _ASK, _SEND = Person(), Where(), Sure(), Sending()


@app.command
def enable(address: str = "", /, *, person: Person = _NOBODY, conference_id: str = "", pin: TypedPin = "",
           csv: Path | None = None, sending: Sending = _SEND, where: Where = _HERE) -> int:
    """Enable an organizer, or all in a CSV file: a PIN, a number, and a letter with both.

    Enabling one who is enabled changes nothing, so a file that was interrupted is simply given again.

    Example: ivr organizer enable amos.marble@contoso.com --name 'Amos Marble'

    Parameters
    ----------
    address
        The mail address.
    conference_id
        His conference ID, where the administration lets it be chosen.
    pin
        His PIN, where the administration lets it be typed; '-' asks for it without showing it.
    csv
        A file whose first line names columns such as address, name, country, language; a line an organizer.
    """
    if bool(address) == bool(csv):
        raise UsageError("name an address, or a file with --csv: one of the two")
    with opened(where, founds=True) as desk:
        if csv is not None:
            if person.given() or conference_id or pin:
                raise UsageError("with --csv all facts stand in the file: leave out the other options")
            from ivr.cli.desk.many import enable_file

            return enable_file(desk, csv, sending, where)
        new = NewOrganizer(address, **person.given(), conference_id=conference_id, pin=typed(pin))
        done = desk.organizers.enable(new, mailing=sending.mailing())
        told_enabled(done, where)
        told_seen(pin)
        return posted(desk, where, shows_pin=shows_pin(done))


@app.command
def disable(who: str, /, *, given: Sure = _ASK, sending: Sending = _SEND, where: Where = _HERE) -> int:
    """Disable an organizer: his conference IDs are free for others, his PIN is gone, and a letter says so.

    Example: ivr organizer disable amos.marble@contoso.com --yes

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        organizer = desk.organizers.show(who)
        if organizer.enabled:
            meetings = counted(organizer.meetings, "meeting")
            sure(f"Disable {organizer.address}? His PIN and the conference IDs of his {meetings} will be gone.",
                 given)
        changed = desk.organizers.disable(organizer.address, mailing=sending.mailing())
        if where.json:
            as_json({"address": organizer.address, "changed": changed})
        else:
            print(f"{organizer.address} is disabled." if changed else
                  f"{organizer.address} was not enabled: nothing was changed.")
        return posted(desk, where)


@app.command
def show(who: str, /, *, where: Where = _HERE) -> int:
    """Show what is known of an organizer; the PIN is never shown.

    Example: ivr organizer show 'Amos Marble'

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        organizer = desk.organizers.show(who)
    (as_json if where.json else shown)(organizer)
    return 0


@app.command(name="list")
def list_(who: str = "", /, *, number: str = "", bridge: str = "", everyone: Flag = False, page: Whole = 1,
          page_size: Whole = PAGE, where: Where = _HERE) -> int:
    """List organizers.

    Example: ivr organizer list --page 2

    Parameters
    ----------
    who
        One organizer only.
    number
        Only those who have this default number.
    bridge
        Name or ID of the bridge, to be sure that it is this one.
    everyone
        Those who are not enabled too.
    """
    with opened(where) as desk:
        desk.numbers.bridge(bridge)
        offset, limit = paged(page, page_size)
        rows = ([desk.organizers.show(who)] if who else
                desk.organizers.list(number=number, everyone=everyone, offset=offset, limit=limit))
    listed(rows, {"address": "ADDRESS", "name": "NAME", "service_number": "NUMBER", "conference_id": "ID",
                  "pin": "PIN", "meetings": "MEETINGS", "enabled": "ENABLED"}, where, page=page, size=page_size,
           none=f"No organizer has the number {number}." if number else
           "No organizer is enabled: 'ivr organizer enable ADDRESS' enables one.")
    return 0


@app.command(name="set")
def set_(who: str, /, *, person: Person = _NOBODY, address: str | None = None,
         toll_free_dial_in: bool | None = None, reset_pin: Flag = False, reset_conference_id: Flag = False,
         conference_id: str = "", bridge: str = "",
         given: Sure = _ASK, sending: Sending = _SEND, where: Where = _HERE) -> int:
    """Change what is known of an organizer, all of it or nothing.

    A new default number makes his sent invitations out of date, and a letter says so.

    Example: ivr organizer set amos.marble --service-number +33199000100

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    address
        Another mail address.
    toll_free_dial_in
        Whether his invitations name the toll-free number.
    reset_pin
        Give him a new PIN, as 'ivr pin reset' does.
    reset_conference_id
        Give him new conference IDs, as 'ivr conference-id reset' does.
    conference_id
        The ID to give him, where the administration lets it be chosen.
    bridge
        Name or ID of the bridge, to be sure that it is this one.
    """
    changes = person.given()
    changes |= {name: value for name, value in (("address", address), ("toll_free_dial_in", toll_free_dial_in))
                if value is not None}
    if reset_conference_id and conference_id:
        raise UsageError("--reset-conference-id draws an ID by chance, and --conference-id names one (C-7): "
                         "take one of the two")
    new_ids = reset_conference_id or bool(conference_id)
    mailing = sending.mailing()
    with opened(where) as desk:
        organizer = desk.organizers.show(who)
        desk.numbers.bridge(bridge)
        if not (changes or reset_pin or new_ids or sending.send_email):
            raise UsageError("there is nothing to set: name an option, as in 'ivr organizer set "
                             f"{organizer.address} --language fr-FR'")
        for wanted, what in ((reset_pin, "a new PIN"), (new_ids, "new conference IDs")):
            if wanted:
                sure(f"Give {organizer.address} {what}? What was before fails at once.", given)
        pin, ids, mailed_to = None, None, ""
        with desk.store.together():
            if changes:
                organizer = desk.organizers.set(organizer.address, changes, mailing=mailing)
            if reset_pin:
                pin = desk.pins.reset(organizer.address, mailing=mailing)
            if new_ids:
                ids = desk.conference_ids.reset(organizer.address, wanted=conference_id, mailing=mailing)
            if sending.send_email and not (reset_pin or new_ids or _TELLING & set(changes)):
                mailed_to = desk.organizers.send_info(organizer.address, mailing=mailing)
            organizer = desk.organizers.show(organizer.address)
        if pin:
            told_pin(pin, where)
        if ids:
            told_ids(ids, where)
        if mailed_to and not where.json:
            print(letter_line(mailed_to, "A letter with his dial-in information"))
        if changes or not (pin or ids):
            (as_json if where.json else shown)(organizer)
        return posted(desk, where, shows_pin=pin is not None)


@app.command
def send_info(who: str, /, *, to: str = "", where: Where = _HERE) -> int:
    """Send an organizer his dial-in information: numbers and conference ID, never the PIN.

    Example: ivr organizer send-info amos.marble --to amos@example.net

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    to
        Another address.
    """
    with opened(where) as desk:
        mailed_to = desk.organizers.send_info(who, mailing=Sending(True, to).mailing())
        if where.json:
            as_json({"mailed_to": mailed_to})
        else:
            print(letter_line(mailed_to, "A letter with his dial-in information"))
        return posted(desk, where)
