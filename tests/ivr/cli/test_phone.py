"""`ivr phone` and `ivr devices` through PortAudio, on sound cards without hardware whose clock is their own."""

import json
import re
import signal

import numpy as np
import pytest

import dtmf
from dtmf.audiofile import read

fcntl = pytest.importorskip("fcntl", reason="virtual sound cards are for Linux")
MEETING = "--meeting=1234567:48215:Amos"


@pytest.fixture
def said(tmp_path):
    """Makes what a microphone hears: ``said("1234567#", at_s=3, rate=48000)`` gives the file."""
    def make(keys, *, at_s=0.5, after_s=2, rate=48000):
        sound = dtmf.encode(keys, rate, lead_ms=1000 * at_s) if keys else np.zeros(rate, np.int16)
        path = tmp_path / "in.raw"
        np.concatenate([sound, np.zeros(round(after_s * rate), np.int16)]).astype("<i2").tofile(path)
        return path
    return make


@pytest.fixture
def cards(sound_cards, said, tmp_path):
    """A microphone that hears keys three seconds into the call, and a speaker; time passes three times as fast."""
    return sound_cards(mic={"infile": said("1234567#", at_s=3), "speed": 3},
                       spk={"outfile": tmp_path / "out.raw", "speed": 3})


@pytest.fixture
def quiet(sound_cards, said, tmp_path):
    """A microphone that hears nothing, and a speaker; time passes three times as fast."""
    return sound_cards(mic={"infile": said(""), "speed": 3}, spk={"outfile": tmp_path / "out.raw", "speed": 3})


def test_devices_then_a_line_or_an_object_each(cards):
    code, out, err = cards.ivr("devices")
    assert (code, err) == (0, "")
    assert [line.split()[:3] for line in out.splitlines()] == [["0", "mic", "ALSA"], ["1", "spk", "ALSA"]]
    assert "microphone (default)" in out.splitlines()[0]
    assert "speaker (default)" in out.splitlines()[1]
    code, out, err = cards.ivr("devices", "--json")
    assert (code, err) == (0, "")
    first = json.loads(out.splitlines()[0])
    assert (first["name"], first["inputs"] > 0, first["outputs"], first["default_input"]) == ("mic", True, 0, True)


def test_a_call_then_keys_are_heard_and_the_speaker_plays_what_the_bridge_says(cards, tmp_path):
    code, out, err = cards.ivr("phone", MEETING, "--seconds", 12, "--plain", "--record", tmp_path / "heard.wav",
                               "--journal", tmp_path / "journal.txt")
    assert (code, err) == (0, "")
    told = ["A call by microphone 'mic' at 48000 Hz, speaker 'spk' at 48000 Hz", "dials in",
            'is told "Hello, and welcome', "has entered conference ID 1234567", "is told \"Are you the organizer?",
            "hangs up", "12.0 s on the line; "]
    places = [out.index(words) for words in told]
    assert places == sorted(places)
    assert "keys of -10.0 dBm0, twist +0.0 dB" in out
    heard, rate = read(tmp_path / "heard.wav")
    assert (rate, len(heard)) == (8000, 12 * 8000)
    spoken = np.fromfile(tmp_path / "out.raw", "<i2")
    assert len(spoken) / 48000 > 11
    assert np.abs(spoken.astype(int)).max() > 3000
    assert "1234567" in (tmp_path / "journal.txt").read_text()


def test_keys_that_are_typed_then_they_go_through_the_decoder_and_are_heard_in_the_speaker(
        quiet, tmp_path, pins_leaked):
    with quiet.start("phone", MEETING, "--plain", "--seconds", 9, stdin=-1) as process:
        out, err = process.communicate("1234567#*48215#x d")
    assert (process.returncode, err) == (0, "")
    assert "STARTS the meeting 1234567" in out
    assert "JOINS the meeting 1234567 as organizer" in out
    assert not pins_leaked(out)
    spoken = np.fromfile(tmp_path / "out.raw", "<i2")
    heard = dtmf.digits(dtmf.decode(spoken, 48000, setting="wide"))
    assert (heard[:3], heard[-1]) == ("123", "D")


