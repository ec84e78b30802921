"""A moment in the words of a letter: no clock is asked, and whoever writes the letter says which zone is meant."""

from collections.abc import Mapping
from typing import Any

_DAY, _ERA = 86_400, 146_097
"""Seconds of a day; days of 400 years, after which the calendar begins anew."""

_TO_1970 = 719_468
"""Days from the first of March of the year 0 to the first of January 1970."""


def moment(at: int, offset: int, words: Mapping[str, Any]) -> str:
    """Return a moment as a reader of a language writes it, such as "Monday, November 30, 2026, 10:00 (UTC+1)".

    Parameters
    ----------
    at : int
        Seconds since 1970, UTC.
    offset : int
        What the zone that is meant has then on UTC, in seconds.
    words : mapping
        The language's wordings.
    """
    days, seconds = divmod(at + offset, _DAY)
    year, month, day = _date(days)
    return str(words["moment"]).format(
        weekday=list(words["weekdays"].values())[(days + 3) % 7], day=day, month=words["months"][str(month)],
        year=year, time=f"{seconds // 3600:02}:{seconds // 60 % 60:02}", zone=_zone(offset))


def _date(days: int) -> tuple[int, int, int]:
    """Return year, month and day; years are counted from March here, so that a leap day ends one."""
    era, day_of_era = divmod(days + _TO_1970, _ERA)
    year = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
    month = (5 * day_of_year + 2) // 153
    return (year + 400 * era + (month >= 10), month + 3 if month < 10 else month - 9,
            day_of_year - (153 * month + 2) // 5 + 1)


def _zone(offset: int) -> str:
    hours, minutes = divmod(abs(offset) // 60, 60)
    sign = "" if not offset else "-" if offset < 0 else "+"
    return f"UTC{sign}{hours or '' if not minutes else hours}{f':{minutes:02}' if minutes else ''}"
