"""`ivr call`: what it refuses, and stories that ring out in real time."""

import json
import socket
from pathlib import Path

import pytest
from farside import FarIvr, story

from ivr.cli.dialling import account_of, network_to, reached
from ivr.cli.faults import UsageError
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.sockets import NetworkError
from ivr.scenario.target import target

ANY_LINE = Path(__file__).parents[1] / "lines" / "sip" / "any_line.yaml"
TARGET = "sip:1000@127.0.0.1:15999"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(story(["dial"]))
    return path


@pytest.mark.parametrize(("words", "said"), [
    ([], "one story is played, at one who is called"), ([TARGET], "one story is played"),
    ([TARGET, TARGET, "{file}"], "one story is played"), (["sip:a b@c", "{file}"], "is nobody to call"),
    ([TARGET, "no.yaml"], "no.yaml"),
    ([TARGET, "{file}", "--dtmf", "inband"], "keys go by events, info or audio"),
    ([TARGET, "{file}", "--timeout", "0"], "--timeout 0 is no length of time"),
    ([TARGET, "{file}", "--local", "here"], "--local here is no address"),
    ([TARGET, "{file}", "--rtp-ports", "9-3"], "--rtp-ports 9-3 are no ports"),
    ([TARGET, "{file}", "--from", "a b c"], "--from a b c is nobody"),
    ([TARGET, "{file}", "--auth", "amos"], "there is no password for --auth amos"),
    ([TARGET, "{file}", "--password-file", "x"], "name him with --auth"),
    ([TARGET, "{file}", "--with-secrets"], "name one with --pcap"),
    ([TARGET, "{file}", "--pcap", "{file}"], "are one file"),
    ([TARGET, "{file}", "--journal", "{file}"], "are one file")])
def test_words_when_they_cannot_be_meant_then_one_sentence_and_2(ivr, file, words, said):
    code, _, told = ivr("call", *(word.format(file=file) for word in words))
    assert code == 2
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_story_that_asks_what_only_our_bridge_knows_then_refused_by_name_and_nobody_is_called(ivr, tmp_path):
    far, path = FarIvr(), tmp_path / "story.yaml"
    path.write_text("callers:\n  anna:\n    - dial\n    - in: lobby\n")
    code, out, told = ivr("call", f"sip:1@127.0.0.1:{far.network.here.port}", path)
    far.step(0)
    far.close()
    assert (code, out, far.invited) == (2, "", [])
    assert f"{path}:4: the step 'in' asks in which state the call is" in told
    code, _, told = ivr("call", path)
    assert (code, "nobody is called" in told) == (2, True)


@pytest.mark.parametrize(("text", "mode", "said"), [
    ("x\n", 0o644, "can be read by others"), ("", 0o600, "has no password"), ("a\nb\n", 0o600, "has no password"),
    (None, 0, "cannot be read")])
def test_a_password_when_its_file_will_not_do_then_one_sentence_without_it(tmp_path, text, mode, said):
    path = tmp_path / "password"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)
    with pytest.raises(UsageError, match=said):
        account_of("", "amos", path)


def test_who_calls_then_as_the_words_and_the_environment_say(tmp_path, monkeypatch):
    path = tmp_path / "password"
    path.write_text("over the sea\n")
    path.chmod(0o600)
    one = account_of('"Ann Lee" <sip:ann@example.com>', "a-login", path)
    assert (one.name, one.user, one.domain, one.login, one.password) == (
        "Ann Lee", "ann", "example.com", "a-login", "over the sea")
    monkeypatch.setenv("IVR_SIP_PASSWORD", "hidden")
    two = account_of("", "amos", None)
    assert (two.user, two.password) == ("amos", "hidden")
    assert account_of("+1425", "", None).from_("h") == "<sip:+1425@h>"


def test_a_host_that_is_not_known_or_takes_no_connection_then_one_sentence():
    with pytest.raises(NetworkError, match=r"nobody\.invalid is not known here"):
        reached(target("sip:a@nobody.invalid"), "")
    with pytest.raises(NetworkError, match=r"127\.0\.0\.1:9 takes no connection: Connection refused"):
        reached(target("sip:a@127.0.0.1:9;transport=tcp"), "")
    with pytest.raises(NetworkError, match="one is IPv6 and one is not"):
        reached(target("sip:a@127.0.0.1"), "[::1]:0")
    taken = network_to(Peer("127.0.0.1", 9), "", "30000-30010")
    with pytest.raises(NetworkError, match=f"--local 127.0.0.1:{taken.here.port} cannot be listened at"):
        network_to(Peer("127.0.0.1", 9), f"127.0.0.1:{taken.here.port}", "30000-30010")
    taken.close()


@pytest.mark.parametrize("words", [["call"], ["load", "--calls", "1", "--for", "0.1s"]])
def test_an_address_where_nobody_is_when_it_is_called_then_3_and_what_to_look_at(ivr, tmp_path, words):
    path = tmp_path / "story.yaml"
    path.write_text(story(["dial", "answered:", "within: 0.2 s"]).partition("\n")[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        code, _, told = ivr(*words, f"sip:1000@127.0.0.1:{port}", path)
    assert code == 3
    assert f"127.0.0.1:{port} cannot be reached: nothing has come back from there" in told


@pytest.mark.slow
def test_a_story_that_only_hears_when_it_rings_a_whole_process_then_it_comes_true_unchanged(
        ivr, serving, tmp_path):
    code, out, told = ivr("call", serving, ANY_LINE, "--report", tmp_path / "out",
                          "--journal", tmp_path / "j.jsonl", "--pcap", tmp_path / "call.pcap")
    assert (code, [line for line in told.splitlines() if "came late" not in line]) == (0, [])
    assert out.splitlines()[-1].startswith(f"pass  {ANY_LINE}")
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert left == {"report.html", "journal.txt", "journal.jsonl", "anna-heard.wav", "amos-heard.wav"}
    assert (tmp_path / "call.pcap").stat().st_size > 500_000
    assert len((tmp_path / "j.jsonl").read_text().splitlines()) > 20
    for text in (out, *(path.read_text() for path in (tmp_path / "out").iterdir() if path.suffix != ".wav")):
        assert "48215" not in text


@pytest.mark.slow
def test_a_story_that_takes_too_long_then_given_up_with_the_step_and_1(ivr, serving, tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(story(["dial", "hear: busy", "within: 2 s"], target=serving))
    code, out, _ = ivr("run", path)
    assert code == 1
    assert "line 5: anna: 'hear: busy'" in out
    code, out, _ = ivr("call", path, "--timeout", "1", "--json")
    facts = json.loads(out)
    assert (code, facts["passed"], facts["target"]) == (1, False, serving)
    [instead] = [one["instead"] for one in facts["failures"]]
    assert instead.startswith("the story was not over after 1 s; heard ")
