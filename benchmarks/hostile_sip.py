"""A million messages that something happened to: no fault, no answer that makes much of little, memory flat.

Run: python benchmarks/hostile_sip.py [--count 1000000] [--seed 1]. Virtual time: requests and answers, within calls
and without, with descriptions of sound, credentials, transfers and reliable ringing, are mutated and given to an
endpoint that answers, holds, hands over and ends calls meanwhile. At the end of each round all is over, and nothing
may be left. What is printed is the same for a seed, but for the seconds and megabytes.
"""

import argparse
import gc
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence

from ivr.lines.sip.accounts import Account
from ivr.lines.sip.authenticating import Doorman, Users
from ivr.lines.sip.callers import trusted
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.enrolling import Enrolment
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.telling import Invited, Referred

_HERE, _THERE = Peer("192.0.2.2", 5060), Peer("192.0.2.9", 5060)
_ROUND, _TAG, _WITHIN, _MUTATED = 60, 16, 0.6, 0.6
_FACTOR, _MORE, _SLOW_S = 2, 1200, 0.05
"""What a message may be answered with: so many times its bytes, or those of an earlier one of the round (its route
is in all our requests of that call), and a request of ours with its ACK; its CPU time."""

_OFFER = ("v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
          "m=audio 40000 RTP/AVP 0 8 9 96\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\n"
          "a=ptime:20\r\na=sendrecv\r\n")
_SDP = "Content-Type: application/sdp\r\n"
_KINDS = (
    ("OPTIONS", "", ""), ("INVITE", _SDP, _OFFER), ("INVITE", _SDP + "Supported: 100rel, timer\r\n", _OFFER),
    ("INVITE", "Session-Expires: 90;refresher=uas\r\nRecord-Route: <sip:192.0.2.7;lr>, <sip:x>\r\n", ""),
    ("INVITE", _SDP + "P-Asserted-Identity: <sip:+14255550100@x>\r\nX-Conference-ID: 1234567\r\n", _OFFER),
    ("INVITE", _SDP + "Replaces: c1;to-tag=a;from-tag=b\r\nAccept: */*\r\n", _OFFER),
    ("UPDATE", _SDP + "Session-Expires: 90\r\n", _OFFER), ("PRACK", "RAck: 1 1 INVITE\r\n", ""),
    ("INFO", "Content-Type: application/dtmf-relay\r\n", "Signal=1\r\nDuration=100\r\n"), ("BYE", "", ""),
    ("ACK", _SDP, _OFFER), ("CANCEL", "", ""), ("REFER", "Refer-To: <sip:desk@192.0.2.77?Replaces=a%3Bb>\r\n", ""),
    ("NOTIFY", "Event: refer\r\nContent-Type: message/sipfrag\r\n", "SIP/2.0 200 OK\r\n"),
    ("REGISTER", "Expires: 60\r\n", ""),
    ("REGISTER", 'Authorization: Digest username="amos", realm="ivr", nonce="0.a.b", uri="sip:1000@192.0.2.2", '
     'response="x", qop=auth, nc=00000001, cnonce="c"\r\n', ""))
_ANSWERS = (
    ("180 x", "Require: 100rel\r\nRSeq: 1\r\n", ""), ("183 x", _SDP + "Require: 100rel\r\nRSeq: 1\r\n", _OFFER),
    ("200 x", _SDP + "Record-Route: <sip:192.0.2.7;lr>\r\nSession-Expires: 90;refresher=uac\r\n", _OFFER),
    ("401 x", 'WWW-Authenticate: Digest realm="x", nonce="y", qop="auth"\r\n', ""), ("422 x", "Min-SE: 99\r\n", ""),
    ("423 x", "Min-Expires: 99\r\n", ""), ("486 x", "", ""), ("503 x", "Retry-After: 9\r\n", ""))
_PIECES = (b"9" * 5000, b";self=1", b"\r\n ", b";tag=", b"2147483648", b"\r\n\r\n", b"%00", b"\xff\xfe",
           b"a=crypto:1 ")


