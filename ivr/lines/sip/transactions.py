"""All transactions of an endpoint: which a message belongs to, and new ones."""

from sipmessage import Request, Response

from ivr.lines.sip.clients import Client, Heard
from ivr.lines.sip.reading import Peer, Read
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.station import Station
from ivr.lines.sip.writing import Headers, response, way_back

ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, REGISTER"
RELIABLE = "100rel"
EXTENSIONS = frozenset({"timer", "replaces", RELIABLE})
ABOUT: Headers = (("Allow", ALLOW), ("Supported", ", ".join(sorted(EXTENSIONS))))
SDP = "application/sdp"


class Transactions:
    """The transactions of a station."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self._servers: dict[tuple[str, ...], ServerTransaction] = {}
        self._same: dict[tuple[str | int, ...], ServerTransaction] = {}
        self._clients: dict[tuple[str, str], Client] = {}

    def __len__(self) -> int:
        return len(self._servers) + len(self._clients)

    @property
    def asks(self) -> bool:
        """Whether a request of ours waits for its answer."""
        return any(one.state in ("calling", "proceeding") for one in self._clients.values())

    def serve(self, read: Read, source: Peer) -> ServerTransaction:
        """Begin to answer a request."""
        server = ServerTransaction(self.station, read, source, way_back(read.via, source), self._forget)
        self._servers[read.key] = server
        if not self.merged(read):
            self._same[_same(read)] = server
        return server

    def of(self, read: Read) -> ServerTransaction | None:
        """Return the transaction of a request that has come before, or of an ACK."""
        return self._servers.get(read.key)

    def cancelled(self, read: Read) -> ServerTransaction | None:
        """Return the INVITE that a CANCEL is about."""
        return self._servers.get((*read.key[:-1], "INVITE"))

    def merged(self, read: Read) -> bool:
        """Tell whether a new request came here already by another way (RFC 3261 8.2.2.2).

        An INVITE that was refused may come again: a proxy tries others, and then this one once more.
        """
        before = self._same.get(_same(read))
        return before is not None and not (before.invites and before.state in ("completed", "confirmed"))

    def ask(self, made: Request, to: Peer, heard: Heard, now: int) -> Client:
        """Send a request, again and again until it is answered."""
        return Client(self.station, made, to, heard, self._clients, now)

    def receive(self, read: Read, answer: Response, now: int) -> bool:
        """Take an answer; return whether it is one to a request of ours."""
        client = self._clients.get((read.branch, read.method))
        if client is not None:
            client.receive(read, answer.code, now)
        return client is not None

    def _forget(self, server: ServerTransaction) -> None:
        self._servers.pop(server.read.key, None)
        if self._same.get(_same(server.read)) is server:
            del self._same[_same(server.read)]


def _same(read: Read) -> tuple[str | int, ...]:
    """Return by what a request is known that comes by another way."""
    return read.call_id, read.cseq, read.from_tag, read.method


def reply(server: ServerTransaction, code: int, now: int, *, to_tag: str = "", headers: Headers = (),
          body: bytes = b"") -> Response:
    """Answer a request; return the answer."""
    made = response(server.read, code, to_tag=to_tag, source=server.source, headers=headers, body=body)
    server.respond(made, now)
    return made
