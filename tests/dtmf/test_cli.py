"""The command `dtmf`: what it prints, and its exit codes for good and bad input."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from importlib.metadata import version

import matplotlib.image
import numpy as np
import pytest
import soundfile

import dtmf
from dtmf.audiofile import write
from dtmf.cli import main


@pytest.fixture
def line(tmp_path):
    """Write a file with the keys 12# and return its path."""
    path = tmp_path / "line.wav"
    assert main(["encode", "12#", "-o", str(path)]) == 0
    return path


def complaint(capsys):
    """Return the one sentence on the error channel."""
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("dtmf: ")
    assert error.endswith(".\n")
    assert "Traceback" not in error
    return error


def test_version_when_asked_for_then_it_is_the_installed_one(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == version("dial-in-conference-simulator")


def test_decode_prints_the_digits(line, capsys):
    assert main(["decode", str(line)]) == 0
    assert capsys.readouterr().out == "12#\n"


def test_decode_json_has_every_tone_in_seconds(line, capsys):
    assert main(["decode", str(line), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert list(facts) == ["file", "channel", "rate", "seconds", "digits", "tones"]
    assert (facts["file"], facts["rate"], facts["seconds"], facts["digits"]) == (str(line), 8000, 0.6, "12#")
    keys = ["digit", "start", "end", "level_dbm0", "twist_db", "low_hz", "high_hz",
            "low_off_percent", "high_off_percent", "snr_db"]  # fmt: skip
    assert list(facts["tones"][1]) == keys
    assert facts["tones"][1]["start"] == pytest.approx(0.2, abs=0.001)
    assert facts["tones"][1]["level_dbm0"] == pytest.approx(-10, abs=0.05)
    assert facts["tones"][1]["low_off_percent"] == pytest.approx(0, abs=0.02)
    assert facts["tones"][1]["snr_db"] > 40


def test_decode_several_files_then_a_line_each_and_a_bad_one_is_named(line, tmp_path, capsys):
    assert main(["decode", str(line), str(tmp_path / "gone.wav"), str(line)]) == 2
    printed = capsys.readouterr()
    assert printed.out == f"{line}: 12#\n{line}: 12#\n"
    assert printed.err == f"dtmf: {tmp_path / 'gone.wav'} does not exist; check the name.\n"


def test_encode_options_are_heard_in_the_file(tmp_path):
    path = tmp_path / "quiet.flac"
    options = ["--tone-ms", "60", "--gap-ms", "50", "--rate", "16000", "--level", "-20", "--twist", "3"]
    assert main(["encode", "*A", "-o", str(path), *options]) == 0
    samples, rate = soundfile.read(path, dtype="int16")
    assert (rate, len(samples)) == (16000, 2 * 1760)
    tone = dtmf.decode(samples, rate)[0]
    assert (tone.digit, round(tone.level_dbm0), round(tone.twist_db)) == ("*", -20, 3)


def test_decode_eight_channels_then_the_one_with_keys_or_the_one_asked_for_or_a_mix(tmp_path, capsys):
    path = tmp_path / "eight.wav"
    channels = np.zeros((8, 3200), np.int16)
    channels[3, :1600], channels[5, 1600:] = dtmf.encode("7"), dtmf.encode("8", level_dbm0=-4)
    soundfile.write(path, channels.T, 8000)
    for options, digits in (["--mix"], "78"), (["--channel", "5"], "8"), (["--channel", "0"], ""):
        assert main(["decode", str(path), *options]) == 0
        assert capsys.readouterr().out == f"{digits}\n"
    channels[3] = 0
    soundfile.write(path, channels.T, 8000)
    assert main(["decode", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["channel"], facts["digits"]) == (5, "8")
    for wrong in "8", "-1":
        assert main(["decode", str(path), "--channel", wrong]) == 2
        assert f"eight.wav has no channel {wrong}; it has channels 0 to 7" in complaint(capsys)


def test_decode_each_channel_then_a_line_or_an_object_a_channel(line, tmp_path, capsys):
    path = tmp_path / "both.wav"
    soundfile.write(path, np.stack([dtmf.encode("12"), dtmf.encode("89")], axis=1), 8000)
    assert main(["decode", str(path), "--channel", "all"]) == 0
    assert capsys.readouterr().out == "channel 0: 12\nchannel 1: 89\n"
    assert main(["decode", str(path), str(line), "--channel", "all"]) == 0
    assert capsys.readouterr().out == f"{path} channel 0: 12\n{path} channel 1: 89\n{line} channel 0: 12#\n"
    assert main(["decode", str(path), "--channel", "all", "--json"]) == 0
    facts = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [list(one) for one in facts] == [["file", "channel", "rate", "seconds", "digits", "tones"]] * 2
    assert [(one["channel"], one["digits"]) for one in facts] == [(0, "12"), (1, "89")]
    assert main(["decode", str(path), "--channel", "left"]) == 2
    assert complaint(capsys) == "dtmf: 'left' is no channel; give a number from 0, or all.\n"


BAR = """
from dtmf.cli.progress import Bar
with Bar("call.wav", patience_s=0) as bar:
    bar.part(0.5)
print("12#")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminals of this kind")
def test_long_work_on_a_terminal_then_a_bar_and_the_digits_are_left_alone():
    ours, theirs = os.openpty()
    done = subprocess.run([sys.executable, "-c", BAR], stdout=subprocess.PIPE, stderr=theirs, text=True, check=True)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says so when all of it was read
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    assert b"call.wav" in shown
    assert b"50%" in shown
    assert done.stdout == "12#\n"


def test_long_work_in_a_pipe_then_quiet():
    done = subprocess.run([sys.executable, "-c", BAR], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("12#\n", "")


def make_bad(kind, folder):
    """Make a file that cannot be decoded and return its path."""
    path = folder / f"{kind}.wav"
    if kind == "not-audio":
        path.write_text("a letter, not a sound\n" * 40)
    elif kind == "empty":
        path.touch()
    elif kind == "no-samples":
        soundfile.write(path, np.zeros(0, np.int16), 8000)
    elif kind == "folder":
        path.mkdir()
    elif kind == "slow":
        soundfile.write(path, np.zeros(400, np.int16), 3999)
    return path


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "does not exist"),
        ("not-audio", "is text, not audio"),
        ("empty", "is an empty file"),
        ("no-samples", "holds 0 samples"),
        ("folder", "is a folder"),
        ("slow", "3999 Hz is outside 4000 to 192000 Hz"),
    ],
)
@pytest.mark.parametrize("command", ["decode", "plot"])
def test_a_bad_file_then_one_sentence_names_it_and_the_code_is_2(tmp_path, capsys, command, kind, says):
    path = make_bad(kind, tmp_path)
    more = ["-o", str(tmp_path / "out.png")] if command == "plot" else []
    assert main([command, str(path), *more]) == 2
    error = complaint(capsys)
    assert str(path) in error
    assert says in error
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["encode", "12X", "-o", "{}/a.wav"], "'X' is not a key"),
        (["encode", "", "-o", "{}/a.wav"], "holds no digits"),
        (["encode", "1", "-o", "{}/a.wav", "--level", "2"], "level 2 dBm0"),
        (["encode", "1", "-o", "{}/a.wav", "--rate", "3999"], "3999 Hz"),
        (["encode", "1", "-o", "{}/a.wav", "--rate", "fast"], "'fast' is no whole number"),
        (["encode", "1", "-o", "{}/a.wav", "--rate", "7999.5"], "'7999.5' is no whole number"),
        (["encode", "1", "-o", "{}/a.wav", "--rate", "8e99"], "'8e99' is no whole number"),
        (["encode", "1", "-o", "{}/a.xyz"], "a.xyz has no ending"),
        (["encode", "1", "-o", "{}/none/a.wav"], "a.wav cannot be written"),
        (["encode", "1", "-o", "{}"], "has no ending"),
        (["encode", "1"], "--output"),
        (["encode"], "See 'dtmf --help'"),
        (["decode"], "no file was given"),
        (["decode", "--loud"], "--loud"),
        (["decod", "a.wav"], "decod"),
    ],
)
def test_wrong_usage_then_one_sentence_and_the_code_is_2(tmp_path, capsys, words, says):
    assert main([word.format(tmp_path) for word in words]) == 2
    assert says in complaint(capsys)
    assert list(tmp_path.iterdir()) == []


def test_encode_when_it_fails_then_the_old_file_is_left_as_it_was(line):
    before = line.read_bytes()
    assert main(["encode", "1", "-o", str(line), "--level", "9"]) == 2
    assert line.read_bytes() == before
    assert list(line.parent.iterdir()) == [line]


def test_plot_writes_a_picture(line, tmp_path):
    picture = tmp_path / "line.png"
    assert main(["plot", str(line), "-o", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["line.png", "line.wav"]


@pytest.mark.parametrize("words", [["plot", "{}", "-o", "{}.jpg"], ["plot", "{}", "-o", "/nowhere/a.png"]])
def test_plot_when_the_picture_cannot_be_written_then_code_2(line, capsys, words):
    assert main([word.format(line) for word in words]) == 2
    complaint(capsys)


@pytest.mark.parametrize("words", [[], ["decode"], ["encode"], ["plot"]])
def test_help_has_an_example(capsys, words):
    assert main([*words, "--help"]) == 0
    assert "Example: dtmf " in capsys.readouterr().out


def test_importing_dtmf_loads_nothing_heavy():
    heavy = "numpy", "numba", "scipy", "soundfile", "av", "matplotlib", "cyclopts", "rich", "multiprocessing"
    code = f"import sys, dtmf, dtmf.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_command_itself_gives_its_code_to_the_shell(tmp_path):
    gone = str(tmp_path / "gone.wav")
    done = subprocess.run([sys.executable, "-m", "dtmf.cli", "decode", gone], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"dtmf: {gone} does not exist; check the name.\n"


@pytest.mark.filterwarnings("error")
def test_plot_explain_whatever_the_file_is_called_then_the_near_miss_is_in_the_picture(tmp_path, capfd):
    path = tmp_path / os.fsdecode(b"\xe4\xbc\x9a\xe8\xae\xae\x1b[31m$call$\xff.wav")  # no text, and more than that
    write(path, np.concatenate([dtmf.encode("1"), dtmf.encode("5", twist_db=12), np.zeros(800, np.int16)]), 8000)
    for name, more in (("plain.png", []), ("explained.png", ["--explain"])):
        assert main(["plot", str(path), "-o", str(tmp_path / name), *more]) == 0
    pictures = [matplotlib.image.imread(tmp_path / name) for name in ("plain.png", "explained.png")]
    assert capfd.readouterr().err == ""
    pink = [np.sum(np.abs(p[:, :, :3] - np.array([1.0, 0.56, 0.64])).max(axis=2) < 0.05) for p in pictures]
    assert pink[0] == 0 < 200 < pink[1]


def test_a_batch_with_files_of_every_fault_then_each_is_named_and_the_others_are_decoded(line, tmp_path, capsys):
    bad = [make_bad(kind, tmp_path) for kind in ("missing", "not-audio", "empty", "no-samples", "folder", "slow")]
    (tmp_path / "raw.raw").write_bytes(b"a letter, not a sound\n")
    (tmp_path / "data.wav").write_bytes(b"RIFF\0\0\0\0WAVEdata")
    bad += [tmp_path / name for name in ("raw.raw", "data.wav")]
    bad.remove(tmp_path / "folder.wav")
    assert main(["decode", str(line), *map(str, bad), str(line)]) == 2
    printed = capsys.readouterr()
    assert printed.out == f"{line}: 12#\n{line}: 12#\n"
    assert [said.split()[1].rstrip(":") for said in printed.err.splitlines()] == [str(path) for path in bad]


@pytest.mark.parametrize("jobs", [[], ["--jobs", "2"]])
def test_a_bad_file_as_json_then_an_object_with_its_sentence_in_its_place(line, tmp_path, capsys, jobs):
    bad = make_bad("empty", tmp_path)
    (tmp_path / "none").mkdir()
    folders = [tmp_path / "none"] if jobs else []
    assert main(["decode", *map(str, [*folders, bad, line, tmp_path / "gone.wav"]), "--json", *jobs]) == 2
    printed = capsys.readouterr()
    told = [json.loads(one) for one in printed.out.splitlines()]
    assert [(one["file"], "error" in one) for one in told] == [
        *((str(one), True) for one in folders),
        (str(bad), True), (str(line), False), (str(tmp_path / "gone.wav"), True)]
    assert [f"dtmf: {one['error']}" for one in told if "error" in one] == printed.err.splitlines()


FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")  # noqa: PTH110


@FULL
@pytest.mark.parametrize("words", [["decode", "{}"], ["decode", "{}", "{}", "--json"], ["--help"], ["--version"]])
def test_an_output_that_takes_nothing_then_one_sentence_and_code_3(line, words):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run([sys.executable, "-m", "dtmf.cli", *(word.format(line) for word in words)],
                              stdout=full, stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
    assert done.returncode == 3
    assert done.stderr == "dtmf: what there is to tell cannot be printed (No space left on device).\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes of this kind")
def test_ctrl_c_amid_a_batch_then_one_sentence_and_code_3(served, line, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    words = [served / "dtmf", "decode", line, gate, line]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with gate.open("wb") as never_ends:
            never_ends.write(bytes(80))
            never_ends.flush()
            assert process.stdout.readline() == f"{line}: 12#\n"
            process.send_signal(signal.SIGINT)
            assert process.wait() == 3
        assert (process.stdout.read(), process.stderr.read()) == ("", "dtmf: stopped before all was done.\n")


def test_a_reader_that_goes_away_after_a_bad_file_then_the_code_is_still_2(served, line, tmp_path):
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run([served / "dtmf", "decode", tmp_path / "gone.wav", line], stdout=theirs,
                          stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    assert done.returncode == 2
    assert done.stderr == f"dtmf: {tmp_path / 'gone.wav'} does not exist; check the name.\n"
