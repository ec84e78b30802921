"""Hostile TwiML: 10,000 mutants, each answered by an application over HTTP to a call with keys and a voice.

What this prints: that nothing broke off, that nobody was asked elsewhere, and how long the slowest took.
`python benchmarks/twiml_mutants.py 500` tries so many.
"""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dtmf
from ivr.assembly import assembled_alone
from ivr.clock import RATE
from ivr.custom.own import TwimlLine
from ivr.custom.twiml.application import twiml_ivr
from ivr.custom.twiml.requesting import RequestMeans
from ivr.custom.twiml.voice import TwimlVoice
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.documents import WaitingForDocuments
from prompts import languages

SEEDS = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Gather numDigits="1" action="/a?x=1&amp;y=2" timeout="1">'
    b'<Say language="de-DE" loop="2">Press 1.</Say><Play>/tone.wav</Play><Pause length="1"/></Gather>'
    b'<Say>Goodbye.</Say><Redirect method="GET">/b</Redirect></Response>',
    b'<Response><Record action="/a" maxLength="2" timeout="1" finishOnKey="5" playBeep="false"/>'
    b'<Play digits="12"/><Play loop="3">tone.wav</Play><Hangup/></Response>',
    b'<Response><Dial action="/a" timeout="1" timeLimit="2"><Number statusCallback="/s" '
    b'statusCallbackEvent="initiated ringing answered completed">+14255550199</Number></Dial><Say>So.</Say>'
    b"</Response>",
    b'<Response><Dial timeLimit="1"><Conference startConferenceOnEnter="true" endConferenceOnExit="true" '
    b'waitUrl="/wait" beep="true" muted="false" maxParticipants="2" statusCallback="/s" '
    b'statusCallbackEvent="start end join leave">room</Conference></Dial><Redirect>/a</Redirect></Response>',
    b'<Response><Reject reason="busy"/></Response>', b"<Response/>",
    b'<Response><Gather finishOnKey="" actionOnEmptyResult="true" bargeIn="false" timeout="1"/></Response>',
    b'<Response><Gather input="dtmf speech" speechTimeout="auto" timeout="1" action="/a"/><Dial timeout="1">'
    b'<Number sendDigits="w1w2">+14255550199</Number></Dial></Response>',
    b'<Response><Record timeout="1" recordingStatusCallback="/s" recordingStatusCallbackEvent="completed absent" '
    b'transcribe="true"/><Reject/></Response>',
)
"""Documents of which mutants are made."""

_VALUES = (
    b"", b"-1", b"0", b"1", b"99999999999999999999", b"1e9", b"NaN", b"\xff\xfe", b"&#0;", b"&#xD800;", b"&lol;",
    b"'", b'"', b"<", b"]]>", b"http://192.0.2.1/", b"http://example.org/x.wav", b"//example.org/",
    b"file:///etc/passwd",
    b"http://[::1", b"http://127.0.0.1:1/", b"http://127.0.0.1:99999/", b"javascript:1",
    b"../../../../etc/passwd", b"http://localhost:0/", b"%00%0d%0aX: y", b"\r\nHost: example.org", b"{x}", b"fault",
    b"true", b"false", b"\x00",
    "\u202e\u0416\U0001f6b2".encode(), b"a" * 5000, b"9" * 200, b"http://user:pw@example.org@127.0.0.1/")
_PARTS = (b"<Say>x</Say>", b"<Pause/>", b"<Gather/>", b"<Redirect/>", b"<Dial>+1</Dial>", b"<Record timeout='1'/>",
          b"<Say loop='0'/>", b"<Play>http://192.0.2.1/a.wav</Play>", b"<!DOCTYPE x SYSTEM 'http://192.0.2.1/x'>",
          b"<!DOCTYPE x [<!ENTITY lol 'lol'><!ENTITY b '&lol;&lol;'>]>", b"<x:y xmlns:x='http://192.0.2.1/'/>",
          b"<?xml-stylesheet href='http://192.0.2.1/'?>", b"<![CDATA[<Say>]]>", b"<Response>" * 20,
          b"<Pause length='0'/>" * 500)


