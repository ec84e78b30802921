"""Nothing of a key reaches anybody but the bridge: not in the meeting, not in a name, not to who listens in."""

import re
import shutil
import subprocess

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from dtmf.clamp import DELAY
from ivr.clock import FRAME, RATE, samples
from ivr.engine.audible import LATE_TICKS, Audible
from ivr.lines.memory import MemoryLine
from ivr.live.monitor import MEETING, Monitor
from ivr.live.session import Session
from lobby.music import hold_music

OPEN = "5550000#"
EVERY = "147*2580369#ABCD"


def silence(seconds):
    return np.zeros(samples(seconds), np.int16)


def saying(*parts, keys=OPEN, seconds=2.0):
    """A caller who dials into the open meeting, and after a while sends these parts."""
    return np.concatenate([dtmf.encode(keys, RATE, lead_ms=100), silence(seconds), *parts, silence(0.5)])


def dense(tone_ms, level, gap_ms=40):
    return dtmf.encode(EVERY, RATE, tone_ms=tone_ms, gap_ms=gap_ms, level_dbm0=level, lead_ms=60)


TYPED = (*(dense(ms, level) for ms in (25, 30, 45, 100) for level in (-3, -20, -36)),
         dtmf.encode("48215#", RATE, tone_ms=1000, gap_ms=60, lead_ms=60), dtmf.encode("7", RATE, tone_ms=5000))


def edda():
    return KeypadLine("edda", [(0.1, OPEN)])


def judged(heard, folder):
    """Return what our decoder, at its widest, and multimon-ng read in what somebody heard."""
    ours = dtmf.digits(dtmf.decode(heard, RATE, setting="wide"))
    if not (shutil.which("multimon-ng") and shutil.which("sox")):
        return ours, ""
    given, raw = folder / "heard.raw", folder / "multimon.raw"
    heard.tofile(given)
    kind = ["-t", "raw", "-e", "signed", "-b", "16", "-c", "1"]
    subprocess.run(["sox", *kind, "-r", str(RATE), given, *kind, "-r", "22050", raw, "pad", "0", "1"], check=True)
    said = subprocess.run(["multimon-ng", "-q", "-a", "DTMF", "-t", "raw", raw], check=True, capture_output=True,
                          text=True).stdout
    return ours, "".join(re.findall(r"^DTMF: (.)", said, re.MULTILINE))


@pytest.mark.parametrize("snr_db", [None, 2])
def test_two_type_at_once_then_the_third_hears_nothing_but_their_noise(world, tmp_path, snr_db):
    """All 16 keys, 25 ms to 5 s, -3 to -36 dBm0, dense, in silence and in noise."""
    def typing(parts, seed):
        says = saying(*parts).astype(float)
        if snr_db is not None:  # each level with its own noise, so that every key is as deep in it
            at = len(says) - samples(0.5) - sum(map(len, parts))
            for part in parts:
                power = np.square(part[part != 0].astype(float)).mean() / 2 / 10 ** (snr_db / 10)
                noise = np.random.default_rng(seed).normal(0, np.sqrt(power), len(part))
                says[at:at + len(part)] += noise
                at += len(part)
        return np.clip(np.rint(says), -32768, 32767).astype(np.int16)

    bela, carl = typing(TYPED, 1), typing(TYPED[::-1], 2)
    played = world(MemoryLine("bela", bela), MemoryLine("carl", carl), edda()).run(len(bela) / RATE + 0.5)
    heard = played.lines[2].heard()
    assert judged(heard, tmp_path) == ("", "")
    if snr_db is None:
        assert not heard[samples(3.5):].any()


@pytest.mark.parametrize("level", [-6, -12])
def test_keys_while_he_talks_then_they_are_not_in_what_the_others_hear(world, tmp_path, level):
    """His voice is hold music here: the like of a voice, of which no prompt engine is needed."""
    keys = dtmf.encode("48215#6*1590", RATE, tone_ms=100, gap_ms=400, level_dbm0=level)
    voice = hold_music(RATE)[samples(4):samples(4) + len(keys)] // 8
    both = np.clip(keys.astype(int) + voice, -32768, 32767).astype(np.int16)
    played = world(MemoryLine("bela", saying(both)), edda()).run(len(both) / RATE + 3)
    heard = played.lines[1].heard()
    assert judged(heard, tmp_path) == ("", "")
    assert np.abs(heard[samples(3):].astype(int)).max() > 500  # he is heard between his keys


