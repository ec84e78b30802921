"""The flow of a caller of a conference, as a table that can be read aloud.

The nodes are those of BEHAVIOUR.md, sections A1 to A7, for every profile; what differs between profiles are numbers
and keys. Each way is `To(node, says..., does...)`; docs/call-flow.md is drawn from here. What each odd entry means
stands with `ivr.engine.nodes.Collect`.
"""

import enum
from collections.abc import Mapping

from ivr.conference.profile import PROFILES, Profile
from ivr.engine.flow import STAY, Flow, Node, To
from ivr.engine.nodes import Ask, Collect, End, Language, Menu, Park, Record, Say
from ivr.secrecy import Secrecy

CONFERENCE_ID, PIN = "conference ID", "PIN"
"""What entries are of, in the journal."""


class RoomAnswer(enum.StrEnum):
    """What the room answers to somebody who comes."""

    MAY_START = "may start"
    MAY_JOIN = "may join"
    NOT_STARTED = "not started"
    NOT_ADMITTED = "not admitted"
    LOCKED = "locked"
    FULL = "full"
    OPENS_FOR_ALL = "opens it for all"
    OPENS = "opens it"
    LEADS = "comes as organizer"
    NAME_WANTED = "name wanted"


class MeetingAnswer(enum.StrEnum):
    """What the directory answers to a conference ID."""

    QUESTION = "question"
    NO_QUESTION = "no question"
    UNKNOWN = "unknown"
    TRY_LATER = "try later"
    TOO_LONG = "too long"


class PinAnswer(enum.StrEnum):
    """What it answers to a PIN."""

    RIGHT = "right PIN"
    WRONG = "wrong"
    TRY_LATER = "try later"


class Told(enum.StrEnum):
    """What others do to somebody."""

    MEETING_STARTED = "meeting started"
    ADMITTED = "admitted"
    DENIED = "denied"
    LOBBY_OVER = "lobby over"
    MEETING_ENDED = "meeting ended"
    OPERATOR = "operator"
    RIGHT_PIN = "right PIN"
    """An answer that comes after the call has moved on."""


class FlowQuestion(enum.StrEnum):
    """What the flow asks."""

    MEETING = "which meeting has the entered ID"
    BEGINNING = "whether the first seven digits are an ID"
    PIN = "whether the entered PIN is the organizer's"
    ROOM = "where somebody without a PIN goes"


class Does(enum.StrEnum):
    """What is done for a caller on his way."""

    WAIT = "go to the lobby"
    START = "start the meeting and join it"
    JOIN = "join the running meeting"
    PROMOTE = "become organizer of the meeting one is in"
    LEAVE = "leave lobby or meeting"
    TRANSFER = "hand the call to the operator"


def _to(node: str, *says: str, does: tuple[str, ...] = ()) -> To:
    return To(node, says, does)


def _then(node: str, says: str, *does: str) -> To:
    return To(node, (says,), does, cuts=False)


_ENTER = To("entering")
_GAVE_UP = _to("goodbye", "goodbye-no-conference-id")
_NO_PIN = _to("entering", "pin-gave-up")
_NOT_NOW = _to("goodbye", "conference-id-try-later")
_OVER = _to("goodbye", "meeting-ended", does=(Does.LEAVE,))
_STARTED: Mapping[str, To] = {Told.MEETING_STARTED: _ENTER}                                           # A2.3


