"""A cmdlet's words, and a cmdlet's parameters on our own commands, as the words of our command line."""

import re
from collections.abc import Iterable, Mapping, Sequence

from ivr.cli.cmdlets.base import ASK, Argument, Cmdlet
from ivr.cli.cmdlets.table import CMDLETS
from ivr.cli.faults import UsageError, masked
from ivr.directory.errors import nearest

_VERBS = {name.partition("-")[0] for name in CMDLETS}
_NAME = re.compile("-[A-Za-z]|--[A-Za-z]")
_NO_VALUE = ("switch", "nothing")
_TRUTH = {"$true": True, "true": True, "1": True, "yes": True,
          "$false": False, "false": False, "0": False, "no": False}


def translated(words: Sequence[str]) -> list[str]:
    """Return words of our command line.

    A cmdlet may come with a blank in place of its hyphen, as machine-translated pages print it (S4.21). Its
    parameters may be shortened as long as they stay unambiguous, and `-amos.marble` names a user (S4.18). A cmdlet
    asks before it destroys only with `-Confirm`, as it does in its own shell.

    Raises
    ------
    UsageError
        If it is no cmdlet of ours, or has no such parameter.
    """
    if not words:
        return []
    if len(words) > 1 and words[0].lower() in _VERBS and f"{words[0]}-{words[1]}".lower() in CMDLETS:
        words = [f"{words[0]}-{words[1]}", *words[2:]]
    if re.fullmatch("[A-Za-z]+-[A-Za-z]+", words[0]) and words[0].partition("-")[0].lower() in _VERBS:
        cmdlet = CMDLETS.get(words[0].lower())
        if cmdlet is None:
            known = [one.name for one in CMDLETS.values()]
            raise UsageError(f"there is no cmdlet {words[0]!r}{nearest(words[0], known)}; "
                             "docs/administration.md lists them")
        return _of_cmdlet(cmdlet, words[1:])
    return _of_ours(words)


def _of_cmdlet(cmdlet: Cmdlet, words: Sequence[str]) -> list[str]:
    known = _by_name(cmdlet.arguments)
    places: dict[int, str] = {}
    options: list[str] = []
    bare: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not re.match("-[^-0-9]", word):
            (options if word.startswith("--") else bare).append(word)
            continue
        argument = _argument(known, word)
        if argument is None and re.search("[.@]", word) and "identity" in known:
            bare.append(word.removeprefix("-"))
            continue
        if argument is None:
            # behind a colon there may be a PIN
            name = word.partition(":")[0]
            begun = [f"-{one.name}" for one in cmdlet.arguments if f"-{one.name}".lower().startswith(name.lower())]
            if begun:
                raise UsageError(f"{name!r} may be {' or '.join(begun)}: write more of it")
            raise UsageError(f"{cmdlet.name} has no parameter {name!r}"
                             f"{nearest(name, [f'-{one.name}' for one in cmdlet.arguments])}")
        if argument.way == "word":
            places[argument.at] = _value(argument, word, rest)
        else:
            options += [said for said in _said(argument, word, rest)
                        if said not in options or not said.startswith("--")]
    free = (n for n in range(len(places) + len(bare)) if n not in places)
    places = dict(enumerate(cmdlet.words)) | places | dict(zip(free, bare, strict=False))
    if cmdlet.asks and not {ASK, "--yes"} & set(options):
        options.append("--yes")
    return [*cmdlet.command, *(places[n] for n in sorted(places)), *(said for said in options if said != ASK)]


def _of_ours(words: Sequence[str]) -> list[str]:
    """Return the words of one of our commands with a cmdlet's parameters in them put into ours."""
    if len(words) < 2 or not any(re.match("-[A-Za-z]{2}|--[a-z]*[A-Z]", word) for word in words):
        return list(words)
    cmdlets = [one for one in CMDLETS.values()
               if one.command == tuple(words[:len(one.command)])]
    if not cmdlets:
        return list(words)
    known = _by_name(argument for one in cmdlets for argument in one.arguments)
    given: list[str] = []
    rest = list(words[len(cmdlets[0].command):])
    while rest:
        word = rest.pop(0)
        argument = _argument(known, word) if re.match("-[A-Za-z]{2}|--[a-z]*[A-Z]", word) else None
        if argument is None:
            given.append(word)
        elif argument.way == "word":
            given.insert(min(argument.at, len(given)), _value(argument, word, rest))
        else:
            given += [said for said in _said(argument, word, rest)
                      if said not in given or not said.startswith("--")]
    return [*cmdlets[0].command, *(said for said in given if said != ASK)]


def _by_name(arguments: Iterable[Argument]) -> dict[str, Argument]:
    return {argument.name.lower(): argument for argument in arguments}


def _argument(known: Mapping[str, Argument], word: str) -> Argument | None:
    """Return the parameter that a word names, in full or by an unambiguous beginning."""
    name = word.lstrip("-").partition(":")[0].lower()
    begun = {full: argument for full, argument in known.items() if full.startswith(name)}
    return known.get(name) or (next(iter(begun.values())) if len(begun) == 1 else None)


def _value(argument: Argument, word: str, rest: list[str]) -> str:
    _, colon, value = word.partition(":")
    if colon and value:
        return value
    if not rest or _NAME.match(rest[0]):
        raise UsageError(f"-{argument.name} is given no value")
    return rest.pop(0)


def _said(argument: Argument, word: str, rest: list[str]) -> list[str]:
    """Return what a parameter is in our words."""
    if argument.way in _NO_VALUE:
        text = word.partition(":")[2].lower()
        if text not in ("", *_TRUTH):
            raise UsageError(f"-{argument.name} takes $true or $false, not {masked(repr(text))}")
        return argument.to.split() if argument.way == "switch" and _TRUTH.get(text, True) else []
    if argument.way == "yes-no" and (":" not in word) and (not rest or rest[0].lower() not in _TRUTH):
        return argument.to.split()
    value = _value(argument, word, rest)
    if argument.way == "yes-no":
        if value.lower() not in _TRUTH:
            raise UsageError(f"-{argument.name} takes $true or $false, not {masked(repr(value))}")
        return (argument.to if _TRUTH[value.lower()] else argument.no).split()
    if argument.way == "value":
        return [f"--{argument.name}={value}"]
    *before, last = argument.to.split()
    return [*before, f"{last}={'' if value.lower() == '$null' else value}"]
