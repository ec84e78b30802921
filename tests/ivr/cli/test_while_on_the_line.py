"""A bridge at work and the command line, two processes on one directory."""

import subprocess

import numpy as np
import pytest

from dtmf import encode
from ivr.cli import main as ivr
from ivr.cli.kit import stage
from ivr.clock import samples
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import profile
from ivr.desk.opening import open_desk
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.asking import Aside

ADDRESS = "amos.marble@contoso.com"
OLD, NEW = "58139206", "40286173"


@pytest.fixture
def url(tmp_path, capsys):
    """A directory with a profile whose PINs can be typed, an organizer and his meeting."""
    url = f"sqlite:///{tmp_path / 'directory.db'}"
    for words in (["settings", "set", "--administration", "sfbserver"], ["organizer", "enable", ADDRESS],
                  ["pin", "reset", ADDRESS, "--pin", OLD, "--yes"], ["meeting", "schedule", ADDRESS]):
        assert ivr([*words, "--database", url]) == 0, capsys.readouterr().err
    return url


@pytest.fixture
def command(served):
    """Run a command of the desk in a process of its own: ``command(url, "pin", "reset", ...)``."""
    def command(url, *words):
        done = subprocess.run([served / "ivr", *words, "--database", url], capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, done.stderr
    return command


def silence(seconds):
    return np.zeros(samples(seconds), np.int16)


def test_a_reset_while_the_organizer_is_on_the_line_then_counts_at_his_next_hash(url, command):
    desk = open_desk(url)
    conference_id = desk.meetings.show("1").conference_id
    aside = Aside(desk.checks, patient=True)
    says = np.concatenate([silence(1), encode(f"{conference_id}#"), silence(4), encode("*"), silence(4),
                           encode(f"{OLD}#"), silence(8), encode(f"{NEW}#"), silence(4)])
    line = MemoryLine("amos", says)
    sounds = stage()
    bridge = ConferenceBridge(directory=aside, voice=sounds.voice, music=sounds.music, tones=sounds.tones,
                              profile=profile("teams2021"))
    exchange = Exchange(bridge, [MemoryTrunk([line])])
    asked = False
    while not line.has_said_all:
        exchange.step()
        if not asked and any(entry.facts["state"] == "pin" for entry in bridge.journal.of("state")):
            asked = True
            command(url, "pin", "reset", ADDRESS, "--pin", NEW, "--yes")
    aside.close()
    desk.close()
    assert asked
    refused = [entry.facts["reason"] for entry in bridge.journal.of("refused")]
    started, = bridge.journal.of("started")
    assert refused == ["wrong"]
    assert started.facts["by"] == "amos"
    assert aside.faults == []
