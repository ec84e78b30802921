"""The language as a JSON Schema, for editors: made of the tables that the reader goes by."""

from collections.abc import Iterable, Mapping
from typing import Any

from ivr.directory.administration import ADMINISTRATIONS
from ivr.reading import yes
from ivr.scenario.app import ALONE, ON_CALLERS, ON_MEETINGS, VOICED
from ivr.scenario.badline import LINE, NONE, SAME
from ivr.scenario.desk.orders import BEGINNING, ORDERS, WAITING, Reader, as_written
from ivr.scenario.desk.orders import Word as Order
from ivr.scenario.desk.words import DONE_AT_DESK, PIN_STATES
from ivr.scenario.expectations import OUTCOMES
from ivr.scenario.including import INCLUDE
from ivr.scenario.meetings import FIELDS
from ivr.scenario.sounding import SOUNDS
from ivr.scenario.target import CARD, SOUNDCARD
from ivr.scenario.values import TAG, days, duration
from ivr.scenario.words import AWAITED, BESIDE, HEARD, REPEAT, STATES, STEPS, TOP, VOICES, StepWord, Words

Schema = dict[str, Any]

_ANY: Schema = {"type": ["string", "number", "boolean"]}
"""Text as editors see it: 1234567 is a number to them, and no a boolean."""

KINDS: Mapping[str, Schema] = {
    "text": _ANY, "number": _ANY, "level": _ANY, "file": {"type": "string"},
    "length": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*(ms|s|min|h)$"},
    "days": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*(ms|s|min|h|day|days)$"},
    "keys": {"type": ["string", "integer"], "pattern": r"^([0-9A-D#*,w]|\{[^{}]+\})+$"},
    "line": {"type": ["string", "number", "null"]},
    "names": {"anyOf": [{"type": "string"}, {"type": "array", "items": _ANY}]},
    "yes": {"enum": ["yes", "no", True, False]},
    "tags": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string", "pattern": f"^{TAG}$"}}]},
}
"""What a value may be; `sound` and `state` besides, which depend on what is called."""

_READ: Mapping[Reader, str] = {yes: "yes", duration: "length", days: "days", as_written: "sound"}
"""What the desk's readers take, but for those that take text."""

_MEETING = {"anyone may start": "yes", "started in the app at": "length", "options": ""}


