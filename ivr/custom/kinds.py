"""Each kind of node that a file can have, and the node of the engine that it is."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from ivr.clock import samples
from ivr.custom.draft import Draft, Fields, duration, only, plain, telephone, tries
from ivr.custom.own import Handover, Inquiry, room_of
from ivr.custom.wording import recording
from ivr.engine.dialling import BUSY, NO_ANSWER, RINGS
from ivr.engine.flow import STAY, To
from ivr.engine.nodes import Ask, Collect, Language, Menu, Park, Play, Record, Say, Sub, Transferred
from ivr.engine.together import OVER, TOGETHER, Seat
from ivr.reading import YamlNode, nearest, yes
from ivr.secrecy import Secrecy

KEYS = "0123456789*#"
FAILED = "failed"
OUTSIDE = (BUSY, NO_ANSWER, TOGETHER, OVER)
"""What the application tells calls from outside."""

_WAIT, _NEXT = samples(5), samples(4)
_DIGITS = re.compile(r"([0-9]{1,2})(?:\s*(?:-|to)\s*([0-9]{1,2}))?")
_MOST_DIGITS = 32
URL = re.compile(r"https?://[^\s/?#@]+(?:[/?][^\s#]*)?")

_INSTEAD = (("other key", "other", "unknown"), ("silence", "silence", "nothing heard"))
"""Words of a menu that lead on where it would fail: with their exit, and that of the failure."""

_ASKED = ("say", "tries", "failed", "wrong", "nothing", "wait")
"""Words of nodes that ask for something."""


def say(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Say something, then go on."""
    only(fields, f"the node {name!r}", ("say", "then"))
    to = draft.then(fields, here, name)
    draft.nodes[name] = Say(state=name, prompts=draft.prompts(name, fields),
                            exits={"ended": to, "keyed": draft.keyed(to)})


