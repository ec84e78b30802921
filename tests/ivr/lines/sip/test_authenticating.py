"""Who may call and register: digest with nonces that end, against users whose passwords are nowhere."""

import hashlib
import re

import pytest
from wire import OFFER, Caller, code, header, message

from ivr.lines.sip.authenticating import BadUsers, Doorman, users_of
from ivr.lines.sip.reading import Peer

HA1 = hashlib.md5(b"amos:ivr:secret", usedforsecurity=False).hexdigest()
USERS = users_of(f"# who may\namos:ivr:{HA1}\n", "users")
URI = "sip:1000@192.0.2.2"


def md5(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Known(Caller):
    """One who may have a password."""

    def __init__(self):
        super().__init__(doorman=Doorman(USERS, iter(f"{n:032x}" for n in range(1000)).__next__))
        self.asked = 0

    def tries(self, method="INVITE", *, name="amos", password="secret", nonce=None, uri=URI, count=1, source=None,  # noqa: S107
              **changed):
        """Ask with credentials; return the last answer."""
        self.asked += 1
        extra = ""
        if nonce is not None:
            given = {"username": name, "realm": "ivr", "nonce": nonce, "uri": uri, "cnonce": "c", "qop": "auth",
                     "nc": f"{count:08x}", "algorithm": "MD5", **changed}
            given["response"] = changed.get("response") or md5(
                f"{md5(f'{name}:ivr:{password}')}:{nonce}:{count:08x}:c:auth:{md5(f'{method}:{uri}')}")
            listed = ", ".join(f'{key}="{value}"' for key, value in given.items())
            extra = f"Authorization: Digest {listed}\r\n"
        return self.say(message(method, body=OFFER if method == "INVITE" else "", extra=extra, uri=URI,
                                branch=f"z9hG4bK{self.asked}", call_id=f"c{self.asked}"), source)[-1]

    def nonce(self, method="INVITE"):
        return re.search('nonce="([^"]*)"', self.tries(method))[1]


def test_a_call_without_a_password_then_asked_for_it_and_with_it_let_in():
    caller = Known()
    challenge = caller.tries()
    assert code(challenge) == 401
    assert header(challenge, "WWW-Authenticate").startswith('Digest realm="ivr", nonce="0.')
    assert code(caller.tries(nonce=caller.nonce())) == 100


@pytest.mark.parametrize("wrong", [
    {"password": "guess"}, {"name": "nobody"}, {"uri": "sip:2000@192.0.2.2"}, {"uri": "http://x"},
    {"response": "é"},
    {"nonce": "0.made-up.f00"}, {"nonce": "é"}, {"realm": "other"}, {"qop": "auth-int"}, {"algorithm": "SHA-256"},
    {"nc": "x"}, {"cnonce": ""}, {"uri": "sip:" + "9" * 3000}], ids=str)
def test_credentials_that_are_wrong_then_asked_again_in_the_same_words(wrong):
    caller = Known()
    answer = caller.tries(**{"nonce": caller.nonce(), **wrong})
    assert code(answer) == 401
    assert "stale" not in answer
    assert re.sub('"[^"]*"', "", header(answer, "WWW-Authenticate")) == "Digest realm=, nonce=, algorithm=MD5, qop="


def test_a_password_of_another_method_then_not_taken():
    caller = Known()
    nonce = caller.nonce("REGISTER")
    taken = md5(f"{HA1}:{nonce}:00000001:c:auth:{md5(f'REGISTER:{URI}')}")
    assert code(caller.tries(nonce=nonce, response=taken)) == 401


def test_credentials_that_are_used_again_or_are_old_then_stale():
    caller = Known()
    nonce = caller.nonce()
    assert code(caller.tries(nonce=nonce)) == 100
    again = caller.tries(nonce=nonce)
    assert (code(again), "stale=true" in again) == (401, True)
    assert code(caller.tries(nonce=nonce, count=2)) == 100
    caller.wait(121)
    assert "stale=true" in caller.tries(nonce=nonce, count=3)


def test_many_wrong_passwords_then_that_host_is_not_listened_to_for_a_minute():
    caller, other = Known(), Peer("192.0.2.10", 5060)
    codes = [code(caller.tries(nonce=caller.nonce(), password=f"{n}")) for n in range(25)]
    assert codes == [401] * 20 + [403] * 5
    assert code(caller.tries(nonce=caller.nonce())) == 403
    assert code(caller.tries(nonce=caller.nonce(), source=other)) == 100
    caller.wait(61)
    assert code(caller.tries(nonce=caller.nonce())) == 100


def test_a_call_that_goes_on_then_not_asked_again():
    caller = Known()
    answer = caller.tries(nonce=caller.nonce())
    invited = [event for event in caller.end.events() if type(event).__name__ == "Invited"][-1]
    caller.end.answer(invited.call, "192.0.2.2", 20_000, 0)
    caller.tag = header(caller.heard()[-1], "To").partition("tag=")[2]
    assert code(answer) == 100
    assert code(caller.asks("BYE", call_id=f"c{caller.asked}")) == 200


def test_credentials_made_to_cost_much_then_read_at_once():
    caller = Known()
    value = "Digest " + ", ".join(['a="x"'] * 500) + ", !"
    assert code(caller.say(message("INVITE", body=OFFER, extra=f"Authorization: {value}\r\n"))[-1]) == 401


def test_users_when_shown_then_no_secret():
    assert repr(USERS) == "Users('ivr', 1 of them)"
    with pytest.raises(BadUsers, match=r"^users, line 2: a user is NAME:REALM:HA1") as told:
        users_of(f"amos:ivr:{HA1}\nrita:secret\n", "users")
    assert "rita" not in str(told.value)


def contacts(answer):
    return re.findall(r"(?m)^Contact: (.*)\r", answer)


def test_a_registration_then_kept_until_it_ends():
    caller = Caller()
    first = caller.say(message("REGISTER", extra="Expires: 60\r\n", branch="z9hG4bK1"))[-1]
    assert contacts(first) == ["<sip:ann@192.0.2.9:5060>;expires=60"]
    caller.wait(20)
    ask = message("REGISTER", branch="z9hG4bK2", cseq=2).replace(b"Contact: <sip:ann@192.0.2.9:5060>\r\n", b"")
    assert contacts(caller.say(ask)[-1]) == ["<sip:ann@192.0.2.9:5060>;expires=40"]
    caller.wait(41)
    assert contacts(caller.say(ask.replace(b"bK2", b"bK3").replace(b"2 REG", b"3 REG"))[-1]) == []


@pytest.mark.parametrize(("extra", "answer", "left"), [
    ("Expires: 0\r\n", 200, 0), ("Expires: 10\r\n", 423, 1), ("Expires: 99999999\r\n", 200, 1),
    ("Expires: x\r\n", 200, 1)])
def test_a_registration_when_it_asks_for_a_time_then_taken_ended_or_told_the_least(extra, answer, left):
    caller = Caller()
    caller.say(message("REGISTER", branch="z9hG4bK1"))
    got = caller.say(message("REGISTER", extra=extra, branch="z9hG4bK2", cseq=2))[-1]
    assert code(got) == answer
    assert len(contacts(got)) == (left if answer == 200 else 0)
    if answer == 423:
        assert header(got, "Min-Expires") == "60"


def test_a_thousand_contacts_then_refused():
    extra = "".join(f"Contact: <sip:a@192.0.2.{n}>\r\n" for n in range(20))
    assert code(Caller().say(message("REGISTER", extra=extra))[-1]) == 503
