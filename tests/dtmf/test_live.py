"""Digits from a pipe as they arrive: `arecord ... | dtmf decode -`."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

import dtmf
from dtmf.audiofile import write

ASSUMED = (b"dtmf: - does not say what it is, and is read as s16le at 8000 Hz; 'dtmf decode' has --encoding and "
           b"--rate for what is not.\n")  # fmt: skip



@pytest.fixture
def command(served):
    return [served / "dtmf", "decode", "-"]


@pytest.fixture
def piped(command):
    """Start the command with pipes on both sides; what is left of it at the end is killed."""
    running = []

    def start(*options, **more):
        running.append(subprocess.Popen([*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, bufsize=0, **more))
        return running[-1]

    yield start
    for process in running:
        with process:
            process.kill()


def printed(process, count):
    return b"".join(process.stdout.read(1) for _ in range(count))


def sound(keys, rate=8000, kind="<i2"):
    return dtmf.encode(keys, rate, tone_ms=80, gap_ms=80).astype(kind).tobytes()


@pytest.mark.parametrize(("options", "make"), [
    ([], sound),
    (["--rate", "44100"], lambda keys: sound(keys, 44100)),
    (["--encoding", "s16be", "--rate", "16000"], lambda keys: sound(keys, 16000, ">i2")),
], ids=["as it is", "44100 Hz", "s16be at 16 kHz"])  # fmt: skip
def test_a_digit_arrives_then_it_is_printed_while_the_pipe_is_open(piped, options, make):
    process = piped(*options)
    for key in "159D":
        process.stdin.write(make(key))
        assert process.stdout.read(1) == key.encode()
    process.stdin.close()
    assert process.stdout.read() == b"\n"
    assert (process.wait(), process.stderr.read()) == (0, b"" if options else ASSUMED)


def test_a_digit_arrives_on_one_of_two_channels_then_a_line_says_on_which(piped):
    process = piped("--channels", "2", "--channel", "all")
    silence = np.zeros(1280, np.int16)
    for channel, key in ((1, "7"), (0, "#")):
        tone = np.frombuffer(sound(key), "<i2")
        both = [silence, silence]
        both[channel] = tone
        process.stdin.write(np.stack(both, axis=1).astype("<i2").tobytes())
        assert process.stdout.readline() == f"channel {channel}: {key}\n".encode()
    process.stdin.close()
    assert process.stdout.read() == b""
    assert process.wait() == 0


def test_a_wav_arrives_then_its_digits_before_its_end(piped, tmp_path):
    write(tmp_path / "call.wav", dtmf.encode("159D"), 8000)
    data = (tmp_path / "call.wav").read_bytes()
    process = piped()
    process.stdin.write(data[:-200])
    assert printed(process, 4) == b"159D"
    process.stdin.close()
    assert process.stdout.read() == b"\n"
    assert process.wait() == 0


def test_what_arrived_as_json_then_the_same_object_as_of_the_file(command, tmp_path):
    path = tmp_path / "call.wav"
    write(path, dtmf.encode("159D"), 8000)
    with path.open("rb") as data:
        piped = subprocess.run([*command, "--json"], stdin=data, capture_output=True, check=True)
    named = subprocess.run([*command[:-1], path, "--json"], capture_output=True, check=True)
    assert json.loads(piped.stdout) == json.loads(named.stdout) | {"file": "-"}


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_ctrl_c_then_what_came_counts_and_the_code_is_0(piped, options):
    process = piped(*options)
    process.stdin.write(sound("12#"))
    if not options:
        assert printed(process, 3) == b"12#"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b"\n"
    else:
        # Nothing is printed before the end; so much fits into no pipe, and has been read when it is written.
        process.stdin.write(bytes(1 << 20))
        process.send_signal(signal.SIGINT)
        assert json.loads(process.stdout.read())["digits"] == "12#"
    assert (process.wait(), process.stderr.read()) == (0, ASSUMED)


def test_a_reader_that_goes_away_then_the_command_ends_plainly(piped):
    process = piped()
    process.stdout.close()
    process.stdin.write(sound("12"))
    process.stdin.close()
    assert process.wait() == 0
    assert process.stderr.read() == ASSUMED


def test_a_pipe_among_files_then_a_line_each(command, tmp_path):
    path = tmp_path / "call.wav"
    write(path, dtmf.encode("159D"), 8000)
    done = subprocess.run([*command, str(path)], input=sound("7#"), capture_output=True, check=True)
    assert done.stdout.decode() == f"-: 7#\n{path}: 159D\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminals of this kind")
def test_a_terminal_instead_of_a_pipe_then_refused(command):
    ours, theirs = os.openpty()
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, check=False)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 2
    assert done.stderr == "dtmf: '-' has nothing to hear; pipe audio into it, such as from arecord.\n"


@pytest.mark.parametrize(("data", "options", "says"), [
    (b"", [], "- holds 0 samples"),
    (b"RIFF", [], "- ends before its samples begin"),
    (b"RIFF....WAVEfmt \xff\xff\xff\x7f" + bytes(50), [], "says 2147483647 bytes"),
    (b"RIFF....WAVEdata\xff\xff\xff\x7f" + bytes(50), [], "without a format"),
    (b"fLaC" + bytes(50), [], "- begins like FLAC, but cannot be read"),
    (bytes(500), ["--channel", "1"], "- has no channel 1; it has only channel 0"),
    (bytes(500), ["--channel", "left"], "'left' is no channel"),
    (bytes(500), ["--encoding", "mp9"], "'mp9' is not known"),
    (bytes(500), ["--rate", "100"], "100 Hz is outside"),
])  # fmt: skip
def test_a_pipe_that_cannot_be_heard_then_one_sentence_and_the_code_is_2(command, data, options, says):
    done = subprocess.run([*command, *options], input=data, capture_output=True, check=False)
    error = done.stderr.decode()
    assert (done.returncode, error.count("\n"), done.stdout) == (2, 1, b"")
    assert error.startswith("dtmf: ")
    assert says in error
