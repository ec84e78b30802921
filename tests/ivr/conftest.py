"""Disks as users come to have them, full or to be read only; sound cards without hardware; a quick bridge."""

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

import dtmf
from benchmarks.private_card import NoCard, private_card
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from lobby import arrival, beep, departure

ROOT = Path(__file__).parents[2]


@pytest.fixture
def mount():
    """Mounts for one test: ``mount(folder, *words)``; the test is skipped where it may not.

    Without root, the tests can run in a name space of their own: ``.ci/postgres unshare -rm make test``.
    """
    if not shutil.which("mount"):
        pytest.skip("mounting needs a system that has mount")
    # Root needs no help. Where all tests are asked for sudo may be; a test run that calls it unasked would be a bad
    # surprise.
    helper = ["sudo", "-n"] if os.geteuid() and os.environ.get("IVR_TEST_ALL") and shutil.which("sudo") else []
    mounted = []

    def mount(folder, *words):
        done = subprocess.run([*helper, "mount", *words, folder], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting needs root: {done.stderr.strip().rpartition(': ')[2]}")
        mounted.append(folder)

    yield mount
    for folder in reversed(mounted):
        # Lazily, because a file that the test left open must not hide why the test failed.
        subprocess.run([*helper, "umount", "--lazy", folder], check=True)


@pytest.fixture
def small_disk(tmp_path, mount):
    """Makes disks: ``small_disk(size)`` gives a folder with room for so many bytes, in steps of 4096."""
    serials = count(1)

    def make(size):
        folder = tmp_path / f"small-disk-{next(serials)}"
        folder.mkdir()
        mount(folder, "-t", "tmpfs", "-o", f"size={size},mode=0700,uid={os.getuid()},gid={os.getgid()}", "tmpfs")
        return folder

    return make


@pytest.fixture
def read_only_disk(mount):
    """Protects: after ``read_only_disk(folder)`` nothing in the folder can be written, even by root.

    Files must be closed before: one that is open for writing stays writable to the one who opened it.
    """

    def protect(folder):
        mount(folder, "-o", "bind,ro", folder)

    return protect


class QuietVoice:
    """A tenth of a second of a tone a prompt, so that a whole call takes a few simulated seconds."""

    def slots(self, name, /):
        return ("conference_id",) if name == "unknown-conference-id" else ()

    def clips(self, name, language="", /, **slots):
        return [np.round(2000 * np.sin(np.arange(800) / 5)).astype(np.int16)]

    def text(self, name, language="", /, **slots):
        return " ".join([f"Words of {name}.", *slots.values()])


@pytest.fixture
def quiet_bridge():
    """Makes bridges with short prompts: ``quiet_bridge(ids_and_pins, product={"lobby_timeout": 0})``."""
    def make(meetings=(("1234567", "48215"),), product=None, **options):
        directory = Meetings(Meeting(i, pin, "amos.marble@contoso.com") for i, pin in meetings)
        changed = {"name_recording": False, **(product or {})}
        return ConferenceBridge(directory=directory, voice=QuietVoice(),
                                music=np.round(1000 * np.sin(np.arange(4000) / 9)).astype(np.int16),
                                tones={"arrival": arrival(), "departure": departure(), "record": beep()},
                                profile=replace(profile("teams2021"), **changed), **options)
    return make


@pytest.fixture
def words():
    """The words of the prompts of `quiet_bridge`."""
    return QuietVoice()


# sound cards without hardware, for PortAudio as it is


class SoundCards:
    """Programs that find the sound cards of a test and no others.

    Attributes
    ----------
    environment : dict
        Of such a program.
    """

    ITS_OWN = (sys.executable, "-m", "ivr.cli")
    """Starts one that has nothing loaded."""

    def __init__(self, folder, config, served, more=None):
        dtmf.prepare()  # a program that has to compile the decoder first takes half a minute
        self._served = (served / "ivr",)
        self.environment = {**os.environ, **(more or {}), "ALSA_CONFIG_PATH": str(config), "PYTHONPATH": str(ROOT),
                            "JACK_NO_START_SERVER": "1", "IVR_DATABASE": str(folder / "nobodys.db"),
                            "OPENBLAS_NUM_THREADS": "1"}

    def start(self, *words, command=(), **options):
        """Start ``ivr`` with these words, or ITS_OWN `command`; its outputs can be read."""
        argv = [*(command or self._served), *map(str, words)]
        return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
                                env=self.environment, **{"stdin": subprocess.DEVNULL, **options})

    @staticmethod
    def until(process, words):
        """Read what is said until these words come; return it all."""
        said = ""
        while words not in said:
            line = process.stdout.readline()
            assert line, f"{words!r} did not come after:\n{said}{process.stderr.read()}"
            said += line
        return said

    def ivr(self, *words, **options):
        """Run ``ivr`` with these words to its end; return its exit code and what it said on both outputs."""
        with self.start(*words, **options) as process:
            out, err = process.communicate()
        return process.returncode, out, err


@pytest.fixture(scope="session")
def virtual_card(tmp_path_factory):
    """The library that makes ALSA have sound cards without hardware, compiled: see soundcards/virtual_card.c."""
    pytest.importorskip("pyaudio", reason="PyAudio is not installed: make setup-soundcard")
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not Path("/usr/include/alsa/pcm_external.h").exists():
        pytest.skip("virtual sound cards need a C compiler and ALSA's headers: make setup-soundcard")
    library = tmp_path_factory.mktemp("virtual-card") / "libivr_virtual.so"
    source = Path(__file__).parent / "soundcards" / "virtual_card.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-DPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", library,
                    source, "-lasound"], check=True)
    return library


@pytest.fixture
def sound_cards(virtual_card, served, tmp_path):
    """Makes sound cards: ``sound_cards(mic={"infile": ...}, spk={"outfile": ..., "ppm": 200})``."""
    def make(**cards):
        lines = [f'pcm_type.ivr_virtual {{ lib "{virtual_card}" }}']
        for name, options in cards.items():
            told = " ".join(f'{key} "{value}"' if isinstance(value, (str, Path)) else f"{key} {value}"
                            for key, value in options.items())
            lines.append(f"pcm.{name} {{ type ivr_virtual {told} }}")
        lines.append("pcm.absent { type hw card 7 }")  # PortAudio expects one device at least not to open
        (tmp_path / "asound.conf").write_text("\n".join(lines) + "\n")
        return SoundCards(tmp_path, tmp_path / "asound.conf", served)
    return make


@pytest.fixture(scope="session")
def pulse(tmp_path_factory, served):
    """A private PulseAudio: its microphone "mic" and speaker "spk" are two sides of a sink that others use too."""
    pytest.importorskip("pyaudio", reason="PyAudio is not installed: make setup-soundcard")
    folder = tmp_path_factory.mktemp("pulse")
    with contextlib.ExitStack() as opened:
        try:
            found = opened.enter_context(private_card(folder))
        except NoCard as reason:
            pytest.skip(str(reason))
        yield SoundCards(folder, found["ALSA_CONFIG_PATH"], served, found)
