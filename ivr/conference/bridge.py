"""A bridge with nothing but a conference on it, which is what most who use one want."""

from collections.abc import Mapping

from ivr.conference.conference import Conference
from ivr.conference.profile import Profile
from ivr.conference.remote import Remote
from ivr.engine.application import Builder, Host
from ivr.engine.bridge import MOST, Bridge
from ivr.engine.flow import Flow
from ivr.engine.sound import Samples, Voice
from ivr.journal import Journal
from ivr.questions import Directory


class ConferenceBridge(Bridge, Remote):
    """Many callers of one product's meetings; besides, what is done from outside the calls (`Remote`).

    Parameters
    ----------
    directory : Directory
        Who may start which meeting.
    tones : mapping of "arrival", "departure" and "record" to int16 array [shape=(n,)]
        Played into a meeting when somebody comes or goes, and to a caller before his name is recorded.
    profile : Profile
        What product to be.
    flow : Flow, optional
        Another one than the product's own.
    voice, music, numbers, leads, setting, journal, most
        As for `Bridge`.
    """

    def __init__(self, *, directory: Directory, voice: Voice, music: Samples, tones: Mapping[str, Samples],
                 profile: Profile, flow: Flow | None = None, numbers: Mapping[str, tuple[str, ...]] | None = None,
                 leads: Mapping[str, Builder] | None = None, setting: str = "default",
                 journal: Journal | None = None, most: int = MOST) -> None:
        made: list[Conference] = []

        def build(host: Host) -> Conference:
            made.append(Conference(host, directory, profile, flow))
            return made[0]

        Bridge.__init__(self, application=build, voice=voice, music=music, tones=tones, numbers=numbers,
                        leads=leads, setting=setting, journal=journal, most=most)
        self.conference = made[0]
        one = self.conference
        Remote.__init__(self, one.callers, one.rooms, one.floor, one.moderator, self._contained, self.post)
