"""An application at a URL as one of the engine's: it asks for documents, and does what they say."""

from typing import Any

import numpy as np

import dtmf
from ivr.clock import RATE, samples, seconds
from ivr.custom.own import TwimlLine, room_of
from ivr.custom.rounds import Rounds
from ivr.custom.twiml.asking import path_of, sid
from ivr.custom.twiml.callbacks import Callbacks
from ivr.custom.twiml.caller import TwimlCaller
from ivr.custom.twiml.compiling import BASE, Going
from ivr.custom.twiml.documents import Documents
from ivr.custom.twiml.requesting import RequestMeans, Requests
from ivr.custom.twiml.speech import SAID, SPEAKS, Utterance
from ivr.custom.twiml.verbs import Callback, ConferenceNoun, DialVerb
from ivr.engine import messages
from ivr.engine.application import Builder, Host
from ivr.engine.call import ENDED, Call
from ivr.engine.dialling import BUSY, KEYED_LEG, LEG, NO_ANSWER, RING, Dialling
from ivr.engine.plain import PlainApplication
from ivr.engine.sound import Samples
from ivr.engine.together import OVER, Gathering, Seat, Together, both
from ivr.secrecy import MASK
from prompts.names import name_from

_WAIT, _LIMIT, _SPEECH = "wait", "limit", "speech"


