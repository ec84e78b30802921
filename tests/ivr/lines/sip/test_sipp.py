"""Debian's SIPp calls, with the story that docs/comparison.md has in its words: its keys are events, and heard."""

import contextlib
import os
import shutil
import subprocess

import pytest
from ports import own

from benchmarks.compared.playing import CALLERS, sipp
from ivr.engine.exchange import Exchange
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.trunk import SipTrunk
from ivr.live.pace import WallClock

pytestmark = [
    pytest.mark.real_time, pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("sipp"), reason="SIPp is missing: apt-get install sip-tester"),
    pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="SIPp sends keys as root only")]


def test_story_of_sipp_when_the_pin_is_another_then_nobody_gets_in_and_sipp_passes_all_the_same(world, tmp_path):
    made, network = world(), Network("127.0.0.1", 0, own(3_000, 200))
    trunk = SipTrunk(network)
    exchange, pace = Exchange(made.bridge, [trunk]), WallClock(sleep=trunk.wait)
    other = tmp_path / "others.csv"  # of a meeting whose organizer has another PIN
    other.write_text(CALLERS.read_text(encoding="utf-8").replace("1234567", "7654321"))
    words = sipp("127.0.0.1", network.here.port)
    with contextlib.ExitStack() as ends:
        playing = [ends.enter_context(subprocess.Popen(
            [str(other) if word == str(CALLERS) else word for word in words] if again else words, cwd=tmp_path,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
            for again in (False, True)]
        while any(one.poll() is None for one in playing) or made.bridge.calls:
            pace.wait()
            exchange.step()
        assert [one.returncode for one in playing] == [0, 0], [one.stdout.read() for one in playing]
    network.close()
    journal = made.bridge.journal
    assert sorted(entry.facts["digits"] for entry in journal.of("entered")) == [
        "****", "****", "****", "****", "1234567", "1234567", "7654321", "7654321"]
    assert [entry.facts["reason"] for entry in journal.of("refused")] == ["wrong"] * 3
    assert [entry.facts["meeting"] for entry in journal.of("started")] == ["1234567"]
    assert sorted(entry.caller for entry in journal.of("joined")) == ["amos", "anna"]
    assert len(journal.of("hung-up")) == 4
    assert not journal.of("not-counted")
