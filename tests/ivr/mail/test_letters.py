"""Letters: what each kind holds and omits, in every language, as text and as HTML."""

import dataclasses
import functools
import html
import importlib.resources
import re
import string

import pytest
import yaml

from ivr.mail.errors import BadFact, MailError, MissingFact
from ivr.mail.letters import CONTENTS, LANGUAGES, OF_MEETINGS, Facts, Item, LetterKind, ListedMeeting, write

PIN = "904817265"
FULL = Facts(name="Amos Marble", account="amos.marble@contoso.com", conference_id="8271964",
             number="+1 425 555 0123", toll_free_number="+1 800 555 0199", pin=PIN, must_change_pin=True,
             added_text="<p>Ring the <b>helpdesk</b>.</p>", update_link="https://contoso.com/update?a=1&b=2")
MEETINGS = (ListedMeeting("0012345", "Budget", 1_700_000_000),
            ListedMeeting("7654321", "Q&A <all>", 1_710_000_000, 3600))
OF_A_MAILBOX = dataclasses.replace(FULL, mailbox=True, extension="36697", meetings=MEETINGS)
WITH_PIN = (LetterKind.ENABLED, LetterKind.PIN_RESET)


@functools.cache
def catalogue(language):
    file = importlib.resources.files("ivr.mail") / "languages" / f"{language}.yaml"
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506


def leaves(tree, path=()):
    for key, value in tree.items():
        yield from leaves(value, (*path, key)) if isinstance(value, dict) else [((*path, key), value)]


def visible(page):
    """Return what a reader of the page sees, each run of spaces as one."""
    body = page[page.index("<body"):]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split(" "))


def sign(item, kind, language):
    """Return what shows that a letter holds an item of `FULL`."""
    words = catalogue(language)
    facts = {Item.NAME: FULL.name, Item.ACCOUNT: FULL.account, Item.NUMBER: FULL.number, Item.PIN: FULL.pin,
             Item.CONFERENCE_ID: FULL.conference_id, Item.ADDED_TEXT: "helpdesk",
             Item.MEETINGS: MEETINGS[0].conference_id, Item.EXTENSION: OF_A_MAILBOX.extension,
             Item.UPDATE_TOOL: words["letters"][kind.value].get("update", words["how-to-update"])}
    return facts.get(item) or words["sentences"][item.value]


each_letter = pytest.mark.parametrize(("kind", "language"), [(k, lang) for k in LetterKind for lang in LANGUAGES],
                                      ids=lambda value: value.value if isinstance(value, LetterKind) else value)
each_language = pytest.mark.parametrize("language", LANGUAGES)


# --- what each kind holds and omits

@each_letter
def test_rows_m1_to_m5_a_letter_from_all_facts_then_holds_its_items_and_no_other(kind, language):
    letter = write(kind, FULL, language)
    due = (CONTENTS[kind].holds | CONTENTS[kind].if_given) - {Item.MEETINGS, Item.OLD_IDS_END, Item.EXTENSION}
    signs = {item: sign(item, kind, language) for item in Item}
    assert {item for item in Item if signs[item] in letter.text} == due
    assert {item for item in Item if signs[item] in visible(letter.html)} == due


@pytest.mark.parametrize("part", ["text", "html"])
@each_letter
def test_c10_s3_4_meetings_with_ids_of_their_own_then_each_stands_there_with_subject_and_time(kind, language, part):
    letter = write(kind, dataclasses.replace(FULL, conference_id="", meetings=[*MEETINGS]), language)
    seen = letter.text if part == "text" else visible(letter.html)
    words = catalogue(language)
    tells = kind is not LetterKind.TURNED_OFF
    for said in ("0012345", "Budget", "22:13", "7654321", "Q&A <all>", "17:00", "UTC+1",
                 words["labels"]["meetings"]):
        assert (said in seen) == tells, said
    assert words["own-id"] not in seen
    assert words["labels"]["more-meetings"] not in seen
    assert words["sentences"]["old-id-ends"] not in seen
    assert (words["sentences"]["old-ids-end"] in seen) == (kind is LetterKind.INFO_CHANGED)


@each_language
def test_more_meetings_than_are_listed_then_their_number(language):
    letter = write(LetterKind.INFO, dataclasses.replace(FULL, meetings=MEETINGS, more_meetings=12), language)
    for part in (letter.text, visible(letter.html)):
        assert catalogue(language)["labels"]["more-meetings"] in part
        assert "12" in part