def test_a_directory_then_its_meeting_is_found_and_its_pin_is_checked_beside_the_call(
        quiet, tmp_path, office, pins_leaked):
    quiet.environment["IVR_DATABASE"] = str(office.file)
    amos = "amos.marble@contoso.com"
    story = tmp_path / "call.yaml"
    with quiet.start("phone", "--plain", "--seconds", 10, "--setting", "strict", "--save-story", story,
                     stdin=-1) as process:
        out, err = process.communicate(f"{office.ids[amos]}#*{office.pins[amos]}#")
    assert (process.returncode, err) == (0, "")
    assert f"STARTS the meeting {office.ids[amos]}" in out
    assert "as organizer" in out
    # it has been played, and went as the call did
    assert f"{story} is written: ivr run {story} --set pin=..." in out
    assert f'press: "{office.ids[amos]}#*${{pin}}#"' in story.read_text()
    assert not pins_leaked(out)
    assert not re.search(rf"(?<![0-9]){office.pins[amos]}(?![0-9])", out + story.read_text())


def test_q_then_hung_up_and_all_is_well(quiet, tmp_path):
    with quiet.start("phone", MEETING, "--plain", "--journal", tmp_path / "journal.txt", stdin=-1) as process:
        quiet.until(process, "dials in")
        _, err = process.communicate("q")
    assert (process.returncode, err) == (0, "")
    assert "hung-up" in (tmp_path / "journal.txt").read_text()


def test_ctrl_c_then_hung_up_and_all_is_well(sound_cards, said, tmp_path):
    cards = sound_cards(mic={"infile": said("")}, spk={"outfile": tmp_path / "out.raw"})
    with cards.start("phone", MEETING, "--plain", "--journal", tmp_path / "journal.txt", "--save-story",
                     tmp_path / "call.yaml", command=cards.ITS_OWN) as process:
        cards.until(process, "dials in")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "- hang up" in (tmp_path / "call.yaml").read_text()
    assert "s on the line" in out
    assert "hung-up" in (tmp_path / "journal.txt").read_text()


@pytest.mark.parametrize(("given", "way"), [("--no-microphone", "speaker"), ("--no-speaker", "microphone")])
def test_one_device_then_a_call_by_it_alone(quiet, given, way):
    code, out, err = quiet.ivr("phone", MEETING, given, "--seconds", 3)
    assert (code, err) == (0, "")
    assert f"A call by {way} " in out
    assert "3.0 s on the line; " in out


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 96000])
def test_a_device_that_takes_but_one_rate_then_that_is_used(sound_cards, said, tmp_path, rate):
    one = {"rate_least": rate, "rate_most": rate, "speed": 3}
    cards = sound_cards(mic={"infile": said("1234567#", at_s=3, rate=rate), **one},
                        spk={"outfile": tmp_path / "out.raw", **one})
    code, out, err = cards.ivr("phone", MEETING, "--seconds", 8)
    assert (code, err) == (0, "")
    assert f"microphone 'mic' at {rate} Hz, speaker 'spk' at {rate} Hz" in out
    assert "has entered conference ID 1234567" in out
    assert len(np.fromfile(tmp_path / "out.raw", "<i2")) / rate > 7


def test_a_call_of_minutes_then_how_the_clocks_differ_is_told(sound_cards, said, tmp_path):
    cards = sound_cards(mic={"infile": said("1234567#", at_s=3), "speed": 10},
                        spk={"outfile": tmp_path / "out.raw", "speed": 10})
    code, out, err = cards.ivr("phone", MEETING, "--seconds", 62)
    assert (code, err) == (0, "")
    assert re.search(r"clock is [+-][0-9]+ ppm off", out)


@pytest.mark.parametrize(("gone", "what"), [("mic", "microphone"), ("spk", "speaker")])
def test_a_device_that_is_pulled_out_then_one_sentence_and_what_happened_is_kept(
        sound_cards, said, tmp_path, gone, what):
    options = {"mic": {"infile": said("")}, "spk": {"outfile": tmp_path / "out.raw"}}
    options[gone]["vanish_ms"] = 2500
    code, out, err = sound_cards(**options).ivr("phone", MEETING, "--record", tmp_path / "heard.wav",
                                                "--journal", tmp_path / "journal.txt")
    assert code == 3
    assert err == (f"ivr: the {what} '{gone}' has gone, so the call is over: see that it is plugged in, and call "
                   "again.\n")
    assert "s on the line" in out
    assert "hung-up" in (tmp_path / "journal.txt").read_text()
    assert 1 < len(read(tmp_path / "heard.wav")[0]) / 8000 < 3


REFUSED = [
    (["--rate", "8000"], "the microphone 'mic' does not take 8000 samples a second; it takes 48000, 44100: leave "
                         "out --rate, or give one of these."),
    (["--output", "alone"], "there is no speaker 'alone': take one of 1 'spk'; one that another program holds is "
                            "not shown."),
    (["--output", "violin"], "there is no speaker 'violin': take one of 1 'spk'; one that another program holds is "
                             "not shown."),
    (["--input", "7"], "there is no microphone '7': take one of 0 'mic'; one that another program holds is not "
                       "shown."),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSED, ids=lambda value: "-".join(value)[:40] if value else "")
