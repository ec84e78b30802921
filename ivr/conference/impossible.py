"""Which events cannot come in which state, and why: together with the table these are all pairs."""

from ivr.conference.words import Event, State

S, E = State, Event

_ENTRY = frozenset({E.ENTERED, E.OVERFULL, E.NOTHING_HEARD, E.TOO_SHORT, E.TOO_LONG, E.GAVE_UP})
_LANGUAGE = frozenset({E.OTHER_LANGUAGE, E.CHOSEN, E.NO_LANGUAGE})
_FOUND = frozenset({E.UNKNOWN, E.QUESTION, E.NO_QUESTION})
_PIN = frozenset({E.RIGHT_PIN, E.WRONG_PIN})
_LATER = frozenset({E.TRY_LATER, E.TAKES_TIME})
_ASKED = frozenset({E.YES, E.NO})
_NAME = frozenset({E.NAME_WANTED, E.NAMED, E.NAMELESS})
_ROOM = frozenset({E.MAY_START, E.MAY_JOIN, E.NOT_STARTED, E.NOT_ADMITTED, E.LOCKED, E.FULL, E.OPENS_FOR_ALL,
                   E.OPENS, E.LEADS})
_WAITING = frozenset({E.ADMITTED, E.DENIED, E.LOBBY_OVER})
_INSIDE = frozenset({E.MEETING_ENDED, E.OPERATOR})
_OUTSIDE = frozenset({E.MEETING_STARTED}) | _WAITING | _INSIDE
"""Told only to callers who have come to a meeting's door, its lobby, or into it."""

_BEFORE_THE_ID = frozenset({E.ANSWERED}) | _FOUND | _PIN | _LATER | _ASKED | _NAME | _ROOM | _OUTSIDE
"""No meeting is known yet, so nothing of one can happen."""

_AT_THE_DOOR = frozenset({E.ANSWERED}) | _LANGUAGE | _ROOM | _WAITING | _INSIDE

IMPOSSIBLE: dict[State, frozenset[Event]] = {
    # a line signals once a tick, so nobody hangs up before he is answered
    S.IDLE: frozenset(set(Event) - {E.ANSWERED, E.FAULT}),
    S.GREETING: _BEFORE_THE_ID | _ENTRY | _LANGUAGE,
    # keys are collected here, so KEYED is told as what they amount to; nothing has been asked of the directory
    S.CONFERENCE_ID: _BEFORE_THE_ID | {E.KEYED, E.CHOSEN, E.NO_LANGUAGE},
    S.LANGUAGE: _BEFORE_THE_ID | (_ENTRY - {E.NOTHING_HEARD, E.GAVE_UP}) | {E.KEYED, E.OTHER_LANGUAGE},
    # keys are kept for the next question while the directory thinks
    S.FINDING: (_AT_THE_DOOR | (_ENTRY - {E.GAVE_UP}) | _PIN | _ASKED | _NAME | {E.KEYED, E.MEETING_STARTED}),
    # that the first seven are no ID is told as TOO_LONG
    S.OVERLONG: (_AT_THE_DOOR | (_ENTRY - {E.TOO_LONG, E.GAVE_UP}) | _PIN | _ASKED | _NAME
                 | {E.UNKNOWN, E.KEYED, E.MEETING_STARTED}),
    S.ORGANIZER_QUESTION: _AT_THE_DOOR | _ENTRY | _FOUND | _PIN | _LATER | _NAME | {E.KEYED},
    S.PIN: (_AT_THE_DOOR | _FOUND | _LATER | _ASKED | _NAME
            | {E.KEYED, E.OVERFULL, E.TOO_SHORT, E.TOO_LONG, E.RIGHT_PIN}),
    S.CHECKING_PIN: (_AT_THE_DOOR | (_ENTRY - {E.GAVE_UP}) | _FOUND | _ASKED | _NAME | {E.KEYED}),
    # asked and answered within one step, so nothing else comes between
    S.ENTERING: frozenset(set(Event) - _ROOM - {E.NAME_WANTED, E.FAULT}),
    # a PIN that was on its way when the meeting began is answered here; only a right one still changes anything
    S.NAME: (frozenset({E.ANSWERED, E.WRONG_PIN, *_LATER, E.NAME_WANTED, E.NAMED})
             | _ENTRY | _LANGUAGE | _FOUND | _ASKED | _ROOM | _OUTSIDE),
    S.RECORDING: (frozenset({E.ANSWERED, E.PROMPT_ENDED, E.KEYED, E.WRONG_PIN, *_LATER, E.NAME_WANTED})
                  | _ENTRY | _LANGUAGE | _FOUND | _ASKED | _ROOM | _OUTSIDE),
    S.LOBBY: (frozenset({E.ANSWERED, E.WRONG_PIN, *_LATER, E.MEETING_STARTED, E.OPERATOR})
              | _ENTRY | _LANGUAGE | _FOUND | _ASKED | _NAME | _ROOM),
    # keys are commands here, and done without leaving the meeting
    S.MEETING: (frozenset({E.ANSWERED, E.KEYED, E.WRONG_PIN, *_LATER, E.MEETING_STARTED})
                | _ENTRY | _LANGUAGE | _FOUND | _ASKED | _NAME | _ROOM | _WAITING),
    S.GOODBYE: (frozenset({E.ANSWERED, E.WRONG_PIN, *_LATER})
                | _ENTRY | _LANGUAGE | _FOUND | _ASKED | _NAME | _ROOM | _OUTSIDE),
    # a call that has ended is forgotten by the bridge; late answers find nobody
    S.ENDED: frozenset(Event),
}
