"""The flow of one call as a table: (state, event) -> (state, requests).

The rows are those of BEHAVIOUR.md A7 for the profile `teams2021`. There are no guards: what looks like a
condition is an event of its own (`GAVE_UP` is the failure after which there are no tries left). Every pair
that is not in `TABLE` is in `IMPOSSIBLE`; docs/call-flow.md is drawn from here.

Places kept for what comes later: the choice of language (A1.5) between GREETING and CONFERENCE_ID, the
recording of a name (A4.4) before LOBBY and MEETING, and keys in the meeting (A5) at (MEETING, KEYED).
"""

import enum
from dataclasses import dataclass


class State(enum.Enum):
    """Where a call is; the value is its name in journals and scenarios."""

    IDLE = "idle"
    GREETING = "greeting"
    CONFERENCE_ID = "conference-id"
    OVERLONG = "overlong"
    FINDING = "finding"
    PEEKING = "peeking"
    ORGANIZER_QUESTION = "organizer-question"
    PIN = "pin"
    CHECKING_PIN = "checking-pin"
    LOBBY = "lobby"
    MEETING = "meeting"
    GOODBYE = "goodbye"
    ENDED = "ended"


class Event(enum.Enum):
    """What can happen to a call."""

    ANSWERED = "answered"
    PROMPT_ENDED = "prompt ended"
    KEYED = "keyed"
    ENTERED = "entered"
    OVERFULL = "overfull"
    NOTHING_HEARD = "nothing heard"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    UNKNOWN = "unknown"
    NOT_STARTED = "not started"
    ANYONE_MAY_START = "anyone may start"
    STARTED = "started"
    YES = "yes"
    NO = "no"
    RIGHT_PIN = "right PIN"
    WRONG_PIN = "wrong PIN"
    GAVE_UP = "gave up"
    MEETING_STARTED = "meeting started"
    HUNG_UP = "hung up"


class Do(enum.Enum):
    """What a step asks of the bridge, besides saying something."""

    LISTEN = "wait for a key, for as long as the state allows"
    FIND = "ask which meeting has the entered ID"
    CHECK_PIN = "ask whether the entered PIN is the organizer's"
    MUSIC = "play hold music once everything is said"
    WAIT = "go to the lobby"
    START = "start the meeting and join it"
    JOIN = "join the running meeting"
    PROMOTE = "become organizer of the meeting one is in"
    LEAVE = "leave lobby or meeting"
    HANG_UP = "end the call from our side"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a prompt of the catalogue; the first of a step cuts what is being said."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Step:
    """Where a pair leads, and what has to be done, in order."""

    state: State
    requests: tuple[Do | Say, ...] = ()


def _step(state: State, *requests: Do | Say | str) -> Step:
    return Step(state, tuple(Say(r) if isinstance(r, str) else r for r in requests))


S, E = State, Event

_GREET = _step(S.GREETING, "welcome")
_ASK_ID = _step(S.CONFERENCE_ID, "enter-conference-id")
_ASK_ORGANIZER = _step(S.ORGANIZER_QUESTION, "organizer-question")
_ASK_PIN = _step(S.PIN, "enter-pin")
_TO_LOBBY = _step(S.LOBBY, Do.WAIT, "wait-in-lobby", Do.MUSIC)
_NO_PIN = _step(S.LOBBY, Do.WAIT, "pin-gave-up", "wait-in-lobby", Do.MUSIC)
_START_FIRST = _step(S.MEETING, Do.START, "first-in-meeting")
_START_ORGANIZER = _step(S.MEETING, Do.START, "meeting-started-by-you")
_JOIN = _step(S.MEETING, Do.JOIN, "joining")
_NO_ID = _step(S.GOODBYE, "goodbye-no-conference-id")
_GONE = _step(S.ENDED, Do.LEAVE)
_DONE = _step(S.ENDED, Do.HANG_UP)


def _again(state: State, why: str, question: str) -> Step:
    return _step(state, why, question)


def _id_again(why: str) -> Step:
    return _again(S.CONFERENCE_ID, why, "enter-conference-id")


def _pin_again(why: str) -> Step:
    return _again(S.PIN, why, "enter-pin")


