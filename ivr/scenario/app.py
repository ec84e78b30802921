"""What goes on in the app, as it is written: people with it come and go, speak, let in, send away, lock, end."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from ivr.clock import samples
from ivr.conference.bridge import ConferenceBridge
from ivr.reading import YamlNode, nearest
from ivr.scenario.including import led_to
from ivr.scenario.steps import AppStep, Awaited, Participant
from ivr.scenario.values import LONGEST_SAID, duration, recording

ON_MEETINGS: Mapping[str, Callable[[ConferenceBridge, str, str, str], None]] = {
    "join": lambda bridge, meeting, who, own: bridge.join_by_app(meeting, who, conference_id=own),
    "leave": lambda bridge, meeting, who, _: bridge.leave_by_app(meeting, who),
    "admit all": lambda bridge, meeting, *_: bridge.admit_all(meeting),
    "lock": lambda bridge, meeting, *_: bridge.lock(meeting),
    "unlock": lambda bridge, meeting, *_: bridge.lock(meeting, locked=False),
    "mute all": lambda bridge, meeting, *_: bridge.mute_all(meeting),
    "let speak": lambda bridge, meeting, *_: bridge.mute_all(meeting, muted=False),
    "record": lambda bridge, meeting, *_: bridge.record(meeting),
    "stop recording": lambda bridge, meeting, *_: bridge.record(meeting, on=False),
    "end": lambda bridge, meeting, *_: bridge.end(meeting),
}
"""Steps that name a meeting by its ID; each is given the meeting's key, who does it, and that ID."""

ON_CALLERS: Mapping[str, Callable[[ConferenceBridge, int], None]] = {
    "admit": ConferenceBridge.admit, "deny": ConferenceBridge.deny}
"""Steps that name a caller; each is given the number of his call."""

WORDS = ("wait", "wait for", *ON_MEETINGS, *ON_CALLERS)
ALONE, VOICED = ("mute", "unmute"), ("say", "play")
"""Steps of a participant besides: those that stand alone, and what he is heard with."""
OF_PARTICIPANTS = (*WORDS, *ALONE, *VOICED)

_WITHIN = samples(120)
"""How long it is waited for a caller to come somewhere."""


class Awaiting(Protocol):
    """Reads whom somebody waits for."""

    def awaited(self, node: YamlNode) -> tuple[Awaited, str]:
        """Return who is waited for and what is to become of him, and how it is written."""

    def masked(self, said: str, /) -> str:
        """Hide PINs in what is said."""


def read_app(node: YamlNode, callers: Collection[str], ids: Collection[str], sounds: Awaiting
             ) -> tuple[AppStep, ...]:
    """Read 'app': a list of steps."""
    return tuple(led_to(_step(item, callers, ids, sounds), item) for item in node.items("'app'"))


def read_participants(node: YamlNode, callers: Collection[str], ids: Collection[str], sounds: Awaiting
                      ) -> tuple[Participant, ...]:
    """Read 'participants': names, and under each a list of steps."""
    found = []
    for name, one in node.fields("'participants'").items():
        if name in callers or not re.fullmatch(r"\w[\w .-]*", name):
            raise one.error(f"{name!r} cannot be a participant's name: " + (
                "a caller is called so" if name in callers else "use letters, digits, spaces, - and _"))
        steps = tuple(led_to(_of_participant(item, callers, ids, sounds), item)
                      for item in one.items(f"what {name} does"))
        is_in = False
        for step, item in zip(steps, one.items(name), strict=True):
            if step.word in (*ALONE, *VOICED, "leave") and not is_in:
                raise item.error(f"{name} is in no meeting here: write 'join' first, and which")
            is_in = (is_in or step.word == "join") and step.word not in ("leave", "end")
        found.append(Participant(name, one.line, steps))
    return tuple(found)


def _of_participant(item: YamlNode, callers: Collection[str], ids: Collection[str], sounds: Awaiting) -> AppStep:
    if isinstance(item.value, str) and (word := item.value.strip()) in ALONE:
        return AppStep(item.line, word, word)
    fields = item.fields("a step of a participant")
    word = next((key for key in fields if key in OF_PARTICIPANTS), next(iter(fields), ""))
    if word in WORDS:
        if "by" in fields:
            raise fields["by"].error(f"{word!r} is done by himself here: leave out 'by'")
        return _step(item, callers, ids, sounds)
    if word not in VOICED:
        raise item.error(f"there is no step {word!r} of a participant{nearest(word, OF_PARTICIPANTS)}")
    if other := next((key for key in fields if key != word), ""):
        raise fields[other].error(f"the step {word!r} has no {other!r}: it stands alone")
    node = fields[word]
    if word == "say":
        text = node.text("what is said")
        if len(text) > LONGEST_SAID:
            raise node.error(f"what is said has {len(text)} characters: {LONGEST_SAID} at most, so say it in "
                             "several steps")
        return AppStep(node.line, f"say: {sounds.masked(text)}", word, more=text)
    name, path = recording(node)
    return AppStep(node.line, f"play: {name}", word, path=path)


def _step(item: YamlNode, callers: Collection[str], ids: Collection[str], sounds: Awaiting) -> AppStep:
    fields = item.fields("a step in the app")
    word = next((key for key in fields if key in WORDS), next(iter(fields), ""))
    if word not in WORDS:
        raise item.error(f"nothing in the app is called {word!r}{nearest(word, WORDS)}")
    for key, value in fields.items():
        if key != word and (key != "by" or word not in ("join", "leave")):
            raise value.error(f"the step {word!r} has no {key!r} in the app")
    node = fields[word]
    if word == "wait":
        return AppStep(node.line, f"wait: {node.text('a wait')}", word, lasting=duration(node))
    if word == "wait for":
        awaited, said = sounds.awaited(node)
        what = node.fields("'wait for'")
        lasting = duration(what["within"]) if "within" in what else _WITHIN
        return AppStep(node.line, f"wait for: {said}", word, lasting=lasting, awaited=awaited)
    target = _one_of(node, *(("caller", callers) if word in ON_CALLERS else ("meeting", ids)))
    who = fields["by"].text("who it is") if "by" in fields else ""
    return AppStep(node.line, f"{word}: {target}", word, target, who)


def _one_of(node: YamlNode, what: str, known: Collection[str]) -> str:
    name = node.text(f"a {what}")
    if name not in known:
        raise node.error(f"there is no {what} {name!r}{nearest(name, known) if known else ''}")
    return name
