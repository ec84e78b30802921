"""What an ear finds in clean, coded, faint and noisy audio, and what it must not find there."""

import re

import numpy as np
import pytest

from ivr.scenario.hearing import CallerEar
from ivr.scenario.references import References, Sent
from ivr.scenario.sounds import HoldMusic, PromptSound, Silence, ToneSound, VoiceSound
from lobby.chimes import arrival, beep, departure
from lobby.music import hold_music
from prompts import Prompts

BEGAN = 16000
SAYINGS = ("Good morning, this is Amos. I would like to begin with the numbers of last week.",
           "Can everyone hear me well? I am in the car and the line is bad.",
           "The budget for next year is not final, we still wait for two answers.",
           "Let us move on to the second point on the list please.",
           "I do not agree with that, the customer asked for something else entirely.",
           "We shipped the release on Friday and nobody complained so far.",
           "Who takes the minutes today? I did it the last three times.",
           "There is a problem with the delivery from the warehouse in the north.",
           "Please send me the slides after this meeting, I will read them tonight.",
           "My daughter is at home today so it may be loud here, sorry.")


def coded(samples):
    """There and back through the mu-law curve, 8 bits a sample."""
    curve = np.sign(samples) * np.log1p(255 * np.abs(samples) / 32768) / np.log(256)
    code = np.round(curve * 127) / 127
    return np.sign(code) * np.expm1(np.abs(code) * np.log(256)) / 255 * 32768


def noisy(samples, rng):
    power = np.square(samples).mean() / 1000
    return samples + rng.normal(0, np.sqrt(power), len(samples))


WAYS = {"clean": lambda x, _: x, "mu-law": lambda x, _: coded(x), "-6 dB": lambda x, _: x / 2,
        "noise at 30 dB": noisy, "all three": lambda x, rng: coded(noisy(x / 2, rng))}


@pytest.fixture(scope="module")
def spoken():
    return Prompts(rate=8000)


@pytest.fixture(scope="module")
def music():
    return hold_music(8000)


@pytest.fixture(scope="module")
def references(spoken, music):
    return References(spoken.all_fixed(), music, {"arrival": arrival(), "departure": departure(), "record": beep()})


@pytest.fixture(scope="module")
def sayings(spoken):
    return [np.concatenate([spoken.say(SAYINGS[i]), spoken.say(" ".join(reversed(SAYINGS[i].split())))])
            for i in range(10)]


def listening(references, samples, caller="anna"):
    ear = CallerEar(references, caller=caller, began_at=BEGAN)
    heard = np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
    for k in range(0, len(heard) - 159, 160):
        ear.hear(heard[k:k + 160])
    return ear


def later(samples, n, after=4000):
    return np.concatenate([np.zeros(n), samples, np.zeros(after)])


def sentences(spoken):
    """Return what is said by itself: all but the stock names, which stand in other prompts only."""
    return [(name, clips) for name, clips in spoken.all_fixed().items()
            if name not in ("a-caller", "an-app-user", "the-organizer")]


@pytest.mark.parametrize(("way", "every"), [
    ("clean", 16), ("all three", 24),
    # where the sound is clean, every second prompt; elsewhere every sixth, of those that are as alike as any
    *(pytest.param(way, 2 if way == "clean" else 6, marks=pytest.mark.slow) for way in WAYS)])
def test_prompt_when_each_is_said_then_it_alone_is_found(references, spoken, way, every):
    rng = np.random.default_rng(1)
    for said, clips in sentences(spoken)[::every]:
        delay = int(rng.integers(0, 3000))
        ear = listening(references, WAYS[way](later(np.concatenate(clips), delay), rng))
        found = {name: ear.find(PromptSound(name), BEGAN) for name in spoken.names()}
        assert [n for n, match in found.items() if match] == [said]
        assert abs(found[said].start - BEGAN - delay) <= 2
        assert 4000 <= found[said].at - found[said].start <= 4800
        assert ear.find(PromptSound(said, whole=True), BEGAN)
        assert ear.find(HoldMusic(), BEGAN) is None
        assert ear.find(ToneSound("arrival"), BEGAN) is ear.find(ToneSound("departure"), BEGAN) is None


