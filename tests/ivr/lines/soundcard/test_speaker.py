"""Two clocks that differ: what waits stays as much as it is, and nothing clicks."""

import numpy as np
import pytest

from ivr.clock import FRAME, RATE
from ivr.lines.soundcard.balance import Balance
from ivr.lines.soundcard.errors import DeviceGone
from ivr.lines.soundcard.speaker import Speaker

TICK = FRAME / RATE


def tone(hertz, ticks):
    wave = 10000 * np.sin(2 * np.pi * hertz * np.arange(ticks * FRAME) / RATE)
    return np.rint(wave).astype(np.int16).reshape(-1, FRAME)


@pytest.mark.parametrize("ppm", [-200, -50, 0, 50, 200])
def test_an_hour_of_drift_then_the_queue_stays_within_milliseconds_and_the_drift_is_found(ppm):
    balance, waiting, seen = Balance(0.03), 0.03, []
    for tick in range(180_000):
        lump = 0.01 * ((tick * 7919) % 997 / 997 - 0.5)  # devices report in lumps
        used = TICK * (1 - balance.note(waiting + lump, TICK) * 1e-6)
        waiting += used - TICK * (1 + ppm * 1e-6)
        seen.append(waiting)
    assert max(abs(w - 0.03) for w in seen) < 0.004
    assert max(abs(w - 0.03) for w in seen[9000:]) < 0.0005
    assert balance.drift_ppm == pytest.approx(-ppm, abs=5)


@pytest.mark.parametrize("ppm", [-200, 200])
@pytest.mark.parametrize("lump_s", [0.0, 0.01, 0.02])
def test_minutes_of_drift_then_no_gap_no_drop_and_a_clean_tone(sink, spectrum_db, ppm, lump_s):
    device, opened = sink(16000, lump_s=lump_s)
    speaker = Speaker(opened)
    waited = []
    for frame in tone(1000, 6000):
        speaker.play(frame)
        device.go_on(TICK * (1 + ppm * 1e-6))
        waited.append(speaker.waiting_s)
    assert (speaker.gaps, speaker.dropped, device.ran_dry) == (0, 0, 0)
    assert 0.0 < min(waited) <= max(waited) < 0.07
    # lumps that beat with the ticks look like a drift that comes and goes
    assert speaker.drift_ppm == pytest.approx(ppm, abs=20 if lump_s == 0 else 120)
    made = device.heard()[16000:].astype(int)
    largest = 10000 * 2 * np.pi * 1000 / 16000
    assert np.abs(np.diff(made)).max() < 1.02 * largest
    assert np.abs(np.diff(made, 2)).max() < 1.05 * largest * 2 * np.pi * 1000 / 16000 + 4
    last = made[-32000:].astype(float)
    assert spectrum_db(last, 16000, 1000 * (1 + ppm * 1e-6)) < -60


def test_a_device_that_ran_dry_then_a_gap_is_counted_and_more_waits_from_then_on(sink):
    device, opened = sink(48000)
    speaker = Speaker(opened)
    for frame in tone(1000, 20):
        speaker.play(frame)
        device.go_on(TICK)
    before = speaker.waiting_s
    device.go_on(0.2)
    for frame in tone(1000, 20):
        speaker.play(frame)
        device.go_on(TICK)
    assert (speaker.gaps, speaker.dropped) == (1, 0)
    assert speaker.waiting_s > before


def test_a_standstill_of_everything_then_what_was_late_is_played_and_nothing_left_out(sink):
    device, opened = sink(48000)
    speaker = Speaker(opened)
    for frame in tone(1000, 20):
        speaker.play(frame)
        device.go_on(TICK)
    device.go_on(4 * TICK)
    for late in (3, 2, 1, 0):
        speaker.play(tone(1000, 1)[0], coming_s=late * TICK)
    for frame in tone(1000, 20):
        speaker.play(frame)
        device.go_on(TICK)
    assert (speaker.gaps, speaker.dropped) == (1, 0)


def test_a_burst_of_frames_then_what_does_not_fit_is_left_out_and_counted(sink):
    device, opened = sink(48000)
    speaker = Speaker(opened)
    for frame in tone(1000, 20):
        speaker.play(frame)
    assert speaker.dropped > 10
    assert speaker.waiting_s <= 0.12
    for frame in tone(1000, 50):
        device.go_on(TICK)
        speaker.play(frame)
    dropped = speaker.dropped
    for frame in tone(1000, 50):
        device.go_on(TICK)
        speaker.play(frame)
    assert speaker.dropped == dropped


def test_a_device_without_a_clock_then_all_is_given_to_it_and_nothing_counted(sink):
    device, opened = sink(8000)
    speaker = Speaker(opened)
    device.write = lambda frames, _: device.given.append(np.frombuffer(frames, "<i2"))
    for frame in tone(1000, 100):
        speaker.play(frame)
    assert (speaker.paced, speaker.gaps, speaker.dropped) == (False, 0, 0)
    assert len(device.heard()) == pytest.approx(100 * FRAME + 0.03 * 8000, abs=20)


def test_a_device_that_is_pulled_out_then_one_sentence(sink):
    device, opened = sink(48000)
    speaker = Speaker(opened)
    device.close()
    with pytest.raises(DeviceGone, match=r"^the speaker 'a device' has gone, so the call is over: see .*again$"):
        speaker.play(tone(1000, 1)[0])