@pytest.mark.parametrize("part", ["text", "html"])
@each_letter
def test_f2_a_letter_about_a_mailbox_then_speaks_of_a_mailbox_and_of_no_meeting(kind, language, part):
    letter = write(kind, OF_A_MAILBOX, language)
    seen = letter.text if part == "text" else visible(letter.html)
    own, words = catalogue(language)["mailbox"], catalogue(language)
    assert letter.subject == own["letters"][kind.value]["subject"]
    assert own["letters"][kind.value]["opening"] in seen
    assert own["footer"] in seen
    assert ("36697" in seen) == (kind is not LetterKind.TURNED_OFF)
    assert (PIN in seen) == (kind in WITH_PIN)
    for meetings in (FULL.conference_id, "0012345", words["own-id"], words["labels"]["conference-id"],
                     words["sentences"]["how-to-start"], words["how-to-update"], *OF_MEETINGS_SAID[language]):
        assert meetings not in seen, meetings


OF_MEETINGS_SAID = {"en-US": ["meeting", "onference"], "fr-FR": ["réunion", "onférence"], "zh-CN": ["会议"],
                    "de-DE": ["Besprechung", "onferenz"], "es-ES": ["reuni", "onferencia"]}
"""What no letter about a mailbox says, in each language."""


def test_a_mailbox_then_nothing_of_meetings_is_among_what_its_letters_hold():
    assert {Item.CONFERENCE_ID, Item.MEETINGS, Item.UPDATE_TOOL} <= OF_MEETINGS


DIAL_IN = {Item.CONFERENCE_ID, Item.NUMBER}
PIN_ITEMS = {Item.PIN, Item.HOW_TO_START, Item.KEEP_PIN}


@pytest.mark.parametrize(("kind", "holds", "omits"), [
    pytest.param(LetterKind.ENABLED, DIAL_IN | {Item.NAME, Item.ACCOUNT, Item.PIN, Item.UPDATE_TOOL},
                 {Item.PIN_UNCHANGED}, id="M1-S3.3-S0.17-S4.15"),
    pytest.param(LetterKind.INFO_CHANGED, DIAL_IN | {Item.UPDATE_TOOL, Item.PIN_UNCHANGED}, PIN_ITEMS,
                 id="M2-S3.5-S1.9"),
    pytest.param(LetterKind.PIN_RESET, DIAL_IN | {Item.PIN, Item.EFFECTIVE_NOW, Item.REST_UNCHANGED},
                 {Item.UPDATE_TOOL, Item.PIN_UNCHANGED}, id="M3-S3.6"),
    pytest.param(LetterKind.TURNED_OFF, {Item.NAME, Item.ACCOUNT, Item.PHONE_OFF, Item.CONTACT_ADMIN},
                 DIAL_IN | PIN_ITEMS, id="M4-S3.7"),
    pytest.param(LetterKind.INFO, DIAL_IN | {Item.PIN_UNCHANGED}, PIN_ITEMS | {Item.UPDATE_TOOL}, id="M5-S1.10"),
])
def test_the_table_of_contents_then_says_what_section_d_says(kind, holds, omits):
    assert holds <= CONTENTS[kind].holds
    assert not omits & (CONTENTS[kind].holds | CONTENTS[kind].if_given)


@each_letter
def test_facts_with_a_pin_then_only_the_two_letters_that_bring_it_hold_its_digits(kind, language):
    letter = write(kind, FULL, language)
    assert (PIN in letter.text, PIN in letter.html) == ((kind in WITH_PIN,) * 2)
    assert PIN not in letter.subject
    assert PIN not in letter.html.partition("<body")[0]


@pytest.mark.parametrize("value", ["conference_id", "number", "toll_free_number"])
@each_language
def test_m4_turned_off_then_neither_id_nor_number_nor_a_link_to_dial(language, value):
    letter = write(LetterKind.TURNED_OFF, FULL, language)
    assert getattr(FULL, value) not in letter.text + letter.html
    assert "tel:" not in letter.html


@pytest.mark.parametrize("link", ["", "https://contoso.com/update"])
@each_language
def test_m4_turned_off_then_tells_how_to_clean_invitations_only_with_a_link(language, link):
    letter = write(LetterKind.TURNED_OFF, dataclasses.replace(FULL, update_link=link), language)
    assert (catalogue(language)["letters"]["turned-off"]["update"] in letter.text) == bool(link)


