"""An endpoint of SIP: bytes and time in, bytes and events out; no socket, no clock.

Whoever holds it gives it what came (`receive`) and what time it is (`advance`), sends what `outgoing` returns, and
reads what `events` tells. Nothing that strangers send raises.
"""

from collections.abc import Callable

from sipmessage import Request, Response

from ivr.lines.sip import incoming, outgoing, referring
from ivr.lines.sip.accounts import Account
from ivr.lines.sip.agreeing import Agreement, Local
from ivr.lines.sip.authenticating import Answer
from ivr.lines.sip.callers import NetworkCaller, Trusts, caller_of
from ivr.lines.sip.enrolling import Enrolment, Registration
from ivr.lines.sip.flooding import FloodGate
from ivr.lines.sip.keying import pressed
from ivr.lines.sip.legs import Leg, Legs
from ivr.lines.sip.reading import Malformed, Peer, Read, read
from ivr.lines.sip.registering import Registrar
from ivr.lines.sip.renewing import renew
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.station import Station
from ivr.lines.sip.telling import Event
from ivr.lines.sip.transactions import ABOUT, ALLOW, EXTENSIONS, SDP, Transactions, reply
from ivr.lines.sip.within import asked_within
from ivr.lines.sip.writing import response, way_back

MOST = 4000
"""Transactions that go on at once at most; requests beyond them get 503, and nothing is kept of them."""

_KNOWN = frozenset(ALLOW.split(", "))
_BUSY = (("Retry-After", "10"),)


