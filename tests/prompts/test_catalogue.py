"""A language's file: what is wrong with it is told with file and line, and what fills a slot is checked."""

import importlib.resources

import numpy as np
import pytest

from prompts import BadCatalogue, UnknownPrompt
from prompts.catalogue import parse
from prompts.slots import KINDS

ENGLISH = (importlib.resources.files("prompts") / "languages" / "en-US.yaml").read_text(encoding="utf-8")
HEAD = ENGLISH[:ENGLISH.index("prompts:\n")]
LINE = HEAD.count("\n") + 2


def english(prompts):
    """Return a catalogue with the head of the English one, and these prompts."""
    return parse(f"{HEAD}prompts:\n{prompts}", "xx.yaml")


@pytest.mark.parametrize(("prompts", "line", "message"), [
    ("  welcome: Hello {conferense_id}.", 0, "there is no slot 'conferense_id'; did you mean 'conference_id'"),
    ("  welcome: Hello { name }.", 0, "this brace belongs to none"),
    ("  welcome: ''", 0, "a text is expected here"),
    ("  welcome: [a, b]", 0, "'other' is missing here|names and their texts are expected here"),
    ("  a: Yes.\n  welcome: {one: Hello.}", 1, "'other' is missing"),
    ("  welcome: {one: Hello., other: Hello all.}", 0, "there is no slot that holds one"),
    ("  welcome: {oen: '{count} more.', other: Hello.}", 0, "nothing called 'oen' here; did you mean 'one'"),
    ("  welcome: Hello.\n  welcome: Hello again.", 1, "'welcome' stands here a second time"),
    ("  welcome: 'Hello", 0, "this is no YAML"),
])
def test_catalogue_when_something_is_wrong_then_file_and_line_are_named(prompts, line, message):
    with pytest.raises(BadCatalogue, match=message) as caught:
        english(prompts)
    assert str(caught.value).startswith("xx.yaml:")
    assert int(str(caught.value).split(":")[1]) in (LINE + line, LINE + line + 1)


@pytest.mark.parametrize(("old", "new", "message"), [
    ("language: en-US\n", "", "'language' is missing here"),
    ('"7": seven, "8": eight, "9": nine}\nkeys', '"7": seven, "8": eight}\nkeys', "'9' is missing here"),
    ("plus: plus", "pluss: plus", "nothing called 'pluss' here; did you mean 'plus'"),
])
def test_catalogue_when_its_head_lacks_something_then_it_is_named(old, new, message):
    assert old in ENGLISH
    with pytest.raises(BadCatalogue, match=message):
        parse(ENGLISH.replace(old, new), "xx.yaml")


def test_catalogue_when_empty_then_said_so():
    with pytest.raises(BadCatalogue, match=r"xx\.yaml:1: the file is empty"):
        parse("# nothing\n", "xx.yaml")


@pytest.mark.parametrize(("count", "text"), [
    (0, "Nobody is here."), (1, "One other."), ("1", "One other."), (2, "two others."), (21, "twenty one others."),
    (999, "nine hundred ninety nine others."),
])
def test_prompt_with_forms_when_filled_then_the_number_chooses(count, text):
    them = english("  others: {zero: Nobody is here., one: One other., other: '{count} others.'}\n")
    assert them.text("others", {"count": count}) == text


@pytest.mark.parametrize(("names", "text"), [
    (["Anna"], "Anna has joined."),
    (["Anna", "Bela"], "Anna and Bela have joined."),
    (["Anna", "+4930", "Carla"], "Anna, plus, four, nine, three, zero and Carla have joined."),
    ([np.ones(80, np.int16), "Bela"], "(a recorded name) and Bela have joined."),
])
def test_prompt_of_names_when_filled_then_their_number_chooses(names, text):
    them = english("  joined: {one: '{names} has joined.', other: '{names} have joined.'}\n")
    assert them.text("joined", {"names": names}) == text


@pytest.mark.parametrize(("slot", "value", "message"), [
    ("count", -1, "whole number from 0 to 999"), ("count", 1000, "whole number"), ("count", "many", "whole number"),
    ("conference_id", "12 4", "digits only"), ("conference_id", 1234567, "digits only"),
    ("conference_id", "", "digits only"),
    ("conference_id", "\u0661", "digits only"), ("count", "\u0661", "whole number"),
    ("key", "A", "keys only"), ("key", "", "keys only"),
    ("name", " ", "takes a name"), ("name", 7, "takes a name"), ("name", np.zeros(0, np.int16), "takes a name"),
    ("name", np.zeros(8), "takes a name"), ("name", np.zeros((8, 2), np.int16), "takes a name"),
    ("names", [], "one at least"), ("names", "Anna", "list of names"), ("names", ["Anna", ""], "list of names"),
    ("names", np.ones(80, np.int16), "list of names"),
])
def test_slot_when_it_holds_what_it_cannot_then_said_so(slot, value, message):
    with pytest.raises(UnknownPrompt, match=f"the slot '{slot}' of the prompt 'p' takes .*{message.split()[-1]}"):
        english(f"  p: Now {{{slot}}}.\n").text("p", {slot: value})


def test_slot_of_every_kind_then_all_have_words():
    good = {"digits": "12", "number": 12, "keys": "*6", "name": "Anna", "names": ["Anna"]}
    for slot, kind in KINDS.items():
        value = good[kind.name.lower()]
        assert "{" not in english(f"  p: Now {{{slot}}}.\n").text("p", {slot: value})
