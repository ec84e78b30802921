"""Documents and recordings come over HTTP: from this machine alone, and with a limit to everything."""

import io
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import numpy as np
import pytest
import soundfile
from servers import at_work

from ivr.cli import main
from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.custom.loading import Known, at_url
from ivr.custom.twiml.asking import AppRequest, signature
from ivr.live.aside import AppTooSlow
from ivr.live.documents import AskingForDocuments, WaitingForDocuments
from ivr.live.shelf import RecordingShelf
from ivr.scenario.grammar import Words
from ivr.scenario.grammar import parse as parse_story
from ivr.scenario.player import play
from prompts import languages

XML = "text/xml"


@contextmanager
def served(answers):
    """Serve answers by path: (status, headers, body); gives the address and what was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            asked.append((self.command, self.path, dict(parse_qsl(body, keep_blank_values=True)), self.headers))
            path = self.path.partition("?")[0]
            status, headers, told = answers(path) if callable(answers) else answers[path]
            self.send_response(status)
            for name, value in {**headers, "Content-Length": len(told)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(told)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with at_work(server) as port:
        yield f"http://127.0.0.1:{port}", asked


def wav(seconds, rate=16_000):
    file = io.BytesIO()
    soundfile.write(file, np.full(int(seconds * rate), 0.25), rate, format="WAV")
    return file.getvalue()


def test_document_when_it_is_asked_for_then_parameters_come_as_a_form_or_in_the_address():
    answers = {"/voice": (200, {"Content-Type": "text/xml; charset=utf-8", "Set-Cookie": "a=b; Path=/"}, b"<R/>")}
    with served(answers) as (url, asked):
        apps = WaitingForDocuments()
        fields = {"Digits": "1 2", "To": "+1"}
        signed = {"X-Twilio-Signature": "s"}
        post = apps.fetch(AppRequest(1, "document", f"{url}/voice?x=1", "POST", fields, signed))
        get = apps.fetch(AppRequest(2, "document", f"{url}/voice?x=1", "GET", fields))
    assert (post.number, post.kind, post.body, dict(post.cookies), post.url) == (
        1, XML, b"<R/>", {"a": "b"}, f"{url}/voice?x=1")
    assert get.url == f"{url}/voice?x=1"
    assert [one[:3] for one in asked] == [
        ("POST", "/voice?x=1", fields), ("GET", "/voice?x=1&Digits=1+2&To=%2B1", {})]
    assert asked[0][3]["X-Twilio-Signature"] == "s"


def test_recording_when_it_is_fetched_then_as_the_line_carries_it_and_with_an_end():
    answers = {"/a": (200, {"Content-Type": "audio/x-wav"}, wav(1.0)),
               "/long": (200, {"Content-Type": "audio/wav"}, wav(901, rate=4000)),
               "/none": (200, {"Content-Type": "audio/mpeg"}, b"not at all"),
               "/much": (200, {"Content-Type": XML}, b"x" * 70_000)}
    with served(answers) as (url, _):
        apps = WaitingForDocuments()
        good = apps.fetch(AppRequest(1, "recording", f"{url}/a"))
        assert (len(good.samples), good.samples.dtype) == (8000, np.int16)
        assert abs(int(good.samples[4000]) - 8192) < 20
        assert "longer than 900 s" in apps.fetch(AppRequest(2, "recording", f"{url}/long")).failure
        assert apps.fetch(AppRequest(3, "recording", f"{url}/none")).code == 12300
        assert "longer than" in apps.fetch(AppRequest(4, "document", f"{url}/much", "POST")).failure


@pytest.mark.parametrize("address", [
    "http://example.org/", "http://192.0.2.1/a.wav", "ftp://127.0.0.1:21/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:1/",
    "http://localhost.example.org/", "http://127.0.0.1.example.org/", "http://[::ffff:192.0.2.1]/",
    "//example.org/",
    "http://127.0.0.1:99999/", "http://user@192.0.2.1/", "data:text/xml,<Response/>", "", "http://0.0.0.0/"])
def test_document_when_it_is_elsewhere_or_sends_there_then_not_asked(address):
    moved = {"/": (302, {"Location": address}, b"")}
    with served(moved) as (url, asked):
        apps = WaitingForDocuments()
        direct = apps.fetch(AppRequest(1, "recording", address))
        sent = apps.fetch(AppRequest(2, "document", f"{url}/", "POST"))
    assert direct.failure
    assert direct.code == 11200
    assert sent.failure
    assert not sent.body
    assert all(one[1] == "/" for one in asked)


def test_document_when_it_takes_too_long_then_the_run_ends_but_a_live_call_is_told():
    let_go = threading.Event()

    def slowly(_):
        let_go.wait()
        return 200, {}, b""

    with served(slowly) as (url, _):
        with pytest.raises(AppTooSlow, match=r"/\*\*\*\* has not answered within 0\.1 s") as caught:
            WaitingForDocuments(patience_s=0.1).fetch(
                AppRequest(1, "document", f"{url}/40286173?Digits=40286173", "POST"))
        assert caught.value.exit_code == 3
        assert "40286173" not in str(caught.value)
        apps = AskingForDocuments(patience_s=0.1)
        assert apps.fetch(AppRequest(7, "document", f"{url}/", "POST")) is None
        came = []
        while not came:
            came = list(apps.fetched())
        assert (came[0].number, came[0].failure) == (7, "it has not answered within 0.1 s")
        let_go.set()


def test_run_when_an_application_takes_too_long_then_it_ends_loudly_with_3(tmp_path):
    let_go = threading.Event()
    story = parse_story("callers:\n  anna:\n    - dial\n    - in: ended\n", tmp_path / "story.yaml", Words(
        prompts().names(), PROFILES, languages(), at_url=at_url("http://127.0.0.1:1/voice", Known.with_hosts())))

    def slowly(_):
        let_go.wait()
        return 200, {}, b""

    with served(slowly) as (url, _):
        story = elsewhere_at(story, f"{url}/voice")
        with pytest.raises(AppTooSlow) as caught:
            play(story, replace(stage(), fetches=WaitingForDocuments(patience_s=0.1)))
        let_go.set()
    assert caught.value.exit_code == 3


def elsewhere_at(story, url):
    return replace(story, own=replace(story.own, twiml=replace(story.own.twiml, url=url)))


def test_document_when_it_comes_in_a_live_call_then_what_it_says_was_prepared():
    prepared = []
    with served({"/": (200, {"Content-Type": XML}, b"<Response/>")}) as (url, _):
        apps = AskingForDocuments(prepare=prepared.append)
        apps.fetch(AppRequest(7, "document", url, "POST"))
        came = []
        while not came:
            came = list(apps.fetched())
    assert prepared == came
    assert came[0].body == b"<Response/>"


def test_shelf_when_a_recording_is_put_there_then_it_can_be_fetched_and_nothing_else():
    shelf, samples = RecordingShelf(), np.arange(800, dtype=np.int16)
    url = shelf("REabc", samples)
    apps = WaitingForDocuments()
    assert np.array_equal(apps.fetch(AppRequest(1, "recording", url)).samples, samples)
    assert "404" in apps.fetch(AppRequest(2, "recording", url.replace("REabc", "../x"))).failure


def test_run_when_an_application_is_named_by_its_address_then_stories_call_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("IVR_TWIML_TOKEN", "my-token")
    (tmp_path / "story.yaml").write_text(
        "callers:\n  anna:\n    - dial\n    - hear: {text: Good morning to you.}\n    - in: ended\n", "utf-8")
    answers = {"/voice": (200, {"Content-Type": XML}, b"<Response><Say>Good morning to you.</Say></Response>")}
    with served(answers) as (url, asked):
        assert main(["run", "--twiml", f"{url}/voice", str(tmp_path / "story.yaml")]) == 0
        assert asked[0][3]["X-Twilio-Signature"] == signature("my-token", f"{url}/voice", asked[0][2])
    assert main(["run", "--twiml", "http://example.org/", str(tmp_path / "story.yaml")]) == 2
    assert "is not on this machine" in capsys.readouterr().err
