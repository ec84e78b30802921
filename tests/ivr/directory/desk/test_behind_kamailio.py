"""Debian's Kamailio, as deploy/ has it, in front of two bridges that share a directory; SIPp calls."""

import os
import shutil
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
from ports import free, own
from wire import message

from ivr.engine.exchange import Exchange
from ivr.lines.sip.callers import trusted
from ivr.lines.sip.locating import home_at
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.trunk import SipTrunk
from ivr.live.asking import Aside
from ivr.live.homes import HomeKeeper
from ivr.live.pace import WallClock
from tests.ivr.worlds import World

KAMAILIO = shutil.which("kamailio", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIG = Path(__file__).parents[4] / "deploy" / "kamailio.cfg"

pytestmark = [
    pytest.mark.real_time, pytest.mark.slow,
    pytest.mark.skipif(not KAMAILIO, reason="Kamailio is missing: apt-get install kamailio"),
    pytest.mark.skipif(not shutil.which("sipp"), reason="SIPp is missing: apt-get install sip-tester")]


class Node:
    """One bridge of the two."""

    def __init__(self, desk, first):
        self.network = Network("127.0.0.1", 0, own(first, 100))
        self.here = home_at(*self.network.here[:2])
        self.keeper, self.directory = HomeKeeper(desk.checks, self.here), Aside(desk.checks, self.here)
        made = World([], [], directory=self.directory)
        self.bridge = made.bridge
        self.trunk = SipTrunk(self.network, trusts=trusted(["127.0.0.1"]), locator=self.keeper)
        self.exchange = Exchange(self.bridge, [self.trunk])
        self.dialled, dial = [], self.bridge.dial

        def dialled(caller, **more):
            self.dialled.append(more["number"])
            return dial(caller, **more)

        self.bridge.dial = dialled

    def taken(self):
        """Return which numbers were called here since the last time."""
        taken, self.dialled[:] = list(self.dialled), []
        return taken

    def close(self):
        self.trunk.close()
        self.network.close()
        self.keeper.close()
        self.directory.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_calls_by_kamailio_then_at_the_home_of_their_meeting_whoever_is_asked_and_whoever_is_dead(
        desk, enable, meeting, tmp_path):
    enable(desk)
    ids = [meeting(desk, "amos.marble@contoso.com").conference_id for _ in range(3)]
    keys = {one: desk.checks.find(one).meeting for one in ids}
    with ExitStack() as opened:
        nodes = [Node(desk, first) for first in (4200, 4400)]
        opened.callback(lambda: [one.close() for one in alive])
        alive, port, pace = list(nodes), free(), WallClock()
        (tmp_path / "nodes").write_text("".join(f"1 sip:{one.here} 0 0\n" for one in nodes))
        (tmp_path / "run").mkdir()
        words = [KAMAILIO, "-DD", "-E", "-f", str(CONFIG), "-A", f"LISTEN=udp:127.0.0.1:{port}", "-A",
                 f'NODES="{tmp_path}/nodes"', "-m", "32", "-M", "8", "-Y", str(tmp_path / "run"), "-P",
                 str(tmp_path / "run" / "pid")]
        with (tmp_path / "log").open("wb") as log:
            kamailio = opened.enter_context(subprocess.Popen(words, stdout=log, stderr=log,
                                                             stdin=subprocess.DEVNULL))
        opened.callback(kamailio.terminate)

        def step():
            pace.wait()
            for one in alive:
                one.exchange.step()

        def rings(lines):
            """Have SIPp call; return whether all calls were right."""
            (tmp_path / "calls.csv").write_text("SEQUENTIAL\n" + "\n".join(lines) + "\n")
            asked = ["sipp", f"127.0.0.1:{port}", "-sf", str(Path(__file__).with_name("kamailio.xml")), "-inf",
                     str(tmp_path / "calls.csv"), "-m", str(len(lines)), "-r", "4", "-i", "127.0.0.1", "-nostdin",
                     "-timeout", "600"]
            with subprocess.Popen(asked, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as sipp:
                while sipp.poll() is None:
                    step()
            return sipp.returncode == 0

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            probe.settimeout(0.02)
            there = False
            while not there:
                assert kamailio.poll() is None, (tmp_path / "log").read_text()
                step()
                own = probe.getsockname()[1]
                asked = message("OPTIONS", via=f"127.0.0.1:{own}", uri=f"sip:127.0.0.1:{port}")
                probe.sendto(asked, ("127.0.0.1", port))
                try:
                    there = probe.recv(999).startswith(b"SIP/2.0 200")
                except (TimeoutError, ConnectionRefusedError):
                    continue

        calls = [f"{ids[0]};X-A: b", f"1000;X-Conference-ID: {ids[1]}", f"{ids[0]};X-A: b", f"{ids[2]};X-A: b",
                 f"1000;X-Conference-ID: {ids[1]}", f"{ids[2]};X-A: b", "5550100;X-A: b"]
        calls += ["ivr;X-A: b"] * 2
        assert rings(calls)
        taken = [one.taken() for one in nodes]
        assert sum(map(len, taken)) == 9
        for known in (ids[0], ids[2]):
            assert sorted(one.count(known) for one in taken) == [0, 2]

        for one, other in (nodes, nodes[::-1]):
            desk.checks.homes.free(set(keys.values()), one.here)
            desk.checks.homes.free(set(keys.values()), other.here)
            for key in keys.values():
                desk.checks.homes.take(key, one.here)
            assert rings([f"{known};X-A: b" for known in ids] * 2)
            assert (len(one.taken()), other.taken()) == (6, [])

        dead, left = nodes[1], nodes[0]
        desk.checks.homes.free(set(keys.values()), left.here)
        alive.remove(dead)
        dead.close()
        for key in keys.values():
            desk.checks.homes.take(key, dead.here)
        assert rings([f"{known};X-A: b" for known in ids] + ["ivr;X-A: b"])
        assert sorted(left.taken()) == sorted([*ids, "ivr"])
        assert {desk.checks.homes.take(key, "other") for key in keys.values()} == {left.here}
