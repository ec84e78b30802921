"""Tells an application of what becomes of numbers that it dials, and of its conferences, where it wants that."""

from collections.abc import Mapping

from ivr.clock import seconds
from ivr.custom.twiml.asking import ANONYMOUS, sid
from ivr.custom.twiml.caller import STATUS, TwimlCaller
from ivr.custom.twiml.requesting import Requests
from ivr.custom.twiml.verbs import Callback, NumberNoun
from ivr.engine.messages import BUSY
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

    def leg(self, caller: TwimlCaller, noun: NumberNoun, event: str, at: int, **params: str) -> None:
        """Tell of a number that is dialled: "initiated", "ringing", "answered", "completed"."""
        status = {"answered": "in-progress"}.get(event, event)
        self._requests.tell(caller, noun.callback, event, {
            "ParentCallSid": sid("CA", caller.serial), "CallSid": sid("CA", caller.serial, noun.number),
            "CallStatus": status, "Direction": "outbound-dial", "From": caller.phone or ANONYMOUS,
            "To": noun.number, "Called": noun.number, **params}, at)

    def answered(self, caller: TwimlCaller, number: str, event: str, at: int, **params: str) -> None:
        """Tell of who has answered a number; of several that are the same it is the first."""
        dial = caller.dial
        if noun := next((one for one in (dial.numbers if dial else ()) if one.number == number), None):
            self.leg(caller, noun, event, at, **params)

    def over(self, caller: TwimlCaller, url: str, at: int) -> None:
        """Tell, once, that a call is over."""
        status = "completed"
        if caller.rings:
            status = "busy" if caller.refused == BUSY else "no-answer"
        lasted = seconds(at - (at if caller.answered_at is None else caller.answered_at))
        self._requests.tell(caller, Callback(url=url, events=frozenset({status})), status, {
            "CallStatus": status, "CallDuration": str(round(lasted)), "Duration": str(-int(-lasted // 60)),
            "CallbackSource": "call-progress-events", "SequenceNumber": "0"}, at)

    def recording(self, caller: TwimlCaller, callback: Callback, status: str, params: Mapping[str, str], at: int
                  ) -> None:
        """Tell what has become of a recording: "completed" or "absent"."""
        told = {name: value for name, value in params.items() if name != "Digits"}
        self._requests.tell(caller, callback, status, {
            **told, "RecordingStatus": status, "RecordingChannels": "1", "RecordingSource": "RecordVerb"}, at)

    def unanswered(self, caller: TwimlCaller, how: str, at: int) -> None:
        """Tell that nobody has answered."""
        if caller.dial is not None:
            for noun in caller.dial.numbers:
                self.leg(caller, noun, "completed", at, CallStatus=STATUS[how])

    def parted(self, caller: TwimlCaller, at: int) -> None:
        """Tell that the conversation with somebody who was dialled is over."""
        if caller.met_with:
            lasted = seconds(at - (at if caller.met_at is None else caller.met_at))
            self.answered(caller, caller.met_with, "completed", at, CallDuration=str(round(lasted)))
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
