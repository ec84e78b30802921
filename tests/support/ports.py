"""Ports that a test may take: below those that the system gives away by itself, and none of another worker's.

A port that was free a moment ago, of those that any program may be given, may be another's by now.
"""

import os
import random
import socket
from contextlib import contextmanager

_LANES, _WIDE = 3, 7000
_MANY, _FEW = range(11_000, 32_000), range(8_000, 11_000)


def own(first, count):
    """Return ports for sound, of those that this worker has: the same places in each worker's own."""
    lane = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % _LANES
    begin = _MANY.start + lane * _WIDE + first
    return range(begin, begin + count)


def free(kind=socket.SOCK_DGRAM, count=1):
    """Return the first of so many ports, an even one, that nobody has just now: for programs that take no 0."""
    chance = random.SystemRandom()
    while True:
        first = chance.randrange(_FEW.start, _FEW.stop - count, 2)
        with socket.socket(socket.AF_INET, kind) as one:
            try:
                one.bind(("127.0.0.1", first))
            except OSError:
                continue
            return first


@contextmanager
def refusing():
    """Have a socket, bound and not listening: whoever connects is refused, and nobody else gets its port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        yield one
