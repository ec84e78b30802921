"""The desk's part of the language: organizers, settings, and the administrator's steps."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from ivr.directory.administration import ADMINISTRATIONS
from ivr.directory.errors import DirectoryError
from ivr.mail.addresses import address
from ivr.mail.errors import BadHeader
from ivr.reading import YamlNode, nearest
from ivr.scenario.desk.orders import BEGINNING, ORDERS, WAITING, Word
from ivr.scenario.desk.parameters import read_settings
from ivr.scenario.desk.people import People, masked
from ivr.scenario.desk.words import DONE_AT_DESK, Founding, Order, StoryOrganizer
from ivr.scenario.including import led_to
from ivr.scenario.values import moment, telephone
from ivr.secrecy import MASK


class WhereReader(Protocol):
    """Reads where callers are to be, and what they hear."""

    def state(self, node: YamlNode) -> str:
        """Read where a call is to be."""

    def sound(self, node: YamlNode) -> tuple[object, str]:
        """Read what is heard; return it, and as it is said."""


class DeskReader:
    """Reads what a scenario says of the desk.

    Parameters
    ----------
    callers : collection of str
        Names of callers, whom the administrator can wait for.
    steps : collection of str
        What a caller can do, and the administrator cannot.
    sounds : callable
        Gives what reads what is heard, once it is known which languages are spoken.
    """

    def __init__(self, callers: Collection[str], steps: Collection[str], sounds: Callable[[], WhereReader]) -> None:
        self._callers, self._steps, self._sounds = callers, steps, sounds

    def organizers(self, node: YamlNode) -> tuple[StoryOrganizer, ...]:
        """Read 'organizers': a list of addresses, or of mappings with one."""
        found: dict[str, StoryOrganizer] = {}
        for item in node.items("'organizers'"):
            organizer = self._organizer(item)
            if organizer.address in found:
                raise item.error(f"{organizer.address} is listed in line {found[organizer.address].line} already: "
                                 "keep one of them")
            found[organizer.address] = organizer
        return tuple(found.values())

    def _organizer(self, item: YamlNode) -> StoryOrganizer:
        if isinstance(item.value, str):
            return StoryOrganizer(item.line, _address(item))
        fields = item.fields("an organizer", ("address", *BEGINNING))
        if "address" not in fields:
            raise item.error("an organizer needs an 'address', such as amos.marble@contoso.com")
        facts = {name: reader(fields[name]) for name, reader in BEGINNING.items() if name in fields}
        return StoryOrganizer(item.line, _address(fields["address"]), pin=facts.pop("pin", ""),
                         conference_id=facts.pop("conference id", ""), facts=_as_fields(facts))

    def founding(self, top: Mapping[str, YamlNode], organizers: tuple[StoryOrganizer, ...],
                 people: People) -> Founding:
        """Read everything else about the desk, once it is known who there is."""
        product = ""
        if "administration" in top:
            product = top["administration"].text("the administration")
            if product not in ADMINISTRATIONS:
                raise top["administration"].error(f"there is no administration {product!r}"
                                                  f"{nearest(product, ADMINISTRATIONS)}")
        settings = [setting for word in ("settings", "policies") if word in top
                    for setting in read_settings(word, top[word], checked=True)]
        for word in DONE_AT_DESK:
            if word in top and word in self._callers:
                raise top[word].error(f"{word!r} cannot be a caller too: name that caller otherwise")
        before, orders, after = (self._orders(word, top, people) for word in DONE_AT_DESK)
        line = top["administration"].line if "administration" in top else 0
        return Founding(product, line, tuple(settings), organizers, orders,
                        _leads(top["numbers"]) if "numbers" in top else {}, before, after,
                        moment(top["begins"]) if "begins" in top else None)

    def _orders(self, word: str, top: Mapping[str, YamlNode], people: People) -> tuple[Order, ...]:
        if word not in top:
            return ()
        orders = []
        for item in top[word].items(_WHAT[word]):
            order = self.order(item, people)
            if word != "administrator" and order.word in ("wait", "wait for"):
                raise item.error(f"nobody calls while {word!r} is done: it has any step but 'wait' and 'wait for'")
            orders.append(led_to(order, item))
        return tuple(orders)

    # the administrator's steps

    def order(self, item: YamlNode, people: People) -> Order:
        """Read one of the administrator's steps."""
        fields = item.fields("a step of the administrator")
        word = next((key for key in fields if key in ORDERS), next(iter(fields), ""))
        if word not in ORDERS:
            if word in self._steps:
                raise item.error(f"{word!r} is a step of a caller: write it under 'callers'")
            # a step without its colon may hold a PIN
            raise item.error(f"there is no step {re.sub('[0-9]{4,}', MASK, word)!r} for the administrator"
                             f"{nearest(word, ORDERS)}")
        node, rest, rule = fields[word], {key: one for key, one in fields.items() if key != word}, ORDERS[word]
        line = node.line
        if isinstance(node.value, dict) and rule.read is None and rule.about != "values":
            node, rest = _flat(word, node, rest)
        _only(word, rest, rule.options if word in WAITING else (*rule.options, "refused"))
        refused = _refused(rest.pop("refused")) if "refused" in rest else None
        if rule.about == "values":
            settings = tuple(read_settings(word, node, checked=refused is None))
            return Order(line, f"{word}: {', '.join(map(str, settings))}", word, settings=settings, refused=refused)
        if rule.read is not None:
            value = rule.read(node)
            return Order(line, f"{word}: {node.text('a time')}", word, options={"time": value})
        for need in rule.needed:
            if need not in rest:
                raise node.error(f"the step {word!r} needs {need!r} beside it")
        if word == "wait for" and ("in" in rest) == ("hears" in rest):
            raise node.error(f"the step {word!r} needs 'in' beside it, or 'hears'")
        options = self._options(rule, rest, refused=refused, people=people)
        _mailing(word, rest)
        subject = self._subject(word, node, people, known=refused is None)
        said = f"{word}: {node.text('a name')}{masked({key: _typed(one) for key, one in rest.items()})}"
        return Order(line, said, word, subject, options, refused=refused)

    def _options(self, rule: Word, rest: Mapping[str, YamlNode], *, refused: str | None, people: People
                 ) -> dict[str, Any]:
        options: dict[str, Any] = {}
        for key, one in rest.items():
            options[key] = rule.options[key](one)
            if key == "in" and rule.about == "caller":
                self._sounds().state(one)
            if key == "hears":
                options[key] = self._sounds().sound(one)[0]
            if key == "conference id" and refused is None and not re.fullmatch("[0-9]{7}", options[key]):
                raise one.error(f"{options[key]!r} is not a conference ID: one has exactly 7 digits")
            if key == "meeting":
                options[key] = _meeting(options[key], one, people, known=refused is None)
        return options

    def _subject(self, word: str, node: YamlNode, people: People, *, known: bool) -> str:
        about = ORDERS[word].about
        name = node.text(_WHICH[about])
        if about == "caller":
            if name not in self._callers:
                raise node.error(f"there is no caller {name!r}{nearest(name, self._callers)}")
        elif about == "meeting":
            return _meeting(name, node, people, known=known)
        elif about == "organizer":
            # whom the desk is to refuse may be nobody
            return people.find(name, node) if known or people.knows(name) else name
        elif about == "address" and known:
            return _address(node)
        elif about == "number" and known:
            return telephone(node)
        return name


