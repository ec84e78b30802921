"""What is behind a story's bridge: meetings, or a desk."""

from collections.abc import Callable

from ivr.directory.meetings import Meeting, Meetings
from ivr.scenario.backstage import Backstage
from ivr.scenario.steps import Scenario


def behind(scenario: Scenario) -> tuple[Backstage, Callable[[], None]]:
    """Return what is behind a story's bridge, and how to close it."""
    if scenario.desk is None:
        meetings = Meetings(Meeting(m.conference_id, m.pin, m.organizer, m.anyone_may_start, m.options)
                            for m in scenario.meetings)
        return Backstage(scenario, meetings), lambda: None
    # the desk needs a database, which most stories do without
    from ivr.scenario.deskwork.backstage import DeskBackstage

    backstage = DeskBackstage(scenario, scenario.desk)
    return backstage, backstage.close
