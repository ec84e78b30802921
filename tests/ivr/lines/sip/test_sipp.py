"""Debian's SIPp calls: its keys as events, with all its ways, are heard."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ivr.engine.exchange import Exchange
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.trunk import SipTrunk
from ivr.live.pace import WallClock

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("sipp"), reason="SIPp is missing: apt-get install sip-tester"),
    pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="SIPp sends keys as root only")]


def test_three_calls_of_sipp_then_every_key_of_theirs_counts_once(world, tmp_path):
    made, network = world(), Network("127.0.0.1", 0, range(44_000, 44_200))
    trunk = SipTrunk(network)
    exchange, pace = Exchange(made.bridge, [trunk]), WallClock(sleep=trunk.wait)
    words = ["sipp", "-sf", str(Path(__file__).with_name("dtmf.xml")), "-m", "3", "-r", "2", "-i", "127.0.0.1",
             "-nostdin", f"127.0.0.1:{network.here.port}"]
    with subprocess.Popen(words, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as sipp:
        while sipp.poll() is None or made.bridge.calls:
            pace.wait()
            exchange.step()
        assert sipp.returncode == 0, sipp.stdout.read()
    network.close()
    journal = made.bridge.journal
    assert [entry.facts["digits"] for entry in journal.of("entered")] == ["1234567"] * 3
    assert len(journal.of("lobby")) == 3
    assert len(journal.of("hung-up")) == 3
    assert not journal.of("not-counted")