class TwimlIvr(PlainApplication):
    """An application at a URL, on a bridge.

    Parameters
    ----------
    host : Host
    line : TwimlLine
    means : RequestMeans
    """

    flows = (BASE,)
    dials = early = True

    def __init__(self, host: Host, line: TwimlLine, means: RequestMeans, languages: tuple[str, ...]) -> None:
        self.languages = languages
        super().__init__(host)
        self._line, self._means = line, means
        self._requests = Requests(host, means)
        self._documents = Documents(host, line, means, self._requests)
        self._callbacks = Callbacks(self._requests)
        self._callers: dict[int, TwimlCaller] = {}
        self._together = Together(host, lambda: host.number(self), host.give_back, self._changed)
        self._dialling = Dialling(host, self._together)

    def take(self, **known: Any) -> Call:  # noqa: ANN401
        """Return a new call, or that of somebody who was dialled for one."""
        if known.get("leg_of"):
            leg = KEYED_LEG if self._digits(known["leg_of"], known["phone"]) else LEG
            return Call(flows={leg.name: leg}, **known)
        call = TwimlCaller(flows={BASE.name: BASE}, rounds=Rounds(lambda: self.host.players.now),
                           language_of=self._means.voice.language, secret=self._line.secret,
                           takes=self._takes, going=Going(self._line.url, self._line.method), **known)
        self._callers[call.serial] = call
        return call

    # what flows ask, and have done

    def ask(self, call: Call, question: str, at: int) -> str | None:  # noqa: ARG002
        """Ask for a document, or find out whether the caller is still there for whom somebody was dialled."""
        caller = self._callers.get(call.serial)
        return self._connected(call, at) if caller is None else self._documents.ask(caller, at)

    def do(self, call: Call, command: str, at: int) -> None:
        """Do what a node asks for when a call comes there."""
        caller = self._callers.get(call.serial)
        what, _, node = command.partition(" ")
        if caller is None or caller.made is None:
            return
        match what:
            case "wait":
                self.host.timers.set(call.serial, _WAIT, at + caller.made.pauses[node])
            case "dial":
                self._dial(caller, caller.made.dials[node], at)
            case "join":
                self._join(caller, caller.made.dials[node], at)
            case "begin":
                self._together.begin(caller, at)
            case "meet":
                self._dialling.meet(caller, at)
            case "part" if self._together.seated(caller):
                self._together.leave(caller, at)
                self.host.queue.tell(caller.serial, OVER)
            case "reject":
                caller.refused = messages.BUSY if node == "busy" else messages.UNWANTED
                self.host.note(caller, at, "rejected", reason=node)
                self.host.queue.tell(caller.serial, OVER)

    def _dial(self, caller: TwimlCaller, dial: DialVerb, at: int) -> None:
        caller.met_at = None
        caller.params = {}
        for noun in dial.numbers:
            self._dialling.dial(caller, noun.number, at, rings=samples(dial.timeout),
                                shown=caller.masked(noun.number))
            self._callbacks.leg(caller, noun, "initiated", at)
            self._callbacks.leg(caller, noun, "ringing", at)

    def _join(self, caller: TwimlCaller, dial: DialVerb, at: int) -> None:
        noun = dial.conference
        if noun is None or self._together.seated(caller):
            return
        seat = _seat(noun, caller.masked(noun.name))
        caller.params, caller.met_at = {}, at
        if not self._together.takes(seat):
            self.host.note(caller, at, "conference-full", room=seat.shown)
            self.host.queue.tell(caller.serial, OVER)
            return
        self._together.join(caller, seat, at)
        if self._together.begun(seat):
            self.host.players.silence(caller, at)  # what would be heard until it begins
        self.host.timers.set(caller.serial, _LIMIT, at + samples(dial.limit))

    def recorded(self, call: Call, samples: Samples, at: int) -> str:
        """Keep what was recorded, if anything was said; the action is told where it is."""
        caller = self._callers[call.serial]
        verb = caller.made.records.get(caller.place or caller.left) if caller.made is not None else None
        callback = verb.callback if verb is not None else Callback()
        if name_from(samples, RATE) is None:
            self._callbacks.recording(caller, callback, "absent", {}, at)
            return "nothing"
        caller.recordings += 1
        name = sid("RE", caller.serial, caller.recordings)
        url = self._means.shelf(name, samples)
        self._documents.played(url, samples)
        self._means.keep(name, caller.caller, samples)
        caller.params = {"RecordingUrl": url, "RecordingSid": name,
                         "RecordingDuration": str(max(1, round(seconds(len(samples))))),
                         "Digits": caller.pressed[0] if caller.pressed[1] == at else ""}
        self.host.note(caller, at, "recorded", name=name, seconds=seconds(len(samples)))
        self._callbacks.recording(caller, callback, "completed", caller.params, at)
        going = caller.made.goings.get(caller.left.replace("record", "go")) if caller.made is not None else None
        if caller.state == ENDED and going is not None:  # there is no call any more that would go on
            self._requests.tell(caller, Callback(url=going.url, method=going.method, events=frozenset({"hangup"})),
                                "hangup", {**caller.params, "Digits": "hangup", "CallStatus": "completed"}, at)
        return "recorded"

    def playback(self, call: Call, what: str) -> Samples:  # noqa: ARG002
        """Return the keys that are pressed to somebody who has answered."""
        digits = self._digits(call.leg_of, call.phone)
        self.host.note(call, self.host.players.now, "sent-digits", digits=MASK if self._line.secret else digits)
        return np.asarray(dtmf.encode(digits, RATE), np.int16)

    def _digits(self, serial: int, number: str) -> str:
        """Return the keys that are to be pressed to who answers a number that is dialled for a call."""
        caller = self._callers.get(serial)
        dial = caller.dial if caller is not None else None
        return next((noun.digits for noun in (dial.numbers if dial else ()) if noun.number == number), "")

    # what becomes due, or comes from elsewhere

    def due(self, call: Call, kind: str, at: int) -> None:
        """Take it that a pause or the time of a Dial is over, or that a slow application answers."""
        caller = self._callers[call.serial]
        match kind:
            case "ring":
                self._dialling.give_up(call)
                self._unanswered(caller, NO_ANSWER, at)
            case "wait":
                self.host.queue.tell(call.serial, OVER)
            case "limit" if self._together.seated(caller):
                self._together.leave(caller, at)
                self.host.queue.tell(call.serial, OVER)
            case "answer":
                self._requests.due(caller, at)
            case "speech" if caller.node is not None and SAID in caller.node.on:
                self.host.queue.tell(call.serial, SAID)

    def declined(self, call: Call, code: int, at: int) -> None:
        """Tell a caller whom he cannot reach: busy if all lines are; any other rings until it is given up."""
        caller = self._callers.get(call.serial)
        if caller is not None and self._dialling.declined(caller, code):
            self._unanswered(caller, BUSY, at)

    def awaits(self) -> bool:
        """Tell whether an answer has yet to come."""
        return bool(self._requests)

    def poll(self, at: int) -> None:
        """Give callers what has come for them."""
        self._requests.poll(at, self._callers)
        for utterance in self._means.spoken():
            for caller in self._callers.values():
                if caller.caller == utterance.caller and caller.state != ENDED:
                    self.host.work(caller, at, self._speaks, caller, utterance)

    def _speaks(self, caller: TwimlCaller, utterance: Utterance) -> None:
        waits = caller.node is not None and SPEAKS in caller.node.on
        if (until := caller.speaks(utterance)) is None:
            return
        self.host.timers.set(caller.serial, _SPEECH, until)
        if waits:
            self.host.queue.tell(caller.serial, SPEAKS)

    # others

    def _connected(self, leg: Call, at: int) -> str:
        """Let somebody who was dialled be with the caller, if he is still there; return the exit."""
        caller = self._callers.get(leg.leg_of)
        if caller is None or self._dialling.reached(leg) is None:
            return OVER
        caller.met_at, caller.met_with, caller.met_leg = at, leg.phone, leg.serial
        caller.params |= {"DialCallSid": sid("CA", leg.serial)}
        self._callbacks.answered(caller, leg.phone, "answered", at)
        if (dial := caller.dial) is not None:
            self.host.timers.set(caller.serial, _LIMIT, at + samples(dial.limit))
        return self._dialling.join(leg, caller, at)

    def _takes(self, caller: TwimlCaller, node: str, exit_: str) -> None:
        if caller.made is not None:
            self._means.branches.take(caller.made, caller.masked(path_of(caller.made.url)), node, exit_)

    def _unanswered(self, caller: TwimlCaller, how: str, at: int) -> None:
        self._callbacks.unanswered(caller, how, at)
        self.host.queue.tell(caller.serial, how)

    def _changed(self, what: str, gathering: Gathering, call: Call, at: int) -> None:
        """Take it that somebody comes or goes where callers are together."""
        caller = self._callers.get(call.leg_of or call.serial)
        if caller is None:
            return
        if what == "leave":
            self.host.timers.cancel(caller.serial, _LIMIT)
            self._callbacks.parted(caller, at)
        if gathering.name != both(caller.serial).room:
            self._callbacks.conference(what, gathering, caller, at)

    # its end

    def over(self, call: Call, at: int) -> None:
        """Let a call go from wherever it is."""
        self._let_go(call, at)

    def broke(self, call: Call, at: int) -> None:  # noqa: ARG002
        """Expect nothing more for a call in whose work something broke off."""
        for kind in (RING, _WAIT, _LIMIT, _SPEECH):
            self.host.timers.cancel(call.serial, kind)
        self._requests.drop(call.serial)

    def mend(self, call: Call, at: int) -> None:
        """Let others go who are with such a call."""
        self._let_go(call, at)

    def forget(self, call: Call) -> None:
        """Be done with a call that is over."""
        self._let_go(call, self.host.players.now)
        caller = self._callers.pop(call.serial, None)
        if caller is not None:
            self._callbacks.over(caller, self._line.status, self.host.players.now)
            self._documents.drop(caller)

    def _let_go(self, call: Call, at: int) -> None:
        self._dialling.let_go(call, at)
        self.broke(call, at)


def _seat(noun: ConferenceNoun, shown: str) -> Seat:
    return Seat(room_of(noun.name), starts=noun.starts, ends=noun.ends, music=noun.wait_url is None,
                muted=noun.muted, beep=noun.beep in ("true", "onEnter"),
                beep_leaving=noun.beep in ("true", "onExit"), least=2, most=noun.most,
                shown=shown)


def twiml_ivr(line: TwimlLine, means: RequestMeans, languages: tuple[str, ...] = ("en-US",)) -> Builder:
    """Return what makes an application at a URL on a bridge."""
    return lambda host: TwimlIvr(host, line, means, languages)
