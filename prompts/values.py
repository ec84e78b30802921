"""Values in the words of a language: numbers, dates, times and amounts, as a person reads them out.

How each language writes them is Babel's to know (Unicode's CLDR); the voice reads what is written. No clock is
asked: a date is a text such as 2026-12-24, a time one such as 14:30, an amount one such as 12.50 EUR.
"""

import re
from calendar import monthrange
from decimal import Decimal
from enum import Enum

from prompts.errors import UnknownPrompt
from prompts.slots import MOST


class As(Enum):
    """How a value is said."""

    DIGITS = "digits"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MONEY = "money"
    TEXT = "text"


_CURRENCY = {"en": "USD", "zh": "CNY"}
"""What an amount is of that names nothing; euros in the other languages."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_MONEY = re.compile(rf"({_NUMBER.pattern})(?: ?([A-Z]{{3}}))?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")
_TIME = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?([0-9]{2}):([0-9]{2})(?::[0-9]{2}.*)?")
_FIELD = re.compile(r"'([^']*)'|(y+|M+|d+|H+|h+|m+|a+)")


def words(how: As, value: str, language: str) -> str:
    """Return a value as it is written for the voice; a text as it is.

    Parameters
    ----------
    how : As
        Not `As.DIGITS`, which are said one by one.
    value : str
    language : str
        One of `prompts.languages()`.

    Raises
    ------
    UnknownPrompt
        If the value is none of these.
    """
    written = _written(how, value.strip(), language)
    if written is None:
        raise UnknownPrompt(f"{value[:40]!r} cannot be said as {how.value}: {_WANTED[how]}", value=value[:40])
    return re.sub(r"[\s\u202f\u00a0]+", " ", written)


def whole(value: str) -> int | None:
    """Return a value that is a whole number which is said in words, 0 to 999; else None."""
    return int(value) if re.fullmatch("[0-9]{1,9}", value) and int(value) <= MOST else None


_WANTED = {As.NUMBER: "it takes a number such as 12.5", As.DATE: "it takes a date such as 2026-12-24",
           As.TIME: "it takes a time such as 14:30", As.MONEY: "it takes an amount such as 12.50 EUR"}


def _written(how: As, value: str, language: str) -> str | None:
    locale = language.replace("-", "_")
    match how:
        case As.NUMBER if _NUMBER.fullmatch(value):
            from babel.numbers import format_decimal

            return format_decimal(Decimal(value), locale=locale)
        case As.MONEY if found := _MONEY.fullmatch(value):
            from babel.numbers import format_currency

            currency = found[2] or _CURRENCY.get(language[:2], "EUR")
            return format_currency(Decimal(found[1]), currency, locale=locale, format_type="name")
        case As.DATE if found := _DATE.fullmatch(value):
            return _date(int(found[1]), int(found[2]), int(found[3]), locale)
        case As.TIME if found := _TIME.fullmatch(value):
            return _time(int(found[1]), int(found[2]), locale)
        case As.TEXT:
            return value
    return None


def _date(year: int, month: int, day: int, locale: str) -> str | None:
    from babel import Locale

    if not (1 <= month <= 12 and year and 1 <= day <= monthrange(year, month)[1]):
        return None
    spoken = Locale.parse(locale)
    months = spoken.months["format"]["wide"]
    return _filled(spoken.date_formats["long"].pattern,
                   {"y": str(year), "MMMM": months[month], "M": str(month), "d": str(day)})


def _time(hour: int, minute: int, locale: str) -> str | None:
    from babel import Locale

    if hour > 23 or minute > 59:
        return None
    spoken = Locale.parse(locale)
    return _filled(spoken.time_formats["short"].pattern,
                   {"H": str(hour), "HH": str(hour), "h": str((hour - 1) % 12 + 1), "mm": f"{minute:02}",
                    "a": "PM" if hour >= 12 else "AM"})


def _filled(pattern: str, parts: dict[str, str]) -> str:
    """Return a pattern of CLDR with its fields filled; what stands between quotes is text."""
    return _FIELD.sub(lambda found: found[1] if found[2] is None else parts[found[2]], pattern)