def _nodes(profile: Profile) -> Mapping[str, Node]:
    return {
        "greeting": Say(                                                            # A1.1, A1.3
            state="greeting", prompts=("welcome",),
            exits={"ended": To("conference-id"),                                    # A1.9
                   "keyed": To("conference-id", with_key=True)}),                   # A7: barge-in
        # three tries in all (A1.10-A1.13)
        "conference-id": Collect(
            state="conference-id", label=CONFERENCE_ID, tries=profile.conference_id_tries,
            prompts=("enter-conference-id",), offer="language-offer", language_key=profile.language_key,
            lengths=range(profile.conference_id_digits, profile.conference_id_digits + 1),
            first=profile.first_digit_timeout, next_=profile.inter_digit_timeout, ends_with_begin_again=True,
            exits={"entered": To("finding"),
                   "overfull": To("overlong"),
                   "other language": To("language"),                                # A1.4, A1.5
                   "nothing heard": _to("conference-id", "nothing-heard"),
                   "too short": _to("conference-id", "conference-id-too-short"),
                   "too long": _to("conference-id", "conference-id-too-long"),
                   "gave up": _GAVE_UP}),
        # who chooses none goes on in the one he has; each failure is one of the ID's tries
        "language": Language(
            state="language", label="language", counts=CONFERENCE_ID, tries=profile.conference_id_tries,
            prompt="this-language", wait=profile.first_digit_timeout,
            exits={"chosen": _to("conference-id", "language-chosen"),
                   "unknown": _to("language", "language-unknown"),
                   "nothing heard": _to("conference-id", "nothing-heard"),
                   "gave up": _GAVE_UP}),
        "finding": Ask(
            state="finding", question=FlowQuestion.MEETING, label=CONFERENCE_ID, tries=profile.conference_id_tries,
            of=CONFERENCE_ID, part=profile.conference_id_digits, hold="please-hold",
            answers=frozenset({MeetingAnswer.QUESTION, MeetingAnswer.NO_QUESTION, MeetingAnswer.UNKNOWN,
                               MeetingAnswer.TRY_LATER}),
            refusals=frozenset({MeetingAnswer.UNKNOWN}), undecided=frozenset({MeetingAnswer.TRY_LATER}),
            exits={MeetingAnswer.QUESTION: To("organizer-question"),  # A2.1, A2.6, A2.7, A3.14
                   MeetingAnswer.NO_QUESTION: _ENTER,                                       # A2.2-A2.5
                   MeetingAnswer.UNKNOWN: _to("conference-id", "unknown-conference-id"),    # A1.12, A1.14
                   MeetingAnswer.TRY_LATER: _NOT_NOW,
                   "gave up": _GAVE_UP}),
        # more than seven digits and silence: when the first seven are an ID, the caller is told that it is taken
        "overlong": Ask(
            state="overlong", question=FlowQuestion.BEGINNING, label=CONFERENCE_ID,
            tries=profile.conference_id_tries,
            of=CONFERENCE_ID, part=profile.conference_id_digits, hold="please-hold",
            answers=frozenset({MeetingAnswer.QUESTION, MeetingAnswer.NO_QUESTION, MeetingAnswer.TOO_LONG,
                               MeetingAnswer.TRY_LATER}),
            refusals=frozenset({MeetingAnswer.TOO_LONG}), undecided=frozenset({MeetingAnswer.TRY_LATER}),
            unshown=frozenset({MeetingAnswer.TOO_LONG, MeetingAnswer.TRY_LATER}),
            exits={MeetingAnswer.QUESTION: _to("organizer-question", "conference-id-taken"),
                   MeetingAnswer.NO_QUESTION: _to("entering", "conference-id-taken"),
                   MeetingAnswer.TOO_LONG: _to("conference-id", "conference-id-too-long"),
                   MeetingAnswer.TRY_LATER: _NOT_NOW,
                   "gave up": _GAVE_UP}),
        "organizer-question": Menu(                                                 # A2.1, A2.8
            state="organizer-question", prompts=("organizer-question",), keys={profile.organizer_key: "yes"},
            wait=profile.organizer_timeout,
            exits={"yes": To("pin"), "other": _ENTER, "silence": _ENTER},
            on=_STARTED),
        # three tries, then on as a participant (A2.13)
        "pin": Collect(
            state="pin", label=PIN, tries=profile.pin_tries, prompts=("enter-pin",), lengths=profile.pin_digits,
            first=profile.first_digit_timeout, next_=profile.inter_digit_timeout, secrecy=Secrecy.HIDDEN,
            exits={"entered": To("checking-pin"),
                   "nothing heard": _to("pin", "nothing-heard"),
                   "wrong": _to("pin", "wrong-pin"),
                   "gave up": _NO_PIN},
            on=_STARTED),
        "checking-pin": Ask(
            state="checking-pin", question=FlowQuestion.PIN, label=PIN, tries=profile.pin_tries, of=PIN,
            hold="please-hold", answers=frozenset(PinAnswer), refusals=frozenset({PinAnswer.WRONG}),
            undecided=frozenset({PinAnswer.TRY_LATER}), secrecy=Secrecy.HIDDEN,
            exits={PinAnswer.RIGHT: _ENTER,                                           # A3.2
                   PinAnswer.WRONG: _to("pin", "wrong-pin"),                          # A2.9
                   PinAnswer.TRY_LATER: _to("entering", "pin-try-later"),
                   "gave up": _NO_PIN},
            on=_STARTED),
        # somebody comes to the room; its answer takes no time
        "entering": Ask(
            state=None, question=FlowQuestion.ROOM, answers=frozenset(RoomAnswer),
            # A3.2, A3.3
            exits={RoomAnswer.OPENS_FOR_ALL: _to("meeting", "meeting-started-by-you", does=(Does.START,)),
                   RoomAnswer.OPENS: _to("meeting", "meeting-opened-by-you", does=(Does.START,)),  # A3.2, A3.5
                   RoomAnswer.LEADS: _to("meeting", "organizer-is-in", does=(Does.START,)),  # A2.6, A2.7, A3.14
                   RoomAnswer.NAME_WANTED: To("name", cuts=False),                        # A4.4, A4.5
                   RoomAnswer.MAY_START: _then("meeting", "first-in-meeting", Does.START),  # A2.2
                   RoomAnswer.MAY_JOIN: _then("meeting", "joining", Does.JOIN),           # A2.3, A2.4, A3.8
                   RoomAnswer.NOT_STARTED: _then("lobby", "wait-in-lobby", Does.WAIT),    # A3.1
                   RoomAnswer.NOT_ADMITTED: _then("lobby", "wait-to-be-admitted", Does.WAIT),  # A3.5, A3.8
                   RoomAnswer.LOCKED: _then("lobby", "meeting-locked", Does.WAIT),        # A3.13, A3.14
                   RoomAnswer.FULL: _then("goodbye", "meeting-full", Does.LEAVE)}),       # A6.7
        # a key begins the recording at once, the terminator does without
        "name": Menu(
            state="name", prompts=("record-name",), keys={"#": "nameless"},
            exits={"nameless": _ENTER, "other": To("recording"), "silence": To("recording")},
            on={Told.RIGHT_PIN: _ENTER}),
        "recording": Record(
            state="recording", longest=profile.name_longest, silence=profile.name_silence,
            exits={"recorded": _ENTER,                                              # A4.6, A4.7
                   "nothing": _to("entering", "name-not-heard")},
            on={Told.RIGHT_PIN: _ENTER}),
        # a key cuts the announcement and the music begins (A3.1-A3.5)
        "lobby": Park(
            state="lobby", music=True,
            on={Told.RIGHT_PIN: _ENTER,
                Told.ADMITTED: _to("meeting", "joining", does=(Does.JOIN,)),        # A3.3, A3.5, A3.18
                Told.DENIED: _to("goodbye", "not-admitted", does=(Does.LEAVE,)),    # A3.18
                Told.LOBBY_OVER: _to("goodbye", "lobby-over", does=(Does.LEAVE,)),  # A3.14
                Told.MEETING_ENDED: _OVER}),
        # an answer that was still on its way when the meeting began finds its caller here
        "meeting": Park(
            state="meeting", commands=True,
            on={Told.RIGHT_PIN: To(STAY, does=(Does.PROMOTE,)),
                Told.OPERATOR: _to("goodbye", "transferring", does=(Does.LEAVE, Does.TRANSFER)),  # A5, C13
                Told.MEETING_ENDED: _OVER}),                                        # A6.1-A6.6
        "goodbye": Say(
            state="goodbye", exits={"ended": To("ended"), "keyed": To("ended")},
            on={Told.RIGHT_PIN: To(STAY)}),
        "ended": End(),
    }


