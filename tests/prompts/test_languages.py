"""All languages say everything: no prompt, no slot, no number lacks, and each is written as it is written there."""

import re
from collections import Counter

import pytest

from prompts import languages, load
from prompts.slots import KINDS, SlotKind

ENGLISH = load("en-US")
OTHERS = [language for language in languages() if language != "en-US"]
SOME = {SlotKind.DIGITS: "2534815", SlotKind.NUMBER: 21, SlotKind.KEYS: "*6", SlotKind.NAME: "Anna",
        SlotKind.NAMES: ["Anna", "Bela"]}


def texts(language):
    """Return every text of a language, by prompt and form."""
    return {f"{name}.{form}": text for name, forms in load(language).texts.items() for form, text in forms.items()}


def begins(language, text):
    """Return what a listener hears of a text in about a second."""
    text = re.sub(r"\{\w+\}", "", text).strip()
    return re.sub(r"\W", "", text)[:4] if language == "zh-CN" else " ".join(text.lower().split()[:3])


def test_languages_then_five():
    assert languages() == ("de-DE", "en-US", "es-ES", "fr-FR", "zh-CN")
    assert [load(language).language for language in languages()] == list(languages())
    assert len({load(language).voice for language in languages()}) == 5


@pytest.mark.parametrize("language", OTHERS)
def test_language_when_compared_with_english_then_no_prompt_and_no_slot_lacks(language):
    theirs = load(language)
    assert set(theirs.texts) == set(ENGLISH.texts)
    assert {name: set(theirs.slots(name)) for name in theirs.texts} == {
        name: set(ENGLISH.slots(name)) for name in ENGLISH.texts}


@pytest.mark.parametrize("language", languages())
def test_every_form_then_lacks_only_slots_whose_number_it_says_itself(language):
    them = load(language)
    for name in them.texts:
        for form, parts in them.forms(name).items():
            lacking = set(them.slots(name)) - {p.text for p in parts if p.is_slot}
            assert not lacking or (form != "other" and {KINDS[slot] for slot in lacking} == {SlotKind.NUMBER}), name


@pytest.mark.parametrize("language", languages())
def test_every_prompt_when_filled_then_words_and_no_brace_is_left(language):
    them = load(language)
    for name in them.texts:
        text = them.text(name, {slot: SOME[KINDS[slot]] for slot in them.slots(name)})
        assert not re.search(r"[{}0-9]", text), text


@pytest.mark.parametrize("language", languages())
def test_two_prompts_then_told_apart_within_a_second(language):
    begin = {name: begins(language, forms["other"]) for name, forms in load(language).texts.items()}
    alike = {words: [name for name in begin if begin[name] == words] for words, n in Counter(begin.values()).items()
             if n > 1}
    assert not alike


@pytest.mark.parametrize("language", languages())
def test_a_piece_then_is_of_one_prompt_only(language):
    them = load(language)
    of = Counter(piece for name in them.texts
                 for piece in {p.text for parts in them.forms(name).values() for p in parts if not p.is_slot})
    assert not [piece for piece, n in of.items() if n > 1]


@pytest.mark.parametrize(("language", "numbers"), [
    ("en-US", {0: "zero", 1: "one", 12: "twelve", 21: "twenty one", 90: "ninety", 101: "one hundred one",
               250: "two hundred fifty", 999: "nine hundred ninety nine"}),
    ("fr-FR", {0: "zéro", 1: "un", 17: "dix-sept", 21: "vingt-et-un", 70: "soixante-dix", 71: "soixante-et-onze",
               77: "soixante-dix-sept", 80: "quatre-vingts", 81: "quatre-vingt-un", 90: "quatre-vingt-dix",
               91: "quatre-vingt-onze", 99: "quatre-vingt-dix-neuf", 100: "cent", 101: "cent-un",
               180: "cent-quatre-vingts", 200: "deux-cents", 250: "deux-cent-cinquante", 271:
               "deux-cent-soixante-et-onze"}),
    ("de-DE", {0: "null", 1: "eins", 16: "sechzehn", 21: "einundzwanzig", 30: "dreißig", 67: "siebenundsechzig",
               100: "einhundert", 101: "einhunderteins", 221: "zweihunderteinundzwanzig",
               250: "zweihundertfünfzig"}),
    ("es-ES", {0: "cero", 1: "un", 16: "dieciséis", 21: "veintiún", 22: "veintidós", 31: "treinta y un",
               45: "cuarenta y cinco", 100: "cien", 101: "ciento un", 121: "ciento veintiún",
               250: "doscientos cincuenta", 500: "quinientos"}),
    ("zh-CN", {0: "零", 1: "一", 2: "两", 10: "十", 12: "十二", 20: "二十", 22: "二十二", 100: "一百",
               102: "一百零二", 110: "一百一十", 112: "一百一十二", 200: "二百", 250: "二百五十"}),
])
def test_number_then_said_as_the_language_says_it(language, numbers):
    them = load(language).numbers
    assert {number: them.text(number) for number in numbers} == numbers


