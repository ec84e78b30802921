"""What is wrong with what an action is asked with, as one sentence that names the field and what it was given."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import SecretStr

from ivr.web.asked import ANY_OR_SEVEN_DIGITS, SEVEN_DIGITS, Asked

_LONGEST = 40
"""Characters of a value that a sentence repeats."""

_PIN = re.compile("[0-9]{4,12}")
"""What may be a PIN in a wrong place."""

_RULES: Mapping[str, str] = {
    "bool_parsing": "has to be true or false", "bool_type": "has to be true or false",
    "finite_number": "has to be a number", "float_parsing": "has to be a number",
    "float_type": "has to be a number",
    "greater_than_equal": "has to be {ge} or more", "int_from_float": "has to be a whole number",
    "int_parsing": "has to be a whole number", "int_parsing_size": "has to be a whole number, and no longer",
    "int_type": "has to be a whole number", "less_than_equal": "has to be {le} or less",
    "literal_error": "has to be {expected}", "string_too_long": "is too long: take up to {max_length} characters",
    "string_too_short": "is too short: take at least {min_length} characters", "string_type": "has to be text",
    "string_unicode": "has to be text", "too_long": "is too long: take up to {max_length} characters",
    "too_short": "is too short: take at least {min_length} characters"}
"""Kind of a fault, as pydantic calls it -> what would be right."""

_PATTERNS: Mapping[str, str] = {SEVEN_DIGITS: "has to be seven digits",
                                  ANY_OR_SEVEN_DIGITS: "has to be seven digits"}


_FIELD = re.compile("[A-Za-z_][A-Za-z0-9_.-]{0,39}")


def sentence(faults: Sequence[Mapping[str, Any]]) -> str:
    """Return what is wrong first.

    Parameters
    ----------
    faults : sequence of mappings
        As pydantic lists them. What was given for a secret, or for what is not known here, is not repeated.
    """
    if not faults:
        return "it cannot be meant"
    fault = faults[0]
    kind, about = str(fault["type"]), fault.get("ctx") or {}
    places = [str(part) for part in fault["loc"][1:]]
    if kind == "json_invalid":
        return "the body is no JSON"
    if not places:
        return "the body is missing" if kind == "missing" else "the body has to be an object of JSON"
    field = ".".join(places)
    if not _FIELD.fullmatch(field):
        field = "a field"
    if kind == "missing":
        return f"{field} is missing"
    if kind == "extra_forbidden":
        return f"{field} is not known here"
    given = fault.get("input")
    value = "" if places[0] in _SECRETS or isinstance(given, dict | list) else _shown(given)
    return f"{field}{value} {_rule(kind, about, str(fault['msg']))}"


def _rule(kind: str, about: Mapping[str, Any], told: str) -> str:
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(about["pattern"], f"has to match {about['pattern']}")
    if kind in ("too_short", "string_too_short") and about["min_length"] == 1:
        return "is empty"
    plain = {name: int(one) if isinstance(one, float) and one.is_integer() else one for name, one in about.items()}
    return _RULES[kind].format_map(plain) if kind in _RULES else told[:1].lower() + told[1:]


def _shown(value: object) -> str:
    """Return a value as it may stand in a sentence: nothing that is no letter or sign, not too much, and no PIN."""
    if value is None or isinstance(value, bool):
        return f" {str(value).lower().replace('none', 'null')}"
    if _PIN.fullmatch(str(value).strip()):
        return f" of {len(str(value).strip())} digits"
    text = repr(value)
    return f" {text}" if len(text) <= _LONGEST else f" {text[:_LONGEST]}..."


def _secrets() -> frozenset[str]:
    return frozenset(name for model in Asked.__subclasses__() for name, field in model.model_fields.items()
                     if field.annotation is SecretStr or SecretStr in getattr(field.annotation, "__args__", ()))


_SECRETS = _secrets()
"""Fields whose values are shown to nobody."""
