"""What stories say of calls that go out; and what they cannot say there, refused by name."""

import re
from collections.abc import Mapping

from ivr.clock import samples
from ivr.reading import YamlNode, nearest
from ivr.scenario.foreign.card import card_of, refuse_at_card
from ivr.scenario.progress import AnsweredStep, EndedStep, RefusedStep, TransferredStep
from ivr.scenario.steps import Step
from ivr.scenario.target import SOUNDCARD, BadTarget, CardTarget, target
from ivr.scenario.values import duration

FOREIGN = ("answered", "refused", "transferred", "ended")
"""Steps about how a call goes. Two of them are only of calls that go out."""

OUT_ONLY = ("refused", "transferred")
WAYS = ("events", "info", "audio")
"""How keys can go."""

_OURS = {"ivr": "an IVR of your own", "app": "people with the app", "participants": "people with the app",
         "answers after": "an application of your own", "expect": "what the bridge knows in the end"}
_WITHIN = samples(30)


def called_out(top: Mapping[str, YamlNode], given: str, sections: tuple[str, ...]
               ) -> tuple[str, CardTarget | None]:
    """Read who is called instead of anything of ours, and refuse what nobody knows of him.

    Parameters
    ----------
    given : str
        Who is called whatever the story says; empty if nobody is.
    sections : tuple of str
        Those of the administrator's desk.
    """
    named, card = _target_of(top["target"]) if "target" in top else ("", None)
    called = given or named
    if called:
        refuse(top, sections)
    if called != SOUNDCARD:
        return called, None
    refuse_at_card(top)
    return called, card or CardTarget()


def _target_of(node: YamlNode) -> tuple[str, CardTarget | None]:
    if isinstance(node.value, dict):
        return SOUNDCARD, card_of(node)
    text = node.text("who is called")
    if text == SOUNDCARD:
        return text, CardTarget(line=node.line)
    try:
        target(text)
    except BadTarget as error:
        raise node.error(f"{error}; or {SOUNDCARD}") from None
    return text, None


def way_of(node: YamlNode) -> str:
    """Read how keys go."""
    way = node.text("how keys go")
    if way not in WAYS:
        raise node.error(f"keys do not go by {way!r}: there are events, info and audio{nearest(way, WAYS)}")
    return way


def refuse(top: Mapping[str, YamlNode], sections: tuple[str, ...]) -> None:
    """Refuse what is only known of a bridge of ours, before anybody is called."""
    ours = {**_OURS, **dict.fromkeys(sections, "the administrator's desk")}
    for word, what in ours.items():
        if word in top:
            raise top[word].error(f"{word!r} is about {what}, which nobody knows of the IVR that is called: take "
                                  f"it out, or play the story with 'ivr run'")
    if "callers" in top and isinstance(top["callers"].value, dict):
        for steps in top["callers"].value.values():
            _refuse_steps(steps)
    meetings = top["meetings"].value if "meetings" in top else None
    for meeting in meetings if isinstance(meetings, list) else []:
        if isinstance(meeting.value, dict) and "started in the app at" in meeting.value:
            raise meeting.value["started in the app at"].error(
                "'started in the app at' is done by our own bridge: nobody can do it to the IVR that is called")


def _refuse_steps(steps: YamlNode) -> None:
    for item in steps.value if isinstance(steps.value, list) else []:
        if isinstance(item.value, dict) and "in" in item.value:
            ended = "; 'ended' waits until it has hung up" if item.value["in"].value == "ended" else ""
            raise item.error("the step 'in' asks in which state the call is, which nobody knows of the IVR that is "
                             f"called: ask what is heard instead{ended}")


def read_step(word: str, node: YamlNode, fields: Mapping[str, YamlNode], *, calls_out: bool) -> Step:
    """Read a step about how the call goes."""
    if word in OUT_ONLY and not calls_out:
        raise node.error(f"the step {word!r} is for calls that go out: name a 'target', or use 'ivr call'")
    for key, other in fields.items():
        if key not in (word, "within"):
            raise other.error(f"the step {word!r} has no {key!r}: there is 'within'")
    within = duration(fields["within"]) if "within" in fields else _WITHIN
    value = node.value.strip() if fields and isinstance(node.value, str) else ""
    said = f"{word}: {value}" if value else word
    match word:
        case "refused":
            if value and not re.fullmatch("[3-6][0-9][0-9]", value):
                raise node.error(f"{value!r} is no code of a refusal: write 300 to 699, as in 486")
            return RefusedStep(line=node.line, said=said, code=int(value or 0), within=within)
        case "transferred":
            return TransferredStep(line=node.line, said=said, to=value, within=within)
    if value:
        raise node.error(f"the step {word!r} takes no value: write 'within' below it")
    kind = AnsweredStep if word == "answered" else EndedStep
    return kind(line=node.line, said=said, within=within)