def menu(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Ask for one key."""
    if "into" in fields:
        raise fields["into"].error("a menu keeps no key: to keep it use 'collect' with 'digits: 1' and 'end: none'")
    only(fields, f"the menu {name!r}", (*_ASKED, "keys", "other key", "silence"))
    if "say" not in fields:
        raise here.error(f"the menu {name!r} says nothing: add 'say', so that callers know the keys")
    keys = _keys(draft, fields["keys"])
    exits = _refusals(draft, name, fields, unknown="choice-unknown", nothing="choice-not-made")
    for word, exit_, failure in _INSTEAD:
        if word in fields:
            exits[exit_] = draft.target(fields[word])
            del exits[failure]
    if {"other", "silence"} <= exits.keys():
        if "failed" in fields:
            raise fields["failed"].error(f"nothing at the menu {name!r} fails, as 'other key' and 'silence' lead "
                                         "on: leave out 'failed'")
        del exits["gave up"]
    draft.nodes[name] = Menu(
        state=name, label=name, prompts=draft.prompts(name, fields), keys={key: key for key in keys},
        wait=_wait(fields, _WAIT), tries=tries(fields), exits={**keys, **exits})


def choose(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Let the caller choose one of the number's languages."""
    only(fields, f"the node {name!r}", ("choose", "then", "tries", "failed", "wrong", "nothing", "wait"))
    if fields["choose"].text("what is chosen") != "language":
        raise fields["choose"].error("only the language can be chosen: write 'choose: language', or a menu of "
                                     "'say' and 'keys'")
    draft.nodes[name] = Language(
        state=name, label=name, prompt="this-language", wait=_wait(fields, _WAIT), tries=tries(fields),
        exits={"chosen": draft.then(fields, here, name),
               **_refusals(draft, name, fields, unknown="language-unknown", nothing="choice-not-made")})


def collect(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Ask for digits."""
    only(fields, f"the node {name!r}", ("collect", "into", "then", "tries", "failed", "wrong", "nothing"))
    what = plain(fields["collect"], "'collect'")
    only(what, "'collect'", ("digits", "end", "say", "confirm", "secret", "wait", "next", "barge in"))
    if lacking := next((word for word in ("digits", "say") if word not in what), ""):
        raise fields["collect"].error(f"'collect' needs {lacking!r}" + (
            ": how many, as in 'digits: 6' or 'digits: 4-12'" if lacking == "digits" else ", which asks for them"))
    if "into" not in fields:
        raise here.error(f"the node {name!r} does not say where its digits go: add 'into' and the name of a "
                         "variable")
    end = what["end"].text("the key at the end") if "end" in what else "#"
    if end not in ("#", "*", "none"):
        raise what["end"].error(f"{end!r} does not end digits: it takes \"#\", \"*\" or none")
    variable = draft.variable(fields["into"])
    secret = "secret" in what and yes(what["secret"])
    confirm = _confirm(draft, name, what, variable)
    if secret:
        if confirm:
            raise what["confirm"].error("what is secret is not read out: leave out 'confirm'")
        draft.secret.setdefault(variable, what["secret"])
    draft.duties.into[name] = variable
    draft.variables.setdefault(variable, fields["into"])
    refusals = _refusals(draft, name, fields, unknown="digits-not-right", nothing="nothing-heard")
    draft.nodes[name] = Collect(
        state=name, label=name, prompts=(draft.prompt(name, what["say"]),), lengths=_lengths(what["digits"]),
        first=_wait(what, _WAIT), next_=duration(what["next"], most_s=60) if "next" in what else _NEXT,
        terminator="" if end == "none" else end, begin_again="" if end == "*" else "*", complete=end == "none",
        barge_in="barge in" not in what or yes(what["barge in"]), confirm=confirm, tries=tries(fields),
        secrecy=Secrecy.HIDDEN if secret else Secrecy.SHOWN_IF_VALID,
        exits={"entered": draft.then(fields, here, name), "wrong": refusals.pop("unknown"), **refusals})


def record(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Record what the caller says."""
    only(fields, f"the node {name!r}", ("record", "say", "save", "then", "nothing"))
    what = plain(fields["record"], "'record'")
    only(what, "'record'", ("longest", "silence", "end"))
    end = what["end"].text("the key at the end") if "end" in what else "#"
    if len(end) != 1 or end not in KEYS:
        raise what["end"].error(f"{end!r} is no key: there are 0-9, * and #")
    to = draft.then(fields, here, name)
    if "save" in fields:
        draft.duties.saves[name] = draft.variable(fields["save"])
        draft.saved.add(draft.duties.saves[name])
    draft.nodes[name] = Record(
        state=name, prompts=draft.prompts(name, fields), terminator=end,
        longest=duration(what["longest"], least_s=1, most_s=600) if "longest" in what else samples(60),
        silence=duration(what["silence"], least_s=0.5, most_s=60) if "silence" in what else samples(3),
        exits={"recorded": to, "nothing": draft.target(fields["nothing"]) if "nothing" in fields else to})


def play(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Play a recording: a file, or what this caller has recorded."""
    only(fields, f"the node {name!r}", ("play", "keys", "then"))
    what = fields["play"].text("what is played")
    if re.search(r"\.\w+$", what):
        played = recording(fields["play"])
        draft.reader.recordings[what] = played
    else:
        draft.played[draft.variable(fields["play"])] = fields["play"]
    keys = _keys(draft, fields["keys"]) if "keys" in fields else {}
    draft.nodes[name] = Play(state=name, what=what, keys={key: key for key in keys},
                             exits={"ended": draft.then(fields, here, name), **keys})


def ask(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Ask somebody's own app, over HTTP."""
    only(fields, f"the node {name!r}", ("ask", "send", "gives", "exits", "then", "failed"))
    url = fields["ask"].text("where it is asked")
    if len(url) > 2000 or not URL.fullmatch(url):
        raise fields["ask"].error(f"{url[:60]!r} is no address to ask: write one such as "
                                  "http://127.0.0.1:8080/orders")
    if ("exits" in fields) == ("then" in fields):
        raise here.error(f"the node {name!r} has either 'exits', one for each answer, or 'then' for all of them")
    if "exits" in fields:
        exits = _exits(draft, fields["exits"], "the answers")
    else:
        exits = {"answered": draft.target(fields["then"])}
    for node in fields["gives"].items("'gives'") if "gives" in fields else ():
        draft.given.setdefault(draft.variable(node), node)
    sends = [(draft.variable(node), node) for node in
             (fields["send"].items("'send'") if "send" in fields and fields["send"].value else ())]
    draft.sent += sends
    draft.addresses.append((url, fields["ask"]))
    draft.duties.inquiries[name] = Inquiry(url, tuple(dict.fromkeys(one for one, _ in sends)),
                                    tuple(exits) if "exits" in fields else ())
    if FAILED in exits:
        raise fields["exits"].error(f"'{FAILED}' is what happens when no answer comes: write it beside 'exits'")
    exits[FAILED] = draft.target(fields["failed"]) if "failed" in fields else draft.fault()
    draft.nodes[name] = Ask(state=name, question=name, answers=frozenset(exits), hold="please-hold", exits=exits)


def transfer(draft: Draft, name: str, _: YamlNode, fields: Fields) -> None:
    """Dial somebody else for the caller, and let them speak; or hand the caller over and be done with it."""
    only(fields, f"the node {name!r}", ("transfer", "say", BUSY, NO_ANSWER, "then", "ring", "blind"))
    number = telephone(fields["transfer"])
    end = draft.target(fields["then"]) if "then" in fields else draft.hang_up()
    prompts = draft.prompts(name, fields)
    if "blind" in fields and yes(fields["blind"]):
        if wrong := next((word for word in (BUSY, NO_ANSWER, "ring") if word in fields), ""):
            raise fields[wrong].error(f"a blind transfer is not waited for: leave out {wrong!r} or 'blind'")
        draft.nodes[name] = Transferred(state=name, to=number, prompts=prompts, exits={"ended": end})
        return
    draft.duties.handovers[name] = Handover(number, duration(fields["ring"], least_s=1, most_s=300)
                                     if "ring" in fields else RINGS)
    ways = {word: draft.target(fields[word]) if word in fields else draft.farewell() for word in (BUSY, NO_ANSWER)}
    draft.nodes[name] = Park(
        state=name, prompts=prompts, music=True, does=(f"dial {name}",),
        on={**ways, TOGETHER: To(STAY, does=("meet",)), OVER: end})


def conference(draft: Draft, name: str, _: YamlNode, fields: Fields) -> None:
    """Let callers be together."""
    only(fields, f"the node {name!r}", ("conference", "say", "then", "start on enter", "end on exit", "wait music",
                                        "mute", "beep"))
    room = fields["conference"].text("the name of a conference")
    if not re.fullmatch(r"\w[\w .-]{0,63}", room):
        raise fields["conference"].error(f"{room[:40]!r} is no name of a conference: use letters, digits, - and _")
    said = {word: yes(fields[word]) for word in ("start on enter", "end on exit", "wait music", "mute", "beep")
            if word in fields}
    seat = Seat(room_of(room), shown=room)
    draft.duties.seats[name] = replace(
        seat, starts=said.get("start on enter", seat.starts), ends=said.get("end on exit", seat.ends),
        music=said.get("wait music", seat.music), muted=said.get("mute", seat.muted),
        beep=said.get("beep", seat.beep), beep_leaving=said.get("beep", seat.beep_leaving))
    draft.nodes[name] = Park(state=name, prompts=draft.prompts(name, fields), does=(f"join {name}",),
                             on={TOGETHER: To(STAY, does=("begin",)),
                                 OVER: draft.target(fields["then"]) if "then" in fields else draft.farewell()})


def wait(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Let time pass, with music or in silence."""
    only(fields, f"the node {name!r}", ("wait", "say", "music", "then"))
    draft.duties.waits[name] = duration(fields["wait"])
    draft.nodes[name] = Park(state=name, prompts=draft.prompts(name, fields), does=(f"wait {name}",),
                             music="music" in fields and yes(fields["music"]),
                             on={OVER: draft.then(fields, here, name)})


def do(draft: Draft, name: str, here: YamlNode, fields: Fields) -> None:
    """Go through another flow of the file."""
    only(fields, f"the node {name!r}", ("do", "exits"))
    flow = fields["do"].text("the name of a flow")
    if flow not in draft.flows:
        raise fields["do"].error(f"there is no flow {flow!r}" + (
            nearest(flow, draft.flows) if draft.flows else ": write it under 'flows'"))
    if "exits" not in fields:
        raise here.error(f"the node {name!r} needs 'exits': where each 'return' of the flow {flow!r} leads")
    exits = _exits(draft, fields["exits"], "the ends of a flow")
    draft.done.append((flow, fields["exits"]))
    draft.nodes[name] = Sub(state=None, flow=flow, ends=frozenset(exits), exits=exits)


Kind = Callable[[Draft, str, YamlNode, Fields], None]

KINDS: Mapping[str, Kind] = {
    "collect": collect, "record": record, "play": play, "ask": ask, "transfer": transfer, "conference": conference,
    "choose": choose, "do": do, "keys": menu, "wait": wait, "say": say}
"""By the word that tells what a node is; of several the first here counts, the others are its options."""

_OPTIONS: Mapping[str, frozenset[str]] = {
    "record": frozenset({"say"}), "transfer": frozenset({"say"}), "conference": frozenset({"say"}),
    "choose": frozenset({"wait"}), "play": frozenset({"keys"}), "keys": frozenset({"say", "wait"}),
    "wait": frozenset({"say"})}

_EVERYWHERE = frozenset({"say", "wait"})
"""Kinds that are options of others."""


def kind_of(name: str, here: YamlNode, fields: Fields) -> Kind:
    """Return what kind of node this is."""
    words = [word for word in KINDS if word in fields]
    if not words:
        given = next(iter(fields), "")
        if begun := next((kind for kind in KINDS if given.startswith((f"{kind} ", f'{kind}"'))), ""):
            raise here.error(f"{begun!r} needs a colon before its value")
        raise here.error(f"the node {name!r} is of no kind{nearest(given, KINDS)}")
    first, *others = words
    if wrong := next((word for word in others if word not in _OPTIONS.get(first, ())), ""):
        raise fields[wrong].error(f"the node {name!r} is two things, {first!r} and {wrong!r}: make it two nodes")
    if first in _EVERYWHERE:  # what else stands there may be the word that was meant to tell the kind
        for word in fields.keys() - KINDS.keys():
            if near := difflib.get_close_matches(word, KINDS.keys() - _EVERYWHERE, n=1):
                raise fields[word].error(f"the node {name!r} has no {word!r}; did you mean {near[0]!r}?")
    return KINDS[first]


def _keys(draft: Draft, node: YamlNode) -> dict[str, To]:
    fields = node.fields("'keys'")
    if not fields:
        raise node.error("'keys' is empty: name at least one and where it leads")
    for key, value in fields.items():
        if len(key) != 1 or key not in KEYS:
            raise value.error(f"{key!r} is no key: there are 0-9, \"*\" and \"#\"")
    return {key: draft.target(value) for key, value in fields.items()}


def _exits(draft: Draft, node: YamlNode, what: str) -> dict[str, To]:
    fields = node.fields("'exits'")
    if not fields:
        raise node.error(f"'exits' is empty: name {what} and where each leads")
    return {exit_: draft.target(value) for exit_, value in fields.items()}


def _refusals(draft: Draft, name: str, fields: Fields, *, unknown: str, nothing: str) -> dict[str, To]:
    """Return where a node goes that is answered wrong, not at all, or so too often."""
    return {"unknown": To(name, (draft.or_else(name, "wrong", fields, unknown),)),
            "nothing heard": To(name, (draft.or_else(name, "nothing", fields, nothing),)),
            "gave up": draft.failed(fields)}


def _wait(fields: Fields, usual: int) -> int:
    return duration(fields["wait"], most_s=300) if "wait" in fields else usual


def _lengths(node: YamlNode) -> range:
    text = node.text("how many digits")
    found = _DIGITS.fullmatch(text)
    least, most = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= least <= most <= _MOST_DIGITS:
        raise node.error(f"{text!r} is no number of digits: write one, or two as in '4-12', from 1 to "
                         f"{_MOST_DIGITS}")
    return range(least, most + 1)


def _confirm(draft: Draft, name: str, what: Fields, variable: str) -> str:
    """Return the prompt that reads digits out; empty where nothing does."""
    node = what.get("confirm")
    if node is None or node.value == "no":
        return ""
    if node.value == "yes":
        return "confirm-digits"
    prompt = draft.prompt(f"{name} confirm", node)
    draft.confirming.add(prompt)
    draft.wordings[prompt] = draft.wordings[prompt].renamed(variable, "digits")
    return prompt
