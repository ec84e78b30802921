"""What has to be known of the administrator's steps before they are read: names and digits that others speak of."""

import re

from ivr.reading import YamlNode


def enabled_later(node: YamlNode) -> list[tuple[str, tuple[str, ...]]]:
    """Return whom the administrator enables in the story, by address and names, before the steps are read."""
    found = []
    for item in node.value if isinstance(node.value, list) else []:
        if isinstance(item.value, dict) and "enable" in item.value:
            value = item.value["enable"].value
            fields = {**item.value, **(value if isinstance(value, dict) else {"address": item.value["enable"]})}
            words = {key: str(fields[key].value) for key in ("address", "name", "sip uri") if key in fields}
            if words.get("address"):
                found.append((words.pop("address").lower(), tuple(words.values())))
    return found


def scheduled_later(node: YamlNode) -> list[str]:
    """Return the names of the meetings that the administrator schedules in the story."""
    found = []
    for item in node.value if isinstance(node.value, list) else []:
        if isinstance(item.value, dict) and "schedule" in item.value:
            inside = item.value["schedule"].value
            fields = {**item.value, **(inside if isinstance(inside, dict) else {})}
            if "name" in fields and isinstance(fields["name"].value, str):
                found.append(fields["name"].value.strip())
    return found


def spoken_later(node: YamlNode) -> list[YamlNode]:
    """Return where the administrator says which languages a number has."""
    found = []
    for item in node.value if isinstance(node.value, list) else []:
        if isinstance(item.value, dict) and "add number" in item.value:
            inside = item.value["add number"].value
            fields = {**item.value, **(inside if isinstance(inside, dict) else {})}
            found += [fields["languages"]] if "languages" in fields else []
    return found


def typed_digits(node: YamlNode) -> tuple[set[str], set[str]]:
    """Return every PIN and every conference ID that is typed in the administrator's steps."""
    found: dict[str, set[str]] = {"pin": set(), "conference id": set()}
    pending = [node]
    while pending:
        here = pending.pop().value
        pending += here if isinstance(here, list) else here.values() if isinstance(here, dict) else []
        for key, one in here.items() if isinstance(here, dict) else ():
            if key in found and isinstance(one.value, str) and re.fullmatch("[0-9]{4,}", one.value.strip()):
                found[key].add(one.value.strip())
    return found["pin"], found["conference id"]
