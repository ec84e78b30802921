"""One text, one process: nothing but the text and the voice shows in the samples, wherever the engine lies."""

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from sampled import slow_but

from prompts import Prompts, languages, load
from prompts.voice import speak, speak_many

SPEAK = """
import sys
from pathlib import Path
from prompts import NoVoice, Prompts
try:
    sys.stdout.write(Prompts(cache=Path(sys.argv[1])).digit("1").tobytes().hex())
except NoVoice as error:
    sys.stdout.write(str(error))
"""


def said(cache, loader):
    """Speak in a process that finds the engine's package in the folder `loader`."""
    done = subprocess.run([sys.executable, "-c", SPEAK, str(cache)], text=True, capture_output=True,
                          check=False, env={**os.environ, "PYTHONPATH": str(loader)})
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("voice", ["en-us", "en-us+m1", "en-us+f3", "fr+f2", "cmn+m3", "de+f4", "es+m1"])
def test_voice_when_spoken_in_another_second_then_is_the_same(voice):
    # the engine's noise would be seeded by the clock's seconds
    began, first = int(time.time()), speak("Good morning, this is Sam.", voice)[0]
    while True:
        ended, again = int(time.time()), speak("Good morning, this is Sam.", voice)[0]
        assert np.array_equal(first, again)
        if ended > began:
            return


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each text is spoken by itself")
def test_many_when_spoken_at_once_then_each_as_by_itself_and_none_where_there_is_no_such_voice():
    texts = [("Good morning, this is Sam.", "en-us+m1", 165, 50), ("One.", "no-such-voice", 165, 50),
             ("Guten Morgen.", "de", 140, 70), ("Good morning, this is Sam.", "en-us+m1", 165, 50)]
    many = list(speak_many(texts))
    for text, spoken in zip(texts, many, strict=True):
        assert spoken is None or np.array_equal(spoken[0], speak(*text)[0])
    assert [one is not None for one in many] == [True, False, True, True]


def test_speech_when_engine_lies_in_a_deep_folder_then_is_the_same(spoken, tmp_path):
    deep = tmp_path / ("x" * 150)
    deep.mkdir()
    package = Path(importlib.util.find_spec("espeakng_loader").origin).parent
    (deep / "espeakng_loader").symlink_to(package, target_is_directory=True)
    assert said(tmp_path / "cache", deep) == spoken.digit("1").tobytes().hex()


def test_speech_when_engines_data_is_missing_then_one_sentence_says_what_to_install(tmp_path):
    # the engine ends the process it runs in
    (tmp_path / "espeakng_loader.py").write_text(
        "import importlib.metadata as m\n"
        "def get_library_path(): return str(m.distribution('espeakng-loader')"
        ".locate_file('espeakng_loader/libespeak-ng.so'))\n"
        "def get_data_path(): return '/nowhere'\n")
    assert "no voice can be loaded: install" in said(tmp_path / "cache", tmp_path)


def test_clips_when_there_is_a_slot_then_each_digit_is_a_clip(spoken):
    clips = spoken.clips("unknown-conference-id", conference_id="1234567")
    before, after = spoken.fixed("unknown-conference-id")
    digits = [*(spoken.digit(digit, last=False) for digit in "123456"), spoken.digit("7")]
    assert [c.tobytes() for c in clips] == [c.tobytes() for c in [before, *digits, after]]


def test_digits_when_spliced_then_neither_click_nor_linger(spoken):
    for clip in map(spoken.digit, "0123456789"):
        sounds = np.flatnonzero(np.abs(clip.astype(int)) > 0.02 * np.abs(clip.astype(int)).max())
        assert clip[0] == clip[-1] == 0
        assert sounds[0] <= 800
        assert len(clip) - sounds[-1] <= 800


def test_rate_when_twice_as_high_then_lasts_as_long(spoken, cache):
    # within 10 ms: the ends are trimmed by what sounds, and an f has more above 4 kHz than below
    assert abs(len(Prompts(rate=16000, cache=cache).digit("5")) / 16000 - len(spoken.digit("5")) / 8000) < 0.01


@pytest.mark.parametrize("language", slow_but(["en-US", "zh-CN"], languages()))
def test_voice_of_each_language_when_a_pace_is_asked_for_then_kept(language):
    them = load(language)
    words = them.texts["enter-conference-id"]["other"]
    lasts = [len(speak(words, them.voice, pace)[0]) for pace in (120, them.pace, 240)]
    assert lasts[0] > 1.1 * lasts[1] > 1.1 * 1.05 * lasts[2]


def test_voices_of_languages_then_no_two_are_one():
    # a voice that the engine takes for another would be heard
    assert len({speak("Eins, un, uno, one.", load(one).voice)[0].tobytes() for one in languages()}) == 5
