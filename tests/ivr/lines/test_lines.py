"""Lines that are not live: memory, recordings."""

from pathlib import Path

import numpy as np
import pytest
from callers import KeypadLine

import dtmf
from dtmf.audiofile import write
from ivr.clock import FRAME, RATE
from ivr.engine.messages import (
    Arrived,
    Declined,
    DigitBegan,
    DigitOver,
    Held,
    HungUp,
    PickUp,
    Placed,
    Reject,
    Release,
    Resumed,
)
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.lines.wav import samples_of


class Plugged:
    """A trunk as the exchange would use it."""

    def __init__(self, *lines, slots=1, **options):
        self.trunk, self.slots, self.now = MemoryTrunk(lines, **options), slots, 0
        self.said, self.told, self.missing = [], [], []

    def step(self, *commands, frames=1, hears=7):
        """Carry frames both ways; return what was told before."""
        told = list(self.trunk.events(self.now))
        rows = np.full((self.slots, frames * FRAME), 99, np.int16)
        self.missing.append(self.trunk.receive(self.now, rows))
        self.said.append(rows)
        self.trunk.send(self.now, np.full(rows.shape, hears, np.int16), commands)
        self.now += frames * FRAME
        self.told += told
        return told


def test_a_caller_in_memory_then_dials_says_hears_and_hangs_up_when_told():
    line = MemoryLine("anna", np.arange(200, dtype=np.int16), dials_at=FRAME + 1, hangs_up_after=3 * FRAME,
                      lost=frozenset({1}), number="+14255550100", phone="+14255550123", source="192.0.2.1")
    plugged = Plugged(line)
    assert [plugged.step(), plugged.step()] == [[], []]
    assert plugged.trunk.horizon(plugged.now) == FRAME
    assert plugged.step() == [Arrived(0, 2 * FRAME, "anna", "+14255550100", "+14255550123", "192.0.2.1")]
    assert plugged.trunk.horizon(plugged.now) == 2 * FRAME
    plugged.step()
    assert line.has_said_all
    plugged.step()
    assert [rows[0].tolist() for rows in plugged.said[2:]] == [
        list(range(160)), [*range(160, 200), *[0] * 120], [0] * 160]
    assert [bool(lost[0, 0]) for lost in plugged.missing[2:]] == [False, True, False]
    assert (line.on_the_line, plugged.trunk.over) == (True, False)
    assert plugged.step() == [HungUp(0, 5 * FRAME)]
    assert (line.on_the_line, plugged.trunk.over) == (False, True)
    assert line.heard().tolist() == [7] * 3 * FRAME