def _mutated(data: bytes, drawn: random.Random) -> bytes:
    """Return a message to which something happened."""
    made = bytearray(data)
    for _ in range(drawn.randint(1, 6)):
        place, length = drawn.randrange(len(made) + 1), drawn.randint(1, 12)
        what = drawn.randrange(5)
        if what == 0 and place < len(made):
            made[place] = drawn.randrange(256)
        elif what == 1:
            del made[place:place + length]
        elif what == 2:
            made[place:place] = made[drawn.randrange(len(made) + 1):][:length]
        elif what == 3:
            made[place:place] = bytes(drawn.choices(b'\r\n:;,<>"= %\\/@[]', k=length))
        else:
            made[place:place] = drawn.choice(_PIECES)
    return bytes(made)


def _rest(extra: str, body: str) -> str:
    return (f"Contact: <sip:ann@192.0.2.9:5060>\r\n{extra}Content-Length: {len(body)}\r\n\r\n{body}")


class Round:
    """One endpoint among strangers."""

    def __init__(self, drawn: random.Random) -> None:
        self._drawn, self.now, self.worst_s, self.most = drawn, 0, 0.0, 0.0
        users = Users("ivr", {"amos": "0" * 32})
        asks = {"doorman": Doorman(users, self._token)} if drawn.random() < 0.2 else {}
        self.end = Endpoint(_HERE, self._token, gate=lambda *_: "take", refers=lambda _: Peer("192.0.2.77", 5060),
                            trusts=trusted(["192.0.2.9"] if drawn.random() < 0.5 else []), **asks)  # type: ignore[arg-type]
        self._dialogs: list[tuple[str, str]] = []
        self._ours: list[bytes] = []

    def _token(self) -> str:
        return f"{self._drawn.getrandbits(64):016x}"

    def play(self) -> Counter[str]:
        """Give it messages, and end all; return what was answered."""
        drawn, codes, longest = self._drawn, Counter[str](), 0
        self.end.invite("sip:x@192.0.2.9", _THERE, "192.0.2.2", 4000, 0, account=Account(login="a", password="b"))  # noqa: S106
        if drawn.random() < 0.2:
            self.end.register(Enrolment("x", "192.0.2.9", _THERE, Account(login="a", password="b")), 0)  # noqa: S106
        self._sent(codes)
        for _ in range(_ROUND):
            said = self._said()
            if drawn.random() < _MUTATED:
                said = _mutated(said, drawn)
            began = time.process_time()
            self.end.receive(said, _THERE, self.now)
            self.worst_s = max(self.worst_s, time.process_time() - began)
            longest = max(longest, len(said))
            self.most = max(self.most, self._sent(codes) / (_FACTOR * longest + _MORE))
            self._does()
            self._sent(codes)
        for _ in range(2):
            self.end.unregister(self.now)
            for call in list(self.end._station._owners):
                self.end.end(call, self.now)
            self._waits(9000)
        if not self.end.idle or self.end.next_at() is not None:
            raise SystemExit("something is left of a round")
        return codes

    def _said(self) -> bytes:
        """Return a request, or an answer to one of ours, as it should be."""
        drawn = self._drawn
        if self._ours and drawn.random() < 0.3:
            return self._answer(drawn.choice(self._ours))
        method, extra, body = drawn.choice(_KINDS)
        call_id, tag = f"c{drawn.getrandbits(32)}", ""
        if self._dialogs and drawn.random() < _WITHIN:
            call_id, tag = drawn.choice(self._dialogs)
        branch = f"z9hG4bK{drawn.randrange(40) if method in ('CANCEL', 'ACK') else drawn.getrandbits(32)}"
        return (f"{method} sip:1000@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch={branch}\r\n"
                f"Max-Forwards: 70\r\nFrom: Ann <sip:+14255550100@192.0.2.9>;tag=t1\r\nTo: <sip:1000@192.0.2.2>"
                f"{';tag=' + tag if tag else ''}\r\nCall-ID: {call_id}\r\n"
                f"CSeq: {drawn.randint(1, 9)} {method}\r\n{_rest(extra, body)}").encode()

    def _answer(self, asked: bytes) -> bytes:
        lines = asked.decode().split("\r\n")
        kept = [line for line in lines if line.partition(":")[0] in ("Via", "From", "Call-ID", "CSeq")]
        status, extra, body = self._drawn.choice(_ANSWERS)
        to = next(line for line in lines if line.startswith("To:"))
        to = to if "tag=" in to else f"{to};tag=z{self._drawn.randrange(12)}"
        return "\r\n".join([f"SIP/2.0 {status}", *kept, to, _rest(extra, body)]).encode()

    def _sent(self, codes: Counter[str]) -> int:
        """Take what is sent; return how many bytes that is."""
        length = 0
        for data, to in self.end.outgoing():
            length += len(data)
            if data.startswith(b"SIP/2.0 "):
                codes[f"to {to.host}"] += to.host != _THERE.host
                codes[data[8:11].decode()] += 1
                self._heard(data)
            elif not data.startswith(b"\r\n"):
                self._ours = [*self._ours[-6:], data]
        return length

    def _heard(self, answer: bytes) -> None:
        """Keep by what requests belong to a call."""
        to, call_id = (answer.partition(name)[2].partition(b"\r\n")[0].decode("utf-8", "replace")
                       for name in (b"\r\nTo: ", b"\r\nCall-ID: "))
        if answer[8:10] in (b"18", b"20") and len(tag := to.rpartition("tag=")[2]) == _TAG:
            self._dialogs = [*self._dialogs[-4:], (call_id, tag)]

    def _does(self) -> None:
        """Do what a bridge does meanwhile."""
        drawn, now = self._drawn, self.now
        for event in self.end.events():
            if isinstance(event, Invited) and drawn.random() < 0.7:
                drawn.choice([self.end.play_early, self.end.answer])(event.call, "192.0.2.2", 5000, now)
            elif isinstance(event, Referred):
                self.end.tell(event.call, drawn.choice([180, 200, 486]), now)
        call = drawn.randint(1, 12)
        what = drawn.random()
        if what < 0.05:
            self.end.hold(call, now, on=True)
        elif what < 0.1:
            self.end.end(call, now)
        elif what < 0.15:
            self.end.answer(call, "192.0.2.2", 5000, now)
        elif what < 0.2:
            self.end.transfer(call, "sip:desk@192.0.2.77", now)
        elif what < 0.3:
            self._waits(drawn.random() * 20)

    def _waits(self, seconds: float) -> None:
        until = self.now + round(8000 * seconds)
        while (at := self.end.next_at()) is not None and at <= until:
            self.end.advance(at)
            self.end.outgoing()
            self.end.events()
        self.now = until