_MANY_ATTRIBUTES = b" ".join(b"b%d=''" % n for n in range(27))

LARGE = tuple(b"<Response>" + inside + b"</Response>" for inside in (
    b"<Redirect/>" + b"<Gather timeout='0' " + _MANY_ATTRIBUTES + b"/>",
    (b"<Gather timeout='0' " + _MANY_ATTRIBUTES + b"/>") * 280 + b"<Redirect/>",
    b"<Redirect/>" + b"<Gather/>" * 390, b"<Gather timeout='0'/>" * 399, b"<Say loop='1000'>x</Say>" * 2,
    b"<Dial><Conference waitUrl='/w'>a</Conference></Dial>" * 130,
    b"<Dial timeout='1'>" + b"<Number statusCallback='/s' "
    b"statusCallbackEvent='initiated ringing answered completed'>+1</Number>" * 10 + b"</Dial><Redirect/>",
    b"".join(b"<Play>/tone.wav?%d</Play>" % n for n in range(30)) + b"<Redirect/>",
    b"<Say>" + b"1 " * 1999 + b"</Say>", b"<Pause length='0'/>" * 398 + b"<Redirect/>"))
"""Documents as dear as they can be: full to their limits, and asked for again and again."""

_LONG_S = 1.0


def mutants(count: int, seed: int = 20) -> Iterator[bytes]:
    """Give so many documents that are wrong somehow, or right all the same."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    for _ in range(count):
        document = chance.choice(SEEDS)
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            document = _changed(document, chance)
        yield document[:200_000]


def _changed(document: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(document) + 1)
    until = min(len(document), at + chance.randint(1, 30))
    match chance.randrange(10):
        case 7 | 8 | 9:  # what is right elsewhere
            parts, other = document.split(b'"'), chance.choice(SEEDS).split(b'"')
            if len(parts) > 2 and len(other) > 2:
                parts[chance.randrange(1, len(parts), 2)] = chance.choice((
                    chance.choice(other[1::2]), b"true", b"false", b"0", b"1", b"2", b"/a", b"", b"GET"))
            return b'"'.join(parts)
        case 0:
            return document[:at] + bytes([chance.randrange(256)]) + document[at + 1:]
        case 1:
            return document[:at] + document[until:]
        case 2:
            return document[:at] + document[at:until] * chance.randint(2, 40) + document[until:]
        case 3:
            return document[:at] + chance.choice(_VALUES) + document[at:]
        case 4 | 5:  # a value, or what is between two elements
            parts = document.split(b'"')
            if len(parts) > 2:
                parts[chance.randrange(1, len(parts), 2)] = chance.choice(_VALUES)
            return b'"'.join(parts)
        case _:
            parts = document.split(b">")
            place = chance.randrange(len(parts))
            parts[place:place + 1] = [parts[place], chance.choice(_PARTS).removesuffix(b">")]
            return b">".join(parts)


class _Hum:
    """Says anything, as a hum: no engine is asked for words that nobody needs."""

    def slots(self, name: str, /) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def clips(self, name: str, language: str = "", /, **slots: object) -> list[NDArray[np.int16]]:  # noqa: ARG002
        return [self.say(name)]

    def text(self, name: str, language: str = "", /, **slots: object) -> str:  # noqa: ARG002
        return name

    def say(self, text: str, *, language: str = "") -> NDArray[np.int16]:  # noqa: ARG002
        return np.full(160 * (1 + min(len(text), 20)), 500, np.int16)

    def digit(self, digit: str, language: str = "", /, *, last: bool = True) -> NDArray[np.int16]:  # noqa: ARG002
        return self.say(digit)


class _Sounds:
    voice, music = _Hum(), np.full(8000, 300, np.int16)
    tones = {name: np.full(800, 300, np.int16) for name in ("arrival", "departure", "record")}  # noqa: RUF012


class _Callees(dict[str, MemoryLine]):
    """Somebody new answers whatever number is dialled, half a second later."""

    def get(self, number: str, _: object = None) -> MemoryLine:  # type: ignore[override]
        return MemoryLine(number, np.full(8000, 2000, np.int16), hangs_up_after=RATE, answers_after=RATE // 2,
                          keeps=False)


@contextmanager
def application() -> Iterator[tuple[str, list[bytes]]]:
    """Have an application at work that answers whatever is put into the list; gives its address, and the list."""
    told: list[bytes] = [b""]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def do_GET(self) -> None:
            tone = self.path.startswith("/tone")
            body = _TONE if tone else told[0]
            self.send_response(200)
            self.send_header("Content-Type", "audio/basic" if tone else "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:  # noqa: ANN401
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/voice", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


_TONE = b".snd" + b"".join(n.to_bytes(4, "big") for n in (24, 800, 1, 8000, 1)) + b"\x20" * 800


def tried(url: str) -> Counter[str]:
    """Have two calls go through what is at an address; return the journal's events, by how often they came."""
    keys = dtmf.encode("1w5#", RATE, level_dbm0=-10.0)
    says = np.concatenate([np.zeros(4000, np.int16), keys, np.full(4000, 3000, np.int16)])
    lines = [MemoryLine("anna", says, hangs_up_after=4 * RATE, keeps=False),
             MemoryLine("bela", says, dials_at=RATE, hangs_up_after=2 * RATE, keeps=False)]
    voice = TwimlVoice(_Hum(), languages())
    sounds = _Sounds()
    means = RequestMeans(voice, WaitingForDocuments(patience_s=10.0))
    trunk = MemoryTrunk(lines, callees=_Callees({"": lines[0]}))
    bridge, exchange = assembled_alone(twiml_ivr(TwimlLine(url), means), voice, sounds, [trunk])
    while bridge.now < 6 * RATE:
        exchange.step()
    return Counter([*(entry.event for entry in bridge.journal),
                    *(f"at {entry.facts['where']}: {entry.facts['what']}" for entry in bridge.journal.of("fault"))])


