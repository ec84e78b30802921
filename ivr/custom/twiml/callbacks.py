"""Tells an application of what becomes of numbers that it dials, and of its conferences, where it wants that."""

from ivr.clock import seconds
from ivr.custom.twiml.asking import ANONYMOUS, sid
from ivr.custom.twiml.caller import STATUS, TwimlCaller
from ivr.custom.twiml.requesting import Requests
from ivr.custom.twiml.verbs import Callback
from ivr.engine.together import Gathering

_EVENTS = {"join": "participant-join", "leave": "participant-leave", "start": "conference-start",
           "end": "conference-end"}


class Callbacks:
    """Who is told of what.

    Parameters
    ----------
    requests : Requests
    """

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._of: dict[int, tuple[Callback, int]] = {}

    def leg(self, caller: TwimlCaller, number: str, event: str, at: int, **params: str) -> None:
        """Tell of a number that is dialled: "initiated", "ringing", "answered", "completed"."""
        dial = caller.dial
        for noun in dial.numbers if dial is not None else ():
            if noun.number == number:
                status = {"answered": "in-progress"}.get(event, event)
                self._requests.tell(caller, noun.callback, event, {
                    "ParentCallSid": sid("CA", caller.serial), "CallSid": sid("CA", caller.serial, number),
                    "CallStatus": status, "Direction": "outbound-dial", "From": caller.phone or ANONYMOUS,
                    "To": number, "Called": number, **params}, at)

    def unanswered(self, caller: TwimlCaller, how: str, at: int) -> None:
        """Tell that nobody has answered."""
        if caller.dial is not None:
            for noun in caller.dial.numbers:
                self.leg(caller, noun.number, "completed", at, CallStatus=STATUS[how])

    def parted(self, caller: TwimlCaller, at: int) -> None:
        """Tell that the conversation with somebody who was dialled is over."""
        if caller.met_with:
            lasted = seconds(at - (at if caller.met_at is None else caller.met_at))
            self.leg(caller, caller.met_with, "completed", at, CallDuration=str(round(lasted)))
            caller.met_with = ""

    def conference(self, what: str, gathering: Gathering, caller: TwimlCaller, at: int) -> None:
        """Tell of a conference what the one who came first wants told of it."""
        noun = caller.dial.conference if caller.dial is not None else None
        if what == "join" and gathering.room not in self._of and noun is not None:
            self._of[gathering.room] = noun.callback, 0
        callback, told = self._of.get(gathering.room, (Callback(), 0))
        self._of[gathering.room] = callback, told + 1
        seat = gathering.seats.get(caller.serial)
        params = {"ConferenceSid": sid("CF", gathering.name, gathering.room),
                  "FriendlyName": gathering.name.partition(" ")[2], "StatusCallbackEvent": _EVENTS[what],
                  "SequenceNumber": str(told + 1)}
        if what in ("join", "leave") and seat is not None:
            params |= {"Muted": _word(seat.muted), "Hold": "false", "Coaching": "false",
                       "StartConferenceOnEnter": _word(seat.starts), "EndConferenceOnExit": _word(seat.ends)}
        self._requests.tell(caller, callback, what, params, at)
        if what == "end":
            self._of.pop(gathering.room, None)


def _word(so: bool) -> str:
    return "true" if so else "false"
