"""The pages' words: all of them in every language, and the language that a browser is answered in."""

import re

import pytest

from ivr.report.lanes import KINDS, STATES
from ivr.report.model import CONFERENCE
from ivr.report.parts import components, script, style
from ivr.report.wording import IN_SCRIPTS, saying
from ivr.report.wording import words as reports_words
from ivr.web.actions import CALLS, ROOMS, STORIES
from ivr.web.pages import HERE, PAGES
from ivr.web.wording import LANGUAGES, language, page, words

ENGLISH = words("en-US")


def forms(text):
    return list(text.values()) if isinstance(text, dict) else [text]


def slots_of(text):
    return set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_words_when_in_another_language_then_none_is_missing_and_all_hold_what_the_english_ones_do(tag):
    told = words(tag)
    assert list(told) == list(ENGLISH)
    for key, text in told.items():
        assert isinstance(text, dict) == isinstance(ENGLISH[key], dict), key
        allowed = set().union(*map(slots_of, forms(ENGLISH[key])))
        for one in forms(text):
            assert slots_of(one) <= allowed, key
        assert slots_of(forms(text)[-1]) == slots_of(forms(ENGLISH[key])[-1]), key
        assert "other" in text if isinstance(text, dict) else True


def test_words_then_every_key_that_modules_and_templates_name_is_there():
    asked = set()
    for path in HERE.rglob("*"):
        if path.suffix in (".js", ".j2"):
            asked |= set(re.findall(r'\bt\("([a-z][\w.\- ]*[\w])"[),]', path.read_text(encoding="utf-8")))
    assert asked
    assert asked - set(ENGLISH) == set()


def test_words_then_every_state_and_kind_of_band_of_the_reports_has_some():
    assert {f"state.{state}" for state in STATES} <= set(ENGLISH)
    told = {key.removeprefix("band."): text for key, text in ENGLISH.items() if key.startswith("band.")}
    assert {kind: told[kind] for kind in KINDS if kind != "other"} == {
        kind: text for kind, text in KINDS.items() if kind != "other"}
    for kind, label in STATES.values():
        assert ENGLISH[f"label.{kind}"] == label


def test_words_then_everything_that_is_done_at_a_page_has_some():
    done = {*CALLS.values(), *ROOMS.values(), *STORIES.values()}
    for path in (HERE / "actions.py", HERE / "desk.py", HERE.parent / "live" / "extras.py"):
        text = path.read_text(encoding="utf-8")
        done |= set(re.findall(r'(?:noted\(|"what": |else )"([^"]+)"', text))
    assert len(done) > 25
    assert {f"fact.{one}" for one in done} <= set(ENGLISH)
    assert done <= reports_words("de-DE").keys()


def test_live_lanes_then_kinds_of_bands_are_those_of_the_reports():
    module = (HERE / "static" / "live" / "world.js").read_text(encoding="utf-8")
    table = module[module.index("const KINDS"):module.index("};")]
    found = {(state, kind) for state, kind in re.findall(r'"?([\w-]+)"?: "(\w+)"', table)}
    assert found - {("ended", "goodbye")} == {(state, kind) for state, (kind, _) in STATES.items()}


@pytest.mark.parametrize(("asked", "kept", "accepted", "answered"), [
    ("", "", "", "en-US"), ("de", "", "fr", "de-DE"), ("", "es-ES", "fr", "es-ES"), ("xx", "yy", "fr-CA", "fr-FR"),
    ("", "", "de;q=0.5, zh;q=0.9, nl", "zh-CN"), ("", "", "de;q=0, es", "es-ES"), ("", "", "nl, *;q=0.1", "en-US"),
    ("", "", "fr;q=much, de", "de-DE"), ("-", "", ",;=,", "en-US")])
def test_language_when_asked_for_kept_or_accepted_then_the_first_that_is_known(asked, kept, accepted, answered):
    assert language(asked, kept, accepted) == answered


@pytest.mark.parametrize("name", sorted({*PAGES.values(), "login"}))
def test_page_then_its_text_is_escaped_and_no_script_or_style_stands_in_it(name):
    told = page(name, "fr-FR", room='"><script>alert(1)</script>', csrf="<b>", user="<i>", office=True)
    assert '<html lang="fr-FR">' in told
    assert "<script>alert" not in told
    assert "<b>" not in re.sub(r"<b( id=\"[\w-]+\")?></b>", "", told).replace("&lt;b&gt;", "")
    inline = re.findall(r"<script(?! type=\"application/json\"| type=\"module\" src=)[^>]*>", told)
    assert (inline, re.findall(r"<style| style=| on\w+=", told)) == ([], [])


def test_components_then_a_report_holds_them_and_a_live_page_names_them():
    told = page("lobby", "en-US")
    for name in re.findall(r"/components/([\w.]+)", told):
        assert (components() / name).read_text(encoding="utf-8") in style()
    whole = script("report.js")
    assert not re.search(r"^(import|export) ", whole, re.M)
    assert whole.count("function spread(") == whole.count("function report(") == 1


OF_A_REPORT = [path.read_text(encoding="utf-8") for folder in ("", "templates", "components")
               for path in sorted((HERE.parent / "report" / folder).iterdir())
               if path.name in (
                   "story.html.j2", "page.html.j2", "report.js", "telling.py", "deskmarks.py", "lanes.py")]
SAID = re.compile(r"""\b(?:t|say)\(\s*(?:"([^"]+)"|'([^']+)')(?: if .*? else "([^"]+)")?""")


def test_a_reports_words_then_each_that_it_says_is_in_every_language_with_the_same_places():
    said = {one for text in OF_A_REPORT for found in SAID.findall(text) for one in found if one}
    said |= {*IN_SCRIPTS, *KINDS.values(), *(label for _, label in STATES.values()), CONFERENCE,
             *(f"state: {state}" for state in STATES)}
    assert len(said) > 120
    for tag in [*LANGUAGES][1:]:
        told = reports_words(tag)
        assert said - told.keys() - {"label: PIN"} == set(), tag
        for text, its in told.items():
            for form in forms(its):
                assert slots_of(form) == slots_of(text), (tag, text)


def test_a_reports_words_then_those_of_the_live_pages_where_both_say_the_same():
    for tag in [*LANGUAGES][1:]:
        say = saying(tag)
        for key, text in ENGLISH.items():
            kind, _, rest = key.partition(".")
            if kind in ("label", "band") and rest in KINDS:
                assert say(text, of=kind) == words(tag)[key]
            elif kind == "event" and rest:
                assert say(rest, of="event") == words(tag)[key]
