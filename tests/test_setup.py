"""What set-up installs is pinned, is what the project asks for, and names no registry; what takes long says so."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNNING = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = {"requirements.lock": RUNNING, "requirements-dev.lock": [*RUNNING, *EXTRAS["dev"]],
         "requirements-soundcard.lock": EXTRAS["soundcard"]}


def pins(name):
    """Return each package of a lock -> its pins; every line is a pin with its hashes."""
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        pin, *hashes = line.split(" --hash=")
        requirement = Requirement(pin)
        assert re.fullmatch(r"==[^*]+", str(requirement.specifier)), line
        assert hashes, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64} *", one) for one in hashes), line
        found.setdefault(requirement.name, []).append(requirement)
    return found


def version(pin):
    return str(pin.specifier).removeprefix("==")


@pytest.mark.parametrize("name", LOCKS)
def test_lock_when_it_is_read_then_it_has_what_the_project_asks_for_and_names_no_registry(name):
    found = pins(name)
    for asked in map(Requirement, LOCKS[name]):
        assert asked.name in found, f"{asked.name} is not in {name}: make lock"
        for pin in found[asked.name]:
            assert version(pin) in asked.specifier, f"{pin} is not {asked}: make lock"
    for system in ("linux", "darwin"):
        for python in ("3.11.4", "3.13.1"):
            here = {"sys_platform": system, "python_version": python[:4], "python_full_version": python}
            for asked in map(Requirement, LOCKS[name]):
                held = [pin for pin in found[asked.name] if pin.marker is None or pin.marker.evaluate(here)]
                assert len(held) == 1, (asked.name, here)


def test_locks_when_a_package_is_in_both_then_one_version_of_it():
    testing = pins("requirements-dev.lock")
    for name, found in pins("requirements.lock").items():
        assert list(map(str, found)) == list(map(str, testing[name]))


@pytest.mark.parametrize("words", [["dtmf.cli", "decode", "call.wav"],
                                   ["ivr.cli", "answer", "call.wav", "--meeting", "1234567:48215"]],
                         ids=["dtmf", "ivr"])
def test_decoder_when_it_is_compiled_first_then_said_in_a_pipe_too(tmp_path, words):
    shutil.copytree(ROOT / "dtmf", tmp_path / "dtmf", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "dtmf" / "limits.py").write_text("# other sources than those that have been compiled\n"
                                                 + (ROOT / "dtmf" / "limits.py").read_text(encoding="utf-8"))
    subprocess.run([sys.executable, "-m", "dtmf.cli", "encode", "1", "-o", "call.wav"], cwd=tmp_path, check=True)
    with subprocess.Popen([sys.executable, "-m", *words], cwd=tmp_path, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(tmp_path)}) as started:
        said = started.stderr.readline()
        started.kill()
    assert re.fullmatch(r"(dtmf|ivr): compiling the decoder, once on this machine.* half a minute.*\n", said)
