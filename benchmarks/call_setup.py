"""How soon calls that come by SIP are told of, and answered: a generator of its own, over loopback, in real time.

Run: python benchmarks/call_setup.py [--rate R] [--calls N]. Each call is begun, acknowledged, and hung up a second
later. Without options 50 calls a second (targets: 95 of 100 hear of it within 10 ms and are answered within 30 ms),
then 150 a second (target: no call fails). `ivr serve` is a process of its own; its processor time is told apart.
"""

import argparse
import asyncio
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

IVR = Path(sys.executable).parent / "ivr"
HELD_S = 1.0
PATIENCE_S = 10.0


@dataclass
class Attempt:
    """One call: when it was begun, first heard of and answered, in seconds; how it ended."""

    begun: float
    told: float = 0.0
    answered: float = 0.0
    code: int = 0
    over: bool = False


class Generator(asyncio.DatagramProtocol):
    """Begins calls at one address and notes what comes back."""

    def __init__(self, port: int) -> None:
        self.calls: dict[str, Attempt] = {}
        self._port = port
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        """Keep what sends."""
        self._transport = transport

    def begin(self, number: int) -> None:
        """Begin a call."""
        self.calls[str(number)] = Attempt(time.perf_counter())
        sdp = (f"v=0\r\no=- {number} 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
               f"m=audio {40000 + 2 * (number % 8000)} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n")
        self._send("INVITE", number, 1, "",
                   f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}")

    def _send(self, method: str, number: int, count: int, to_tag: str, rest: str) -> None:
        host, port = self._transport.get_extra_info("sockname")[:2]
        head = (f"{method} sip:1000@127.0.0.1:{self._port} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{number}{method}\r\n"
                f"Max-Forwards: 70\r\nFrom: <sip:load@127.0.0.1>;tag=f{number}\r\n"
                f"To: <sip:1000@127.0.0.1>{to_tag}\r\nCall-ID: {number}@load\r\n"
                f"CSeq: {count} {method}\r\nContact: <sip:load@{host}:{port}>\r\n")
        self._transport.sendto((head + rest).encode())

    def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
        """Take an answer, or a request that ends a call."""
        now, text = time.perf_counter(), data.decode(errors="replace")
        found = re.search(r"^(?:Call-ID|i):\s*(\d+)@load", text, re.MULTILINE | re.IGNORECASE)
        call = self.calls.get(found[1]) if found else None
        if call is None or not text.startswith("SIP/2.0"):
            return
        code, number = int(text[8:11]), int(found[1])
        if re.search(r"^CSeq:\s*\d+ BYE", text, re.MULTILINE | re.IGNORECASE):
            call.over = True
            return
        call.told = call.told or now
        if code < 200 or call.code:
            return
        call.code, call.answered = code, now
        tag = re.search(r"^(?:To|t):[^\r\n]*(;tag=[^;\s]+)", text, re.MULTILINE | re.IGNORECASE)
        self._send("ACK", number, 1, tag[1] if tag else "", "Content-Length: 0\r\n\r\n")
        if code == 200:
            asyncio.get_running_loop().call_later(HELD_S, self._send, "BYE", number, 2, tag[1] if tag else "",
                                                  "Content-Length: 0\r\n\r\n")


async def generated(port: int, rate: float, calls: int) -> list[Attempt]:
    """Return how calls went that were begun at a rate, whatever became of others."""
    loop = asyncio.get_running_loop()
    _, generator = await loop.create_datagram_endpoint(lambda: Generator(port), remote_addr=("127.0.0.1", port))
    first = time.perf_counter()
    for number in range(calls):
        await asyncio.sleep(max(0.0, first + number / rate - time.perf_counter()))
        generator.begin(number)
    ends = time.perf_counter() + HELD_S + PATIENCE_S
    while time.perf_counter() < ends and not all(call.over for call in generator.calls.values()):
        await asyncio.sleep(0.1)
    return list(generator.calls.values())


def measured(rate: float, calls: int) -> tuple[list[Attempt], float]:
    """Return how calls went at a fresh bridge, and the processor time that it took a second."""
    port = 5077
    with tempfile.TemporaryFile("w+") as told:
        bridge = subprocess.Popen([IVR, "serve", "--sip", f"127.0.0.1:{port}", "--plain",
                                   "--meeting", "1234567:48215:A"], stdout=told, stderr=subprocess.STDOUT)
        time.sleep(6)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        try:
            attempts = asyncio.run(generated(port, rate, calls))
        finally:
            took = time.perf_counter() - began
            bridge.send_signal(signal.SIGINT)
            bridge.wait(30)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return attempts, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / took


def spread(times: list[float]) -> tuple[float, float, float]:
    """Return the median, and the 95th and 99th percentile."""
    parts = statistics.quantiles(times, n=100)
    return parts[49], parts[94], parts[98]


def main() -> int:
    """Print the times; exit code 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--calls", type=int, default=1000)
    given = parser.parse_args()
    missed = False
    for rate, calls in [(given.rate, given.calls)] if given.rate else [(50.0, 1000), (150.0, 1500)]:
        attempts, processor = measured(rate, calls)
        failed = [call for call in attempts if call.code != 200]
        told, answered = (spread([1000 * (each - call.begun) for call, each in moments if each]) for moments in (
            [(call, call.told) for call in attempts], [(call, call.answered) for call in attempts]))
        print(f"{rate:g} calls a second, {calls} in all: {len(failed)} failed; first heard of after "
              f"{told[0]:.1f} / {told[1]:.1f} / {told[2]:.1f} ms, answered after "
              f"{answered[0]:.1f} / {answered[1]:.1f} / {answered[2]:.1f} ms (median, 95th, 99th percentile); "
              f"the bridge took {100 * processor:.0f} % of a core, its start in it")
        missed |= bool(failed) or (rate <= 50 and (told[1] > 10 or answered[1] > 30))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
