"""Reads TwiML: into verbs, or to one sentence about what is wrong, with its line.

What is documented for Twilio's voice verbs is read here; docs/twiml.md says what becomes of each attribute.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from ivr.custom.twiml.elements import BadTwiml, Element, elements
from ivr.custom.twiml.verbs import (
    Callback,
    ConferenceNoun,
    DialVerb,
    GatherVerb,
    HangupVerb,
    NumberNoun,
    PauseVerb,
    PlayVerb,
    RecordVerb,
    RedirectVerb,
    RejectVerb,
    SayVerb,
    Spoken,
    TwimlDocument,
    Verb,
)
from ivr.custom.wording import MOST_SAID
from ivr.reading import nearest

_KEYS = "0123456789*#"
_METHODS = ("GET", "POST")
_TRUE_FALSE = {"true": True, "false": False}
_MOST_URL = 2000
_MOST_LOOP = 1000
_A_DAY = 86_400
_MOST_SLIPS = 20
"""Told of one document; of others only how many there are."""

_AUTO = 1
"""Seconds of silence after which somebody has said all, where the application leaves that to others."""

_PASSED_OVER: Mapping[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in {
    "Say": "voice",
    "Play": "",
    "Pause": "",
    "Gather": "hints language partialResultCallback partialResultCallbackMethod profanityFilter speechModel "
              "enhanced debug dtmfDetection",
    "Record": "trim transcribe transcribeCallback recordingTrack",
    "Redirect": "", "Reject": "", "Hangup": "",
    "Dial": "answerOnBridge callerId record trim ringTone recordingStatusCallback "
            "recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack referUrl referMethod "
            "sequential events",
    "Number": "url method byoc machineDetection",
    "Conference": "participantLabel jitterBufferSize record region trim coach eventCallbackUrl "
                  "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent",
}.items()}
"""Attributes that are documented and mean nothing to a simulator; what is neither these nor read is a slip."""

_NOT_DONE: Mapping[tuple[str, str], str] = {
    ("Record", "transcribe"): "nothing is transcribed here",
    ("Record", "transcribeCallback"): "nothing is transcribed here",
    ("Gather", "partialResultCallback"): "what is said is told as a whole here",
    ("Dial", "record"): "what two say to each other is not recorded here",
    ("Conference", "record"): "a conference is not recorded here",
    ("Number", "url"): "who answers is not read a document of his own here"}
"""Attributes of these that an application may rely on: that nothing comes of them is told."""

_NOTHING_WANTED = ("false", "do-not-record", "")

_V = TypeVar("_V")


def read_twiml(data: bytes) -> TwimlDocument:
    """Read a document.

    Raises
    ------
    BadTwiml
        With the line, and what is wrong there.
    """
    root = elements(data)
    if root.name != "Response":
        raise BadTwiml(root.line, f"the document begins with <{root.name[:40]}>: TwiML begins with <Response>")
    if root.text:
        raise BadTwiml(root.line, "there is text in <Response> that belongs to no verb: put it into <Say>")
    slips: list[str] = []
    verbs = tuple(_verb(one, slips) for one in root.children)
    more = [f"and {len(slips) - _MOST_SLIPS} more"] if len(slips) > _MOST_SLIPS else []
    return TwimlDocument(verbs, (*slips[:_MOST_SLIPS], *more))


class _Attributes:
    """Takes the attributes of an element, one by one; what is left then is a slip."""

    def __init__(self, element: Element) -> None:
        self._element, self._left = element, dict(element.attributes)
        self._known: list[str] = []

    def text(self, name: str, usual: str = "") -> str:
        self._known.append(name)
        return self._left.pop(name, usual)

    def number(self, name: str, usual: int, least: int, most: int) -> int:
        if name not in self._left:
            self._known.append(name)
            return usual
        text = self.text(name)
        if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
            raise self._bad(name, text, f"a whole number from {least} to {most}")
        return int(text)

    def number_or_auto(self, name: str, usual: int, auto: int, least: int) -> int:
        """Return seconds, or what "auto" stands for."""
        if self._left.get(name) == "auto":
            self.text(name)
            return auto
        return self.number(name, usual, least, _A_DAY)

    def one_of(self, name: str, usual: str, words: Iterable[str]) -> str:
        text, words = self.text(name, usual), tuple(words)
        if text not in words:
            raise self._bad(name, text, "one of " + ", ".join(words))
        return text

    def yes(self, name: str, usual: bool) -> bool:
        return _TRUE_FALSE[self.one_of(name, "true" if usual else "false", _TRUE_FALSE)]

    def method(self, name: str = "method") -> str:
        return self.one_of(name, "POST", _METHODS)

    def url(self, name: str) -> str:
        return url_of(self._element, self.text(name), f"{self._element.name}'s {name}")

    def keys(self, name: str, usual: str, most: int) -> str:
        text = self.text(name, usual)
        if len(text) > most or set(text) - set(_KEYS):
            raise self._bad(name, text, "a key, 0-9, * or #" if most == 1 else "keys, 0-9, * and #")
        return text

    def pressed(self, name: str) -> str:
        """Return keys that are pressed, with pauses."""
        digits = self.text(name)
        if set(digits) - set(_KEYS + "wWABCD") or len(digits) > 100:
            raise BadTwiml(self._element.line, f"{self._element.name}'s {name} are {digits[:40]!r}: it takes keys "
                           "and the pause w")
        return digits

    def callback(self, usual: str, events: Sequence[str], name: str = "statusCallback") -> Callback:
        url, method = self.url(name), self.method(f"{name}Method")
        named = self.text(f"{name}Event", usual).split()
        for one in named:
            if one not in events:
                raise self._bad(f"{name}Event", one, "of " + ", ".join(events))
        return Callback(url=url, method=method, events=frozenset(named))

    def slips(self, before: Sequence[str]) -> Iterable[str]:
        """Give what is passed over; without looking for what may be meant where so many were told before."""
        name = self._element.name
        known = self._known if len(before) < _MOST_SLIPS else ()
        undone = {_NOT_DONE[name, key]: key for key, value in reversed(self._left.items())
                  if (name, key) in _NOT_DONE and value not in _NOTHING_WANTED}
        for why, key in undone.items():
            yield f"line {self._element.line}: {name}'s {key} is passed over: {why}"
        for key in self._left:
            if key not in _PASSED_OVER[name]:
                yield (f"line {self._element.line}: {name} has no {key[:40]!r}"
                       f"{nearest(key[:40], known) if known else ''}")

    def _bad(self, name: str, value: str, wanted: str) -> BadTwiml:
        return BadTwiml(self._element.line, f"{self._element.name}'s {name} is {value[:40]!r}: it takes {wanted}")


def url_of(element: Element, text: str, what: str) -> str:
    """Return a URL as it is written, absolute or not."""
    if len(text) > _MOST_URL or re.search(r"[\s\x00-\x20\x7f]", text):
        raise BadTwiml(element.line, f"{what} is no URL: {text[:40]!r}")
    return text


def _say(element: Element, given: _Attributes) -> SayVerb:
    if len(element.text) > MOST_SAID:
        raise BadTwiml(element.line, f"what is said has {len(element.text)} characters: {MOST_SAID} at most")
    return SayVerb(line=element.line, text=element.text, language=given.text("language"),
                   loop=given.number("loop", 1, 0, _MOST_LOOP))


def _play(element: Element, given: _Attributes) -> PlayVerb:
    digits = given.pressed("digits")
    url = url_of(element, element.text, "what is played")
    if not (url or digits):
        raise BadTwiml(element.line, "Play plays nothing: put a URL into it")
    return PlayVerb(line=element.line, url=url, digits=digits, loop=given.number("loop", 1, 0, _MOST_LOOP))


def _pause(element: Element, given: _Attributes) -> PauseVerb:
    return PauseVerb(line=element.line, length=given.number("length", 1, 0, _A_DAY))


def _gather(element: Element, given: _Attributes, spoken: tuple[Spoken, ...]) -> GatherVerb:
    taken = given.one_of("input", "dtmf", ("dtmf", "speech", "dtmf speech", "speech dtmf")).split()
    waits = given.number_or_auto("timeout", 5, 5, 0)
    pause = given.number_or_auto("speechTimeout", waits, _AUTO, 1)
    return GatherVerb(
        line=element.line, action=given.url("action"), method=given.method(),
        timeout=waits,
        most=given.number("numDigits", 0, 1, 1000),
        finish=given.keys("finishOnKey", "#", 1), on_empty=given.yes("actionOnEmptyResult", False),
        barge_in=given.yes("bargeIn", True), prompts=spoken, keys="dtmf" in taken, words="speech" in taken,
        pause=pause)


def _record(element: Element, given: _Attributes) -> RecordVerb:
    return RecordVerb(line=element.line, action=given.url("action"), method=given.method(),
                      timeout=given.number("timeout", 5, 1, _A_DAY),
                      finish=given.keys("finishOnKey", "1234567890*#", 12),
                      longest=given.number("maxLength", 3600, 1, 14_400), beep=given.yes("playBeep", True),
                      callback=given.callback("completed", ("in-progress", "completed", "absent"),
                                              "recordingStatusCallback"))


def _redirect(element: Element, given: _Attributes) -> RedirectVerb:
    return RedirectVerb(line=element.line, url=url_of(element, element.text, "where Redirect leads"),
                        method=given.method())


def _reject(element: Element, given: _Attributes) -> RejectVerb:
    return RejectVerb(line=element.line, reason=given.one_of("reason", "rejected", ("rejected", "busy")))


def _hangup(element: Element, given: _Attributes) -> HangupVerb:  # noqa: ARG001
    return HangupVerb(line=element.line)


def _dial(element: Element, given: _Attributes, slips: list[str]) -> DialVerb:
    numbers, conference = [], None
    if element.text:
        numbers.append(NumberNoun(line=element.line, number=_number(element)))
    for child in element.children:
        match child.name:
            case "Number":
                numbers.append(_taken(child, slips, _number_noun))
            case "Conference" if conference is None:
                conference = _taken(child, slips, _conference)
            case "Conference":
                raise BadTwiml(child.line, "a Dial leads to one Conference")
            case other:
                raise BadTwiml(child.line, f"Dial has no {other[:40]!r} here"
                               f"{nearest(other[:40], ('Number', 'Conference'))}")
    if bool(numbers) == (conference is not None) or len(numbers) > 10:
        raise BadTwiml(element.line, "Dial dials one to ten numbers, or leads to one Conference")
    return DialVerb(line=element.line, action=given.url("action"), method=given.method(),
                    timeout=given.number("timeout", 30, 1, 600), limit=given.number("timeLimit", 14_400, 1, _A_DAY),
                    star=given.yes("hangupOnStar", False), numbers=tuple(numbers), conference=conference)


def _number(element: Element) -> str:
    number = re.sub(r"[\s().-]", "", element.text)
    if not re.fullmatch(r"\+?[0-9]{1,20}", number):
        raise BadTwiml(element.line, f"{element.text[:40]!r} is no number to dial: write one such as +14255550199")
    return number


def _number_noun(element: Element, given: _Attributes) -> NumberNoun:
    events = ("initiated", "ringing", "answered", "completed")
    return NumberNoun(line=element.line, number=_number(element), digits=given.pressed("sendDigits"),
                      callback=given.callback("completed", events))


def _conference(element: Element, given: _Attributes) -> ConferenceNoun:
    if not element.text or len(element.text) > 128:
        raise BadTwiml(element.line, "a Conference has a name of 1 to 128 characters")
    return ConferenceNoun(
        line=element.line, name=element.text, muted=given.yes("muted", False),
        beep=given.one_of("beep", "true", ("true", "false", "onEnter", "onExit")),
        starts=given.yes("startConferenceOnEnter", True), ends=given.yes("endConferenceOnExit", False),
        most=given.number("maxParticipants", 250, 2, 250), wait_method=given.method("waitMethod"),
        wait_url=given.url("waitUrl") if "waitUrl" in element.attributes else None,
        callback=given.callback("", ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker",
                                     "announcement")))


def _taken(element: Element, slips: list[str], read: Callable[[Element, _Attributes], _V]) -> _V:
    if element.children:
        inner = element.children[0]
        raise BadTwiml(inner.line, f"{element.name} has no {inner.name[:40]!r} in it")
    given = _Attributes(element)
    value = read(element, given)
    slips += given.slips(slips)
    return value


_NESTED: Mapping[str, Callable[[Element, _Attributes], Spoken]] = {"Say": _say, "Play": _play, "Pause": _pause}
_VERBS: Mapping[str, Callable[[Element, _Attributes], Verb]] = {
    **_NESTED, "Record": _record, "Redirect": _redirect, "Reject": _reject, "Hangup": _hangup}
_NAMES = (*_VERBS, "Gather", "Dial")
_TEXTS = ("Say", "Play", "Redirect", "Dial")


def _verb(element: Element, slips: list[str]) -> Verb:
    name = element.name
    if name not in _NAMES:
        raise BadTwiml(element.line, f"there is no verb {name[:40]!r} here{nearest(name[:40], _NAMES)}")
    if element.text and name not in _TEXTS:
        raise BadTwiml(element.line, f"there is text in <{name}> that belongs to no verb: put it into <Say>")
    if name in _VERBS:
        return _taken(element, slips, _VERBS[name])
    given = _Attributes(element)
    verb: Verb = (_gather(element, given, tuple(_nested(one, slips) for one in element.children))
                  if name == "Gather" else _dial(element, given, slips))
    slips += given.slips(slips)
    return verb


def _nested(element: Element, slips: list[str]) -> Spoken:
    if element.name not in _NESTED:
        raise BadTwiml(element.line, f"there is no {element.name[:40]!r} in a Gather"
                       f"{nearest(element.name[:40], _NESTED)}")
    return _taken(element, slips, _NESTED[element.name])
