"""`ivr profile`: what a product does in a call, field by field, with its source; two side by side."""

import json
from dataclasses import fields
from typing import Annotated, Any

from cyclopts import App, Parameter

from ivr.cli.options import Json
from ivr.cli.options import Profile as Profile_
from ivr.conference.fields import KeyMap, described
from ivr.conference.profile import DEFAULT, PROFILES, Profile
from ivr.directory.administration import PinRules, administration
from ivr.scenario.profiles import find

app = App(name="profile", help_format="plaintext",
          help="Profiles: the products that are imitated, as data.\n\nExample: ivr profile compare teams2021 teams")

_DESK = {
    "pin-length": ("length", "B1.2, S0.20", "digits of a PIN that is generated"),
    "self-service": ("self_service", "B1.9, C4", "owners reset their PIN themselves"),
    "typed": ("typed", "B1.5, B4", "an administrator may type a PIN"),
    "length-binds-existing": ("length_binds_existing", "C15", "a new length binds PINs that exist"),
}
"""Contradictions that are the desk's: field of its rules, source, what it is."""

_WIDTH = 28


def _rows(one: Profile) -> list[dict[str, str]]:
    """Return every field: its area, name, value, source and meaning; keys a row each."""
    rows: list[dict[str, str]] = []
    area = ""
    for name, (inside, about) in described(Profile).items():
        area = about.area or area
        value = getattr(one, inside.name)
        row = {"area": area or "way in", "name": name, "source": about.source, "about": about.text}
        if isinstance(about.kind, KeyMap):
            rows += [{**row, "name": f"keys.{command.value}", "value": value.get(command, "none")}
                     for command in type(next(iter(value)))] if value else [{**row, "value": "none"}]
        else:
            rows.append({**row, "value": about.kind.show(value)})
    desk = administration(one.administration).pin
    known = {rule.name for rule in fields(PinRules)}
    rows += [{"area": "desk", "name": name, "source": source, "about": about, "value": _plain(getattr(desk, rule))}
             for name, (rule, source, about) in _DESK.items() if rule in known]
    return rows


def _plain(value: Any) -> str:  # noqa: ANN401
    return str(value) if not isinstance(value, bool) else "yes" if value else "no"


@app.command(name="list")
def list_() -> int:
    """List the profiles.

    Example: ivr profile list
    """
    for one in PROFILES.values():
        print(f"{one.name:<12} {one.title}{' (the default)' if one.name == DEFAULT else ''}")
    return 0


@app.command
def show(name: Profile_ = DEFAULT, /, *, json_: Json = False) -> int:
    """Show every field of a profile, with its source; [U] is our choice where no document tells.

    Example: ivr profile show teams

    Parameters
    ----------
    name
        A profile, or a file of your own.
    json_
        Print one JSON object instead.
    """
    one = find(name)
    rows = _rows(one)
    if json_:
        print(json.dumps({"name": one.name, "title": one.title, "fields": rows}, ensure_ascii=False))
        return 0
    print(f"{one.name}: {one.title}")
    area = ""
    for row in rows:
        if row["area"] != area:
            area = row["area"]
            print(f"\n{area}")
        value = f"{row['value']:<{_WIDTH - 1}}"
        print(f"  {row['name']:<{_WIDTH}}{value} {row['about']} ({row['source']})")
    return 0


@app.command
def compare(one: Profile_, other: Profile_, /, *,
            everything: Annotated[bool, Parameter(name="--all", negative="")] = False, json_: Json = False) -> int:
    """Show two profiles side by side: what is different, or everything.

    Example: ivr profile compare teams2021 sfbserver

    Parameters
    ----------
    one, other
        Profiles, or files of your own.
    everything
        Show what is the same too.
    json_
        Print one JSON object instead.
    """
    both = [find(one), find(other)]
    left, right = ({row["name"]: row for row in _rows(each)} for each in both)
    missing = {"value": "none"}
    rows = [{"name": name, "one": left.get(name, missing)["value"], "other": right.get(name, missing)["value"],
             "source": {**left, **right}[name]["source"]} for name in {**left, **right}]
    shown = [row for row in rows if everything or row["one"] != row["other"]]
    if json_:
        print(json.dumps({"one": both[0].name, "other": both[1].name, "fields": shown}, ensure_ascii=False))
        return 0
    print(f"{'':<{_WIDTH}}{both[0].name:<{_WIDTH}}{both[1].name:<{_WIDTH}}source")
    for row in shown:
        print(f"{row['name']:<{_WIDTH}}{row['one']:<{_WIDTH}}{row['other']:<{_WIDTH}}{row['source']}")
    if not shown:
        print("They are the same in every field.")
    return 0