TABLE: dict[tuple[State, Event], Step] = {
    (S.IDLE, E.ANSWERED): _GREET,                                          # A1.1, A1.3
    # the greeting; a key is the first of the ID (A7: barge-in)
    (S.GREETING, E.PROMPT_ENDED): _ASK_ID,                                 # A1.9
    (S.GREETING, E.KEYED): _step(S.CONFERENCE_ID),
    (S.GREETING, E.HUNG_UP): _GONE,
    # the conference ID, three tries in all (A1.10-A1.13)
    (S.CONFERENCE_ID, E.PROMPT_ENDED): _step(S.CONFERENCE_ID, Do.LISTEN),
    (S.CONFERENCE_ID, E.ENTERED): _step(S.FINDING, Do.FIND),
    (S.CONFERENCE_ID, E.OVERFULL): _step(S.PEEKING, Do.FIND),
    (S.CONFERENCE_ID, E.NOTHING_HEARD): _id_again("nothing-heard"),
    (S.CONFERENCE_ID, E.TOO_SHORT): _id_again("conference-id-too-short"),
    (S.CONFERENCE_ID, E.GAVE_UP): _NO_ID,
    (S.CONFERENCE_ID, E.HUNG_UP): _GONE,
    # more than seven digits that begin with no meeting's ID: hear them out, then refuse once
    (S.OVERLONG, E.TOO_LONG): _id_again("conference-id-too-long"),
    (S.OVERLONG, E.GAVE_UP): _NO_ID,
    (S.OVERLONG, E.HUNG_UP): _GONE,
    # seven digits and the terminator or silence
    (S.FINDING, E.NOT_STARTED): _ASK_ORGANIZER,                            # A2.1
    (S.FINDING, E.ANYONE_MAY_START): _START_FIRST,                         # A2.2
    (S.FINDING, E.STARTED): _JOIN,                                         # A2.3, A2.4, A2.5
    (S.FINDING, E.UNKNOWN): _id_again("unknown-conference-id"),            # A1.12, A1.14
    (S.FINDING, E.GAVE_UP): _NO_ID,
    (S.FINDING, E.HUNG_UP): _GONE,
    # seven digits and one more key: when the seven are an ID, that key was typed ahead
    (S.PEEKING, E.NOT_STARTED): _ASK_ORGANIZER,
    (S.PEEKING, E.ANYONE_MAY_START): _START_FIRST,
    (S.PEEKING, E.STARTED): _JOIN,
    (S.PEEKING, E.UNKNOWN): _step(S.OVERLONG),
    (S.PEEKING, E.HUNG_UP): _GONE,
    # "are you the organizer?" (A2.1, A2.8)
    (S.ORGANIZER_QUESTION, E.PROMPT_ENDED): _step(S.ORGANIZER_QUESTION, Do.LISTEN),
    (S.ORGANIZER_QUESTION, E.YES): _ASK_PIN,
    (S.ORGANIZER_QUESTION, E.NO): _TO_LOBBY,                               # A3.1
    (S.ORGANIZER_QUESTION, E.MEETING_STARTED): _JOIN,                      # A2.3
    (S.ORGANIZER_QUESTION, E.HUNG_UP): _GONE,
    # the PIN, three tries, then the lobby as a participant (A2.13)
    (S.PIN, E.PROMPT_ENDED): _step(S.PIN, Do.LISTEN),
    (S.PIN, E.ENTERED): _step(S.CHECKING_PIN, Do.CHECK_PIN),
    (S.PIN, E.NOTHING_HEARD): _pin_again("nothing-heard"),
    (S.PIN, E.WRONG_PIN): _pin_again("wrong-pin"),
    (S.PIN, E.GAVE_UP): _NO_PIN,
    (S.PIN, E.MEETING_STARTED): _JOIN,
    (S.PIN, E.HUNG_UP): _GONE,
    (S.CHECKING_PIN, E.RIGHT_PIN): _START_ORGANIZER,                       # A3.2
    (S.CHECKING_PIN, E.WRONG_PIN): _pin_again("wrong-pin"),                # A2.9
    (S.CHECKING_PIN, E.GAVE_UP): _NO_PIN,
    (S.CHECKING_PIN, E.MEETING_STARTED): _JOIN,
    (S.CHECKING_PIN, E.HUNG_UP): _GONE,
    # the lobby (A3.1-A3.3); a key cuts the announcement and the music begins
    (S.LOBBY, E.PROMPT_ENDED): _step(S.LOBBY),
    (S.LOBBY, E.KEYED): _step(S.LOBBY),
    (S.LOBBY, E.MEETING_STARTED): _JOIN,
    (S.LOBBY, E.HUNG_UP): _GONE,
    # the meeting; an answer that was still on its way when it began finds its caller here
    (S.MEETING, E.PROMPT_ENDED): _step(S.MEETING),
    (S.MEETING, E.KEYED): _step(S.MEETING),
    (S.MEETING, E.RIGHT_PIN): _step(S.MEETING, Do.PROMOTE),
    (S.MEETING, E.WRONG_PIN): _step(S.MEETING),
    (S.MEETING, E.GAVE_UP): _step(S.MEETING),
    (S.MEETING, E.HUNG_UP): _GONE,                                         # A6.8
    # the end
    (S.GOODBYE, E.PROMPT_ENDED): _DONE,
    (S.GOODBYE, E.KEYED): _DONE,
    (S.GOODBYE, E.HUNG_UP): _GONE,
}

