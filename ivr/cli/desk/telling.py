"""What the desk's commands say of what they have done. Here, and in its owner's letter, a PIN is shown: once."""

from typing import Any

from ivr.cli.desk.kit import Where, as_json, letter_line
from ivr.directory.conference_ids import NewIds
from ivr.directory.letters import NewPin
from ivr.directory.organizers import Enabled

_HAND_OVER = "No letter goes out: hand the PIN over yourself, by phone or in a mail of your own."


def told_pin(new: NewPin, where: Where) -> None:
    """Show a new PIN to the one who has made it."""
    if where.json:
        as_json(new)
        return
    print(f"{new.address} has a new PIN: {new.pin}")
    print("It is shown this once, and as ***** ever after. The old one fails from now on.")
    print(f"A letter with it goes to {new.mailed_to}." if new.mailed_to else _HAND_OVER)


def enabled_facts(done: Enabled) -> dict[str, Any]:
    """Return what enabling came to, for JSON; the PIN is in it only if no letter brings it."""
    facts = {"address": done.address, "changed": done.changed, "service_number": done.service_number,
             "conference_id": done.conference_id, "mailed_to": done.pin.mailed_to if done.pin else ""}
    return facts | ({"pin": done.pin.pin} if done.pin and shows_pin(done) else {})


def shows_pin(done: Enabled) -> bool:
    """Return whether the PIN is shown: where no letter brings it."""
    return done.pin is not None and not done.pin.mailed_to


def told_enabled(done: Enabled, where: Where) -> None:
    """Say what enabling came to; the PIN is shown only if no letter brings it."""
    if where.json:
        as_json(enabled_facts(done))
        return
    if not done.changed:
        print(f"{done.address} is enabled already: nothing was changed.")
        return
    print(f"{done.address} is enabled; the default number is {done.service_number}.")
    if done.conference_id:
        print(f"The conference ID of all meetings is {done.conference_id}.")
    if done.pin is None:
        print(f"There is no PIN yet: 'ivr pin reset {done.address}' gives one.")
    elif not shows_pin(done):
        print(f"A letter with the PIN goes to {done.pin.mailed_to}.")
    else:
        print(f"The PIN is {done.pin.pin}. It is shown this once.\n{_HAND_OVER}")


def told_ids(new: NewIds, where: Where) -> None:
    """Show new conference IDs, and what has to be done about invitations."""
    if where.json:
        as_json({"address": new.address, "conference_ids": [{"old": old, "new": fresh}
                                                            for old, fresh in new.conference_ids],
                 "stale": new.stale, "mailed_to": new.mailed_to})
        return
    for old, fresh in new.conference_ids:
        print(f"{old} is refused from now on; the new conference ID is {fresh}.")
    if new.stale:
        told = "1 sent invitation tells" if new.stale == 1 else f"{new.stale} sent invitations tell"
        print(f"{told} an old ID: see 'ivr meeting list {new.address} --stale'; 'ivr meeting invite' prints what "
              "goes at its foot anew.")
    print(letter_line(new.mailed_to))
