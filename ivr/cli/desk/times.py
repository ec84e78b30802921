"""Moments as people type them: of this machine's time zone unless they name another."""

from datetime import datetime, time, timedelta

from ivr.cli.faults import UsageError
from ivr.desk.opening import now

_HOUR = 3600
_LATEST = datetime(9000, 1, 1).astimezone()
_DAYS = {"today": timedelta(0), "tomorrow": timedelta(1)}


def moment(text: str) -> int:
    """Return a moment in seconds since 1970, UTC.

    Parameters
    ----------
    text : str
        ``tomorrow 10:00``, ``2026-12-01 10:00``, or with a zone, ``2026-12-01T10:00+01:00``.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        read = _read(text.strip())
        if ":" not in text or not datetime.fromtimestamp(0).astimezone() <= read.astimezone() < _LATEST:
            raise ValueError(text)
        return int(read.astimezone().timestamp())
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{text!r} is no moment: write one as 'tomorrow 10:00' or '2026-12-01 10:00', or with a "
                         "zone as '2026-12-01T10:00+01:00'") from None


def _read(text: str) -> datetime:
    day, _, clock = text.lower().partition(" ")
    if day in _DAYS:
        date = datetime.fromtimestamp(now()).date() + _DAYS[day]
        return datetime.combine(date, time.fromisoformat(clock.strip()))
    return datetime.fromisoformat(text)


def next_hour() -> int:
    """Return the next full hour."""
    return (now() // _HOUR + 1) * _HOUR


def length(minutes: float) -> int:
    """Return a length in seconds.

    Raises
    ------
    UsageError
        If no meeting is so long.
    """
    if not 1 <= minutes <= 31 * 24 * 60:
        raise UsageError(f"--minutes {minutes:g} is no length of a meeting: it takes 1 to 44640")
    return round(minutes * 60)