def main(arguments: Sequence[str] | None = None) -> int:
    """Do it; return 1 if a target is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    drawn, codes = random.Random(options.seed), Counter[str]()  # noqa: S311
    rounds, worst_s, most, kept = -(-options.count // _ROUND), 0.0, 0.0, []
    began = time.process_time()
    for number in range(rounds):
        one = Round(drawn)
        codes += one.play()
        worst_s, most = max(worst_s, one.worst_s), max(most, one.most)
        if number in (rounds // 4, rounds - 1):
            del one
            gc.collect()
            kept.append((len(gc.get_objects()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    spent = time.process_time() - began
    strays = {name: count for name, count in codes.items() if name.startswith("to ") and count}
    count = rounds * _ROUND
    print(f"seed {options.seed}: {count} messages, {spent:.0f} s of CPU, {1e6 * spent / count:.0f} us each")
    print("answers:", ", ".join(f"{name}: {count}" for name, count in sorted(codes.items()) if name.isdigit()))
    print(f"the dearest took {1000 * worst_s:.1f} ms; the longest answer was {100 * most:.0f} % of what may be")
    print(f"objects: {kept[0][0]} after a quarter, {kept[-1][0]} at the end; at most {kept[-1][1]:.0f} MB")
    wrong = [name for name, is_wrong in (("an answer to a third host", strays), ("much of little", most > 1),
             ("memory that grows", kept[-1][0] > kept[0][0] + 200), ("time", worst_s > 20 * _SLOW_S)) if is_wrong]
    print(f"missed: {', '.join(wrong)} {strays or ''}" if wrong else "all targets met")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
