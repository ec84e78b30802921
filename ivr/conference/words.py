"""The words of a call's table: states, events, and what a step asks for."""

import enum
from dataclasses import dataclass


class State(enum.Enum):
    """Where a call is; the value is its name in journals and scenarios."""

    IDLE = "idle"
    GREETING = "greeting"
    CONFERENCE_ID = "conference-id"
    LANGUAGE = "language"
    FINDING = "finding"
    OVERLONG = "overlong"
    ORGANIZER_QUESTION = "organizer-question"
    PIN = "pin"
    CHECKING_PIN = "checking-pin"
    ENTERING = "entering"
    NAME = "name"
    RECORDING = "recording"
    LOBBY = "lobby"
    MEETING = "meeting"
    GOODBYE = "goodbye"
    ENDED = "ended"


class Event(enum.Enum):
    """What can happen to a call."""

    ANSWERED = "answered"
    PROMPT_ENDED = "prompt ended"
    KEYED = "keyed"
    # entries
    ENTERED = "entered"
    OVERFULL = "overfull"
    NOTHING_HEARD = "nothing heard"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    GAVE_UP = "gave up"
    # the language
    OTHER_LANGUAGE = "other language"
    CHOSEN = "chosen"
    NO_LANGUAGE = "no such language"
    # what the directory answers
    UNKNOWN = "unknown"
    QUESTION = "question"
    NO_QUESTION = "no question"
    RIGHT_PIN = "right PIN"
    WRONG_PIN = "wrong PIN"
    TRY_LATER = "try later"
    TAKES_TIME = "takes time"
    # the organizer question
    YES = "yes"
    NO = "no"
    # the name
    NAME_WANTED = "name wanted"
    NAMED = "named"
    NAMELESS = "nameless"
    # what the room answers to somebody who comes
    MAY_START = "may start"
    MAY_JOIN = "may join"
    NOT_STARTED = "not started"
    NOT_ADMITTED = "not admitted"
    LOCKED = "locked"
    FULL = "full"
    OPENS_FOR_ALL = "opens it for all"
    OPENS = "opens it"
    LEADS = "comes as organizer"
    # what others do to somebody
    MEETING_STARTED = "meeting started"
    ADMITTED = "admitted"
    DENIED = "denied"
    LOBBY_OVER = "lobby over"
    MEETING_ENDED = "meeting ended"
    OPERATOR = "operator"
    HUNG_UP = "hung up"
    FAULT = "fault"
    """Of ours: what was to be done for the caller could not be done."""


class Do(enum.Enum):
    """What a step asks of the bridge, besides saying something."""

    LISTEN = "wait for a key, for as long as the state allows"
    FIND = "ask which meeting has the entered ID"
    CHECK_PIN = "ask whether the entered PIN is the organizer's"
    OFFER_LANGUAGES = "tell each language's key, in that language"
    ASK_ID = "ask for the conference ID, and offer other languages"
    RECORD = "sound the tone, then record the name"
    STOP_RECORDING = "keep or drop what was recorded"
    ENTER = "ask the room where somebody without a PIN goes"
    MUSIC = "play hold music once everything is said"
    WAIT = "go to the lobby"
    START = "start the meeting and join it"
    JOIN = "join the running meeting"
    PROMOTE = "become organizer of the meeting one is in"
    LEAVE = "leave lobby or meeting"
    TRANSFER = "hand the call to the operator"
    HANG_UP = "end the call from our side"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a prompt of the catalogue.

    Attributes
    ----------
    cuts : bool
        Whether it cuts what is being said, or follows it.
    """

    prompt: str
    cuts: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """Where a pair leads, and what has to be done, in order."""

    state: State
    requests: tuple[Do | Say, ...] = ()
