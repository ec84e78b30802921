"""The flow of one call as a table: (state, event) -> (state, requests).

The rows are those of BEHAVIOUR.md, sections A1 to A7, for every profile. There are no guards: what looks like a
condition is an event of its own (`GAVE_UP` is the failure after which there are no tries left; what a profile
decides is decided before the event is fired). Every pair that is not in `TABLE` is in `IMPOSSIBLE`
(`ivr.conference.impossible`); docs/call-flow.md is drawn from here.
"""

from ivr.conference.words import Do, Event, Say, State, Step

__all__ = ["TABLE", "Do", "Event", "Say", "State", "Step"]


def _step(state: State, *requests: Do | Say | str) -> Step:
    return Step(state, tuple(Say(r) if isinstance(r, str) else r for r in requests))


def _then(prompt: str) -> Say:
    return Say(prompt, cuts=False)


S, E = State, Event

_ASK_ID = _step(S.CONFERENCE_ID, Do.ASK_ID)
_ASK_ORGANIZER = _step(S.ORGANIZER_QUESTION, "organizer-question")
_ASK_PIN = _step(S.PIN, "enter-pin")
_ENTER = _step(S.ENTERING, Do.ENTER)
_NO_PIN = _step(S.ENTERING, "pin-gave-up", Do.ENTER)
_IN = _step(S.MEETING, Do.JOIN, "joining")
_NO_ID = _step(S.GOODBYE, "goodbye-no-conference-id")
_NOT_NOW = _step(S.GOODBYE, "conference-id-try-later")
_OVER = _step(S.GOODBYE, Do.LEAVE, "meeting-ended")
_GONE = _step(S.ENDED, Do.LEAVE)
_DONE = _step(S.ENDED, Do.HANG_UP)


def _held(state: State) -> dict[tuple[State, Event], Step]:
    """Return what happens while the directory's answer is held back: the caller is told, and hears music."""
    return {(state, E.TAKES_TIME): _step(state, _then("please-hold"), Do.MUSIC),
            (state, E.PROMPT_ENDED): _step(state)}


def _id_again(why: str) -> Step:
    return _step(S.CONFERENCE_ID, why, Do.ASK_ID)


def _pin_again(why: str) -> Step:
    return _step(S.PIN, why, "enter-pin")