_ANSWERS = {E.UNKNOWN, E.NOT_STARTED, E.ANYONE_MAY_START, E.STARTED}
_PIN_ANSWERS = {E.RIGHT_PIN, E.WRONG_PIN}
_ENTRY = {E.ENTERED, E.OVERFULL, E.NOTHING_HEARD, E.TOO_SHORT, E.TOO_LONG, E.GAVE_UP}
_QUESTION = {E.YES, E.NO}

IMPOSSIBLE: dict[State, frozenset[Event]] = {
    # a line signals once a tick, so nobody hangs up before he is answered
    S.IDLE: frozenset(set(Event) - {E.ANSWERED}),
    S.GREETING: frozenset({E.ANSWERED, E.MEETING_STARTED} | _ENTRY | _ANSWERS | _QUESTION | _PIN_ANSWERS),
    # keys are collected here, so KEYED is told as what they amount to; nothing has been asked of the directory
    S.CONFERENCE_ID: frozenset({E.ANSWERED, E.KEYED, E.TOO_LONG, E.MEETING_STARTED}
                               | _ANSWERS | _QUESTION | _PIN_ANSWERS),
    # the first key of the entry has cut every prompt
    S.OVERLONG: frozenset({E.ANSWERED, E.PROMPT_ENDED, E.KEYED, E.MEETING_STARTED}
                          | (_ENTRY - {E.TOO_LONG, E.GAVE_UP}) | _ANSWERS | _QUESTION | _PIN_ANSWERS),
    # keys are kept for the next question while the directory thinks
    S.FINDING: frozenset({E.ANSWERED, E.PROMPT_ENDED, E.KEYED, E.MEETING_STARTED}
                         | (_ENTRY - {E.GAVE_UP}) | _QUESTION | _PIN_ANSWERS),
    S.PEEKING: frozenset({E.ANSWERED, E.PROMPT_ENDED, E.KEYED, E.MEETING_STARTED}
                         | _ENTRY | _QUESTION | _PIN_ANSWERS),
    S.ORGANIZER_QUESTION: frozenset({E.ANSWERED, E.KEYED} | _ENTRY | _ANSWERS | _PIN_ANSWERS),
    S.PIN: frozenset({E.ANSWERED, E.KEYED, E.OVERFULL, E.TOO_SHORT, E.TOO_LONG, E.RIGHT_PIN}
                     | _ANSWERS | _QUESTION),
    S.CHECKING_PIN: frozenset({E.ANSWERED, E.PROMPT_ENDED, E.KEYED}
                              | (_ENTRY - {E.GAVE_UP}) | _ANSWERS | _QUESTION),
    S.LOBBY: frozenset({E.ANSWERED} | _ENTRY | _ANSWERS | _QUESTION | _PIN_ANSWERS),
    S.MEETING: frozenset({E.ANSWERED, E.MEETING_STARTED} | (_ENTRY - {E.GAVE_UP}) | _ANSWERS | _QUESTION),
    S.GOODBYE: frozenset({E.ANSWERED, E.MEETING_STARTED} | _ENTRY | _ANSWERS | _QUESTION | _PIN_ANSWERS),
    # a call that has ended is forgotten by the bridge; late answers find nobody
    S.ENDED: frozenset(Event),
}
