"""What the decoder hears through a loudspeaker, a room and a microphone, by the settings default and wide.

Rooms are simulated: an echo that dies away exponentially, a loudspeaker whose high tones are weak, the hum of the
mains, an input that is overdriven, a gain control. What this prints is the table of docs/phone.md.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter

import dtmf
from dtmf import KEYS
from dtmf.keys import amplitude
from ivr.lines.soundcard.band import HighPass

RATE = 8000
Sound = NDArray[np.float64]
Change = Callable[[Sound], Sound]


def echo(rt60_s: float, under_db: float, seed: int = 5) -> Change:
    """Return a room: its echo falls by 60 dB in `rt60_s`, and altogether is `under_db` under the direct sound."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(rt60_s * RATE)) / RATE
    tail = rng.standard_normal(len(time)) * 10 ** (-3 * time / rt60_s)
    tail[: RATE // 250] = 0
    tail *= 10 ** (-under_db / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    return lambda sound: np.convolve(sound, tail)[: len(sound)]


def weak_highs(down_db: float) -> Change:
    """Return a loudspeaker and a microphone that give the high tones so much less than the low ones."""
    def change(sound: Sound) -> Sound:
        spectrum = np.fft.rfft(sound)
        hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
        slope = np.interp(hertz, [941, 1209], [0.0, -down_db])
        return np.fft.irfft(spectrum * 10 ** (slope / 20), len(sound))
    return change


def hum(level_dbm0: float, mains_hz: float = 50) -> Change:
    """Return the mains' hum, with what belongs to it up to the fifth."""
    def change(sound: Sound) -> Sound:
        time = np.arange(len(sound)) / RATE
        parts = [np.sin(2 * np.pi * mains_hz * n * time) / n for n in range(1, 6)]
        return sound + amplitude(level_dbm0) * np.sum(parts, axis=0)
    return change


def noise(level_dbm0: float, seed: int = 7) -> Change:
    """Return the noise of a place."""
    return lambda sound: sound + np.random.default_rng(seed).standard_normal(len(sound)) * (
        amplitude(level_dbm0) / np.sqrt(2))


def overdriven(by_db: float) -> Change:
    """Return an input that cuts the keys at so much under their peak."""
    def change(sound: Sound) -> Sound:
        limit = np.abs(sound).max() * 10 ** (-by_db / 20)
        return np.clip(sound, -limit, limit)
    return change


def gain_control(range_db: float, attack_s: float = 0.02, release_s: float = 0.4) -> Change:
    """Return a gain control that takes up to `range_db` off what is loud."""
    def change(sound: Sound) -> Sound:
        rise, fall = 1 - np.exp(-1 / (attack_s * RATE)), 1 - np.exp(-1 / (release_s * RATE))
        level, top, out = 0.0, float(np.abs(sound).max()), np.empty_like(sound)
        for n, value in enumerate(sound):
            size = abs(value)
            level += (size - level) * (rise if size > level else fall)
            out[n] = value * 10 ** (-range_db * min(1.0, 2 * level / top) / 20)
        return out
    return change


def narrow() -> Change:
    """Return a small loudspeaker: nothing under 300 Hz, little over 3400 Hz."""
    part = butter(2, [300, 3400], "band", fs=RATE)
    return lambda sound: np.asarray(lfilter(*part, sound))


def after(*changes: Change) -> Change:
    """Return one change after another."""
    def change(sound: Sound) -> Sound:
        for one in changes:
            sound = one(sound)
        return sound
    return change


ROOMS: Mapping[str, Change] = {
    "a cable (line-in)": after(noise(-60)),
    "speaker and microphone side by side": after(narrow(), echo(0.3, 15), noise(-50)),
    "across a desk in an office": after(narrow(), echo(0.4, 6), noise(-45)),
    "across a living room": after(narrow(), echo(0.6, 3), noise(-45)),
    "in a hall, far away": after(narrow(), echo(1.2, -3), noise(-45)),
    "hum as loud as the keys": after(hum(-10), noise(-50)),
    "hum 8 dB louder than the keys": after(hum(-2), noise(-50)),
    "input overdriven by 6 dB": after(overdriven(6), noise(-50)),
    "input overdriven by 20 dB": after(overdriven(20), noise(-50)),
    "gain control, 6 dB": after(gain_control(6), noise(-50)),
    "gain control, 15 dB": after(gain_control(15), noise(-50)),
    "high tones 8 dB down": after(weak_highs(8), noise(-50)),
    "high tones 11 dB down": after(weak_highs(11), noise(-50)),
    "high tones 14 dB down": after(weak_highs(14), noise(-50)),
    "high tones 9 dB up": after(weak_highs(-9), noise(-50)),
    "desk, hum, gain control, highs 6 dB down": after(
        weak_highs(6), narrow(), echo(0.4, 6), hum(-25), gain_control(6), noise(-45)),
}


def through(room: Change, sound: NDArray[np.int16], *, level_db: float = 0.0) -> NDArray[np.int16]:
    """Return what `ivr phone` hears of a sound by a microphone in a room. int16 array [shape=(n,)]."""
    there = room(sound.astype(np.float64) * 10 ** (level_db / 20))
    return HighPass().feed(np.clip(np.rint(there), -32768, 32767).astype(np.int16))


def heard(room: Change, setting: str, *, tone_ms: float = 100, gap_ms: float = 100) -> tuple[int, int]:
    """Return how many of 64 keys are heard in their places, and how many are told that are none."""
    sent = "".join(KEYS) * 4
    lead = 400
    sound = dtmf.encode(sent, RATE, tone_ms=tone_ms, gap_ms=gap_ms, lead_ms=lead)
    tones = dtmf.decode(through(room, np.concatenate([sound, np.zeros(RATE, np.int16)])), RATE, setting=setting)
    each = (tone_ms + gap_ms) / 1000 * RATE
    right = set()
    for tone in tones:
        place = round((tone.start - lead / 1000 * RATE) / each)
        if 0 <= place < len(sent) and sent[place] == tone.digit:
            right.add(place)
    return len(right), len(tones) - len(right)


def table() -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Return a row a room: its name, and for default and wide the keys heard of 64 and those that are none."""
    return [(name, heard(room, "default"), heard(room, "wide")) for name, room in ROOMS.items()]


if __name__ == "__main__":
    print("| through | default | wide |\n|---|---|---|")
    for name, *cells in table():
        told = [f"{right} of 64" + (f", {spare} more that are none" if spare else "") for right, spare in cells]
        print(f"| {name} | {' | '.join(told)} |")
