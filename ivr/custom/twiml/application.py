"""An application at a URL as one of the engine's: it asks for documents, and does what they say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from ivr.clock import RATE, samples, seconds
from ivr.custom.application import Keep
from ivr.custom.kinds import BUSY, NO_ANSWER, OVER, TOGETHER
from ivr.custom.own import Seat, TwimlLine
from ivr.custom.rounds import Rounds
from ivr.custom.together import LEG, Gathering, Together, both
from ivr.custom.twiml.asking import (
    ANONYMOUS,
    SIGNATURE,
    VERSION,
    Fetch,
    Fetched,
    Fetches,
    NoFetches,
    path_of,
    sid,
    signature,
)
from ivr.custom.twiml.caller import STATUS, TwimlCaller
from ivr.custom.twiml.compiling import BASE, BROKEN, DOCUMENT, FETCHED, Compiled, Going, compiled
from ivr.custom.twiml.elements import BadTwiml
from ivr.custom.twiml.reading import read_twiml
from ivr.custom.twiml.verbs import Callback, ConferenceNoun, DialVerb, PlayVerb, SayVerb, TwimlDocument
from ivr.custom.twiml.voice import TwimlVoice
from ivr.engine import messages
from ivr.engine.application import Builder, Host
from ivr.engine.call import ENDED, Call
from ivr.engine.plain import PlainApplication
from ivr.engine.sound import Samples
from prompts.names import name_from

PATIENCE = samples(15)
"""How long Twilio waits for an answer."""

TOKEN = "0" * 32
"""What requests are signed with, unless another is given."""

ACCOUNT = "AC" + "0" * 32

_RING, _WAIT, _ANSWER, _LIMIT = "ring", "wait", "answer", "limit"
_KINDS = ("text/xml", "application/xml", "text/html")
_MOST_PLAYED = 100
"""Recordings that are kept of what was fetched."""

_EVENTS = {"join": "participant-join", "leave": "participant-leave", "start": "conference-start",
           "end": "conference-end"}


Shelf = Callable[[str, Samples], str]
"""Takes a recording by its name, int16 array [shape=(n,)]; returns where it can be fetched."""


def no_shelf(name: str, _: Samples) -> str:
    """Return an address that nobody has: there a recording can be played, and not fetched."""
    return f"http://recordings.invalid/{name}.wav"


@dataclass(frozen=True, slots=True)
class Means:
    """What an application at a URL works with.

    Attributes
    ----------
    voice : TwimlVoice
    fetches : Fetches
        Who carries requests there.
    token : str
        What they are signed with.
    slow : mapping of path to int
        How many samples pass until an answer, by the path of the URL; "" is any other.
    shelf : callable
        Takes a recording by its identifier; returns where it can be fetched.
    keep : callable
        Takes what callers record.
    """

    voice: TwimlVoice
    fetches: Fetches = field(default_factory=NoFetches)
    token: str = field(default=TOKEN, repr=False)
    slow: Mapping[str, int] = field(default_factory=dict)
    shelf: Shelf = no_shelf
    keep: Keep = lambda *_: None


class TwimlIvr(PlainApplication):
    """An application at a URL, on a bridge.

    Parameters
    ----------
    host : Host
    line : TwimlLine
    means : Means
    """

    flows = (BASE,)
    dials = True

    def __init__(self, host: Host, line: TwimlLine, means: Means, languages: tuple[str, ...]) -> None:
        self.languages = languages
        super().__init__(host)
        self._line, self._means, self._voice = line, means, means.voice
        self._callers: dict[int, TwimlCaller] = {}
        self._together = Together(host, lambda: host.number(self), host.give_back, self._changed)
        self._number = 0
        self._waiting: dict[int, tuple[int, Fetch, Callable[[TwimlCaller, Fetched, int], str | None]]] = {}
        self._held: dict[int, Fetched] = {}
        self._callbacks: dict[int, Callback] = {}
        if not isinstance(means.fetches, NoFetches):
            # an application that does not answer in time ends the run, and is no call's own fault
            host.contained.shared.add(type(means.fetches).__module__)

    def take(self, **known: Any) -> Call:  # noqa: ANN401
        """Return a new call, or that of somebody who was dialled for one."""
        if known.get("leg_of"):
            return Call(flows={LEG.name: LEG}, **known)
        call = TwimlCaller(flows={BASE.name: BASE}, rounds=Rounds(lambda: self.host.players.now),
                           language_of=self._voice.language, secret=self._line.secret,
                           going=Going(self._line.url, self._line.method), **known)
        self._callers[call.serial] = call
        return call

    # what is asked of the application

    def ask(self, call: Call, question: str, at: int) -> str | None:  # noqa: ARG002
        """Ask for a document, or find out whether the caller is still there for whom somebody was dialled."""
        caller = self._callers.get(call.serial)
        if caller is None:
            return self._connected(call, at)
        caller.fell_back = False
        going, params, caller.params = caller.going, caller.params, {}
        return self._request(caller, going, params, DOCUMENT, self._document, at)

    def _request(self, caller: TwimlCaller, going: Going, params: Mapping[str, str], what: str,
                 then: Callable[[TwimlCaller, Fetched, int], str | None], at: int) -> str | None:
        """Ask, and go on with what comes, now or later; return the exit if there is one already."""
        self._number += 1
        fields = {} if what == "recording" else {**self._about(caller), **params}
        fetch = self._signed(caller, Fetch(self._number, what, going.url, going.method, fields))
        self._waiting[fetch.number] = caller.serial, fetch, then
        fetched = self._means.fetches.fetch(fetch)
        return None if fetched is None else self._came(caller, fetched, at)

    def _signed(self, caller: TwimlCaller, fetch: Fetch) -> Fetch:
        signed = signature(self._means.token, fetch.address, fetch.fields if fetch.method == "POST" else {})
        cookies = caller.cookies.get(_host(fetch.url), {})
        headers = {SIGNATURE: signed}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return replace(fetch, headers=headers)

    def _about(self, caller: Call) -> dict[str, str]:
        """Return what every request tells."""
        from_ = caller.phone or ANONYMOUS
        status = "ringing" if not getattr(caller, "documents", 1) else "in-progress"
        return {"AccountSid": ACCOUNT, "ApiVersion": VERSION, "CallSid": sid("CA", caller.serial),
                "CallStatus": status, "Direction": "inbound", "From": from_, "Caller": from_, "To": caller.number,
                "Called": caller.number}

    def _came(self, caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
        """Take an answer, or hold it as long as the story says that the application takes."""
        _, fetch, _ = self._waiting[fetched.number]
        slow = self._slow(fetch.url) if fetch.what == DOCUMENT else 0
        if slow:
            if slow >= PATIENCE:
                fetched = Fetched(fetched.number, fetch.url, code=11200,
                                  failure=f"it has not answered within {seconds(PATIENCE):g} s")
            self._held[caller.serial] = fetched
            self.host.timers.set(caller.serial, _ANSWER, at + min(slow, PATIENCE))
            return None
        return self._taken(caller, fetched, at)

    def _slow(self, url: str) -> int:
        slow = self._means.slow
        return slow.get(urlsplit(url).path or "/", slow.get("", 0))

    def _taken(self, caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
        *_, then = self._waiting.pop(fetched.number)
        caller.cookies.setdefault(_host(fetched.url), {}).update(fetched.cookies)
        return then(caller, fetched, at)

    # what comes

    def _document(self, caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
        """Take a document; return the exit once all that it plays is there."""
        if fetched.failure:
            return self._broken(caller, fetched.url, fetched.code, fetched.failure, at)
        try:
            document = _read(fetched)
            made = compiled(document, fetched.url, secret=self._line.secret)
        except BadTwiml as error:
            return self._broken(caller, fetched.url, error.code, str(error), at)
        if fetched.samples is not None:
            self._played(fetched.url, fetched.samples)
        self.host.note(caller, at, "document", url=self._shown(caller, fetched.url),
                       verbs=" ".join(type(verb).__name__.removesuffix("Verb") for verb in document.verbs))
        for slip in document.slips:
            self.host.note(caller, at, "slip", url=self._shown(caller, fetched.url), what=slip)
        return self._complete(caller, made, at)

    def _complete(self, caller: TwimlCaller, made: Compiled, at: int) -> str | None:
        """Fetch what a document needs before a call can go through it; then let the call do so."""
        for name, going in list(made.waits.items()):
            del made.waits[name]
            return self._request(caller, going, {}, "wait document", self._wait_document(made, name), at)
        for url in made.media:
            if url not in self._voice.played:
                return self._request(caller, Going(url, "GET"), {}, "recording", self._recording(made, url), at)
        self._drop_lines(caller)
        caller.made, caller.documents = made, caller.documents + 1
        caller.flows = {**caller.flows, DOCUMENT: made.flow}
        for prompt, line in made.lines.items():
            self._voice.lines[caller.slot(prompt)] = line
        return FETCHED

    def _recording(self, made: Compiled, url: str) -> Callable[[TwimlCaller, Fetched, int], str | None]:
        def then(caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
            if fetched.failure or fetched.samples is None:
                why = fetched.failure or f"it is no recording but {fetched.kind[:40]!r}"
                return self._broken(caller, url, fetched.code or 12300, why, at)
            self._played(url, fetched.samples)
            return self._complete(caller, made, at)
        return then

    def _wait_document(self, made: Compiled, name: str) -> Callable[[TwimlCaller, Fetched, int], str | None]:
        def then(caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
            try:
                if not fetched.failure:
                    if fetched.samples is not None:
                        self._played(fetched.url, fetched.samples)
                    made.wait(name, _read(fetched), fetched.url)
                why = fetched.failure
            except BadTwiml as error:
                why = str(error)
            if why:  # who waits hears silence then
                self.host.note(caller, at, "slip", url=self._shown(caller, fetched.url), what=why)
            return self._complete(caller, made, at)
        return then

    def _broken(self, caller: TwimlCaller, url: str, code: int, why: str, at: int) -> str | None:
        """Take it that the application has failed: ask the fallback, if there is one and it has not failed too."""
        falls_back = bool(self._line.fallback) and not caller.fell_back
        self.host.note(caller, at, "application-failed", url=self._shown(caller, url), code=code,
                       because=caller.masked(why), fallback=falls_back)
        if not falls_back:
            return BROKEN
        caller.fell_back = True
        return self._request(caller, Going(self._line.fallback, self._line.method),
                             {"ErrorCode": str(code), "ErrorUrl": url}, DOCUMENT, self._document, at)

    def _played(self, url: str, recorded: Samples) -> None:
        played = self._voice.played
        while len(played) >= _MOST_PLAYED:
            played.pop(next(iter(played)))
        played[url] = recorded

    def _shown(self, caller: TwimlCaller, url: str) -> str:
        return caller.masked(path_of(url))

    def _drop_lines(self, caller: TwimlCaller) -> None:
        if caller.made is not None:
            for prompt in caller.made.lines:
                self._voice.lines.pop(caller.slot(prompt), None)

    # what documents have done

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
                self._together.join(caller, both(caller.serial), at)
            case "reject":
                self.host.note(caller, at, "rejected", reason=node)
                self.host.queue.tell(caller.serial, OVER)

    def _dial(self, caller: TwimlCaller, dial: DialVerb, at: int) -> None:
        caller.legs, caller.met_at = len(dial.numbers), None
        caller.params = {}
        self.host.timers.set(caller.serial, _RING, at + samples(dial.timeout))
        for noun in dial.numbers:
            self.host.note(caller, at, "dialling", to=noun.number)
            self._tell_of_leg(caller, noun.number, "initiated", at)
            self._tell_of_leg(caller, noun.number, "ringing", at)
            self.host.place(caller, noun.number)

    def _join(self, caller: TwimlCaller, dial: DialVerb, at: int) -> None:
        noun = dial.conference
        if noun is None or self._together.seated(caller):
            return
        seat = _seat(noun)
        caller.params, caller.met_at = {}, at
        if not self._together.takes(seat):
            self.host.note(caller, at, "conference-full", room=noun.name)
            self.host.queue.tell(caller.serial, OVER)
            return
        said = noun.wait_url and not self._together.begun(seat)
        self._together.join(caller, seat, at)
        if not said and self._together.begun(seat):
            self.host.players.silence(caller, at)
        self.host.timers.set(caller.serial, _LIMIT, at + samples(dial.limit))

    def recorded(self, call: Call, samples: Samples, at: int) -> str:
        """Keep what was recorded, if anything was said; the action is told where it is."""
        caller = self._callers[call.serial]
        if name_from(samples, RATE) is None:
            return "nothing"
        caller.recordings += 1
        name = sid("RE", caller.serial, caller.recordings)
        url = self._means.shelf(name, samples)
        self._played(url, samples)
        self._means.keep(name, caller.caller, samples)
        caller.params = {"RecordingUrl": url, "RecordingSid": name,
                         "RecordingDuration": str(max(1, round(seconds(len(samples)))))}
        self.host.note(caller, at, "recorded", name=name, seconds=seconds(len(samples)))
        return "recorded"

    # what becomes due, or comes from elsewhere

    def due(self, call: Call, kind: str, at: int) -> None:
        """Take it that a pause or the time of a Dial is over, or that a slow application answers."""
        caller = self._callers[call.serial]
        match kind:
            case "ring":
                self.host.place(call, "")
                self._unanswered(caller, NO_ANSWER, at)
            case "wait":
                self.host.queue.tell(call.serial, OVER)
            case "limit":
                self._together.leave(caller, at)
                self.host.queue.tell(call.serial, OVER)
            case "answer":
                exit_ = self._taken(caller, self._held.pop(call.serial), at)
                if exit_ is not None:
                    self.host.queue.answer(call.serial, DOCUMENT, exit_)

    def declined(self, call: Call, code: int, at: int) -> None:
        """Tell a caller whom he cannot reach: busy if all lines are; any other rings until it is given up."""
        caller = self._callers.get(call.serial)
        if caller is None or not self.host.timers.has(call.serial, _RING) or code != messages.BUSY:
            return
        caller.legs -= 1
        if not caller.legs:
            self.host.timers.cancel(call.serial, _RING)
            self._unanswered(caller, BUSY, at)

    def awaits(self) -> bool:
        """Tell whether an answer has yet to come."""
        return bool(self._waiting)

    def poll(self, at: int) -> None:
        """Give callers what has come for them."""
        for fetched in self._means.fetches.fetched():
            serial = self._waiting.get(fetched.number, (0,))[0]
            caller = self._callers.get(serial)
            if caller is not None and caller.state != ENDED:
                self.host.work(caller, at, self._later, caller, fetched, at)
            else:
                self._waiting.pop(fetched.number, None)

    def _later(self, caller: TwimlCaller, fetched: Fetched, at: int) -> None:
        exit_ = self._came(caller, fetched, at)
        if exit_ is not None:
            self.host.queue.answer(caller.serial, DOCUMENT, exit_)

    # others

    def _connected(self, leg: Call, at: int) -> str:
        """Let somebody who was dialled be with the caller, if he is still there; return the exit."""
        caller = self._callers.get(leg.leg_of)
        if caller is None or caller.state == ENDED or not self.host.timers.has(leg.leg_of, _RING):
            return OVER
        self.host.timers.cancel(caller.serial, _RING)
        self.host.place(caller, "")  # the first who answers has the call
        caller.met_at, caller.met_with = at, leg.phone
        caller.params |= {"DialCallSid": sid("CA", leg.serial)}
        self._tell_of_leg(caller, leg.phone, "answered", at)
        if dial := self._dial_of(caller):
            self.host.timers.set(caller.serial, _LIMIT, at + samples(dial.limit))
        self._together.join(leg, both(caller.serial), at)
        self.host.queue.tell(caller.serial, TOGETHER)
        return TOGETHER

    def _unanswered(self, caller: TwimlCaller, how: str, at: int) -> None:
        if dial := self._dial_of(caller):
            for noun in dial.numbers:
                self._tell_of_leg(caller, noun.number, "completed", at, CallStatus=STATUS[how])
        self.host.queue.tell(caller.serial, how)

    def _dial_of(self, caller: TwimlCaller) -> DialVerb | None:
        return caller.made.dials.get(caller.place) if caller.made is not None else None

    def _tell_of_leg(self, caller: TwimlCaller, number: str, event: str, at: int, **params: str) -> None:
        dial = self._dial_of(caller)
        for noun in dial.numbers if dial is not None else ():
            if noun.number == number:
                status = {"answered": "in-progress"}.get(event, event)
                self._tell(caller, noun.callback, event, {
                    "ParentCallSid": sid("CA", caller.serial), "CallSid": sid("CA", caller.serial, number),
                    "CallStatus": status, "Direction": "outbound-dial", "From": caller.phone or ANONYMOUS,
                    "To": number, "Called": number, **params}, at)

    def _changed(self, what: str, gathering: Gathering, call: Call, at: int) -> None:
        """Tell of a conference what the one who came first wants told of it."""
        caller = self._callers.get(call.serial)
        dial = self._dial_of(caller) if caller is not None else None
        if what == "leave" and caller is not None:
            self.host.timers.cancel(caller.serial, _LIMIT)
            if caller.met_with:
                lasted = str(round(seconds(at - (caller.met_at or at))))
                self._tell_of_leg(caller, caller.met_with, "completed", at, CallDuration=lasted)
                caller.met_with = ""
        if caller is None or gathering.name == both(call.serial).room:
            return
        if what == "join" and gathering.room not in self._callbacks and dial is not None and dial.conference:
            self._callbacks[gathering.room] = dial.conference.callback
        callback = self._callbacks.get(gathering.room, Callback())
        seat = gathering.seats.get(call.serial)
        told = {"ConferenceSid": sid("CF", gathering.name, gathering.room),
                "FriendlyName": gathering.name.removeprefix("room "), "StatusCallbackEvent": _EVENTS[what]}
        if what in ("join", "leave"):
            told |= {"Muted": str(bool(seat and seat.muted)).lower(), "Hold": "false",
                     "StartConferenceOnEnter": str(bool(seat and seat.starts)).lower(),
                     "EndConferenceOnExit": str(bool(seat and seat.ends)).lower()}
        self._tell(caller, callback, what, told, at)
        if what == "end":
            self._callbacks.pop(gathering.room, None)

    def _tell(self, caller: TwimlCaller, callback: Callback, event: str, params: Mapping[str, str], at: int
              ) -> None:
        """Tell the application of something; what it answers does not matter."""
        if not callback.url or event not in callback.events:
            return
        base = caller.made.url if caller.made is not None else self._line.url
        self._number += 1
        fetch = self._signed(caller, Fetch(self._number, "callback", _joined(base, callback.url), callback.method,
                                           {**self._about(caller), **params}))
        fetched = self._means.fetches.fetch(fetch)
        why = fetched.failure if fetched is not None else ""
        self.host.note(caller, at, "told-application", what=event, url=self._shown(caller, fetch.url),
                       **({"because": caller.masked(why)} if why else {}))

    # its end

    def over(self, call: Call, at: int) -> None:
        """Let a call go from wherever it is."""
        self._let_go(call, at)

    def broke(self, call: Call, at: int) -> None:  # noqa: ARG002
        """Expect nothing more for a call in whose work something broke off."""
        for kind in (_RING, _WAIT, _ANSWER, _LIMIT):
            self.host.timers.cancel(call.serial, kind)
        self._held.pop(call.serial, None)
        self._waiting = {number: one for number, one in self._waiting.items() if one[0] != call.serial}

    def mend(self, call: Call, at: int) -> None:
        """Let others go who are with such a call."""
        self._let_go(call, at)

    def forget(self, call: Call) -> None:
        """Be done with a call that is over."""
        self._let_go(call, self.host.players.now)
        caller = self._callers.pop(call.serial, None)
        if caller is not None:
            self._drop_lines(caller)

    def _let_go(self, call: Call, at: int) -> None:
        if self.host.timers.has(call.serial, _RING):
            self.host.place(call, "")
        self.broke(call, at)
        self._together.leave(call, at)


def _seat(noun: ConferenceNoun) -> Seat:
    # "call " begins the names of those that two have by themselves
    return Seat(f"room {noun.name}", starts=noun.starts, ends=noun.ends, music=noun.wait_url is None,
                muted=noun.muted, beep=noun.beep in ("true", "onEnter"),
                beep_leaving=noun.beep in ("true", "onExit"), least=2, most=noun.most)


def _read(fetched: Fetched) -> TwimlDocument:
    """Return the document that an answer is: TwiML, a text to be said, or a recording to be played."""
    if fetched.samples is not None:
        return TwimlDocument((PlayVerb(line=0, url=fetched.url),))
    if fetched.kind == "text/plain":
        text = fetched.body.decode("utf-8", "replace")
        return TwimlDocument((SayVerb(line=0, text=" ".join(text.split())[:4000]),))
    if fetched.kind not in _KINDS:
        raise BadTwiml(0, f"the answer is {fetched.kind[:40]!r}, which is neither TwiML, text nor a recording",
                       12300)
    return read_twiml(fetched.body)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def twiml_ivr(line: TwimlLine, means: Means, languages: tuple[str, ...] = ("en-US",)) -> Builder:
    """Return what makes an application at a URL on a bridge."""
    return lambda host: TwimlIvr(host, line, means, languages)
