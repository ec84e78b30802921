"""What the tests of the edge stand on: a directory on a disk, opened as a command opens it."""

import os

import pytest

from ivr.desk.opening import open_desk


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
