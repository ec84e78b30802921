"""Auto attendants: what is kept of them as values, and whether one is open at a moment (F5)."""

from collections.abc import Callable, Mapping
from typing import Any

from ivr.directory.parameters.schedules import DAYS, HOLIDAY, KEY, SPAN, parts
from ivr.mail.moments import date_of
from ivr.voicemail import Attendant, KeyChoice, Samples

_DAY = 86_400


def attendant(name: str, values: Mapping[str, Any], sound: Callable[[str], Samples | None]) -> Attendant:
    """Return an attendant.

    Parameters
    ----------
    values : mapping
        Of the group um-auto-attendant.
    sound : callable
        Reads a recording that a parameter names; None if it cannot be read.
    """
    open_keys, closed_keys = choices(values["business-keys"]), choices(values["after-hours-keys"])
    files = {choice.argument for choice in (*open_keys, *closed_keys) if choice.action == "file"}
    greetings = [sound(values[which]) if values[which] else None
                 for which in ("business-greeting-file", "after-hours-greeting-file")]
    return Attendant(name, open_keys, closed_keys, operator=values["operator"], by_name=values["search-by-name"],
                     location=values["location"], hours=values["business-hours"], greeting=greetings[0],
                     closed_greeting=greetings[1], files={file: sound(file) for file in sorted(files)})


def choices(text: str) -> tuple[KeyChoice, ...]:
    """Return the keys of an attendant."""
    found = []
    for part in parts(text):
        if match := KEY.fullmatch(part):
            action, _, argument = match["action"].partition(":")
            told: Any = action
            found.append(KeyChoice(match["key"], told, argument, match["label"] or ""))
    return tuple(found)


def extensions(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return which of these parameters, as they are shown, lead to which extensions."""
    found = [(name, choice.argument) for name in ("business-keys", "after-hours-keys")
             for choice in choices(values.get(name, "")) if choice.action in ("extension", "message")]
    return [*found, ("operator", values["operator"])] if values.get("operator", "").isdecimal() else found


def reception(values: Mapping[str, Any], local: int) -> str:
    """Tell whether an attendant is "open" or "closed", or it is a "holiday".

    Parameters
    ----------
    local : int
        The moment by the desk's clock: seconds since 1970, its zone's offset added.
    """
    days, second = divmod(local, _DAY)
    year, month, day = date_of(days)
    today = f"{year:04}-{month:02}-{day:02}"
    for part in parts(values["holidays"]):
        if (match := HOLIDAY.fullmatch(part)) and match["first"] <= today <= (match["last"] or match["first"]):
            return "holiday"
    if not values["business-hours"]:
        return "open"
    weekday, time = (days + 3) % 7, f"{second // 3600:02}:{second // 60 % 60:02}"
    for part in parts(values["business-hours"]):
        if (match := SPAN.fullmatch(part)) and match["begin"] <= time < match["end"]:
            first = DAYS.index(match["first"])
            last = DAYS.index(match["last"] or match["first"])
            if (weekday - first) % 7 <= (last - first) % 7:
                return "open"
    return "closed"
