"""Products differ by profile, and a profile is data (BEHAVIOUR.md, "Product eras").

What each value is for, its source and how it is written stand beside the field (`ivr.conference.fields`). A value
marked [U] is undocumented: it is our choice, not the product's.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.clock import RATE, samples
from ivr.conference.commands import Command
from ivr.conference.fields import (
    Digits,
    KeyMap,
    Languages,
    OneKey,
    OneOf,
    Several,
    Telephone,
    Whole,
    YesNo,
    about,
    time,
)
from ivr.errors import Valued
from ivr.questions import Slowing

_MINUTE, _HOUR = 60, 3600


class UnknownProfile(Valued, LookupError):
    """No profile has this name."""


_TEAMS_KEYS: Mapping[Command, str] = {
    Command.HELP: "1", Command.HAND: "5", Command.MUTE: "6",
    Command.ADMIT_ALL: "21", Command.MUTE_ALL: "22", Command.ANNOUNCEMENTS: "23"}
_SFB_KEYS: Mapping[Command, str] = {Command.HELP: "1", Command.MUTE: "6"}
_SERVER_KEYS: Mapping[Command, str] = {
    Command.HELP: "1", Command.ROLL_CALL: "3", Command.MUTE_ALL: "4", Command.MUTE: "6", Command.LOCK: "7",
    Command.ADMIT_ALL: "8", Command.ANNOUNCEMENTS: "9", Command.OPERATOR: "0"}


@dataclass(frozen=True, slots=True)
class Profile:
    """What one product does in a call; times are in samples.

    Fields that `about` marks `of_meeting` may be another in a single meeting (`ivr.questions.Found`).
    """

    name: str
    title: str = ""
    administration: str = "online"

    # the way in
    languages: tuple[str, ...] = about(
        ("en-US",), Languages(), "A1.4, A1.7, A1.8, C8",
        "the languages of a number that has none of its own: the first, then up to four to choose from")
    language_key: str = about("*", OneKey(), "A1.5 [U]", "the key that asks for another language", area="way in")
    conference_id_digits: int = about(
        7, Whole(7, 7), "A1.10, C-1", "digits of a conference ID; no product lets it be changed (S1.11)")
    conference_id_tries: int = about(
        3, Whole(1, 20), "A1.12, A1.13 [U]", "entries of a conference ID, silence included, before the goodbye")
    first_digit_timeout: int = time("10 s", "A1.13 [U]", "how long a question waits for its first key")
    inter_digit_timeout: int = time("5 s", "A1.13 [U]", "how long an entry waits for its next key")

    # the organizer
    pin_asked: frozenset[str] = about(
        frozenset({"not started", "locked"}),
        Several(("not started", "anyone may start", "no organizer", "locked")),
        "A2.1-A2.7, A3.14, C2, C3", "of which meetings a caller is asked whether he is the organizer",
        area="organizer")
    organizer_key: str = about("*", OneKey(), "A2.8", "the key that says: I am the organizer")
    organizer_timeout: int = time("5 s", "A2.8 [U]", "how long silence takes to mean no")
    pin_digits: range = about(range(4, 13), Digits(), "B1.2, B2", "lengths a PIN can have")
    pin_tries: int = about(3, Whole(1, 20), "A2.13 [U]", "entries of a PIN before the call goes on without one")

    # guessing
    guess_limit: int = about(
        10, Whole(0, 1000), "ours; B3 and F2 instead where PINs lock",
        "wrong PINs for one meeting, or from one caller, after which checks are slowed (three callers who give up "
        "make nine); 0 is never", area="guessing")
    guess_window: int = time(
        "10 min", "ours", "how long a wrong PIN counts for that (below the limit are 54 tries an hour, all of five "
        "digits in eleven weeks)")
    guess_longest: int = time(
        "60 s", "ours", "the longest delay of one answer, after 1 s, 2 s, 4 s ... (longer, and an organizer in the "
        "queue would give up)")
    guess_waiting: int = about(
        5, Whole(1, 100), "ours", "how many may wait for a slowed answer; more are told to try later (so the "
        "longest wait is some six minutes)")
    unknown_calls: int = about(
        3, Whole(0, 1000), "ours", "calls with unknown-tries unknown conference IDs each, from one caller, after "
        "which his next IDs are slowed likewise (one or two can be a wrong invitation); 0 is never")
    unknown_tries: int = about(
        3, Whole(1, 20), "ours", "unknown conference IDs that make a call one of those (as many as a call takes)")

    # names
    name_recording: bool = about(
        True, YesNo(), "A4.4, A4.5", "callers without a PIN record their name", area="names", of_meeting=True)
    name_needs_names: bool = about(
        True, YesNo(), "A4.4", "names are recorded only where comings and goings are told with names",
        of_meeting=True)
    name_longest: int = time("5 s", "A4.6 [U]", "the longest name")
    name_silence: int = time("2 s", "A4.6 [U]", "the silence that ends a name")

    # the lobby
    start_admits: str = about(
        "everyone", OneOf(("everyone", "nobody")), "A3.3, A3.5, C1", "whom a meeting that starts lets in by itself",
        area="lobby", of_meeting=True)
    dial_in_bypass: bool = about(
        True, YesNo(), "A3.8, C12", "callers pass the lobby once the meeting has started", of_meeting=True)
    who_bypasses: str = about(
        "members-and-guests",
        OneOf(("everyone", "members-guests-and-trusted", "members-and-guests", "members", "invited", "organizer")),
        "A3.9, A3.10, C9", "who of those with the app passes the lobby; callers go by dial-in-bypass",
        of_meeting=True)
    everyone_admits: bool = about(
        False, YesNo(), "A3.7, C1", "where who-bypasses is everyone, callers are let in at the start and later")
    bypass_needs_authenticated: bool = about(
        False, YesNo(), "A3.20", "callers pass the lobby only while somebody is in who is known", of_meeting=True)
    admit_all_opens: bool = about(
        False, YesNo(), "A3.19", "letting everyone in lets in those who come later too", of_meeting=True)
    tell_of_waiting: bool = about(
        True, YesNo(), "A3.17, A4.10", "organizers on the phone are told that somebody waits", of_meeting=True)
    lobby_timeout: int = time(
        "30 min", "A3.14 [U]", "how long somebody waits before the call ends; 0 s is for ever", of_meeting=True,
        zero=True)
    lobby_warning: int = time("1 min", "A3.14 [U]", "how long before that he is told", of_meeting=True, zero=True)

    # comings and goings
    announcements: bool = about(
        True, YesNo(), "A4.1, A4.9, C7", "those in a meeting are told who comes and goes", area="announcements",
        of_meeting=True)
    announce_with: str = about(
        "names", OneOf(("names", "tones")), "A4.2 [U] online",
        "comings and goings are told with names or with tones", of_meeting=True)
    announce_gather: int = time("1.5 s", "ours", "how long those who come or go together are gathered", zero=True)
    announce_most: int = about(3, Whole(1, 20), "ours", "how many are told by name at once; more are counted")
    announce_only_by_phone: bool = about(
        False, YesNo(), "A4.8", "announcements stop as soon as somebody joins with the app", of_meeting=True)

    # keys in the meeting
    command_key: str = about("*", OneKey(), "A5", "the key that begins a command", area="keys", of_meeting=True)
    keys: Mapping[Command, str] = about(
        _TEAMS_KEYS, KeyMap(), "A5, C13, C14", "which keys after it are which command", of_meeting=True)
    key_timeout: int = time("2 s", "A5 [U]", "how long a command waits for its next key", of_meeting=True)
    mute_all_holds: bool = about(
        False, YesNo(), "A5", "while everyone is muted, nobody can unmute himself", of_meeting=True)
    operator: str = about("", Telephone(), "A5, C13", "the number that the operator's key calls", of_meeting=True)

    # ends
    unchanged_limit: int = time(
        "24 h", "A6.1", "a meeting with the app in it ends when nobody has come or gone for so long", area="ends")
    pin_limit: int = time("24 h", "A6.2", "a meeting by phone alone ends after so long when a PIN was given")
    no_pin_limit: int = time("4 h", "A6.3", "it ends after so long when none was, and anyone may start")
    alone_limit: int = time("90 min", "A6.4, A6.5, C6",
                            "it ends so long after the last one who is known has left, where not anyone may start")
    meeting_limit: int = time("30 h", "A6.6", "no meeting lasts longer; 0 s is no limit", zero=True)
    end_warning: int = time("5 min", "[U]", "how long before its end a meeting is told", of_meeting=True,
                            zero=True)
    participants: int = about(250, Whole(1, 1000), "A6.7", "callers one meeting has room for")

    @property
    def slowing_of_pins(self) -> Slowing:
        """How the checks of PINs are slowed."""
        return self._slowing(self.guess_limit)

    @property
    def slowing_of_ids(self) -> Slowing:
        """How the look-ups of conference IDs are slowed; what counts is calls with `unknown_tries` unknown ones."""
        return self._slowing(self.unknown_calls)

    def _slowing(self, limit: int) -> Slowing:
        return Slowing(limit, -(-self.guess_window // RATE), -(-self.guess_longest // RATE), self.guess_waiting)

    @property
    def admits_by_policy(self) -> bool:
        """Whether callers are let in because everyone bypasses the lobby (A3.7)."""
        return self.everyone_admits and self.who_bypasses == "everyone"

    @property
    def asks_names(self) -> bool:
        """Whether callers without a PIN are asked to record their names (A4.4)."""
        return self.name_recording and (self.announce_with == "names" or not self.name_needs_names)


_EVERYWHERE = frozenset({"not started", "anyone may start", "no organizer", "locked"})

PROFILES: Mapping[str, Profile] = {one.name: one for one in (
    Profile(name="teams2021", title="Teams until June 2021: the lobby empties by itself when the meeting starts"),
    Profile(name="teams", title="Teams since: callers wait until the organizer admits them",
            start_admits="nobody", dial_in_bypass=False, everyone_admits=True),
    Profile(name="sfb2017", title="Skype for Business Online, 2017", administration="sfb2017",
            name_needs_names=False, tell_of_waiting=False, keys=_SFB_KEYS, alone_limit=samples(4 * _HOUR)),
    Profile(name="sfbserver", title="Skype for Business Server", administration="sfbserver",
            pin_asked=_EVERYWHERE, pin_digits=range(4, 25), guess_limit=0, unknown_calls=0, name_needs_names=False,
            bypass_needs_authenticated=True, admit_all_opens=True, announcements=False,
            keys=_SERVER_KEYS, mute_all_holds=True, meeting_limit=0),
)}
"""The profiles there are; the first is the default."""

DEFAULT = "teams2021"


def profile(name: str) -> Profile:
    """Return the profile of this name.

    Raises
    ------
    UnknownProfile
        If there is none; the message names the nearest.
    """
    if name in PROFILES:
        return PROFILES[name]
    near = difflib.get_close_matches(name, PROFILES, n=1, cutoff=0.0)
    raise UnknownProfile(f"there is no profile {name!r}; did you mean {near[0]!r}?", value=name)
