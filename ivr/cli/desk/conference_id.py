"""`ivr conference-id`: the seven digits by which a meeting is dialled."""

from ivr.cli.desk.kit import Sending, Sure, Where, as_json, noun, opened, posted, sure
from ivr.cli.desk.telling import told_ids

app = noun("conference-id")

_HERE, _ASK, _SEND = Where(), Sure(), Sending()


@app.command
def reset(who: str, /, *, meeting: str = "", conference_id: str = "", given: Sure = _ASK,
          sending: Sending = _SEND, where: Where = _HERE) -> int:
    """Put new conference IDs in the place of an organizer's; callers are refused with the old ones at once.

    Example: ivr conference-id reset amos.marble@contoso.com --yes

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    meeting
        Number or conference ID of the one meeting it is for; all if left out.
    conference_id
        The new one, where the administration lets it be chosen.
    """
    with opened(where) as desk:
        address = desk.organizers.show(who).address
        held = desk.conference_ids.of(address)
        if held:
            which = f"meeting {meeting}" if meeting else f"all {len(held)} of them" if len(held) > 1 else "his"
            sure(f"Give {address} new conference IDs ({which})? The old ones fail at once.", given)
        new = desk.conference_ids.reset(address, meeting=meeting, wanted=conference_id, mailing=sending.mailing())
        told_ids(new, where)
        return posted(desk, where)


@app.command(name="list")
def list_(who: str, /, *, where: Where = _HERE) -> int:
    """List an organizer's conference IDs and what each is for.

    Example: ivr conference-id list amos.marble@contoso.com

    Parameters
    ----------
    who
        Address, display name, SIP URI, or the part before the @.
    """
    with opened(where) as desk:
        held = desk.conference_ids.of(who)
    if where.json:
        as_json([{"conference_id": conference_id, "meeting": meeting} for conference_id, meeting in held])
        return 0
    for conference_id, meeting in held:
        print(f"{conference_id}  {f'meeting {meeting}' if meeting else 'all meetings'}")
    if not held:
        print("There is none yet: a meeting gets one when it is scheduled.")
    return 0