def schema(words: Words) -> Schema:
    """Return the schema, draft 7, which every editor knows.

    Parameters
    ----------
    words : Words
        Names of prompts and profiles.
    """
    names = [*words.prompts, *SOUNDS]
    heard = _mapping({word: _ref("names" if word == "names" else "text") for word in HEARD})
    known = {"sound": _either({"enum": names}, heard), "state": {"enum": [*STATES]}}
    # what its prompts say is its own affair: any variable
    of_ones_own = {"sound": _either({"type": "string"}, {**heard, "additionalProperties": _ref("text")}),
                   "state": {"type": "string"}}
    known["awaited"], of_ones_own["awaited"] = _awaited(""), _awaited("own ")
    known["sounds"] = _either(_ref("sound"), _list(_ref("sound")))
    of_ones_own["sounds"] = _either(_ref("own sound"), _list(_ref("own sound")))
    definitions: Schema = {
        **{name: _either(kind, _PLACE) for name, kind in {**KINDS, **known, "bad line": _line(),
                                                              "own voice": {"enum": [*VOICES]}}.items()},
        **{f"own {name}": one for name, one in of_ones_own.items()},
        "step": _with_several(*_steps(""), _repeated("step")),
        "own step": _with_several(*_steps("own "), _repeated("own step")),
        "order": _with_several(*(_order(word, rule) for word, rule in ORDERS.items()), _repeated("order")),
        "organizer": _either({"type": "string"}, _mapping(
            {"address": _ref("text"), **_options(BEGINNING)}, "address")),
        "meeting": _mapping({name: _ref(kind) if (kind := _MEETING.get(name, "text")) else {"type": "object"}
                             for name in FIELDS}),
        "in the app": _with_several(*_in_the_app(), _repeated("in the app")),
        "participant": _with_several({"enum": [*ALONE]}, *(_mapping({word: _ref("text")}, word) for word in VOICED),
                                     *_in_the_app(), _repeated("participant")),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A story of callers",
        "type": "object", "required": ["callers"], "additionalProperties": False,
        "properties": {word: _TOP[word] if word in _TOP else _ref("text") for word in TOP} | {
            "profile": _either({"enum": [*words.profiles]}, {"type": "string", "pattern": r"\.ya?ml$"})},
        "if": {"required": ["ivr"]},
        "then": {"properties": {word: _callers("own step") for word in ("callers", "templates")}},
        "else": {"properties": {word: _callers("step") for word in ("callers", "templates")}},
        "definitions": definitions,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _either(*ways: Schema) -> Schema:
    return {"anyOf": [*ways]}


def _line() -> Schema:
    """Return what stands under `line`."""
    way = {word: _either({"type": "string", "pattern": f"^({NONE}|{rule.form})$"}, _PLACE)
           for word, rule in LINE.items()}
    hears = _either({"enum": [NONE, SAME]}, _mapping(way))
    return _either({"enum": [NONE]}, _mapping({**way, "seed": _ref("text"), "hears": hears}))


def _mapping(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": properties,
            **({"required": [*required]} if required else {})}


def _list(of: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": _either(of, _mapping({INCLUDE: _ref("text")}, INCLUDE))}


def _callers(step: str) -> Schema:
    like = _mapping({"like": _ref("text"), "after": _ref("length"), "every": _ref("length"),
                     "line": _ref("bad line"), "voice": _ref("own voice")}, "like")
    agent = _mapping({"agent": {"type": "string"}, "silent at most": _ref("length"), "steps": _list(_ref(step))},
                     "agent")
    return {"type": "object", "minProperties": 1, "additionalProperties": _either(_list(_ref(step)), like, agent)}


def _repeated(step: str) -> Schema:
    return _mapping({"repeat": _ref("text"), "steps": _list(_ref(step))}, *REPEAT)


_PLACE: Schema = {"type": "string", "pattern": r"\$\{[^{}]+\}"}
"""What has a variable in it."""


_TOP: Mapping[str, Schema] = {
    "tags": _ref("tags"),
    "target": _either(_ref("text"), _mapping({SOUNDCARD: _mapping(dict.fromkeys(CARD, _ref("text")))}, SOUNDCARD)),
    **{word: {"type": "object"} for word in ("settings", "policies", "numbers", "callers", "templates", "vars")},
    "answers after": _either(_ref("length"), {"type": "object", "additionalProperties": _ref("length")}),
    "administration": {"enum": [*ADMINISTRATIONS]}, "organizers": _list(_ref("organizer")),
    **dict.fromkeys(DONE_AT_DESK, _list(_ref("order"))), "meetings": _list(_ref("meeting")),
    "app": _list(_ref("in the app")),
    "participants": {"type": "object", "minProperties": 1, "additionalProperties": _list(_ref("participant"))},
    "expect": _list({"type": "object", "additionalProperties": {"enum": [*OUTCOMES]}, "patternProperties": {
        "^(mails|journal)$": _ref("text"), "^digits of ": _ref("keys"),
        "^meeting ": {"type": "string", "pattern": "^(not started|started by .+)$"},
        "^conference id ": {"enum": ["works", "refused"]}, "^pin of ": {"enum": [*PIN_STATES]}}}),
}


def _with_several(*steps: Schema) -> Schema:
    """Return that it is one of these steps, or a mapping with several of them."""
    values: dict[str, list[Schema]] = {}
    for step in steps:
        for word, value in step.get("properties", {}).items():
            kinds = values.setdefault(word, [])
            kinds += [] if value in kinds else [value]
    named = [{"required": step["required"][:1]} for step in steps if "required" in step]
    several = _mapping({word: _either(*kinds) for word, kinds in values.items()})
    return _either(*steps, {**several, "anyOf": named, "not": {"oneOf": named}})


def _steps(own: str) -> Iterable[Schema]:
    yield {"enum": [word for word, rule in STEPS.items() if rule.value in ("", "line")]}
    for word, rule in STEPS.items():
        if rule.value or rule.inside:
            yield _step(word, rule, own)


def _step(word: str, rule: StepWord, own: str) -> Schema:
    kind = f"{own}{rule.value}" if rule.value in ("sound", "sounds", "state", "awaited") else rule.value
    ways = [_ref(kind)] if kind else []
    if rule.inside and rule.value != "sound":
        ways.append(_mapping({name: _ref(BESIDE.get(name, "text")) for name in rule.inside}))
    return _mapping({word: _either(*ways) if len(ways) > 1 else ways[0],
                     **{name: _beside(name, own) for name in rule.beside}}, word)


def _beside(name: str, own: str) -> Schema:
    kind = BESIDE[name]
    if kind == "steps":
        return _list(_ref(f"{own}step"))
    return _ref(f"{own}{kind}" if kind == "awaited" else kind)


def _awaited(own: str) -> Schema:
    kinds = {"in": f"{own}state", "hears": f"{own}sound", "within": "length"}
    return {**_mapping({word: _ref(kinds.get(word, "text")) for word in AWAITED}, "caller"),
            "oneOf": [{"required": ["in"]}, {"required": ["hears"]}]}


def _options(readers: Mapping[str, Reader]) -> Schema:
    return {name: _ref(_READ.get(read, "text")) for name, read in readers.items()}


def _order(word: str, rule: Order) -> Schema:
    beside = {**_options(rule.options), **({} if word in WAITING else {"refused": _ref("text")})}
    if rule.about == "values":
        return _mapping({word: {"type": "object"}, **beside}, word)
    if rule.read is not None:
        return _mapping({word: _ref(_READ[rule.read])}, word)
    inside = _mapping({rule.about: _ref("text"), **beside}, rule.about)
    return _mapping({word: _either(_ref("text"), inside), **beside}, word)


def _in_the_app() -> Iterable[Schema]:
    yield _mapping({"wait": _ref("length")}, "wait")
    yield _mapping({"wait for": _ref("awaited")}, "wait for")
    for word in ON_MEETINGS:
        yield _mapping({word: _ref("text"), **({"by": _ref("text")} if word in ("join", "leave") else {})}, word)
    for word in ON_CALLERS:
        yield _mapping({word: _ref("text")}, word)
