"""Our registration at a registrar of others (RFC 3261 10.2): so that we are rung where they are."""

import re
from dataclasses import dataclass, field

from sipmessage import Request, Response

from ivr.clock import RATE, samples
from ivr.lines.sip.accounts import Account, with_proof
from ivr.lines.sip.reading import Peer, Read, listed
from ivr.lines.sip.registering import parted
from ivr.lines.sip.telling import Enrolled, NotEnrolled
from ivr.lines.sip.transactions import ABOUT, Transactions
from ivr.lines.sip.writing import Headers, host_in, request

USUAL_S = 600
_LONGEST_S, _SHORTEST_S = 3600, 30
_FIRST_S, _LAST_S = 30, 600
"""How long is waited after a failure, at first and at last."""

_ALIVE, _PING = samples(25), b"\r\n\r\n"
_PROOFS = 4
_FINAL = (401, 403, 404, 407)
_NUMBER = re.compile(r"\s*([0-9]{1,9})")
_KINDS = ("again", "alive")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where we want to be rung.

    Attributes
    ----------
    user, domain : str
        Under which address: sip:USER@DOMAIN.
    to : Peer
        The registrar.
    account : Account
        With the password.
    """

    user: str
    domain: str
    to: Peer
    account: Account = field(default_factory=Account)

    @property
    def uri(self) -> str:
        """The address."""
        return f"sip:{self.user}@{self.domain}"


class Registration:
    """One registration, renewed before it ends.

    A password that is not taken is not tried again: registrars lock accounts. Anything else is, later and later.

    Parameters
    ----------
    wires : Transactions
    wanted : Enrolment
    now : int
    """

    def __init__(self, wires: Transactions, wanted: Enrolment, now: int) -> None:
        self._wires, self._station, self._wanted = wires, wires.station, wanted
        self._number = self._station.enter(self)
        self._from = f"<{wanted.uri}>;tag={self._station.token()}"
        self._call_id = f"{self._station.token()}@{host_in(self._station.here.host)}"
        self._contact = self._station.contact(wanted.to, wanted.user)
        self._cseq, self._expires_s, self._wait_s = 0, USUAL_S, _FIRST_S
        self._there = self._over = False
        self._ask(now)

    def due(self, kind: str, now: int) -> None:
        """Register again, or keep the way open that a NAT has made."""
        if kind == "again":
            self._ask(now)
        else:
            self._station.send(_PING, self._wanted.to)
            self._station.timers.set(self._number, "alive", now + _ALIVE)

    def end(self, now: int) -> None:
        """Be rung there no more."""
        self._over = True
        self._station.leave(self._number, *_KINDS)
        if self._there:
            self._ask(now)

    def _ask(self, now: int, proofs: Headers = (), tries: int = 0) -> None:
        self._cseq += 1
        expires = 0 if self._over else self._expires_s
        made = request("REGISTER", f"sip:{self._wanted.domain}", via=self._station.via(self._wanted.to),
                       from_=self._from, to=f"<{self._wanted.uri}>", call_id=self._call_id, cseq=self._cseq,
                       headers=(("Contact", self._contact), ("Expires", str(expires)), *ABOUT, *proofs))
        self._wires.ask(made, self._wanted.to, lambda read, at: self._heard(read, made, proofs, tries, at), now)

    def _heard(self, read: Read | None, asked: Request, proofs: Headers, tries: int, now: int) -> None:
        code = read.message.code if read is not None and isinstance(read.message, Response) else 408
        if code < 200:
            return
        proof = (self._wanted.account.proof(read, code, asked, self._station.token)
                 if read is not None and tries < _PROOFS else None)
        if proof is not None:
            self._ask(now, with_proof(proofs, proof), tries + 1)
        elif self._over:
            return
        elif read is not None and code < 300:
            self._taken(read, now)
        elif read is not None and code == 423 and tries < _PROOFS and (least := _seconds(read, "Min-Expires")):
            self._expires_s = min(least, _LONGEST_S)
            self._ask(now, proofs, tries + 1)
        else:
            self._failed(read, code, now)

    def _taken(self, read: Read, now: int) -> None:
        lasts = max(min(_granted(read, self._contact) or self._expires_s, _LONGEST_S), _SHORTEST_S)
        if not self._there:
            self._station.told.append(Enrolled(self._wanted.uri, lasts))
        self._there, self._wait_s = True, _FIRST_S
        self._station.timers.set(self._number, "again", now + RATE * (lasts - min(60, lasts // 2)))
        self._station.timers.set(self._number, "alive", now + _ALIVE)

    def _failed(self, read: Read | None, code: int, now: int) -> None:
        self._there = False
        self._station.timers.cancel(self._number, "alive")
        if code in _FINAL:
            self._station.told.append(NotEnrolled(self._wanted.uri, code, 0))
            return
        after = min((read and _seconds(read, "Retry-After")) or self._wait_s, _LONGEST_S)
        self._wait_s = min(2 * self._wait_s, _LAST_S)
        self._station.told.append(NotEnrolled(self._wanted.uri, code, after))
        self._station.timers.set(self._number, "again", now + RATE * max(after, 1))


def _seconds(read: Read, name: str) -> int:
    """Return a header's number; 0 if it has none."""
    found = _NUMBER.match(read.header(name))
    return int(found[1]) if found else 0


def _granted(read: Read, ours: str) -> int:
    """Return for how long we are registered, in seconds; 0 if that is not said."""
    own = parted(ours)[0].partition(";")[0]
    for value in read.message.headers.getlist("Contact"):
        for one in listed(value):
            uri, lasts = parted(one)
            if uri.partition(";")[0] == own and lasts is not None:
                return lasts
    return _seconds(read, "Expires")