class Endpoint:
    """A telephone exchange's side of SIP.

    Parameters
    ----------
    here : Peer
        The address by which others reach it; it stands in Contact, Via and SDP.
    token : callable
        Gives words that nobody can guess: `secrets.token_hex(8)`, or those of a seed in a test.
    most : int
        As of `MOST`.
    gate : callable, optional
        As of `FloodGate`, which it is by default.
    doorman : callable, optional
        As of `Doorman`: asked about whoever begins a call or registers. Without one everybody may.
    trusts : callable, optional
        Tells of a host whether it speaks for its callers, as of `ivr.lines.sip.callers.trusted`.
    secure : Peer, optional
        As of `Station`.
    refers : callable, optional
        Gives where somebody is whom a caller may have us go on with; None for all others.
    keys : callable, optional
        Draws keys for encrypted sound, so many bytes each; without it there is none.
    """

    def __init__(self, here: Peer, token: Callable[[], str], *, most: int = MOST,
                 gate: Callable[[str, bytes, int], str] | None = None,
                 doorman: Callable[[Read, Request, str, int], Answer | None] | None = None,
                 trusts: Trusts = lambda _: False, secure: Peer | None = None,
                 refers: Callable[[str], Peer | None] = lambda _: None,
                 keys: Callable[[int], bytes] | None = None) -> None:
        self._station = Station(here, token, secure, keys)
        self._wires = Transactions(self._station)
        self._legs: Legs = {}
        self._most, self._gate = most, gate or FloodGate()
        self._doorman, self._registrar, self._trusts = doorman, Registrar(), trusts
        self._refers = refers
        self._registrations: list[Registration] = []

    # bytes and time

    def receive(self, data: bytes, source: Peer, now: int) -> None:
        """Take a message that came from somewhere."""
        self.advance(now)
        spoken_for = self._trusts(source.host)
        judged = "take" if spoken_for else self._gate(source.host, data, now)
        if judged == "drop":
            return
        try:
            got = read(data)
        except Malformed as fault:
            if fault.code and fault.read is not None and fault.read.method != "ACK":
                self._stateless(fault.read, source, fault.code)
            return
        if got is None:
            return
        if isinstance(got.message, Response):
            self._wires.receive(got, got.message, now)
            return
        if spoken_for and (judged := self._gate(self._caller(got, source).counts_by, data, now)) == "drop":
            return
        self._request(got, got.message, source, now, refuses=judged == "refuse")

    def advance(self, now: int) -> None:
        """Do what is due by now."""
        self._station.advance(now)

    def next_at(self) -> int | None:
        """Return when something is due next; None if nothing is."""
        return self._station.timers.next_at()

    def outgoing(self) -> list[tuple[bytes, Peer]]:
        """Return what is to be sent, and to whom."""
        self._station.outbox, sent = [], self._station.outbox
        return sent

    def events(self) -> list[Event]:
        """Return what has happened."""
        self._station.told, told = [], self._station.told
        return told

    # what is asked of it

    def ring(self, call: int, now: int) -> None:
        """Let who calls hear that it rings."""
        if leg := self._leg(call):
            incoming.ring(leg, now)

    def play_early(self, call: int, host: str, port: int, now: int) -> None:
        """Let who calls hear us before we answer, if he can; sound for us is to come to this address."""
        if leg := self._leg(call):
            incoming.ring(leg, now, Local(host, port, leg.number, draw=self._station.keys))

    def answer(self, call: int, host: str, port: int, now: int) -> None:
        """Answer a call; sound for us is to come to this address."""
        if leg := self._leg(call):
            incoming.answer(leg, Local(host, port, leg.number, draw=self._station.keys), now)

    def reject(self, call: int, code: int, now: int) -> None:
        """Refuse a call."""
        if leg := self._leg(call):
            incoming.reject(leg, code, now)

    def redirect(self, call: int, uri: str, now: int) -> None:
        """Send somebody who calls elsewhere."""
        if leg := self._leg(call):
            incoming.reject(leg, 302, now, (("Contact", f"<{uri}>"),))

    def invite(self, uri: str, to: Peer, host: str, port: int, now: int, *, account: Account | None = None,
               user: str = "", replaces: str = "", secures: bool = False) -> int:
        """Call a URI by way of a peer, as who has this account; return the number of the call.

        Parameters
        ----------
        user : str
            Who calls, where he has a number of his own.
        replaces : str
            As of `Referred`.
        secures : bool
            As of `Local`.
        """
        headers = (("Replaces", replaces), ("Require", "replaces")) if replaces else ()
        local = Local(host, port, 1, draw=self._station.keys, secures=secures)
        leg = outgoing.call(self._wires, self._legs, uri, to, local, now, account=account, user=user,
                            headers=headers)
        return leg.number

    def transfer(self, call: int, to: str, now: int) -> None:
        """Hand somebody over to a URI or a number; how it goes is told, also of a call that we end meanwhile."""
        if leg := self._leg(call):
            referring.transfer(leg, to, now)

    def tell(self, call: int, code: int, now: int) -> None:
        """Tell how it goes with what a call was `Referred` for."""
        if leg := self._leg(call):
            referring.tell(leg, code, now)

    def settled(self, call: int) -> Agreement | None:
        """Return how the sound of a call goes that is answered; None while it is not."""
        leg = self._leg(call)
        return leg.agreed if leg and leg.state == "up" else None

    def give_way(self, call: int, now: int) -> None:
        """End a call in whose place another one is: who has asked for that hears of it and hangs up, else we do."""
        leg = self._leg(call)
        if leg is None:
            return
        if leg.refers is not None:
            referring.tell(leg, 200, now)
            referring.left(leg, now)
        else:
            leg.end(now)

    def register(self, wanted: Enrolment, now: int) -> None:
        """Be rung at an address of others from now on; how that goes is told."""
        self._registrations.append(Registration(self._wires, wanted, now))

    def unregister(self, now: int) -> None:
        """Be rung nowhere else any more."""
        for one in self._registrations:
            one.end(now)
        self._registrations.clear()

    def inform(self, call: int, key: str, ms: int, now: int) -> None:
        """Send a key in a message of its own."""
        leg = self._leg(call)
        if leg is not None and leg.state == "up":
            kind, body = pressed(key, ms)
            leg.ask("INFO", lambda *_: None, now, (("Content-Type", kind),), body)

    def end(self, call: int, now: int) -> None:
        """Hang up; nothing more is told of the call."""
        leg = self._leg(call)
        if leg is None:
            return
        if leg.pending is not None:
            leg.ends = True
            incoming.reject(leg, 480, now)
        elif leg.state == "calling":
            outgoing.give_up(leg, now)
        else:
            leg.end(now)

    def hold(self, call: int, now: int, *, on: bool) -> None:
        """Put the other side on hold, or take it back."""
        if leg := self._leg(call):
            leg.local.direction = "sendonly" if on else "sendrecv"
            leg.stale = True
            renew(leg, now)

    def agreed(self, call: int) -> Agreement | None:
        """Return how the sound of a call goes; None while that is not agreed on."""
        leg = self._leg(call)
        return leg.agreed if leg else None

    @property
    def idle(self) -> bool:
        """Whether there is no call and no transaction."""
        return not self._legs and not len(self._wires)

    @property
    def asks(self) -> bool:
        """Whether a request of ours waits for its answer."""
        return self._wires.asks

    @property
    def calls(self) -> int:
        """How many calls there are."""
        return len(self._legs)

    def _leg(self, call: int) -> Leg | None:
        leg = self._station.owner(call)
        return leg if isinstance(leg, Leg) else None

    # requests

    def _request(self, got: Read, request: Request, source: Peer, now: int, *, refuses: bool) -> None:
        server = self._wires.of(got)
        if got.method == "ACK":
            if server is not None:
                server.acked(now)
            if leg := self._legs.get((got.call_id, got.to_tag, got.from_tag)):
                leg.acked(got, now)
        elif server is not None:
            server.again()
        elif (refuses or len(self._wires) >= self._most) and not got.to_tag:
            self._stateless(got, source, 503, _BUSY)
        else:
            self._begin(got, request, source, now)

    def _begin(self, got: Read, request: Request, source: Peer, now: int) -> None:
        merged = not got.to_tag and self._wires.merged(got)
        server = self._wires.serve(got, source)
        tag = self._station.token()
        if got.method == "CANCEL":
            self._cancel(got, server, now)
            return
        unknown = got.tokens("Require") - EXTENSIONS
        if got.method not in _KNOWN:
            reply(server, 405, now, to_tag=tag, headers=(("Allow", ALLOW),))
        elif request.uri.scheme not in ("sip", "sips", "tel"):
            reply(server, 416, now, to_tag=tag)
        elif merged:
            reply(server, 482, now, to_tag=tag)
        elif unknown:
            reply(server, 420, now, to_tag=tag, headers=(("Unsupported", ", ".join(sorted(unknown))),))
        elif got.to_tag:
            leg = self._legs.get((got.call_id, got.to_tag, got.from_tag))
            if leg is None:
                reply(server, 481, now)
            else:
                self._within(leg, server, now)
        elif refused := self._asked_who(got, request, source, now):
            reply(server, refused[0], now, to_tag=tag, headers=refused[1])
        elif got.method == "REGISTER":
            self._registrar(server, now, tag)
        elif got.method == "INVITE":
            incoming.invited(self._wires, self._legs, server, self._caller(got, source), now)
        elif got.method == "OPTIONS":
            reply(server, 200, now, to_tag=tag, headers=(*ABOUT, ("Accept", SDP)))
        else:
            reply(server, 603 if got.method == "REFER" else 481, now, to_tag=tag)

    def _within(self, leg: Leg, server: ServerTransaction, now: int) -> None:
        if not asked_within(leg, server, now):
            return
        if server.read.method == "REFER":
            referring.referred(leg, server, self._refers(referring.target_of(server.read)[0]), now)
        else:
            referring.notified(leg, server, now)

    def _asked_who(self, got: Read, request: Request, source: Peer, now: int) -> Answer | None:
        """Return what one is answered who is not let in."""
        if self._doorman is None or got.method not in ("INVITE", "REGISTER"):
            return None
        return self._doorman(got, request, source.host, now)

    def _caller(self, got: Read, source: Peer) -> NetworkCaller:
        return caller_of(got, source, self._trusts)

    def _cancel(self, got: Read, server: ServerTransaction, now: int) -> None:
        invite = self._wires.cancelled(got)
        reply(server, 481 if invite is None else 200, now, to_tag=self._station.token())
        if invite is not None and isinstance(invite.call, Leg):
            incoming.cancelled(invite.call, now)

    def _stateless(self, got: Read, source: Peer, code: int, headers: tuple[tuple[str, str], ...] = ()) -> None:
        answer = response(got, code, to_tag=self._station.token(), source=source, headers=headers)
        self._station.send(answer, way_back(got.via, source))
