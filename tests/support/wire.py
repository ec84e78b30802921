"""Two endpoints of SIP and a network between them that loses, delays and doubles; and messages as text."""

import heapq
import random
from itertools import count

from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.reading import Peer

A, B = Peer("192.0.2.1", 5060), Peer("192.0.2.2", 5060)
SECOND = 8000


def tokens(seed):
    """Return what gives the words of a seed."""
    drawn = random.Random(seed)  # noqa: S311
    return lambda: f"{drawn.getrandbits(64):016x}"


class Wire:
    """A network of two.

    `fates` are taken in turn, one a datagram: a list of delays in samples, one for each time that it arrives; none
    if it is lost. After them everything arrives at once.
    """

    def __init__(self, fates=()):
        self.ends = {A: Endpoint(A, tokens(1)), B: Endpoint(B, tokens(2))}
        self.told = {A: [], B: []}
        self.now, self.sent = 0, []
        self._fates, self._under_way, self._numbers = iter(fates), [], count()

    def settle(self):
        """Take what both have to say and to send."""
        for here, end in self.ends.items():
            self.told[here] += end.events()
            for data, to in end.outgoing():
                self.sent.append((self.now, here, data))
                for delay in next(self._fates, [0]):
                    heapq.heappush(self._under_way, (self.now + delay, next(self._numbers), data, here, to))

    def run(self, until):
        """Go on until a moment; where nothing happens no time is spent."""
        while True:
            self.settle()
            moments = [end.next_at() for end in self.ends.values()] + [one[0] for one in self._under_way[:1]]
            moment = min((one for one in moments if one is not None), default=until + 1)
            if moment > until:
                break
            self.now = max(self.now, moment)
            while self._under_way and self._under_way[0][0] <= self.now:
                _, _, data, here, to = heapq.heappop(self._under_way)
                self.ends[to].receive(data, here, self.now)
                self.settle()
            for end in self.ends.values():
                end.advance(self.now)
        self.now = until

    def of(self, here, kind):
        """Return what one was told of a kind."""
        return [event for event in self.told[here] if isinstance(event, kind)]

    def starts(self, here=None):
        """Return the first words of what was sent."""
        return [data.split(b"\r\n")[0].decode().removeprefix("SIP/2.0 ").split(" ")[0]
                for _, who, data in self.sent if here in (None, who)]


OFFER = ("v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
         "m=audio 40000 RTP/AVP 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\na=sendrecv\r\n")


def message(method="OPTIONS", *, body="", extra="", branch="z9hG4bKx1", cseq=1, to_tag="", call_id="c1",
            uri="sip:1000@192.0.2.2", kind="application/sdp", via="192.0.2.9:5060", from_tag="t1"):
    """Return a request as bytes."""
    described = f"Content-Type: {kind}\r\n" if body else ""
    return (f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {via};branch={branch}\r\nMax-Forwards: 70\r\n"
            f"From: Ann <sip:+14255550100@192.0.2.9>;tag={from_tag}\r\n"
            f"To: <sip:1000@192.0.2.2>{';tag=' + to_tag if to_tag else ''}\r\nCall-ID: {call_id}\r\n"
            f"CSeq: {cseq} {method}\r\nContact: <sip:ann@192.0.2.9:5060>\r\n{extra}{described}"
            f"Content-Length: {len(body.encode())}\r\n\r\n{body}").encode()


class Caller:
    """One who speaks raw SIP to an endpoint."""

    def __init__(self, **options):
        self.end = Endpoint(B, tokens(3), **options)
        self.peer = Peer("192.0.2.9", 5060)
        self.now, self.tag = 0, ""

    def say(self, data, source=None):
        """Send bytes; return the answers as text."""
        self.end.receive(data, source or self.peer, self.now)
        return self.heard()

    def heard(self):
        """Return what was sent meanwhile."""
        return [data.decode() for data, _ in self.end.outgoing()]

    def wait(self, seconds):
        """Let time pass; return what was sent meanwhile."""
        end, until, heard = self.end, self.now + int(seconds * SECOND), []
        while (at := end.next_at()) is not None and at <= until:
            end.advance(at)
            heard += self.heard()
        self.now = until
        end.advance(until)
        return heard + self.heard()

    def code(self, data):
        """Send bytes; return the code of the last answer, None if there is none."""
        heard = self.say(data)
        return code(heard[-1]) if heard else None

    def calls(self, **more):
        """Be called and answered; return the 200."""
        heard = self.say(message("INVITE", **{"body": OFFER, "branch": "z9hG4bKinv", **more}))
        invited = [event for event in self.end.events() if type(event).__name__ == "Invited"]
        if invited:
            self.end.answer(invited[0].call, "192.0.2.2", 20_000, self.now)
            self.call = invited[0].call
        heard += self.heard()
        self.tag = header(heard[-1], "To").partition("tag=")[2]
        return heard[-1]

    def acks(self, cseq=1, body=""):
        """Acknowledge the 200."""
        return self.say(message("ACK", to_tag=self.tag, cseq=cseq, branch="z9hG4bKack", body=body))

    def asks(self, method, cseq=2, **more):
        """Send a request within the call; return the last answer."""
        heard = self.say(message(method, to_tag=self.tag, cseq=cseq, branch=f"z9hG4bKw{method}{cseq}", **more))
        return heard[-1] if heard else ""


def code(answer):
    """Return the code of an answer."""
    return int(answer.split(" ")[1])


def header(answer, name):
    """Return the first value of a header; empty if it is not there."""
    for line in answer.partition("\r\n\r\n")[0].split("\r\n"):
        if line.lower().startswith(name.lower() + ":"):
            return line.partition(":")[2].strip()
    return ""
