"""What an auto attendant's keys do, and when it is open (F5), as an administrator types it."""

import re

from ivr.directory.parameters.texts import Text

_ACTION = (r"(?:extension:[0-9]{1,20}|message:[0-9]{1,20}|attendant(?::[\w-]{1,64})?|operator|location|hours"
           r"|file:[^;]{1,255})")
KEY = re.compile(rf"(?P<key>[0-9]|timeout)=(?P<action>{_ACTION})(?: \((?P<label>[^;()]{{1,60}})\))?")
"""A key, what it does, and in brackets what callers are told it is for."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(DAYS)
SPAN = re.compile(rf"(?P<first>{_DAY})(?:-(?P<last>{_DAY}))? "
                  r"(?P<begin>(?:[01][0-9]|2[0-3]):[0-5][0-9])-(?P<end>(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)")
"""Days of the week, and from when to when; the last moment is no more within."""

HOLIDAY = re.compile(r"(?P<first>[0-9]{4}-[01][0-9]-[0-3][0-9])(?:\.\.(?P<last>[0-9]{4}-[01][0-9]-[0-3][0-9]))?")
"""A day, or from one to another, both included."""


def parts(text: str) -> list[str]:
    """Return what stands between semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _all(pattern: re.Pattern[str], value: str) -> bool:
    return all(pattern.fullmatch(part) for part in parts(value))


def _keys_differ(value: str) -> bool:
    keys = [part.partition("=")[0] for part in parts(value)]
    return len(set(keys)) == len(keys)


KEY_MAP = Text("keys such as '1=extension:36697 (sales); 2=message:40022 (service); timeout=operator', each once, "
               "or 'none'", lambda value: len(value) <= 2000 and _all(KEY, value) and _keys_differ(value))

HOURS = Text("hours such as 'mon-fri 08:00-17:00; sat 09:00-12:00', or 'none'",
             lambda value: len(value) <= 500 and _all(SPAN, value))

HOLIDAYS = Text("days such as '2021-12-24..2021-12-26; 2022-01-01', or 'none'",
                lambda value: len(value) <= 2000 and _all(HOLIDAY, value))