_DOOR = frozenset({"organizer-question", "pin", "checking-pin"})
_POSSIBLE: Mapping[str, frozenset[str]] = {
    # told only to those who are still asked who they are
    Told.MEETING_STARTED: _DOOR,
    # told only to those who wait
    Told.ADMITTED: frozenset({"lobby"}),
    Told.DENIED: frozenset({"lobby"}),
    Told.LOBBY_OVER: frozenset({"lobby"}),
    # told only to those who wait for a meeting, or are in it
    Told.MEETING_ENDED: frozenset({"lobby", "meeting"}),
    Told.OPERATOR: frozenset({"meeting"}),
    # asked at the PIN only, and left open only when the meeting begins meanwhile
    Told.RIGHT_PIN: frozenset({"name", "recording", "lobby", "meeting", "goodbye"}),
}


def conference_flow(profile: Profile) -> Flow:
    """Return the flow of a product's callers."""
    nodes = _nodes(profile)
    return Flow("conference", "greeting", nodes, fault=_to("goodbye", "fault", does=(Does.LEAVE,)),
                outside=frozenset(Told),
                impossible={event: frozenset(nodes.keys() - possible) for event, possible in _POSSIBLE.items()})


STATES = tuple(dict.fromkeys(
    node.state for profile in PROFILES.values() for node in conference_flow(profile).nodes.values() if node.state))
"""Where a caller of the conference can be, as journals name it, in the order of a call."""
