"""`ivr meeting`: meetings are scheduled, invited to, moved and cancelled."""

from ivr.cli.desk.kit import PAGE, Flag, Sure, Where, Whole, as_json, listed, noun, opened, paged, shown, sure
from ivr.cli.desk.times import length, moment, next_hour
from ivr.cli.faults import UsageError
from ivr.cli.options import Written
from ivr.desk.opening import now

app = noun("meeting")

_HERE, _ASK = Where(), Sure()


@app.command
def schedule(who: str, /, *, subject: str = "", at: str = "", minutes: float = 60, until: str = "",
             meet_now: Flag = False, invitees: Whole = 0, conference_id: str = "", where: Where = _HERE) -> int:
    """Schedule a meeting; it gets a conference ID.

    Example: ivr meeting schedule amos.marble@contoso.com --subject Budget --at 'tomorrow 10:00'

    Parameters
    ----------
    who
        Its organizer: address, display name, SIP URI, or the part before the @.
    subject
        What it is about.
    at
        When it begins, as 'tomorrow 10:00' or '2026-12-01 10:00'; the next full hour if left out.
    minutes
        How long it lasts.
    until
        When it ends, in place of --minutes.
    meet_now
        Begin now, for eight hours at most.
    invitees
        How many people are invited; invitations to more than 250 are not sent again by themselves.
    conference_id
        Its ID, where the administration lets it be chosen.
    """
    if meet_now and (at or until or conference_id):
        raise UsageError("--meet-now begins now and draws its ID by chance: leave out --at, --until and "
                         "--conference-id")
    with opened(where) as desk:
        if meet_now:
            made = desk.meetings.meet_now(who, subject=subject)
        else:
            starts_at, ends_at = _span(at, minutes, until)
            made = desk.meetings.schedule(who, subject=subject, starts_at=starts_at, ends_at=ends_at,
                                          invitees=invitees, conference_id=conference_id)
    if where.json:
        as_json(made)
    else:
        print(f"Meeting {made.number} is scheduled; its conference ID is {made.conference_id}.")
        print(f"'ivr meeting invite {made.number}' prints what goes at the foot of its invitation.")
    return 0


def _span(at: str, minutes: float, until: str) -> tuple[int, int]:
    starts_at = moment(at) if at else next_hour()
    ends_at = moment(until) if until else starts_at + length(minutes)
    if ends_at <= now():
        raise UsageError(f"a meeting that ended at {until or at} would be over already: check the times")
    return starts_at, ends_at


@app.command(name="list")
def list_(who: str = "", /, *, stale: Flag = False, everything: Flag = False, page: Whole = 1,
          page_size: Whole = PAGE, where: Where = _HERE) -> int:
    """List meetings in the order in which they were scheduled.

    Example: ivr meeting list amos.marble@contoso.com --stale

    Parameters
    ----------
    who
        Only those of this organizer.
    stale
        Only those whose invitation tells an ID or a number that holds no longer.
    everything
        Cancelled and expired ones too.
    """
    with opened(where) as desk:
        offset, limit = paged(page, page_size)
        rows = desk.meetings.list(who=who, stale=stale, everything=everything, offset=offset, limit=limit)
    listed(rows, {"number": "MEETING", "organizer": "ORGANIZER", "starts_at": "BEGINS", "ends_at": "ENDS",
                  "conference_id": "ID", "state": "STATE", "stale": "STALE", "subject": "SUBJECT"}, where,
           page=page, size=page_size)
    return 0


@app.command
def show(meeting: str, /, *, where: Where = _HERE) -> int:
    """Show a meeting.

    Example: ivr meeting show 1

    Parameters
    ----------
    meeting
        Its number, or its conference ID.
    """
    with opened(where) as desk:
        (as_json if where.json else shown)(desk.meetings.show(meeting))
    return 0


@app.command
def invite(meeting: str, /, *, language: Written = "", where: Where = _HERE) -> int:
    """Print what goes at the foot of the invitation, and take the invitation as sent.

    Example: ivr meeting invite 1 --language fr-FR

    Parameters
    ----------
    meeting
        Its number, or its conference ID.
    language
        Such as fr-FR; the organizer's if left out.
    """
    with opened(where) as desk:
        text = desk.meetings.invite(meeting, language)
    if where.json:
        as_json({"meeting": meeting, "text": text})
    else:
        print(text.rstrip("\n"))
    return 0


@app.command
def cancel(meeting: str, /, *, given: Sure = _ASK, where: Where = _HERE) -> int:
    """Cancel a meeting; its conference ID is free for others.

    Example: ivr meeting cancel 1 --yes

    Parameters
    ----------
    meeting
        Its number, or its conference ID.
    """
    with opened(where) as desk:
        found = desk.meetings.show(meeting)
        if found.state != "cancelled":
            sure(f"Cancel meeting {found.number} of {found.organizer}? Callers are refused with its conference ID "
                 "at once.", given)
        gone = desk.meetings.cancel(str(found.number))
    if where.json:
        as_json(gone)
    else:
        print(f"Meeting {gone.number} is cancelled.")
    return 0


@app.command
def reschedule(meeting: str, /, *, at: str = "", minutes: float | None = None, until: str = "",
               where: Where = _HERE) -> int:
    """Move a meeting, or, without a time, bring it up to date: it can be dialled for 60 more days.

    Example: ivr meeting reschedule 1 --at 'tomorrow 14:00'

    Parameters
    ----------
    meeting
        Its number, or its conference ID.
    at
        When it begins now; it lasts as long as before.
    minutes
        How long it lasts now.
    until
        When it ends now, in place of --minutes.
    """
    if minutes is not None and until:
        raise UsageError("--minutes and --until both say when it ends: take one of the two")
    with opened(where) as desk:
        starts_at = moment(at) if at else None
        ends_at = moment(until) if until else None
        if minutes is not None:
            begins = desk.meetings.show(meeting).starts_at if starts_at is None else starts_at
            ends_at = begins + length(minutes)
        moved = desk.meetings.reschedule(meeting, starts_at=starts_at, ends_at=ends_at)
    if where.json:
        as_json(moved)
        return 0
    shown(moved)
    if moved.stale:
        print(f"Its invitation is out of date: 'ivr meeting invite {moved.number}' prints it anew.")
    return 0


@app.command
def migrate(who: str, /, *, where: Where = _HERE) -> int:
    """Ask that an organizer's outdated invitations be sent again by themselves; it takes two hours.

    Example: ivr meeting migrate amos.marble@contoso.com

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        state = desk.meetings.migrate(who)
    as_json({"state": state}) if where.json else print(state)
    return 0


@app.command
def migration(who: str, /, *, where: Where = _HERE) -> int:
    """Show how sending an organizer's invitations again stands: Pending, InProgress, Failed or Succeeded.

    Example: ivr meeting migration amos.marble@contoso.com

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        state = desk.meetings.migration(who)
    as_json({"state": state}) if where.json else print(state or "It was never asked for.")
    return 0
