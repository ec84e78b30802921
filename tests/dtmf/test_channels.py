"""Recordings of several channels: the one with keys speaks for them, and two that differ are told apart."""

import io
import json

import numpy as np
import pytest
import soundfile

import dtmf
from dtmf.audiofile import write
from dtmf.channels import picked
from dtmf.choosing import chosen
from dtmf.cli import main
from dtmf.cli.live import live
from dtmf.errors import AudioError
from dtmf.recording import decode
from dtmf.transcript import Hearing

RNG = np.random.default_rng(14)


def quieter(samples, db):
    return np.rint(samples * 10 ** (-db / 20)).astype(np.int16)


def later(samples, count):
    return np.concatenate([np.zeros(count, np.int16), samples[:len(samples) - count]])


def noise(count, level=200):
    return RNG.normal(0, level, count).astype(np.int16)


ID = np.concatenate([dtmf.encode("1234567#"), np.zeros(8000, np.int16)])

class Trickle(io.BytesIO):
    """A pipe of which little comes at a time."""

    def read1(self, size=-1, /):
        return super().read1(min(size, 640) if size > 0 else 640)


AGREEING = {
    "inverted": (ID, -ID, "1234567#", {0, 1}),
    "an odd number of samples late": (ID, later(ID, 5), "1234567#", {0, 1}),
    "silence": (np.zeros_like(ID), ID, "1234567#", {1}),
    "talk and keys": (noise(len(ID), 2000), ID, "1234567#", {1}),
    "what leaks into the other side": (quieter(ID, 30), ID, "1234567#", {1}),
    "an echo that lost half of it": (np.where(np.arange(len(ID)) < 6400, quieter(later(ID, 2400), 20), 0), ID,
                                     "1234567#", {1}),
    "keys on neither": (np.zeros_like(ID), noise(len(ID)), "", {None}),
}


@pytest.mark.parametrize(("left", "right", "digits", "channels"), AGREEING.values(), ids=AGREEING)
def test_two_channels_that_agree_then_the_one_with_keys_as_file_and_pipe(tmp_path, capsys, left, right, digits,
                                                                        channels):  # fmt: skip
    path = tmp_path / "both.wav"
    write(path, np.stack([left, right], 1).astype(np.int16), 8000)
    assert main(["decode", str(path)]) == 0
    for pipe in io.BytesIO, Trickle:
        assert live(pipe(path.read_bytes()), Hearing(), as_json=False) == 0
    assert capsys.readouterr().out == f"{digits}\n" * 3
    assert main(["decode", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["digits"] == digits
    assert facts["channel"] in channels
    assert "channels" not in facts


def test_two_callers_in_one_file_then_both_are_told_and_the_code_is_1(tmp_path, capsys):
    path, mono = tmp_path / "two.wav", tmp_path / "mono.wav"
    right = np.zeros_like(ID)
    right[400:6800] = dtmf.encode("9999")
    write(path, np.stack([ID, right], 1), 8000)
    write(mono, ID, 8000)
    assert main(["decode", str(path), str(mono)]) == 1
    printed = capsys.readouterr()
    assert printed.out == f"{path} channel 0: 1234567#\n{path} channel 1: 9999\n{mono}: 1234567#\n"
    assert printed.err == (
        f"dtmf: {path}: channels 0 and 1 hold different keys; choose with --channel 0, or --mix.\n")
    assert main(["decode", str(path), "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert (facts["digits"], facts["channel"], facts["tones"]) == ("", None, [])
    assert [(one["channel"], one["digits"], len(one["tones"])) for one in facts["channels"]] == [
        (0, "1234567#", 8), (1, "9999", 4)]  # fmt: skip
    assert main(["decode", str(path), "--channel", "1"]) == 0
    assert capsys.readouterr().out == "9999\n"
    assert live(Trickle(path.read_bytes()), Hearing(), as_json=False) == 1
    told = capsys.readouterr().out.splitlines()
    assert "".join(line[-1] for line in told if line.startswith("channel 1")) == "9999"
    assert "".join(line[-1] for line in told if line.startswith("channel 0")) == "1234567#"


def test_an_archive_with_two_callers_in_a_file_then_code_1_now_and_when_it_is_kept(tmp_path, capsys):
    (tmp_path / "calls").mkdir()
    write(tmp_path / "calls" / "a.wav", np.stack([ID, later(ID[::-1].copy(), 3)], 1), 8000)
    write(tmp_path / "calls" / "b.wav", np.stack([later(ID, 5), ID], 1), 8000)
    out = tmp_path / "digits.jsonl"
    for kept in (0, 2):
        assert main(["decode", str(tmp_path / "calls"), "--out", str(out), "--jobs", "1"]) == 1
        assert capsys.readouterr().out == (
            f"{out}: 2 files, {kept} of them from before, 0 bad, 1 whose channels hold different keys\n")
    first, second = map(json.loads, out.read_text().splitlines())
    assert [len(one["tones"]) for one in first["channels"]] == [8, 8]
    assert (second["digits"], second["hearing"]) == ("1234567#", "each")


def test_a_leak_that_is_heard_first_but_not_whole_then_the_other_channel_takes_over(tmp_path, capsys):
    leak = quieter(ID, 20)
    leak[3200:6400] = 0
    path = tmp_path / "both.wav"
    write(path, np.stack([leak, later(ID, 80)], 1), 8000)
    assert live(Trickle(path.read_bytes()), Hearing(), as_json=False) == 0
    assert capsys.readouterr().out == "1234567#\n"


def test_one_channel_of_a_recording_when_none_has_keys_then_the_loudest_and_none_is_mixed():
    soft, loud = noise(8000, 100), noise(8000, 1000)
    both = np.stack([soft, loud], 1)
    assert np.array_equal(chosen(both, 8000, None, "call.wav"), loud)
    assert np.array_equal(chosen(both, 8000, 0, "call.wav"), soft)
    assert np.array_equal(chosen(both, 8000, "mix", "call.wav"), picked(both, "mix")[0])
    with pytest.raises(AudioError, match=r"call\.wav: channels 0 and 1 hold different keys; choose") as caught:
        chosen(np.stack([ID, ID[::-1]], 1), 8000, None, "call.wav")
    assert not any(key in str(caught.value) for key in ("1234567", "#"))


def test_channel_and_mix_at_once_then_one_sentence(capsys):
    assert main(["decode", "a.wav", "--channel", "1", "--mix"]) == 2
    assert capsys.readouterr().err == "dtmf: --channel 1 and --mix are two things to hear; give one of them.\n"
    assert main(["plot", "a.wav", "-o", "a.png", "--channel", "all"]) == 2
    assert "a picture shows one channel" in capsys.readouterr().err


def test_plot_two_callers_in_one_file_then_it_asks_which(tmp_path, capsys):
    path = tmp_path / "two.wav"
    soundfile.write(path, np.stack([ID, ID[::-1]], 1), 8000)
    assert main(["plot", str(path), "-o", str(tmp_path / "a.png")]) == 2
    assert "hold different keys" in capsys.readouterr().err
    assert main(["plot", str(path), "-o", str(tmp_path / "a.png"), "--channel", "1"]) == 0
    assert len(decode(np.ascontiguousarray(ID[::-1]), 8000)) == 8
