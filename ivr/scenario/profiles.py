"""A user's own profile: a YAML file that starts from one of those there are, and says what is different."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from ivr.conference.fields import FieldRefused, KeyMap, described
from ivr.conference.profile import DEFAULT, PROFILES, Profile, UnknownProfile, profile
from ivr.reading import YamlNode, compose, nearest, read
from ivr.scenario.errors import ScenarioError
from ivr.scenario.writing import SCENARIO

_ENDINGS = (".yaml", ".yml")


def find(name: str, *, beside: Path | None = None) -> Profile:
    """Return a profile by its name, or read it from a file.

    Parameters
    ----------
    name : str
        One of `PROFILES`, or a path that ends in .yaml or .yml.
    beside : Path, optional
        The folder that the path is relative to.

    Raises
    ------
    UnknownProfile
        If it is neither; the message names the nearest.
    ScenarioError
        If something in the file is wrong: with file, line, and the nearest word.
    """
    if name in PROFILES or not name.endswith(_ENDINGS):
        try:
            return profile(name)
        except UnknownProfile as error:
            raise UnknownProfile(f"{error} A file of your own ends in .yaml", value=error.value) from None
    return load(Path(name) if beside is None else beside / name)


def load(path: Path) -> Profile:
    """Read a profile from a file.

    Raises
    ------
    ScenarioError
        With file, line, value and what to do.
    """
    return parse(read(path, SCENARIO, "a profile"), path)


def parse(text: str, path: Path) -> Profile:
    """Read a profile from text; `path` is what its messages name."""
    if not text.strip():
        raise ScenarioError(path, 0, f"the file is empty: a profile begins with a line such as 'from: {DEFAULT}'")
    top = compose(text, path, SCENARIO).fields("a profile", ("from", "title", *described(Profile)))
    base = DEFAULT
    if "from" in top:
        base = top["from"].text("the profile to start from")
        if base not in PROFILES:
            raise top["from"].error(f"there is no profile {base!r}{nearest(base, PROFILES)}")
    start = PROFILES[base]
    title = top["title"].text("the title") if "title" in top else f"{base}, changed by {path.name}"
    changes = changed(start, {name: node for name, node in top.items() if name not in ("from", "title")})
    return replace(start, name=path.stem, title=title, **changes)


def changed(start: Profile, fields: dict[str, YamlNode], *, of_meeting: bool = False) -> dict[str, Any]:
    """Return what a mapping changes of a profile, by the names of the fields inside.

    Parameters
    ----------
    of_meeting : bool
        Whether only what a single meeting can have otherwise is taken.
    """
    known = {name: one for name, one in described(Profile).items() if one[1].of_meeting or not of_meeting}
    changes: dict[str, Any] = {}
    for name, node in fields.items():
        if name not in known:
            raise node.error(f"a {'meeting' if of_meeting else 'profile'} has no {name!r}{nearest(name, known)}")
        inside, about = known[name]
        try:
            changes[inside.name] = (_keys(about.kind, getattr(start, inside.name), node)
                                    if isinstance(about.kind, KeyMap) else about.kind.read(node.text(name)))
        except FieldRefused as error:
            raise node.error(f"{name}: {error}") from None
    return changes


def _keys(kind: KeyMap, keys: Any, node: YamlNode) -> Any:  # noqa: ANN401
    for name, value in node.fields("'keys'").items():
        keys = kind.changed(keys, name, value.text(f"the keys of {name}"))
    return kind.checked(keys)


def languages(text: str, node: YamlNode, spoken: Collection[str]) -> tuple[str, ...]:
    """Return the languages in a list with commas, the primary one first (A1.4)."""
    kind = described(Profile)["languages"][1].kind
    try:
        found: tuple[str, ...] = kind.read(text)
    except FieldRefused as error:
        raise node.error(str(error)) from None
    for one in found:
        if spoken and one not in spoken:
            raise node.error(f"there is no language {one!r}{nearest(one, spoken)}")
    return found