_WHAT = {"administrator": "what the administrator does", "set up": "what is done before the first call",
         "tear down": "what is done after the last call"}
_WHICH = {"organizer": "which one", "address": "the address", "meeting": "which one", "caller": "whom",
          "number": "which one", "time": "how long"}


def _leads(node: YamlNode) -> dict[str, str]:
    """Read 'numbers': which application each leads to."""
    from ivr.directory.parameters.numbers import APPLICATIONS  # most stories do without the desk's words
    from ivr.directory.parameters.numbers import number as read

    leads = {}
    for typed, one in node.fields("'numbers'").items():
        try:
            number = read(typed)
        except DirectoryError as error:
            raise one.error(str(error)) from None
        leads[number] = one.text("what a number leads to")
        if leads[number].partition(" ")[0] not in APPLICATIONS:
            raise one.error(f"a number cannot lead to {leads[number]!r}{nearest(leads[number], APPLICATIONS)}")
    return leads


def _meeting(name: str, node: YamlNode, people: People, *, known: bool) -> str:
    placed = people.placed(name, node)
    if known and placed not in people.meetings and "{" not in placed and not re.fullmatch("[0-9]{7}", placed):
        raise node.error(f"there is no meeting {name!r} in this scenario"
                         f"{nearest(name, people.meetings) if people.meetings else ''}")
    return placed


def _mailing(word: str, rest: Mapping[str, YamlNode]) -> None:
    told = [key for key in ("send to", "from address", "from name") if key in rest]
    if told and "send mail" in rest and rest["send mail"].value == "no":
        raise rest[told[0]].error(f"{told[0]!r} has nothing to go with: leave out 'send mail: no'")
    if ("from address" in rest) != ("from name" in rest):
        raise rest[told[-1]].error(f"another sender of {word!r} needs 'from address' and 'from name' together")


def _flat(word: str, node: YamlNode, beside: Mapping[str, YamlNode]) -> tuple[YamlNode, dict[str, YamlNode]]:
    """Return whom or what a step is about, and all that stands beside it or in its mapping."""
    about, inside = ORDERS[word].about, node.fields(f"the step {word!r}")
    for key in inside:
        if key in beside:
            raise beside[key].error(f"{key!r} stands both beside the step and in it: keep one of them")
    if about not in inside:
        raise node.error(f"the step {word!r} needs {about!r}: write {_WHICH[about]}")
    return inside[about], {**{key: one for key, one in inside.items() if key != about}, **beside}


def _only(word: str, rest: Mapping[str, YamlNode], allowed: Collection[str]) -> None:
    for key, node in rest.items():
        if key not in allowed:
            shown = re.sub("[0-9]{4,}", MASK, key)
            raise node.error(f"the step {word!r} has no {shown!r}" +
                             (nearest(key, allowed) if allowed else ": it stands alone"))


def _refused(node: YamlNode) -> str | None:
    told = node.text("a refusal")
    return {"yes": "", "no": None}.get(told, told)


def _address(node: YamlNode) -> str:
    try:
        return address(node.text("an address"))
    except BadHeader as error:
        raise node.error(str(error)) from None


def _typed(node: YamlNode) -> str:
    return str(node.value).strip() if isinstance(node.value, str) else "..."


def _as_fields(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {field_of(name): value for name, value in facts.items()}


def field_of(name: str) -> str:
    """Return the field of `NewOrganizer` that a word of the language stands for."""
    return name.replace(" ", "_").replace("-", "_")