@pytest.mark.parametrize("keys", [OPEN, "5550000"])
def test_the_key_that_lets_somebody_in_then_not_a_sample_of_it_is_heard_inside(world, keys):
    """He is in the tick in which his last key is recognised, and its tone goes on for a while."""
    says = dtmf.encode(keys, RATE, lead_ms=100, tone_ms=400)
    played = world(edda(), MemoryLine("bela", says, dials_at=samples(4)), announcements=False).run(16)
    joined = played.bridge.journal.of("joined", caller="bela")[0].at
    assert not played.lines[0].heard()[joined // 160 * 160:].any()


@pytest.mark.parametrize("wait", [0, 0.02, 0.04, 0.06, 0.1])
def test_the_first_key_after_joining_then_not_heard(world, wait):
    said = saying(dtmf.encode("9", RATE, tone_ms=60), seconds=0.2 + wait)
    played = world(edda(), MemoryLine("bela", said, dials_at=samples(4)), announcements=False).run(8)
    joined = played.bridge.journal.of("joined", caller="bela")[0].at
    assert not played.lines[0].heard()[joined // 160 * 160:].any()


def test_a_name_with_keys_typed_into_it_then_announced_without_them(world, tmp_path):
    name = np.random.default_rng(1).integers(-3000, 3000, samples(0.7)).astype(np.int16)
    says = np.concatenate([dtmf.encode(OPEN, RATE, lead_ms=100), silence(1.5), name, silence(0.3),
                           dtmf.encode("48215", RATE, tone_ms=30), silence(0.3), name, silence(0.2),
                           dtmf.encode("0000", RATE, tone_ms=100), silence(0.1)])
    played = world(KeypadLine("edda", [(0.1, OPEN), (4, "#")]), MemoryLine("bela", says, dials_at=samples(6)),
                   name_recording=True, announce_with="names").run(24)
    told = [slots["names"] for name, _, slots in played.voice.said if name == "joined"][-1]
    assert len(told[0]) > samples(1)
    assert judged(told[0], tmp_path) == ("", "")
    assert np.abs(told[0].astype(int)).max() > 2000


def test_who_listens_in_then_hears_neither_what_a_caller_types_nor_misses_what_he_says(world, tmp_path):
    voice = np.random.default_rng(5).integers(-3000, 3000, samples(1)).astype(np.int16)
    played = world(MemoryLine("bela", saying(dtmf.encode("48215#", RATE), silence(0.5), voice)))
    monitor, frames = Monitor("bela"), []
    session = Session(played.exchange, after=lambda: frames.append(monitor.frame(session)))
    for _ in range(50 * 7):
        session.step()
    heard = np.concatenate(frames)
    assert judged(heard, tmp_path) == ("", "")
    assert np.abs(heard[samples(4):].astype(int)).max() > 2500
    monitor.at = MEETING
    assert monitor.frame(session).shape == (FRAME,)


def frames_told(heard):
    """Return the numbers of the frames that are heard, where each frame is but its own number, 20 times as loud."""
    values = (np.unique(frame, return_counts=True) for frame in heard.reshape(-1, FRAME))
    return {int(number) // 20 for numbers, counts in values
            for number, count in zip(numbers, counts, strict=True) if number > 0 and count > 4}


def test_what_was_said_before_one_joins_then_not_heard_when_he_has_joined(world):
    """What the meeting hears is late; so what it hears first must be from after that moment."""
    says = np.repeat(np.arange(samples(9) // FRAME) * 20, FRAME).astype(np.int16)
    typed = dtmf.encode("5550000", RATE, lead_ms=100)
    says[:len(typed)] = typed
    played = world(edda(), MemoryLine("bela", says), announcements=False).run(9)
    joined = played.bridge.journal.of("joined", caller="bela")[0].at
    heard = played.lines[0].heard()[joined // FRAME * FRAME:]
    assert not heard[:LATE_TICKS * FRAME].any()
    said = frames_told(heard)
    assert joined // FRAME <= min(said) <= joined // FRAME + LATE_TICKS + 1


def test_what_is_said_while_muted_then_not_heard_afterwards():
    audible, heard = Audible(), []
    says = np.repeat(np.arange(1, 31) * 20, FRAME).astype(np.int16)
    late = np.concatenate([np.zeros(DELAY, np.int16), says])
    for tick in range(30):
        clamped = late[None, tick * FRAME:(tick + 1) * FRAME]
        heard.append(audible.frame(clamped, (), {0} if 10 <= tick < 20 else set())[0])
    assert frames_told(np.concatenate(heard)) == {*range(1, 10), *range(21, 30)}