@pytest.mark.parametrize("kind", [LetterKind.ENABLED, LetterKind.INFO_CHANGED])
@each_language
def test_s3_3_and_s3_5_update_tool_without_a_link_then_instructions_alone(kind, language):
    letter = write(kind, dataclasses.replace(FULL, update_link=""), language)
    assert catalogue(language)["letters"][kind.value]["update"] in letter.text
    for part in (letter.text, letter.html):
        assert catalogue(language)["how-to-update"] not in part
        assert "https://contoso.com" not in part


@pytest.mark.parametrize("kind", [LetterKind.ENABLED, LetterKind.INFO_CHANGED, LetterKind.INFO])
@each_language
def test_s1_9_and_s1_10_two_numbers_then_both_are_in_the_letter(kind, language):
    letter = write(kind, FULL, language)
    for part in (letter.text, letter.html):
        assert FULL.number in part
        assert FULL.toll_free_number in part
    assert 'href="tel:+14255550123"' in letter.html


@pytest.mark.parametrize("kind", [
    LetterKind.ENABLED, LetterKind.INFO_CHANGED, LetterKind.PIN_RESET, LetterKind.INFO])
@each_language
def test_c10_and_s3_4_dynamic_ids_then_the_letter_says_where_each_id_stands(kind, language):
    words = catalogue(language)
    letter = write(kind, dataclasses.replace(FULL, conference_id=""), language)
    for part in (letter.text, visible(letter.html)):
        assert words["own-id"] in part
        assert words["sentences"]["old-id-ends"] not in part


@pytest.mark.parametrize("must", [True, False])
@pytest.mark.parametrize("kind", WITH_PIN, ids=lambda kind: kind.value)
@each_language
def test_s2_12_and_s2_16_a_pin_to_be_changed_then_the_letter_says_so(kind, language, must):
    letter = write(kind, dataclasses.replace(FULL, must_change_pin=must), language)
    assert (catalogue(language)["sentences"]["must-change-pin"] in letter.text) == must


@pytest.mark.parametrize("pin", ["0481", "00000000", "1985848", "012345678901"])
@pytest.mark.parametrize("kind", WITH_PIN, ids=lambda kind: kind.value)
def test_s0_20_any_length_of_pin_then_stands_whole_with_its_zeros(kind, pin):
    letter = write(kind, dataclasses.replace(FULL, pin=pin), "en-US")
    assert f": {pin}\n" in letter.text
    assert f">{pin}<" in letter.html


# --- facts that are missing or bad

@pytest.mark.parametrize(("kind", "item", "missing"), [
    (kind, item, name) for kind in LetterKind for item, name in
    [(Item.NAME, "name"), (Item.ACCOUNT, "account"), (Item.NUMBER, "number"), (Item.PIN, "pin")]
], ids=str)
@pytest.mark.parametrize("value", ["", " \n"], ids=["empty", "blank"])
def test_a_fact_missing_then_refused_where_the_kind_holds_it_and_not_noticed_elsewhere(kind, item, missing, value):
    facts = dataclasses.replace(FULL, **{missing: value})
    if item in CONTENTS[kind].holds:
        with pytest.raises(MissingFact, match=missing) as refused:
            write(kind, facts, "en-US")
        assert PIN not in str(refused.value)
    else:
        write(kind, facts, "en-US")


@pytest.mark.parametrize("bad", [{"added_text": "x" * 513}, {"update_link": "javascript:alert(1)"}, {"number": ""}],
                         ids=str)
def test_facts_with_a_pin_then_no_repr_and_no_error_shows_it(bad):
    facts = dataclasses.replace(FULL, **bad)
    assert PIN not in repr(facts)
    assert PIN not in repr(write(LetterKind.PIN_RESET, FULL, "en-US"))
    with pytest.raises(MailError) as refused:
        write(LetterKind.ENABLED, facts, "en-US")
    assert PIN not in str(refused.value) + repr(refused.value)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "contoso.com", "https://", "http://[x",
                                  "https://a b", "https://a\r\nb", "data:text/html,x"])
def test_a_link_that_is_no_web_page_then_refused(link):
    with pytest.raises(BadFact, match="https://"):
        write(LetterKind.ENABLED, dataclasses.replace(FULL, update_link=link), "en-US")


# --- languages