class Connections:
    """Hears which addresses this process connects to, and which names it looks up, as long as it is on."""

    def __init__(self) -> None:
        self.on, self.elsewhere = False, Counter[str]()
        sys.addaudithook(self._heard)

    def _heard(self, event: str, given: tuple[Any, ...]) -> None:
        if self.on and event in ("socket.connect", "socket.getaddrinfo"):
            host = str(given[1][0] if event == "socket.connect" else given[0])
            if host not in ("127.0.0.1", "::1", "localhost"):
                self.elsewhere[host] += 1


def main() -> None:
    """Try them all, and print what came of it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    connections, slowest, dearest, events = Connections(), 0.0, (0.0, b""), Counter[str]()
    connections.on = True
    with application() as (url, told):
        told[0] = SEEDS[1]
        tried(url)  # what decodes keys and recordings is loaded
        for mutant in chain(LARGE, mutants(count)):
            told[0] = mutant
            began, spent = time.perf_counter(), time.process_time()
            came = tried(url)
            events += came
            if came["fault"]:
                print(mutant[:2000], *(one for one in came if one.startswith("at ")))
            took, cpu = time.perf_counter() - began, time.process_time() - spent
            slowest, dearest = max(slowest, took), max(dearest, (cpu, mutant))
            if cpu > _LONG_S:
                print(mutant[:2000], f"took {took:.1f} s, {cpu:.1f} s of CPU")
    print(f"{count} mutants and {len(LARGE)} large documents, two calls each: {events['fault']} faults, "
          f"{sum(connections.elsewhere.values())} connections elsewhere; the slowest took {slowest:.2f} s, the "
          f"dearest {dearest[0]:.2f} s of CPU: {dearest[1][:120]!r}")
    print(f"documents gone through {events['document']}, told off {events['application-failed']}, circles "
          f"{events['circle']}, numbers dialled {events['dialling']}, came together {events['came-to-room']}")
    if events["fault"] or connections.elsewhere:
        sys.exit(1)


if __name__ == "__main__":
    main()
