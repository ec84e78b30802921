"""Commands that call an application at a URL, or look at the file that names one."""

import numpy as np
import pytest

import dtmf
from dtmf.audiofile import read, write
from ivr.cli import main
from ivr.cli.called import called_own
from ivr.cli.kit import stage
from ivr.custom.loading import IvrFileError
from ivr.lines.memory import MemoryLine, MemoryTrunk
from tests.ivr.custom.twiml.conftest import read_file
from tests.ivr.custom.twiml.test_documents import XML, served

ANSWERS = {
    "/voice": (200, {"Content-Type": XML}, b'<Response><Gather numDigits="4" action="/pin">'
               b"<Say>Your PIN.</Say></Gather></Response>"),
    "/pin": (200, {"Content-Type": XML}, b'<Response><Say>It was 4 7 1 1.</Say><Record action="/rec" timeout="3"/>'
             b"</Response>"),
    "/rec": (200, {"Content-Type": XML}, b"<Response><Say>Goodbye.</Say></Response>")}


@pytest.fixture
def says(tmp_path):
    """A recording that keys something and then speaks."""
    keyed = np.concatenate([np.zeros(8000, np.int16), dtmf.encode("4711", 8000), np.zeros(24_000, np.int16)])
    voice = stage().studio.say("This is the message that I leave for you", stage().voice_of("rita"))
    write(tmp_path / "call.wav", np.concatenate([keyed, voice, np.zeros(32_000, np.int16)]), 8000)
    return tmp_path / "call.wav"


def test_answer_when_a_recording_calls_an_application_then_told_without_what_it_keyed(says, tmp_path, capsys):
    with served(ANSWERS) as (url, asked):
        assert main(["answer", str(says), "--twiml", f"{url}/voice", "-o", str(tmp_path / "heard.wav"), "--save",
                     str(tmp_path / "kept"), "--report", str(tmp_path / "page"), "--called", "+14255550100"]) == 0
    out = capsys.readouterr().out
    assert 'has heard "Your PIN."' in out
    assert 'has heard "It was ****."' in out
    assert asked[1][2]["Digits"] == "4711"
    assert asked[0][2]["To"] == "+14255550100"
    assert asked[2][2]["RecordingUrl"].startswith("http://127.0.0.1:")
    assert len(list((tmp_path / "kept").glob("RE*.wav"))) == 1
    page = "".join(path.read_text("utf-8") for path in (tmp_path / "page").iterdir() if path.suffix != ".wav")
    for text in (out, page):
        assert "4711" not in text
        assert "4 7 1 1" not in text
    assert len(read(tmp_path / "heard.wav")[0]) > 8000


def test_called_when_a_call_is_live_then_it_goes_on_while_the_application_is_asked(says):
    with served(ANSWERS) as (url, asked):
        called = called_own(f"{url}/voice", stage(), [], live=True)
        line = MemoryLine("anna", read(says)[0][:, 0])
        bridge, exchange = called.assembled([MemoryTrunk([line])])
        while line.on_the_line or not bridge.now:
            exchange.step()
    assert bridge.journal.of("document")
    assert not bridge.journal.of("fault", "application-failed")
    assert asked[0][1] == "/voice"


def test_lint_and_draw_when_the_file_names_an_application_then_one_says_where_and_the_other_that_it_cannot(
        tmp_path, capsys):
    file = tmp_path / "shop.yaml"
    file.write_text("title: Shop\ntwiml: http://127.0.0.1:5000/voice\n", "utf-8")
    assert main(["lint", str(file)]) == 0
    assert "an application at http://127.0.0.1:5000/voice" in capsys.readouterr().out
    assert main(["draw", str(file)]) == 2
    assert "nothing to draw" in capsys.readouterr().err
    assert main(["answer", "x.wav", "--ivr", str(file), "--twiml", "http://127.0.0.1/"]) == 2
    assert "leave out one of them" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "line", "sentence"), [
    ("twiml: 127.0.0.1:5000", 1, "no address to ask"),
    ("twiml: http://example.org/voice", 1, "not on this machine"),
    ("title: x\ntwiml: http://127.0.0.1/\nfallback: http://192.0.2.1/", 3, "not on this machine"),
    ("twiml: http://127.0.0.1/\nmethod: PUT", 2, "GET or POST"),
    ("twiml: http://127.0.0.1/\nsecret: never", 2, "neither 'yes' nor 'no'"),
    ("twiml: http://127.0.0.1/\nstart: menu", 2, "has no 'start'"),
    ("twiml: http://127.0.0.1/\nmenu: {say: x, then: hang up}", 2, "has no 'menu'"),
])
def test_file_when_it_names_an_application_wrongly_then_one_sentence_with_the_line(text, line, sentence, tmp_path):
    with pytest.raises(IvrFileError) as caught:
        read_file(text + "\n", tmp_path / "line.yaml")
    assert (caught.value.line, "\n" in str(caught.value)) == (line, False)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(("story", "sentence"), [
    ("callers:\n  a:\n    - dial\n    - hear: {text: x}\n", "'text' is heard where an application at a URL"),
    ("answers after: 2 s\ncallers:\n  a:\n    - dial\n", "for stories of an application at a URL"),
    ("ivr: line.yaml\nanswers after: {voice: 2 s}\ncallers:\n  a:\n    - dial\n", "no path of a URL"),
    ("ivr: line.yaml\ncallers:\n  a:\n    - dial\n    - hear: {text: x, voice: a}\n", "what is heard is one thing"),
    ("ivr: line.yaml\ncallers:\n  a:\n    - dial\n    - hear: {text: x, language: xx-XX}\n", "no language 'xx-XX'"),
    ("ivr: line.yaml\ncallers:\n  a:\n    - dial\n    - hear: {recording: ../x.wav}\n", "outside the folder"),
    ("ivr: line.yaml\nprofile: teams2021\ncallers:\n  a:\n    - dial\n", "has no 'profile'"),
    ("ivr: line.yaml\ncallers:\n  a:\n    - dial\n    - hear: welcom\n", "there is no prompt or sound 'welcom'"),
])
def test_story_when_it_is_written_wrongly_then_one_sentence(story, sentence, tmp_path, capsys):
    (tmp_path / "line.yaml").write_text("twiml: http://127.0.0.1:1/\n", "utf-8")
    (tmp_path / "story.yaml").write_text(story, "utf-8")
    assert main(["run", str(tmp_path / "story.yaml")]) == 2
    assert sentence in capsys.readouterr().err


def test_lobby_when_a_story_of_an_application_is_shown_then_it_is_asked_aside(tmp_path, capsys):
    answers = {"/voice": (200, {"Content-Type": XML}, b"<Response><Say>Good morning.</Say></Response>")}
    with served(answers) as (url, _):
        (tmp_path / "line.yaml").write_text(f"twiml: {url}/voice\n", "utf-8")
        (tmp_path / "story.yaml").write_text(
            "ivr: line.yaml\ncallers:\n  anna:\n    - dial\n    - hear: {text: Good morning.}\n"
            "      within: 20 min\n    - in: ended\n", "utf-8")  # one of the application's
        assert main(["lobby", "--script", str(tmp_path / "story.yaml"), "--no-speaker", "--plain", "--speed",
                     "20"]) == 0
    assert 'is told "Good morning."' in capsys.readouterr().out
