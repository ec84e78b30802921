"""Disks as users come to have them: full ones, and such as may only be read; and a bridge that is quick."""

import os
import shutil
import subprocess
from itertools import count

import numpy as np
import pytest

from ivr.bridge.bridge import Bridge
from ivr.call.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from lobby import arrival, departure


@pytest.fixture
def mount():
    """Mounts for one test: ``mount(folder, *words)``; the test is skipped where it may not.

    Without root, the tests can run in a name space of their own: ``.ci/postgres unshare -rm make test``.
    """
    if not shutil.which("mount"):
        pytest.skip("mounting needs a system that has mount")
    # Root needs no help. In CI sudo may be asked; at home a test run that calls sudo would be a bad surprise.
    helper = ["sudo", "-n"] if os.geteuid() and os.environ.get("CI") and shutil.which("sudo") else []
    mounted = []

    def mount(folder, *words):
        done = subprocess.run([*helper, "mount", *words, folder], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting needs root: {done.stderr.strip()}")
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

    def slots(self, name):
        return ("conference_id",) if name == "unknown-conference-id" else ()

    def clips(self, name, **slots):
        return [np.round(2000 * np.sin(np.arange(800) / 5)).astype(np.int16)]

    def text(self, name, **slots):
        return " ".join([f"Words of {name}.", *slots.values()])


@pytest.fixture
def quiet_bridge():
    """Makes bridges with short prompts: ``quiet_bridge(ids_and_pins)``."""
    def make(meetings=(("1234567", "48215"),)):
        return Bridge(directory=Meetings(Meeting(i, pin, "amos.marble@contoso.com") for i, pin in meetings),
                      voice=QuietVoice(), music=np.round(1000 * np.sin(np.arange(4000) / 9)).astype(np.int16),
                      tones={"arrival": arrival(), "departure": departure()}, profile=profile("teams2021"))
    return make


@pytest.fixture
def words():
    """The words of the prompts of `quiet_bridge`."""
    return QuietVoice()
