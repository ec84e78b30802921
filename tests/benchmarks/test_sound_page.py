"""The page to listen to: made of what the bridge says, small, and the call on it goes as told in every language."""

import html
import re

import pytest
import soundfile
import yaml

from benchmarks.sound.__main__ import DOCS, HERE, played
from prompts import languages, load

PAGE = html.unescape((DOCS / "listen.html").read_text(encoding="utf-8"))
HEARD = ("welcome", "enter-conference-id", "organizer-question", "record-name", "wait-in-lobby", "joining", "muted")


# `make listen` plays all, and ends with 1 if one is not
@pytest.mark.parametrize("language", ["en-US", pytest.param("zh-CN", marks=pytest.mark.slow)])
def test_call_when_played_in_a_language_then_all_is_heard_as_told(language, tmp_path):
    words = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    _, result = played(language, words[language], tmp_path)
    assert result.passed


@pytest.mark.parametrize("language", languages())
def test_page_then_tells_what_the_bridge_says_today(language):
    them = load(language)
    assert [name for name in HEARD if them.text(name, {}) not in PAGE] == []
    assert them.text("unknown-conference-id", {"conference_id": "2534815"}) in PAGE
    assert f'src="listen/{language}.mp3"' in PAGE


def test_sounds_then_small_and_as_long_as_the_page_says():
    files = sorted((DOCS / "listen").iterdir())
    assert {path.name for path in files} == {*(f"{language}.mp3" for language in languages()), "menu.mp3"}
    assert sum(path.stat().st_size for path in [*files, DOCS / "listen.html"]) < 1_500_000
    told = dict(zip(re.findall(r'src="listen/(..-..)[.]mp3"', PAGE), re.findall(r'data-seconds="(.*?)"', PAGE),
                    strict=True))
    for language in languages():
        lasts = soundfile.info(DOCS / "listen" / f"{language}.mp3").duration
        assert lasts == pytest.approx(float(told[language]), abs=0.3)


def test_page_then_loads_nothing_from_elsewhere():
    assert not re.search(r"https?:|//", PAGE.replace("// ", ""))
