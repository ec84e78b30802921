"""A million packets of sound and of reports that were changed by chance: nothing breaks off, and memory stays flat.

Run: python benchmarks/rtp_fuzz.py [--packets 1000000]. Calls of all codecs, some encrypted, with keys and reports;
every packet has bytes changed, is cut, grows, or is nothing but chance. Whole packets go among them, and afterwards
every call still has to be heard.
"""

import argparse
import os
import resource
import sys
from dataclasses import dataclass

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from ivr.lines.sip.preparing import prepare
from ivr.lines.sip.rtp.batch import Packets, put, room_for, taken_from
from ivr.lines.sip.rtp.control import Block, Report, Sender, written
from ivr.lines.sip.rtp.keypad import Keypad
from ivr.lines.sip.rtp.packets import CONTROL, packet
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.reporting import Reporting
from ivr.lines.sip.sdes import SUITES, Secrets
from ivr.lines.sip.securing import Securing

_ROWS, _BATCH, _SECURED = 32, 1000, 8
_EVENTS, _NOISE = 101, 13
_KEY = bytes(range(30))
_LARGEST_GROWTH_KB = 4096


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes
    ----------
    packets, whole, keys, reports : int
        Packets; those among them that were not changed; keys and reports that were told.
    heard : int
        Calls that are heard afterwards.
    grown_kb : int
        By how much memory has grown since a tenth of them.
    """

    packets: int = 0
    whole: int = 0
    keys: int = 0
    reports: int = 0
    heard: int = 0
    grown_kb: int = 0


class Senders:
    """All that send, as anybody might."""

    def __init__(self, seed: int) -> None:
        self._drawn = np.random.default_rng(seed)
        self._number = self._drawn.integers(2**16, size=_ROWS)
        self._sources = self._drawn.integers(2**32, size=_ROWS)

    def batch(self, sealed: Securing) -> tuple[Packets, int]:
        """Return packets, and how many of them are whole."""
        packets, drawn, whole = room_for(_BATCH), self._drawn, 0
        for place in range(_BATCH):
            row = int(drawn.integers(_ROWS))
            put(packets, place, row, self._one(row))
        sealed.close(packets)
        for place, fate in enumerate(drawn.integers(8, size=_BATCH).tolist()):
            length = int(packets.length[place])
            if fate < 2:
                whole += 1
            elif fate < 5:
                many = int(drawn.integers(1, 6))
                packets.data[place, drawn.integers(min(length, 40), size=many)] = drawn.integers(256, size=many)
            elif fate == 5:
                packets.length[place] = drawn.integers(length + 1)
            elif fate == 6:
                packets.length[place] = drawn.integers(length, 1504)
            else:
                data = bytes([int(drawn.choice([0x80, 0x81, 0x90, 0xA0, 0xBF, 0]))]) + drawn.bytes(
                    int(drawn.integers(0, 300)))
                put(packets, place, int(packets.row[place]), data)
        packets.at[:] = drawn.integers(2**40)
        return packets, whole

    def _one(self, row: int) -> bytes:
        drawn, source = self._drawn, int(self._sources[row])
        self._number[row] += 1
        number, kind = int(self._number[row]), int(drawn.integers(10))
        if kind < 6 or row < _SECURED:
            return packet((0, 8, 9)[row % 3], number, 160 * number, source, drawn.bytes(160))
        if kind < 8:
            length = int(drawn.integers(8)) * 160
            payload = bytes([number // 8 % 16, 10 | 0x80 * (number % 8 == 7)]) + length.to_bytes(2)
            return packet(_EVENTS, number, 1280 * (number // 8), source, payload)
        if kind == 8:
            return packet(_NOISE, number, 160 * number, source, b"\x40")
        numbers = [int(one) for one in drawn.integers(2**32, size=6)]
        block = Block(numbers[0], numbers[1] & 255, numbers[2] % 1000, *numbers[3:], numbers[0])
        return written(Report(source, Sender(*numbers[:4]), (block,), (source,) * (number % 2)), "name")


def fuzzed(count: int, seed: int = 1) -> Outcome:
    """Have so many packets come; return what came of it."""
    senders, receiving, reporting, opened, sealed = (
        Senders(seed), Receiving(), Reporting(lambda: 7), Securing(), Securing())
    pads, rows, result = [Keypad() for _ in range(_ROWS)], np.zeros((_ROWS, 160), np.int16), Outcome()
    for row in range(_ROWS):
        receiving.begin(row, row % 3, (0, 8, 9)[row % 3], _EVENTS)
        reporting.begin(row, 0)
        if row < _SECURED:
            for side in (opened, sealed):
                side.begin(row, Secrets(SUITES[row % 2], _KEY, _KEY))
    before = 0
    for tick in range(-(-count // _BATCH)):
        packets, whole = senders.batch(sealed)
        opened.open(packets, receiving.calls)
        kinds = receiving.sort(packets, 160 * tick)
        for place in np.flatnonzero(kinds == CONTROL).tolist():
            came = taken_from(packets, place)
            result.reports += reporting.take(int(packets.row[place]), came, 7, int(packets.at[place]))
        for key in receiving.take(packets, kinds):
            told = pads[key.row].take(key.number, key.stamp, key.source, key.payload, 160 * tick)
            result.keys += sum(map(bool, told))
        receiving.play(rows)
        for row in range(_ROWS):
            reporting.figures(row, receiving.calls[row])
        result.packets, result.whole = result.packets + len(packets.row), result.whole + whole
        if tick == count // _BATCH // 10:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result.heard = _heard(receiving, opened, sealed, rows)
    result.grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return result


def _heard(receiving: Receiving, opened: Securing, sealed: Securing, rows: np.ndarray) -> int:
    """Have all senders begin anew with whole packets; return of how many each frame is heard."""
    for number in range(30):
        packets = room_for(_ROWS)
        for row in range(_ROWS):
            put(packets, row, row, packet((0, 8, 9)[row % 3], number, 160 * number, 12_345 + row, b"\x20" * 160))
        sealed.close(packets)
        opened.open(packets, receiving.calls)
        receiving.take(packets, receiving.sort(packets, 0))
        missing = receiving.play(rows)
    return int((~missing & rows.any(axis=1)).sum())


def main() -> int:
    """Measure; return 1 if memory grows or a call is heard no more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packets", type=int, default=1_000_000)
    options = parser.parse_args()
    prepare()
    made = fuzzed(options.packets)
    print(f"{made.packets:,} packets, {made.whole:,} of them whole: {made.keys:,} keys, {made.reports:,} "
          f"reports; {made.heard} of {_ROWS} calls are heard afterwards; memory grew by {made.grown_kb:,} kB")
    return 0 if made.grown_kb <= _LARGEST_GROWTH_KB and made.heard == _ROWS else 1


if __name__ == "__main__":
    sys.exit(main())
