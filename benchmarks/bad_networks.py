"""Keys and queues over networks that lose, delay, reorder and double packets, with clocks that differ.

Run: python benchmarks/bad_networks.py [--calls 500] [--minutes 60]. In virtual time, seeded: our sending side, a
network, our receiving side and the decoder. Targets: by events all keys right at 5 % lost, in the audio at least
99.9 % at 1 %, no key twice; with a sender 200 ppm fast or slow no queue grows over an hour.
"""

import argparse
import os
import sys
from collections import defaultdict
from dataclasses import dataclass

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.lines.sip.rtp.batch import Packets
from ivr.lines.sip.rtp.g711 import CODECS
from ivr.lines.sip.rtp.keypad import Keypad
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.sending import RtpSender
from lobby import hold_music

_KEYS, _TONE_MS, _GAP_MS = 60, 80, 80
_EVENTS = 101
_RIGHT, _ASKED = {"events": 1.0, "audio": 0.999}, {"events": 0.05, "audio": 0.01}
"""How many keys have to be right, and up to how much loss. Of G.722 none is asked, as it has a memory: after a
loss it is too soft for some 20 ms."""

_LONGEST = samples(0.1)
"""The delay at most, at 20 ms of jitter."""

_AFTER = samples(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a network does to packets.

    Attributes
    ----------
    lost, doubled : float
        How many of them, 0 to 1.
    jitter_ms : float
        How much later some come than others; they overtake each other.
    ppm : float
        How much faster the sender's clock is.
    """

    lost: float = 0.0
    jitter_ms: float = 0.0
    doubled: float = 0.0
    ppm: float = 0.0


class BadNetwork:
    """Packets on their way, in virtual time."""

    def __init__(self, conditions: Conditions, seed: int) -> None:
        self._is, self._drawn = conditions, np.random.default_rng(seed)
        self._way: dict[int, list[tuple[np.ndarray, Packets]]] = defaultdict(list)

    def carry(self, packets: Packets, at: float) -> None:
        """Take packets that are sent at a moment, in samples."""
        for doubled in (False, True):
            count = len(packets.row)
            goes = self._drawn.random(count) >= self._is.lost
            if doubled:
                goes &= self._drawn.random(count) < self._is.doubled
            comes = at + self._drawn.random(count) * samples(self._is.jitter_ms / 1000)
            tick = np.ceil(comes / FRAME).astype(np.int64)
            for one in np.unique(tick[goes]).tolist():
                here = goes & (tick == one)
                self._way[one].append((comes[here], Packets(*(part[here] for part in packets))))

    def due(self, now: int) -> Packets | None:
        """Return what has come by a tick, in the order in which it came."""
        came = self._way.pop(now // FRAME, None)
        if not came:
            return None
        order = np.argsort(np.concatenate([moments for moments, _ in came]), kind="stable")
        return Packets(*(np.concatenate(parts)[order] for parts in zip(*(one for _, one in came), strict=True)))


@dataclass(slots=True)
class Carried:
    """What came of it.

    Attributes
    ----------
    heard : list of str
        The keys of each call.
    delays : list of int
        The longest delay of all calls, in samples, a second.
    receiving : Receiving
    """

    heard: list[str]
    delays: list[int]
    receiving: Receiving


def carried(conditions: Conditions, said: np.ndarray, *, keys: list[str] | None = None, codec: int = 0,
            seed: int = 1, ticks: int = 0, listens: bool = True) -> Carried:
    """Have calls send sound, and keys as events, over a network.

    Parameters
    ----------
    said : int16 array [shape=(calls, n)]
        The sound of each call; over and over again if it lasts longer.
    ticks : int
        How long it lasts; by itself as long as the sound.
    """
    calls, drawn = len(said), np.random.default_rng(seed)
    ticks = ticks or said.shape[1] // FRAME
    sending, receiving = RtpSender(lambda: int(drawn.integers(2**32))), Receiving()
    for row in range(calls):
        sending.begin(row, codec, 0, _EVENTS)
        receiving.begin(row, codec, 0, _EVENTS)
        if keys:
            sending.press(row, keys[row])
    network, ear = BadNetwork(conditions, seed), dtmf.Detector(calls, RATE)
    pads = [Keypad() for _ in range(calls)]
    result = Carried([""] * calls, [], receiving)
    phase, spoken, out = drawn.random() * FRAME, 0, np.zeros((calls, FRAME), np.int16)
    for tick in range(1, ticks + 1):
        now = tick * FRAME
        while (sent := phase + spoken * FRAME * (1 - conditions.ppm / 1e6)) <= now:
            begin = spoken * FRAME % said.shape[1]
            network.carry(sending.packets(said[:, begin:begin + FRAME]), sent)
            spoken += 1
        if packets := network.due(now):
            for row, *rest in receiving.take(packets, receiving.sort(packets, now)):
                result.heard[row] += "".join(pads[row].take(*rest, now))
        missing = receiving.play(out)
        if listens and keys is None:
            for event in ear.feed(out, missing):
                if isinstance(event, dtmf.DigitEnded):
                    result.heard[event.channel] += event.digit
        if tick % 50 == 0:
            result.delays.append(int(receiving.calls["most"][:calls].max()))
    return result


def texts(calls: int, seed: int, keys: int) -> list[str]:
    """Return what each call keys."""
    drawn = np.random.default_rng(seed)
    return ["".join(drawn.choice(list("0123456789*#"), keys)) for _ in range(calls)]


def tones(keys: list[str]) -> np.ndarray:
    """Return what each call says to key that. int16 array [shape=(calls, n)]."""
    said = [np.concatenate([np.zeros(_AFTER, np.int16), dtmf.encode(one, RATE, tone_ms=_TONE_MS, gap_ms=_GAP_MS),
                            np.zeros(_AFTER, np.int16)]) for one in keys]
    longest = max(map(len, said))
    longest += -longest % FRAME
    return np.stack([np.pad(one, (0, longest - len(one))) for one in said])


def wrong(keyed: str, heard: str) -> tuple[int, int]:
    """Return how many keys are not heard or heard as others, and how many are heard that were not keyed."""
    best = [[(0, 0)] * (len(heard) + 1) for _ in range(len(keyed) + 1)]
    for i in range(len(keyed) + 1):
        for j in range(len(heard) + 1):
            ways = []
            if i and j:
                lost, more = best[i - 1][j - 1]
                ways.append((lost + (keyed[i - 1] != heard[j - 1]), more))
            if i:
                lost, more = best[i - 1][j]
                ways.append((lost + 1, more))
            if j:
                lost, more = best[i][j - 1]
                ways.append((lost, more + 1))
            best[i][j] = min(ways, key=lambda one: (sum(one), one), default=(0, 0))
    return best[-1][-1]


def judged(conditions: Conditions, calls: int, by: str, codec: int = 0, keyed: int = _KEYS) -> tuple[int, int]:
    """Return how many keys of all calls were lost, and how many came that were not keyed."""
    keys = texts(calls, 7, keyed)
    if by == "audio":
        heard = carried(conditions, tones(keys), codec=codec).heard
    else:
        silence = np.zeros((calls, FRAME), np.int16)
        heard = carried(conditions, silence, keys=keys, ticks=keyed * 8 + 100).heard
    each = [wrong(*pair) if pair[0] != pair[1] else (0, 0) for pair in zip(keys, heard, strict=True)]
    return sum(lost for lost, _ in each), sum(more for _, more in each)


def _keys(calls: int) -> bool:
    well = True
    for by, codec in (("events", 0), ("audio", 0), ("audio", CODECS.index("G722"))):
        for jitter_ms in (0, 60):
            for lost in (0.0, 0.01, 0.03, 0.05):
                doubled = 0.01 if jitter_ms else 0.0
                conditions = Conditions(lost=lost, jitter_ms=jitter_ms, doubled=doubled)
                missed, more = judged(conditions, calls, by, codec)
                total = calls * _KEYS
                right = (total - missed) / total
                asked = lost <= _ASKED[by] and codec == 0
                ok = not more and (right >= _RIGHT[by] or not asked)
                well &= ok
                name = f"{by} ({CODECS[codec]})" if by == "audio" else by
                print(f"keys by {name:13} {lost:4.0%} lost, jitter {jitter_ms:2} ms, {doubled:.0%} doubled: "
                      f"{total - missed:,} of {total:,} right ({right:.2%}), {more} too many"
                      f"{'' if ok else '   MISSED'}", flush=True)
    return well


def _queues(minutes: float) -> bool:
    well = True
    music = hold_music()
    noise = np.rint(np.random.default_rng(3).normal(0, 300, len(music)))
    speech = np.where(np.arange(len(music)) // RATE % 4 < 2, music, noise).astype(np.int16)
    for name, said in (("music without a pause", music), ("sound with noisy pauses", speech)):
        for ppm in (-200, 200):
            frames = said[None, :len(said) // FRAME * FRAME]
            made = carried(Conditions(jitter_ms=20, ppm=ppm), frames, ticks=round(minutes * 3000), listens=False)
            longest, last, call = max(made.delays), made.delays[-1], made.receiving.calls[0]
            ok = longest <= _LONGEST
            well &= ok
            print(f"{minutes:g} minutes, sender {ppm:+} ppm, {name}: longest delay {longest / 8:.0f} ms, at the "
                  f"end {last / 8:.0f} ms; {call['missed']} frames missed, {call['late']} packets late"
                  f"{'' if ok else '   MISSED'}", flush=True)
    return well


def main() -> int:
    """Measure; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    well = _keys(options.calls)
    return 0 if _queues(options.minutes) and well else 1


if __name__ == "__main__":
    sys.exit(main())
