"""Where callers of an auto attendant come to: they are greeted, told the keys, and led on (F5)."""

from collections.abc import Mapping

from ivr.clock import samples
from ivr.engine.flow import Node, To
from ivr.engine.nodes import Menu
from ivr.engine.requests import Said
from ivr.mailbox.ways import OPERATOR, ask, played, say, to
from ivr.mailbox.words import Asks
from ivr.voicemail import Attendant, DialPlan, KeyChoice, Samples

_WAIT = samples(5)
"""F5: a time-out is a key that was not pressed for five seconds."""

_GREETINGS = {"open": "attendant-welcome", "closed": "attendant-closed", "holiday": "attendant-holiday"}


def attendant_nodes(one: Attendant, plan: DialPlan) -> Mapping[str, Node]:
    """Return where callers of an attendant can come to, besides what a dial plan's can."""
    here = node_of(one.name)
    nodes: dict[str, Node] = {here: ask(f"{Asks.RECEPTION} {one.name}".strip(), {
        mode: To(f"{here}, {mode}") for mode in _GREETINGS})}
    for mode, prompt in _GREETINGS.items():
        menu = f"{here}, {'open' if mode == 'open' else 'closed'} menu"
        nodes[f"{here}, {mode}"] = _greeting(one.greeting if mode == "open" else one.closed_greeting, prompt, menu,
                                             f"greeting {mode} {one.name}".strip())
    for mode, choices in (("open", one.open_keys), ("closed", one.closed_keys)):
        menu = f"{here}, {mode} menu"
        for choice in choices:
            nodes[f"{menu} {choice.key}"] = _action(choice, plan, menu)
        nodes[menu] = _menu(one, choices, menu, plan)
    return nodes


def node_of(name: str) -> str:
    """Return the node to which callers of an attendant come."""
    return f"attendant {name}".strip()


def _greeting(recording: Samples | None, prompt: str, menu: str, what: str) -> Node:
    if recording is None:
        return say("attendant-greeting", menu, prompt, with_key=True)
    return played("attendant-greeting", what, menu, with_key=True)


def _menu(of: Attendant, choices: tuple[KeyChoice, ...], menu: str, plan: DialPlan) -> Menu:
    ways = {choice.key: To(f"{menu} {choice.key}") for choice in choices}
    silence = ways.pop("timeout", None)
    offers = [Said("attendant-key", {"name": one.label, "key": one.key}) for one in choices if one.label]
    if of.by_name:
        ways["#"] = To("spelling")
        offers.append(Said("attendant-by-name"))
    if (of.operator or plan.operator) and "0" not in ways:
        ways["0"] = OPERATOR
        offers.append(Said("attendant-operator"))
    failing = {"silence": silence} if silence else {"nothing heard": To(menu)}
    return Menu(state="attendant-menu", label="attendant", prompts=() if offers else ("attendant-no-choice",),
                offers=tuple(offers), tries=plan.input_failures, wait=_WAIT, keys={key: key for key in ways},
                exits={**ways, **failing, "unknown": to(menu, "choice-unknown"), "gave up": OPERATOR})


def _action(choice: KeyChoice, plan: DialPlan, menu: str) -> Node:
    match choice.action:
        case "message":
            return ask(f"{Asks.MESSAGE_FOR} {choice.argument}", {
                "found": To("greeting-of"), "unknown": to(menu, "unknown-extension")})
        case "file":
            return played("attendant-file", f"file {choice.argument}", menu, with_key=True)
        case "attendant" if choice.argument in plan.attendants:
            return ask(Asks.GOING_ON, {"on": To(node_of(choice.argument))})
        case "extension":
            return ask(f"{Asks.REACH} {choice.argument}", {"known": To("connecting")})
        case "location" | "hours":
            return ask(Asks.GOING_ON, {"on": to(menu, f"attendant-{choice.action}")})
        case _:
            return ask(Asks.GOING_ON, {"on": OPERATOR})
