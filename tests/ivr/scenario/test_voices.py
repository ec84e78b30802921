"""Voices of noise in what is heard: how sure, how late, and whose of two who send the same."""

import numpy as np
import pytest

from ivr.cli.kit import stage
from ivr.scenario.correlate import power_of
from ivr.scenario.references import Sent
from ivr.scenario.voices import VoiceTrack

RATE, BEGAN = 8000, 16000


def noise(seconds, seed):
    return np.random.default_rng(seed).normal(0, np.sqrt(power_of(-16)), round(seconds * RATE))


def late(samples, by):
    return np.concatenate([np.zeros(by), samples])[:len(samples)]


def heard_of(name, heard, since=0, **sent):
    """Return when a voice is heard, in seconds; `sent` is when on the clock each began, and what he sends."""
    everything = {}
    for caller, (began_at, samples) in sent.items():
        everything[caller] = Sent(began_at)
        everything[caller].append(np.rint(samples).astype(np.int16))
    track = VoiceTrack(name, BEGAN, RATE)
    track.advance(np.rint(heard).astype(np.int16), everything, since)
    return [(spoken.start / RATE, spoken.end / RATE) for spoken in track.spoken]


VOICE, NOISE = noise(8, 1), noise(8, 2)
FAINT = 0.13
"""Of a voice under a noise: likely in a second of it, sure in none."""


def faint(*seconds, delays=(700, 700)):
    """Return the noise with the voice in it, in some of its seconds, delayed by so many samples."""
    heard = NOISE.copy()
    for (begin, end), delay in zip(seconds, delays, strict=False):
        span = slice(round(begin * RATE), round(end * RATE))
        heard[span] += FAINT * late(VOICE, delay)[span]
    return heard


@pytest.mark.parametrize(("seconds", "delays", "found"), [
    ([(2, 3)], (700,), False), ([(2, 4)], (700,), True), ([(2, 3), (4.5, 5.5)], (700, 700), True),
    ([(2, 3), (4.5, 5.5)], (700, 701), True), ([(2, 3), (4.5, 5.5)], (700, 702), False),
    ([(2, 3), (5, 6)], (700, 700), False)])
def test_voice_when_faint_then_heard_if_it_comes_twice_in_a_while_with_one_delay(seconds, delays, found):
    assert bool(heard_of("bela", faint(*seconds, delays=delays), bela=(BEGAN, VOICE))) is found


def test_voice_when_loud_then_heard_in_each_second_that_has_it():
    heard = np.concatenate([np.zeros(RATE), late(VOICE, 3990)[RATE:3 * RATE], np.zeros(RATE)])
    assert heard_of("bela", heard, bela=(BEGAN, VOICE)) == [(0.5, 1.5), (1, 2), (1.5, 2.5), (2, 3), (2.5, 3.5)]
    assert heard_of("bela", heard, round(1.3 * RATE), bela=(BEGAN, VOICE)) == [(1.5, 2.5), (2, 3), (2.5, 3.5)]
    assert heard_of("cora", heard, bela=(BEGAN, VOICE)) == heard_of("bela", heard, bela=(BEGAN, 0 * VOICE)) == []
    assert heard_of("bela", 0.001 * heard, bela=(BEGAN, VOICE)) == []
    assert heard_of("bela", late(VOICE, 4100), bela=(BEGAN, VOICE)) == []


def test_voice_when_it_says_a_word_then_heard_from_wherever_it_is_listened_for():
    word = VOICE.copy()
    word[:RATE] = word[RATE + 3500:] = 0
    heard = late(word, 320)
    assert all(heard_of("bela", heard, RATE + since, bela=(BEGAN, word)) for since in range(-2000, 320, 160))


def test_voice_when_others_were_listened_for_since_then_its_level_is_told_all_the_same():
    heard = (late(VOICE, 160) / 4).astype(np.int16)
    sent = {"bela": Sent(BEGAN)}
    sent["bela"].append(np.rint(VOICE[:4 * RATE]).astype(np.int16))  # and he has hung up
    track = VoiceTrack("bela", BEGAN, RATE)
    track.advance(heard, sent, 1000)
    first = track.spoken[0].start
    before = track.level(heard, sent, first)
    for since in (7 * RATE + 100, 100):  # long after he has sent anything, and then in other windows
        track.advance(heard, sent, since)
        assert track.level(heard, sent, first) == before
    assert before == pytest.approx(-16 - 12, abs=0.5)
    assert track.level(heard, sent, 7 * RATE) == -100


@pytest.mark.parametrize("began_at", [BEGAN - 12000, BEGAN + 12000])
def test_voice_when_he_dialled_at_another_time_then_heard_all_the_same(began_at):
    heard = np.concatenate([np.zeros(12000), VOICE])[BEGAN + 12000 - began_at:][:40000]
    spoken = heard_of("bela", late(heard, 300), bela=(began_at, VOICE))
    assert spoken[-1] == (4, 5)
    assert spoken[0] == ((0, 1) if began_at < BEGAN else (1, 2))


@pytest.mark.parametrize("name", ["bela", "cora"])
@pytest.mark.parametrize("delay", [320, 1500])
def test_voice_when_another_sends_the_same_a_little_earlier_then_the_less_delayed_is_heard(name, delay):
    near, far = late(VOICE, 1000), VOICE
    sent = {name: (BEGAN, near), "anna": (BEGAN, far), "dora": (BEGAN, NOISE)}
    assert heard_of(name, late(near, delay), **sent)
    assert heard_of("anna", late(near, delay), **sent) == []
    assert heard_of("dora", late(near, delay), **sent) == []


def test_voice_when_another_sends_an_echo_of_it_under_his_own_then_it_is_whose_it_is():
    heard, echo = late(VOICE, 320), NOISE + 0.3 * late(VOICE, 100)
    assert heard_of("bela", heard, bela=(BEGAN, VOICE), anna=(BEGAN, echo))
    assert heard_of("anna", heard, bela=(BEGAN, VOICE), anna=(BEGAN, echo)) == []


@pytest.mark.parametrize("voice", ["f2", "m3", "f4", "m7"])
def test_voice_when_it_begins_or_ends_beside_music_that_is_heard_then_not_found_in_it(voice):
    sounds = stage()
    spoken = sounds.studio.say("Somebody is at the door, who may that be?", f"en-us+{voice}")
    music = [sounds.music[at:][:2 * RATE] for at in range(0, 400_000, 50_000)]
    apart = [BEGAN + at for at in (RATE - 1600 - len(spoken), RATE - len(spoken), 2 * RATE - 800, 2 * RATE - 160)]
    assert [(at, began) for at, heard in enumerate(music) for began in apart
            if heard_of("bela", heard, bela=(began, spoken))] == []
