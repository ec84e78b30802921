"""What actions are asked with: names in any script, and one sentence about what is wrong, without a secret."""

import pytest
from pydantic import TypeAdapter, ValidationError

from ivr.web.asked import Keys, Name, NewCaller, Speed
from ivr.web.faulty import sentence

CALLER = {"name": "eva", "conference_id": "1234567"}


@pytest.mark.parametrize(("given", "kept"), [
    ("Zoë", "Zoë"), ("李雷", "李雷"),
    ("Zoe\u0308 ", "Zoë"), (" Ann  B. ", "Ann B."), ("O'Brien-Smith", "O'Brien-Smith"),
    ("אנה", "אנה"), ("7", "7"), ("x" * 60, "x" * 60)])
def test_a_name_in_any_script_then_taken_composed_and_with_single_spaces(given, kept):
    assert TypeAdapter(Name).validate_python(given) == kept


@pytest.mark.parametrize("given", [
    "", "  ", "a\nb", "a\tb", "a\x00", "\x1b[2J", "\u202eb", "a\u2028b", "\ud800", "..", "a/b", "x" * 61])
def test_a_name_that_is_none_or_holds_a_control_character_then_refused_with_a_sentence(given):
    with pytest.raises(ValidationError, match="has to be a name: 1 to 60 letters"):
        TypeAdapter(Name).validate_python(given)


@pytest.mark.parametrize(("model", "given", "said"), [
    (NewCaller, {**CALLER, "name": "a\nb"}, r"name 'a\nb' has to be a name: 1 to 60 letters, digits, spaces and "
     "signs of any script, no control character, no / and not dots alone"),
    (NewCaller, {**CALLER, "name": 5}, "name 5 has to be text"),
    (NewCaller, {"name": "eva"}, "conference_id is missing"),
    (NewCaller, {**CALLER, "conference_id": "12"}, "conference_id '12' has to be seven digits"),
    (NewCaller, {**CALLER, "conference_id": "48215"}, "conference_id of 5 digits has to be seven digits"),
    (NewCaller, {**CALLER, "pin": "1"}, "pin is too short: take at least 4 characters"),
    (NewCaller, {**CALLER, "pin": 48215}, "pin has to be text"),
    (NewCaller, {**CALLER, "Pin": "48215"}, "Pin is not known here"),
    (NewCaller, {**CALLER, "48215": ""}, "a field is not known here"),
    (NewCaller, {**CALLER, "talks": "perhaps"}, "talks 'perhaps' has to be true or false"),
    (NewCaller, {**CALLER, "talks": {"pin": "48215"}}, "talks has to be true or false"),
    (NewCaller, "48215", "the body has to be an object of JSON"),
    (Keys, {"keys": ""}, "keys is empty"),
    (Speed, {"speed": 9}, "speed 9 has to be 8 or less"),
    (Speed, {"speed": float("nan")}, "speed nan has to be a number")])
def test_what_is_wrong_then_one_sentence_that_names_the_field_and_a_value_that_is_no_secret(model, given, said):
    with pytest.raises(ValidationError) as wrong:
        model.model_validate(given)
    assert sentence([{**one, "loc": ("body", *one["loc"])} for one in wrong.value.errors()]) == said