TABLE: dict[tuple[State, Event], Step] = {
    (S.IDLE, E.ANSWERED): _step(S.GREETING, "welcome"),                    # A1.1, A1.3
    # the greeting; a key is the first of the ID (A7: barge-in)
    (S.GREETING, E.PROMPT_ENDED): _ASK_ID,                                 # A1.9
    (S.GREETING, E.KEYED): _step(S.CONFERENCE_ID),
    (S.GREETING, E.HUNG_UP): _GONE,
    # the conference ID, three tries in all (A1.10-A1.13)
    (S.CONFERENCE_ID, E.PROMPT_ENDED): _step(S.CONFERENCE_ID, Do.LISTEN),
    (S.CONFERENCE_ID, E.OTHER_LANGUAGE): _step(S.LANGUAGE, Do.OFFER_LANGUAGES),  # A1.4, A1.5
    (S.CONFERENCE_ID, E.ENTERED): _step(S.FINDING, Do.FIND),
    (S.CONFERENCE_ID, E.OVERFULL): _step(S.OVERLONG, Do.FIND),
    (S.CONFERENCE_ID, E.NOTHING_HEARD): _id_again("nothing-heard"),
    (S.CONFERENCE_ID, E.TOO_SHORT): _id_again("conference-id-too-short"),
    (S.CONFERENCE_ID, E.TOO_LONG): _id_again("conference-id-too-long"),
    (S.CONFERENCE_ID, E.GAVE_UP): _NO_ID,
    (S.CONFERENCE_ID, E.HUNG_UP): _GONE,
    # the language; who chooses none goes on in the one he has, and each failure is one of the ID's tries
    (S.LANGUAGE, E.PROMPT_ENDED): _step(S.LANGUAGE, Do.LISTEN),
    (S.LANGUAGE, E.CHOSEN): _step(S.CONFERENCE_ID, "language-chosen", Do.ASK_ID),
    (S.LANGUAGE, E.NO_LANGUAGE): _step(S.LANGUAGE, "language-unknown", Do.OFFER_LANGUAGES),
    (S.LANGUAGE, E.NOTHING_HEARD): _id_again("nothing-heard"),
    (S.LANGUAGE, E.GAVE_UP): _NO_ID,
    (S.LANGUAGE, E.HUNG_UP): _GONE,
    # seven digits and the terminator, `*` or silence
    **_held(S.FINDING),
    (S.FINDING, E.QUESTION): _ASK_ORGANIZER,                               # A2.1, A2.6, A2.7, A3.14
    (S.FINDING, E.NO_QUESTION): _ENTER,                                    # A2.2-A2.5
    (S.FINDING, E.UNKNOWN): _id_again("unknown-conference-id"),            # A1.12, A1.14
    (S.FINDING, E.GAVE_UP): _NO_ID,
    (S.FINDING, E.TRY_LATER): _NOT_NOW,
    (S.FINDING, E.HUNG_UP): _GONE,
    # more than seven digits and silence: when the first seven are an ID, the caller is told that it is taken
    **_held(S.OVERLONG),
    (S.OVERLONG, E.QUESTION): _step(S.ORGANIZER_QUESTION, "conference-id-taken", "organizer-question"),
    (S.OVERLONG, E.NO_QUESTION): _step(S.ENTERING, "conference-id-taken", Do.ENTER),
    (S.OVERLONG, E.TOO_LONG): _id_again("conference-id-too-long"),
    (S.OVERLONG, E.GAVE_UP): _NO_ID,
    (S.OVERLONG, E.TRY_LATER): _NOT_NOW,
    (S.OVERLONG, E.HUNG_UP): _GONE,
    # "are you the organizer?" (A2.1, A2.8)
    (S.ORGANIZER_QUESTION, E.PROMPT_ENDED): _step(S.ORGANIZER_QUESTION, Do.LISTEN),
    (S.ORGANIZER_QUESTION, E.YES): _ASK_PIN,
    (S.ORGANIZER_QUESTION, E.NO): _ENTER,
    (S.ORGANIZER_QUESTION, E.MEETING_STARTED): _ENTER,                     # A2.3
    (S.ORGANIZER_QUESTION, E.HUNG_UP): _GONE,
    # the PIN, three tries, then on as a participant (A2.13)
    (S.PIN, E.PROMPT_ENDED): _step(S.PIN, Do.LISTEN),
    (S.PIN, E.ENTERED): _step(S.CHECKING_PIN, Do.CHECK_PIN),
    (S.PIN, E.NOTHING_HEARD): _pin_again("nothing-heard"),
    (S.PIN, E.WRONG_PIN): _pin_again("wrong-pin"),
    (S.PIN, E.GAVE_UP): _NO_PIN,
    (S.PIN, E.MEETING_STARTED): _ENTER,
    (S.PIN, E.HUNG_UP): _GONE,
    **_held(S.CHECKING_PIN),
    (S.CHECKING_PIN, E.RIGHT_PIN): _ENTER,                                 # A3.2
    (S.CHECKING_PIN, E.WRONG_PIN): _pin_again("wrong-pin"),                # A2.9
    (S.CHECKING_PIN, E.GAVE_UP): _NO_PIN,
    (S.CHECKING_PIN, E.TRY_LATER): _step(S.ENTERING, "pin-try-later", Do.ENTER),
    (S.CHECKING_PIN, E.MEETING_STARTED): _ENTER,
    (S.CHECKING_PIN, E.HUNG_UP): _GONE,
    # somebody comes to the room; its answer takes no time
    (S.ENTERING, E.OPENS_FOR_ALL): _step(S.MEETING, Do.START, "meeting-started-by-you"),  # A3.2, A3.3
    (S.ENTERING, E.OPENS): _step(S.MEETING, Do.START, "meeting-opened-by-you"),  # A3.2, A3.5
    (S.ENTERING, E.LEADS): _step(S.MEETING, Do.START, "organizer-is-in"),  # A2.6, A2.7, A3.14
    (S.ENTERING, E.NAME_WANTED): _step(S.NAME, _then("record-name")),      # A4.4, A4.5
    (S.ENTERING, E.MAY_START): _step(S.MEETING, Do.START, _then("first-in-meeting")),  # A2.2
    (S.ENTERING, E.MAY_JOIN): _step(S.MEETING, Do.JOIN, _then("joining")),  # A2.3, A2.4, A3.8
    (S.ENTERING, E.NOT_STARTED): _step(S.LOBBY, Do.WAIT, _then("wait-in-lobby"), Do.MUSIC),  # A3.1
    (S.ENTERING, E.NOT_ADMITTED): _step(S.LOBBY, Do.WAIT, _then("wait-to-be-admitted"), Do.MUSIC),  # A3.5, A3.8
    (S.ENTERING, E.LOCKED): _step(S.LOBBY, Do.WAIT, _then("meeting-locked"), Do.MUSIC),  # A3.13, A3.14
    (S.ENTERING, E.FULL): _step(S.GOODBYE, Do.LEAVE, _then("meeting-full")),  # A6.7
    # the name: a key begins the recording at once, the terminator does without
    (S.NAME, E.PROMPT_ENDED): _step(S.RECORDING, Do.RECORD),
    (S.NAME, E.KEYED): _step(S.RECORDING, Do.RECORD),
    (S.NAME, E.NAMELESS): _ENTER,
    (S.NAME, E.RIGHT_PIN): _ENTER,
    (S.NAME, E.HUNG_UP): _GONE,
    (S.RECORDING, E.NAMED): _step(S.ENTERING, Do.ENTER),                   # A4.6, A4.7
    (S.RECORDING, E.NAMELESS): _step(S.ENTERING, "name-not-heard", Do.ENTER),
    (S.RECORDING, E.RIGHT_PIN): _step(S.ENTERING, Do.STOP_RECORDING, Do.ENTER),
    (S.RECORDING, E.HUNG_UP): _step(S.ENDED, Do.STOP_RECORDING, Do.LEAVE),
    # the lobby (A3.1-A3.5); a key cuts the announcement and the music begins
    (S.LOBBY, E.PROMPT_ENDED): _step(S.LOBBY),
    (S.LOBBY, E.KEYED): _step(S.LOBBY),
    (S.LOBBY, E.RIGHT_PIN): _ENTER,
    (S.LOBBY, E.ADMITTED): _IN,                                            # A3.3, A3.5, A3.18
    (S.LOBBY, E.DENIED): _step(S.GOODBYE, Do.LEAVE, "not-admitted"),       # A3.18
    (S.LOBBY, E.LOBBY_OVER): _step(S.GOODBYE, Do.LEAVE, "lobby-over"),     # A3.14
    (S.LOBBY, E.MEETING_ENDED): _OVER,
    (S.LOBBY, E.HUNG_UP): _GONE,
    # the meeting; an answer that was still on its way when it began finds its caller here
    (S.MEETING, E.PROMPT_ENDED): _step(S.MEETING),
    (S.MEETING, E.RIGHT_PIN): _step(S.MEETING, Do.PROMOTE),
    (S.MEETING, E.OPERATOR): _step(S.GOODBYE, Do.LEAVE, Do.TRANSFER, "transferring"),  # A5, C13
    (S.MEETING, E.MEETING_ENDED): _OVER,                                   # A6.1-A6.6
    (S.MEETING, E.HUNG_UP): _GONE,                                         # A6.8
    # the end
    (S.GOODBYE, E.PROMPT_ENDED): _DONE,
    (S.GOODBYE, E.KEYED): _DONE,
    (S.GOODBYE, E.RIGHT_PIN): _step(S.GOODBYE),
    (S.GOODBYE, E.HUNG_UP): _GONE,
    # a fault of ours, wherever the call is
    **{(state, E.FAULT): _step(S.GOODBYE, Do.STOP_RECORDING, Do.LEAVE, "fault")
       for state in S if state is not S.ENDED},
}
