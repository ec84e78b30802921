"""What is asked of an application for a call, and what comes of it: at once, or later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from ivr.clock import samples, seconds
from ivr.custom.application import Keep
from ivr.custom.twiml.asking import (
    ANONYMOUS,
    SIGNATURE,
    VERSION,
    AppRequest,
    Fetched,
    Fetches,
    NoFetches,
    path_of,
    sid,
    signature,
)
from ivr.custom.twiml.branches import Branches
from ivr.custom.twiml.caller import TwimlCaller
from ivr.custom.twiml.compiling import DOCUMENT, Going
from ivr.custom.twiml.speech import Utterances, nothing_spoken
from ivr.custom.twiml.verbs import Callback
from ivr.custom.twiml.voice import TwimlVoice
from ivr.engine.application import Host
from ivr.engine.call import ENDED
from ivr.engine.sound import Samples

PATIENCE = samples(15)
"""How long Twilio waits for an answer."""

TOKEN = "0" * 32
"""What requests are signed with, unless another is given: a simulator's is no secret."""

ACCOUNT = "AC" + "0" * 32
RECORDING = "recording"
ANSWER = "answer"
"""Kind of the timer that is due when a slow application answers."""

Then = Callable[[TwimlCaller, Fetched, int], str | None]
"""Goes on with an answer; returns an exit, or None if that will come later."""

Shelf = Callable[[str, Samples], str]
"""Takes a recording by its name, int16 array [shape=(n,)]; returns where it can be fetched."""


def no_shelf(name: str, _: Samples) -> str:
    """Return an address that nobody has: there a recording can be played, and not fetched."""
    return f"http://recordings.invalid/{name}.wav"


@dataclass(frozen=True, slots=True)
class RequestMeans:
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
    spoken : callable
        Hands over, once, what callers have begun to say; nothing where nobody knows the words.
    branches : Branches
        Gathers which ways calls take through documents.
    """

    voice: TwimlVoice
    fetches: Fetches = field(default_factory=NoFetches)
    token: str = field(default=TOKEN, repr=False)
    slow: Mapping[str, int] = field(default_factory=dict)
    shelf: Shelf = no_shelf
    keep: Keep = lambda *_: None
    spoken: Utterances = nothing_spoken
    branches: Branches = field(default_factory=Branches)


class Requests:
    """The requests of all calls.

    Parameters
    ----------
    host : Host
    means : RequestMeans
    """

    def __init__(self, host: Host, means: RequestMeans) -> None:
        self._host, self._means = host, means
        self._number = 0
        self._waiting: dict[int, tuple[int, AppRequest, Then]] = {}
        self._held: dict[int, Fetched] = {}
        if not isinstance(means.fetches, NoFetches):
            # an application that does not answer in time ends the run, and is no call's own fault
            host.contained.shared.add(type(means.fetches).__module__)

    def __bool__(self) -> bool:
        """Tell whether an answer has yet to come."""
        return bool(self._waiting)

    def ask(self, caller: TwimlCaller, going: Going, params: Mapping[str, str], what: str, then: Then, at: int
            ) -> str | None:
        """Ask, and go on with what comes; return the exit if there is one already."""
        fields = {} if what == RECORDING else {**about(caller), **params}
        fetch = self._signed(caller, what, going.url, going.method, fields)
        self._waiting[fetch.number] = caller.serial, fetch, then
        fetched = self._means.fetches.fetch(fetch)
        return None if fetched is None else self._came(caller, fetched, at)

    def tell(self, caller: TwimlCaller, callback: Callback, event: str, params: Mapping[str, str], at: int) -> None:
        """Tell the application of something; what it answers does not matter."""
        if not callback.url or event not in callback.events:
            return
        why, url = "", callback.url
        try:
            url = urljoin(caller.made.url if caller.made is not None else caller.going.url, callback.url)
        except ValueError:
            why = "it is no URL"
        else:
            fetch = self._signed(caller, "callback", url, callback.method, {**about(caller), **params})
            fetched = self._means.fetches.fetch(fetch)
            why = fetched.failure if fetched is not None else ""
        self._host.note(caller, at, "told-application", what=event, url=caller.masked(path_of(url)),
                        **({"because": caller.masked(why)} if why else {}))

    def poll(self, at: int, callers: Mapping[int, TwimlCaller]) -> None:
        """Give callers what has come for them."""
        for fetched in self._means.fetches.fetched():
            caller = callers.get(self._waiting.get(fetched.number, (0,))[0])
            if caller is not None and caller.state != ENDED:
                self._host.work(caller, at, self._later, caller, fetched, at)
            else:
                self._waiting.pop(fetched.number, None)

    def due(self, caller: TwimlCaller, at: int) -> None:
        """Give a caller what was held as long as the application takes."""
        self._answer(caller, self._taken(caller, self._held.pop(caller.serial), at))

    def drop(self, serial: int) -> None:
        """Expect nothing more for a call."""
        self._host.timers.cancel(serial, ANSWER)
        self._held.pop(serial, None)
        for number in [number for number, one in self._waiting.items() if one[0] == serial]:
            del self._waiting[number]

    def _signed(self, caller: TwimlCaller, what: str, url: str, method: str, fields: Mapping[str, str]
                ) -> AppRequest:
        self._number += 1
        fetch = AppRequest(self._number, what, url, method, fields)
        headers = {SIGNATURE: signature(self._means.token, fetch.address, fields if method == "POST" else {})}
        if cookies := caller.cookies.get(_host(url)):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return replace(fetch, headers=headers)

    def _later(self, caller: TwimlCaller, fetched: Fetched, at: int) -> None:
        self._answer(caller, self._came(caller, fetched, at))

    def _answer(self, caller: TwimlCaller, exit_: str | None) -> None:
        if exit_ is not None:
            self._host.queue.answer(caller.serial, DOCUMENT, exit_)

    def _came(self, caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
        """Take an answer, or hold it as long as the story says that the application takes."""
        _, fetch, _ = self._waiting[fetched.number]
        slow = self._slow(fetch.url) if fetch.what == DOCUMENT else 0
        if not slow:
            return self._taken(caller, fetched, at)
        if slow >= PATIENCE:
            fetched = Fetched(fetched.number, fetch.url, code=11200,
                              failure=f"it has not answered within {seconds(PATIENCE):g} s")
        self._held[caller.serial] = fetched
        self._host.timers.set(caller.serial, ANSWER, at + min(slow, PATIENCE))
        return None

    def _slow(self, url: str) -> int:
        slow = self._means.slow
        return slow.get(urlsplit(url).path or "/", slow.get("", 0))

    def _taken(self, caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
        *_, then = self._waiting.pop(fetched.number)
        if fetched.cookies:
            caller.cookies.setdefault(_host(fetched.url), {}).update(fetched.cookies)
        return then(caller, fetched, at)


def about(caller: TwimlCaller) -> dict[str, str]:
    """Return what every request tells of a call."""
    from_ = caller.phone or ANONYMOUS
    return {"AccountSid": ACCOUNT, "ApiVersion": VERSION, "CallSid": sid("CA", caller.serial),
            "CallStatus": "in-progress" if caller.documents else "ringing", "Direction": "inbound", "From": from_,
            "Caller": from_, "To": caller.number, "Called": caller.number}


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
