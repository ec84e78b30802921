"""What a bad line does to sound: the same each time, however it comes, and as much as is written."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import dtmf
from ivr.cli.kit import prompts
from ivr.lines.bad.line import BadLine
from ivr.reading import compose
from ivr.scenario.badline import LINE, story_line
from ivr.scenario.correlate import dbm0_of, mean_square, power_of
from ivr.scenario.writing import SCENARIO

TEN_S = 500 * 160
SPEECH = np.rint(np.random.default_rng(1).normal(0, np.sqrt(power_of(-16)), TEN_S)).astype(np.int16)
CODECS = ("PCMA", "PCMU", "G722", "GSM", "opus", "AMR")
EACH = [f"{word}: {rule.example}" for word, rule in LINE.items() if word != "codec"]
EACH += [f"codec: {name}" for name in CODECS]
EACH += ["noise: white 20 dB", "noise: pink 20 dB", "noise: babble 20 dB", "loss: 5 %", "drift: -900 ppm"]
EACH += ["noise: pink 20 dB\ncodec: GSM\nloss: 3 %\njitter: 60 ms\nseed: 7"]


def line_of(text, caller="anna"):
    way = story_line(compose(text, Path("story.yaml"), SCENARIO))
    return BadLine(way, caller, lambda said, voice: prompts().say(said, voice=voice), prompts().voices)


def needed(text):
    """Skip what needs a part that is not installed."""
    if "opus" in text or "AMR" in text:
        pytest.importorskip("av", reason="PyAV is not installed: pip install '.[formats]'")


def says(text, samples=SPEECH, caller="anna", frames=(1,)):
    """What comes of it, so many frames at a time."""
    needed(text)
    line, at, parts = line_of(text, caller), 0, []
    while at < len(samples):
        many = 160 * frames[len(parts) % len(frames)]
        parts.append(line.says(samples[at:at + many]))
        line.hears(samples[at:at + many])
        at += many
    return np.concatenate(parts)


@pytest.mark.parametrize("text", EACH)
def test_line_when_sound_comes_in_other_parts_then_the_same_to_the_byte_and_as_long(text):
    one = says(text, SPEECH[:TEN_S // 4])
    assert len(one) == TEN_S // 4
    assert (one == says(text, SPEECH[:TEN_S // 4], frames=(3, 1, 7, 2))).all()
    assert (one != SPEECH[:len(one)]).any()


@pytest.mark.parametrize("text", ["noise: white 20 dB", "noise: babble 20 dB", "loss: 20 %", "jitter: 60 ms",
                                  "drop-outs: 50 ms every 200 ms"])
def test_line_when_it_is_somebody_elses_or_has_another_seed_then_something_else_is_drawn(text):
    anna = says(text, SPEECH[:16000])
    assert (anna != says(text, SPEECH[:16000], caller="bela")).any()
    assert (anna != says(f"{text}\nseed: 2", SPEECH[:16000])).any()


@pytest.mark.parametrize("kind", ["white", "pink", "car", "babble"])
def test_noise_when_nothing_else_is_there_then_as_loud_as_written(kind):
    quiet = np.zeros(TEN_S, np.int16)
    assert dbm0_of(mean_square(says(f"noise: {kind} -40 dBm0", quiet))) == pytest.approx(-40, abs=1)
    assert dbm0_of(mean_square(says(f"noise: {kind} 14 dB", quiet))) == pytest.approx(-30, abs=1)


@pytest.mark.parametrize(("kind", "octaves"), [("white", (3, 3, 3)), ("pink", (0, 0, 0)), ("car", (-9, -2, 0))])
def test_noise_then_of_its_colour(kind, octaves):
    """How much more there is in each octave from 125 Hz on than in the one below, in dB."""
    power = np.abs(np.fft.rfft(says(f"noise: {kind} -20 dBm0", np.zeros(TEN_S, np.int16)))) ** 2
    bands = [power[hz * 10:2 * hz * 10].sum() for hz in (125, 250, 500, 1000)]
    found = [10 * np.log10(above / below) for below, above in pairwise(bands)]
    assert found == pytest.approx(octaves, abs=2)


def gone(sound):
    """Whether each frame is silent."""
    return ~sound.reshape(-1, 160).any(axis=1)


def bursts(frames):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], frames.astype(np.int8), [0]])))
    return edges.reshape(-1, 2) @ [-1, 1]


def test_loss_when_it_is_by_chance_or_in_bursts_then_as_much_and_as_long_as_written():
    sound = np.tile(SPEECH, 8)
    by_chance, in_bursts = (gone(says(f"loss: {how}", sound)) for how in ("10 %", "10 % in bursts of 100 ms"))
    assert by_chance.mean() == pytest.approx(.1, abs=.02)
    assert in_bursts.mean() == pytest.approx(.1, abs=.03)
    assert bursts(by_chance).mean() < 1.3
    assert bursts(in_bursts).mean() == pytest.approx(5, abs=1)


@pytest.mark.parametrize(("share", "lost"), [("0 %", 0), ("100 %", 1)])
def test_loss_when_it_is_nothing_or_all_then_so(share, lost):
    assert gone(says(f"loss: {share}")).mean() == lost


def test_drop_outs_then_one_in_every_stretch_and_as_long_as_written():
    came = says("drop-outs: 50 ms every 1 s", np.full(TEN_S, 1000, np.int16))
    assert (bursts(came == 0) == 400).all()
    assert [1 for second in came.reshape(-1, 8000) if (second == 0).sum() == 400] == [1] * 10


@pytest.mark.parametrize("text", ["level: -12 dB", "level: 6 dB"])
def test_level_then_so_much_louder(text):
    by = float(text.split()[1])
    louder = dbm0_of(mean_square(says(text, SPEECH // 4))) - dbm0_of(mean_square(SPEECH // 4))
    assert louder == pytest.approx(by, abs=.1)


@pytest.mark.parametrize("twist", [-6, 6])
def test_twist_when_keys_are_pressed_then_the_decoder_measures_it(twist):
    keys = says(f"twist: {twist} dB", np.pad(dtmf.encode("159D", 8000), (800, 800))[:7200])
    tones = dtmf.decode(keys, 8000)
    assert [tone.digit for tone in tones] == [*"159D"]
    assert [tone.twist_db for tone in tones] == pytest.approx([twist] * 4, abs=1)


def test_clipping_then_cut_off_and_no_louder():
    sine = np.rint(10_000 * np.sin(np.arange(TEN_S) / 3)).astype(np.int16)
    cut = says("clipping: 18 dB", sine)
    assert np.abs(cut).max() == pytest.approx(32767 / 8, abs=40)
    assert (says("clipping: 6 dB", sine) == sine).all()


def test_echo_then_what_he_hears_comes_back_later_and_softer():
    line, heard, sent = line_of("echo: 150 ms at -20 dB"), SPEECH.reshape(-1, 160), []
    for frame in heard:
        sent.append(line.says(np.zeros(160, np.int16)))
        line.hears(frame)
    back = np.concatenate(sent)
    assert not back[:1200].any()
    assert np.abs(back[1200:] - SPEECH[:-1200] / 10).max() <= 1


def test_echo_when_he_hears_himself_then_without_the_keys_that_he_presses():
    line = line_of("hears: {echo: 150 ms at 0 dB}")
    keys, words = np.pad(dtmf.encode("1", 8000), (0, 800))[:1600], SPEECH[:1600]
    for frame, voice in ((keys, 0 * keys), (words, words)):
        line.voice(voice)
        assert (line.says(frame) == frame).all()
        heard = line.hears(np.zeros(1600, np.int16))
    assert (heard[1200:] == words[:400]).all()
    assert not heard[:1200].any()


def test_drift_when_a_clock_is_fast_then_a_frame_is_left_out_once_it_is_too_much():
    came = says("drift: 4000 ppm", np.arange(0, 20_000, dtype=np.int16), frames=(1,))
    late = np.arange(len(came)) - came
    assert (np.diff(late[400:]) >= -1).all() is np.False_  # it goes back once
    assert late[400:].max() - late[400:].min() == pytest.approx(80, abs=3)


def test_jitter_then_packets_wait_for_those_that_are_late_and_none_is_lost_at_first():
    ramp = np.repeat(np.arange(1, 81, dtype=np.int16), 160)
    came = says("jitter: 100 ms", ramp).reshape(-1, 160)[:, 0]
    played = came[came > 0]
    assert (played == np.arange(1, len(played) + 1)).all()
    assert 2 <= len(came) - len(played) <= 6


@pytest.mark.parametrize("codec", CODECS)
def test_codec_when_keys_are_pressed_then_heard_and_not_quite_the_same(codec):
    keys = np.pad(dtmf.encode("147*", 8000, tone_ms=120, gap_ms=120), (1600, 4000))
    keys = keys[:len(keys) // 160 * 160]
    came = says(f"codec: {codec}", keys)
    assert "".join(tone.digit for tone in dtmf.decode(came, 8000)) == "147*"
    assert (came != keys).any()


def test_line_when_both_ways_are_bad_then_each_draws_for_itself():
    line = line_of("loss: 50 %\nhears: same")
    assert (line.says(SPEECH) != line.hears(SPEECH)).any()


@pytest.mark.slow
def test_codec_when_what_it_needs_is_not_installed_then_one_sentence_says_what_to_do():
    told = ("import sys; sys.modules['av'] = None\nfrom ivr.lines.bad.codecs import NoCodec, coded\n"
            "try: coded('opus')\nexcept NoCodec as error: print(error, error.exit_code)")
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "the codec opus of a line needs PyAV: pip install '.[formats]' 3\n"
