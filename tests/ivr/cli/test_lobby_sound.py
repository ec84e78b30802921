"""`ivr lobby` through PortAudio, on sound cards without hardware."""

import numpy as np
import pytest

import dtmf
from dtmf.audiofile import read

fcntl = pytest.importorskip("fcntl", reason="virtual sound cards are for Linux")


@pytest.fixture
def led():
    """Leads a demonstration in lines: ``led(cards, words, [(seen, typed)])``; its exit code and what it said."""
    def run(cards, words, turns):
        with cards.start("lobby", "--plain", "--by-hand", *words, stdin=-1) as process:
            said = ""
            for seen, typed in turns:
                while seen not in said.rpartition("\n~")[2]:
                    line = process.stdout.readline()
                    assert line, said
                    said += line
                said += "\n~"
                process.stdin.write(typed)
                process.stdin.flush()
            out, err = process.communicate()
        return process.returncode, said + out, err
    return run


TO_THE_LOBBY = [("You are amos", "\n"), ("Please key in", "1234567#"), ("Are you the organizer", "1"),
                ("hold music starts", "q")]


def test_the_speaker_then_plays_what_the_caller_hears_and_no_key_that_is_typed(sound_cards, led, tmp_path):
    cards = sound_cards(spk={"outfile": tmp_path / "out.raw"})
    code, said, err = led(cards, ["--callers", "1", "--record", tmp_path / "heard.wav"], TO_THE_LOBBY)
    assert (code, err) == (0, "")
    assert "Nothing is played" not in said
    played = np.fromfile(tmp_path / "out.raw", "<i2")
    heard, rate = read(tmp_path / "heard.wav")
    heard = heard[:, 0]
    assert [dtmf.digits(dtmf.decode(one, at)) for one, at in ((played, 48000), (heard, rate))] == ["", ""]
    assert len(played) / 48000 == pytest.approx(len(heard) / rate, abs=1.5)
    assert np.abs(played.astype(np.int32)).max() == pytest.approx(np.abs(heard.astype(np.int32)).max(), rel=0.1)


def test_a_speaker_that_is_pulled_out_then_the_demonstration_goes_on_in_silence_and_says_so(
        sound_cards, led, tmp_path):
    cards = sound_cards(spk={"outfile": tmp_path / "out.raw", "speed": 3, "vanish_ms": 4000})
    code, said, err = led(cards, ["--callers", "1"], TO_THE_LOBBY)
    assert (code, err) == (0, "")
    assert "The sound card has gone, so nothing is played any more." in said
    assert said.index("The sound card has gone") < said.index("hold music starts")


def test_a_microphone_then_its_voice_is_the_caller_s(sound_cards, led, tmp_path):
    keys = dtmf.encode("1234567#", 48000, lead_ms=4500)
    keys.astype("<i2").tofile(tmp_path / "keys.raw")
    cards = sound_cards(mic={"infile": tmp_path / "keys.raw"}, spk={"outfile": tmp_path / "out.raw"})
    code, _, err = led(cards, ["--callers", "1", "--microphone"],
                       [("whom you lead and speak for", "\n"), ("has entered conference ID 1234567", "q")])
    assert (code, err) == (0, "")
    played = np.fromfile(tmp_path / "out.raw", "<i2")
    assert dtmf.digits(dtmf.decode(played, 48000)) == ""  # nobody hears himself


def test_a_speaker_that_is_named_and_is_not_there_then_one_sentence_and_3(sound_cards, tmp_path):
    cards = sound_cards(spk={"outfile": tmp_path / "out.raw"})
    code, out, err = cards.ivr("lobby", "--plain", "--output", "trumpet")
    assert (code, out) == (3, "")
    assert err.startswith("ivr: ")
    assert "trumpet" in err
    assert err.count("\n") == 1


def test_no_speaker_at_all_then_it_runs_and_says_so(sound_cards, led):
    code, said, err = led(sound_cards(), ["--callers", "1"], [("Nothing is played: ", "\n"), ("dials in", "q")])
    assert (code, err) == (0, "")
    assert "--record FILE.wav writes what would be heard." in said
