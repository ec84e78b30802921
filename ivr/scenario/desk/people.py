"""Who is meant by a name in a scenario, and the placeholders that stand for PINs and IDs nobody has typed."""

import re
from collections.abc import Callable, Iterable, Mapping

from ivr.mail.addresses import plain
from ivr.reading import YamlNode, nearest
from ivr.scenario.errors import NothingThere
from ivr.secrecy import MASK

PLACEHOLDER = re.compile(r"\{(?P<old>old )?(?P<what>pin|conference id) of (?P<name>[^{}]+)\}")
"""`{pin of NAME}`, `{old pin of NAME}`, `{conference id of NAME}`, `{old conference id of NAME}`."""

_FORMS = "{pin of NAME}, {old pin of NAME}, {conference id of NAME} or {old conference id of NAME}"


class People:
    """Organizers, each called by his address, his name, his SIP URI, or any word of these that is only his.

    Parameters
    ----------
    organizers : iterable of (address, other names)
    meetings : iterable of str
        Names of meetings.
    """

    def __init__(self, organizers: Iterable[tuple[str, Iterable[str]]] = (), meetings: Iterable[str] = ()) -> None:
        self._whole: dict[str, str] = {}
        self._words: dict[str, dict[str, None]] = {}
        self.meetings = tuple(meetings)
        for address, names in organizers:
            local = address.partition("@")[0]
            for name in (address, local, *names):
                if name:
                    self._whole.setdefault(name.casefold(), address)
            for word in re.split(r"[\s._-]+", " ".join((local, *names)).casefold()):
                if word:
                    self._words.setdefault(word, {})[address] = None

    def __bool__(self) -> bool:
        return bool(self._whole)

    def find(self, name: str, node: YamlNode) -> str:
        """Return the address of who is meant; complain if it is nobody, or several."""
        low = plain(name)
        if low in self._whole:
            return self._whole[low]
        meant = list(self._words.get(low, ()))
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise node.error(f"{name!r} may be {' or '.join(meant)}: write the address")
        if not self._whole:
            raise node.error(f"there is no organizer {name!r}: list him under 'organizers', with his address")
        raise node.error(f"there is no organizer {name!r}{nearest(low, [*self._words, *self._whole])}")

    def knows(self, name: str) -> bool:
        """Tell whether exactly one organizer is called so."""
        low = plain(name)
        return low in self._whole or len(self._words.get(low, ())) == 1

    def placed(self, text: str, node: YamlNode) -> str:
        """Return a text in which each placeholder names an address or a meeting; complain of any other brace."""
        def one(found: re.Match[str]) -> str:
            name = found["name"].strip()
            if found["what"] == "pin" or name not in self.meetings:
                name = self.find(name, node)
            return f"{{{found['old'] or ''}{found['what']} of {name}}}"

        if "{" not in text and "}" not in text:
            return text
        if re.search("[{}]", PLACEHOLDER.sub("", text)):
            shown = re.sub("[0-9]{4,}", MASK, text)
            raise node.error(f"{shown!r} has a brace that begins no placeholder: there are {_FORMS}")
        return PLACEHOLDER.sub(one, text)


def filled(text: str, values: Callable[[bool, str, str], str]) -> str:
    """Return a text with every placeholder replaced by `values(old, what, name)`."""
    return PLACEHOLDER.sub(lambda found: values(bool(found["old"]), found["what"], found["name"]), text)


def no_desk(text: str) -> str:
    """Return a text that needs nothing of a desk, for stories without one.

    Raises
    ------
    NothingThere
        If it holds a placeholder after all.
    """
    if PLACEHOLDER.search(text):
        raise NothingThere("there is no desk in this story: list its organizers under 'organizers'")
    return text


def masked(values: Mapping[str, object]) -> str:
    """Return options as they may be shown: ", first use no, pin ****"."""
    return "".join(f", {name} {MASK if name == 'pin' else _word(value)}" for name, value in values.items())


def _word(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
