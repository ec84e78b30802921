"""What docs/api.md says a program does, done against a bridge that serves."""

import http.client
import json
import re
from pathlib import Path

import pytest

from ivr.web.serving import listening, served

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture
def port(browsed):
    where = listening("127.0.0.1", 0)
    with served(browsed().app, where):
        yield where.getsockname()[1]


def test_the_example_in_python_then_it_sees_its_caller_come_to_the_lobby_and_takes_no_other_for_him(port, capsys):
    [example] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    does = {}
    # seconds of the bridge, which runs ten times as fast as the requests
    patient = example.replace("within=30", "within=3000")
    exec(patient.replace("127.0.0.1:8080", f"127.0.0.1:{port}"), does)  # noqa: S102
    told = capsys.readouterr().out.splitlines()
    assert "dialled" in told[0]
    assert "lobby" in told[-1]
    assert all(told)
    does["ask"] = lambda *_, **__: None  # nobody comes now, and what is over is not told of him
    assert not does["waits_in_the_lobby"]("eva", within=1)
    assert "lobby" not in capsys.readouterr().out


@pytest.mark.parametrize("path", ["/api/events", "/api/events/stream"])
def test_server_sent_events_then_the_messages_of_the_socket(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    told = []
    while len(told) < 2:
        line = answer.fp.readline().decode().strip()
        if line.startswith("data: "):
            told.append(json.loads(line.removeprefix("data: "))["type"])
    connection.close()
    assert told == ["hello", "state"]


def test_every_action_of_the_page_then_one_of_the_description(browsed):
    known = [re.sub(r"\{\w+\}", "[^/]+", path) for path in browsed(runs=False).app.openapi()["paths"]]
    told = re.findall(r"`(?:GET |POST )?((?:/api)?/[a-z/{}_-]+)\??[a-z=]*`", PAGE)
    assert len(told) > 15
    for path in {*told} - {"/saved", "/desk"}:  # pages
        assert any(re.fullmatch(one, path) for one in known), path
