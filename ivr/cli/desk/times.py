"""Moments as people type them: of this machine's time zone unless they name another."""

from datetime import datetime

from ivr.cli.faults import UsageError
from ivr.live.opening import now

_HOUR = 3600
_LATEST = datetime(9000, 1, 1).astimezone()


def moment(text: str) -> int:
    """Return a moment in seconds since 1970, UTC.

    Parameters
    ----------
    text : str
        ``2026-12-01 10:00``, or with a zone, ``2026-12-01T10:00+01:00``.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        read = datetime.fromisoformat(text)
        if ":" not in text or not datetime.fromtimestamp(0).astimezone() <= read.astimezone() < _LATEST:
            raise ValueError(text)
        return int(read.astimezone().timestamp())
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{text!r} is no moment: write one as '2026-12-01 10:00', or with a zone as "
                         "'2026-12-01T10:00+01:00'") from None


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
