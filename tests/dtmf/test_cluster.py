"""An archive on a real Dask cluster: a scheduler and two workers, one of which is killed."""

import json
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from clusters import dask_cluster

import dtmf
from dtmf.audiofile import write
from dtmf.cli import main

# asked without importing it, which takes each worker that collects tests half a second
pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="no Dask: pip install 'distributed'")

COUNT = 40


@pytest.fixture
def cluster(tmp_path):
    """A scheduler's address, its two workers, and the scheduler itself."""
    with dask_cluster(tmp_path) as made:
        yield made


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "calls"
    root.mkdir()
    for number in range(COUNT):
        write(root / f"{number:02}.wav", dtmf.encode(f"{number:02}#"), 8000)
    (root / "bad.wav").write_bytes(b"RIFF and no more")
    return root


def holder(gate, workers):
    """Return the worker that reads from a named pipe; None if none does."""
    for worker in workers:
        try:
            if any(link.readlink() == gate for link in Path(f"/proc/{worker.pid}/fd").iterdir()):
                return worker
        except OSError:
            continue
    return None


def opened(gate, process):
    """Return a named pipe to write to, once somebody reads it; a command that has ended never will."""
    while process.poll() is None:
        try:
            return os.fdopen(os.open(gate, os.O_WRONLY | os.O_NONBLOCK), "wb")
        except OSError:
            os.sched_yield()
    raise AssertionError(process.stderr.read())


def test_a_worker_that_is_killed_then_nothing_is_lost_and_all_is_as_on_one_machine(
        served, cluster, folder, tmp_path):
    address, workers, _ = cluster
    out, alone, gate = tmp_path / "digits.jsonl", tmp_path / "alone.jsonl", folder / "21-gate.sln"
    os.mkfifo(gate)
    command = [served / "dtmf", "decode", *sorted(folder.iterdir()), "--cluster", address, "--out", out]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with opened(gate, process):
            while not (killed := holder(gate, workers)):
                os.sched_yield()
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            with opened(gate, process) as again:  # the other worker has it now, or soon
                again.write(dtmf.encode("0*0").astype("<i2").tobytes())
        printed, errors = process.communicate()
    assert process.returncode == 2
    assert printed == f"{out}: {COUNT + 2} files, 0 of them from before, 1 bad\n"
    assert [line for line in errors.splitlines() if line.startswith("dtmf: ")] == errors.splitlines()
    lines = out.read_text().splitlines()
    assert sum('"digits": "0*0"' in line for line in lines) == 1
    assert main(["decode", *map(str, sorted(folder.glob("*.wav"))), "--out", str(alone), "--jobs", "2"]) == 2
    assert [line for line in lines if str(gate) not in line] == alone.read_text().splitlines()


@pytest.mark.parametrize("address", [
    "nonsense://", pytest.param("tcp://127.0.0.1:1", marks=pytest.mark.slow)])  # ten seconds of patience
def test_a_cluster_that_does_not_answer_then_code_3(folder, tmp_path, capsys, address):
    assert main(["decode", str(folder), "--cluster", address, "--out", str(tmp_path / "x.jsonl")]) == 3
    assert capsys.readouterr().err.startswith(f"dtmf: no Dask scheduler answers at {address} ")


@pytest.mark.slow
def test_a_scheduler_that_goes_away_then_code_3_and_one_machine_goes_on(cluster, folder, tmp_path):
    address, workers, scheduler = cluster
    out, gate = tmp_path / "digits.jsonl", folder / "21-gate.sln"
    os.mkfifo(gate)
    command = [sys.executable, "-m", "dtmf.cli", "decode", "--out", str(out)]
    process = subprocess.Popen([*command, *map(str, sorted(folder.iterdir())), "--cluster", address],
                               stderr=subprocess.PIPE, text=True)
    with process, opened(gate, process):
        while not holder(gate, workers):
            os.sched_yield()
        scheduler.kill()
        errors = process.stderr.read()
    assert process.returncode == 3
    sentence = f"dtmf: the Dask scheduler at {address} has gone; start it and give the same command again."
    assert errors.splitlines()[-1] == sentence
    assert [line for line in errors.splitlines() if not line.startswith("dtmf: ")] == []
    # nothing is left of a run that had nothing done yet
    kept = sum('"error"' not in line for line in (out.read_text() if out.exists() else "").splitlines())
    gate.unlink()
    done = subprocess.run([*command, str(folder), "--json"], capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert (done.returncode, told["files"], told["kept"], told["bad"]) == (2, COUNT + 1, kept, 1)
    assert len(out.read_text().splitlines()) == COUNT + 1
