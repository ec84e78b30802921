"""Options of the desk that were typed before the verb: they are taken to where they belong."""

from collections.abc import Collection

_WITH_VALUE, _ALONE = "--database", "--json"


def behind(words: list[str], nouns: Collection[str]) -> list[str]:
    """Return words in which --database and --json stand behind command and verb, wherever they stood before these.

    Parameters
    ----------
    nouns : collection of str
        The commands that have verbs.
    """
    options: list[str] = []
    named: list[str] = []
    rest = [*words]
    while rest and len(named) < 2:
        word = rest[0]
        taken = 1 if word == _ALONE or word.startswith(f"{_WITH_VALUE}=") else 2 if word == _WITH_VALUE else 0
        if taken:
            options += rest[:taken]
        elif word.startswith("-") or (named and named[0] not in nouns):
            break
        else:
            named.append(word)
        del rest[:taken or 1]
    return [*named, *options, *rest] if named and options else words
