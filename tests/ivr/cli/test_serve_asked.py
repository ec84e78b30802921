"""`ivr serve`, a process, is asked by raw sockets what its RFCs want; what answers hold, `test_endpoint` tells."""

import re
import signal
import socket
import subprocess
import sys

import pytest
from wire import OFFER, code, header, message

from ivr.lines.sip.framing import Framer

pytestmark = pytest.mark.slow

SOUND = OFFER.replace("192.0.2.9", "127.0.0.1")


class Asking:
    """A telephone of raw sockets."""

    def __init__(self, port):
        self._there, self._cseq, self._calls, self.tag = ("127.0.0.1", port), 1, 0, ""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(60)
        self._own = self._socket.getsockname()[1]

    def close(self):
        self._socket.close()

    def written(self, method, transport="UDP", **more):
        more = {"cseq": self._cseq, "branch": f"z9hG4bK{self._calls}.{self._cseq}{method}", "to_tag": self.tag,
                "call_id": f"c{self._calls}", **more}
        data = message(method, via=f"127.0.0.1:{self._own}", **more).replace(b"/UDP", f"/{transport}".encode())
        return data.replace(b"@192.0.2.9:5060", f"@127.0.0.1:{self._own}".encode())

    def sends(self, data):
        self._socket.sendto(data, self._there)

    def until(self, *codes, method=""):
        """Return the codes that come up to one of these, and the answer that had it."""
        heard = []
        while True:
            answer = self._socket.recv(65_535).decode()
            if answer.startswith("SIP/2.0 ") and f"Call-ID: c{self._calls}\r\n" in answer:
                heard.append(code(answer))
                if heard[-1] in codes and header(answer, "CSeq").endswith(method):
                    return heard, answer

    def asks(self, method, *codes, **more):
        self._cseq += 1
        self.sends(self.written(method, **more))
        return self.until(*(codes or range(200, 700)), method=method)[1]

    def begins(self):
        """Begin another call."""
        self._calls, self._cseq, self.tag = self._calls + 1, 1, ""


@pytest.fixture(scope="module")
def served():
    """The port of a process that lets it ring for half a second, with early sound."""
    words = [sys.executable, "-m", "ivr.cli", "serve", "--sip", "127.0.0.1:0", "--plain", "--meeting",
             "1234567:48215:Amos", "--rings", "0.5", "--early-media"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          stdin=subprocess.DEVNULL) as process:
        yield int(re.search(r":(\d+)$", process.stdout.readline())[1])
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert process.returncode == 0


@pytest.fixture
def asking(served):
    one = Asking(served)
    yield one
    one.close()


def test_a_call_then_each_answer_as_its_rfc_says(asking):
    invite = asking.written("INVITE", body=SOUND)
    asking.sends(invite)
    codes, answer = asking.until(200)
    assert codes == [100, 183, 200]
    assert "m=audio" in answer
    asking.sends(invite)
    assert asking.until(200)[1] == answer
    assert asking.until(200)[1] == answer  # it is said again until it is acknowledged
    asking.tag = header(answer, "To").partition("tag=")[2]
    asking.sends(asking.written("ACK", branch="z9hG4bKa"))
    for said, expected in (("sendonly", "recvonly"), ("inactive", "inactive"), ("sendrecv", "sendrecv")):
        assert f"a={expected}" in asking.asks("INVITE", 200, body=SOUND.replace("sendrecv", said))
        asking.sends(asking.written("ACK", branch=f"z9hG4bKa{said}"))
    assert code(asking.asks("INFO", body="Signal=5\r\nDuration=160\r\n", kind="application/dtmf-relay")) == 200
    assert header(asking.asks("UPDATE", extra="Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n"),
                  "Session-Expires") == "90;refresher=uac"
    assert code(asking.asks("REFER", extra="Refer-To: <sip:other@127.0.0.1>\r\n")) == 603
    assert code(asking.asks("BYE")) == 200
    asking.sends(asking.written("BYE"))
    assert asking.until(200, method="BYE")


def test_a_call_that_is_taken_back_while_it_rings_then_487(asking):
    asking.begins()
    asking.sends(asking.written("INVITE", body=SOUND, branch="z9hG4bKtaken"))
    asking.until(183)
    asking.sends(asking.written("CANCEL", branch="z9hG4bKtaken"))
    assert asking.until(487, method="INVITE")
    asking.sends(asking.written("ACK", branch="z9hG4bKtaken"))


def test_requests_that_cannot_be_done_then_their_codes_and_it_lives_on(asking):
    for method, expected, more in (
            ("INVITE", 422, {"body": SOUND, "extra": "Session-Expires: 30\r\nSupported: timer\r\n"}),
            ("INVITE", 420, {"body": SOUND, "extra": "Require: nonsense\r\n"}),
            ("INVITE", 488, {"body": SOUND.replace("0 8 96", "3 18")}), ("BLAH", 405, {}),
            ("BYE", 481, {"to_tag": "xyz"})):
        asking.begins()
        assert code(asking.asks(method, **more)) == expected
    for rubbish in (b"\r\n\r\n", b"\x00\xff\xfe" * 50, b"INVITE sip:\xff\xfe SIP/2.0\r\n\r\n"):
        asking.sends(rubbish)
    asking.begins()
    assert code(asking.asks("OPTIONS")) == 200


def test_requests_by_tcp_in_pieces_and_two_in_one_then_each_is_answered_on_the_connection(asking, served):
    asking.begins()
    first, *others = (asking.written("OPTIONS", "TCP", branch=f"z9hG4bKt{n}") for n in range(3))
    framer, heard = Framer(), []
    with socket.create_connection(("127.0.0.1", served), 60) as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in (first[:60], first[60:200], first[200:], b"".join(others)):
            one.sendall(part)
        while len(heard) < 3:
            heard += framer.take(one.recv(65_535))
    assert [code(each.decode()) for each in heard] == [200] * 3
