"""The language is chosen before the conference ID (A1.4 to A1.7)."""

import pytest
from callers import KeypadLine

from ivr.clock import samples

FIVE = ("en-US", "fr-FR", "zh-CN", "de-DE", "es-ES")


def anna(*presses, number=""):
    line = KeypadLine("anna", presses)
    line.number = number
    return line


def spoken(played):
    return [(prompt, language) for prompt, language, _ in played.voice.said]


def test_a1_4_the_call_then_starts_in_the_primary_language_and_offers_the_others(world):
    played = world(anna(), languages=("fr-FR", "en-US")).run(3)
    assert spoken(played) == [("welcome", "fr-FR"), ("enter-conference-id", "fr-FR"), ("language-offer", "fr-FR")]


def test_a1_4_the_choices_then_in_their_order_each_in_its_own_language(world):
    played = world(anna((0.1, "*")), languages=FIVE).run(4)
    choices = [(language, slots["key"]) for prompt, language, slots in played.voice.said
               if prompt == "this-language"]
    assert choices == [(language, str(n)) for n, language in enumerate(FIVE, 1)]


@pytest.mark.parametrize("key", "12345")
def test_a1_5_star_then_a_number_then_everything_after_is_in_that_language(world, key):
    played = world(anna((0.1, f"*{key}1234567#")), languages=FIVE).run(5)
    wanted = FIVE[int(key) - 1]
    after = spoken(played)[[p for p, _ in spoken(played)].index("language-chosen"):]
    assert after
    assert {language for _, language in after} == {wanted}
    assert played.bridge.journal.of("language")[0].facts["language"] == wanted
    assert played.states("anna")[-1] == "organizer-question"


@pytest.mark.parametrize("key", ["6", "0", "9", "*", "#"])
def test_a1_5_a_key_that_is_no_language_then_told_the_choices_again(world, key):
    played = world(anna((0.1, f"*{key}")), languages=FIVE).run(2)
    assert played.states("anna")[-1] == "language"
    assert spoken(played)[-6][0] == "language-unknown"


def test_a1_5_nothing_chosen_then_on_in_the_language_there_was(world):
    played = world(anna((0.1, "*")), languages=("en-US", "fr-FR")).run(14)
    assert played.states("anna") == ["greeting", "conference-id", "language", "conference-id"]
    assert [e.facts["entry"] for e in played.bridge.journal.of("refused")] == ["language"]
    assert spoken(played)[-1] == ("language-offer", "en-US")


def test_a1_5_star_within_an_id_then_begins_again_and_chooses_nothing(world):
    played = world(anna((0.1, "99*1234567#")), languages=FIVE).run(4)
    assert "language" not in played.states("anna")
    assert played.states("anna")[-1] == "organizer-question"


def test_a1_6_one_language_then_star_chooses_nothing_and_none_is_offered(world):
    played = world(anna((0.1, "*1234567#"))).run(4)
    assert "language" not in played.states("anna")
    assert "language-offer" not in [p for p, _ in spoken(played)]


def test_a1_2_a1_7_the_number_dialled_then_its_languages_and_another_the_profiles(world):
    numbers = {"+33155550100": ("fr-FR", "en-US")}
    assert spoken(world(anna(number="+33155550100"), numbers=numbers).run(1))[0] == ("welcome", "fr-FR")
    assert spoken(world(anna(number="+14255550100"), numbers=numbers).run(1))[0] == ("welcome", "en-US")


def test_two_languages_in_one_meeting_then_each_is_told_in_his_own(world):
    amos = KeypadLine("amos", [(0.1, "*21234567#*48215#")])
    rita = KeypadLine("rita", [(0.1, "1234567#")], dials_at=samples(6))
    played = world(amos, rita, KeypadLine("bela", [(0.1, "1234567#")], dials_at=samples(10)),
                   languages=("en-US", "fr-FR"), announce_with="names").run(16)
    assert [language for prompt, language in spoken(played) if prompt == "joined"] == ["fr-FR", "fr-FR", "en-US"]
