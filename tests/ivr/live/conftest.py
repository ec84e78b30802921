"""What the tests of the edge stand on: a directory on a disk, opened as a command opens it; a quick bridge."""

import os

import numpy as np
import pytest

from ivr.bridge.bridge import Bridge
from ivr.call.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.live.opening import open_desk
from lobby import arrival, departure


@pytest.fixture
def environment():
    """The environment, to be changed by a test and put back after it."""
    before = dict(os.environ)
    for name in ("IVR_DATABASE", "IVR_KEY_FILE", "IVR_SMTP_PASSWORD"):
        os.environ.pop(name, None)
    yield os.environ
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def chosen(tmp_path, environment):  # noqa: ARG001  (nothing from outside may choose another one)
    """A database that a command names: one in a folder that is not there yet."""
    return f"sqlite:///{tmp_path / 'data' / 'directory.db'}"


@pytest.fixture
def desk(chosen):
    """A desk on that database, with real time, chance and hashes."""
    desk = open_desk(chosen)
    yield desk
    desk.close()


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
