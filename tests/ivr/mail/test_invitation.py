"""The block at the foot of an invitation, in every language."""

import dataclasses
import importlib.resources

import pytest
import yaml

from ivr.mail.errors import BadFact, MissingFact
from ivr.mail.invitation import DialIn, block, spelled
from ivr.mail.letters import LANGUAGES

BARE = DialIn(conference_id="8271964", number="+1 425 555 0123")
FULL = DialIn(conference_id="8271964", number="+1 425 555 0123", place="Redmond, United States",
              toll_free_number="+1 800 555 0199", numbers_link="https://contoso.com/numbers",
              pin_link="https://contoso.com/pin?a=1&b=2", by_owner=True, options_link="https://contoso.com/options")


def words(language):
    file = importlib.resources.files("ivr.mail") / "languages" / f"{language}.yaml"
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["invitation"]  # noqa: S506


each_language = pytest.mark.parametrize("language", LANGUAGES)


def test_c14_an_english_invitation_then_reads_like_this():
    rule = "-" * 64
    assert block(FULL, "en-US").splitlines() == [
        rule,
        "Join by phone",
        "",
        "+1 425 555 0123  (Redmond, United States)",
        "+1 800 555 0199  (toll-free)",
        "Conference ID: 827 196 4#",
        "",
        "Dial the number and, when you are asked for it, enter the conference ID with the # at its end.",
        "Find a local number: https://contoso.com/numbers",
        "",
        "For the organizer",
        "- Reset your PIN: https://contoso.com/pin?a=1&b=2",
        "- Meeting options: https://contoso.com/options",
        rule,
    ]


@each_language
def test_s1_1_the_block_then_has_the_id_grouped_and_the_number_with_its_place(language):
    lines = block(FULL, language).splitlines()
    (id_line,) = [line for line in lines if "827 196 4#" in line]
    assert id_line.startswith(words(language)["conference-id"])
    (number_line,) = [line for line in lines if FULL.number in line]
    assert FULL.place in number_line
    (free_line,) = [line for line in lines if FULL.toll_free_number in line]
    assert words(language)["toll-free"] in free_line


@pytest.mark.parametrize(("label", "link"), [("numbers", "numbers_link"), ("pin", "pin_link"),
                                             ("options", "options_link")])
@each_language
def test_c14_a_link_given_then_its_line_and_without_it_a_sentence_or_nothing(language, label, link):
    said, address = words(language), getattr(FULL, link)
    (line,) = [line for line in block(FULL, language).splitlines() if line.endswith(address)]
    assert said[label] in line
    without = block(dataclasses.replace(FULL, **{link: ""}), language)
    assert said[label] not in without
    assert said["pin-by-owner" if label == "pin" else f"{label}-without-link"
                if label == "numbers" else "title"] in without


@pytest.mark.parametrize("link", ["", "https://contoso.com/pin"])
@each_language
def test_s4_4_an_organizer_who_cannot_reset_his_pin_then_it_says_who_can_whatever_link_is_set(language, link):
    made = block(dataclasses.replace(FULL, by_owner=False, pin_link=link), language)
    assert words(language)["pin-without-link"] in made
    assert "contoso.com/pin" not in made
    assert words(language)["pin-by-owner"] not in made


@each_language
def test_t_inv_only_what_must_be_given_then_no_empty_place_and_no_toll_free_line(language):
    made = block(BARE, language)
    assert f"\n{BARE.number}\n" in made
    assert words(language)["toll-free"] not in made
    assert "(" not in made
    assert "\n\n\n" not in made


@pytest.mark.parametrize("stale", [True, False])
@each_language
def test_c_11_earlier_invitations_about_then_the_block_says_that_it_replaces_them(language, stale):
    assert (words(language)["replaces"] in block(dataclasses.replace(FULL, stale=stale), language)) == stale


@pytest.mark.parametrize(("conference_id", "shown"), [
    ("1234567", "123 456 7#"), ("0000001", "000 000 1#"), ("12345", "123 45#"), ("123456", "123 456#"), ("1", "1#"),
])
def test_an_id_then_in_groups_of_three_with_the_key_that_ends_it(conference_id, shown):
    assert spelled(conference_id) == shown


@pytest.mark.parametrize(("asked", "written"), [("fr-CA", "fr-FR"), ("zh-TW", "zh-CN"), ("en-AU", "en-US"),
                                                ("ja-JP", "en-US")])
def test_a_culture_then_the_nearest_language(asked, written):
    assert block(FULL, asked) == block(FULL, written)


@pytest.mark.parametrize(("missing", "named"), [("conference_id", "conference ID"), ("number", "number")])
def test_an_id_or_number_missing_then_refused(missing, named):
    with pytest.raises(MissingFact, match=named):
        block(dataclasses.replace(FULL, **{missing: " "}), "en-US")


@pytest.mark.parametrize("link", ["numbers_link", "pin_link", "options_link"])
def test_a_link_that_is_no_web_page_then_refused(link):
    with pytest.raises(BadFact, match="javascript"):
        block(dataclasses.replace(FULL, **{link: "javascript:alert(1)"}), "en-US")


def test_a_line_break_in_a_place_then_it_stays_on_its_line():
    made = block(dataclasses.replace(FULL, place="Red\r\nmond <&> {number}"), "en-US")
    assert "+1 425 555 0123  (Red mond <&> {number})\n" in made
