"""A telephone for tests: our own endpoint as the caller, on sockets of its own, in step with the bridge."""

import secrets

import numpy as np
from ports import own

from ivr.clock import FRAME
from ivr.lines.sip import telling
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.media import Media
from ivr.lines.sip.sockets import Network

PORTS = own(0, 400)


class Softphone:
    """One who calls. It says what is in `says`, then nothing."""

    def __init__(self, ports=PORTS, number="1000"):
        self.network = Network("127.0.0.1", 0, ports)
        self.end = Endpoint(self.network.here, lambda: secrets.token_hex(8), keys=secrets.token_bytes)
        self.media = Media(self.network, lambda: secrets.randbits(32))
        self.says, self.told, self.heard, self.keys = np.zeros(0, np.int16), [], [], ""
        self.asked = []
        self.number, self.call, self.port = number, None, self.network.open(0)

    def dial(self, peer, now=0, *, secures=False):
        """Call somebody."""
        self.call = self.end.invite(f"sip:{self.number}@{peer.host}:{peer.port}", peer, "127.0.0.1", self.port, now,
                                    secures=secures)
        self.flush()

    def flush(self):
        """Send what is to be sent."""
        for data, to in self.end.outgoing():
            self.network.send(data, to)

    def step(self, now):
        """Do what is to be done in a tick."""
        for data, source in self.network.messages():
            self.asked.append(data)
            self.end.receive(data, source, now)
        self.end.advance(now)
        for event in self.end.events():
            self.told.append(event)
            if isinstance(event, telling.Agreed):
                self.media.agree(0, event.media, event.media.host, now)
            elif isinstance(event, telling.Ended):
                self.media.end(0)
        self.flush()
        self.keys += "".join(getattr(event, "key", "") for event in self.media.take(now))
        row = np.zeros((1, FRAME), np.int16)
        if self.end.agreed(self.call):
            self.media.receive(row)
            said, self.says = self.says[:FRAME], self.says[FRAME:]
            self.media.send(np.pad(said, (0, FRAME - len(said)))[None], now)
        self.heard.append(row[0])

    def sound(self, since=0):
        """Return what was heard since a tick. int16 array [shape=(n,)]."""
        return np.concatenate(self.heard[since:])

    def of(self, kind):
        """Return what was told of a kind."""
        return [event for event in self.told if isinstance(event, kind)]

    def close(self):
        """Be gone, without a word."""
        self.network.close()
