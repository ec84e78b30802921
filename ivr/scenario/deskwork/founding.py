"""The desk as a story finds it: what the file says is simply so, whatever the product would have let be typed."""

from ivr.directory import ids
from ivr.directory.desk import Desk
from ivr.directory.errors import DirectoryError
from ivr.directory.hashing import hashed
from ivr.directory.identity import find
from ivr.directory.invitations import is_static
from ivr.directory.letters import Mailing
from ivr.directory.lockout import Tries
from ivr.directory.office import Office
from ivr.directory.organizers import NewOrganizer
from ivr.directory.pinning import chosen, give, used_by
from ivr.scenario.desk.words import Founding, Setting, StoryOrganizer
from ivr.scenario.errors import ScenarioError
from ivr.scenario.steps import Scenario, StoryMeeting

HOUR = 3600
_NO_LETTER = Mailing(send=False)


def found(scenario: Scenario, founding: Founding, desk: Desk, office: Office
          ) -> tuple[dict[str, str], list[tuple[str, int]]]:
    """Set everything up; no letter is written.

    Returns
    -------
    dict of address to PIN, list of each meeting's (address, number)

    Raises
    ------
    ScenarioError
        If it cannot be so.
    """
    line = founding.line
    try:
        if founding.administration:
            desk.settings.set("settings", {"administration": founding.administration})
        for setting in founding.settings:
            line = setting.line
            set_policy(setting, desk)
        for number, application in founding.leads.items():
            if number not in [one.number for one in desk.numbers.list()]:
                desk.numbers.add(number)
            desk.numbers.lead(number, application)
        pins = {}
        for organizer in founding.organizers:
            line = organizer.line
            pins[organizer.address] = _enable(organizer, _own_id(organizer, scenario.meetings), desk, office)
        numbers = []
        for meeting in scenario.meetings:
            line = meeting.line
            numbers.append((meeting.organizer, _schedule(meeting, desk, office)))
    except DirectoryError as error:
        raise ScenarioError(scenario.path, line, str(error)) from None
    return pins, numbers


def set_policy(setting: Setting, desk: Desk) -> None:
    """Set parameters; a policy of a site or of users is made if there is none yet.

    Raises
    ------
    DirectoryError
        If they cannot be set.
    """
    known = [identity.casefold() for identity in desk.settings.policies(setting.group)]
    desk.settings.set(setting.group, setting.values, identity=setting.identity,
                      new=bool(setting.identity) and setting.identity.casefold() not in known)


def _own_id(organizer: StoryOrganizer, meetings: tuple[StoryMeeting, ...]) -> str:
    """Return the ID for all his meetings, should he have one: his, or that of the first of them."""
    of_meetings = (m.conference_id for m in meetings if m.organizer == organizer.address and m.conference_id)
    return organizer.conference_id or next(of_meetings, "")


def _enable(organizer: StoryOrganizer, own_id: str, desk: Desk, office: Office) -> str:
    desk.organizers.enable(NewOrganizer(organizer.address, **organizer.facts), mailing=_NO_LETTER)
    with office.store.writing() as session:
        row = find(session, organizer.address, lock=True)
        rules = office.rules(session, row)
        if organizer.pin:
            # it may be older than the rules that hold now (S0.21)
            pin, pin_hash = organizer.pin, hashed(organizer.pin, office.salt(), office.world.cost)
        else:
            pin, pin_hash = chosen(office, row, rules, used_by(session, row, rules))
        give(office, session, row, rules, pin=pin, pin_hash=pin_hash, first_use=False, tries=Tries())
        if is_static(office, session):
            if own_id:
                ids.replace(office, session, ids.static_id(session, row.id), own_id)
        elif organizer.conference_id:
            raise DirectoryError(f"{organizer.address} can have no ID of his own here, for each meeting has one "
                                 "(S1.4): write 'conference id' with a meeting")
        session.flush()
        return pin


def _schedule(meeting: StoryMeeting, desk: Desk, office: Office) -> int:
    now = office.now()
    shown = desk.meetings.schedule(meeting.organizer, subject=meeting.name, starts_at=now, ends_at=now + HOUR)
    if meeting.conference_id and meeting.conference_id != shown.conference_id:
        with office.store.writing() as session:
            if is_static(office, session):
                raise DirectoryError(f"{meeting.organizer} has the ID {shown.conference_id} for all meetings "
                                     f"(C-3): leave out {meeting.conference_id}")
            ids.replace(office, session, shown.conference_id, meeting.conference_id)
    return shown.number
