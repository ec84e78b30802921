"""Signalling by TLS, and by TCP where we connect: real sockets on loopback, a certificate of our own."""

import secrets
import socket
import ssl

import pytest
from ports import refusing
from wire import OFFER, code, header, message

from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.framing import Framer
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.sockets import Network, NetworkError, Secured
from ivr.lines.sip.telling import Answered, CallRefused, Ended, Invited


class Side:
    """One side: an endpoint on sockets."""

    def __init__(self, identity, *, listens=False, knows=True):
        secured = Secured("127.0.0.1", 0, *identity) if listens else None
        self.network = Network("127.0.0.1", 0, range(0), secured=secured,
                               authorities=identity[0] if knows else None)
        self.end = Endpoint(self.network.here, lambda: secrets.token_hex(8), secure=self.network.secure)
        self.told = []

    def step(self, now):
        for data, source in self.network.messages():
            self.end.receive(data, source, now)
        self.end.advance(now)
        self.told += self.end.events()
        for data, to in self.end.outgoing():
            self.network.send(data, to)


@pytest.fixture
def sides(identity):
    """One who listens, and one who calls."""
    made = [Side(identity, listens=True), Side(identity)]
    yield made
    for one in made:
        one.network.close()


def until(sides, kind, who):
    """Go on until somebody is told of a kind; return what he was told."""
    while not any(isinstance(event, kind) for event in who.told):
        for one in sides:
            one.step(0)
            one.network.wait(0.001)
    return next(event for event in who.told if isinstance(event, kind))


@pytest.mark.parametrize("transport", ["TLS", "TCP"])
def test_a_call_on_a_connection_then_answered_and_hung_up_on_it(sides, transport):
    bridge, phone = sides
    to = bridge.network.secure if transport == "TLS" else bridge.network.here._replace(transport="TCP")
    phone.network.reach(to)
    call = phone.end.invite(f"sip:1000@127.0.0.1:{to.port};transport={transport.lower()}", to, "127.0.0.1", 4000, 0)
    invited = until(sides, Invited, bridge)
    bridge.end.answer(invited.call, "127.0.0.1", 5000, 0)
    until(sides, Answered, phone)
    assert f":{to.port};transport={transport.lower()}" in phone.end._leg(call).dialog.target
    while bridge.end._leg(invited.call).sent is not None:
        bridge.step(0)
    bridge.end.end(invited.call, 0)
    assert until(sides, Ended, phone) == Ended(call)


def test_one_whose_certificate_nobody_knows_then_not_spoken_to(sides, identity):
    bridge = sides[0]
    phone = Side(identity, knows=False)
    phone.network.reach(bridge.network.secure)
    phone.end.invite("sip:1000@127.0.0.1", bridge.network.secure, "127.0.0.1", 4000, 0)
    while phone.network._connections._there or not phone.told:
        phone.step(33 * 8000 if not phone.network._connections._there else 0)
        bridge.step(0)
        phone.network.wait(0.001)
    phone.network.close()
    assert [type(event) for event in phone.told] == [CallRefused]
    assert bridge.told == []


def test_requests_by_tls_in_pieces_and_together_then_each_is_answered_and_sips_stays_so(sides, identity):
    bridge, framer, heard = sides[0], Framer(), []
    context = ssl.create_default_context(cafile=identity[0])
    plain = socket.create_connection(bridge.network.secure[:2])
    plain.settimeout(0.001)
    one = context.wrap_socket(plain, server_hostname="127.0.0.1", do_handshake_on_connect=False)

    def goes(do, *words):
        while True:
            bridge.step(0)
            try:
                return do(*words)
            except (TimeoutError, ssl.SSLWantReadError):
                continue

    goes(one.do_handshake)
    asked = message(via="192.0.2.9:5061").replace(b"/UDP", b"/TLS")
    invite = message("INVITE", body=OFFER, uri="sips:1000@192.0.2.2", branch="z9hG4bKi").replace(b"/UDP", b"/TLS")
    for part in (asked[:60], asked[60:200], asked[200:] + asked.replace(b"x1", b"x2") + invite):
        goes(one.sendall, part)
        bridge.step(0)
    while not bridge.told:
        bridge.step(0)
    bridge.end.ring(bridge.told[0].call, 0)
    while len(heard) < 4:
        heard += [each.decode() for each in framer.take(goes(one.recv, 9999))]
    one.close()
    assert [code(each) for each in heard] == [200, 200, 100, 180]
    assert header(heard[3], "Contact") == f"<sips:ivr@127.0.0.1:{bridge.network.secure.port};transport=tls>"


def test_one_who_speaks_no_tls_to_its_port_then_the_connection_is_closed(sides):
    bridge = sides[0]
    with socket.create_connection(bridge.network.secure[:2]) as one:
        one.sendall(message())
        one.setblocking(False)
        closed = False
        while not closed:
            bridge.step(0)
            try:
                closed = not one.recv(999)
            except BlockingIOError:
                continue
            except ConnectionResetError:
                closed = True
    assert bridge.network._connections._there == {}


def test_a_peer_that_is_not_there_then_what_is_sent_is_lost(sides):
    phone = sides[1]
    with refusing() as nobody:
        for transport in ("TCP", "TLS"):
            peer = Peer("127.0.0.1", nobody.getsockname()[1], transport)
            phone.network.send(message(), peer)
            assert not phone.network._connections._there
            phone.network.reach(peer)
            phone.network.send(message(), peer)
        while phone.network._connections._there:
            phone.step(0)


@pytest.mark.parametrize(("swap", "said"), [
    (lambda cert, key: (key, cert), "cannot be used: "),
    (lambda cert, key: (cert.parent / "x", key), "No such file")])
def test_certificates_when_they_are_none_then_one_sentence(identity, swap, said):
    with pytest.raises(NetworkError, match=said):
        Network("127.0.0.1", 0, range(0), secured=Secured("127.0.0.1", 0, *swap(*identity)))
    with pytest.raises(NetworkError, match=r"--sip-ca .* has no certificates"):
        Network("127.0.0.1", 0, range(0), authorities=identity[1])