@pytest.mark.parametrize("language", languages())
def test_numbers_up_to_999_then_all_different(language):
    them = load(language).numbers
    assert len({them.text(number) for number in range(1000)}) == 1000


@pytest.mark.parametrize(("language", "said"), [
    ("en-US", "two, five, three, four, eight, one, five"), ("fr-FR", "deux, cinq, trois, quatre, huit, un, cinq"),
    ("de-DE", "zwei, fünf, drei, vier, acht, eins, fünf"), ("es-ES", "dos, cinco, tres, cuatro, ocho, uno, cinco"),
    ("zh-CN", "二、五、三、四、八、幺、五"),
])
def test_conference_id_then_said_digit_by_digit(language, said):
    assert said in load(language).text("unknown-conference-id", {"conference_id": "2534815"})


def test_a_one_in_chinese_then_said_in_one_way_in_numbers_read_out_and_in_another_for_a_key():
    them = load("zh-CN")
    assert them.text("this-language", {"key": "1"}) == "中文服务，请按一。"  # noqa: RUF001
    assert "加、八、六、幺、三" in them.text("joined", {"names": ["+8613"]})


@pytest.mark.parametrize(("language", "alone", "several"), [
    ("en-US", "Someone is", "two callers are"), ("fr-FR", "Quelqu’un patiente", "deux appelants"),  # noqa: RUF001
    ("de-DE", "ist jemand", "zwei Personen"), ("es-ES", "Hay alguien", "dos asistentes"),
    ("zh-CN", "有人", "两位来电者"),
])
def test_count_then_singular_and_plural(language, alone, several):
    them = load(language)
    assert alone in them.text("someone-waits", {"count": 1})
    assert several in them.text("someone-waits", {"count": 2})


NOT = {
    "en-US": r"[^\x00-\x7f]|  ",
    # no straight apostrophe, no sign without its space, no familiar form
    "fr-FR": r"'|(?<!\u00a0)[;:!?»]|«(?!\u00a0)|\b(?:tu|ton|ta|tes|toi)\b|[.,]\S|  ",
    "de-DE": r"\b(?:du|dich|dir|dein\w*|ihr|ihnen)\b|[.,:?]\S| [.,:?!]|  ",
    # no familiar form, no question or exclamation that is not opened
    "es-ES": r"\b(?:tú|tu|tus|pulsa|marca|introduce)\b|^[^¿]*\?|^[^¡]*!|[.,:]\S|  ",
    # no signs of other scripts
    "zh-CN": r"[.,:;?!()]|  ",
}


@pytest.mark.parametrize("language", languages())
def test_texts_then_written_as_the_language_is_written(language):
    for name, text in texts(language).items():
        assert not (found := re.search(NOT[language], text)), f"{name}: {found}"
        if not name.startswith(("a-caller", "an-app-user", "the-organizer")):
            assert text[-1] in ".?。？", name  # noqa: RUF001
            assert text[0] in "{¿" or text[0].isupper() or language == "zh-CN", name


def test_chinese_then_simplified():
    for name, text in texts("zh-CN").items():
        text.encode("gb2312")
        assert not re.search("[會議請號鍵語錄員組織時間開關鎖]", text), name


@pytest.mark.parametrize("language", languages())
def test_a_language_in_the_menu_then_says_its_own_name(language):
    them = load(language)
    assert them.name.lower() in them.text("this-language", {"key": "1"}).lower()
