"""The meetings of a scenario, and whose they are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ivr.conference.profile import Profile
from ivr.reading import YamlNode, yes
from ivr.scenario.desk.people import People
from ivr.scenario.desk.words import StoryOrganizer
from ivr.scenario.errors import ScenarioError
from ivr.scenario.profiles import changed
from ivr.scenario.steps import StoryMeeting
from ivr.scenario.values import conference_id, duration, pin

FIELDS = ("organizer", "conference id", "pin", "anyone may start", "started in the app at", "name", "options")


def read_meetings(node: YamlNode, product: Profile, *, at_desk: bool) -> tuple[StoryMeeting, ...]:
    """Read 'meetings'; at a desk an ID may be left out, for the desk draws one."""
    meetings: list[StoryMeeting] = []
    for item in node.items("'meetings'"):
        meeting = _meeting(item, product, at_desk=at_desk)
        for earlier in meetings:
            if meeting.conference_id and meeting.conference_id == earlier.conference_id:
                raise ScenarioError(node.path, meeting.line,
                                    f"the conference ID {meeting.conference_id} is already taken by the "
                                    f"meeting in line {earlier.line}: give each meeting its own")
            if meeting.name and meeting.name == earlier.name:
                raise ScenarioError(node.path, meeting.line, f"the meeting in line {earlier.line} is called "
                                    f"{meeting.name!r} already: give each its own name")
        meetings.append(meeting)
    return tuple(meetings)


def _meeting(item: YamlNode, product: Profile, *, at_desk: bool) -> StoryMeeting:
    fields = item.fields("a meeting", FIELDS)
    if "conference id" not in fields and not at_desk:
        raise item.error("a meeting needs a 'conference id' of 7 digits")
    own_id = conference_id(fields["conference id"]) if "conference id" in fields else ""
    name = fields["name"].text("a meeting's name") if "name" in fields else ""
    if name.isdigit() or "{" in name or "}" in name:
        raise fields["name"].error(f"{name!r} cannot be a meeting's name: use words")
    return StoryMeeting(
        conference_id=own_id, line=fields["conference id"].here if own_id else item.here, name=name,
        pin=pin(fields["pin"]) if "pin" in fields else "",
        organizer=fields["organizer"].text("an organizer") if "organizer" in fields else "",
        anyone_may_start="anyone may start" in fields and yes(fields["anyone may start"]),
        started_in_app_at=(duration(fields["started in the app at"])
                           if "started in the app at" in fields else None),
        options=_options(fields["options"], product) if "options" in fields else {})


def _options(node: YamlNode, product: Profile) -> dict[str, Any]:
    return changed(product, node.fields("'options'"), of_meeting=True)


def at_the_desk(node: YamlNode, meetings: Sequence[StoryMeeting], listed: Sequence[StoryOrganizer]
                ) -> tuple[tuple[StoryMeeting, ...], tuple[StoryOrganizer, ...]]:
    """Return the meetings with their organizers' addresses, and all organizers.

    A meeting may bring its organizer with it, by his address; what it says of him then holds for him.
    """
    people = People((one.address, names_of(one)) for one in listed)
    known = {one.address for one in listed}
    brought: dict[str, StoryOrganizer] = {}
    found: list[StoryMeeting] = []
    for meeting in meetings:
        here = node.elsewhere(meeting.line, meeting.organizer)
        if not meeting.organizer:
            raise here.error("a meeting needs an 'organizer' where there is a desk: write his address")
        own = meeting.organizer.lower()
        address = own if own in brought or ("@" in own and own not in known) else people.find(own, here)
        if address in known:
            if meeting.pin or meeting.anyone_may_start:
                raise here.error(f"{address} is listed under 'organizers': write 'pin' and 'pstn only' there")
        else:
            brings = StoryOrganizer(meeting.line, address, pin=meeting.pin,
                               facts={"pstn_only": True} if meeting.anyone_may_start else {})
            if address in brought and (brought[address].pin, brought[address].facts) != (brings.pin, brings.facts):
                raise here.error(f"this meeting says otherwise of {address} than the one in line "
                                 f"{brought[address].line}: list him under 'organizers'")
            brought.setdefault(address, brings)
        found.append(replace(meeting, organizer=address))
    return tuple(found), (*listed, *brought.values())


def names_of(organizer: StoryOrganizer) -> tuple[str, ...]:
    """Return by what else than his address an organizer is called."""
    return tuple(str(organizer.facts[name]) for name in ("name", "sip_uri") if name in organizer.facts)
