"""Documents on their way: asked for, read, complete with all that they play, or broken."""

from ivr.custom.own import TwimlLine
from ivr.custom.twiml.asking import Fetched, path_of
from ivr.custom.twiml.caller import TwimlCaller
from ivr.custom.twiml.compiling import BROKEN, DOCUMENT, FETCHED, Compiled, Going, SpokenLine, compiled
from ivr.custom.twiml.elements import BadTwiml
from ivr.custom.twiml.reading import read_twiml
from ivr.custom.twiml.requesting import RECORDING, RequestMeans, Requests, Then
from ivr.custom.twiml.verbs import PlayVerb, SayVerb, TwimlDocument
from ivr.custom.wording import MOST_SAID
from ivr.engine.application import Host
from ivr.engine.sound import Samples

_KINDS = ("text/xml", "application/xml", "text/html")
_NO_KIND = 12300
_MOST_PLAYED = 100
"""Recordings that are kept of what was fetched."""


class Documents:
    """The documents of all calls.

    Parameters
    ----------
    host : Host
    line : TwimlLine
    means : RequestMeans
    requests : Requests
    """

    def __init__(self, host: Host, line: TwimlLine, means: RequestMeans, requests: Requests) -> None:
        self._host, self._line, self._voice, self._requests = host, line, means.voice, requests
        self._branches = means.branches

    def ask(self, caller: TwimlCaller, at: int) -> str | None:
        """Ask for the document that comes next; return the exit if it is known already."""
        caller.fell_back = False
        params, caller.params = caller.params, {}
        return self._requests.ask(caller, caller.going, params, DOCUMENT, self._document, at)

    def played(self, url: str, recorded: Samples) -> None:
        """Keep what is at a URL: it can be played."""
        played = self._voice.played
        while len(played) >= _MOST_PLAYED:
            played.pop(next(iter(played)))
        played[url] = recorded

    def drop(self, caller: TwimlCaller) -> None:
        """Be done with the document that a call goes through."""
        if caller.made is not None:
            for prompt in caller.made.lines:
                self._voice.lines.pop(caller.slot(prompt), None)

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
            self.played(fetched.url, fetched.samples)
        self._host.note(caller, at, "document", url=self._shown(caller, fetched.url),
                       verbs=" ".join(type(verb).__name__.removesuffix("Verb") for verb in document.verbs))
        for slip in document.slips:
            self._host.note(caller, at, "slip", url=self._shown(caller, fetched.url), what=caller.masked(slip))
        return self._complete(caller, made, at)

    def _complete(self, caller: TwimlCaller, made: Compiled, at: int) -> str | None:
        """AppRequest what a document needs before a call can go through it; then let the call do so."""
        for name, going in list(made.waits.items()):
            del made.waits[name]
            return self._requests.ask(caller, going, {}, "wait document", self._wait_document(made, name), at)
        for url in made.media:
            if url in self._voice.played:
                made.played.setdefault(url, self._voice.played[url])
            if url not in made.played:
                return self._requests.ask(caller, Going(url, "GET"), {}, RECORDING, self._recording(made, url), at)
        self.drop(caller)
        caller.made, caller.documents = made, caller.documents + 1
        self._branches.see(made, self._shown(caller, made.url))
        if not made.rejects:
            caller.pick_up(at)
        caller.flows = {**caller.flows, DOCUMENT: made.flow}
        for prompt, line in made.lines.items():
            self._voice.lines[caller.slot(prompt)] = line, made.played
        return FETCHED

    def _recording(self, made: Compiled, url: str) -> Then:
        def then(caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
            if fetched.failure or fetched.samples is None:
                why = fetched.failure or f"it is no recording but {fetched.kind[:40]!r}"
                return self._broken(caller, url, fetched.code or _NO_KIND, why, at)
            self.played(url, fetched.samples)
            made.played[url] = fetched.samples
            return self._complete(caller, made, at)
        return then

    def _wait_document(self, made: Compiled, name: str) -> Then:
        def then(caller: TwimlCaller, fetched: Fetched, at: int) -> str | None:
            try:
                if not fetched.failure:
                    if fetched.samples is not None:
                        self.played(fetched.url, fetched.samples)
                    made.wait(name, _read(fetched), fetched.url)
                why = fetched.failure
            except BadTwiml as error:
                why = str(error)
            if why:  # who waits hears silence then
                self._host.note(caller, at, "slip", url=self._shown(caller, fetched.url), what=caller.masked(why))
            return self._complete(caller, made, at)
        return then

    def _broken(self, caller: TwimlCaller, url: str, code: int, why: str, at: int) -> str | None:
        """Take it that the application has failed: ask the fallback, if there is one and it has not failed too."""
        falls_back = bool(self._line.fallback) and not caller.fell_back
        self._host.note(caller, at, "application-failed", url=self._shown(caller, url), code=code,
                       because=caller.masked(why), fallback=falls_back)
        if not falls_back:
            caller.pick_up(at)
            return BROKEN
        caller.fell_back = True
        return self._requests.ask(caller, Going(self._line.fallback, self._line.method),
                                  {"ErrorCode": str(code), "ErrorUrl": url}, DOCUMENT, self._document, at)

    def _shown(self, caller: TwimlCaller, url: str) -> str:
        return caller.masked(path_of(url))


def lines_of(fetched: Fetched) -> list[SpokenLine]:
    """Return what is said in a document; nothing where it is none."""
    try:
        return list(compiled(_read(fetched), fetched.url, secret=True).lines.values())
    except BadTwiml:
        return []


def _read(fetched: Fetched) -> TwimlDocument:
    """Return the document that an answer is: TwiML, a text to be said, or a recording to be played."""
    if fetched.samples is not None:
        return TwimlDocument((PlayVerb(line=0, url=fetched.url),))
    if fetched.kind == "text/plain":
        text = fetched.body.decode("utf-8", "replace")
        return TwimlDocument((SayVerb(line=0, text=" ".join(text.split())[:MOST_SAID]),))
    if fetched.kind not in _KINDS:
        raise BadTwiml(0, f"the answer is {fetched.kind[:40]!r}, which is neither TwiML, text nor a recording",
                       _NO_KIND)
    return read_twiml(fetched.body)
