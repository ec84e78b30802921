"""A story whose application answers otherwise the second time: flaky, which is told, and fails unless allowed."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree as Xml

import pytest
from servers import at_work

LINE = """
title: Orders
start: look-up
look-up: {ask: "http://127.0.0.1:PORT/", exits: {known: told, unknown: nothing}}
told: {say: "It leaves on Monday.", then: hang up}
nothing: {say: "We know nothing of it.", then: hang up}
"""
STORY = "title: An order is known\nivr: line.yaml\ncallers:\n  anna: [dial, {hear: told, within: 3 s}]\n"


@pytest.fixture
def forgetful(tmp_path):
    """A story whose application knows nothing at first, and then does; and what was asked of that."""
    asked = []

    class Orders(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            answer = json.dumps({"exit": "known" if len(asked) > 1 else "unknown"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with at_work(ThreadingHTTPServer(("127.0.0.1", 0), Orders)) as port:
        (tmp_path / "line.yaml").write_text(LINE.replace("PORT", str(port)), encoding="utf-8")
        (tmp_path / "story.call.yaml").write_text(STORY, encoding="utf-8")
        yield tmp_path / "story.call.yaml", asked


@pytest.mark.parametrize(("words", "code", "kind"), [([], 1, "failure"), (["--allow-flaky"], 0, "flakyFailure")])
def test_run_when_a_story_comes_true_the_second_time_then_flaky_and_forgiven_only_if_asked(
        ivr, forgetful, tmp_path, words, code, kind):
    story, asked = forgetful
    told = ivr("run", story, "--retry", 2, *words, "--junit", tmp_path / "j.xml", "--github")
    assert (told[0], len(asked)) == (code, 2)
    lines = told[1].splitlines()
    assert lines[0].startswith(f"FLAKY {story}  ")
    assert lines[1].strip() == "it failed, and came true when it was played again, try 2"
    assert "'hear: told' at " in lines[2]
    assert lines[3].startswith("::warning file=")
    assert lines[-1] == "0 passed, 0 failed, 1 flaky"
    case, = Xml.parse(tmp_path / "j.xml").getroot().iter("testcase")  # noqa: S314 - our own
    assert case[0].tag == kind


def test_run_when_it_fails_and_is_not_to_be_played_again_then_it_fails(ivr, forgetful):
    code, out, _ = ivr("run", forgetful[0], "--allow-flaky")
    assert (code, out.splitlines()[-1]) == (1, "0 passed, 1 failed")
