"""As whom we call: digest as others compute it, and against our own doorman."""

import hashlib

import pytest
from wire import SECOND, A, B, Wire, tokens

from ivr.lines.sip.accounts import Account
from ivr.lines.sip.authenticating import Doorman, Users
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.reading import Peer, read
from ivr.lines.sip.telling import Answered, CallRefused, Ended, Invited

SECRET = "over the sea"  # noqa: S105
AMOS = {"login": "amos", "password": SECRET}


class Guarded(Wire):
    """A network of two, of whom B asks who calls."""

    def __init__(self, fates=()):
        super().__init__(fates)
        secret = hashlib.md5(f"amos:bridge:{SECRET}".encode(), usedforsecurity=False).hexdigest()
        self.ends[B] = Endpoint(B, tokens(2), doorman=Doorman(Users("bridge", {"amos": secret}), tokens(3)))

    def calls(self, **account):
        return self.ends[A].invite("sip:1000@192.0.2.2", B, A.host, 4000, self.now, account=Account(**account))


def test_a_call_when_it_is_asked_for_a_password_then_it_comes_in_as_one_call():
    wire = Guarded()
    call = wire.calls(**AMOS)
    wire.run(SECOND)
    [invited] = wire.of(B, Invited)
    wire.ends[B].answer(invited.call, B.host, 5000, wire.now)
    wire.run(2 * SECOND)
    assert len(wire.of(A, Answered)) == 1
    assert wire.starts(A) == ["INVITE", "ACK", "INVITE", "ACK"]
    wire.ends[A].end(call, wire.now)
    wire.run(100 * SECOND)
    assert len(wire.of(B, Ended)) == 1
    assert all(end.idle for end in wire.ends.values())
    assert SECRET.encode() not in b"".join(data for _, _, data in wire.sent)


@pytest.mark.parametrize("account", [
    {}, {**AMOS, "password": "wrong"}, {**AMOS, "login": "rita"}])
def test_a_call_when_its_password_is_wrong_or_none_then_refused_and_asked_no_more_than_once(account):
    wire = Guarded()
    wire.calls(**account)
    wire.run(60 * SECOND)
    assert [(one.code, one.phrase) for one in wire.of(A, CallRefused)] == [(401, "Unauthorized")]
    assert wire.starts(A).count("INVITE") == (2 if account else 1)
    assert wire.ends[A].idle


def test_a_call_when_any_message_of_it_is_lost_then_it_comes_in_all_the_same():
    for lost in range(6):
        wire = Guarded([*[[0]] * lost, []])
        wire.calls(**AMOS)
        wire.run(20 * SECOND)
        assert len(wire.of(B, Invited)) == 1, lost


def test_a_call_that_is_given_up_when_it_is_asked_for_a_password_then_it_is_not_made():
    wire = Guarded([[SECOND]] * 2)
    call = wire.calls(**AMOS)
    wire.run(SECOND // 2)
    wire.ends[A].end(call, wire.now)
    wire.run(60 * SECOND)
    assert wire.of(B, Invited) == []
    assert wire.ends[A].idle


ASKS = ("SIP/2.0 {code} Who\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch={branch}\r\nFrom: {who}\r\n"
        "To: <sip:1000@192.0.2.2>;tag=b\r\nCall-ID: {call}\r\nCSeq: {cseq} INVITE\r\n{asks}"
        "Content-Length: 0\r\n\r\n")


class Server:
    """One who speaks raw SIP to a caller of ours."""

    def __init__(self, account):
        self.end, self.peer = Endpoint(A, tokens(5)), Peer("192.0.2.2", 5060)
        self.end.invite("sip:1000@192.0.2.2", self.peer, A.host, 4000, 0, account=account)
        self.last = self.invite()

    def invite(self):
        """Return the INVITE that was sent since; empty if none was."""
        return next((data for data, _ in self.end.outgoing() if data.startswith(b"INVITE")), b"")

    def asks(self, code, *challenges):
        """Challenge the last INVITE; return the lines of proof in the next."""
        invite = read(self.last)
        name = {401: "WWW-Authenticate", 407: "Proxy-Authenticate"}[code]
        self.end.receive(ASKS.format(
            code=code, branch=invite.branch, call=invite.call_id, cseq=invite.cseq, who=invite.header("From"),
            asks="".join(f"{name}: {one}\r\n" for one in challenges)).encode(), self.peer, 0)
        self.last = self.invite()
        return [line for line in self.last.decode().split("\r\n") if "uthorization:" in line]


def test_a_challenge_of_rfc_7616_then_the_answer_is_right_by_its_rule_for_each_hash():
    for algorithm, make in (("MD5", hashlib.md5), ("SHA-256", hashlib.sha256)):
        server = Server(Account(**{**AMOS, "password": 'a"b'}))
        [proof] = server.asks(401, 'Basic realm="x"', 'Digest realm="a, \\"b\\"", nonce="n1", qop="auth-int,auth", '
                                                     f'opaque="o", algorithm={algorithm}')
        given = dict(part.partition("=")[::2] for part in proof.partition("Digest ")[2].replace(
            'a, \\"b\\"', "R").replace('"', "").split(", "))

        def hashed(text, make=make):
            return make(text.encode()).hexdigest()

        secret = hashed('amos:a, "b":a"b')
        what = hashed("INVITE:sip:1000@192.0.2.2")
        assert given["response"] == hashed(f"{secret}:n1:00000001:{given['cnonce']}:auth:{what}")
        assert (given["opaque"], given["nc"], given["uri"]) == ("o", "00000001", "sip:1000@192.0.2.2")


def test_a_challenge_without_qop_by_a_proxy_and_then_one_by_the_server_then_both_are_answered():
    server = Server(Account(**AMOS))
    [proof] = server.asks(407, 'Digest realm="proxy", nonce="p"')
    assert proof.startswith("Proxy-Authorization: Digest ")
    assert "qop" not in proof
    assert len(server.asks(401, 'Digest realm="server", nonce="s", qop="auth"')) == 2


def test_a_nonce_that_is_stale_then_answered_anew_in_place_of_the_old_and_not_for_ever():
    server = Server(Account(**AMOS))
    server.asks(401, 'Digest realm="r", nonce="1"')
    for number in range(2, 5):
        [proof] = server.asks(401, f'Digest realm="r", nonce="{number}", stale=true')
        assert f'nonce="{number}"' in proof
    assert server.asks(401, 'Digest realm="r", nonce="9", stale=true') == []


@pytest.mark.parametrize("challenge", [
    "Basic realm=x", 'Digest realm="r", nonce="n", algorithm=SHA-512-256-sess', 'Digest realm="r"',
    'Digest realm="r", nonce="n", qop="auth-int"', "Digest", ""])
def test_a_challenge_that_cannot_be_answered_then_the_call_is_refused(challenge):
    server = Server(Account(**AMOS))
    assert server.asks(401, challenge) == []
    assert [event.code for event in server.end.events()] == [401]


@pytest.mark.parametrize(("account", "user", "said"), [
    (Account(), "", "<sip:ivr@192.0.2.1>"),
    (Account(user="ann", domain="example.com"), "", "<sip:ann@example.com>"),
    (Account(name='A "x" \\'), "+1425", '"A \\"x\\" \\\\" <sip:+1425@192.0.2.1>')])
def test_who_calls_then_from_says_it(account, user, said):
    assert account.from_("192.0.2.1", user) == said
    assert SECRET not in repr(Account(**AMOS))