def test_a_device_that_cannot_be_used_then_one_sentence(sound_cards, said, tmp_path, words, sentence):
    lock = tmp_path / "lock"
    cards = sound_cards(mic={"infile": said(""), "rate_least": 44100, "rate_most": 48000},
                        spk={"outfile": tmp_path / "out.raw"},
                        alone={"outfile": tmp_path / "other.raw", "lock": lock})
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert cards.ivr("phone", MEETING, *words) == (3, "", f"ivr: {sentence}\n")


def test_a_device_that_another_program_takes_at_the_last_moment_then_one_sentence(sound_cards, said, tmp_path):
    cards = sound_cards(mic={"infile": said("")}, spk={"outfile": tmp_path / "out.raw", "once": 1})
    assert cards.ivr("phone", MEETING) == (
        3, "", "ivr: the speaker 'spk' is in use by another program, or cannot be reached: close what uses it, or "
               "choose another by --output (see 'ivr devices').\n")


def test_no_device_at_all_then_one_sentence(sound_cards):
    cards = sound_cards()
    assert cards.ivr("phone", MEETING) == (
        3, "", "ivr: there is no microphone here: plug one in, see that no other program holds it, or use "
               "--no-microphone.\n")
    assert cards.ivr("devices") == (
        3, "", "ivr: there is no sound device here: plug one in, or see that no other program holds it.\n")


NOT_THERE = (
    "ModuleNotFoundError(\"No module named 'pyaudio'\")",
    "PyAudio is not installed: run 'make setup-soundcard', or 'pip install pyaudio' where PortAudio is there.")
NOT_LOADED = (
    "ImportError('libportaudio.so.2: no such file')",
    "PyAudio does not load (libportaudio.so.2: no such file): install PortAudio, on Debian and Ubuntu by 'apt-get "
    "install libportaudio2'.")


@pytest.mark.parametrize(("raised", "sentence", "command"), [
    (*NOT_THERE, ["devices"]), (*NOT_LOADED, ["phone", MEETING]), (*NOT_THERE, ["phone", "--check"])])
def test_no_pyaudio_then_one_sentence(sound_cards, tmp_path, raised, sentence, command):
    cards = sound_cards()
    (tmp_path / "instead").mkdir()
    (tmp_path / "instead" / "pyaudio.py").write_text(f"raise {raised}\n")
    cards.environment["PYTHONPATH"] = f"{tmp_path / 'instead'}:{cards.environment['PYTHONPATH']}"
    assert cards.ivr(*command, command=cards.ITS_OWN) == (3, "", f"ivr: {sentence}\n")


@pytest.mark.parametrize(("words", "sentence"), [
    (["--no-microphone", "--no-speaker"], "leave nothing to call with"),
    (["--no-microphone", "--input", "mic"], "--input names a microphone and --no-microphone wants none"),
    (["--rate", "4000"], "--rate 4000 is no rate for a call"),
    (["--seconds", "0"], "--seconds 0 is no length of a call"),
    (["--setting", "wid"], "there is no setting 'wid': take default, wide, strict; did you mean 'wide'?"),
    (["--record", "heard.xyz"], "heard.xyz has no ending that names an audio format"),
    (["--record", "/nowhere/heard.wav"], "/nowhere/heard.wav cannot be written: the folder /nowhere is not there"),
    (["--database", "some.db"], "--meeting names meetings itself"),
    (["--check", "--no-speaker"], "it needs both a microphone and a speaker"),
])
def test_words_that_cannot_be_meant_then_refused_before_a_device_is_opened(refused, words, sentence):
    assert sentence in refused("phone", MEETING, *words)


def test_a_meeting_with_a_pin_first_then_refused_without_showing_it(refused, pins_leaked):
    sentence = refused("phone", "--meeting", "48215:1234567:Amos")
    assert "ID has 7 digits" in sentence
    assert not pins_leaked(sentence)


def test_a_check_of_what_hears_nothing_then_said_and_1(quiet, tmp_path):
    code, out, err = quiet.ivr("phone", "--check")
    assert (code, err) == (1, "")
    assert out.splitlines()[1].startswith("nothing was heard, not even noise: the microphone is muted")
    assert dtmf.digits(dtmf.decode(np.fromfile(tmp_path / "out.raw", "<i2"), 48000)) == "".join(dtmf.KEYS)