@pytest.mark.parametrize("frames", [1, 2, 3, 7])
def test_steps_of_many_frames_then_the_same_is_said(frames):
    def lines():
        return [MemoryLine("anna", np.arange(500, dtype=np.int16), then=np.arange(1000, 1400, dtype=np.int16)),
                MemoryLine("bela", np.arange(2000, 2900, dtype=np.int16), lost=frozenset({4, 9}))]

    single, many = Plugged(*lines(), slots=2), Plugged(*lines(), slots=2)
    for _ in range(42):
        single.step()
    for _ in range(42 // frames):
        many.step(frames=frames)
    assert np.array_equal(np.concatenate(single.said, axis=1), np.concatenate(many.said, axis=1))
    assert np.array_equal(np.concatenate(single.missing, axis=1), np.concatenate(many.missing, axis=1))


def test_callers_who_come_and_go_then_each_has_the_lowest_free_slot():
    lines = [MemoryLine(f"c{n}", np.full(800, n + 1, np.int16), dials_at=n * FRAME, hangs_up_after=2 * FRAME,
                        keeps=False) for n in range(300)]
    plugged = Plugged(*lines, slots=3)
    slots = [[event.slot for event in plugged.step() if isinstance(event, Arrived)] for _ in range(300)]
    assert slots == [[n % 3] for n in range(300)]  # who dials is asked before who hangs up


def test_a_caller_who_is_let_go_then_hears_the_last_frame_and_one_who_is_refused_nothing():
    anna, bela = MemoryLine("anna", np.zeros(0, np.int16)), MemoryLine("bela", np.zeros(0, np.int16))
    plugged = Plugged(anna, bela, slots=2)
    plugged.step(PickUp(0, 0), Reject(1, 0, 503))
    plugged.step(Release(0, FRAME))
    assert [len(line.heard()) for line in (anna, bela)] == [2 * FRAME, 0]
    assert [(line.ended_by_bridge, line.on_the_line) for line in (anna, bela)] == [(True, False)] * 2
    assert plugged.trunk.over


def test_what_comes_beside_the_sound_then_told_in_the_step_it_belongs_to():
    line = MemoryLine("anna", np.zeros(0, np.int16), dials_at=FRAME, tells=[
        DigitBegan(0, 200, "5", "rfc4733"), DigitOver(0, 420, "rfc4733"), Held(0, 330), Resumed(0, 4 * FRAME)])
    plugged = Plugged(line)
    told = [(now, event) for now in range(8) for event in plugged.step()][1:]
    assert told == [(2, DigitBegan(0, FRAME + 200, "5", "rfc4733")), (3, DigitOver(0, FRAME + 420, "rfc4733")),
                    (4, Held(0, 4 * FRAME)), (5, Resumed(0, 5 * FRAME))]
    assert "'5'" not in repr(told)


def test_somebody_who_is_dialled_then_placed_or_declined():
    plugged = Plugged(slots=2, callees={
        "1": MemoryLine("one", np.full(FRAME, 3, np.int16), answers_after=FRAME),
        "2": MemoryLine("two", np.zeros(0, np.int16), declines=486)})
    slots = [plugged.trunk.place(0, number) for number in "123"]
    assert slots == [0, 1, 2]
    assert plugged.step() == [Declined(1, 0, 486), Declined(2, 0, 404)]
    assert plugged.step() == [Placed(0, FRAME)]
    assert plugged.said[-1][0].tolist() == [3] * FRAME
    assert MemoryTrunk().place(0, "1") is None


def test_a_line_that_heard_nothing_then_no_samples():
    assert len(MemoryLine("anna", np.zeros(0, np.int16)).heard()) == 0


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 48000, 96000])
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_a_recording_of_any_rate_and_channels_then_its_keys_are_on_the_line(tmp_path, rate, channels):
    keys = dtmf.encode("1234567#", rate)
    path = tmp_path / "call.wav"
    write(path, np.repeat(keys[:, None], channels, axis=1), rate)
    said = samples_of(path)
    assert said.dtype == np.int16
    assert abs(len(said) - len(keys) * RATE / rate) < 2
    assert dtmf.digits(dtmf.decode(said, RATE)) == "1234567#"


def test_a_recording_that_is_cut_off_or_comes_from_a_pipe_then_what_there_is_of_it_and_a_sentence(tmp_path):
    path, told = tmp_path / "call.wav", []
    write(path, dtmf.encode("1234567#", RATE), RATE)
    path.write_bytes(path.read_bytes()[:-8000])
    assert dtmf.digits(dtmf.decode(samples_of(path, remark=told.append), RATE)) == "123456"
    with path.open("rb") as stream:
        piped = samples_of(Path("-"), remark=told.append, stream=stream)
    assert dtmf.digits(dtmf.decode(piped, RATE)) == "123456"
    assert told == [f"{name} is cut off: its head says 1.60 s, and 1.10 s are there." for name in (path, "-")]


def test_a_keypad_line_then_real_tones_at_their_moments():
    plugged = Plugged(KeypadLine("anna", [(0.5, "12"), (2, "#")]))
    for _ in range(120):
        plugged.step()
    tones = dtmf.decode(np.concatenate(plugged.said, axis=1)[0], RATE)
    assert dtmf.digits(tones) == "12#"
    assert [round(tone.start / RATE, 2) for tone in tones] == [0.5, 0.7, 2.0]


def test_a_keypad_line_without_keys_then_silent():
    plugged = Plugged(KeypadLine("anna", []))
    plugged.step()
    assert not plugged.said[0].any()
