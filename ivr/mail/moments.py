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
    return _told("moment", at, offset, words, hours_24=True)


def date_and_time(at: int, offset: int, words: Mapping[str, Any], *, hours_24: bool) -> str:
    """Return a moment as it is read out, without its year and zone, by a clock of 24 hours or of 12."""
    return _told("spoken-moment", at, offset, words, hours_24=hours_24)


def _told(form: str, at: int, offset: int, words: Mapping[str, Any], *, hours_24: bool) -> str:
    days, seconds = divmod(at + offset, _DAY)
    year, month, day = date_of(days)
    hour, minute = seconds // 3600, seconds // 60 % 60
    time = f"{hour:02}:{minute:02}" if hours_24 else str(words["clock-12"]).format(
        hour=hour % 12 or 12, minute=f"{minute:02}", half=words["half-of-day"]["am" if hour < 12 else "pm"])
    return str(words[form]).format(
        weekday=list(words["weekdays"].values())[(days + 3) % 7], day=day, month=words["months"][str(month)],
        year=year, time=time, zone=_zone(offset))


def date_of(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a day since 1970.

    Years are counted from March here, so that a leap day ends one.
    """
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
