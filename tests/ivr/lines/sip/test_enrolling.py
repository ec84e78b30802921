"""We register where others are rung: with a password, for as long as is granted, and not at any price."""

import hashlib
import re

import pytest
from wire import B, Caller, Wire, code, header

from ivr.lines.sip.accounts import Account
from ivr.lines.sip.authenticating import Doorman, users_of
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.enrolling import Enrolment
from ivr.lines.sip.telling import Enrolled, NotEnrolled

CHALLENGE = 'WWW-Authenticate: Digest realm="pbx", nonce="{}", algorithm=MD5, qop="auth"\r\n'


def begun(login="anna"):
    caller = Caller()
    wanted = Enrolment("+14255550100", "pbx.example", caller.peer,
                       Account(login=login, password="secret"))  # noqa: S106
    caller.end.register(wanted, 0)
    return caller, caller.heard()[0]


def answered(caller, asked, status, extra=""):
    """Answer a request; return what is said to that."""
    copied = "".join(f"{name}: {header(asked, name)}\r\n" for name in ("Via", "From", "Call-ID", "CSeq"))
    return caller.say(f"SIP/2.0 {status} x\r\n{copied}To: {header(asked, 'To')};tag=r\r\n{extra}"
                      "Content-Length: 0\r\n\r\n".encode())


def contact(asked, expires):
    return f"Contact: {header(asked, 'Contact')};expires={expires}\r\n"


def test_a_registration_then_proved_told_renewed_before_it_ends_and_kept_open_meanwhile():
    caller, asked = begun()
    assert asked.startswith("REGISTER sip:pbx.example SIP/2.0")
    assert header(asked, "Contact") == "<sip:+14255550100@192.0.2.2:5060>"
    [proved] = answered(caller, asked, 401, CHALLENGE.format("n1"))
    assert 'username="anna"' in header(proved, "Authorization")
    assert "secret" not in proved
    assert [header(one, "CSeq") for one in (asked, proved)] == ["1 REGISTER", "2 REGISTER"]
    assert answered(caller, proved, 200, contact(asked, 120)) == []
    assert caller.end.events() == [Enrolled("sip:+14255550100@pbx.example", 120)]
    heard = caller.wait(59)
    assert heard == ["\r\n\r\n"] * 2
    [again] = caller.wait(1.1)
    assert header(again, "CSeq") == "3 REGISTER"
    answered(caller, again, 200, contact(asked, 120))
    assert caller.end.events() == []
    caller.end.unregister(caller.now)
    [gone] = caller.heard()
    assert header(gone, "Expires") == "0"
    answered(caller, gone, 200)
    assert caller.wait(1000) == []


@pytest.mark.parametrize(("status", "extra"), [(403, ""), (404, ""), (401, CHALLENGE.format("n2"))])
def test_a_registration_that_is_refused_for_good_then_told_and_not_tried_again(status, extra):
    caller, asked = begun()
    [proved] = answered(caller, asked, 401, CHALLENGE.format("n1"))
    assert answered(caller, proved, status, extra) == []
    assert caller.end.events() == [NotEnrolled("sip:+14255550100@pbx.example", status, 0)]
    assert caller.wait(5000) == []


def test_a_registrar_that_is_not_there_then_tried_later_and_later():
    caller, _ = begun()
    caller.wait(600)
    told = [event.after_s for event in caller.end.events()]
    assert told == [30, 60, 120, 240]


@pytest.mark.parametrize(("status", "extra", "after"), [(503, "Retry-After: 7\r\n", 7), (500, "", 30)])
def test_a_registrar_that_cannot_now_then_tried_when_it_says(status, extra, after):
    caller, asked = begun()
    answered(caller, asked, status, extra)
    assert caller.end.events() == [NotEnrolled("sip:+14255550100@pbx.example", status, after)]
    assert caller.wait(after - 1) == []
    assert len(caller.wait(1.1)) == 1


def test_a_registrar_that_wants_longer_then_asked_for_that():
    caller, asked = begun()
    [again] = answered(caller, asked, 423, "Min-Expires: 1800\r\n")
    assert header(again, "Expires") == "1800"


def test_our_registration_at_our_own_registrar_then_let_in_by_its_password():
    users = users_of("anna:pbx:" + _ha1("anna", "pbx", "secret"), "users")
    wire = Wire()
    token = iter(range(10_000))
    wire.ends[B] = Endpoint(B, lambda: f"{next(token):016x}", doorman=Doorman(users, lambda: f"{next(token):016x}"))
    here = next(iter(wire.ends))
    for password, expected in (("secret", Enrolled), ("wrong", NotEnrolled)):
        account = Account(login="anna", password=password)
        wire.ends[here].register(Enrolment("anna", "192.0.2.2", B, account), wire.now)
        wire.run(wire.now + 8000)
        assert type(wire.told[here][-1]) is expected
    assert [code(one.decode()) for _, who, one in wire.sent if who == B] == [401, 200, 401, 401]
    assert not re.search("secret|wrong", repr(wire.sent))


def _ha1(*parts):
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()
