"""Whatever is sent: the API keeps to what it says, frames that are none end their own socket, the slow wait."""

import json
import random
import socket
from contextlib import ExitStack, suppress

import pytest
from callers import KeypadLine
from hypothesis import HealthCheck, given, settings
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect as connected

from ivr.clock import samples
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryTrunk
from ivr.web.serving import listening, served

with_warnings = pytest.mark.filterwarnings("ignore")
"""Those of the package itself."""

PIECES = ["", "\0", "{}", "[]", "null", "1e999", '{"type": "scope"}', '{"type": "scope", "call": -1}',
          '{"type": "scope", "call": "1"}', '{"type": "scope", "call": 1, "more": 1}', "[" * 5000, '"' + "x" * 5000,
          '{"type": "scope", "call": 99999999999999999999}', "\U0010ffff", '{"type": "hello"}', "x" * 20_000,
          '{"type": "scope", "call": 1.5}', '{"type": "scope", "call": NaN}', '{"type": "scope", "call": null}']


def connect(port, **more):
    """Connect as a page; the one limit, a minute, is for what hangs."""
    return connected(f"ws://127.0.0.1:{port}/api/events", open_timeout=60, ping_interval=None, **more)


def conforms(app, examples):
    """Ask each action with data that is and is not as it should be; what is answered has to be as described."""
    schemathesis = pytest.importorskip("schemathesis")
    checks = schemathesis.checks
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.app = app
    asked = 0
    for result in schema.exclude(path_regex="/api/events").get_all_operations():
        operation = result.ok()
        asked += 1

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def holds(case):
            case.call_and_validate(headers={"Host": "127.0.0.1:8080"}, checks=[
                checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
                checks.response_schema_conformance])

        holds()
    return asked


@with_warnings
@pytest.mark.slow
def test_the_whole_api_when_it_is_asked_anything_then_as_it_says(browsed, tmp_path):
    from ivr.desk.opening import open_desk
    from ivr.directory.organizers import NewOrganizer

    database = f"sqlite:///{tmp_path / 'directory.db'}"
    desk = open_desk(database)
    desk.organizers.enable(NewOrganizer("amos.marble@contoso.com"))
    desk.close()
    one = browsed(database=database, requests=(1e9, 1))
    assert conforms(one.app, 100) > 20
    assert one.client().get("/healthz").status_code == 200


@pytest.fixture
def at(browsed):
    """A bridge in a browser, and the port where it answers."""
    one, where = browsed(requests=(1e9, 1)), listening("127.0.0.1", 0)
    with served(one.app, where):
        yield one, where.getsockname()[1]


def upgrade(port):
    """Return what asks for a WebSocket."""
    return (f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode()


def fuzzed(port, count, seed=18):
    """Send so many frames that are none, or hardly; return how many sockets that took."""
    chance, sent, sockets = random.Random(seed), 0, 0  # noqa: S311
    while sent < count:
        sockets += 1
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 60) as one:
            one.sendall(upgrade(port))
            said = b""
            while b"\r\n\r\n" not in said:
                said += one.recv(65_536)
            assert said.startswith(b"HTTP/1.1 101 ")
            for _ in range(10):
                sent += 1
                text = chance.choice(PIECES) if chance.random() < 0.5 else "".join(
                    chance.choice('{}[]":,0123456789 typescopecall\\u\0') for _ in range(chance.randrange(60)))
                kind = Opcode.BINARY if chance.random() < 0.2 else Opcode.TEXT
                one.sendall(Frame(kind, text.encode()).serialize(mask=True))
            one.sendall(Frame(Opcode.CLOSE, (1000).to_bytes(2, "big")).serialize(mask=True))
            while one.recv(65_536):
                pass
    return sockets


def test_frames_that_are_none_then_their_socket_ends_and_nobody_elses(at):
    one, port = at
    assert fuzzed(port, 60) >= 6
    goes_on(one, port)


@pytest.mark.slow
def test_a_hundred_thousand_frames_that_are_none_then_their_socket_ends_and_nobody_elses(at):
    one, port = at
    assert fuzzed(port, 100_000) >= 10_000
    goes_on(one, port)


def goes_on(one, port):
    """See that a page is told of a caller who comes now, and that the bridge has not been disturbed."""
    with connect(port) as page:
        one.client().post("/api/callers", json={"name": "eva", "conference_id": "1234567", "talks": False})
        while not any(call.get("state") == "lobby" for call in json.loads(page.recv()).get("calls", {}).values()):
            pass
    assert one.session.trouble == ""
    assert not one.session.bridge.journal.of("fault")


def silent(port):
    """Connect, and say nothing, or half of what is to be said."""
    sockets = []
    for n in range(100):
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall([b"", b"GET / HT", b"GET /api/state HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
                     b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n\r\nx"][n % 4])
        sockets.append(one)
    return sockets


def asleep(port, most):
    """Open pages that read nothing."""
    sockets = []
    for _ in range(most):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", port))
        one.sendall(upgrade(port))
        sockets.append(one)
    return sockets


def lines():
    """Twenty callers on their way to a lobby, and one who starts the meeting."""
    callers = [KeypadLine(f"eva{n}", [(0.3 + n / 40, "1234567#1")]) for n in range(20)]
    return [MemoryTrunk([*callers, KeypadLine("amos", [(5, "1234567#*48215#")])], stays=True)]


@pytest.mark.slow
def test_two_hundred_sockets_that_sleep_or_say_nothing_then_the_calls_do_not_feel_it(browsed, quiet_bridge):
    one, where = browsed(requests=(1e9, 1), trunks=lines()), listening("127.0.0.1", 0)
    with served(one.app, where), ExitStack() as opened:
        port = where.getsockname()[1]
        for waiting in (*silent(port), *asleep(port, 100)):
            opened.callback(waiting.close)
        with connect(port) as page:
            while json.loads(page.recv()).get("at", 0) < 12:
                pass
    alone = Exchange(quiet_bridge(), lines())
    while alone.bridge.now < samples(12):
        alone.step()
    expected = alone.bridge.journal.text()
    assert expected.count("meeting") > 40
    assert one.session.bridge.journal.text().startswith(expected)
