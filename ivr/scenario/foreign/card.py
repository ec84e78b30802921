"""What stories say of a sound card that is called; and what nobody can ask there, refused by name."""

import re
from collections.abc import Mapping

from ivr.reading import YamlNode
from ivr.scenario.target import CARD, SOUNDCARD, CardTarget

_RATES = range(8000, 192_001)

_UNHEARD = {"ended": "hear busy, or silence for so long, instead", "refused": "hear busy instead",
            "transferred": "hear what is said instead"}
"""Steps about what a line tells beside its sound, and what can be asked instead."""


def card_of(node: YamlNode) -> CardTarget:
    """Read which sound card is called, by which devices."""
    one = node.fields("who is called", (SOUNDCARD,)).get(SOUNDCARD)
    if one is None:
        raise node.error(f"nobody is called here: write {SOUNDCARD}, and which below it")
    fields = one.fields("a sound card", CARD) if one.value else {}
    named = {word: fields[word].text(f"the {word}") for word in ("microphone", "speaker") if word in fields}
    return CardTarget(rate=_rate(fields["rate"]) if "rate" in fields else None, line=node.line, **named)


def _rate(node: YamlNode) -> int:
    text = node.text("the rate")
    if not re.fullmatch("[0-9]{1,6}", text) or int(text) not in _RATES:
        raise node.error(f"{text!r} is no rate for a call: write {_RATES[0]} to {_RATES[-1]}, samples a second")
    return int(text)


def refuse_at_card(top: Mapping[str, YamlNode]) -> None:
    """Refuse what is not known of who is at a sound card, before a device is opened."""
    if "dtmf" in top and top["dtmf"].value != "audio":
        raise top["dtmf"].error("at a sound card keys are heard as sound: say audio, or leave 'dtmf' out")
    callers = top["callers"].value if "callers" in top else None
    people = callers if isinstance(callers, dict) else {}
    for another in [*people][1:]:
        raise people[another].error(f"a sound card is the line of one caller, and {another} is another one: play "
                                    "him from another machine, or by a target that is a SIP URI")
    for steps in people.values():
        for item in steps.value if isinstance(steps.value, list) else []:
            if isinstance(item.value, dict):
                _refuse_step(item, item.value)
            elif isinstance(item.value, str):
                _refuse_step(item, {item.value.strip(): item})


def _refuse_step(item: YamlNode, fields: Mapping[str, YamlNode]) -> None:
    for word, instead in _UNHEARD.items():
        if word in fields:
            raise item.error(f"the step {word!r} asks what a line tells beside its sound, and a sound card tells "
                             f"nothing: {instead}")
    if isinstance(item.value, dict) and "dial" in item.value:
        raise item.error("at a sound card nobody is dialled: 'dial' stands alone, and keys are pressed")
    heard = fields["hear"].value if "hear" in fields and fields["hear"] is not item else None
    if "early" in fields or (isinstance(heard, dict) and "codec" in heard):
        what = "'early'" if "early" in fields else "a codec"
        raise item.error(f"{what} is about a call that is set up, and a sound card is heard at once: leave it out")