@pytest.mark.parametrize("every", [10, pytest.param(2, marks=pytest.mark.slow)])
def test_prompt_when_cut_short_then_found_but_not_whole(references, spoken, every):
    for name, clips in sentences(spoken)[::every]:
        for kept in (4400, len(clips[0]) * 4 // 5):
            ear = listening(references, later(clips[0][:kept], 777))
            assert ear.find(PromptSound(name), BEGAN)
            assert ear.find(PromptSound(name, whole=True), BEGAN) is None


def test_prompt_when_digits_are_said_between_its_pieces_then_whole(references, spoken):
    clips = spoken.clips("unknown-conference-id", conference_id="7654321")
    ear = listening(references, later(np.concatenate(clips), 100))
    match = ear.find(PromptSound("unknown-conference-id", whole=True), BEGAN)
    assert (match.start, match.end) == (BEGAN + 100, BEGAN + 100 + sum(map(len, clips)))
    assert ear.describe(BEGAN, BEGAN + len(ear.samples)) == "the prompt unknown-conference-id at 2.0 s"


@pytest.mark.parametrize("every", [16, pytest.param(4, marks=pytest.mark.slow)])
def test_prompt_when_mixed_over_a_ducked_meeting_then_found(references, spoken, sayings, every):
    rng = np.random.default_rng(2)
    for name, clips in sentences(spoken)[::every]:
        said = later(clips[0], 1234)
        meeting = sum(np.resize(np.roll(s, int(rng.integers(9999))), len(said)) / 4. for s in sayings[:2])
        ear = listening(references, coded(np.clip(said + meeting, -32000, 32000)))
        assert [n for n in spoken.names() if ear.find(PromptSound(n), BEGAN)] == [name]


def test_prompt_when_asked_since_after_its_beginning_then_not_found(references, spoken):
    ear = listening(references, later(spoken.fixed("welcome")[0], 1000))
    assert ear.find(PromptSound("welcome"), BEGAN + 1000)
    assert ear.find(PromptSound("welcome"), BEGAN + 1001) is None


def test_find_when_asked_every_100_ms_or_once_then_the_same(references, spoken, music):
    story = np.concatenate([later(spoken.fixed("welcome")[0], 333), spoken.fixed("wrong-pin")[0],
                            music[91234:131234], np.zeros(8000)]).astype(np.int16)
    sounds = [PromptSound("welcome"), PromptSound("wrong-pin"), HoldMusic(), Silence()]
    asked, first = CallerEar(references, caller="anna", began_at=BEGAN), {}
    for k in range(0, len(story) - 159, 160):
        asked.hear(story[k:k + 160])
        if k % 800 == 0:
            for sound in sounds:
                match = asked.find(sound, BEGAN)
                if match and sound not in first:
                    first[sound] = match
                    assert BEGAN + k + 160 - match.at <= 1700
    once = listening(references, story)
    for sound in sounds:
        match = once.find(sound, BEGAN)
        assert (match.start, match.at) == (first[sound].start, first[sound].at)


@pytest.mark.parametrize("way", WAYS)
def test_music_when_it_plays_from_any_position_then_found_within_700_ms(references, music, way):
    rng = np.random.default_rng(3)
    for _ in range(20):
        position, delay = int(rng.integers(len(music))), int(rng.integers(0, 3000))
        ear = listening(references, WAYS[way](later(np.roll(music, -position)[:24000], delay), rng))
        match = ear.find(HoldMusic(), BEGAN)
        assert match.at - BEGAN - delay <= 5600
        assert abs(match.end - BEGAN - delay - 24000) <= 2400
        assert not any(ear.find(PromptSound(name), BEGAN) for name in ("welcome", "joining", "wrong-pin"))


def test_music_when_only_speech_or_keys_or_chimes_come_then_not_found(references, sayings):
    t = np.arange(8000) / 8000
    keys = [6000 * (np.sin(2 * np.pi * f * t) + np.sin(2 * np.pi * g * t))
            for f in (697, 770, 852, 941) for g in (1209, 1336, 1477, 1633)]
    ear = listening(references, np.concatenate([*sayings, *keys, arrival(), np.zeros(800), departure()]))
    assert ear.find(HoldMusic(), BEGAN) is None


@pytest.mark.parametrize("way", WAYS)
def test_tone_when_one_sounds_then_the_other_is_not_heard(references, way):
    rng = np.random.default_rng(4)
    for name, chime, other in (("arrival", arrival(), "departure"), ("departure", departure(), "arrival")):
        ear = listening(references, WAYS[way](later(chime, 1111), rng))
        assert abs(ear.find(ToneSound(name), BEGAN).start - BEGAN - 1111) <= 2
        assert ear.find(ToneSound(other), BEGAN) is None


@pytest.mark.parametrize(("level_dbm0", "silent"), [(-100, True), (-52, True), (-48, False)])
def test_silence_when_at_a_level_then_below_50_dbm0_counts(references, level_dbm0, silent):
    noise = np.random.default_rng(5).normal(0, 32767 / np.sqrt(2) * 10 ** ((level_dbm0 - 3.14) / 20), 8000)
    assert bool(listening(references, noise).find(Silence(), BEGAN)) is silent


def with_sent(spoken, music, sent, began_at=BEGAN):
    references = References(spoken.all_fixed(), music, {})
    for name, samples in sent.items():
        references.sent[name] = Sent(began_at)
        references.sent[name].append(np.asarray(samples, np.int16))
    return references


@pytest.mark.parametrize("talkers", [1, 3, pytest.param(9, marks=pytest.mark.slow)])
def test_voice_when_some_of_ten_talk_with_one_voice_then_they_alone_are(spoken, music, sayings, talkers):
    rng = np.random.default_rng(talkers)
    missed = false = 0
    for _ in range(6):
        streams = [np.resize(np.roll(s, -int(rng.integers(len(s)))), 32000) for s in sayings]
        delay = int(rng.integers(160, 3800))
        mixed = np.clip(sum(s.astype(float) for s in streams[:talkers]), -32000, 32000)
        references = with_sent(spoken, music, {f"c{i}": s for i, s in enumerate(streams)})
        ear = listening(references, coded(later(mixed, delay, 0)[:32000]))
        found = [bool(ear.find(VoiceSound(f"c{i}"), BEGAN)) for i in range(10)]
        missed += talkers - sum(found[:talkers])
        false += sum(found[talkers:])
    assert (missed, false) == (0, 0)


@pytest.mark.parametrize("others", [0, 1, 2, 4])
def test_voice_when_his_own_is_12_db_under_the_others_then_he_hears_it(spoken, music, sayings, others):
    streams = [np.resize(saying, 32000) for saying in sayings[:others + 1]]
    references = with_sent(spoken, music, {f"c{i}": s for i, s in enumerate(streams)})
    for gain in (0, 1 / 4):
        mixed = np.clip(gain * streams[0] + sum(s.astype(float) for s in streams[1:]), -32000, 32000)
        ear = listening(references, coded(later(mixed, 777, 0)[:32000]), "c0")
        assert bool(ear.find(VoiceSound("c0"), BEGAN)) is bool(gain)


def test_voice_when_prompt_or_music_or_nothing_is_heard_then_not_there(spoken, music, sayings):
    heard = np.concatenate([*spoken.fixed("wait-in-lobby"), music[:40000], np.zeros(16000)])
    references = with_sent(spoken, music, {"bela": np.resize(np.concatenate(sayings), len(heard))})
    ear = listening(references, heard)
    assert ear.find(VoiceSound("bela"), BEGAN) is None
    assert ear.find(VoiceSound("nobody"), BEGAN) is None


def test_voice_when_two_press_keys_then_the_one_in_the_room_is_heard(spoken, music):
    t = np.arange(1600) / 8000

    def keys(pairs):
        beeps = [6000 * (np.sin(2 * np.pi * f * t) + np.sin(2 * np.pi * g * t)) for f, g in pairs]
        return np.concatenate([part for beep in beeps for part in (beep, np.zeros(1600))])

    mine = np.concatenate([np.zeros(3000), keys([(697, 1209), (770, 1336), (852, 1477)] * 3)])[:28800]
    theirs = np.concatenate([np.zeros(1000), keys([(941, 1336), (697, 1477), (770, 1209)] * 3)])[:28800]
    references = with_sent(spoken, music, {"bela": mine, "cora": theirs})
    ear = listening(references, later(mine, 320, 0))
    assert ear.find(VoiceSound("bela"), BEGAN)
    assert ear.find(VoiceSound("cora"), BEGAN) is None


def test_describe_when_a_story_was_heard_then_each_part_in_order(references, spoken, music):
    story = np.concatenate([np.zeros(8000), spoken.fixed("wrong-pin")[0], music[50000:90000],
                            np.zeros(16000)])
    ear = listening(references, story)
    words = ear.describe(BEGAN, BEGAN + len(story))
    assert re.fullmatch(r"silence from 2\.0 s to 3\.0 s, then the prompt wrong-pin at 3\.0 s, "
                        r"then hold-music from 6\.\d s to 11\.\d s, then silence", words), words


def test_describe_when_nothing_known_was_heard_then_says_so(references):
    noise = np.random.default_rng(6).normal(0, 1635.0, 16000)
    assert listening(references, np.zeros(8000)).describe(BEGAN, BEGAN + 8000) == "nothing but silence"
    assert listening(references, noise).describe(BEGAN, BEGAN + 16000).startswith("something unknown at -20")
    assert listening(references, noise[:0]).describe(BEGAN, BEGAN + 8) == "nothing, for no audio came"


def test_voice_when_only_its_end_comes_after_a_step_began_then_not_there_and_told_as_its_end(
        spoken, music, sayings):
    says = np.asarray(sayings[0], float)[:20_000]
    references = with_sent(spoken, music, {"bela": np.concatenate([says, np.zeros(16_000)])})
    ear = listening(references, later(np.concatenate([says, np.zeros(16_000)]), 320, 0))
    since, until = BEGAN + 17_100, BEGAN + 36_000
    assert ear.find(VoiceSound("bela"), since, until) is None
    assert ear.describe(since, until) == "the end of bela's voice from 4.1 s to 4.5 s, then silence"
    assert ear.describe(BEGAN, until) == "bela's voice from 2.0 s to 4.5 s, then silence"
