"""Many files side by side: nothing is lost, nothing is done twice, the result is always the same."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dtmf
from dtmf.archive.find import found
from dtmf.archive.output import Output, stamp
from dtmf.audiofile import write
from dtmf.cli import main

COMMAND = [sys.executable, "-m", "dtmf.cli", "decode"]
KEYS = {"a.wav": "12", "b.flac": "34", "deeper/c.wav": "56#", "deeper/d.au": "78", "e.wav": "9*0"}


@pytest.fixture
def folder(tmp_path):
    """A folder of recordings, one within another, and some that is no audio."""
    root = tmp_path / "calls"
    (root / "deeper").mkdir(parents=True)
    for name, keys in KEYS.items():
        rate = 16000 if name == "a.wav" else 8000
        write(root / name, dtmf.encode(keys, rate), rate)
    (root / "notes.txt").write_text("not a recording")
    (root / ".hidden.wav").write_text("nor this")
    return root


def named(folder):
    """Return the recordings of a folder one by one, pipes among them, in the order in which they are found."""
    return sorted((path for path in folder.rglob("[!.]*.*") if path.suffix != ".txt"), key=lambda path: path.parts)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "digits.jsonl"


def lines(out):
    return [json.loads(line) for line in out.read_text().splitlines()]


def heard(out, folder):
    return {Path(line["file"]).relative_to(folder).as_posix(): line.get("digits") for line in lines(out)}


@pytest.fixture
def run(served):
    return lambda *words: subprocess.run([served / "dtmf", "decode", *map(str, words)], capture_output=True,
                                         text=True, check=False)


@pytest.fixture
def started(served):
    """Start the command; what is left of it at the end is killed."""
    running = []

    def start(*words, command=(served / "dtmf", "decode")):
        words = [*command, *map(str, words)]
        running.append(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        with process:
            process.kill()


def holder(gate):
    """Return the process that reads from a named pipe, ours left out; None if nobody does."""
    pids = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    return next((pid for pid in pids if pid != os.getpid() and opened(pid, gate)), None)


def opened(pid, file):
    """Return whether a process has a file open; it may end, or close others, while it is looked at."""
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if link.readlink() == file:
                    return True
    return False


def reader(gate):
    """Return the process that has a named pipe open to read, once there is one."""
    while not (pid := holder(gate)):
        os.sched_yield()
    return pid


def kill(pid, gate):
    """Kill the process that reads from a named pipe, and wait until it does no more."""
    os.kill(pid, signal.SIGKILL)
    while holder(gate) == pid:
        os.sched_yield()


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_folder_then_a_line_a_file_in_the_order_of_their_names(run, folder, out, jobs):
    done = run(folder, "--out", out, "--jobs", jobs)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{out}: 5 files, 0 of them from before, 0 bad\n"
    assert heard(out, folder) == KEYS
    assert list(heard(out, folder)) == sorted(KEYS)
    keys = ["file", "channel", "rate", "seconds", "digits", "tones", "size", "mtime_ns", "hearing"]
    assert list(lines(out)[0]) == keys


def test_a_folder_without_out_then_printed_in_order(folder, capsys):
    assert main(["decode", str(folder), "--jobs", "2"]) == 0
    assert capsys.readouterr().out == "".join(f"{folder}/{name}: {keys}\n" for name, keys in KEYS.items())


def test_an_archive_again_then_only_what_is_new_or_changed_is_decoded(folder, out, capsys):
    words = ["decode", str(folder), "--out", str(out), "--jobs", "1", "--json"]
    assert main(words) == 0
    first = out.read_bytes()
    assert main(words) == 0
    assert out.read_bytes() == first
    write(folder / "b.flac", dtmf.encode("4444"), 8000)
    write(folder / "f.wav", dtmf.encode("D"), 8000)
    assert main(words) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["files"], one["decoded"], one["kept"], one["bad"]) for one in told] == [
        (5, 5, 0, 0), (5, 0, 5, 0), (6, 2, 4, 0)]  # fmt: skip
    assert heard(out, folder) == KEYS | {"b.flac": "4444", "f.wav": "D"}
    assert len(lines(out)) == 6


def test_an_archive_heard_otherwise_then_decoded_again(folder, out):
    assert main(["decode", str(folder), "--out", str(out), "--jobs", "1"]) == 0
    assert main(["decode", str(folder), "--out", str(out), "--jobs", "1", "--channel", "all"]) == 0
    assert [(line["channel"], line["channels"], line["hearing"]) for line in lines(out)] == [(0, 1, "all")] * 5


def test_bad_files_then_a_line_with_the_reason_and_all_others_done(folder, out, capsys):
    (folder / "b.flac").write_bytes(b"fLaC and then nothing")
    (folder / "bad.wav").write_bytes(b"")
    assert main(["decode", str(folder), str(folder / "gone.wav"), "--out", str(out), "--jobs", "2"]) == 2
    printed = capsys.readouterr()
    assert "3 bad" in printed.out
    errors = {Path(line["file"]).name: line["error"] for line in lines(out) if "error" in line}
    assert set(errors) == {"b.flac", "bad.wav", "gone.wav"}
    assert sorted(printed.err.splitlines()) == sorted(f"dtmf: {error}" for error in errors.values())
    good = {name: keys for name, keys in heard(out, folder).items() if keys is not None}
    assert good == {name: keys for name, keys in KEYS.items() if name != "b.flac"}
    write(folder / "bad.wav", dtmf.encode("7"), 8000)
    assert main(["decode", str(folder), "--out", str(out), "--jobs", "2"]) == 2
    assert heard(out, folder)["bad.wav"] == "7"


def test_samples_without_a_head_in_a_folder_then_heard_and_how_is_said_and_kept(folder, out, capsys):
    (folder / "f.raw").write_bytes(dtmf.encode("7#").astype("<i2").tobytes())
    for options in (["--out", str(out)], []):
        assert main(["decode", str(folder), *options]) == 0
        said = capsys.readouterr().err
        assert said.startswith(f"dtmf: {folder / 'f.raw'} does not say what it is, and is read as s16le at 8000")
        assert said.count("\n") == 1
    assert [(line["digits"], *line["notes"]) for line in lines(out) if "notes" in line] == [("7#", said[6:-1])]


def test_a_worker_that_is_killed_then_nothing_is_lost(folder, out, started):
    gate = folder / "gate.sln"
    os.mkfifo(gate)
    process = started(*named(folder), "--out", out, "--jobs", "2")
    with gate.open("wb", buffering=0) as calls:
        kill(reader(gate), gate)
        assert reader(gate)
        calls.write(dtmf.encode("0*0").astype("<i2").tobytes())
    _, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    assert heard(out, folder) == KEYS | {"gate.sln": "0*0"}


def test_a_file_that_every_worker_dies_of_then_it_is_named_and_the_others_are_done(folder, out, started):
    gate = folder / "gate.sln"
    os.mkfifo(gate)
    process = started(*named(folder), "--out", out, "--jobs", "2")
    with gate.open("wb", buffering=0):
        for _ in range(2):
            kill(reader(gate), gate)
    _, errors = process.communicate()
    assert process.returncode == 2
    assert errors == f"dtmf: {gate} ended the process that decoded it, twice; look at its memory.\n"
    assert heard(out, folder) == KEYS | {"gate.sln": None}


def test_a_run_that_is_killed_then_the_next_goes_on_and_ends_with_the_same_file(
        run, folder, out, tmp_path, started):
    whole = tmp_path / "whole.jsonl"
    gate = folder / "z.sln"
    os.mkfifo(gate)
    process = started(*named(folder), "--out", out, "--jobs", "1", command=COMMAND)
    with gate.open("wb", buffering=0):
        process.kill()
        process.wait()
        while holder(gate):
            os.sched_yield()
    gate.unlink()
    gate.write_bytes(dtmf.encode("1#").astype("<i2").tobytes())
    before = out.read_bytes()
    assert len(before.splitlines()) >= 3
    with out.open("ab") as file:
        file.write(b'{"file": "half of a li')
    done = run(folder, "--out", out, "--jobs", "1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["kept"] == len(before.splitlines())
    assert run(folder, "--out", whole, "--jobs", "2").returncode == 0
    assert out.read_bytes() == whole.read_bytes()


def test_a_run_that_is_stopped_with_ctrl_c_then_it_says_how_to_go_on(folder, out, started):
    gate = folder / "z.sln"
    os.mkfifo(gate)
    process = started(*named(folder), "--out", out, "--jobs", "1")
    with gate.open("wb", buffering=0):  # which keeps who reads it waiting
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 3
    assert errors == f"dtmf: stopped; {out} holds what is done, and the same command goes on with it.\n"
    assert len(lines(out)) >= 3


@pytest.mark.parametrize(
    "content", [b"RIFF\x00\x00", b"a letter\n", b'{"file": "a"}\n', b"[]\n", b"\xff\xfe\n", b"1\n"])
def test_out_when_it_is_another_file_then_refused_and_left_as_it_was(folder, out, content, capsys):
    out.write_bytes(content)
    assert main(["decode", str(folder), "--out", str(out)]) == 2
    error = capsys.readouterr().err
    assert error == f"dtmf: line 1 of {out} is not one that 'dtmf decode --out' wrote; name another file.\n"
    assert out.read_bytes() == content


def test_out_when_another_run_writes_it_then_refused(folder, out, capsys):
    with Output(out, "mixed"):
        assert main(["decode", str(folder), "--out", str(out)]) == 2
    assert "is being written by another run" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "says"), [
    (["{folder}", "--out", "{folder}"], "is a folder; name a file to write"),
    (["{folder}", "--out", "{folder}/none/x.jsonl"], "x.jsonl cannot be written (No such file or directory)"),
    (["{folder}", "--out", "/dev/null"], "/dev/null is no file that can be gone on with"),
    (["{folder}", "--jobs", "0"], "0 jobs cannot decode"),
    (["-", "--out", "{out}"], "'-' cannot be decoded together with"),
])  # fmt: skip
def test_an_archive_that_cannot_be_begun_then_one_sentence(folder, out, capsys, words, says):
    assert main(["decode", *(word.format(folder=folder, out=out) for word in words)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert says in error


def test_lines_cut_off_anywhere_then_whole_ones_are_kept(folder, out):
    files = sorted(str(folder / name) for name in KEYS)
    with Output(out, "all") as output:
        for file in files:
            output.add(file, stamp(file), [{"file": file, "channel": number} for number in (0, 1)])
    whole = out.read_bytes()
    for cut in range(0, len(whole), 7):
        out.write_bytes(whole[:cut])
        complete = whole[:cut].count(b"\n")
        with Output(out, "all") as output:
            assert sum(output.has(file, stamp(file)) for file in files) == complete // 2
            assert out.read_bytes() == b"".join(whole.splitlines(keepends=True)[:complete])


def test_a_file_whose_name_is_no_text_then_it_is_decoded_and_kept(tmp_path, out, capsys):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.wav")
    write(tmp_path / "call.wav", dtmf.encode("7"), 8000)
    (tmp_path / "call.wav").rename(name)
    for more in ([], ["--json"], ["--out", str(out)], ["--out", str(out)]):
        assert main(["decode", name, *more]) == 0
    assert lines(out)[0]["file"] == name
    assert "1 of them from before" in capsys.readouterr().out


def test_found_then_each_file_once_in_order(folder):
    failures = []
    files = found([folder / "e.wav", folder, folder / "gone.wav"], lambda *failure: failures.append(failure))
    names = ["e.wav", "a.wav", "b.flac", "deeper/c.wav", "deeper/d.au", "gone.wav"]
    assert (files, failures) == ([str(folder / name) for name in names], [])


def test_a_pipe_in_a_folder_then_passed_over_and_the_others_are_done(run, folder, out):
    os.mkfifo(folder / "b-pipe.wav")
    done = run(folder, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert heard(out, folder) == KEYS