@pytest.mark.parametrize(("asked", "written"), [
    ("en-US", "en-US"), ("en-GB", "en-US"), ("fr-FR", "fr-FR"), ("fr-CA", "fr-FR"), ("fr", "fr-FR"),
    ("FR_ca", "fr-FR"), ("zh-CN", "zh-CN"), ("zh-HK", "zh-CN"), ("zh-Hant-TW", "zh-CN"), ("de-DE", "de-DE"),
    ("de-AT", "de-DE"), ("es-MX", "es-ES"), ("it-IT", "en-US"),
    ("", "en-US"), ("fro", "en-US"), ("../fr", "en-US"),
])
def test_a_culture_then_the_nearest_language(asked, written):
    letter = write(LetterKind.INFO, FULL, asked)
    assert letter == write(LetterKind.INFO, FULL, written)
    assert letter.language == written
    assert f'<html lang="{written}">' in letter.html


def test_the_languages_then_each_has_a_file_and_each_file_is_a_language():
    files = (importlib.resources.files("ivr.mail") / "languages").iterdir()
    assert sorted(file.name for file in files) == sorted(f"{language}.yaml" for language in LANGUAGES)


@each_language
def test_a_language_then_has_every_wording_with_the_same_names_to_fill_in(language):
    def shape(of):
        return {path: {name for _, name, _, _ in string.Formatter().parse(words) if name}
                for path, words in leaves(catalogue(of))}
    assert shape(language) == shape("en-US")


@each_language
def test_every_wording_then_is_whole_and_set_as_its_language_asks(language):
    words = dict(leaves(catalogue(language)))
    for path, said in words.items():
        assert said == said.strip() != "", path
        if path[0] == "sentences" or path[-1] in {"opening", "update", "own-id", "footer", "how-to", "replaces"}:
            assert said[-1] in ".?\u3002\uff01\uff1f", f"{path} is cut short: does it hold ' #' without quotes?"
        if language == "fr-FR":  # no line may begin with one of these marks
            assert not re.search(r"(?<!\u00a0)[:;!?»]|«(?!\u00a0)", said), path
            assert "'" not in said, path
        if language == "zh-CN":  # marks are as wide as the letters around them
            assert not re.search(r"[\u4e00-\u9fff][,.:;!?()]|[,.:;!?()][\u4e00-\u9fff]", said), path
        if language == "es-ES":  # what ends a question or a call begins it, too
            assert (said.count("?"), said.count("!")) == (said.count("¿"), said.count("¡")), path
        if language != "en-US" and path[-1] not in {"line", "number"} and path[0] != "months":
            assert said != dict(leaves(catalogue("en-US")))[path], path


@each_letter
def test_every_sentence_in_the_catalogue_then_is_of_an_item(kind, language):
    words = catalogue(language)
    assert set(words["sentences"]) <= {item.value for item in Item}
    assert set(words["mailbox"]["sentences"]) <= set(words["sentences"])
    assert set(words["letters"]) == set(words["mailbox"]["letters"]) == {each.value for each in LetterKind}
    may_update = Item.UPDATE_TOOL in CONTENTS[kind].holds | CONTENTS[kind].if_given
    assert ("update" in words["letters"][kind.value]) == may_update


# --- names and texts that others chose

@pytest.mark.parametrize("part", ["name", "account", "conference_id", "number", "pin"])
@each_language
def test_a_value_with_markup_then_escaped_in_html_and_as_it_is_in_text(language, part):
    nasty = "O'Neil & <b>Sons</b> {name} {{ 7*7 }} \"%s\""
    letter = write(LetterKind.ENABLED, dataclasses.replace(FULL, **{part: nasty}), language)
    assert nasty in letter.text
    assert "<b>Sons" not in letter.html
    assert nasty in html.unescape(letter.html)


def test_line_breaks_and_control_characters_in_a_name_then_one_line():
    facts = dataclasses.replace(FULL, name="Amos\r\n\r\nYour PIN: 1\x00\x1b[31m\ud800\u2028x")
    letter = write(LetterKind.INFO, facts, "en-US")
    assert letter.text.splitlines()[0] == "Hello Amos Your PIN: 1[31m x,"
    letter.html.encode()


@each_letter
def test_html_then_balanced_and_fetches_nothing(unbalanced, kind, language):
    page = write(kind, dataclasses.replace(FULL, meetings=MEETINGS, more_meetings=1), language).html
    assert unbalanced(page) == []
    assert not re.search(r"<(img|link|script|iframe|object)|url\(|@import|src=", page)
